"""Pages of the limits: what runs out, why, and who is held where."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.core.db import session
from hrdtracker.custody.people import people_in
from hrdtracker.incidents.model import Incident
from hrdtracker.people.drafts import PersonDraft
from hrdtracker.proceedings.clocks import reading
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.web.clocks import views
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.web.admin_pages import confirm_on_the_page
from tests.web.browse import Browser
from tests.web.case_pages import send
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
EVENING = ARRIVED + timedelta(hours=42, minutes=48)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    """Let it be five hours and twelve minutes before a custody of two days ends."""
    with time_machine.travel(EVENING, tick=False):
        yield


def held(app: Flask, *who: PersonDraft) -> Incident:
    """Record who was arrested, and that they arrived at the unit."""
    found: Incident = in_unit(app, lambda: held_now(*who))
    return found


def held_now(*who: PersonDraft) -> Incident:
    incident = arrested(*who)
    arrive(incident)
    return incident


def said(app: Flask, address: str, login: str = "monitor", language: str = "en") -> str:
    """Return what a page says to somebody."""
    browser = Browser(app, login)
    if language != "en":
        browser.post("/language", {"language": language, "back": "/"})
    assert browser.get(address).status_code == 200
    return browser.text


def clock_of(app: Flask) -> str:
    """Return the address of why the first custody ends."""
    query = select(Clock.uid).where(Clock.clock == "police_custody").limit(1)
    return f"/clocks/{in_unit(app, lambda: session().scalars(query).one())}"


def test_the_terms_of_a_bail_are_said_where_it_is_recorded_that_somebody_is_out(
    app: Flask,
) -> None:
    address = f"/cases/{in_unit(app, lambda: make.case_of(held_now(adult())).uid)}"
    browser = Browser(app, "monitor")
    browser.get(f"{address}/custody")
    stay = re.search(r'name="stays"[^>]*value="([0-9a-f]{32})"', browser.page)
    assert stay
    out = {"stays": stay[1], "what": "released_on_bail", "when": "today 03:00"}
    send(browser, f"{address}/custody", **out)
    looked = re.search(r'name="looked"[^>]*value="([0-9a-f]+)"', browser.page)
    assert looked
    token = re.search(r'name="submission_id"[^>]*value="([^"]+)"', browser.page)
    assert token
    sure = {**out, "looked": looked[1], "record": "1", "submission_id": token[1]}
    assert browser.post(f"{address}/custody", sure).status_code == 303
    browser.get(f"{address}/court")
    form = re.search(r"/cases/[0-9a-f-]+/custody/[0-9a-f-]+/bail", browser.page)
    assert form
    assert send(browser, form[0], bail="many", currency="USD") == 422
    assert send(browser, form[0], bail="500", currency="USD", conditions="Stays at home.") == 303
    browser.get(f"{address}/court")
    assert re.search(r"Bail: \S*500", browser.text.replace("\xa0", ""))
    assert "Stays at home." in browser.text


def test_what_was_done_for_those_held_is_typed_for_several_and_what_is_missing_is_said(
    app: Flask,
) -> None:
    def make_one() -> tuple[str, list[str]]:
        incident = arrested(adult(), adult("Demo B"))
        arrive(incident)
        case = make.case_of(incident)
        return f"/cases/{case.uid}", [row.uid.hex for row in people_in(case.scope_id)]

    address, stays = in_unit(app, make_one)
    browser = Browser(app, "monitor")
    browser.get(f"{address}/court")
    assert browser.text.count("No lawyer seen yet, 1 day 18 h since arrival") == 2
    form = f"{address}/custody/steps"
    assert send(browser, form, stays=stays) == 422
    assert "Write when at least one of these happened." in browser.text
    said = {"lawyer_seen": "today 03:00", "known_by": "lawyer"}
    assert send(browser, form, stays=stays[:1], **said) == 303
    browser.get(f"{address}/court")
    assert browser.text.count("No lawyer seen yet") == 1
    assert "Lawyer first seen" in browser.text
    browser.get(address)
    assert "When B. first saw a lawyer" in browser.text


def test_a_limit_says_how_long_is_left_for_whom_by_which_article_and_how_sure(app: Flask) -> None:
    held(app, adult("Demo A"), adult("Demo B"))
    text = said(app, "/clocks")
    assert "5 h 12 min left" in text
    assert "Police custody: A., B." in text
    assert "Code of Criminal Procedure 2007, art. 96" in text
    assert "Expected – check" in text
    assert "no lawyer checked it" in text


def test_the_first_page_shows_the_limits_of_the_next_hours(app: Flask) -> None:
    held(app, adult("Demo A"))
    assert "Police custody: A." in said(app, "/")
    with time_machine.travel(ARRIVED + timedelta(hours=1), tick=False):
        assert "Police custody: A." not in said(app, "/")


def test_every_step_of_a_limit_is_explained(app: Flask) -> None:
    held(app, adult("Demo A"))
    text = said(app, clock_of(app))
    for words in ("It begins", "48 hours", "they arrived at a police or gendarmerie unit"):
        assert words in text


def test_where_no_age_is_known_each_reading_stands_beside_the_others(app: Flask) -> None:
    held(app, PersonDraft())
    text = said(app, clock_of(app))
    assert "Missing: the age" in text
    assert "aged 14" in text
    assert "24 hours" in text
    assert "48 hours" in text


def test_once_the_end_has_passed_nobody_reads_that_it_is_over_until_a_lawyer_checked_it(
    app: Flask,
) -> None:
    held(app, adult("Demo A"))
    with time_machine.travel(ARRIVED + timedelta(hours=49), tick=False):
        browser = Browser(app, "monitor")
        browser.get("/clocks")
        assert "Still there? Extension seen?" in browser.text
        assert "Passed – check" not in browser.text
        asked = re.search(r"/clocks/[0-9a-f-]{36}/still-there", browser.page)
        assert asked
        assert browser.post(asked[0], {"rows": "1"}).status_code == 303
        text = said(app, "/clocks")
    assert "Passed – check" in text
    assert ">Over<" not in text


def test_an_extension_that_was_seen_is_recorded_from_the_first_page(app: Flask) -> None:
    held(app, adult("Demo A"))
    with time_machine.travel(ARRIVED + timedelta(hours=49), tick=False):
        browser = Browser(app, "monitor")
        browser.get("/")
        form = re.search(r"/clocks/[0-9a-f-]{36}/extension", browser.page)
        assert form
        assert send(browser, form[0]) == 422
        assert "When was it ordered?" in browser.text
        answer = {"ordered": "yesterday 10:00", "in_writing": "yes", "rows": "1"}
        assert send(browser, form[0], **answer) == 303


def test_the_page_of_a_case_says_where_everybody_is_since_when_and_how_we_know(app: Flask) -> None:
    case = in_unit(app, lambda: make.case_of(held_now(adult("Demo A"))).uid)
    text = said(app, f"/cases/{case}/court")
    for words in ("Sample unit", "A lawyer", "Police custody: A.", "5 h 12 min left"):
        assert words in text


def test_the_pages_speak_khmer(app: Flask) -> None:
    held(app, adult("Demo A"))
    assert "ការឃាត់ខ្លួន" in said(app, "/clocks", language="km")
    text = said(app, clock_of(app), language="km")
    assert "មាត្រា ៩៦" in text
    assert "៤៨ ម៉ោង" in text


def let_in(app: Flask, incident: Incident) -> None:
    """Let the legal officer follow the case."""

    def add() -> None:
        until = EVENING + timedelta(days=30)
        member = MemberDraft(make.user("legal").uid, "She follows the custody.", until)
        sharing.add_member(make.actor("director"), make.case_of(incident), member)

    in_unit(app, add)


def test_two_people_set_another_end_and_two_let_it_be_counted_again(app: Flask) -> None:
    let_in(app, held(app, adult("Demo A")))
    address, officer = clock_of(app), Browser(app, "legal")
    ends = (ARRIVED + timedelta(hours=44)).strftime("%d %B %Y %H:%M")
    send(officer, f"{address}/dispute", ends=ends, reason="The order names another hour.")
    assert send(officer, f"{address}/dispute/replace", reason="") == 422
    assert send(officer, f"{address}/dispute/replace", reason="paper_seen") == 303
    assert "Two people set this end" not in said(app, address)
    confirm_on_the_page(app, "director", "Another end of a limit")
    assert "Two people set this end" in said(app, address)
    officer.get(address)
    (again,) = re.findall(r'action="([^"]*/dispute/count)"', officer.page)
    assert officer.post(again).status_code == 303
    assert "Two people set this end" in said(app, address)
    confirm_on_the_page(app, "director", "A limit ends as it is counted again")
    assert "Two people set this end" not in said(app, address)


def test_a_legal_officer_says_another_end_and_everybody_reads_both_with_the_reason(
    app: Flask,
) -> None:
    let_in(app, held(app, adult("Demo A")))
    address, officer = clock_of(app), Browser(app, "legal")
    refused = {"ends": "some day", "reason": "The order names another hour."}
    assert send(officer, f"{address}/dispute", **refused) == 422
    assert "Write the day and the hour" in officer.text
    ends = (ARRIVED + timedelta(hours=44)).strftime("%d %B %Y %H:%M")
    assert send(officer, f"{address}/dispute", **{**refused, "ends": ends}) == 303
    text = said(app, address)
    assert "disputes this limit" in text
    assert "The order names another hour." in text
    assert "Disputed – ask a lawyer" in said(app, "/clocks")
    assert officer.post(f"{address}/dispute/end").status_code == 303
    assert "disputes this limit" not in said(app, address)


def test_what_ends_later_stands_on_the_next_page_and_every_limit_on_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LINES", 1)
    monkeypatch.setattr(reading, "LINES", 1)
    reading._statement.cache_clear()
    for number in range(3):
        held(
            app,
            adult(
                f"Demo {number}",
            ),
        )
    browser, found, address = Browser(app, "monitor"), list[str](), "/clocks"
    while address:
        browser.get(address)
        found += re.findall(r"/cases/[0-9a-f-]{36}/court|/clocks/[0-9a-f-]{36}", browser.page)
        later = re.search(r'href="([^"]*)"[^>]*>What ends later', browser.page)
        address = later[1].replace("&amp;", "&") if later else ""
    reading._statement.cache_clear()
    assert len(found) == len(set(found)) == 3
