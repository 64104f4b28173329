"""By when something is decided: as urgency and risk ask, and never after it is needed."""

from datetime import timedelta

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.calendar import zone_of
from hrdtracker.core import clock
from hrdtracker.core.errors import Refused
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.worklist import MOST, WorkItem, waiting
from hrdtracker.fund.requests import service as requests
from tests import fund, fund_plans, make

pytestmark = pytest.mark.usefixtures("unit")


def _missing(request: SupportRequest) -> set[str]:
    """Return beside which fields sending is refused."""
    return make.refused(lambda: requests.submit(make.actor("monitor"), request, request.version))


HOURS = (
    ("normal", "low", 240),
    ("normal", "medium", 240),
    ("normal", "high", 72),
    ("normal", "critical", 24),
    ("urgent", "low", 72),
    ("urgent", "critical", 24),
    ("critical", "low", 24),
)


@pytest.mark.engines("sqlite")
def test_the_deadline_is_the_shorter_of_what_urgency_and_risk_ask() -> None:
    for urgency, risk, hours in HOURS:
        later = fund.today() + timedelta(days=30)
        request = fund.sent(urgency=urgency, risk_level=risk, needed_by=later)
        assert request.decide_by is not None
        assert request.submitted_at is not None
        asked = request.decide_by - request.submitted_at
        assert asked == timedelta(hours=hours), (urgency, risk)


@pytest.mark.engines("sqlite")
def test_nothing_is_to_be_decided_after_the_day_on_which_it_is_needed() -> None:
    for days, urgency, decided in ((0, "critical", 0), (1, "normal", 1), (30, "urgent", 3)):
        needed = fund.today() + timedelta(days=days)
        request = fund.sent(urgency=urgency, needed_by=needed)
        assert request.decide_by is not None
        day = clock.day_of(request.decide_by, zone_of(request.organisation_id))
        assert day == fund.today() + timedelta(days=decided), (days, urgency)


@pytest.mark.engines("sqlite")
def test_a_plan_that_says_no_day_is_decided_within_its_hours() -> None:
    case, told = make.case_of(make.incident()), fund_plans.draft(3, 50_00, needed_by=None)
    plan = requests.ask(make.actor("monitor"), case, told)
    requests.submit(make.actor("monitor"), plan, plan.version)
    assert plan.decide_by is not None
    assert plan.submitted_at is not None
    assert plan.decide_by - plan.submitted_at == timedelta(hours=72)


@pytest.mark.engines("sqlite")
def test_what_was_needed_before_it_is_sent_is_refused_beside_that_day() -> None:
    request = fund.drafted(needed_by=fund.today())
    plan = requests.ask(
        make.actor("monitor"), make.case_of(make.incident()), fund_plans.draft(3, 50_00)
    )
    with clock.as_of(clock.now() + timedelta(days=31)):
        assert _missing(request) == {"needed_by"}
        assert _missing(plan) == {"plan_until"}


@pytest.mark.engines("sqlite")
def test_the_first_instalment_is_paid_by_the_day_on_which_it_is_needed() -> None:
    day = fund.today()
    late, later = (InstalmentDraft(day + timedelta(days=ahead), 50_00) for ahead in (6, 30))
    with pytest.raises(Refused) as refused:
        fund.draft(100_00, instalments=(later, late))
    assert refused.value.reasons["instalments"].text.startswith("The first instalment is paid")
    assert fund.draft(100_00, instalments=(later, late), needed_by=late.due_on).amount == 100_00


def test_the_deadline_stands_before_whoever_must_act() -> None:
    request = fund.sent(urgency="critical")
    (task,) = _tasks_of(request)
    assert (task.verb, task.due, task.late) == (Action.FUND_VERIFY, request.decide_by, False)
    with clock.as_of(clock.now() + timedelta(days=2)):
        (task,) = _tasks_of(request)
    assert task.late is True


def _tasks_of(request: SupportRequest) -> list[WorkItem]:
    return [task for task in waiting(make.actor("director")) if task.code == request.code]


def test_the_fifty_things_that_are_due_first_are_listed() -> None:
    fund.copies(fund.sent(), MOST)
    soon = fund.sent(urgency="critical")
    found = waiting(make.actor("director"))
    assert len(found) == MOST
    assert found[0].code == soon.code
