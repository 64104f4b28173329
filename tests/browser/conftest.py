"""A real browser on a real server, with the cast signed in."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from waitress import wasyncore
from waitress.server import create_server

from hrdtracker.accounts import sessions
from hrdtracker.core.db import unit_of_work
from tests import make
from tests.browser_process import launch

WIDTHS = {"phone": (360, 740), "desk": (1280, 900)}
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start one browser for all tests of this process."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the application as `hrdtracker serve` does; return its address.

    Its sockets are closed by the thread that waits on them: another one would fail its `select`.
    """
    sockets: dict[int, wasyncore.dispatcher] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown()
    with contextlib.suppress(OSError):  # the thread woke before, and has closed it
        server.trigger.pull_trigger(partial(wasyncore.close_all, sockets))
    thread.join(timeout=5)
    assert not thread.is_alive()


@pytest.fixture
def visit(app: Flask, site: str, chromium: Browser) -> Iterator[Visit]:
    """Return a function that opens a browser window of somebody: login, width, language."""
    windows = []

    def open_window(login: str | None, width: str = "phone", language: str = "en") -> Page:
        size = WIDTHS[width]
        window = chromium.new_context(
            base_url=site,
            viewport={"width": size[0], "height": size[1]},
            extra_http_headers={"Accept-Language": language},
        )
        windows.append(window)
        if login:
            with app.app_context(), unit_of_work(make.open_session(app)):
                token = sessions.begin(make.user(login), "Browser test")
            window.add_cookies([{"name": "day", "value": token, "url": site}])
        page = window.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        page.faults = faults  # type: ignore[attr-defined]
        return page

    yield open_window
    for window in windows:
        window.close()
