"""Two tabs, one record: the later sending reads what differs, and who it was."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from hrdtracker.core.errors import DomainError, Refused, Stale, WrongStatus
from hrdtracker.forms.difference import NOT_SHOWN, differences
from hrdtracker.forms.fund.requests.request import BasicsForm
from hrdtracker.forms.incidents.log import EditForm
from hrdtracker.forms.sample import SampleForm
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import Conflict
from tests.web.browse import Browser, page_open
from tests.web.case_pages import LAND, case
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


def test_a_choice_that_differs_is_said_in_words(app: Flask) -> None:
    address = case(app) + "/edit"
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    sent = {**filled(mine, address), "title": "Strike line"}
    assert theirs.post(address, {**sent, "areas": [LAND]}).status_code == 303
    assert mine.post(address, sent).status_code == 409
    panel = PANEL.search(mine.page)
    assert panel
    assert "Land and natural resources" in panel[1]


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


@pytest.mark.parametrize("field", ["who", "payee_details", "payee_name", "beneficiary_name"])
def test_what_is_typed_into_a_field_that_never_shows_what_is_kept_is_not_called_saved(
    app: Flask, field: str
) -> None:
    kind, values = (EditForm, {"narrative": ""}) if field == "who" else (BasicsForm, {"need": ""})
    with app.test_request_context(), force_locale("en"):
        typed = kind(MultiDict({field: "Canary 012 345"}))
        (difference,) = differences(typed, kind(None, **values), values)
        assert difference == (str(typed[field].label.text), NOT_SHOWN)
        assert not Conflict(by_reader=True, differences=[difference]).is_stored


def test_people_added_in_a_second_tab_are_not_lost_where_all_else_was_saved_in_the_first(
    app: Flask,
) -> None:
    address = incident(app) + "/edit"
    browser = Browser(app, "monitor")
    sent = {**filled(browser, address), "type": "arrest", "when": "16 November 2026"}
    assert browser.post(address, sent).status_code == 303
    assert browser.post(address, {**sent, "who": "Canary Added, F, 30"}).status_code == 409
    assert "You have saved this already" not in browser.text
    assert "Canary Added, F, 30" in browser.page


def filled(browser: Browser, address: str) -> dict[str, str]:
    """Return what the form of a page would send: its version, and what is ticked in it."""
    seen = version(browser, address)
    ticked = re.findall(r'<input checked[^>]*name="([^"]+)"[^>]*value="([^"]*)"', browser.page)
    return {**dict(ticked), "version": seen}


@pytest.mark.parametrize(
    ("error", "status", "is_overtaken", "reasons"),
    [
        (None, 303, None, []),
        (Refused({"": "Why not."}), 200, False, ["Why not."]),
        (Stale("Overtaken."), 409, True, []),
        (WrongStatus("Closed."), 409, False, ["Closed."]),
    ],
)
def test_a_form_is_done_or_comes_back_and_says_whether_somebody_else_was_first(
    pages: Flask,
    error: DomainError | None,
    status: int,
    reasons: list[str],
    *,
    is_overtaken: bool | None,
) -> None:
    shown: list[bool] = []

    def act() -> tuple[str, str]:
        if error:
            raise error
        return "Done.", "/cases"

    def show(late: Stale | None) -> Response:
        shown.append(late is not None)
        return Response("the form")

    with page_open(pages, method="POST"):
        form = SampleForm(kind="yes", area="land")
        answer = carry_out(form, act, show)
    assert (answer.status_code, form.form_errors) == (status, reasons)
    assert shown == ([] if is_overtaken is None else [is_overtaken])
