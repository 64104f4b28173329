"""What colleagues are called on a page."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts.sessions import in_force
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring


def labels(uids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the labels of users by uid; one statement, and one for the key where it is new."""
    return {user.uid: user.label or user.login for user in _users(User.uid.in_(set(uids)), uids)}


def labels_by_id(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the labels of users by their number."""
    wanted = {each for each in ids if each is not None}
    return {user.id: user.label or user.login for user in _users(User.id.in_(wanted), wanted)}


def _users(condition: ColumnElement[bool], wanted: Iterable[object]) -> list[User]:
    if not set(wanted):
        return []
    users = list(session().scalars(select(User).where(condition)))
    ring().load(user.data_key_id for user in users)
    return users


def colleagues(actor: Actor) -> list[tuple[str, str]]:
    """Return (uid, label) of the others who work on cases in the actor's organisation."""
    works = select(Membership.user_id).where(
        Membership.role.in_([Role.MONITOR, Role.DIRECTOR]), in_force(clock.now())
    )
    found = _users(
        and_(
            User.organisation_id == actor.organisation_id,
            User.state == UserState.ACTIVE,
            User.id != actor.id,
            User.id.in_(works),
        ),
        [actor.id],
    )
    named = [(user.uid.hex, user.label or user.login) for user in found]
    return sorted(named, key=lambda each: each[1])


def active(actor: Actor, *, oneself: bool = False) -> list[tuple[str, str]]:
    """Return (uid, label) of whoever can sign in, in the actor's organisation, by label."""
    found = _users(
        and_(
            User.organisation_id == actor.organisation_id,
            User.state == UserState.ACTIVE,
            or_(User.id != actor.id, literal(oneself)),
        ),
        [actor.id],
    )
    named = [(user.uid.hex, user.label or user.login) for user in found]
    return sorted(named, key=lambda each: each[1])
