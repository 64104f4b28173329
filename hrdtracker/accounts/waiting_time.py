"""What takes two where nobody second is there: it counts 72 hours after two others have seen it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import User, UserState
from hrdtracker.access.permissions.accounts import IS_THERE_FOR_IT
from hrdtracker.access.permissions.power import TAKES_TWO, Effect
from hrdtracker.accounts.assignments import lately_at_work
from hrdtracker.accounts.model import Proposal
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice

WAITS_FOR = timedelta(hours=72)
OTHERS = 2
"""How many must have seen it, besides whoever proposed it and whom it is for."""
GONE_FOR = timedelta(days=30)
"""Whoever could confirm it this lately counts as there: nobody ends a role to wait instead."""
COUNTS_BY_WAITING = [
    action
    for action, power in TAKES_TWO.items()
    if power.effect == Effect.WIDENS and action != Action.CASE_APPEAL
]
"""Not an appeal: it would be granted by whoever does not answer."""


def counts_from(proposal: Proposal) -> datetime | None:
    """Return from when an act counts unconfirmed; None as long as it waits for a second person."""
    if proposal.action not in COUNTS_BY_WAITING or is_somebody_there(proposal):
        return None
    seen = sorted(_seen_by_others(proposal))
    return seen[OTHERS - 1] + WAITS_FOR if len(seen) >= OTHERS else None


def is_somebody_there(proposal: Proposal) -> bool:
    """Tell whether somebody could have been the second person lately.

    Whoever is locked, was given a new code or let go meanwhile counts as well: else whoever does
    that to them would need no second person any more.
    """
    actors = lately_at_work(proposal.organisation_id, clock.now() - GONE_FOR)
    return bool(policy.whom_it_fits(actors, IS_THERE_FOR_IT, proposal))


def _seen_by_others(proposal: Proposal) -> list[datetime]:
    """Return when others said that they understood it: each once, and no account of its proposer.

    Nor one of whom it is for. An account belongs to whoever made the code with which it came in,
    until a third person has answered for it.
    """
    query = (
        select(Notice.user_id, Notice.seen_at)
        .join(User, User.id == Notice.user_id)
        .where(
            Notice.about_uid == proposal.uid,
            Notice.kind == NoticeKind.PROPOSED,
            Notice.seen_at.is_not(None),
            User.state == UserState.ACTIVE,
        )
        .order_by(Notice.seen_at.desc())
    )
    first = {user_id: seen_at for user_id, seen_at in session().execute(query) if seen_at}
    controlled = _accounts_of({proposal.proposed_by_id, proposal.user_id})
    return [seen_at for user_id, seen_at in first.items() if user_id not in controlled]


def _accounts_of(people: set[int | None]) -> set[int | None]:
    """Return people with every account that they let in, and that those let in."""
    query = select(User.id, User.let_in_by_id).where(User.let_in_by_id.is_not(None))
    let_in = [(number, by) for number, by in session().execute(query)]
    accounts, before = set(people), 0
    while len(accounts) > before:
        before = len(accounts)
        accounts |= {number for number, by in let_in if by in accounts}
    return accounts
