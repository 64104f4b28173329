"""Whether everything is locked, who can open it, and when it was locked before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.lockdown.model import KeyHolder, ServerLock

PROVERS = 2
"""How many people must each have proved that they can unlock, before the pages offer to lock."""
LATEST = 10
OPEN_LOCK = select(ServerLock.id).where(ServerLock.unlocked_at.is_(None)).limit(1)
"""The question whether everything is locked, for whoever has a connection and no session."""


@dataclass(frozen=True)
class HolderLine:
    """Somebody with a passphrase of the key file; `proved_at` is when they last showed it."""

    user: User
    lock_name: str
    proved_at: datetime | None


@dataclass(frozen=True)
class LockLine:
    """A time when everything was locked; without a user, at the machine itself."""

    locked_at: datetime
    locked_by: User | None
    unlocked_at: datetime | None
    unlocked_by: User | None


def open_lock(organisation: Organisation) -> ServerLock | None:
    """Return the lock that everything is under now, if there is one."""
    query = select(ServerLock).where(
        ServerLock.organisation_id == organisation.id, ServerLock.unlocked_at.is_(None)
    )
    return session().scalar(query)


def key_holders(organisation: Organisation, lock_names: Collection[str]) -> list[HolderLine]:
    """Return who has a passphrase of a key file with these locks, and has not left, by name."""
    query = (
        select(User, KeyHolder)
        .join(KeyHolder, KeyHolder.user_id == User.id)
        .where(
            KeyHolder.organisation_id == organisation.id,
            KeyHolder.ended_at.is_(None),
            KeyHolder.lock_name.in_(lock_names),
            User.state == UserState.ACTIVE,
        )
    )
    rows = session().execute(query).all()
    ring().load(user.data_key_id for user, _ in rows)
    lines = [HolderLine(user, holder.lock_name, holder.proved_at) for user, holder in rows]
    return sorted(lines, key=lambda line: (line.user.display_name.casefold(), line.user.id))


def lock_of(user: User) -> str | None:
    """Return the name of the lock of the key file that is a user’s, whether they left or not."""
    in_force = KeyHolder.user_id == user.id, KeyHolder.ended_at.is_(None)
    return session().scalar(select(KeyHolder.lock_name).where(*in_force))


def proved(holders: Sequence[HolderLine]) -> int:
    """Return how many people have proved that they can unlock."""
    return sum(line.proved_at is not None for line in holders)


def past_locks(actor: Actor) -> list[LockLine]:
    """Return when everything was locked, the latest first, to whoever may lock it."""
    seen = policy.visible(actor, Action.SERVER_LOCK, Organisation).with_only_columns(
        Organisation.id
    )
    query = (
        select(ServerLock)
        .where(ServerLock.organisation_id.in_(seen))
        .order_by(ServerLock.locked_at.desc())
        .limit(LATEST)
    )
    locks = session().scalars(query).all()
    numbers = {number for lock in locks for number in (lock.locked_by_id, lock.unlocked_by_id)}
    users = {user.id: user for user in session().scalars(select(User).where(User.id.in_(numbers)))}
    ring().load(user.data_key_id for user in users.values())
    return [
        LockLine(
            lock.locked_at,
            users.get(lock.locked_by_id or 0),
            lock.unlocked_at,
            users.get(lock.unlocked_by_id or 0),
        )
        for lock in locks
    ]
