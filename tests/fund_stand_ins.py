"""Builders for who decides in whose absence."""

from datetime import timedelta

from hrdtracker.accounts import proposals
from hrdtracker.core import clock
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Delegation
from tests import make


def names_stand_in(
    login: str,
    to: str,
    capacity: Capacity = Capacity.OFFICER,
    place: str | None = make.HERE,
    begins: timedelta = -timedelta(minutes=1),
) -> Delegation:
    """Let somebody name who decides in their place for some days."""
    moment, office = clock.now(), make.office(place).uid if place else None
    starts, ends = moment + begins, moment + timedelta(days=5)
    draft = DelegationDraft(make.user(to).uid, capacity, starts, ends, office)
    return delegation.delegate(make.actor(login), make.organisation(), draft)


def delegates(login: str, to: str, capacity: Capacity = Capacity.OFFICER) -> Delegation:
    """Let somebody name who decides in their place, confirmed where that is needed."""
    named = names_stand_in(login, to, capacity)
    if proposals.waiting_for(named):
        make.confirm("admin2", named)
    return named
