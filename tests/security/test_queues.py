"""What was sent waits with whoever may review it; else the national director is told."""

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.db import session
from hrdtracker.incidents import reviewers, reviewing
from hrdtracker.incidents.model import Incident, IncidentStatus
from hrdtracker.incidents.today import today_for
from tests import make
from tests.security.world import IN_OPEN_OFFICE

pytestmark = pytest.mark.usefixtures("world_unit")
EVERYBODY = [*make.NAMES, *IN_OPEN_OFFICE.values(), "foreign_director"]
TOLD = "national"


@pytest.fixture(autouse=True)
def _lists_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, most in ((reviewing, "WAITING_MOST"), (reviewers, "STUCK_MOST")):
        monkeypatch.setattr(module, most, 10_000)


def _sent() -> list[Incident]:
    query = select(Incident).where(Incident.status == IncidentStatus.SUBMITTED)
    return list(session().scalars(query))


@pytest.mark.parametrize("login", EVERYBODY)
def test_what_was_sent_is_in_the_queue_and_on_the_first_page_of_who_may_review_it(
    login: str,
) -> None:
    actor = make.actor(login)
    ids = {each.id: each.uid for each in _sent()}
    may = policy.allowed_ids(actor, Action.INCIDENT_REVIEW, Incident, ids)
    assert {row.uid for row in reviewing.waiting(actor)} == {ids[each] for each in may}
    first_page = today_for(actor, make.ZONE)
    assert {row.uid for row in first_page.waiting} == {ids[each] for each in may}


def test_what_nobody_may_review_is_told_to_the_national_director_and_to_nobody_else() -> None:
    able: set[int] = set()
    for login in EVERYBODY:
        able |= policy.allowed_ids(
            make.actor(login), Action.INCIDENT_REVIEW, Incident, {each.id for each in _sent()}
        )
    national = make.actor(TOLD)
    without = {each.id for each in _sent() if each.id not in able}
    reachable = {
        each.id for each in _sent() if policy.allows(national, Action.INCIDENT_STUCK, each)
    }
    assert without & reachable
    for login in EVERYBODY:
        told = {row.id for row in today_for(make.actor(login), make.ZONE).stuck}
        assert told == (without & reachable if login == TOLD else set()), login
