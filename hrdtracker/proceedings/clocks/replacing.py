"""Two people set the end of a disputed limit, and why; an input that moves asks them again."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock as hour
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.proceedings.clocks.again import counted_again
from hrdtracker.proceedings.clocks.disputed import fingerprint, open_disputes, stands
from hrdtracker.proceedings.clocks.disputes import NOT_DISPUTED, open_dispute
from hrdtracker.proceedings.clocks.drafts import ReplacementDraft
from hrdtracker.proceedings.clocks.model import Clock, ClockDispute

ALREADY_SET = N_("Two people set this end already, and nothing has moved since.")
COUNTED_OTHERWISE = N_(
    "What it is counted from has moved since this was proposed. Propose it anew."
)


def propose_replacing(actor: Actor, kept: Clock, draft: ReplacementDraft) -> Proposal:
    """Propose that a limit ends as it is disputed, and not as it is counted; raises WrongStatus."""
    check_terms({"reason": ("limit_replacement", draft.reason)})
    with authorised(actor, Action.CLOCK_REPLACE, on=kept):
        row = _disputed(kept)
        found = counted_again(kept)
        if found is None or stands(row, found[1]):
            raise WrongStatus(ALREADY_SET if found else NOT_DISPUTED)
        return _propose(actor, row, because=draft.reason, counted_as=fingerprint(found[1]))


def propose_counting(actor: Actor, kept: Clock) -> Proposal:
    """Propose that a limit whose end two people set ends as it is counted; raises WrongStatus."""
    with authorised(actor, Action.CLOCK_REPLACE, on=kept):
        row = _disputed(kept)
        if row.replaced_at is None:
            raise WrongStatus(NOT_DISPUTED)
        return _propose(actor, row, because=None, counted_as=None)


def _disputed(kept: Clock) -> ClockDispute:
    row = open_dispute(kept)
    if row is None:
        raise WrongStatus(NOT_DISPUTED)
    return row


def _propose(
    actor: Actor, row: ClockDispute, *, because: str | None, counted_as: str | None
) -> Proposal:
    proposals.supersede(Action.CLOCK_REPLACE, row)
    values: dict[str, Any] = {
        "clock": row.clock,
        "ends": row.ends_at.isoformat(),
        "because": because,
        "counted_as": counted_as,
    }
    change = ProposedChange(values, scope_id=row.scope_id)
    return proposals.propose(actor, Action.CLOCK_REPLACE, row, change)


@consequence(Action.CLOCK_REPLACE)
class LimitReplaced:
    """The end of a limit as two people set it, or as it is counted again."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it stand; raises WrongStatus where what it is counted from has moved."""
        query = select(ClockDispute).where(ClockDispute.uid == proposal.subject_uid)
        row = session().scalars(query).one()
        lock(row)
        if row.ended_at is not None:
            raise WrongStatus(NOT_DISPUTED)
        values: dict[str, Any] = dict(proposal.values)
        if values["because"] is None:
            row.ended_at, row.ended_by_id = hour.now(), proposal.decided_by_id
            return
        if _counted_as(row) != values["counted_as"] or row.ends_at != _at(values["ends"]):
            raise WrongStatus(COUNTED_OTHERWISE)
        row.replaced_at, row.replaced_for = hour.now(), values["because"]
        row.proposed_by_id, row.replaced_by_id = proposal.proposed_by_id, proposal.decided_by_id
        row.counted_as = values["counted_as"]

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave it as it is: nothing held yet."""


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _counted_as(row: ClockDispute) -> str | None:
    """Return the digest of how the limit of a dispute is counted now."""
    disputes = open_disputes({row.scope_id})
    query = select(Clock).where(Clock.scope_id == row.scope_id, Clock.clock == row.clock)
    about = (one for one in session().scalars(query) if disputes.about(one.identity) is row)
    kept = next(about, None)
    found = counted_again(kept) if kept else None
    return fingerprint(found[1]) if found else None
