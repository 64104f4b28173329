"""What is asked before it is kept that money left: so much more, and on such a day?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from hrdtracker.access.action import Action
from hrdtracker.core import clock
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.drafts.money import ReleaseDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.notices.queries import unseen
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")


def test_more_than_was_prepared_of_one_instalment_takes_nothing_of_the_next() -> None:
    day = fund.today()
    halves = (InstalmentDraft(day, 50_00), InstalmentDraft(day, 50_00))
    request = fund.committed(100_00, fund.line(500_00), instalments=halves)
    first = fund.release(fund.prepared(request, 0), 90_00)
    assert (first.charged, first.over) == (90_00, 40_00)
    assert fund.release(fund.prepared(request, 1)).over == 0
    assert check_fund().faults == ()


@pytest.mark.engines("sqlite")
def test_more_than_was_prepared_is_kept_only_once_it_was_typed_twice_and_both_officers_hear() -> (
    None
):
    payment = fund.prepared(fund.committed())
    for again in (None, 100_00, 10_000_00):
        told = ReleaseDraft(fund.today(), "No. 1", 1_000_00, again=again)
        with pytest.raises(Refused, match="correct") as refused:
            payments.release(make.actor("finance"), payment, told, payment.version)
        assert set(refused.value.reasons) == {"again"}
    fund.release(payment, 1_000_00)
    for login in ("fund", "finance"):
        assert [row.kind for row in unseen(make.actor(login))] == ["paid_over"], login
    assert unseen(make.actor("monitor")) == []
    covers = {
        login: Action.FUND_COVER in {task.verb for task in waiting(make.actor(login))}
        for login in ("fund", "director", "director2")
    }
    assert covers == {"fund": False, "director": False, "director2": True}


@pytest.mark.engines("sqlite")
def test_whoever_covers_decides_as_high_as_all_that_left() -> None:
    payment = fund.release(fund.prepared(fund.committed(100_00, fund.line(9_000_00))), 2_000_00)
    with pytest.raises(WrongStatus, match="a director covers it"):
        commitments.cover(make.actor("fund"), payment, fund.WHY, payment.version)
    with pytest.raises(NotAllowed):  # who verified it decides nothing of it
        commitments.cover(make.actor("director"), payment, fund.WHY, payment.version)
    commitments.cover(make.actor("director2"), payment, fund.WHY, payment.version)
    assert payment.over == 0


@pytest.mark.engines("sqlite")
def test_what_left_in_small_pieces_is_covered_as_high_as_all_of_it() -> None:
    half = InstalmentDraft(fund.today(), 100_00)
    line = fund.line(9_000_00)
    request = fund.committed(200_00, line, instalments=(half, half))
    first = fund.release(fund.prepared(request, 0), 300_00)
    commitments.cover(make.actor("fund"), first, fund.WHY, first.version)
    second = fund.release(fund.prepared(request, 1), 300_00)
    with pytest.raises(WrongStatus, match="a director covers it"):
        commitments.cover(make.actor("fund"), second, fund.WHY, second.version)


@pytest.mark.engines("sqlite")
def test_a_day_before_the_approval_or_long_ago_needs_its_reason() -> None:
    request, sent = fund.sent(), fund.today()
    with clock.as_of(clock.now() + timedelta(days=10)):
        fund.recommend(request)
        fund.approve(request, "fund")
        commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
        payment = fund.prepared(request)
    with clock.as_of(clock.now() + timedelta(days=90)):
        for days, question in ((5, "approved only after"), (20, "more than 60 days ago")):
            told = ReleaseDraft(sent + timedelta(days=days), "No. 1")
            with pytest.raises(Refused) as refused:
                payments.release(make.actor("finance"), payment, told, payment.version)
            assert question in str(refused.value.reasons["day_reason"])
        told = replace(told, day_reason="The slip came late.")
        payments.release(make.actor("finance"), payment, told, payment.version)
    assert payment.day_reason == "The slip came late."


def test_of_two_halves_that_are_prepared_one_that_leaves_is_not_both() -> None:
    half = InstalmentDraft(fund.today(), 50_00)
    request = fund.committed(100_00, instalments=(half, half))
    first, second = (fund.prepared(request, number) for number in range(2))
    fund.release(first)
    assert request.status == "part_paid"
    fund.release(second)
    assert request.status == "paid"
    told = [notice.kind for login in ("fund", "finance") for notice in unseen(make.actor(login))]
    assert "paid_over" not in told
