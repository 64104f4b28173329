"""What the tests of the pages of requests share: one at some point of its life, and its address."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import SupportRequest
from tests import fund
from tests.web.browse import Browser
from tests.web.somebody import in_unit


def latest() -> SupportRequest:
    """Return the request that was begun last."""
    return session().scalars(select(SupportRequest).order_by(SupportRequest.id.desc())).all()[0]


def request_at(app: Flask, make_one: Any, *args: Any, **changes: Any) -> str:
    """Bring a request to some point of its life, and return the address of its page."""

    def act() -> str:
        fund.set_up()
        made: SupportRequest = make_one(*args, **changes)
        return f"/fund/requests/{made.uid}"

    return str(in_unit(app, act))


def status(app: Flask) -> str:
    """Return how the request that was begun last stands."""
    return str(in_unit(app, lambda: latest().status))


def answer_no(browser: Browser, page: str) -> None:
    """Say that one knows nobody in a request."""
    browser.get(page)
    assert "Do you know these people?" in browser.text
    assert browser.post(f"{page}/declare", {"knows": "no"}).status_code == 303


def link(browser: Browser, under: str) -> str:
    """Return the first address on the page that begins like this, with one more part to it."""
    found = re.search(rf'href="({re.escape(under)}/[^"?/#]+)"', browser.page)
    assert found, under
    return found[1]
