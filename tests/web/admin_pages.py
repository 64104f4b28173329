"""What the tests of the administrators' pages share: a look at what a page left behind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from hrdtracker.core.db import unit_of_work
from tests import make
from tests.web.browse import Browser

LOOKS = re.compile(r'href="(/rules/proposed/[0-9a-f-]+)"')
SEEN = re.compile(r'name="seen" value="(\d+)"')
CONFIRMS = re.compile(r'action="(/confirmations/[0-9a-f-]+/confirm)"')


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Look at the database as a command would."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield


def confirm_on_the_page(app: Flask, login: str, sentence: str) -> None:
    """Press *Confirm* beside a sentence on the page of what takes two."""
    browser = Browser(app, login)
    browser.get("/confirmations")
    _, there, below = browser.page.partition(sentence)
    assert there, sentence
    assert browser.post(CONFIRMS.findall(below)[0]).status_code == 303


def confirm_having_looked(app: Flask, login: str, sentence: str) -> str:
    """Confirm a change of the law on the page that says what it would move; return that page."""
    browser = Browser(app, login)
    browser.get("/confirmations")
    _, below = browser.page.split(sentence)
    browser.get(LOOKS.findall(below)[0])
    page, seen = browser.page, {"seen": SEEN.findall(browser.page)[0]}
    assert browser.post(CONFIRMS.findall(page)[0], seen).location == "/confirmations"
    return page
