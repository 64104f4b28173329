"""What counts with a request: by when it was sent, what left of it, and what became of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import Capacity, RequestRole, ReversalKind, Transaction
from hrdtracker.fund.requests import service as requests
from tests import fund, make
from tests.fund import person_in
from tests.fund_again import SMALL, for_the_same

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
OFFICER, DIRECTOR = ["officer"], ["officer", "director"]


def test_what_left_less_than_was_approved_or_came_back_takes_nothing_off_nor_adds_to_it() -> None:
    fund.set_up()
    first = fund.committed(100_00, fund.line(20_000_00))
    payment = fund.release(fund.prepared(first), 9_000_00)
    entry = session().scalars(select(Transaction).where(Transaction.payment_id == payment.id)).one()
    fund.take_back(entry, ReversalKind.CAME_BACK)
    assert payment.amount == 9_000_00, "it stays to be seen"
    assert for_the_same(first, 100_00).other_amount == 100_00
    fund.release(fund.prepared(first), 40_00)
    assert for_the_same(first, 100_00).other_amount == 200_00


def test_of_two_that_are_sent_in_one_moment_the_later_one_counts_the_other() -> None:
    with clock.as_of(clock.now()):
        first = fund.sent(SMALL)
        second = for_the_same(first)
    fund.recommend(first)
    fund.recommend(second)
    assert (needs(first), needs(second)) == (OFFICER, DIRECTOR)


def test_what_was_begun_first_and_sent_last_counts_the_other() -> None:
    first = fund.drafted(SMALL)
    case = session().get_one(Case, first.case_id)
    payee = person_in(first, RequestRole.PAYEE)
    second = requests.ask(make.actor("monitor"), case, fund.draft(SMALL, payee=payee))
    for request in (second, first):
        requests.submit(make.actor("monitor"), request, request.version)
        fund.recommend(request)
    assert (needs(first), needs(second)) == (DIRECTOR, OFFICER)
    assert needs(fund.approve(second, "fund")) == OFFICER


def test_what_waits_for_longer_than_support_adds_up_counts_no_more() -> None:
    first = fund.sent(SMALL)
    with clock.as_of(clock.now() + timedelta(days=91)):
        assert needs(for_the_same(first)) == OFFICER


def test_an_emergency_that_came_to_nothing_is_none_and_one_under_way_is() -> None:
    first = fund.released_at_once(fund.sent(200_00), "fund", "director")
    fund.no_tie(first, "fund2")
    commitments.cancel(make.actor("fund2"), first, fund.WHY, first.version)
    second = fund.released_at_once(for_the_same(first, 200_00), "fund")
    third = for_the_same(first, 200_00)
    with pytest.raises(WrongStatus, match="With other emergencies of the same people"):
        fund.released_at_once(third, "fund")
    session().rollback()
    assert second.emergency


def test_what_was_granted_since_counts_as_soon_as_a_request_is_recommended() -> None:
    first = fund.sent(SMALL)
    fund.approved_by_all(fund.recommend(for_the_same(first)))
    assert needs(fund.recommend(first)) == DIRECTOR


def test_more_support_that_takes_nobody_else_holds_no_approval_up() -> None:
    first = fund.recommended(100_00)
    fund.approved_by_all(fund.recommend(for_the_same(first, 100_00)))
    fund.approve(first, "fund")
    assert (first.status, first.other_amount) == ("approved", 100_00)


def test_stricter_amounts_stop_nothing_that_is_recommended() -> None:
    fund.set_up()
    request = fund.recommended(SMALL)
    fund.set_up(officer_most=200_00)
    fund.approve(request, "fund")
    assert (request.status, needs(request)) == ("approved", OFFICER)


def test_others_approve_though_the_board_names_nobody_any_more() -> None:
    fund.set_up()
    request = fund.recommended(4_000_00)
    fund.set_up(board=None)
    fund.approve(request, "fund")
    assert request.approvers() == {make.user("fund").id}


def test_what_left_of_others_beyond_theirs_counts_with_nobody_else() -> None:
    other = fund.committed(100_00, fund.line(20_000_00))
    fund.release(fund.prepared(other), 9_000_00)
    assert for_the_same(fund.sent(100_00), 100_00).other_amount == 100_00


def test_what_left_of_others_beyond_theirs_raises_no_level_but_theirs() -> None:
    line = fund.line(20_000_00)
    fund.release(fund.prepared(fund.committed(100_00, line)), 9_000_00)
    request = fund.committed(100_00, line)
    fund.release(fund.prepared(request), 110_00)
    assert request.level == Capacity.OFFICER


def test_more_support_holds_no_approval_up_though_the_board_names_nobody_any_more() -> None:
    fund.set_up()
    request = fund.recommended(4_000_00)
    fund.approved_by_all(fund.recommend(for_the_same(request, 100_00)))
    fund.set_up(board=None)
    fund.approve(request, "fund")
    assert (request.other_amount, request.approvers()) == (100_00, {make.user("fund").id})


def test_stricter_amounts_raise_nothing_of_what_leaves_as_it_was_prepared() -> None:
    fund.set_up()
    payment = fund.prepared(request := fund.committed())
    fund.set_up(officer_most=50_00)
    fund.release(payment)
    assert request.level == Capacity.OFFICER
