"""The browser of the tests reaches this machine and nothing else."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from tests.browser_process import launch

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """A file server that prints nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><h1>ភ្នំពេញ</h1>", encoding="utf-8"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = launch(playwright)
    yield opened
    opened.close()


def test_a_page_of_this_machine_opens(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    expect(page.get_by_role("heading")).to_have_text("ភ្នំពេញ")


# Both lead to this very machine, so nothing but the closed door keeps the browser from asking.
@pytest.mark.parametrize("host", ["127.0.0.2"])
def test_any_other_host_is_closed(browser: Browser, address: str, host: str) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser.new_page().goto(address.replace("127.0.0.1", host))
