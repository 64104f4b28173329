"""Two tabs, one record: the later sending reads what differs, and who it was."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.browse import Browser
from tests.web.case_pages import case
from tests.web.somebody import openings, somebody, version

pytestmark = pytest.mark.engines("sqlite")
Edited = tuple[Callable[[Flask], str], dict[str, str], str, str]
YOU, SOMEBODY = "You saved this yourself", "Somebody saved this after you opened it"
PANEL = re.compile(r'aria-labelledby="theirs">(.*?)</section>', re.DOTALL)
TERM = re.compile(r"<dt>\s*(.*?)\s*</dt>", re.DOTALL)


def incident(app: Flask) -> str:
    """Return the address of an incident that a monitor has logged."""
    sent = {"type": "arrest", "when": "16 November 2026", "narrative": "Two trucks came."}
    return Browser(app, "monitor").post("/incidents/new", sent).location


EDITED: list[Edited] = [
    (case, {"title": "Strike line"}, "title", "Title"),
    (incident, {"type": "arrest", "when": "16 November 2026"}, "narrative", "In your words"),
    (somebody, {"unit": "person", "age": "34"}, "remarks", "Remarks"),
]


def differing(browser: Browser) -> list[str]:
    """Return the fields that the page says differ."""
    panel = PANEL.search(browser.page)
    assert panel
    return TERM.findall(panel.group(1))


@pytest.mark.parametrize("edited", EDITED)
@pytest.mark.parametrize(("other", "said"), [("monitor", YOU), ("director", SOMEBODY)])
def test_what_differs_is_listed_alone_and_oneself_is_called_you(
    app: Flask, edited: Edited, other: str, said: str
) -> None:
    make_one, form, field, label = edited
    address = make_one(app) + "/edit"
    mine, theirs = Browser(app, "monitor"), Browser(app, other)
    sent = filled(mine, address) | form
    assert theirs.post(address, {**sent, field: "Theirs."}).status_code == 303
    read = len(openings(app))
    assert mine.post(address, {**sent, field: "Mine."}).status_code == 409
    assert len(openings(app)) > read, "what somebody else wrote was read without a line in the log"
    assert said in mine.text
    assert differing(mine) == [label]
    assert "Theirs." in mine.text


def test_where_both_say_the_same_the_page_says_so(app: Flask) -> None:
    address = case(app) + "/edit"
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    sent = {**filled(mine, address), "title": "Strike line"}
    assert theirs.post(address, sent).status_code == 303
    assert mine.post(address, sent).status_code == 409
    assert "Nothing differs from what you typed." in mine.text


def test_what_oneself_has_saved_already_is_said_to_be_saved(app: Flask) -> None:
    address = case(app) + "/edit"
    mine = Browser(app, "monitor")
    sent = {**filled(mine, address), "title": "Strike line"}
    assert mine.post(address, sent).status_code == 303
    assert mine.post(address, sent).status_code == 409
    assert "You have saved this already" in mine.text


def filled(browser: Browser, address: str) -> dict[str, str]:
    """Return what the form of a page would send: its version, and what is ticked in it."""
    seen = version(browser, address)
    ticked = re.findall(r'<input checked[^>]*name="([^"]+)"[^>]*value="([^"]*)"', browser.page)
    return {**dict(ticked), "version": seen}
