"""Everything that one case holds, as its page shows it, in as few statements for 1 as for 40."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block, Grant, Office, Scope, in_force
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.audit.access_log import Opened, latest_openers, listings_of, openings_of
from hrdtracker.authorised import note_refusal
from hrdtracker.cases.model import Case, CaseArea, FollowUp, Task
from hrdtracker.cases.service import fetch
from hrdtracker.cases.workflow import CASE
from hrdtracker.core.db import PREPARED, present, session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.page import AnySelect, Page
from hrdtracker.core.seal import ring
from hrdtracker.people.model import Contact, Person, PersonCategory, PersonScope

Home, Place = aliased(Scope), aliased(Office)
"""Under other names, so that the policy’s own conditions keep theirs."""
Row = TypeVar("Row", Grant, Block)
ACTS = (
    Action.CASE_EDIT,
    Action.CASE_EXTEND,
    Action.CASE_ASSIGN,
    Action.CASE_CLOSE,
    Action.CASE_REOPEN,
    Action.CASE_SENSITIVITY,
    Action.CASE_MEMBERS,
    Action.CASE_BLOCK,
    Action.CASE_OPENINGS,
)
ABOUT_WHO_OPENS = (
    Action.CASE_SENSITIVITY,
    Action.CASE_EASE,
    Action.CASE_BLOCK,
    Action.CASE_UNBLOCK,
)
OPENINGS_SHOWN = 6
SCOPE = bindparam("scope", type_=Integer)


@dataclass(frozen=True)
class Standing:
    """A case, whose it is, and what the reader may do to it now."""

    case: Case
    scope: Scope
    office: Office
    areas: tuple[str, ...]
    may: frozenset[Action]


@dataclass(frozen=True)
class Named:
    """Somebody named in a case, by their letter; names stay sealed."""

    person: Person
    letter: str
    categories: tuple[str, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class CaseFile:
    """What a case holds besides its incidents; `labels` says who the users are."""

    standing: Standing
    people: Sequence[Named]
    tasks: Sequence[Task]
    follow_ups: Sequence[FollowUp]
    members: Sequence[Grant]
    blocks: Sequence[Block]
    openings: Sequence[Opened]
    labels: Mapping[int, str]


def standing_of(actor: Actor, uid: UUID) -> Standing:
    """Return a case that the actor may read and what they may do to it; raises NotFound.

    Its words can be read. Three statements.
    """
    standing = _load_standing(actor, uid)
    ring().load([standing.case.data_key_id])
    return standing


def standing_for(actor: Actor, uid: UUID, action: Action) -> Standing:
    """Return a case for a page that serves one act; raises NotFound, NotAllowed, WrongStatus."""
    standing = standing_of(actor, uid)
    if action in standing.may:
        return standing
    if policy.allows(actor, action, standing.case):
        raise WrongStatus
    note_refusal(actor, action, Case.__tablename__, uid)
    raise NotAllowed


def _load_standing(actor: Actor, uid: UUID) -> Standing:
    case = fetch(actor, uid)
    query, answers = _standing_query(actor)
    rows = session().execute(query, {"case": case.id}).all()
    scope, office, _, *flags = rows[0]
    may = {act for act, position in answers.items() if flags[position]}
    return Standing(
        case=case,
        scope=scope,
        office=office,
        areas=tuple(row.area for row in rows if row.area),
        may=frozenset(may - ({step.action for step in CASE.steps} - CASE.open_to(case))),
    )


@lru_cache(maxsize=PREPARED)
def _standing_query(actor: Actor) -> tuple[AnySelect, Mapping[Action, int]]:
    """Return the query of how a case stands, and which of its answers speaks of which act."""
    conditions = {act: policy.condition(actor, act, Case, of_few=True) for act in ACTS}
    distinct = {id(condition): condition for condition in conditions.values()}
    answers = [
        condition.label(f"may_{position}") for position, condition in enumerate(distinct.values())
    ]
    query = (
        select(Home, Place, CaseArea.area, *answers)
        .select_from(Case)
        .join(Home, Home.id == Case.scope_id)
        .join(Place, Place.id == Home.office_id)
        .outerjoin(CaseArea, CaseArea.case_id == Case.id)
        .where(Case.id == bindparam("case"))
        .order_by(CaseArea.area)
    )
    positions = {key: position for position, key in enumerate(distinct)}
    return query, {act: positions[id(condition)] for act, condition in conditions.items()}


def case_file(actor: Actor, uid: UUID) -> CaseFile:
    """Return everything that a case holds besides its incidents; raises NotFound."""
    standing, people = with_people(actor, uid)
    scope_id = standing.scope.id
    tasks = session().scalars(TASKS, {"scope": scope_id}).all()
    follow_ups = session().scalars(FOLLOW_UPS, {"scope": scope_id}).all()
    members = in_force_of(Grant, scope_id)
    blocks = in_force_of(Block, scope_id) if Action.CASE_BLOCK in standing.may else []
    openings = (
        latest_openers(actor, scope_id, OPENINGS_SHOWN)
        if Action.CASE_OPENINGS in standing.may
        else []
    )
    return CaseFile(
        standing=standing,
        people=people,
        tasks=tasks,
        follow_ups=follow_ups,
        members=members,
        blocks=blocks,
        openings=openings,
        labels=labels_by_id(
            [standing.scope.owner_id, standing.scope.decider_id]
            + [task.assigned_to_id for task in tasks]
            + [grant.user_id for grant in members]
            + [block.user_id for block in blocks]
            + [opened.actor_id for opened in openings]
        ),
    )


def with_people(actor: Actor, uid: UUID) -> tuple[Standing, list[Named]]:
    """Return a case and who is named in it, words and ages readable; raises NotFound."""
    standing = _load_standing(actor, uid)
    people = people_of(actor, standing.scope.id)
    born = [
        named.person.data_key_id for named in people if Person.birth_date.ciphertext(named.person)
    ]
    ring().load([standing.case.data_key_id, *born])
    return standing, people


def people_of(actor: Actor, scope_id: int) -> list[Named]:
    """Return who is named in a case, with categories and contacts; one statement.

    Whom only somebody else’s draft names is not there yet.
    """
    people: dict[str, Person] = {}
    categories: dict[str, dict[str, None]] = {}
    contacts: dict[str, dict[Contact, None]] = {}
    for letter, person, category, contact in session().execute(_people(actor), {"scope": scope_id}):
        people[letter] = person
        _add(categories, letter, category)
        _add(contacts, letter, contact)
    return [
        Named(person, letter, tuple(categories.get(letter, ())), tuple(contacts.get(letter, ())))
        for letter, person in sorted(people.items(), key=lambda pair: (len(pair[0]), pair[0]))
    ]


@lru_cache(maxsize=PREPARED)
def _people(actor: Actor) -> AnySelect:
    return (
        select(PersonScope.letter, Person, PersonCategory.category, Contact)
        .join(Person, Person.id == PersonScope.person_id)
        .outerjoin(PersonCategory, PersonCategory.person_id == Person.id)
        .outerjoin(
            Contact, (Contact.person_id == Person.id) & (Contact.scope_id == PersonScope.scope_id)
        )
        .where(PersonScope.scope_id == SCOPE, PersonScope.told_to(actor.id))
        .order_by(PersonCategory.category, Contact.id.desc())
    )


Value = TypeVar("Value")


def _add(values: dict[str, dict[Value, None]], letter: str, value: Value | None) -> None:
    if value is not None:
        values.setdefault(letter, {})[value] = None


TASKS = (
    select(Task)
    .where(Task.scope_id == SCOPE, Task.done_at.is_(None))
    .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
)
FOLLOW_UPS = (
    select(FollowUp)
    .where(FollowUp.scope_id == SCOPE)
    .order_by(FollowUp.at.desc(), FollowUp.id.desc())
)


def in_force_of(kind: type[Row], scope_id: int) -> list[Row]:
    """Return the grants, or the blocks, of a case that have not ended."""
    return list(session().scalars(_in_force(kind), {"scope": scope_id}))


@cache
def _in_force(kind: type[Row]) -> Select[Row]:
    counts = in_force(kind, present())
    return select(kind).where(kind.scope_id == SCOPE, counts).order_by(kind.id)


@dataclass(frozen=True)
class WhoMayOpen:
    """Who may open a case and who may not, and what of it still waits for a second person.

    `labels` says who the users are.
    """

    members: Sequence[Grant]
    blocks: Sequence[Block]
    waiting: Sequence[Proposal]
    labels: Mapping[int, str]


def who_may_open(standing: Standing) -> WhoMayOpen:
    """Return the members of a case and those shut out, with what they are called."""
    members, blocks = in_force_of(Grant, standing.scope.id), in_force_of(Block, standing.scope.id)
    users = [grant.user_id for grant in members] + [block.user_id for block in blocks]
    labels = labels_by_id([standing.scope.owner_id, standing.scope.decider_id, *users])
    query = select(Proposal).where(
        Proposal.scope_id == standing.scope.id,
        Proposal.status == ProposalStatus.WAITS,
        Proposal.action.in_(ABOUT_WHO_OPENS),
    )
    return WhoMayOpen(members, blocks, session().scalars(query).all(), labels)


@dataclass(frozen=True)
class Readings:
    """Who opened a case, and who read of it in lists; `labels` says who the users are."""

    openings: Page[Opened]
    listings: Page[Opened]
    labels: Mapping[int, str]


def readings_of(
    actor: Actor, standing: Standing, openings: str | None, listings: str | None
) -> Readings:
    """Return who read what of a case, the latest first; each list a page at a time."""
    opened = openings_of(actor, standing.scope.id, openings)
    case = standing.case
    listed = listings_of(actor, case.data_key_id, case.opened_at, listings)
    readers = (reading.actor_id for reading in (*opened.rows, *listed.rows))
    return Readings(opened, listed, labels_by_id(readers))
