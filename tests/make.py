"""The cast of the tests, and builders that make records the way the application does."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel, Seat, operator
from hrdtracker.access.model import Membership, Office, Organisation, Role, User, UserState
from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, UserDraft
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session

HERE, THERE = "PNH", "SRP"
NAMES = {
    # login: (role, office; None is the whole organisation)
    "admin": (Role.ADMINISTRATOR, None),
    "admin2": (Role.ADMINISTRATOR, None),
    "monitor": (Role.MONITOR, HERE),
    "colleague": (Role.MONITOR, HERE),
    "director": (Role.DIRECTOR, HERE),
    "director2": (Role.DIRECTOR, HERE),
    "national": (Role.DIRECTOR, None),
    "fund": (Role.FUND_OFFICER, HERE),
    "auditor": (Role.AUDITOR, None),
    "stranger": (Role.MONITOR, THERE),
    "far_director": (Role.DIRECTOR, THERE),
    "nobody": (None, None),
}


@dataclass(frozen=True)
class Cast:
    """Who there is in every test database, by user name; `office` is theirs, `other` is not."""

    organisation: UUID
    office: UUID
    other: UUID
    users: dict[str, UUID]


def make_cast() -> Cast:
    """Set up the organisation with two offices and everybody in `NAMES`."""
    made = staff.set_up_organisation(
        operator(),
        OrganisationDraft("Test organisation", "en", OfficeDraft(HERE, "Phnom Penh", "ភ្នំពេញ")),
    )
    by_hand = operator(made.id)
    first, _ = staff.invite(by_hand, made, UserDraft("admin", "Admin 1"))
    _activate(first)
    staff.propose_role(by_hand, first, Role.ADMINISTRATOR, None)
    admin = actor("admin")
    other = staff.open_office(admin, made, OfficeDraft(THERE, "Siem Reap", "សៀមរាប"))
    offices = {HERE: office(HERE), THERE: other}
    users = {"admin": first.uid}
    for login, (role, place) in list(NAMES.items())[1:]:
        user, _ = staff.invite(admin, made, UserDraft(login, login.replace("_", " ").title()))
        _activate(user)
        users[login] = user.uid
        if role is not None:
            membership = staff.propose_role(admin, user, role, offices[place] if place else None)
            if membership.confirmed_at is None and role != Role.MONITOR:
                staff.confirm_role(_another(login), membership)
    return Cast(made.uid, offices[HERE].uid, other.uid, users)


def _another(login: str) -> Actor:
    return actor("director" if login == "admin2" else "admin2")


def _activate(user: User) -> None:
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        user.state = UserState.ACTIVE


def organisation() -> Organisation:
    """Return the one organisation."""
    return session().scalars(select(Organisation)).one()


def office(code: str) -> Office:
    """Return an office by its code."""
    return session().scalars(select(Office).where(Office.code == code)).one()


def user(login: str) -> User:
    """Return a user by their user name."""
    return session().scalars(select(User).where(User.login == login)).one()


def actor(login: str, channel: Channel = Channel.WEB) -> Actor:
    """Return somebody of the cast as they act now, with the roles that count."""
    found = user(login)
    held = select(Membership).where(Membership.user_id == found.id, sessions.in_force(clock.now()))
    seats = frozenset(Seat(Role(each.role), each.office_id) for each in session().scalars(held))
    return Actor(found.id, found.uid, found.organisation_id, seats, channel)


def open_session(app: Flask) -> Session:
    """Return the session of the application context that is open."""
    opened: Session = app.extensions["sqlalchemy"].session()
    return opened
