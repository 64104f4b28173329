"""What every act about a proceeding asks: who is meant, in which case, and whether dates hold."""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scoped
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import N_, Message, NotFound, Refused, WrongStatus
from hrdtracker.core.when.model import IN_FUTURE, When, is_before
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    Judgment,
    Party,
    PartyLawyer,
    Proceeding,
    ProceedingScope,
)

Row = TypeVar("Row", bound=Entity)
Part = TypeVar("Part", bound=Scoped)
Made = TypeVar("Made", bound=Entity)
OfParty = TypeVar("OfParty", Judgment, PartyLawyer)
GONE = N_("Somebody or something chosen here is no longer there. Open it again.")
NOT_AGAINST_THEM = N_("The proceeding is not against all of them. Add them there first.")
OVER = N_("The proceeding had ended before this day.")
JOINED_ALREADY = N_("It was joined with another. Say first that it goes on by itself.")
JOINED = N_("It was joined with another before this day. Record it there.")


def chosen(
    actor: Actor, model: type[Row], uids: Collection[UUID], field: str, *which: Any
) -> list[Row]:
    """Return the rows with these uids of which the actor may record something, by their number.

    Raises Refused beside `field` where one is missing or hidden.
    """
    may = policy.condition(actor, Action.PROCEEDING_RECORD, model, of_few=True)
    query = select(model).where(model.uid.in_(set(uids)), may, *which).order_by(model.id)
    rows = list(session().scalars(query))
    if len(rows) < len(set(uids)):
        raise Refused({field: GONE})
    return rows


def parties_in(
    actor: Actor, proceeding: Proceeding, uids: Collection[UUID], field: str = "parties"
) -> list[Party]:
    """Return these parties of a proceeding; raises Refused where one is missing or hidden."""
    return chosen(actor, Party, uids, field, Party.proceeding_id.in_(family_of(proceeding)))


def part_in(actor: Actor, proceeding: Proceeding, model: type[OfParty], uid: UUID) -> OfParty:
    """Return what is recorded of a party to a proceeding; raises NotFound where it is hidden."""
    may = policy.condition(actor, Action.PROCEEDING_RECORD, model, of_few=True)
    query = (
        select(model)
        .join(Party, Party.id == model.party_id)
        .where(model.uid == uid, Party.proceeding_id.in_(family_of(proceeding)), may)
    )
    row = session().scalar(query)
    if row is None:
        raise NotFound
    return row


def family_of(proceeding: Proceeding) -> Select[tuple[int]]:
    """Return the query of the numbers of a proceeding and of those that go on in it."""
    return select(joined([proceeding.id]).c.part)


def joined(wholes: Any) -> Subquery:
    """Return which proceedings are one: each `part` with the `whole` in which it goes on.

    Of these wholes, by their numbers, and for each case (`scope_id`) that the whole concerns: of a
    case that only a part concerns, nothing goes on there. Each is a part of itself; what was joined
    into a part is one too.
    """
    itself = select(Proceeding.id.label("whole"), Proceeding.id.label("part"))
    found = itself.where(Proceeding.id.in_(wholes)).cte(recursive=True)
    found = found.union(
        select(found.c.whole, Proceeding.id).join(
            Proceeding, Proceeding.joined_into_id == found.c.part
        )
    )
    concerns = ProceedingScope.proceeding_id == found.c.whole
    return select(found, ProceedingScope.scope_id).join(ProceedingScope, concerns).subquery()


def stands_in(parts: Subquery) -> ColumnElement[bool]:
    """Return the condition under which a party stands in such a whole."""
    return (Party.proceeding_id == parts.c.part) & (Party.scope_id == parts.c.scope_id)


