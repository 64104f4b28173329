"""How often somebody tried a wrong password with a user name while its owner was away."""

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts.model import LoginSession
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.core.db import session

OWN_SLIPS = 2
"""As many are taken for the owner’s own."""


def since_last_session(login: str) -> int:
    """Return how many failed since the session before the present one began; 0 for a slip or two.

    What was not heard, because it had to wait, counts for nothing.
    """
    name = login.strip().casefold()
    began = (
        select(LoginSession.began_at)
        .join(User, User.id == LoginSession.user_id)
        .where(User.login == name)
        .order_by(LoginSession.began_at.desc(), LoginSession.id.desc())
        .offset(1)
        .limit(1)
    )
    last = session().scalar(began)
    if last is None:
        return 0
    query = select(func.count()).where(
        AuditEntry.subject_uid == select(User.uid).where(User.login == name).scalar_subquery(),
        AuditEntry.action == Action.SESSION_BEGIN,
        AuditEntry.outcome == Outcome.REFUSED,
        AuditEntry.at > last,
    )
    attempts = session().scalar(query) or 0
    return attempts if attempts > OWN_SLIPS else 0
