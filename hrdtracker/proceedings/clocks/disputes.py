"""A legal officer disputes a limit: both ends stand from then on, until somebody ends that."""

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock as hour
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.proceedings.clocks.disputed import open_disputes
from hrdtracker.proceedings.clocks.drafts import DisputeDraft
from hrdtracker.proceedings.clocks.model import Clock, ClockDispute

DISPUTED_ALREADY = N_("This limit is disputed already. End that first.")
NOT_DISPUTED = N_("Nobody disputes this limit any more.")
SET_BY_TWO = N_("Two people set this end: it takes two to let it stand as it is counted.")


@idempotent
def dispute(actor: Actor, kept: Clock, draft: DisputeDraft) -> ClockDispute:
    """Say that a limit ends otherwise than it was counted; raises WrongStatus for a second time."""
    with authorised(actor, Action.CLOCK_DISPUTE, on=kept, sending=draft.sending) as signature:
        if open_dispute(kept) is not None:
            raise WrongStatus(DISPUTED_ALREADY)
        for earlier in open_disputes({kept.scope_id}).every(kept.identity):  # of an earlier custody
            earlier.ended_at, earlier.ended_by_id = hour.now(), actor.id
        session().flush()
        of_case = select(Case.data_key_id).where(Case.scope_id == kept.scope_id)
        key = session().scalars(of_case).one()
        ring().load([key])
        row = ClockDispute(
            scope_id=kept.scope_id,
            data_key_id=key,
            person_id=kept.person_id,
            stay_id=kept.stay_id if kept.person_id is None else None,
            proceeding_id=kept.proceeding_id,
            clock=kept.clock,
            ends_at=draft.ends_at,
            counted_earliest=kept.ends_earliest,
            reason=draft.reason,
            disputed_by_id=actor.id,
            disputed_at=hour.now(),
        )
        session().add(row)
        session().flush()
        signature.about(row)
    return row


def end_dispute(actor: Actor, kept: Clock) -> None:
    """Let a limit stand as it is counted; raises WrongStatus where nobody disputes it.

    What two people set takes two to undo.
    """
    with authorised(actor, Action.CLOCK_DISPUTE, on=kept) as signature:
        row = open_dispute(kept)
        if row is None:
            raise WrongStatus(NOT_DISPUTED)
        if row.replaced_at is not None:
            raise WrongStatus(SET_BY_TWO)
        row.ended_at, row.ended_by_id = hour.now(), actor.id
        signature.about(row)


def open_dispute(kept: Clock) -> ClockDispute | None:
    """Return in which way a limit is disputed now; a dispute of an earlier custody is none."""
    if kept.disputed_end is None:
        return None
    return open_disputes({kept.scope_id}).about(kept.identity)


def who_disputes(row: ClockDispute) -> User:
    """Return the legal officer who disputes a limit; their name can be read."""
    user = session().get_one(User, row.disputed_by_id)
    ring().load([user.data_key_id, row.data_key_id])
    return user


def may_dispute(actor: Actor, kept: Clock) -> bool:
    """Tell whether somebody may dispute a limit, and end that."""
    return policy.allows(actor, Action.CLOCK_DISPUTE, kept)
