"""Users, their roles and what waits to be confirmed, as the pages and the console show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Membership, Office, Organisation, User, UserState
from hrdtracker.access.permissions.power import TAKES_TWO, Effect
from hrdtracker.accounts import sessions
from hrdtracker.accounts.assignments import candidates
from hrdtracker.accounts.model import STOPPED_WITHIN, Proposal
from hrdtracker.accounts.workflow import PROPOSAL
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import Listing, Page, itself
from hrdtracker.core.seal import ring

WIDENING = [action for action, power in TAKES_TWO.items() if power.effect == Effect.WIDENS]
DECIDING = (Action.PROPOSAL_CONFIRM, Action.PROPOSAL_TAKE_BACK, Action.PROPOSAL_STOP)


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
class ColleagueLine:
    """A colleague whose account one may lock: their roles, and when they were last here."""

    user: User
    roles: Sequence[RoleLine]
    seen_at: datetime | None


@dataclass(frozen=True)
class OpenProposal:
    """An act that takes two, as a page tells of it; `role` or `subject` where it is about one.

    `may` is what whoever reads it may do with it.
    """

    proposal: Proposal
    user: User | None
    subject: User | None
    proposer: User | None
    office: Office | None
    role: Membership | None
    may: frozenset[Action]
    decider: User | None = None
    """Who confirmed or refused it."""

    @property
    def holds(self) -> bool:
        """Whether it has taken effect, confirmed or not."""
        return self.proposal.effective_at is not None


def own_organisation(actor: Actor, action: Action) -> Organisation:
    """Return the actor's organisation where they may do `action` to it; raises NotFound."""
    organisation = session().scalar(policy.visible(actor, action, Organisation))
    if organisation is None:
        raise NotFound
    return organisation


def the_organisation() -> Organisation | None:
    """Return the organisation that this instance was set up for, for whoever holds the machine."""
    return session().scalar(select(Organisation).order_by(Organisation.id).limit(1))


def organisation_of(of: Proposal | User) -> Organisation:
    """Return the organisation of a user, or that an act which takes two is about."""
    return session().get_one(Organisation, of.organisation_id)


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
    query = select(User).where(User.organisation_id == organisation.id)
    return _lines(sorted(session().scalars(query), key=_by_login))


def colleagues_to_lock(actor: Actor) -> list[ColleagueLine]:
    """Return whose accounts the actor may lock, or sees locked, in the order of their names."""
    query = policy.visible(actor, Action.USER_LOCK, User).where(
        User.state != UserState.LEFT, User.id != actor.id
    )
    users = list(session().scalars(query))
    ring().load(user.data_key_id for user in users)
    seen = sessions.last_seen(user.id for user in users)
    lines = [ColleagueLine(line.user, line.roles, seen.get(line.user.id)) for line in _lines(users)]
    return sorted(lines, key=lambda line: (line.user.display_name.casefold(), line.user.id))


def _by_login(user: User) -> str:
    """Return what users are ordered by: the database cannot read it."""
    return user.login


def _lines(users: Sequence[User]) -> list[UserLine]:
    roles = roles_of(user.id for user in users)
    return [UserLine(user, roles.get(user.id, ())) for user in users]


def roles_of(user_ids: Iterable[int], *, ended: bool = False) -> dict[int, list[RoleLine]]:
    """Return the roles of some users by the user's number, in one statement."""
    moment = clock.now()
    counting = Membership.counts(moment).label("counting")
    waiting = sessions.waits(moment).label("waiting")
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


def open_proposals(actor: Actor) -> list[OpenProposal]:
    """Return what takes two and waits or was decided lately, as far as it is the actor’s to know.

    What they have not understood yet stays, however long ago it was. The oldest first.
    """
    lately = or_(Proposal.decided_at > clock.now() - STOPPED_WITHIN, Proposal.stands_for(actor.id))
    readable = policy.condition(actor, Action.PROPOSAL_READ, Proposal)
    rows = session().execute(_TOLD.where(readable, Proposal.waits(clock.now()) | lately)).all()
    may = policy.allowed_each(actor, DECIDING, Proposal, [row.Proposal.id for row in rows])
    return _told(actor, [(row, _open_to(row.Proposal, may[row.Proposal.id])) for row in rows])


