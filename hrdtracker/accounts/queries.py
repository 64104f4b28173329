"""Users, their roles and what waits to be confirmed, as the pages and the console show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Membership, Office, Organisation, User
from hrdtracker.accounts import sessions
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import Listing, Page, itself
from hrdtracker.core.seal import ring

Proposer = aliased(User)
"""Whoever proposed a role, beside whose it is."""


@dataclass(frozen=True)
class RoleLine:
    """One role of a user; `counts` tells whether it gives anything now."""

    uid: UUID
    role: str
    office: Office | None
    starts_at: datetime
    ends_at: datetime | None
    counts: bool
    waits: bool
    alone: bool


@dataclass(frozen=True)
class UserLine:
    """One user in a list."""

    user: User
    roles: Sequence[RoleLine]


@dataclass(frozen=True)
class Waiting:
    """A role that a second person is to confirm; `counts` where it counts already."""

    uid: UUID
    role: str
    office: Office | None
    since: datetime
    ends_at: datetime | None
    user: User
    proposer: User | None
    counts: bool


def own_organisation(actor: Actor, action: Action) -> Organisation:
    """Return the actor's organisation where they may do `action` to it; raises NotFound."""
    organisation = session().scalar(policy.visible(actor, action, Organisation))
    if organisation is None:
        raise NotFound
    return organisation


def the_organisation() -> Organisation | None:
    """Return the organisation that this instance was set up for, for whoever holds the machine."""
    return session().scalar(select(Organisation).order_by(Organisation.id).limit(1))


def offices(actor: Actor) -> list[Office]:
    """Return the offices of the actor's organisation, by their codes."""
    query = select(Office).where(Office.organisation_id == actor.organisation_id)
    return list(session().scalars(query.order_by(Office.code)))


def users(actor: Actor, state: str | None, token: str | None) -> tuple[list[UserLine], Page[User]]:
    """Return a page of the users whom the actor may see, the newest first, and its place."""
    query = policy.visible(actor, Action.USER_READ, User)
    if state:
        query = query.where(User.state == state)
    page = Listing(query, User.created_at, User.id, itself).page(token)
    ring().load(user.data_key_id for user in page.rows)
    return _lines(page.rows), page


def all_users(organisation: Organisation) -> list[UserLine]:
    """Return every user of an organisation by user name, for whoever holds the machine."""
    query = select(User).where(User.organisation_id == organisation.id).order_by(User.login)
    return _lines(session().scalars(query).all())


def _lines(users: Sequence[User]) -> list[UserLine]:
    roles = roles_of(user.id for user in users)
    return [UserLine(user, roles.get(user.id, ())) for user in users]


def roles_of(user_ids: Iterable[int], *, ended: bool = False) -> dict[int, list[RoleLine]]:
    """Return the roles of some users by the user's number, in one statement."""
    moment = clock.now()
    counting = sessions.in_force(moment).label("counting")
    waiting = sessions.waits_for_another().label("waiting")
    query = (
        select(Membership, Office, counting, waiting)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(Membership.user_id.in_(list(user_ids)))
        .order_by(Membership.starts_at.desc(), Membership.id.desc())
    )
    roles: dict[int, list[RoleLine]] = {}
    for role, office, counts, waits in session().execute(query):
        if ended or role.ends_at is None or role.ends_at > moment:
            line = RoleLine(
                role.uid, role.role, office, role.starts_at, role.ends_at,
                bool(counts), bool(waits), role.alone,
            )  # fmt: skip
            roles.setdefault(role.user_id, []).append(line)
    return roles


def membership(user: User, uid: UUID) -> Membership:
    """Return one role of a user; raises NotFound."""
    query = select(Membership).where(Membership.user_id == user.id, Membership.uid == uid)
    role = session().scalar(query)
    if role is None:
        raise NotFound
    return role


def waiting(actor: Actor) -> list[Waiting]:
    """Return the roles that the actor may confirm, the oldest first.

    Those that wait, and those that took effect while nobody else could confirm them.
    """
    query = (
        policy.visible(actor, Action.ROLE_CONFIRM, Membership)
        .where(sessions.waits_for_another())
        .order_by(Membership.starts_at, Membership.id)
    )
    rows = list(session().scalars(query))
    people = _users_by_id({id_ for row in rows for id_ in (row.user_id, row.proposed_by_id)})
    places = {office.id: office for office in offices(actor)}
    return [
        Waiting(
            row.uid, row.role, places.get(row.office_id or 0), row.starts_at, row.ends_at,
            people[row.user_id], people.get(row.proposed_by_id or 0), row.alone,
        )
        for row in rows
    ]  # fmt: skip


def own_waiting(actor: Actor) -> list[Waiting]:
    """Return the roles of the actor’s own that do not count until they are confirmed."""
    query = (
        select(Membership, Office, User, Proposer)
        .join(User, User.id == Membership.user_id)
        .outerjoin(Office, Office.id == Membership.office_id)
        .outerjoin(Proposer, Proposer.id == Membership.proposed_by_id)
        .where(
            Membership.user_id == actor.id,
            Membership.confirmed_at.is_(None),
            sessions.waits_for_another(),
        )
        .order_by(Membership.starts_at, Membership.id)
    )
    roles = [
        Waiting(row.uid, row.role, office, row.starts_at, row.ends_at, user, proposer, row.alone)
        for row, office, user, proposer in session().execute(query)
    ]
    ring().load(role.proposer.data_key_id for role in roles if role.proposer)
    return roles


def waits(membership: Membership) -> bool:
    """Tell whether a role is to be confirmed by a second person."""
    query = select(Membership.id).where(
        Membership.id == membership.id, sessions.waits_for_another()
    )
    return session().scalar(query) is not None


def everybody(actor: Actor) -> dict[UUID, str]:
    """Return what colleagues call every user of the actor's organisation, by user name."""
    query = select(User).where(User.organisation_id == actor.organisation_id).order_by(User.login)
    users = list(session().scalars(query))
    ring().load(user.data_key_id for user in users)
    return {user.uid: user.display_name for user in users}


def holders(actor: Actor, uids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what colleagues call those who hold some roles, by the uid of the role.

    Whoever tried to reach a role of another organisation is on the trail; whose it is, is not.
    """
    query = (
        select(Membership.uid, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.uid.in_(set(uids)), User.organisation_id == actor.organisation_id)
    )
    rows = [(uid, user) for uid, user in session().execute(query)]
    ring().load(user.data_key_id for _, user in rows)
    return {uid: user.display_name for uid, user in rows}


def _users_by_id(ids: Iterable[int | None]) -> dict[int, User]:
    present = [number for number in ids if number is not None]
    users = list(session().scalars(select(User).where(User.id.in_(present))))
    ring().load(user.data_key_id for user in users)
    return {user.id: user for user in users}
