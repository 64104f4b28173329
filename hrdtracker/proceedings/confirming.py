"""“Still so, confirmed today”: one act for all that a proceeding says of somebody, or a hearing."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import N_, Stale
from hrdtracker.proceedings.guarding import family_of, in_each_case, parties_in
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    CourtOrder,
    DefenceRequest,
    Hearing,
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    Party,
    Proceeding,
)

LOOK_AGAIN = N_("It was changed, or confirmed, since you opened it. Look again.")


def seen_as(rows: Iterable[Entity]) -> str:
    """Return a digest that tells rows, as they are now, from any others and from a later version.

    What has no version never changes: a further step of it is a row of its own.
    """
    told = sorted((row.uid.hex, getattr(row, "version", 0)) for row in rows)
    return sha256(repr(told).encode()).hexdigest()


def confirm_party(actor: Actor, proceeding: Proceeding, uid: UUID, seen: str) -> None:
    """Note who says now that all is still so which a proceeding says of somebody.

    Charges, grounds of custody that hold, orders, judgments, requests. `seen` is the digest of
    these, with steps and appeals, as the person saw them. Raises Stale where it is another by now,
    Refused where they are not in it, or not theirs to read.
    """
    parties = parties_in(actor, proceeding, [uid])
    with authorised(actor, Action.PROCEEDING_RECORD, within=proceeding):

        def confirm(some: list[Party]) -> list[Party]:
            for party in some:
                rows = list(_of_party(party, family_of(proceeding)))
                _check_seen(seen, [*rows, *_steps_of(rows)])
                for row in rows:
                    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.id
            return some

        in_each_case(actor, parties, confirm)


def confirm_hearing(actor: Actor, hearing: Hearing, seen: str) -> None:
    """Note who says now that a hearing is still so; raises Stale where it was seen otherwise."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing):
        _check_seen(seen, [hearing])
        hearing.confirmed_at, hearing.confirmed_by_id = clock.now(), actor.id


def _check_seen(seen: str, rows: Iterable[Entity]) -> None:
    if seen_as(rows) != seen:
        raise Stale(LOOK_AGAIN)


def _of_party(party: Party, family: Select[tuple[int]]) -> Iterator[Any]:
    """Yield what a proceeding, with those joined into it, says of somebody in one case."""
    same = select(Party.id).where(
        Party.proceeding_id.in_(family),
        Party.scope_id == party.scope_id,
        Party.person_id == party.person_id,
        Party.role == party.role,
    )
    for model in (Charge, Judgment, DefenceRequest):
        yield from session().scalars(select(model).where(model.party_id.in_(same)))
    theirs: tuple[Any, ...] = (CourtOrder, LegalTitle)
    for each in theirs:
        of_person = select(each).where(
            each.proceeding_id.in_(family),
            each.scope_id == party.scope_id,
            each.person_id == party.person_id,
        )
        if each is LegalTitle:
            of_person = of_person.where(LegalTitle.ended.part(LegalTitle, "precision").is_(None))
        yield from session().scalars(of_person)


def _steps_of(rows: Iterable[Entity]) -> Iterator[Entity]:
    """Yield what became of charges, and appeals against judgments, among rows."""
    numbers = [row.id for row in rows if isinstance(row, Charge)]
    yield from session().scalars(select(ChargeOutcome).where(ChargeOutcome.charge_id.in_(numbers)))
    numbers = [row.id for row in rows if isinstance(row, Judgment)]
    yield from session().scalars(
        select(JudgmentAppeal).where(JudgmentAppeal.judgment_id.in_(numbers))
    )
