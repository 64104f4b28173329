"""The cast of the tests, and builders that make records the way the application does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel, Seat, operator
from hrdtracker.access.model import Membership, Office, Organisation, Role, User, UserState
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, roles, staff
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, ReadingLimits, UserDraft
from hrdtracker.accounts.model import Proposal
from hrdtracker.authorised import authorised, side_transaction
from hrdtracker.cases.model import Case
from hrdtracker.core.db import Entity, present, session
from hrdtracker.core.errors import Refused
from hrdtracker.core.seal import SealedRow, ring
from hrdtracker.core.when.model import When
from hrdtracker.incidents.drafts import IncidentDraft, Location
from hrdtracker.incidents.model import Incident, PlaceKind
from hrdtracker.incidents.service import log_incident
from hrdtracker.notices.model import Notice
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex

ZONE = ZoneInfo("Asia/Phnom_Penh")
DAY = date(2026, 11, 16)
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
    "fund2": (Role.FUND_OFFICER, HERE),
    "finance": (Role.FINANCE_OFFICER, HERE),
    "board": (None, None),
    "auditor": (Role.AUDITOR, None),
    "legal": (Role.LEGAL_OFFICER, HERE),
    "stranger": (Role.MONITOR, THERE),
    "far_director": (Role.DIRECTOR, THERE),
    "nobody": (None, None),
    "second": (Role.SECOND, None),
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
    made = organisations.set_up_organisation(
        operator(),
        OrganisationDraft("Test organisation", "en", OfficeDraft(HERE, "Phnom Penh", "ភ្នំពេញ")),
    )
    by_hand = operator(made.id)
    users: dict[str, UUID] = {}
    for login, label in (("admin", "Admin 1"), ("admin2", "Admin2")):
        first, _ = staff.invite(by_hand, made, UserDraft(login, label))
        roles.propose_role(by_hand, first, Role.ADMINISTRATOR, None)
        activate(first)
        users[login] = first.uid
    admin = actor("admin")
    confirm("admin", role_of("admin2"))
    other = organisations.open_office(admin, made, OfficeDraft(THERE, "Siem Reap", "សៀមរាប"))
    offices = {HERE: office(HERE), THERE: other}
    for login, (role, place) in list(NAMES.items())[2:]:
        user, _ = staff.invite(admin, made, UserDraft(login, login.replace("_", " ").title()))
        activate(user)
        users[login] = user.uid
        if role is not None:
            role_given(login, role, offices[place] if place else None)
    side_transaction(_forget_notices)
    return Cast(made.uid, offices[HERE].uid, other.uid, users)


def _forget_notices() -> None:
    """Begin each test with nothing told."""
    session().connection().execute(delete(Notice))


def confirm(login: str, subject: Entity) -> None:
    """Let somebody of the cast confirm, as the second person, what waits about a record."""
    proposal = proposals.waiting_for(subject)
    assert proposal is not None
    proposals.confirm(actor(login), proposal)


def confirm_law(login: str, proposal: Proposal) -> None:
    """Let somebody confirm a change of the law, having looked at what it would move."""
    proposals.confirm(actor(login), proposal, str(organisation().rules_version))


def role_given(login: str, role: Role, place: Office | None) -> Membership:
    """Give somebody a role, proposed by one administrator and confirmed by the other."""
    membership = roles.propose_role(actor("admin"), user(login), role, place)
    confirm("admin2", membership)
    return membership


def bring(whom: User, state: UserState) -> None:
    """Lock, unlock or let go somebody, as an administrator; the other one confirms an unlocking."""
    if state == UserState.ACTIVE:
        proposals.confirm(actor("admin2"), staff.unlock_user(actor("admin"), whom))
    elif state == UserState.LOCKED:
        staff.lock_user(actor("admin"), whom)
    else:
        staff.let_go(actor("admin"), whom)


def change_limits(limits: ReadingLimits) -> None:
    """Say how much reading is usual, as an administrator and the national director want it."""
    organisations.change_limits(actor("admin"), organisation(), limits)
    confirm("national", organisation())


def role_of(login: str) -> Membership:
    """Return the first role of somebody of the cast."""
    query = select(Membership).where(Membership.user_id == user(login).id).order_by(Membership.id)
    return session().scalars(query.limit(1)).one()


def activate(user: User) -> None:
    """Let somebody sign in, as if they had set a password."""
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


_RUNS = Membership.runs(present())
_WITH_ROLES = (
    select(User.id, User.uid, User.organisation_id)
    .add_columns(Membership.role, Membership.office_id, Membership.counts_since)
    .outerjoin(Membership, (Membership.user_id == User.id) & _RUNS)
    .where(User.login == bindparam("login"))
)
"""Asked many times in each test, and so put together once."""


def actor(login: str, channel: Channel = Channel.WEB) -> Actor:
    """Return somebody of the cast as they act now, with the roles that count."""
    rows = session().execute(_WITH_ROLES, {"login": login}).all()
    seats = frozenset(Seat(Role(row.role), row.office_id) for row in rows if row.counts_since)
    waiting = (row for row in rows if row.role == Role.MONITOR and not row.counts_since)
    logs_in = frozenset(row.office_id for row in waiting)
    who = rows[0]
    return Actor(who.id, who.uid, who.organisation_id, seats, channel, logs_in=logs_in)


def open_session(app: Flask) -> Session:
    """Return the session of the application context that is open."""
    opened: Session = app.extensions["sqlalchemy"].session()
    return opened


def draft(**changes: Any) -> IncidentDraft:
    """Return a plain incident: an arrest on 16 November 2026 in Phnom Penh."""
    values: dict[str, Any] = {
        "type": "arrest",
        "occurred": When.day(DAY, ZONE, "16 November"),
        "place": Location(PlaceKind.CAMBODIA, "12", words="Factory gate"),
        "victims": (Victim(described=PersonDraft((NameDraft("Demo A"),), sex=Sex.FEMALE, age=34)),),
        "narrative": "Two trucks came.",
        "connection": "witness",
        **changes,
    }
    return IncidentDraft(**values)


def incident(login: str = "monitor", **changes: Any) -> Incident:
    """Log an incident as somebody of the cast."""
    return log_incident(actor(login), draft(**changes))


def refused(act: Callable[[], object]) -> set[str]:
    """Return beside which fields an act is refused; nothing where it is done."""
    try:
        act()
    except Refused as why:
        session().rollback()
        return set(why.reasons)
    return set()


def case_of(one: Incident) -> Case:
    """Return the case of an incident."""
    return session().get_one(Case, one.case_id)


def load_keys(*rows: SealedRow) -> None:
    """Load the keys of some rows, and the organisation's."""
    ring().load([row.data_key_id for row in rows] + [organisation().data_key_id])
