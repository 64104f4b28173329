"""What happened to many people of a case is recorded, or taken back, as one: all or nothing."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised, gathered
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.custody import acts
from hrdtracker.custody.model import CHANGES_STAYS, CustodyAct, CustodyEvent, Stay, StayStep
from hrdtracker.custody.people import PersonStay
from hrdtracker.incidents.model import Incident
from hrdtracker.people.model import Person
from hrdtracker.proceedings.at_once.adding import with_added
from hrdtracker.proceedings.at_once.courts import record_in_court
from hrdtracker.proceedings.at_once.everybody import everybody
from hrdtracker.proceedings.at_once.reading import shares_of
from hrdtracker.proceedings.at_once.rows import (
    BY_TABLE,
    Place,
    note_rows,
    person_of,
    place_of,
    take_back_rows,
)
from hrdtracker.proceedings.clocks.recount import count_anew
from hrdtracker.proceedings.drafts.at_once import ManyDraft

OF_PEOPLE: Mapping[str, type[Entity]] = {
    **BY_TABLE,
    Stay.__tablename__: Stay,
    StayStep.__tablename__: StayStep,
    Person.__tablename__: Person,
}
"""What is written of one person alone."""
CHANGED_SINCE = N_("All of it was changed since: nothing can be taken back.")
ENDS = {CustodyEvent.ACQUITTAL: "acquitted", CustodyEvent.DROPPED: "charges_dropped"}
"""How a stay ended of whoever was released at once."""


def verb(kind: str | None) -> Action:
    """Return by which right something is recorded of many people."""
    return Action.CASE_EXTEND if kind in CHANGES_STAYS else Action.PROCEEDING_RECORD


@idempotent
def record(
    actor: Actor, case: Case, draft: ManyDraft, incident: Incident | None = None
) -> CustodyAct:
    """Record what happened to several people: all or nothing, an entry for each on the trail.

    Whoever is added comes to `incident`, else to the one with which most were taken. Raises Refused
    where it does not hold for one of them.
    """
    check_terms({"decided_by": ("deciding_body", draft.court.decided_by)})
    with authorised(actor, verb(draft.kind), on=case, sending=draft.sending) as signature:
        with gathered(signature):
            whole = with_added(actor, case, draft, incident)
            chosen = acts.check(everybody(actor, case), whole)
            act = acts.new_act(actor, case, whole)
            act.decided_by = draft.court.decided_by
            session().add(act)
            session().flush()
            if whole.kind in CHANGES_STAYS:
                acts.change_stays(actor, whole, act, chosen)
            else:
                record_in_court(actor, case, whole, chosen)
                _change_stays_too(actor, whole, act, chosen)
            case.changed_at = act.recorded_at
        signature.made = act
        if whole.kind not in CHANGES_STAYS:
            note_rows(act, signature.changes)
        divide(signature, act)
    return act


def _change_stays_too(
    actor: Actor, draft: ManyDraft, act: CustodyAct, chosen: Sequence[PersonStay]
) -> None:
    """Let whoever is held be where the court’s act took them: elsewhere, or free."""
    changes, there = acts.StayChanges(actor, draft, act), [row for row in chosen if row.is_held]
    if draft.court.is_released and draft.kind in ENDS:
        changes.end(there, ENDS[draft.kind])
    elif draft.place_held or draft.prison:
        changes.move(there)


def undo(actor: Actor, case: Case, uid: UUID) -> int:
    """Take back what was recorded of several people, as far as nothing was changed since.

    What was changed since stays. Return of how many it was taken back; raises WrongStatus for none.
    """
    act = acts.fetch(case, uid)
    with authorised(actor, verb(act.kind), on=case) as signature:
        act = acts.fetch(case, uid)
        shares = shares_of([act])[act.id]
        free = [share for share in shares if share.is_free]
        if not free:
            raise WrongStatus(CHANGED_SINCE)
        for share in free:
            for stay in share.stays:
                acts.take_back(act, stay)
        rows = [row for share in free for row in share.rows]
        gone = {(row.table_name, row.row_id): row.person_id for row in rows}
        take_back_rows(rows)
        if len(free) == len(shares):
            act.undone_at, act.undone_by_id = clock.now(), actor.id
        case.changed_at = clock.now()
        session().flush()
        divide(signature, act, gone)
        if gone:
            count_anew({(case.scope_id, person) for person in gone.values()}, clock.now())
    return sum(share.people for share in free)


# On the trail -------------------------------------------------------------------------------------


def divide(
    signature: Any, act: CustodyAct, gone: Mapping[Place, int] = MappingProxyType({})
) -> None:
    """Give each person an entry of their own; what is said of all goes with the act.

    `gone` says of whom the rows were that were taken back.
    """
    action, subjects, places = verb(act.kind), dict[object, Entity](), dict[Place, object]()
    for change in signature.changes:
        place = place_of(change)
        row = session().get(Person, gone[place]) if place in gone else _row_of(place)
        if row is not None:
            places[place] = _whose(place, row)
            subjects.setdefault(places[place], row)
    order = {whose: number for number, whose in enumerate(subjects, start=1)}

    def entry_of(change: Mapping[str, Any]) -> int:
        return order.get(places.get(place_of(change)), 0)

    signature.divide([(action, act), *((action, row) for row in subjects.values())], entry_of)


def _row_of(place: Place) -> Entity | None:
    """Return a row that says something of one person, for a step its stay; None for others."""
    model = OF_PEOPLE.get(place[0])
    row = session().get(model, place[1]) if model else None
    return session().get(Stay, row.stay_id) if isinstance(row, StayStep) else row


def _whose(place: Place, row: Entity) -> object:
    """Return of whom a row is."""
    if isinstance(row, Stay):
        return row.person_id or f"violation {row.violation_id or row.id}"
    return row.id if isinstance(row, Person) else person_of(*place)
