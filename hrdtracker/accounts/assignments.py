"""Who works where now: colleagues to choose from, and each as the rules know them."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from hrdtracker.access.actor import Actor, Seat
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts.sessions import in_force
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring

ON_CASES = frozenset({Role.MONITOR, Role.DIRECTOR})
"""Roles whose holders may open whole cases."""
NEAR_CASES = ON_CASES | {Role.FUND_OFFICER}
"""Roles whose holders may see at least the outline of a case."""


def actor_of(user: User) -> Actor:
    """Return a user as the rules know them, with the roles that count now."""
    return actors_of([user])[user.id]


def actors_of(users: Iterable[User]) -> dict[int, Actor]:
    """Return users as the rules know them, by number; one statement."""
    wanted = {user.id: user for user in users}
    query = select(Membership).where(Membership.user_id.in_(wanted), in_force(clock.now()))
    seats: dict[int, set[Seat]] = {number: set() for number in wanted}
    for held in session().scalars(query):
        seats[held.user_id].add(Seat(Role(held.role), held.office_id))
    return {
        number: Actor(user.id, user.uid, user.organisation_id, frozenset(seats[number]))
        for number, user in wanted.items()
    }


def colleagues(
    organisation_id: int, roles: Iterable[Role], office_id: int | None = None
) -> list[User]:
    """Return the active users who hold one of `roles`, in an office where one is given.

    Who holds a role for the whole organisation holds it in every office. In the order of their
    labels, which can be read.
    """
    holders = select(Membership.user_id).where(
        Membership.role.in_(list(roles)), in_force(clock.now())
    )
    if office_id is not None:
        holders = holders.where(
            or_(Membership.office_id == office_id, Membership.office_id.is_(None))
        )
    query = select(User).where(
        User.organisation_id == organisation_id,
        User.state == UserState.ACTIVE,
        User.id.in_(holders),
    )
    found = list(session().scalars(query))
    ring().load(user.data_key_id for user in found)
    return sorted(found, key=lambda user: ((user.label or user.login).casefold(), user.id))
