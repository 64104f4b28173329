"""Ten codes on paper, for the day on which the device is not at hand: each once."""

from sqlalchemy import and_, func, select

from hrdtracker.access.model import User
from hrdtracker.accounts import codes
from hrdtracker.accounts.model import RecoveryCode
from hrdtracker.audit.guarded_update import set_if
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

COUNT = 10
LENGTH = 12
"""12 letters of 32 are 60 bits: what is kept of them is a keyed digest, and attempts are few."""


def renew(user: User) -> list[str]:
    """Return ten new codes of a user, to be shown once; the old ones end. Inside an open door."""
    void(user)
    fresh = [codes.new_code(LENGTH) for _ in range(COUNT)]
    session().add_all(
        RecoveryCode(user_id=user.id, code_digest=_digest(user, code)) for code in fresh
    )
    return fresh


def void(user: User) -> None:
    """End every code of a user that is left. Inside an open door."""
    unused = select(RecoveryCode).where(
        RecoveryCode.user_id == user.id, RecoveryCode.ended_at.is_(None)
    )
    for code in session().scalars(unused):
        code.ended_at = clock.now()


def use(user: User, typed: str) -> bool:
    """Use a code, once, and tell its owner; return whether it was one that is left. In a door."""
    unused = and_(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_digest == _digest(user, typed),
        RecoveryCode.ended_at.is_(None),
    )
    is_used = set_if(RecoveryCode, unused, ended_at=clock.now())
    if is_used:
        tell([user.id], NoticeKind.WAY_IN_CHANGED)
    return is_used


def left(user_id: int) -> int:
    """Return how many codes of a user are left."""
    query = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.ended_at.is_(None)
    )
    return session().scalar(query) or 0


def _digest(user: User, typed: str) -> bytes:
    text = f"{user.uid.hex}\0{codes.meant(typed)}"
    return bytes.fromhex(ring().vault.fingerprint("recovery code", text))
