"""What the tests of acts that take two share: to propose, to find what waits, to let time pass."""

from datetime import timedelta

import time_machine
from sqlalchemy import Executable, select, update

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Membership, Role, User
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, roles
from hrdtracker.accounts.drafts import OfficeDraft
from hrdtracker.accounts.model import Proposal
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from tests import make

NEVER, LONG_AGO = timedelta(days=400), timedelta(days=31)
DIRECTING = ("director", "director2", "national", "second")
"""Who may be the second person for what an office in Phnom Penh is opened to."""


def propose(who: str, whom: str, role: Role = Role.DIRECTOR) -> Proposal:
    """Propose a role in our office, and return what waits for a second person."""
    return waiting(
        roles.propose_role(make.actor(who), make.user(whom), role, make.office(make.HERE))
    )


def waiting(subject: Entity, action: Action | None = None) -> Proposal:
    """Return what waits about it."""
    proposal = proposals.waiting_for(subject, action)
    assert proposal is not None
    return proposal


def holds(login: str, role: Role) -> bool:
    """Say whether that role of theirs counts."""
    return make.actor(login).holds(role)


def settle(after: timedelta) -> int:
    """Let the time pass, and what was not confirmed lapse; return how many did."""
    with time_machine.travel(clock.now() + after):
        return proposals.settle(worker(make.organisation().id))


def as_if(statement: Executable) -> None:
    """Let the past have been another than the application would write it today."""
    side_transaction(lambda: session().connection().execute(statement))
    session().expire_all()


def without_seconds() -> None:
    """Let everybody be gone for a month who could confirm that the office is opened."""
    gone = select(User.id).where(User.login.in_(DIRECTING))
    ended = {"starts_at": clock.now() - 2 * LONG_AGO, "ends_at": clock.now() - LONG_AGO}
    as_if(update(Membership).where(Membership.user_id.in_(gone)).values(ended))


def open_up(by: str = "admin") -> Proposal:
    """Propose that the monitors of an office read each other's cases."""
    office = make.office(make.HERE)
    draft = OfficeDraft(office.code, office.name_en, office.name_km, open_to_monitors=True)
    organisations.change_office(make.actor(by), office, draft)
    return waiting(office)
