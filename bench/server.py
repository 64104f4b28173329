"""The measured server: the application as `hrdtracker serve` runs it, or an empty page beside it.

Each answer says in a header how many statements it cost, which the real server never does.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import local
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from bench.load import application
from config import Settings
from hrdtracker.cli import listening

HOST = "127.0.0.1"
HEADER = "X-Statements"
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_asked = local()


def count(app: Application) -> Application:
    """Return the application with a header that says how many statements an answer cost."""

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _asked.statements = 0

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, (HEADER, str(_asked.statements))], *more)

        return app(environ, begin)

    return counted


def _count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if not statement.startswith(NOT_COUNTED):
        _asked.statements = getattr(_asked, "statements", 0) + 1


def hello() -> Flask:
    """Return an application with one page that says nothing."""
    app = Flask("hello", static_folder=None)
    app.add_url_rule("/", view_func=lambda: "")
    return app


def main(folder: str = "", database_url: str = "") -> None:
    """Serve the instance in a folder, or an empty page, on a free port, which is printed."""
    settings = Settings(Path(folder), database_url, worker=bool(folder))
    app = application(settings) if folder else hello()
    app.wsgi_app = count(app.wsgi_app)  # type: ignore[assignment, method-assign]
    event.listen(Engine, "before_cursor_execute", _count)
    held = listening.claim(HOST, 0)
    listening.listen(app, held, settings, lambda: print(held.getsockname()[1], flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
