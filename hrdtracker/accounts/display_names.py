"""What colleagues are called on a page."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select, true

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User, UserState
from hrdtracker.accounts import assignments
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring


def as_choices(users: Iterable[User]) -> list[tuple[str, str]]:
    """Return (uid, what they are called) of users: a form and an address name a user by the uid."""
    return [(user.uid.hex, user.display_name) for user in users]


def labels(uids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the labels of users by uid; one statement, and one for the key where it is new."""
    return {user.uid: user.display_name for user in _users(User.uid.in_(set(uids)), uids)}


def labels_by_id(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the labels of users by their number."""
    present = {number for number in ids if number is not None}
    return {user.id: user.display_name for user in _users(User.id.in_(present), present)}


def _users(condition: ColumnElement[bool], values: Iterable[object]) -> list[User]:
    if not set(values):
        return []
    users = list(session().scalars(select(User).where(condition)))
    ring().load(user.data_key_id for user in users)
    return users


def colleagues(actor: Actor) -> list[tuple[str, str]]:
    """Return (uid, label) of the others who work on cases in the actor's organisation."""
    users = assignments.colleagues(actor.organisation_id, Action.CASE_READ)
    return as_choices(user for user in users if user.id != actor.id)


def active(
    actor: Actor, which: ColumnElement[bool] | None = None, *, oneself: bool = False
) -> list[tuple[str, str]]:
    """Return (uid, label) of whoever can sign in, in the actor's organisation, by label."""
    users = _users(
        and_(
            User.organisation_id == actor.organisation_id,
            User.state == UserState.ACTIVE,
            or_(User.id != actor.id, literal(oneself)),
            true() if which is None else which,
        ),
        [actor.id],
    )
    return sorted(as_choices(users), key=lambda choice: choice[1])
