"""Who works where now: colleagues to choose from, and each as the rules know them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Seat
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts.model import Proposal
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.seal import ring

SIGN_IN = (UserState.ACTIVE,)
NOT_LEFT = tuple(state for state in UserState if state != UserState.LEFT)
RESTORED_WITHIN = timedelta(days=14)
"""After a new code roles wait for so long, and end then."""
NO_COLLEAGUE = N_("Choose a colleague from the list.")


def actor_of(user: User) -> Actor:
    """Return a user as the rules know them, with the roles that count now."""
    return actors_of([user])[user.id]


def actors_of(users: Iterable[User]) -> dict[int, Actor]:
    """Return users as the rules know them, by number; one statement."""
    numbers = [user.id for user in users]
    return {actor.id: actor for actor in _actors(User.id.in_(numbers))}


def at_work(organisation_id: int) -> list[Actor]:
    """Return the active users as the rules know them; one statement."""
    return _actors(User.organisation_id == organisation_id, User.state.in_(SIGN_IN))


def candidates(organisation_id: int, action: Action) -> list[Actor]:
    """Return the active users whose roles leave open that they may do `action`; one statement."""
    return [actor for actor in at_work(organisation_id) if policy.could(actor, action)]


def colleagues(
    organisation_id: int,
    action: Action,
    office_id: int | None = None,
    states: Iterable[UserState] = SIGN_IN,
) -> list[User]:
    """Return the users whose roles, in an office where one is given, leave `action` open.

    Who holds a role for the whole organisation holds it in every office. In the order of what
    they are called; their labels can be read.
    """
    of_organisation = User.organisation_id == organisation_id, User.state.in_(list(states))
    able = [
        user
        for (user,), seats in _seated([User], *of_organisation, roles=_in_office(office_id))
        if policy.could(Actor(user.id, user.uid, organisation_id, seats), action)
    ]
    ring().load(user.data_key_id for user in able)
    return sorted(able, key=lambda user: (user.display_name.casefold(), user.id))


def lately_at_work(organisation_id: int, since: datetime) -> list[Actor]:
    """Return everybody with all roles that counted at some time since, whatever became of them.

    Also the roles that wait since somebody else made a new code.
    """
    new_codes = select(Proposal.user_id).where(
        Proposal.action == Action.ROLE_RESTORE, Proposal.proposed_at > since - RESTORED_WITHIN
    )
    held = and_(
        or_(Membership.ends_at.is_(None), Membership.ends_at > since),
        or_(Membership.counts_since.is_not(None), Membership.user_id.in_(new_codes)),
    )
    return _actors(User.organisation_id == organisation_id, roles=held)


def _actors(
    *conditions: ColumnElement[bool], roles: ColumnElement[bool] | None = None
) -> list[Actor]:
    columns = [User.id, User.uid, User.organisation_id]
    return [
        Actor(number, uid, organisation, seats)
        for (number, uid, organisation), seats in _seated(columns, *conditions, roles=roles)
    ]


def _in_office(office_id: int | None) -> ColumnElement[bool]:
    """Return the condition on roles that count now, in an office if one is given."""
    counts = Membership.counts(clock.now())
    if office_id is None:
        return counts
    return counts & or_(Membership.office_id == office_id, Membership.office_id.is_(None))


def _seated(
    shown: Sequence[Any], *conditions: ColumnElement[bool], roles: ColumnElement[bool] | None
) -> Iterator[tuple[tuple[Any, ...], frozenset[Seat]]]:
    """Yield what is shown of users, with some of their roles; those that count now, unless said."""
    counting = _in_office(None) if roles is None else roles
    counts = and_(Membership.user_id == User.id, counting)
    query = select(*shown, Membership.role, Membership.office_id).outerjoin(Membership, counts)
    rows = session().execute(query.where(*conditions).order_by(User.id))
    for user, memberships in groupby(rows, key=lambda row: tuple(row[: len(shown)])):
        seats = (Seat(Role(role), office) for *_, role, office in memberships if role is not None)
        yield user, frozenset(seats)


def colleague(actor: Actor, uid: UUID) -> User | None:
    """Return an active colleague by their uid; None where there is none."""
    query = select(User).where(
        User.uid == uid,
        User.organisation_id == actor.organisation_id,
        User.state == UserState.ACTIVE,
    )
    return session().scalar(query)


def colleague_id(actor: Actor, uid: UUID | None, field: str) -> int | None:
    """Return the number of an active colleague, None for nobody; raises Refused beside `field`."""
    if uid is None:
        return None
    user = colleague(actor, uid)
    if user is None:
        raise Refused({field: NO_COLLEAGUE})
    return user.id
