"""What is done to a case through its forms: changed, closed, shared, worked on."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Scope
from hrdtracker.cases import service
from hrdtracker.cases.drafts import CaseDraft
from hrdtracker.cases.model import Case, FollowUp
from hrdtracker.core import clock
from hrdtracker.core.db import session
from tests import make
from tests.web.admin_pages import confirm_on_the_page
from tests.web.browse import Browser
from tests.web.case_pages import LAND, case, hidden, row, send
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


# --- changing ------------------------------------------------------------------------------------


def test_the_areas_and_the_next_look_are_changed(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    sent = send(
        browser,
        f"{address}/edit",
        title="Strike line",
        areas=[LAND],
        next_look_on="in 3 months",
    )
    assert sent == 303
    browser.get(address)
    assert "<h1>Strike line</h1>" in browser.page
    assert "Land and natural resources" in browser.text
    assert "Look at it again" in browser.text


def test_a_stale_save_shows_both_versions_and_loses_neither(app: Flask) -> None:
    address = case(app)
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    mine.get(f"{address}/edit")
    seen = hidden(mine, "version")
    assert send(theirs, f"{address}/edit", title="Their title", areas=[LAND]) == 303
    answer = mine.post(f"{address}/edit", {"version": seen, "title": "My title"})
    assert answer.status_code == 409
    assert "Saved meanwhile" in mine.text
    assert "Their title" in mine.text
    assert 'value="My title"' in mine.page
    assert "Land and natural resources" in mine.text
    fresh = hidden(mine, "version")
    assert fresh != seen
    again = mine.post(f"{address}/edit", {"version": fresh, "title": "My title", "areas": [LAND]})
    assert again.status_code == 303
    mine.get(address)
    assert "<h1>My title</h1>" in mine.page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "x" * 201, "200"),
        ("title", "a\0b", "characters that cannot be kept"),
        ("next_look_on", "soonish", "Write one day"),
        ("next_look_on", "16 November 2020", "This day is past"),
        ("areas", "invented", "not in the list"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence_beside_its_field(
    app: Flask, field: str, typed: str, said: str
) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    assert send(browser, f"{address}/edit", **{"title": "Kept words", field: typed}) == 422
    assert said in browser.text
    assert in_unit(app, lambda: Case.title.ciphertext(row(address))) is None


def test_a_next_look_that_is_past_does_not_stop_another_change(app: Flask) -> None:
    address = case(app)

    def plan() -> None:
        found = row(address)
        draft = CaseDraft(next_look_on=date(2020, 1, 1))
        service.edit_case(make.actor("monitor"), found, draft, found.version)

    in_unit(app, plan)
    browser = Browser(app, "monitor")
    browser.get(f"{address}/edit")
    assert (
        send(
            browser,
            f"{address}/edit",
            title="New title",
            next_look_on=hidden(browser, "next_look_on"),
        )
        == 303
    )


# --- closing -------------------------------------------------------------------------------------


def test_a_case_is_closed_and_opened_again(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    closing = {"outcome": "resolved", "reason": "All is settled.", "areas": [LAND]}
    assert send(director, f"{address}/close", **closing) == 303
    director.get(address)
    assert "This case is closed: Resolved" in director.text
    assert "All is settled." in director.text
    assert director.get(f"{address}/close").status_code == 409
    assert send(director, f"{address}/reopen") == 303
    director.get(address)
    assert "Reopened" in director.text


def test_closing_without_an_area_is_refused_beside_the_field(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    assert send(director, f"{address}/close", outcome="released", reason="All is settled.") == 422
    assert "at least one area" in director.text
    assert 'id="areas-error"' in director.page
    assert "All is settled." in director.text


def test_a_decision_about_an_older_version_comes_back_filled(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    director.get(f"{address}/close")
    assert "saved this" not in director.text
    sent = {"outcome": "resolved", "reason": "All is settled.", "areas": [LAND]}
    for login, words in (("monitor", "Somebody saved this"), ("director", "You saved this")):
        sent["version"] = hidden(director, "version")
        send(Browser(app, login), f"{address}/edit", title=f"New title of {login}")
        assert director.post(f"{address}/close", sent).status_code == 409
        assert words in director.text
        assert "All is settled." in director.text
    sent["version"] = hidden(director, "version")
    assert director.post(f"{address}/close", sent).status_code == 303


# --- tasks and follow-ups ------------------------------------------------------------------------


def test_a_task_is_added_for_a_colleague_and_marked_as_done(app: Flask) -> None:
    address = case(app)
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    chosen = in_unit(app, lambda: make.user("director").uid.hex)
    task = {"what": "Call the family of A.", "due_on": "tomorrow", "assignee": chosen}
    assert send(monitor, f"{address}/tasks/new", **task) == 303
    director.get(address)
    assert "Call the family of A." in director.text
    done = re.search(r'action="([^"]+/done)"', director.page)
    assert done
    assert director.post(done[1]).status_code == 303
    director.get(address)
    assert "/done" not in director.page
    assert director.post(done[1]).status_code == 409


def test_only_who_can_open_the_case_is_offered_for_a_task(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get(f"{case(app)}/tasks/new")
    offered = set(re.findall(r'<option[^>]*value="\w+">([^<]+)<', browser.page))
    assert offered == {"Director", "Director2", "Monitor", "National"}


def test_a_follow_up_of_the_past_and_a_planned_one_stand_on_the_timeline(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    path = f"{address}/follow-ups/new"
    assert send(browser, path, kind="visit", when="yesterday 11:20", note="Turned away.") == 303
    coming = (clock.now() + timedelta(days=20)).strftime("%Y-%m-%d")
    assert send(browser, path, kind="court", when=coming) == 303
    browser.get(address)
    before, after = browser.text.split("Now, ", 1)
    assert "At court" in before
    assert "Visit Turned away." in after
    rows = in_unit(app, lambda: session().scalars(select(FollowUp).order_by(FollowUp.id)).all())
    assert [each.timed for each in rows] == [True, False]


@pytest.mark.parametrize("when", ["", "about noon", "March", "12 to 14 March", "x" * 400])
def test_a_follow_up_needs_a_day_or_an_hour(app: Flask, when: str) -> None:
    browser = Browser(app, "monitor")
    assert send(browser, f"{case(app)}/follow-ups/new", kind="visit", when=when) == 422
    assert "when-error" in browser.page


def test_a_day_is_read_back_while_it_is_typed(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/cases")
    browser.post("/cases/read/day", {"due_on": "1 January 2030"})
    assert "Tuesday 1 January 2030" in browser.text
    browser.post("/cases/read/day", {"ends_on": "soonish"})
    assert "no single day" in browser.text
    browser.post("/cases/read/moment", {"when": "1 January 2030 08:30"})
    assert "08:30" in browser.text


# --- who may open it -----------------------------------------------------------------------------


def test_a_director_gives_access_takes_it_and_shuts_out(app: Flask) -> None:
    address = case(app, "monitor")
    director, colleague = Browser(app, "director"), Browser(app, "colleague")
    chosen = in_unit(app, lambda: make.user("colleague").uid.hex)
    member = {"user": chosen, "reason": "Knows the family", "ends_on": "in 1 month"}
    assert colleague.get(address).status_code == 404
    assert send(director, f"{address}/members/new", **member) == 303
    assert colleague.get(address).status_code == 200
    director.get(f"{address}/access")
    assert "Knows the family" in director.text
    end = re.search(r'action="([^"]+/members/[^"]+/end)"', director.page)
    assert end
    assert director.post(end[1]).status_code == 303
    assert colleague.get(address).status_code == 404
    monitor = in_unit(app, lambda: make.user("monitor").uid.hex)
    shut = {"user": monitor, "reason": "A cousin of the accused", "ends_on": "in 1 month"}
    assert send(director, f"{address}/blocks/new", **shut) == 303
    assert Browser(app, "monitor").get(address).status_code == 404
    director.get(f"{address}/access")
    let_in = re.search(r'action="([^"]+/blocks/[^"]+/end)"', director.page)
    assert let_in
    assert director.post(let_in[1]).status_code == 303
    assert Browser(app, "monitor").get(address).status_code == 200


def test_a_director_assigns_the_case_and_makes_it_secret(app: Flask) -> None:
    address = case(app, "monitor")
    director = Browser(app, "director")
    chosen = in_unit(app, lambda: make.user("colleague").uid.hex)
    assert send(director, f"{address}/assign", owner=chosen) == 303
    assert Browser(app, "colleague").get(address).status_code == 200
    assert Browser(app, "monitor").get(address).status_code == 404
    assert send(director, f"{address}/sensitivity", sensitivity="secret") == 303
    assert Browser(app, "national").get(address).status_code == 404
    director.get(address)
    assert "Secret" in director.text


def test_who_may_open_a_case_says_what_of_it_waits_for_a_second_person(app: Flask) -> None:
    address = case(app, "monitor")
    director = Browser(app, "director")
    assert "second person" not in director.get(f"{address}/access").text
    assert send(director, f"{address}/sensitivity", sensitivity="restricted") == 303
    colleague = in_unit(app, lambda: make.user("colleague").uid.hex)
    shut = {"user": colleague, "reason": "A cousin of the accused", "ends_on": "in 1 month"}
    assert send(director, f"{address}/blocks/new", **shut) == 303
    access = director.get(f"{address}/access").text
    assert access.count("Unless somebody confirms it, it ends") == 2
    for title in ("is shut out of a case", "A case is for fewer people"):
        confirm_on_the_page(app, "monitor", title)
    assert "it ends" not in director.get(f"{address}/access").text
    assert send(director, f"{address}/sensitivity", sensitivity="normal") == 303
    access = director.get(f"{address}/access").text
    assert (
        access.count("A change waits for a second person. Without a second person it lapses") == 1
    )


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("assign", {"owner": ""}),
        ("assign", {"owner": "nobody"}),
        ("sensitivity", {"sensitivity": "top"}),
        ("members/new", {"user": "x", "reason": "Why", "ends_on": "in 1 month"}),
        ("members/new", {"user": str(uuid4()), "reason": "Why", "ends_on": "in 1 month"}),
        ("members/new", {"user": str(uuid4()), "reason": "Why", "ends_on": "yesterday"}),
        ("blocks/new", {"user": "", "reason": "", "ends_on": "in 1 month"}),
        ("tasks/new", {"what": "Call", "assignee": "x"}),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(
    app: Flask, page: str, sent: dict[str, str]
) -> None:
    director = Browser(app, "director")
    assert send(director, f"{case(app)}/{page}", **sent) == 422
    assert "Something needs correcting" in director.text


def test_office_owner_and_status_are_never_taken_from_the_request(app: Flask) -> None:
    address = case(app, "monitor")
    stranger = in_unit(app, lambda: make.user("stranger").id)
    forged = {
        "title": "Title",
        "status": "closed",
        "owner_id": str(stranger),
        "owner": str(stranger),
        "office_id": "2",
        "sensitivity": "secret",
    }
    assert send(Browser(app, "monitor"), f"{address}/edit", **forged) == 303

    def look() -> tuple[str, int, str]:
        found = row(address)
        scope = session().get_one(Scope, found.scope_id)
        return (found.status, scope.owner_id, scope.sensitivity)

    assert in_unit(app, look) == ("open", in_unit(app, lambda: make.user("monitor").id), "normal")


def test_whoever_is_shut_out_asks_and_the_national_director_reads_it(app: Flask) -> None:
    case = in_unit(app, lambda: make.case_of(make.incident("monitor")).uid)
    director2 = in_unit(app, lambda: make.user("director2").uid.hex)
    shut = {"user": director2, "reason": "A cousin of the accused", "ends_on": "in 1 month"}
    assert send(Browser(app, "director"), f"/cases/{case}/blocks/new", **shut) == 303
    asking = Browser(app, "director2")
    page = asking.get("/confirmations").text
    assert "A cousin" not in page
    (address,) = re.findall(r"/confirmations/shut-out/[0-9a-f-]+", page)
    assert send(asking, address, words="") == 422
    assert send(asking, address, words="We only share a name") == 303
    page = asking.get("/confirmations").text
    assert "You have asked" in page
    assert page.count("Director2 asks to open a case again") == 1
    assert "We only share a name" in Browser(app, "national").get("/confirmations").text
    assert "We only share a name" not in Browser(app, "second").get("/confirmations").text
    assert asking.get(f"/cases/{case}").status_code == 404
    confirm_on_the_page(app, "national", "Director2 asks to open a case again")
    assert Browser(app, "director2").get(f"/cases/{case}").status_code == 200
