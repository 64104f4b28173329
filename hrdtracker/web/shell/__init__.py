"""What stands around every page: who is here, what the page needs, language, headers, errors."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import scoped_session
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from hrdtracker.core.seal import Vault
from hrdtracker.web.shell import (
    background,
    closed,
    context,
    errors,
    headers,
    hosts,
    identity,
    passkey_site,
    people,
    proof_due,
    request_guard,
)
from hrdtracker.web.shell.application import Application

__all__ = ["LARGEST_FORM", "Application", "flask_settings", "set_up"]
LARGEST_FORM = 2 * 1024 * 1024


def flask_settings(settings: Settings, vault: Vault) -> dict[str, object]:
    """Return Flask's own settings for an instance."""
    return {
        "SECRET_KEY": vault.derive("cookies").hex(),
        "SESSION_COOKIE_NAME": "__Host-seed" if settings.tls else "seed",
        "SESSION_COOKIE_SECURE": settings.tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # who sent a form, its origin says; no referrer is needed
        "BABEL_DEFAULT_LOCALE": "en",
    }


def set_up(app: Flask, settings: Settings, opened: scoped_session[Any], vault: Vault) -> None:
    """Set up everything around the pages, in the order in which a request meets it."""
    headers.set_up(app, tls=settings.tls)
    hosts.set_up(app, settings.names)
    identity.set_up(app, tls=settings.tls)
    background.set_up(app)
    passkey_site.set_up(app, settings.url)
    proof_due.set_up(app)
    request_guard.set_up(app, opened, settings.url)
    errors.set_up(app)
    context.set_up(app, demo=vault.demo, sends_mail=settings.mail is not None)
    people.set_up(app)
    count = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    closed.set_up(app, settings)