def to_confirm(actor: Actor) -> list[OpenProposal]:
    """Return what waits for the actor’s word as the second person, the oldest first."""
    if not policy.could(actor, Action.PROPOSAL_CONFIRM):
        return []
    confirms = policy.condition(actor, Action.PROPOSAL_CONFIRM, Proposal)
    may = frozenset({Action.PROPOSAL_CONFIRM})
    return _told(
        actor,
        [
            (row, may)
            for row in session().execute(_TOLD.where(confirms, Proposal.waits(clock.now())))
        ],
    )


_SUBJECT = aliased(User)
"""Whom an act is about: the rules, too, ask for users."""
_TOLD = (
    select(Proposal, Office, Membership, _SUBJECT.id.label("subject_id"))
    .outerjoin(Office, Office.id == Proposal.office_id)
    .outerjoin(_SUBJECT, _SUBJECT.uid == Proposal.subject_uid)
    .outerjoin(Membership, Membership.uid == Proposal.subject_uid)
    .order_by(Proposal.id)
)


def _told(actor: Actor, lines: Sequence[tuple[Any, frozenset[Action]]]) -> list[OpenProposal]:
    """Return acts as a page tells of them; who only stands outside reads no names."""
    rows = [] if actor.only_confirms else [(row.Proposal, row.subject_id) for row, _ in lines]
    people = _users_by_id(
        {
            id_
            for row, subject in rows
            for id_ in (row.user_id, row.proposed_by_id, row.decided_by_id, subject)
        }
    )
    return [
        OpenProposal(
            row.Proposal,
            people.get(row.Proposal.user_id or 0),
            people.get(row.subject_id or 0),
            people.get(row.Proposal.proposed_by_id or 0),
            row.Office,
            row.Membership,
            may,
            people.get(row.Proposal.decided_by_id or 0),
        )
        for row, may in lines
    ]


def _open_to(row: Proposal, may: set[Action]) -> frozenset[Action]:
    """Return what may be done to an act as it stands; only what widens is stopped."""
    arrows = PROPOSAL.open_to(row)
    if row.action not in WIDENING or not row.may_be_stopped(clock.now()):
        arrows -= {Action.PROPOSAL_STOP}
    return frozenset(may & arrows)


def seconds_for(proposal: Proposal) -> set[int]:
    """Return the numbers of the users who may confirm an act now."""
    actors = candidates(proposal.organisation_id, Action.PROPOSAL_CONFIRM)
    return policy.who_may(actors, Action.PROPOSAL_CONFIRM, proposal)


def seconds_of(proposal: Proposal) -> list[str]:
    """Return what colleagues call those who may confirm an act."""
    return sorted(user.display_name for user in _users_by_id(seconds_for(proposal)).values())


def own_waiting(actor: Actor) -> list[tuple[Membership, Office | None]]:
    """Return the roles of the actor’s own that do not count yet, with their offices."""
    query = (
        select(Membership, Office)
        .outerjoin(Office, Office.id == Membership.office_id)
        .where(Membership.user_id == actor.id, sessions.waits(clock.now()))
        .order_by(Membership.starts_at, Membership.id)
    )
    return [(role, office) for role, office in session().execute(query)]


def everybody(actor: Actor) -> dict[UUID, str]:
    """Return what colleagues call every user of the actor's organisation, by user name."""
    query = select(User).where(User.organisation_id == actor.organisation_id)
    users = sorted(session().scalars(query), key=_by_login)
    ring().load(user.data_key_id for user in users)
    return {user.uid: user.display_name for user in users}


def holders(actor: Actor, uids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return what colleagues call whom some roles, or acts that take two, are for; by their uid.

    Whoever tried to reach a role of another organisation is on the trail; whose it is, is not.
    """
    wanted = set(uids)
    of_a_kind = (
        select(kind.uid, User)
        .join(User, User.id == kind.user_id)
        .where(kind.uid.in_(wanted), User.organisation_id == actor.organisation_id)
        for kind in (Membership, Proposal)
    )
    rows = [(uid, user) for query in of_a_kind for uid, user in session().execute(query)]
    ring().load(user.data_key_id for _, user in rows)
    return {uid: user.display_name for uid, user in rows}


def _users_by_id(ids: Iterable[int | None]) -> dict[int, User]:
    present = [number for number in ids if number is not None]
    if not present:
        return {}
    users = list(session().scalars(select(User).where(User.id.in_(present))))
    ring().load(user.data_key_id for user in users)
    return {user.id: user for user in users}
