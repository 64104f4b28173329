"""Where the name of whoever may have been under 18 is hidden: a table that a person reviews."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.fund.requests import service as requests
from hrdtracker.people import age_statements, service
from hrdtracker.people.ages import AgeDraft, SaidAge
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.model import NameReason, Person
from tests import courts, fund, make
from tests.web.browse import Browser
from tests.web.case_pages import hidden, send
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
TABLE = Path(__file__).with_name("minors.csv")
DAY = make.DAY
ADULT = Birth(1990)
STATES: Mapping[str, dict[str, Any]] = {
    "grown up": {"birth": ADULT},
    "under 18": {"age": 16, "age_on": DAY},
    "fifteen to nineteen": {},
    "unknown": {},
    "disputed": {"age": 25, "age_on": DAY},
    "a document says adult": {"age": 17, "age_on": DAY},
    "minor at an earlier event": {"birth": Birth(2006)},
    "charged and grown up": {"birth": ADULT},
    "charged for when a minor": {"birth": Birth(2006)},
    "nothing happened to a child": {"age": 9, "age_on": DAY},
}
"""What is recorded of the age of each; the rest follows in `_scene`."""
NAMES = dict(
    zip(
        STATES,
        ["Bavi Rasolo", "Tisu Nekova", "Lolo Tivasu", "Sune Kobara", "Vako Netisu", "Raba Losune",
         "Nesu Tilova", "Kova Sunera", "Tilo Bakone", "Sora Venalu"],
        strict=True,
    )
)  # fmt: skip
TYPED = re.compile(r"<(textarea|legend|title)\b.*?</\1>|<input[^>]*>", re.DOTALL)
"""What stands on a page because its reader has just typed it."""
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
ROW = {
    row["place"] + ": " + row["asked"]: row
    for row in csv.DictReader(TABLE.read_text().splitlines())
}


@dataclass(frozen=True)
class Scene:
    """Everybody by their state, in one case before the courts, and a request for each."""

    people: dict[str, UUID]
    case: UUID
    requests: Mapping[str, UUID]


def _said(state: str, said: SaidAge, known_by: str) -> None:
    age_statements.add_statement(
        make.actor("monitor"), _person(state), AgeDraft(said, known_by, None)
    )


def _person(state: str) -> Person:
    uid = _uids()[state]
    return session().scalars(select(Person).where(Person.uid == uid)).one()


def _uids() -> dict[str, UUID]:
    found = {}
    for person in session().scalars(select(Person)):
        for state, name in NAMES.items():
            if service.is_name_of(person, name):
                found[state] = person.uid
    return found


def _draft(state: str) -> PersonDraft:
    return PersonDraft((NameDraft(NAMES[state]),), **STATES[state])


def _scene() -> Scene:
    """Arrest everybody but the child, charge two, and say more of the age of some."""
    arrested = [state for state in STATES if state != "nothing happened to a child"]
    incident = make.incident(victims=tuple(Victim(described=_draft(state)) for state in arrested))
    case = make.case_of(incident)
    child = service.record_person(make.actor("monitor"), _draft("nothing happened to a child"))
    people = {**_uids(), "nothing happened to a child": child.uid}
    _earlier(people["minor at an earlier event"])
    charged = [state for state in people if state.startswith("charged")]
    proceeding = courts.opened(case, accused=tuple(people[state] for state in charged))
    for state, party in zip(charged, courts.parties(proceeding), strict=True):
        alleged = date(2022, 5, 1) if state == "charged for when a minor" else DAY
        when = When.day(alleged, make.ZONE)
        courts.charged(proceeding, parties=(party,), alleged=when)
    _said("fifteen to nineteen", SaidAge(None, 15, 19, DAY), "family")
    _said("disputed", SaidAge(None, 17, 17, DAY), "family")
    _said("a document says adult", SaidAge(Birth(2005, 3)), "birth_certificate")
    asked = {state: _request_for(case, people[state]) for state in arrested}
    return Scene(people, case.uid, asked)


def _request_for(case: Case, person: UUID) -> UUID:
    request = requests.ask(
        make.actor("monitor"), case, fund.draft(beneficiary=Victim(known=person))
    )
    requests.submit(make.actor("monitor"), request, request.version)
    return request.uid


def _earlier(person: UUID) -> None:
    """Let something have happened to somebody years before, in another case."""
    when = When.day(date(2021, 2, 3), make.ZONE)
    make.incident(occurred=when, victims=(Victim(known=person),), type="threat")


@pytest.fixture
def scene(app: Flask) -> Scene:
    made: Scene = in_unit(app, _scene)
    return made


def _shown(page: str, state: str) -> str:
    """Return whether a page shows a name, besides what its reader typed."""
    return "shown" if NAMES[state] in unescape(TYPED.sub(" ", page)) else "masked"


def _everywhere(page: str, scene: Scene) -> dict[str, str]:
    return {state: _shown(page, state) for state in scene.people}


Ask = Callable[[Browser, Scene], dict[str, str]]
WHY = {"reason": "who"}


def _once(path: str, data: dict[str, Any] | None = None) -> Ask:
    """Return what one page shows of everybody; it is opened, or sent `data`."""

    def ask(browser: Browser, scene: Scene) -> dict[str, str]:
        here = path.format(case=scene.case)
        (browser.get(here) if data is None else browser.post(here, data))
        return _everywhere(browser.page, scene)

    return ask


def _each(path: str, data: Callable[[str], dict[str, Any]] | None = None) -> Ask:
    """Return what the page about each shows of them."""

    def ask(browser: Browser, scene: Scene) -> dict[str, str]:
        found = {}
        for state, uid in scene.people.items():
            here = path.format(uid=uid)
            (browser.get(here) if data is None else browser.post(here, data(NAMES[state])))
            found[state] = _shown(browser.page, state)
        return found

    return ask


def _after_why(ask: Ask) -> Ask:
    def asked(browser: Browser, scene: Scene) -> dict[str, str]:
        _each("/people/{uid}/reveal", lambda _: WHY)(browser, scene)
        return ask(browser, scene)

    return asked


def _many(button: str, **more: str) -> Ask:
    def ask(browser: Browser, scene: Scene) -> dict[str, str]:
        who = "\n".join(NAMES.values()) if button == "read" else ""
        send(browser, f"/cases/{scene.case}/custody", **{button: "1"}, who=who, **more)
        return _everywhere(browser.page, scene)

    return ask


def _request(data: dict[str, Any]) -> Ask:
    def ask(_: Browser, scene: Scene) -> dict[str, str]:
        browser, found = Browser(_.app, "fund"), {}
        for state, uid in scene.requests.items():
            browser.post(f"/fund/requests/{uid}/people", data)
            found[state] = _shown(browser.page, state)
        return found

    return ask


def _readings(browser: Browser, scene: Scene) -> dict[str, str]:
    _each("/people/{uid}")(browser, scene)
    director = Browser(browser.app, "director")
    director.post(f"/readings/{in_unit(browser.app, lambda: make.user('monitor').uid)}/names")
    return _everywhere(director.page, scene)


def _every_page(browser: Browser, scene: Scene) -> dict[str, str]:
    """Follow every link from the case, the lists, the clocks, the hearings and the reports."""
    waiting = ["/", f"/cases/{scene.case}", "/cases", "/people", "/incidents", "/clocks",
               "/clocks/tonight", "/hearings", "/review", "/fund"]  # fmt: skip
    seen, found = set[str](), dict.fromkeys(scene.people, "masked")
    while waiting:
        path = waiting.pop(0)
        # the change of a person has a row of its own
        page = path.split("?")[0]
        if page in seen or page.startswith(("/static", "/styleguide")) or page.endswith("/edit"):
            continue
        seen.add(page)
        text = browser.get(path).get_data(as_text=True)
        for state in scene.people:
            found[state] = "shown" if NAMES[state] in unescape(text) else found[state]
        waiting += [unescape(link) for link in LINK.findall(text)][:80]
    assert len(seen) > 60
    return found


PLACES: Mapping[str, Ask] = {
    "people: open": _once("/people"),
    "people: names": _once("/people/names", {}),
    "people: names and why": _once("/people/names", WHY),
    "people after why: names": _after_why(_once("/people/names", {})),
    "person: open": _each("/people/{uid}"),
    "person: name": _each("/people/{uid}/reveal", lambda _: {}),
    "person: name and why": _each("/people/{uid}/reveal", lambda _: WHY),
    "age of a person: open": _each("/people/{uid}/age"),
    "search: by name": _each("/people/search", lambda name: {"name": name}),
    "offer in a list: by name": _each("/people/suggest", lambda name: {"who": name}),
    "offer of one: by name": _each("/people/possible", lambda name: {"words": name}),
    "new person: by name": _each("/people/new", lambda name: {
        "names-0-name": name, "names-0-kind": "as_told", "unit": "person"}),
    "many at once: open": _once("/cases/{case}/custody"),
    "many at once: names": _many("names"),
    "many at once: names and why": _many("names", reason="who"),
    "many at once: pasted": _many("read"),
    "request for support: names": _request({}),
    "request for support: names and why": _request(WHY),
    "readings of a colleague: names": _readings,
    "every page of the case: open": _every_page,
}  # fmt: skip


def _in_fields(browser: Browser, scene: Scene) -> dict[str, str]:
    """Return whose names stand in the fields of the page that changes them."""
    found = {}
    for state, uid in scene.people.items():
        browser.get(f"/people/{uid}/edit")
        found[state] = "shown" if NAMES[state] in unescape(browser.page) else "masked"
    return found


FIELDS = {
    "change of a person: open": _in_fields,
    "change of a person after why: open": _after_why(_in_fields),
}
EVERY = {**PLACES, **FIELDS}


def test_every_place_of_the_table_is_looked_at_and_every_state_has_a_column() -> None:
    assert set(EVERY) == set(ROW)
    assert all(set(STATES) == set(row) - {"place", "asked"} for row in ROW.values())


@pytest.mark.parametrize("place", EVERY)
def test_the_name_of_whoever_may_have_been_a_minor_is_masked_where_the_table_says_so(
    app: Flask, scene: Scene, place: str
) -> None:
    found = EVERY[place](Browser(app, "monitor"), scene)
    expected = {state: said for state, said in ROW[place].items() if said in {"masked", "shown"}}
    assert {state: found[state] for state in expected} == expected


def test_a_reason_is_kept_of_each_who_was_shown_and_of_nobody_else(
    app: Flask, scene: Scene
) -> None:
    Browser(app, "monitor").post("/people/names", WHY)

    def kept() -> list[tuple[str, str]]:
        query = select(Person.uid, NameReason.reason).join(
            NameReason, NameReason.person_id == Person.id
        )
        states = {uid: state for state, uid in scene.people.items()}
        return sorted((states[uid], reason) for uid, reason in session().execute(query))

    masked = [state for state, said in ROW["people: names"].items() if said == "masked"]
    assert in_unit(app, kept) == sorted((state, "who") for state in masked)


def test_a_reason_that_is_in_no_list_shows_nobody(app: Flask, scene: Scene) -> None:
    browser = Browser(app, "monitor")
    uid = scene.people["under 18"]
    assert browser.post(f"/people/{uid}/reveal", {"reason": "because"}).status_code == 422
    assert _shown(browser.page, "under 18") == "masked"
    assert browser.post("/people/names", {"reason": "because"}).status_code == 422


def test_a_reason_holds_for_whoever_gave_it_and_for_nobody_else(app: Flask, scene: Scene) -> None:
    uid = scene.people["under 18"]
    Browser(app, "monitor").post(f"/people/{uid}/reveal", WHY)
    director = Browser(app, "director")
    director.post("/people/names")
    assert _shown(director.page, "under 18") == "masked"


def test_whoever_is_masked_keeps_their_names_when_something_else_is_changed(
    app: Flask, scene: Scene
) -> None:
    browser, uid = Browser(app, "monitor"), scene.people["unknown"]
    browser.get(f"/people/{uid}/edit")
    data = {"version": hidden(browser, "version"), "unit": "person", "age": "40", "remarks": "Ok"}
    assert browser.post(f"/people/{uid}/edit", data).status_code == 303
    browser.post(f"/people/{uid}/reveal")
    assert _shown(browser.page, "unknown") == "shown", "an age that is known unmasks who had none"


def test_another_age_than_under_18_is_a_dispute_until_a_document_shows_it(
    app: Flask, scene: Scene
) -> None:
    browser, uid = Browser(app, "monitor"), scene.people["under 18"]
    browser.get(f"/people/{uid}/edit")
    data = {"version": hidden(browser, "version"), "unit": "person", "birth": "1990"}
    assert browser.post(f"/people/{uid}/edit", data).status_code == 303
    browser.post(f"/people/{uid}/reveal")
    assert _shown(browser.page, "under 18") == "masked"
    said = {"birth": "1990", "known_by": "identity_document"}
    assert send(browser, f"/people/{uid}/age", **said) == 303
    browser.post(f"/people/{uid}/reveal")
    assert _shown(browser.page, "under 18") == "shown"


def test_a_mistake_in_an_age_is_taken_back_by_somebody_else(app: Flask, scene: Scene) -> None:
    uid = scene.people["disputed"]
    pages = [Browser(app, login) for login in ("monitor", "director")]
    codes = []
    for browser in pages:
        browser.get(f"/people/{uid}/age")
        found = re.findall(r'action="([^"]*/take-back)"', browser.page)
        codes.append(len(found))
        if found:
            assert browser.post(found[0]).status_code == 303
    assert codes == [0, 1]
    browser = pages[0]
    browser.post(f"/people/{uid}/reveal")
    assert _shown(browser.page, "disputed") == "shown"


def test_nobody_takes_back_what_they_said_themselves(app: Flask, scene: Scene) -> None:
    def statement() -> UUID:
        (one,) = age_statements.statements_of(_person("disputed"))
        return one.row.uid

    here = f"/people/{scene.people['disputed']}/age/{in_unit(app, statement)}/take-back"
    assert Browser(app, "monitor").post(here).status_code == 409
    assert Browser(app, "stranger").post(here).status_code == 404
    assert Browser(app, "director").post(here).status_code == 303
    assert Browser(app, "director").post(here).status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"age": "", "known_by": "family"}, "age"),
        ({"age": "19-15", "known_by": "family"}, "age"),
        ({"age": "forty", "known_by": "family"}, "age"),
        ({"age": "16", "known_by": ""}, "known_by"),
        ({"age": "16", "known_by": "rumour"}, "known_by"),
        ({"birth": "yesterday or so", "known_by": "family"}, "birth"),
        ({"age": "16", "age_on": "1 January 2999", "known_by": "family"}, "age_on"),
    ],
)
def test_an_age_that_cannot_be_kept_is_said_beside_its_field(
    app: Flask, scene: Scene, said: dict[str, str], field: str
) -> None:
    browser = Browser(app, "monitor")
    assert send(browser, f"/people/{scene.people['unknown']}/age", **said) == 422
    assert f'id="{field}-error"' in browser.page
