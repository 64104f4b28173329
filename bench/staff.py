"""Who works in the measured organisation: four offices, their monitors and directors."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Office, Organisation, Role, User, UserState
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, roles, staff
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.accounts.drafts import OfficeDraft, OrganisationDraft, UserDraft
from hrdtracker.authorised import authorised
from hrdtracker.core.db import Entity, session
from hrdtracker.core.seal import Compartment

OFFICES = (
    ("PNH", "Phnom Penh"),
    ("SRP", "Siem Reap"),
    ("BTB", "Battambang"),
    ("RTK", "Ratanakiri"),
)
MONITORS = 5
NATIONAL, DIRECTOR, MONITOR = "national", "director.pnh", "monitor.pnh.0"
FUND, FINANCE = "fund", "finance"
MEASURED = {"national director": NATIONAL, "office director": DIRECTOR, "monitor": MONITOR}
"""The users whose pages are measured, by what the results call them."""
WITH_MONEY = {"fund officer": FUND, "finance officer": FINANCE}
"""Those whose pages about money are measured, too."""
LONG_AGO = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """One office with the numbers of those who work there."""

    office: Office
    compartment: Compartment
    director: int
    monitors: tuple[int, ...]


@dataclass(frozen=True)
class Staff:
    """The organisation and its offices, and the two who work with the money of all of them."""

    organisation: Organisation
    compartment: Compartment
    desks: tuple[Desk, ...]
    fund: int
    finance: int


def make_staff() -> Staff:
    """Set up the organisation through the same services as the pages; nobody has a password."""
    first = OfficeDraft(*OFFICES[0], OFFICES[0][1])
    made = organisations.set_up_organisation(operator(), OrganisationDraft("Bench", "en", first))
    by_hand = operator(made.id)
    admins = [_user(by_hand, made, f"admin.{number}") for number in range(2)]
    first_role, second_role = (
        roles.propose_role(by_hand, user, Role.ADMINISTRATOR, None) for user in admins
    )
    del first_role  # nobody could confirm it, so it counts
    one = actor_of(admins[0])
    _confirm(one, second_role)
    other = actor_of(admins[1])
    _grant(one, other, _user(one, made, NATIONAL), Role.DIRECTOR, None)
    for code, name in OFFICES[1:]:
        organisations.open_office(one, made, OfficeDraft(code, name, name))
    offices = session().scalars(select(Office).order_by(Office.id)).all()
    desks = tuple(_desk(one, other, made, office) for office in offices)
    money = [_user(one, made, login) for login in (FUND, FINANCE)]
    for user, role in zip(money, (Role.FUND_OFFICER, Role.FINANCE_OFFICER), strict=True):
        _grant(one, other, user, role, None)
    fund, finance = (user.id for user in money)
    compartment = session().get_one(Compartment, made.compartment_id)
    found = Staff(made, compartment, desks, fund, finance)
    places = [row for desk in desks for row in (desk.office, desk.compartment)]
    for row in (found.organisation, found.compartment, *places):
        session().refresh(row)
        session().expunge(row)  # read often from now on, and never again from the database
    return found


def _desk(one: Actor, other: Actor, made: Organisation, office: Office) -> Desk:
    place = office.code.lower()
    director = _user(one, made, f"director.{place}")
    _grant(one, other, director, Role.DIRECTOR, office)
    monitors = [_user(one, made, f"monitor.{place}.{number}") for number in range(MONITORS)]
    for user in monitors:
        _grant(one, other, user, Role.MONITOR, office)
    compartment = session().get_one(Compartment, office.compartment_id)
    return Desk(office, compartment, director.id, tuple(user.id for user in monitors))


def _user(actor: Actor, made: Organisation, login: str) -> User:
    user, _ = staff.invite(actor, made, UserDraft(login, login.replace(".", " ").title()))
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        user.state = UserState.ACTIVE
    return user


def _grant(one: Actor, other: Actor, user: User, role: Role, office: Office | None) -> None:
    _confirm(other, roles.propose_role(one, user, role, office))


def _confirm(second: Actor, subject: Entity) -> None:
    proposal = proposals.waiting_for(subject)
    if proposal is not None:
        proposals.confirm(second, proposal)
