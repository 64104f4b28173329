"""Behind TLS, in a real browser: what it sends of itself is what our checks ask for."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import BaseWSGIServer, make_server

from config import Settings
from hrdtracker.accounts import passwords
from hrdtracker.app import create_app
from hrdtracker.core.keyfile import RootKey
from tests.conftest import close

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def site(given: Settings, root: RootKey) -> Iterator[str]:
    """Serve the application as if a server with TLS stood in front of it; return its address."""
    made: list[Flask] = []

    def in_front(environ: dict[str, Any], start: Any) -> Any:
        told = {"PROTO": "https", "FOR": "10.1.2.3", "HOST": environ["HTTP_HOST"]}
        environ.update({f"HTTP_X_FORWARDED_{name}": value for name, value in told.items()})
        return made[0](environ, start)

    server: BaseWSGIServer = make_server(
        "127.0.0.1", 0, in_front, threaded=True, ssl_context="adhoc"
    )
    address = f"https://127.0.0.1:{server.server_port}"
    made.append(create_app(replace(given, tls=True, trusted_proxies=1, url=address), root))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
    with made[0].app_context():
        close(made[0])


def test_somebody_signs_in_and_changes_the_language(
    site: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matches", lambda _hash, password: password == "right")
    window = chromium.new_context(base_url=site, ignore_https_errors=True)
    page = window.new_page()
    page.goto("/login")
    page.get_by_label("User name").fill("monitor")
    page.get_by_label("Password").fill("right")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/")
    page.get_by_role("button", name="ខ្មែរ").click()
    page.wait_for_selector("html[lang=km]")
    kept = {cookie["name"]: cookie for cookie in window.cookies()}
    assert {"__Host-day", "__Host-known", "__Host-seed"} <= set(kept)
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in kept.values())
    assert kept["__Host-known"]["sameSite"] == "Strict"
    window.close()
