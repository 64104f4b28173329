"""Somebody comes to a case with what happened to many: as one more, or as one of a group there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.custody import service as custody
from hrdtracker.custody import steps
from hrdtracker.custody.drafts import AddedPerson
from hrdtracker.custody.model import CHANGES_STAYS, CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay
from hrdtracker.incidents.drafts import ViolationDraft
from hrdtracker.incidents.facts import add_violation
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.incidents.service import changed, new_violation
from hrdtracker.people import service as people
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.at_once.everybody import everybody
from hrdtracker.proceedings.drafts.at_once import ManyDraft

NO_INCIDENT = N_("Log the arrest first: whoever is added is added to an incident.")
NO_GROUP = N_("The group that somebody is to be one of has changed. Look again, then record it.")
NOBODY_LEFT = N_("Nobody would be left in the group. Correct how many they are first.")
KNOWN_HERE = N_("Somebody to be added is in the case already: tick them instead.")


def with_added(actor: Actor, case: Case, draft: ManyDraft, incident: Incident | None) -> ManyDraft:
    """Return a draft that is about people of the case alone, once those it adds are there.

    Inside an open door. Raises Refused where nobody can be added.
    """
    known = everybody(actor, case)
    by_uid = {row.uid: row for row in known}
    if draft.kind not in CHANGES_STAYS:
        draft = _apart(draft, by_uid.values())
    unplaced = _unplaced(draft, by_uid.values())
    whom = [*unplaced.values(), *(each.who for each in draft.added if each.group is None)]
    if not whom and not draft.added:
        return draft
    _check_new(draft.added, known)
    if whom:
        _add(actor, incident or _incident_of(known), whom)
    for each in draft.added:
        if each.group is not None:
            _take_out(actor, case, by_uid.get(each.group), each.who)
    before = {row.person.id for row in known if row.person and row.uid not in unplaced}
    new = [row.uid for row in everybody(actor, case) if row.person and row.person.id not in before]
    stays = tuple(uid for uid in draft.stays if uid not in unplaced)
    return replace(draft, stays=(*stays, *new), added=())


def _apart(draft: ManyDraft, people: Iterable[PersonStay]) -> ManyDraft:
    """Return a draft that takes some of a group out of it, of whom a court did something."""
    rows = {row.uid: row for row in people}
    some = {
        uid: count
        for uid, count in draft.counts.items()
        if uid in draft.stays and uid in rows and count < rows[uid].heads
    }
    added = [
        AddedPerson(Victim(described=PersonDraft(unit=CountingUnit.COMMUNITY, head_count=n)), uid)
        for uid, n in some.items()
    ]
    stays = tuple(uid for uid in draft.stays if uid not in some)
    return replace(draft, stays=stays, added=(*draft.added, *added), counts={}) if some else draft


def _unplaced(draft: ManyDraft, people: Iterable[PersonStay]) -> dict[UUID, Victim]:
    """Return those who arrived, and of whom no incident says yet that they were taken."""
    if draft.kind != CustodyEvent.ARRIVED:
        return {}
    return {
        row.uid: Victim(known=row.uid)
        for row in people
        if row.stay is None and row.uid in draft.stays
    }


def _check_new(added: Sequence[AddedPerson], known: Sequence[PersonStay]) -> None:
    there = {row.person.uid for row in known if row.person}
    if any(each.who.known in there for each in added):
        raise Refused({"who": KNOWN_HERE})


def _incident_of(known: Sequence[PersonStay]) -> Incident:
    """Return the incident with which most people were taken, the latest of equals."""
    heads: dict[int, int] = {}
    for row in known:
        if row.stay is not None and row.stay.violation_id is not None:
            heads[row.stay.violation_id] = heads.get(row.stay.violation_id, 0) + row.heads
    query = (
        select(Violation.id, Incident)
        .join(Incident, Incident.id == Violation.incident_id)
        .where(Violation.id.in_(heads))
    )
    people: dict[Incident, int] = {}
    for number, incident in session().execute(query):
        people[incident] = people.get(incident, 0) + heads[number]
    if not people:
        raise Refused({"who": NO_INCIDENT})
    return max(people, key=lambda each: (people[each], each.id))


def _add(actor: Actor, incident: Incident, whom: Sequence[Victim]) -> None:
    draft = ViolationDraft(incident.type, tuple(whom))
    add_violation(actor, incident, draft, incident.version)


def _take_out(actor: Actor, case: Case, row: PersonStay | None, who: Victim) -> Person:
    """Let somebody, or some, of a group be named: what was said of it is said of them.

    The group is so many fewer, so that nobody is counted twice. Raises Refused where nobody would
    be left in it.
    """
    if row is None or row.stay is None or row.person is None or not row.is_group:
        raise Refused({"who": NO_GROUP})
    count = (who.described.head_count if who.described else None) or 1
    if row.is_counted and count >= min(row.heads, row.person.head_count or row.heads):
        raise Refused({"who": NOBODY_LEFT})
    incident = _incident_of([row])
    with authorised(actor, Action.INCIDENT_EDIT, on=incident):
        scope = session().get_one(Scope, case.scope_id)
        (person,) = people.victims(actor, [who], scope, draft_of=None)
        violations = _violations(incident, row.person, person)
        _stays(row.stay, person, violations)
        _reduce(row, count)
        changed(actor, incident)
    return person


def _violations(incident: Incident, group: Person, person: Person) -> dict[int, int]:
    """Say of somebody what was done to their group; return the violations by those of the group."""
    query = select(Violation).where(
        Violation.incident_id == incident.id, Violation.victim_id == group.id
    )
    done = session().scalars(query.order_by(Violation.id)).all()
    rows = [new_violation(incident, person.id, each.type) for each in done]
    add_all(rows)
    return {old.id: new.id for old, new in zip(done, rows, strict=True)}


def _stays(last: Stay, person: Person, violations: dict[int, int]) -> None:
    """Say where somebody was as long as they were one of a group, and what was done for it."""
    before: int | None = None
    parts: dict[int, Stay] = {}
    for stay in reversed(list(_way(last))):
        changes = {
            "person_id": person.id,
            "violation_id": violations.get(stay.violation_id or 0, stay.violation_id),
            "people": None,
            "follows_id": before,
            "began_with_id": stay.began_with_id,
            "ended_with_id": stay.ended_with_id,
        }
        made = custody.like(stay, **changes)
        add_all([made])
        before, parts[stay.id] = made.id, made
    steps.take_along(parts)


def _way(last: Stay) -> Iterator[Stay]:
    """Yield a stay and those before it, the last first."""
    stay: Stay | None = last
    while stay is not None:
        yield stay
        stay = session().get(Stay, stay.follows_id) if stay.follows_id else None


def _reduce(row: PersonStay, count: int) -> None:
    """Let a group, and those of it who are there, be so many fewer."""
    group, stay = row.person, row.stay
    if group is None or stay is None:
        return
    if group.head_count is not None:
        group.head_count -= count
        group.changed_at = clock.now()
    if stay.people is not None:
        stay.people -= count
    stay.changed_at = clock.now()
