"""The list for tonight: who is read to a prosecutor, their word about it, and the sheet."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.accounts import sessions
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.custody.told import PlaceOfStay
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import ConsentStatement, CountingUnit, Person
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.web.browse import Browser
from tests.web.somebody import in_unit, openings, statements

pytestmark = pytest.mark.engines("sqlite")
EVENING = ARRIVED + timedelta(hours=42, minutes=48)
BACK = re.compile(r'name="back"\s+value="([^"]*)"')
PAGE, TICKS, NAMES = "/clocks/tonight", "/clocks/tonight/ticks", "/clocks/tonight/names"
NAME = re.compile(r"Demo [A-Z]\w+")
SHEET = re.compile(r'<article class="paper.*?</article>', re.DOTALL)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    """Let it be five hours and twelve minutes before a custody of two days ends."""
    with time_machine.travel(EVENING, tick=False):
        yield


def held(app: Flask, *who: PersonDraft, known_by: str | None = "lawyer") -> None:
    """Record who was arrested, that they arrived at the unit, and how we know."""

    def record() -> None:
        incident = arrested(*who)
        stays = arrive(incident)
        with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
            for row in stays:
                custody.hold(row, PlaceOfStay("Sample unit"))
                row.known_by = known_by

    in_unit(app, record)


def keys(browser: Browser) -> list[str]:
    """Return what ticks each who may be ticked on the page that is open."""
    return re.findall(r'type="checkbox" name="row" value="([0-9a-f]{32})"', browser.page)


def answered(browser: Browser) -> list[str]:
    """Return under which name the answer of each who can be asked is sent."""
    return re.findall(r'name="(answer-[0-9a-f]{32})"', browser.page)


def opened(app: Flask, login: str = "director") -> Browser:
    browser = Browser(app, login)
    assert browser.get(PAGE).status_code == 200
    return browser


def sheet(browser: Browser) -> str:
    """Return what the sheets on a page say."""
    found = " ".join(SHEET.findall(browser.page))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def answers(app: Flask) -> list[tuple[str, str]]:
    """Return what is on record of what people answered."""
    query = select(ConsentStatement).order_by(ConsentStatement.id)
    rows = in_unit(app, lambda: session().scalars(query).all())
    return [(row.answer, row.given_by) for row in rows]


# --- who is on it ---------------------------------------------------------------------------------


def test_only_who_is_ticked_stands_on_the_sheet_and_no_name_and_no_code(app: Flask) -> None:
    held(app, adult("Demo Kane"), adult("Demo Saru"), adult("Demo Nati"))
    browser = opened(app)
    assert "0 of 3 ticked" in browser.text
    assert sheet(browser) == ""
    browser.post(TICKS, {"row": keys(browser)[:2]})
    for words in ("2 people who are held now", "Sample unit", "Police custody", "96*"):
        assert words in sheet(browser)
    assert not NAME.search(browser.text)
    assert not re.search(r"[A-Z]{3}-2026-", sheet(browser))


def test_whoever_is_held_in_two_cases_is_counted_once(app: Flask) -> None:
    def record() -> None:
        (first,) = arrive(arrested(adult("Demo A")))
        person = session().get_one(Person, first.person_id)
        day = When.day(ARRIVED.date(), make.ZONE)
        arrive(make.incident(occurred=day, victims=(Victim(known=person.uid),), type="arrest"))

    in_unit(app, record)
    browser = opened(app)
    assert len(keys(browser)) == 2
    assert "0 of 1 ticked" in browser.text
    browser.post(TICKS, {"row": keys(browser)})
    assert "1 of 1 ticked" in browser.text


def test_whoever_was_released_or_escaped_is_not_on_it(app: Flask) -> None:
    held(app, adult("Demo Kane"), adult("Demo Saru"))
    browser = opened(app)
    ticked = keys(browser)

    def escape() -> None:
        incident = make.case_of(arrested(adult("Demo Other")))
        rows = session().scalars(select(Stay)).all()
        with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=incident):
            custody.end(rows[0], "escaped")

    in_unit(app, escape)
    browser.post(TICKS, {"row": ticked})
    assert "1 person who is held now" in sheet(browser)


def test_what_others_may_not_read_is_on_no_list_of_theirs(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    key = keys(opened(app))
    stranger = opened(app, "stranger")
    assert "No limit ends by 24:00" in stranger.text
    stranger.post(TICKS, {"row": key, "everybody": "yes-person"})
    assert sheet(stranger) == ""
    assert answers(app) == []


def test_the_sheet_shows_the_weakest_of_how_we_know_it(app: Flask) -> None:
    held(app, adult("Demo Kane"), known_by="document")
    held(app, adult("Demo Saru"), known_by="press")
    browser = opened(app)
    browser.post(TICKS, {"row": keys(browser)})
    assert "The press reported it" in sheet(browser)
    assert "A document says so" not in sheet(browser)
    held(app, adult("Demo Nati"), known_by=None)
    browser.get(PAGE)
    browser.post(TICKS, {"row": keys(browser)})
    assert "Nobody said how" in sheet(browser)


def test_an_article_is_named_only_where_its_text_was_read(app: Flask) -> None:
    held(app, PersonDraft((NameDraft("Demo Kane"),), age=15, age_on=date(2026, 11, 1)))
    browser = opened(app)
    browser.post(TICKS, {"row": keys(browser)})
    assert "1 person, under 18" in sheet(browser)


def test_the_sheet_is_printed_in_either_language_or_in_both(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    key = keys(browser)
    browser.post(TICKS, {"row": key, "language": "both"})
    khmer, english = SHEET.findall(browser.page)
    assert 'lang="km"' in khmer
    assert "ការឃាត់ខ្លួន" in khmer
    assert "Police custody" in english
    assert "Who is read out" in browser.text, "the page itself stays in the reader’s language"
    browser.post(TICKS, {"row": key, "language": "km"})
    assert "ការឃាត់ខ្លួន" in sheet(browser)
    assert "Police custody" not in sheet(browser)


def test_forty_people_cost_as_many_statements_as_two(app: Flask) -> None:
    held(app, *(adult(f"Demo {number}") for number in range(2)))
    browser = opened(app)
    few = statements(lambda: browser.get(PAGE))
    held(app, *(adult(f"Demo {number}") for number in range(38)))
    assert statements(lambda: browser.get(PAGE)) == few


# --- their word about it --------------------------------------------------------------------------


def test_what_somebody_answers_is_kept_as_they_are_ticked_with_who_asked_and_when(
    app: Flask,
) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    assert "Not asked" in browser.text
    sent = {"row": keys(browser), answered(browser)[0]: "yes-lawyer"}
    browser.post(TICKS, sent)
    assert "Yes: they said so to their lawyer" in browser.text
    row = in_unit(app, lambda: session().scalars(select(ConsentStatement)).one())
    assert row.asked_by_id == in_unit(app, lambda: make.user("director").id)
    assert row.given_on == EVENING.astimezone(make.ZONE).date()
    browser.post(TICKS, sent)
    assert answers(app) == [("yes", "lawyer")], "sent once more, it is not said twice"


def test_one_answer_for_all_is_for_those_ticked_who_were_not_asked(app: Flask) -> None:
    held(app, adult("Demo Kane"), adult("Demo Saru"), adult("Demo Nati"))
    browser = opened(app)
    first, second, third = keys(browser)
    browser.post(TICKS, {"row": [first], f"answer-{first}": "no-person"})
    browser.post(TICKS, {"row": [first, second], "everybody": "yes-lawyer"})
    assert answers(app) == [("no", "person"), ("yes", "lawyer")]
    assert third in keys(browser)


def test_who_said_no_cannot_be_ticked_not_even_as_a_number(app: Flask) -> None:
    held(app, adult("Demo Kane"), adult("Demo Saru"))
    browser = opened(app)
    first, second = keys(browser)
    browser.post(TICKS, {"row": [first, second], f"answer-{first}": "no-family"})
    assert keys(browser) == [second]
    assert "Never read out" in browser.text
    assert "1 person who is held now" in sheet(browser)
    browser.post(TICKS, {"row": [first, second]})
    assert "1 person who is held now" in sheet(browser)


def test_what_is_no_answer_is_not_kept(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    key = keys(browser)[0]
    sent = {"row": [key, "x"], f"answer-{key}": "yes-police", "everybody": "maybe", "language": "x"}
    assert browser.post(TICKS, sent).status_code == 200
    assert answers(app) == []


def test_whoever_changes_the_language_of_an_answer_is_led_to_the_list(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    key = keys(browser)[0]
    for path in (TICKS, NAMES):
        browser.post(path, {"row": [key]})
        assert BACK.findall(browser.page) == [PAGE]


# --- names ----------------------------------------------------------------------------------------


def test_names_stand_on_the_sheet_only_on_request_and_only_of_who_said_yes(app: Flask) -> None:
    child = PersonDraft((NameDraft("Demo Child"),), age=15, age_on=date(2026, 11, 1))
    held(app, adult("Demo Kane"), adult("Demo Saru"), adult("Demo Nati"), child)
    browser = opened(app)
    young, kane, saru, nati = keys(browser)
    said = {f"answer-{kane}": "yes-person", f"answer-{saru}": "no-person"}
    browser.post(TICKS, {"row": [kane, saru, nati, young], f"answer-{young}": "yes-family", **said})
    assert not NAME.search(browser.text)
    assert "You take 1 name out of the house" in browser.text
    assert browser.post(NAMES, {"row": [kane, saru, nati, young]}).status_code == 200
    assert set(NAME.findall(browser.text)) == {"Demo Kane"}
    assert "Demo Kane, 34" in sheet(browser)
    assert "1 person, under 18" in sheet(browser)
    assert openings(app)[-1] == ("clock.read_out", "data_key", None)
    acts = select(AuditEntry).where(AuditEntry.action == Action.CLOCK_READ_OUT)
    assert len(in_unit(app, lambda: session().scalars(acts).all())) == 1


def test_whose_age_nobody_knows_is_read_out_as_a_number(app: Flask) -> None:
    held(app, PersonDraft((NameDraft("Demo Kane"),)))
    browser = opened(app)
    key = keys(browser)[0]
    browser.post(TICKS, {"row": [key], f"answer-{key}": "yes-person"})
    assert "As a number: nobody knows whether they are 18" in browser.text
    assert "out of the house" not in browser.text
    browser.post(NAMES, {"row": [key]})
    assert not NAME.search(browser.text)
    assert "1 person" in sheet(browser)


def test_who_refuses_in_the_meantime_is_not_named(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    key = keys(browser)[0]
    browser.post(TICKS, {"row": [key], f"answer-{key}": "yes-person"})
    Browser(app, "monitor").post(TICKS, {f"answer-{key}": "no-lawyer"})
    browser.post(NAMES, {"row": [key]})
    assert not NAME.search(browser.text)


def test_a_group_is_read_out_as_a_number_and_nobody_asks_for_its_name(app: Flask) -> None:
    held(app, PersonDraft((NameDraft("Demo Village"),), unit=CountingUnit.COMMUNITY, head_count=12))
    browser = opened(app)
    assert answered(browser) == []
    browser.post(TICKS, {"row": keys(browser), "everybody": "yes-person"})
    assert answers(app) == []
    assert "12 people" in sheet(browser)
    browser.post(NAMES, {"row": keys(browser)})
    assert not NAME.search(browser.text)


def test_whoever_takes_names_along_shows_who_they_are_once_more(app: Flask) -> None:
    held(app, adult("Demo Kane"))
    browser = opened(app)
    key = keys(browser)[0]
    browser.post(TICKS, {"row": [key], f"answer-{key}": "yes-person"})
    with time_machine.travel(EVENING + sessions.PROVEN_FOR + timedelta(seconds=1), tick=False):
        answer = browser.post(NAMES, {"row": [key]})
        assert answer.status_code == 401
        assert "Demo Kane" not in browser.page
