"""Worlds of courts and custody at random, and a plain count of them: every record, one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import says_held
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    ChargeStep,
    LegalTitle,
    Party,
    TitleKind,
)
from tests import courts, make

ARTICLES = ("kh_cc_495", "kh_cc_411", "kh_cc_217")
GROUP = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
READERS = {make.HERE: {"director", "national"}, make.THERE: {"far_director", "national"}}


@dataclass
class CourtWorld:
    """Cases with their office and grade, and who of the directors reads each."""

    cases: list[tuple[Case, set[str]]] = field(default_factory=list)

    def scopes(self, login: str) -> set[int]:
        """Return the scopes of the cases that a director reads."""
        return {case.scope_id for case, readers in self.cases if login in readers}


def some_day(random: Random) -> When:
    """Return a day of 2026, or one that is known to the year, or not at all."""
    day = date(2026, 1, 1) + timedelta(days=random.randint(0, 300))
    return random.choice(
        [
            *[When.day(day, make.ZONE, "a day")] * 4,
            When.year(2026, make.ZONE, "2026"),
            When.unknown("once", make.ZONE),
        ]
    )


def some_world(random: Random) -> CourtWorld:
    """Return cases of two offices: some people stand in two of them, and one case is secret."""
    world = CourtWorld()
    for login, office in (("monitor", make.HERE), ("stranger", make.THERE)):
        before: tuple[UUID, ...] = ()
        for number in range(2):
            case = _case(random, login, before)
            before = courts.people(case)
            _before_court(random, case, login)
            readers = READERS[office]
            if office == make.HERE and number:
                director = make.actor("director")
                sharing.set_sensitivity(director, case, Sensitivity.SECRET, case.version)
                readers = {"director"}
            world.cases.append((case, readers))
    return world


def _case(random: Random, login: str, known: Sequence[UUID]) -> Case:
    """Return a case of new people, of a group now and then, and of some who are known."""
    victims = [
        Victim(described=PersonDraft((NameDraft(f"Demo {number}"),)))
        for number in range(random.randint(1, 3))
    ]
    if random.random() < 1 / 2:
        victims.append(Victim(described=GROUP))
    victims += [Victim(known=uid) for uid in known if random.random() < 2 / 3]
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    return make.case_of(make.incident(login, occurred=today, victims=tuple(victims)))


def _before_court(random: Random, case: Case, login: str) -> None:
    proceeding = courts.opened(case, login)
    everybody = courts.parties(proceeding)
    for article in random.sample(ARTICLES, 2):
        some = tuple(uid for uid in everybody if random.random() < 1 / 2) or everybody[:1]
        courts.charged(
            proceeding, login, parties=some, qualification=Qualification(article),
            charged=some_day(random),
        )  # fmt: skip
    for person in courts.people(case)[:2]:
        began = some_day(random)
        ended = random.choice([None, _later(began, random)])
        draft = TitleDraft((person,), TitleKind.PRETRIAL_DETENTION, began, ended)
        titles.add_titles(make.actor(login), case, draft)


def _later(day: When, random: Random) -> When | None:
    if day.latest is None or day.latest > clock.now():
        return None
    after = day.latest + timedelta(days=random.randint(1, 30))
    return When.day(after.astimezone(make.ZONE).date(), make.ZONE, "later")


# A plain count -----------------------------------------------------------------------------------


def charged_people(scopes: Iterable[int], article: str | None = None) -> set[Any]:
    """Return who was charged in some cases on any day that is known at least to the year."""
    found = set()
    for charge in session().scalars(select(Charge)):
        party = session().get_one(Party, charge.party_id)
        steps = session().scalars(select(ChargeOutcome).where(ChargeOutcome.charge_id == charge.id))
        first = next(step for step in steps if step.kind == ChargeStep.ADDED)
        person = session().get_one(Person, party.person_id)
        day = ChargeOutcome.decided.plain(first)
        is_counted = bool(day and day.is_known) and person.unit == CountingUnit.PERSON
        if charge.scope_id in scopes and is_counted and article in {None, first.provision}:
            found.add(party.person_id)
    return found


def detained_people(scopes: Iterable[int]) -> set[Any]:
    """Return who was detained before trial, as some cases say."""
    rows = session().scalars(select(LegalTitle))
    return {
        row.person_id
        for row in rows
        if row.scope_id in scopes
        and session().get_one(Person, row.person_id).unit == CountingUnit.PERSON
    }


def held_people(scopes: Iterable[int]) -> int:
    """Return how many are held as some cases say: of a person one, of a group the most of a case.

    It looks at each stay, and knows of no query.
    """
    seen: dict[Any, dict[int, int]] = {}
    for stay in session().scalars(select(Stay)):
        if stay.scope_id not in scopes or not says_held(stay) or stay.standing != "told":
            continue
        person = session().get(Person, stay.person_id) if stay.person_id else None
        heads = stay.people or (person and person.head_count) or 1
        parts = seen.setdefault(("who", stay.person_id) if person else ("stay", stay.id), {})
        is_one = person is not None and person.unit == CountingUnit.PERSON
        before = 0 if is_one else parts.get(stay.scope_id, 0)
        parts[stay.scope_id] = before + (1 if is_one else heads)
    return sum(max(parts.values()) for parts in seen.values())
