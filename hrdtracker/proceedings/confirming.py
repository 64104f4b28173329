"""“Still so, confirmed today”: one act for all that a proceeding says of somebody, or a hearing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.guarding import family_of, in_each_case, parties_in
from hrdtracker.proceedings.model import (
    Charge,
    CourtOrder,
    DefenceRequest,
    Hearing,
    Judgment,
    LegalTitle,
    Party,
    Proceeding,
)


def confirm_party(actor: Actor, proceeding: Proceeding, uid: UUID) -> None:
    """Note who says now that all is still so which a proceeding says of somebody.

    Charges, grounds of custody that hold, orders, judgments, requests. Raises Refused where they
    are not in it, or not theirs to read.
    """
    parties = parties_in(actor, proceeding, [uid])
    with authorised(actor, Action.PROCEEDING_RECORD, within=proceeding):

        def confirm(some: list[Party]) -> list[Party]:
            for party in some:
                for row in _of_party(party, family_of(proceeding)):
                    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.id
            return some

        in_each_case(actor, parties, confirm)


def confirm_hearing(actor: Actor, hearing: Hearing) -> None:
    """Note who says now that a hearing is still so."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing):
        hearing.confirmed_at, hearing.confirmed_by_id = clock.now(), actor.id


def _of_party(party: Party, family: Select[tuple[int]]) -> Iterator[Any]:
    """Yield what a proceeding, with those joined into it, says of somebody in one case."""
    same = select(Party.id).where(
        Party.proceeding_id.in_(family),
        Party.scope_id == party.scope_id,
        Party.person_id == party.person_id,
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
