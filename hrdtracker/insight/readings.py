"""Whom somebody has opened, who has opened somebody, and how much colleagues have read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts.assignments import actors_of
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.audit.access_log import LISTED_COUNT, OPENED, Opened, names_key, not_own_look
from hrdtracker.audit.model import Opening
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.page import Listing, ListPart, Page
from hrdtracker.core.seal import ring
from hrdtracker.insight.model import UnusualReading
from hrdtracker.insight.tally import KeyKinds, PageRead, Tally, chunks, kinds_of, pages_read
from hrdtracker.people.model import Contact, Person, PersonScope
from hrdtracker.people.queries import LISTED, ListedPerson
from hrdtracker.people.search import categories_of

DAY = timedelta(days=1)
UNUSUAL_SHOWN = timedelta(days=30)
UNUSUAL_MOST = 100


# How much ----------------------------------------------------------------------------------------


class UnusualLine(NamedTuple):
    """Somebody who reached a limit on a day, and which one; by how much could betray a case."""

    user: User
    day: date
    measure: str
    most: int


@dataclass(frozen=True)
class ColleagueTally:
    """How much a colleague has read within the last day."""

    user: User
    tally: Tally


@dataclass(frozen=True)
class ReadingFigures:
    """Who has read unusually much in the last month, and how much everybody read in a day."""

    unusual: Sequence[UnusualLine]
    colleagues: Sequence[ColleagueTally]


def figures(actor: Actor) -> ReadingFigures:
    """Return how much the colleagues have read whom the actor answers for, the most first.

    Who has read unusually much is shown of others only: of themself others are told.
    """
    theirs = policy.condition(actor, Action.READINGS_COUNT, User)
    since = clock.now() - UNUSUAL_SHOWN
    query = (
        select(User, UnusualReading.day, UnusualReading.measure, UnusualReading.most)
        .join(User, User.id == UnusualReading.user_id)
        .where(theirs, UnusualReading.at >= since, User.id != actor.id)
        .order_by(UnusualReading.at.desc(), UnusualReading.id.desc())
        .limit(UNUSUAL_MOST)
    )
    unusual = [UnusualLine(*row) for row in session().execute(query)]
    users = {user.id: user for user in session().scalars(select(User).where(theirs))}
    ring().load({user.data_key_id for user in users.values()})
    pages = pages_read(users, clock.now() - DAY)
    kinds = _kinds_for(actor, [page for read in pages.values() for page in read])
    tallies = [ColleagueTally(users[number], kinds.tally(read)) for number, read in pages.items()]
    return ReadingFigures(unusual, sorted(tallies, key=lambda each: -each.tally.pages))


# Whom somebody has opened ------------------------------------------------------------------------


@dataclass(frozen=True)
class DayTally:
    """How much somebody read on one day."""

    day: date
    tally: Tally


@dataclass(frozen=True)
class ReadPerson:
    """Somebody who was read, when last, what they defend, and how they are reached safely."""

    person: ListedPerson
    categories: tuple[str, ...]
    last: datetime
    contacts: Sequence[Contact]


@dataclass(frozen=True)
class ReadCase:
    """A case that was read, and when last."""

    case: Case
    last: datetime


@dataclass(frozen=True)
class ReadByUser:
    """What somebody has read since an instant, as far as its reader may know it.

    `outlines` is how many cases more the reader knows in outline only; of what they must not know
    of there is neither a line nor a number, but for an auditor, who learns numbers alone.
    """

    days: Sequence[DayTally]
    people: Sequence[ReadPerson]
    people_part: ListPart
    cases: Sequence[ReadCase]
    cases_part: ListPart
    outlines: int


def read_by_user(
    actor: Actor, user: User, since: datetime, zone: ZoneInfo, skip: Mapping[str, str | None]
) -> ReadByUser:
    """Return whom and what somebody has read since an instant; `skip` says which part of each."""
    pages = pages_read([user.id], since).get(user.id, [])
    last = {key: page.at for page in pages for key in page.keys}
    may = policy.allows(actor, Action.READINGS_READ, user)
    seen = _latest_first(_people(actor, last) if may else {}, last)
    cases = _latest_first(_cases(actor, Action.CASE_READ, last) if may else {}, last)
    outlined = _cases(actor, Action.CASE_OUTLINE, last) if may else {}
    people_part = ListPart.at(skip["people"], len(seen))
    cases_part = ListPart.at(skip["cases"], len(cases))
    shown_cases = [ReadCase(case, at) for case, at in cases[cases_part.begin : cases_part.last]]
    ring().load(line.case.data_key_id for line in shown_cases)
    return ReadByUser(
        days=_by_day(actor, pages, zone),
        people=_with_contacts(actor, seen[people_part.begin : people_part.last]),
        people_part=people_part,
        cases=shown_cases,
        cases_part=cases_part,
        outlines=len(outlined.keys() - {case.data_key_id for case, _ in cases}),
    )


def user_read(actor: Actor, uid: UUID) -> User:
    """Return a colleague of whose reading the actor may learn; raises NotFound."""
    user = policy.fetch(actor, Action.READINGS_COUNT, User, uid)
    ring().load([user.data_key_id])
    return user


def _kinds_for(actor: Actor, pages: Sequence[PageRead]) -> KeyKinds:
    """Return what is counted for a reader: an auditor learns of all how much it was, and not what.

    Whoever sees what it was counts what they may know of: a number would betray a hidden case.
    """
    if policy.allows_anywhere(actor, Action.TRAIL_READ):
        return kinds_of(pages)
    keys = {key for page in pages for key in page.keys}
    return KeyKinds(
        people=frozenset(_people(actor, keys)),
        cases=frozenset(_cases(actor, Action.CASE_OUTLINE, keys)),
    )


Row = Any


def _latest_first(
    rows: Mapping[int, Row], last: Mapping[int, datetime]
) -> list[tuple[Row, datetime]]:
    ordered = sorted(rows, key=lambda key: last[key], reverse=True)
    return [(rows[key], last[key]) for key in ordered]


def _people(actor: Actor, keys: Iterable[int]) -> dict[int, ListedPerson]:
    """Return the people among what was read whom the actor may see, by data key."""
    may = policy.condition(actor, Action.PERSON_READ, Person, of_few=True)
    return {
        key: ListedPerson(*row)
        for some in chunks(keys)
        for key, *row in session().execute(
            select(Person.data_key_id, *LISTED).where(Person.data_key_id.in_(some), may)
        )
    }


def _cases(actor: Actor, action: Action, keys: Iterable[int]) -> dict[int, Case]:
    """Return the cases among what was read on which the actor may do `action`, by data key."""
    may = policy.condition(actor, action, Case, of_few=True)
    return {
        case.data_key_id: case
        for some in chunks(keys)
        for case in session().scalars(select(Case).where(Case.data_key_id.in_(some), may))
    }


def _with_contacts(
    actor: Actor, people: Sequence[tuple[ListedPerson, datetime]]
) -> list[ReadPerson]:
    """Return people with the ways to reach them that the actor may see; three statements."""
    numbers = [person.id for person, _ in people]
    may = policy.condition(actor, Action.CONTACT_READ, Contact, of_few=True)
    query = select(Contact).where(Contact.person_id.in_(numbers), may).order_by(Contact.id.desc())
    contacts: dict[int, list[Contact]] = {}
    for contact in session().scalars(query):
        contacts.setdefault(contact.person_id, []).append(contact)
    ring().load(contact.data_key_id for each in contacts.values() for contact in each)
    categories = categories_of(numbers)
    return [
        ReadPerson(person, categories.get(person.id, ()), at, contacts.get(person.id, ()))
        for person, at in people
    ]


def _by_day(actor: Actor, pages: Sequence[PageRead], zone: ZoneInfo) -> list[DayTally]:
    kinds, days = _kinds_for(actor, pages), dict[date, list[PageRead]]()
    for page in pages:
        days.setdefault(clock.day_of(page.at, zone), []).append(page)
    return [DayTally(day, kinds.tally(days[day])) for day in sorted(days, reverse=True)]


# Who has opened somebody -------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonReadings:
    """Who has opened a person, through cases that the actor may open; `labels` says who."""

    page: Page[Opened]
    labels: Mapping[int, str]


def person_readings(actor: Actor, person: Person, token: str | None) -> PersonReadings:
    """Return a page of who has read a person, through a case that the actor may open.

    What was read through no case is shown where its reader might have come through one of these.
    Looking at this page is not listed, so that it pushes out nothing.
    """
    scopes = _scopes_naming(actor, person)
    read = or_(Opening.subject_uid == person.uid, names_key(person.data_key_id))
    listed = case((Opening.subject_uid == person.uid, 0), else_=LISTED_COUNT)
    query = select(*OPENED, listed).where(
        Opening.at >= person.recorded_at,
        read,
        not_own_look(actor),
        or_(Opening.scope_id.in_(scopes), _through_one(person, scopes)),
    )
    page = Listing(query, Opening.at, Opening.id, Opened).page(token)
    return PersonReadings(page, labels_by_id(opened.actor_id for opened in page.rows))


def _scopes_naming(actor: Actor, person: Person) -> list[int]:
    """Return the scopes of the cases that name a person and that the actor may open."""
    may = policy.condition(actor, Action.CASE_READ, PersonScope, of_few=True)
    query = select(PersonScope.scope_id).where(
        PersonScope.person_id == person.id, PersonScope.told_to(actor.id), may
    )
    return list(session().scalars(query))


def _through_one(person: Person, scopes: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that something was read through no case, by somebody of these cases."""
    readers = select(Opening.actor_id).where(
        Opening.scope_id.is_(None),
        or_(Opening.subject_uid == person.uid, names_key(person.data_key_id)),
    )
    users = list(session().scalars(select(User).where(User.id.in_(readers))))
    cases = list(session().scalars(select(Case.id).where(Case.scope_id.in_(scopes))))
    able = policy.who_may_each(list(actors_of(users).values()), Action.CASE_READ, Case, cases)
    theirs = set().union(*able.values())
    return and_(Opening.scope_id.is_(None), Opening.actor_id.in_(theirs)) if theirs else false()
