"""What lists, offers and counts say beside a name: never a word of what the reader may not read."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.queries import CaseFilter
from hrdtracker.cases.queries import left_out as undated_cases
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.incidents import reviewing
from hrdtracker.incidents.drafts import Location
from hrdtracker.incidents.lists import left_out as undated_incidents
from hrdtracker.incidents.model import Incident, PlaceKind
from hrdtracker.incidents.of_person import open_cases, traces
from hrdtracker.incidents.service import log_incident
from hrdtracker.people import service as people
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import NAME, in_unit, version

DRAFT = False
FAR = Location(PlaceKind.CAMBODIA, "17", "1701", "170101")
KEY = re.compile(r'name="typing-key"\s+content="([^"]*)"')


def person() -> Person:
    """Return the one person on record."""
    return session().scalars(select(Person)).one()


def named(login: str, into: str | None = None, **changes: Any) -> Incident:
    """Log something done to the one person, in a case of its own: in the first office, or there."""
    victims = (Victim(known=person().uid),)
    place = make.office(into) if into else None
    return log_incident(make.actor(login), make.draft(victims=victims, **changes), place)


def first() -> Incident:
    """Log what was done to somebody who is new."""
    return make.incident(victims=(Victim(described=PersonDraft((NameDraft(NAME),))),))


@pytest.mark.usefixtures("unit")
def test_a_trace_and_an_offer_stop_at_the_cases_that_the_reader_may_read() -> None:
    own = make.case_of(first())
    later = When.day(clock.today(make.ZONE), make.ZONE, "today")
    hidden = named("national", make.THERE, occurred=later, place=FAR)
    by_person = {person().id}
    for login, cases in (("monitor", [own]), ("national", [make.case_of(hidden), own])):
        trace = traces(make.actor(login), by_person)[person().id]
        assert [row.code for row in trace.cases] == [case.code for case in cases], login
        assert trace.last is not None
        assert trace.last.province == ("17" if login == "national" else "12")
    assert open_cases(make.actor("monitor"), by_person)[person().id].id == own.id
    assert open_cases(make.actor("national"), by_person)[person().id].id == hidden.case_id


@pytest.mark.usefixtures("unit")
def test_a_trace_and_an_offer_are_silent_on_what_only_a_draft_of_somebody_else_says() -> None:
    own = make.case_of(first())
    other = make.case_of(make.incident(victims=()))
    victims = (Victim(known=person().uid),)
    later = When.day(clock.today(make.ZONE), make.ZONE, "today")
    draft = make.draft(victims=victims, send=DRAFT, occurred=later, place=FAR)
    log_incident(make.actor("monitor"), draft, other)
    for login, codes in (("monitor", {own.code, other.code}), ("director", {own.code})):
        trace = traces(make.actor(login), {person().id})[person().id]
        assert {row.code for row in trace.cases} == codes
        assert trace.last is not None
        assert trace.last.province == ("17" if login == "monitor" else "12")
        offered = open_cases(make.actor(login), {person().id})[person().id]
        assert offered.code in codes


@pytest.mark.usefixtures("unit")
def test_what_has_no_date_is_counted_for_those_who_may_read_it_and_nobody_else() -> None:
    make.incident(type="threat", occurred=When.unknown("nobody knows", str(make.ZONE)))
    november = CaseFilter(start=When.day(make.DAY, make.ZONE, "").earliest)
    for login, count in (("monitor", 1), ("director", 1), ("stranger", 0), ("fund", 0)):
        assert undated_incidents(make.actor(login), november) == count, login
        assert undated_cases(make.actor(login), november) == count, login


@pytest.mark.usefixtures("unit")
def test_the_authors_whom_a_reviewer_chooses_from_are_those_of_what_waits_for_them() -> None:
    make.incident()
    make.incident("stranger")
    make.incident("colleague", send=DRAFT)
    make.incident("director")
    for login, authors in (("director", ["monitor"]), ("far_director", ["stranger"])):
        actor = make.actor(login)
        assert [user.login for user in reviewing.authors(actor)] == authors
        waits, _ = reviewing.queue(actor, CaseFilter(), None)
        assert [line.author.login for line in waits] == authors


@pytest.mark.usefixtures("unit")
def test_the_names_of_a_list_are_those_of_people_whom_the_reader_may_see_whatever_is_asked() -> (
    None
):
    first()
    ids = [person().id]
    shown = people.reveal_listed(make.actor("monitor"), ids, "who")
    assert [name.name for name in shown.names[person().id]] == [NAME]
    assert people.reveal_listed(make.actor("stranger"), ids).names == {}


@pytest.mark.engines("sqlite")
def test_nobody_learns_by_the_id_of_a_form_that_somebody_else_sent_it(app: Flask) -> None:
    key = str(uuid4())
    form = {"type": "threat", "when": "yesterday", "who": "", "submission_id": key}
    sent = {"Submission-Id": key}
    author, other = Browser(app, "monitor"), Browser(app, "colleague")
    answer = author.post("/incidents/new", form, headers=sent)
    assert answer.headers["Submission-Id"] == key
    for reply in (
        other.get("/", headers=sent),
        other.post("/read/when", {"when": "today"}, headers=sent),
        Browser(app).get("/login", headers=sent),
    ):
        assert "Submission-Id" not in reply.headers
    made = other.post("/incidents/new", form, headers=sent)
    assert made.headers["Location"] != answer.headers["Location"]


@pytest.mark.engines("sqlite")
def test_the_key_of_what_is_typed_is_of_one_session_and_stands_in_its_pages_alone(
    app: Flask,
) -> None:
    keys = []
    for browser in (Browser(app, "monitor"), Browser(app, "monitor"), Browser(app, "colleague")):
        answer = browser.get("/incidents/new")
        (key,) = KEY.findall(browser.page)
        assert len(bytes.fromhex(key)) == 32
        assert answer.headers["Cache-Control"] == "no-store, no-transform"
        assert key not in str(answer.headers)
        assert browser.page.count(key) == 1
        keys.append(key)
        browser.get("/account")
        assert KEY.findall(browser.page) == [key]
        browser.post("/leave")
        browser.get("/login")
        assert KEY.findall(browser.page) == [""]
    assert len(set(keys)) == 3


@pytest.mark.engines("sqlite")
def test_what_a_reviewer_assessed_of_what_goes_back_is_read_by_reviewers_alone(app: Flask) -> None:
    def addresses() -> list[str]:
        incident = first()
        here = f"/incidents/{incident.uid}"
        case = f"/cases/{make.case_of(incident).uid}"
        return [here, case, f"/people/{person().uid}", f"{here}/people", "/incidents", "/"]

    paths: list[str] = in_unit(app, addresses)
    review = f"{paths[0]}/review"
    director = Browser(app, "director")
    form = {"established-0": "verified", "sources-0": "2", "finding-0": "yes"}
    form |= {"version": version(director, review), "reason": "Which day?", "return": "1"}
    assert director.post(review, form).status_code == 303
    director.get(review)
    assert re.search(r'name="established-0"\s+value="verified"\s+checked', director.page)
    for login in ("monitor", "director"):
        reader = Browser(app, login)
        for path in paths:
            assert reader.get(path).status_code == 200, path
            assert "Verified" not in reader.text, (login, path)
