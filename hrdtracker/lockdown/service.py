"""Locking everything, opening it again, and saying whose passphrase can."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.accounts import sessions
from hrdtracker.accounts.assignments import candidates
from hrdtracker.authorised import authorised, carry_out
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.lockdown import queries
from hrdtracker.lockdown.model import KeyHolder, ServerLock
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

TOO_FEW = N_(
    "Nothing was locked: two people must each have proved at the machine that they can unlock."
)
OF_SOMEBODY_ELSE = N_("This passphrase is somebody else’s: each person has their own.")
NOT_HERE = N_("This account is not active.")


def lock_everything(actor: Actor, organisation: Organisation, lock_names: Collection[str]) -> None:
    """Lock everything for everybody, on every machine; again changes nothing.

    `lock_names` are the locks of the key file that lies here. Raises WrongStatus unless two people
    have proved that their passphrases open it.
    """
    with authorised(actor, Action.SERVER_LOCK, within=organisation):
        holders = queries.key_holders(organisation, lock_names)
        if queries.proved(holders) < queries.PROVERS:
            raise WrongStatus(TOO_FEW)
        _lock(actor, organisation, clock.now())


def note_lock(actor: Actor, organisation: Organisation, since: datetime) -> None:
    """Write down that whoever holds the machine locked everything, where nobody is named for it.

    Every process that sees the lock may do so at once: the database keeps one.
    """

    def note() -> None:
        if queries.open_lock(organisation) is None:
            with authorised(actor, Action.SERVER_LOCK, within=organisation):
                _lock(actor, organisation, since)

    carry_out(note)


def unlock_everything(
    actor: Actor, organisation: Organisation, lock_name: str, since: datetime | None
) -> None:
    """Open everything again with the passphrase of one lock; everybody signs in anew.

    `since` is when this machine was locked, where it is: another one may have been opened before.
    """
    with authorised(actor, Action.SERVER_UNLOCK, within=organisation):
        lock = queries.open_lock(organisation)
        holder = _holder_of(lock_name)
        if lock is None and since is not None and not _was_locked(since):
            lock = ServerLock(organisation_id=organisation.id, locked_at=since)
            session().add(lock)
        if lock is not None:
            lock.unlocked_at = clock.now()
            lock.unlocked_by_id = holder.user_id if holder else None
        if holder is not None:
            holder.proved_at = clock.now()
        sessions.end_everybody()


def name_holder(actor: Actor, organisation: Organisation, user: User, lock_name: str) -> None:
    """Say that a lock of the key file is a user’s; what they proved with another counts no more."""
    with authorised(actor, Action.KEY_HOLDERS, within=organisation):
        _name(organisation, user, lock_name)
        _tell(actor, organisation, NoticeKind.KEY_HOLDERS)


def prove(actor: Actor, organisation: Organisation, user: User, lock_name: str) -> None:
    """Keep that a user typed the passphrase of a lock, which becomes theirs if it was nobody’s.

    Raises WrongStatus where it is somebody else’s.
    """
    with authorised(actor, Action.KEY_HOLDERS, within=organisation):
        _name(organisation, user, lock_name).proved_at = clock.now()
        _tell(actor, organisation, NoticeKind.KEY_HOLDERS)


def end_holder(actor: Actor, organisation: Organisation, user: User) -> None:
    """Say that a user’s passphrase opens the key file no more."""
    with authorised(actor, Action.KEY_HOLDERS, within=organisation):
        holder = _holder(user)
        if holder is not None:
            holder.ended_at = clock.now()
            _tell(actor, organisation, NoticeKind.KEY_HOLDERS)


def _lock(actor: Actor, organisation: Organisation, since: datetime) -> None:
    if queries.open_lock(organisation) is not None:
        return
    session().add(
        ServerLock(
            organisation_id=organisation.id,
            locked_at=since,
            locked_by_id=None if actor.operator else actor.id,
        )
    )
    _tell(actor, organisation, NoticeKind.SERVER_LOCKED)


def _was_locked(moment: datetime) -> bool:
    """Tell whether a lock is known that everything was under at this moment."""
    known = ServerLock.locked_at <= moment, ServerLock.unlocked_at >= moment
    return bool(session().scalar(select(exists().where(*known))))


def _tell(actor: Actor, organisation: Organisation, kind: NoticeKind) -> None:
    """Tell everybody who could have locked, but whoever acts."""
    able = candidates(organisation.id, Action.SERVER_LOCK)
    tell([other.id for other in able if other.id != actor.id], kind)


def _name(organisation: Organisation, user: User, lock_name: str) -> KeyHolder:
    """Return the user’s holding of this lock; another passphrase is proved anew."""
    if user.state != UserState.ACTIVE:
        raise WrongStatus(NOT_HERE)
    other = _holder_of(lock_name)
    if other is not None and other.user_id != user.id:
        raise WrongStatus(OF_SOMEBODY_ELSE)
    holder = _holder(user)
    if holder is None:
        holder = KeyHolder(
            organisation_id=organisation.id,
            user_id=user.id,
            lock_name=lock_name,
            named_at=clock.now(),
        )
        session().add(holder)
    elif holder.lock_name != lock_name:
        holder.lock_name, holder.proved_at = lock_name, None
    return holder


def _holder(user: User) -> KeyHolder | None:
    in_force = KeyHolder.user_id == user.id, KeyHolder.ended_at.is_(None)
    return session().scalar(select(KeyHolder).where(*in_force))


def _holder_of(lock_name: str) -> KeyHolder | None:
    in_force = KeyHolder.lock_name == lock_name, KeyHolder.ended_at.is_(None)
    return session().scalar(select(KeyHolder).where(*in_force))
