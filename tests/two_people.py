"""What the tests of acts that take two share: to propose, to find what waits, to let time pass."""

from datetime import timedelta

import time_machine

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Role
from hrdtracker.accounts import proposals, roles
from hrdtracker.accounts.model import Proposal
from hrdtracker.core import clock
from hrdtracker.core.db import Entity
from tests import make

NEVER = timedelta(days=400)


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
