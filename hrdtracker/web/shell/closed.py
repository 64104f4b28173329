"""What is answered while everything is locked: one calm page in both languages, without any key."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, g

from config import Settings
from hrdtracker.core.lock_file import LockFile
from hrdtracker.web.shell import headers

PAGE = Path(__file__).with_suffix(".html").read_bytes()
FONT = "/static/vendor/noto-sans-khmer/noto-sans-khmer-khmer-400-normal.woff2"
"""The one other thing that is answered: not every desk has Khmer letters."""
STYLE = PAGE.partition(b"<style>")[2].partition(b"</style>")[0]
RETRY_S = 60


@dataclass(frozen=True)
class Premises:
    """What lies beside an instance and says whether it is locked, and who opens it."""

    lock_file: LockFile
    key_file: Path


def closed_page(*, tls: bool) -> WSGIApplication:
    """Return an application that answers everything with the one page."""
    font = (Path(__file__).parents[2] / FONT.lstrip("/")).read_bytes()
    own = {
        **headers.of_every_answer(tls=tls),
        "Content-Security-Policy": _policy(),
        "Cache-Control": headers.NEITHER_KEPT_NOR_PACKED,
        "Retry-After": str(RETRY_S),
    }

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_font = environ["PATH_INFO"] == FONT
        status = "200 OK" if is_font else "503 Service Unavailable"
        kind, body = ("font/woff2", font) if is_font else ("text/html; charset=utf-8", PAGE)
        sent = {**own, "Content-Type": kind, "Content-Length": str(len(body))}
        start_response(status, list(sent.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def set_up(app: Flask, settings: Settings) -> None:
    """Answer nothing else from the moment when everything is locked, until the process ends."""
    premises = Premises(LockFile(settings.lock_file), settings.key_file)
    pages, closed = app.wsgi_app, closed_page(tls=settings.tls)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (closed if premises.lock_file.is_there else pages)(environ, start_response)

    @app.before_request
    def know_the_premises() -> None:
        g.premises = premises

    app.wsgi_app = answer  # type: ignore[method-assign]


def _policy() -> str:
    """Allow the page its own style, known by its digest, and its font."""
    digest = base64.b64encode(sha256(STYLE).digest()).decode()
    others = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; font-src 'self'; {others}"
