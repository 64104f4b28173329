"""What violations of older versions say of custody becomes stays, a case an entry, once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.seal import passing_ring
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import says_held
from hrdtracker.incidents.custody import CustodyWord, arrest_codes, meaning, new_stays
from hrdtracker.incidents.model import Incident, IncidentStatus, Violation

AT_ONCE = 50
"""Cases in one act: others wait while it is written."""
Beside = aliased(Violation)
"""What else an incident says of the same person."""


def waits() -> int:
    """Return in how many cases violations still say where somebody is."""
    return session().scalar(select(func.count(Case.id)).where(Case.id.in_(_cases()))) or 0


def move_all(actor: Actor, organisation: Organisation, say: Callable[[int], object]) -> int:
    """Let stays say all that violations say of custody; return in how many cases they did.

    It can be stopped at any time: what was moved stays so, and the rest is moved the next time.
    """
    done = 0
    while cases := _next():
        with passing_ring() as keys:
            keys.load(case.data_key_id for case in cases)
            _move(actor, organisation, cases)
        done += len(cases)
        say(done)
    return done


def _next() -> Sequence[Case]:
    query = select(Case).where(Case.id.in_(_cases())).order_by(Case.id).limit(AT_ONCE)
    return session().scalars(query).all()


def _cases() -> Any:
    return (
        select(Incident.case_id)
        .join(Violation, Violation.incident_id == Incident.id)
        .where(or_(*_said()))
    )


def _said() -> Iterable[ColumnElement[bool]]:
    """Yield the conditions that a violation says of custody what a stay is to say."""
    yield Violation.arrived.part(Violation, "precision").is_not(None)
    yield getattr(Violation, Violation.place_held.column).is_not(None)
    yield Violation.confirmed_at.is_not(None)
    every = [word.code for word in terms().every("victim_status")]
    yield Violation.status_at_end.in_([code for code in every if not CustodyWord(code).kept])
    implied = or_(
        Violation.type.in_(arrest_codes()),
        Violation.status_at_end.in_([code for code in every if meaning(code)[0]]),
    )
    same = or_(
        Beside.victim_id == Violation.victim_id,
        and_(Beside.victim_id.is_(None), Beside.id == Violation.id),
    )
    stays = (
        select(Stay.id)
        .join(Beside, Beside.id == Stay.violation_id)
        .where(Beside.incident_id == Violation.incident_id, same)
        .correlate(Violation)
    )
    yield and_(implied, not_(stays.exists()))


@dataclass
class _CaseSoFar:
    """What was moved of a case: the stay of each person that goes on, and the rows it is about."""

    last: dict[int, Stay] = field(default_factory=dict)
    rows: list[Stay | Violation] = field(default_factory=list)


def _move(actor: Actor, organisation: Organisation, cases: Sequence[Case]) -> None:
    with authorised(actor, Action.STATE_RECORD, within=organisation) as signature:
        places: dict[str, int] = {}
        for place, case in enumerate(cases):
            for row in _move_case(actor, case):
                places[row.uid.hex] = place
        session().flush()
        acts = [(Action.STATE_RECORD, case) for case in cases]
        signature.divide(acts, lambda change: places[change["uid"]])


def _move_case(actor: Actor, case: Case) -> list[Stay | Violation]:
    """Move what the incidents of a case say, the first first; inside an open door."""
    query = (
        select(Incident, Violation)
        .join(Violation, Violation.incident_id == Incident.id)
        .where(Incident.case_id == case.id)
        .order_by(Incident.occurred_sort, Incident.id, Violation.id)
    )
    so_far = _CaseSoFar()
    rows = session().execute(query).all()
    for incident, told in groupby(rows, lambda row: row.Incident):
        by_victim: dict[int | str, list[Violation]] = {}
        for _, row in told:
            by_victim.setdefault(row.victim_id or f"violation {row.id}", []).append(row)
        for violations in by_victim.values():
            _move_victim(actor, incident, violations, so_far)
    return so_far.rows


def _move_victim(
    actor: Actor, incident: Incident, rows: Sequence[Violation], so_far: _CaseSoFar
) -> None:
    """Move what an incident says of one victim: of several words a status is the last."""
    last = max(rows, key=lambda row: (row.status_at_end is not None, row.id))
    held = [row for row in rows if _is_of_custody(row)] or [last]
    word = CustodyWord(
        last.status_at_end,
        next((row.arrived for row in held if row.arrived), None),
        next((row.place_held for row in held if row.place_held), None),
    )
    stays = new_stays(actor, incident, held[0], word, None)
    for stay in stays:
        stay.recorded_by_id, stay.recorded_at = incident.recorded_by_id, incident.recorded_at
        if says_held(stay):
            stay.confirmed_at, stay.confirmed_by_id = last.confirmed_at, last.confirmed_by_id
    victim = last.victim_id
    if victim is not None and incident.status != IncidentStatus.DRAFT and (stays or word.status):
        before = so_far.last.pop(victim, None)
        if before is not None and before.end_kind is None:
            custody.end(before, custody.UNKNOWN)
        if stays:
            so_far.last[victim] = stays[-1]
    session().add_all(stays)
    for row in rows:
        row.arrived = row.place_held = row.confirmed_at = row.confirmed_by_id = None
        row.status_at_end = CustodyWord(row.status_at_end).kept
    so_far.rows += [*stays, *rows]


def _is_of_custody(row: Violation) -> bool:
    is_placed = Violation.place_held.ciphertext(row) is not None
    return is_placed or row.type in arrest_codes() or row.arrived is not None
