"""How often somebody tried a wrong password with a user name while its owner was away."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts.model import LoginSession
from hrdtracker.accounts.sessions import digest
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.core.db import session

OWN_SLIPS = 2
"""As many are taken for the owner’s own."""


def since_last_session(token: str) -> int:
    """Return how many failed since the session before this one began; 0 for a slip or two.

    A session whose second factor was never shown is none: whoever began it may be a stranger. What
    was not heard, because it had to wait, counts for nothing.
    """
    present, before = aliased(LoginSession), aliased(LoginSession)
    query = (
        select(User.uid, before.began_at)
        .join(present, present.user_id == User.id)
        .join(before, and_(before.user_id == User.id, before.id < present.id))
        .where(present.token_digest == digest(token), before.proven_at.is_not(None))
        .order_by(before.id.desc())
        .limit(1)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return 0
    failed = select(func.count()).where(
        AuditEntry.subject_uid == row.uid,
        AuditEntry.action == Action.SESSION_BEGIN,
        AuditEntry.outcome == Outcome.REFUSED,
        AuditEntry.at > row.began_at,
    )
    attempts = session().scalar(failed) or 0
    return attempts if attempts > OWN_SLIPS else 0
