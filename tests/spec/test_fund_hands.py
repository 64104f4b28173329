"""When passing a request on would help, what it changes, and what it leaves as it is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Role, UserState
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.requests import conflicts, passing_on
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.rules.approval_levels import passing_on_helps
from hrdtracker.fund.rules.stuck import stuck_requests
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
OFFICERS, DIRECTORS = ("fund", "fund2"), ("director", "director2", "national")


def _gone(*logins: str) -> None:
    for login in logins:
        make.bring(make.user(login), UserState.LOCKED)


def _look_after() -> int:
    return passing_on.look_after(worker(make.organisation().id))


def _for_two() -> SupportRequest:
    return fund.sent(600_00)


def _in_haste() -> SupportRequest:
    return fund.released_at_once(fund.sent(), "fund")


@pytest.mark.parametrize(
    ("build", "gone", "helps"),
    [
        (fund.sent, (), False),
        (fund.sent, DIRECTORS, False),
        (_for_two, (), False),
        (_for_two, DIRECTORS, True),
        (_in_haste, DIRECTORS, False),
        (fund.committed, OFFICERS, True),
        (fund.committed, (), False),
        (fund.committed, DIRECTORS, False),
    ],
    ids=[
        "all are there", "no director is asked", "a director is there",
        "the board decides for directors",
        "an emergency takes the same two", "a director holds it for officers",
        "its officers are there", "it is decided",
    ],
)  # fmt: skip
def test_passing_on_helps_where_somebody_else_would_hold_it_or_decide(
    build: Callable[[], SupportRequest], gone: tuple[str, ...], *, helps: bool
) -> None:
    fund.set_up()
    request = build()
    _gone(*gone)
    assert passing_on_helps(request) is helps
    _look_after()
    assert passing_on_helps(request) is False


def test_what_is_passed_on_and_still_stuck_stays_with_whom_it_was_passed_to() -> None:
    fund.set_up()
    request = fund.sent()
    fund.set_up(board=None)
    _gone(*OFFICERS)
    passing_on.pass_on_now(make.actor("director"), request)
    assert (needs(request), request.stuck_since is not None) == (["board"], True)
    assert request.passed_to_id == make.user("national").id


def test_one_that_is_stuck_says_nothing_of_another() -> None:
    fund.set_up()
    paying, other = fund.prepared(fund.committed()), fund.committed()
    _gone("finance")
    assert _look_after() == 1
    assert set(stuck_requests(other.organisation_id)) == {paying.request_id}
    assert stuck_requests(other.organisation_id, [other.id]) == {}
    conflicts.declare(make.actor("fund"), other, knows=True, reason="A cousin.")
    assert other.stuck_since is None


def test_what_the_board_decided_is_not_stuck_where_the_board_names_nobody_any_more() -> None:
    fund.set_up()
    request = fund.approved(4_000_00)
    fund.set_up(board=None)
    assert request.needs_board
    assert stuck_requests(request.organisation_id, [request.id]) == {}


def test_looking_after_what_is_stuck_already_or_goes_on_writes_nothing() -> None:
    fund.set_up()
    paying, _goes_on = fund.prepared(fund.committed()), fund.sent()
    _gone("finance")
    _look_after()
    request = session().get_one(SupportRequest, paying.request_id)
    since, written = request.stuck_since, _written()
    with clock.as_of(clock.now() + timedelta(hours=1)):
        assert _look_after() == 1
    assert (_written(), request.stuck_since) == (written, since)


def test_since_when_it_is_stuck_stays_however_often_somebody_tries() -> None:
    fund.set_up()
    request = session().get_one(SupportRequest, fund.prepared(fund.committed()).request_id)
    _gone("finance")
    _look_after()
    since = request.stuck_since
    with clock.as_of(_later()):
        conflicts.declare(make.actor("fund2"), request, knows=True, reason="A cousin.")
        with pytest.raises(WrongStatus):
            passing_on.pass_on_now(make.actor("director"), request)
    session().refresh(request)
    assert request.stuck_since == since


def test_passing_on_what_can_go_on_is_no_error() -> None:
    request = fund.committed()
    passing_on.pass_on_now(make.actor("director"), request)
    assert (request.passed_to_id, request.stuck_since) == (None, None)


def _later() -> datetime:
    return clock.now() + timedelta(hours=1)


def _written() -> int:
    return session().scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_the_payments_of_another_request_are_not_passed_on_with_it() -> None:
    fund.set_up()
    payment, other = (fund.prepared(fund.committed()) for _ in range(2))
    request = session().get_one(SupportRequest, payment.request_id)
    for login in OFFICERS:
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert (payment.passed_to_id, other.passed_to_id) == (make.user("national").id, None)


def _accounted_by(login: str) -> SupportRequest:
    """Return a request of two halves: somebody accounted for the first, and nobody reviewed it."""
    half = InstalmentDraft(fund.today(), 50_00)
    request = fund.committed(100_00, instalments=(half, half))
    payment = fund.receive(fund.release(fund.prepared(request, 0)))
    told = AcquittalDraft(payment.amount, 0, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor(login), payment, told, fund.seen(payment))
    assert len(instalments_of(request)) == 2
    return request


def test_only_an_account_of_the_request_that_waits_for_review_keeps_it_from_an_officer() -> None:
    fund.set_up()
    other, request = fund.committed(), _accounted_by("fund")
    _gone("fund2")
    assert [passing_on_helps(each) for each in (other, request)] == [False, True]
    _look_after()
    assert (other.passed_to_id, request.passed_to_id) == (None, make.user("national").id)
    (payment,) = payments_of(request)
    acquittals.review(make.actor("national"), payment, fund.seen(payment))
    passing_on.pass_on_now(make.actor("director"), request)
    assert request.passed_to_id is None
    assert Action.FUND_REVIEW not in stuck_requests(request.organisation_id).values()


def test_what_an_officer_elsewhere_decides_is_sent_though_the_board_names_nobody() -> None:
    fund.set_up(board=None)
    make.role_given("nobody", Role.FUND_OFFICER, make.office(make.THERE))
    _gone(*OFFICERS)
    request = fund.sent()
    assert (needs(request), request.passed_to_id) == (["officer"], make.user("nobody").id)


def test_what_lost_its_officers_since_it_was_sent_is_passed_on_as_it_is_recommended() -> None:
    fund.set_up()
    request = fund.sent()
    _gone(*OFFICERS)
    fund.recommend(request)
    assert (needs(request), request.passed_to_id) == (["board"], make.user("national").id)


def test_what_is_closed_is_passed_to_nobody() -> None:
    request = fund.closed()
    for login in OFFICERS:
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert (request.passed_to_id, request.stuck_since) == (None, None)