def people_in(actor: Actor, case: Case, uids: Collection[UUID], field: str) -> list[Person]:
    """Return these people of a case, by letter; raises Refused where one is not named there."""
    query = (
        select(Person)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .where(
            Person.uid.in_(set(uids)),
            PersonScope.scope_id == case.scope_id,
            PersonScope.told_to(actor.id),
        )
        .order_by(PersonScope.letter)
    )
    people = list(session().scalars(query))
    if len(people) < len(set(uids)):
        raise Refused({field: GONE})
    return people


def case_of_scope(scope_id: int) -> Case:
    """Return the case of a scope."""
    return session().scalars(select(Case).where(Case.scope_id == scope_id)).one()


def in_each_case(
    actor: Actor, rows: Iterable[Part], record: Callable[[list[Part]], list[Made]]
) -> list[Made]:
    """Return what `record` makes of the rows of each case, as an act on that case.

    Cases are locked in one order, so that no two acts wait for each other.
    """
    made: list[Made] = []
    ordered = sorted(rows, key=lambda row: row.scope_id)
    for scope_id, some in groupby(ordered, key=lambda row: row.scope_id):
        case = case_of_scope(scope_id)
        with authorised(actor, Action.PROCEEDING_RECORD, on=case):
            made += record(list(some))
            case.changed_at = clock.now()
    return made


def proceeding_in(actor: Actor, case: Case, uid: UUID | None) -> Proceeding | None:
    """Return a proceeding that concerns this case; raises NotFound for any other."""
    if uid is None:
        return None
    proceeding = policy.fetch(actor, Action.PROCEEDING_READ, Proceeding, uid)
    must_concern(proceeding, case)
    return proceeding


def must_concern(proceeding: Proceeding, case: Case) -> None:
    """Raise NotFound where a proceeding does not concern a case."""
    query = select(ProceedingScope.scope_id).where(
        ProceedingScope.proceeding_id == proceeding.id, ProceedingScope.scope_id == case.scope_id
    )
    if session().scalar(query) is None:
        raise NotFound


def must_stand_in(proceeding: Proceeding | None, case: Case, people: Collection[Person]) -> None:
    """Refuse, beside `people`, what is said in a proceeding of somebody whom it is not against."""
    if proceeding is None:
        return
    query = select(Party.person_id).where(
        Party.proceeding_id.in_(family_of(proceeding)),
        Party.scope_id == case.scope_id,
        Party.role.in_(sorted(ACCUSED_ROLES)),
    )
    accused = set(session().scalars(query))
    if any(person.id not in accused for person in people):
        raise Refused({"people": NOT_AGAINST_THEM})


def check_dates(
    proceeding: Proceeding | None, dates: Mapping[str, When | None], *, to_come: bool = False
) -> None:
    """Refuse, beside its field, a day that is still to come or lies after the proceeding.

    Days `to_come` may lie in the future: a hearing, an appearance.
    """
    reasons: dict[str, Message | str] = {}
    ended = Proceeding.ended.plain(proceeding) if proceeding is not None else None
    for field, when in dates.items():
        if when is None or when.earliest is None:
            continue
        if not to_come and when.earliest > clock.now():
            reasons[field] = IN_FUTURE
        elif is_before(ended, when):
            reasons[field] = JOINED if proceeding and proceeding.joined_into_id else OVER
    if reasons:
        raise Refused(reasons)


def must_go_on(proceeding: Proceeding) -> None:
    """Raise WrongStatus for a proceeding that was joined: nobody is added to it any more."""
    if proceeding.joined_into_id is not None:
        raise WrongStatus(JOINED_ALREADY)


def check_not_joined(proceeding: Proceeding, dates: Mapping[str, When | None]) -> None:
    """Refuse, beside its field, a day on which a proceeding was joined with another already.

    What a court decided after a proceeding ended is recorded in it, but not after it was joined.
    """
    if proceeding.joined_into_id is None:
        return
    ended = Proceeding.ended.plain(proceeding)
    late = {field: JOINED for field, when in dates.items() if when and is_before(ended, when)}
    if late:
        raise Refused(late)
