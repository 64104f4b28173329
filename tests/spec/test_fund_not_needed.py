"""What is no longer needed: the line has it back at once, and a mistake is taken back."""

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, Stale, WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import Transaction
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]


@pytest.mark.parametrize("accounted", [False, True])
def test_a_mistake_about_the_second_half_is_taken_back_until_the_next_act(
    *, accounted: bool
) -> None:
    half = InstalmentDraft(fund.today(), 50_00)
    line, monitor = fund.line(100_00), make.actor("monitor")
    request = fund.committed(100_00, line, instalments=(half, half))
    first = fund.receive(fund.release(fund.prepared(request, 0)))
    if accounted:
        fund.account(first)
    second = instalments_of(request)[1].uid
    payments.check(
        monitor, request, second, still_there=True, still_needed=False, version=request.version
    )
    assert (request.status, line.available) == ("acquitted" if accounted else "paid", 50_00)
    payments.check(
        monitor, request, second, still_there=True, still_needed=True, version=request.version
    )
    assert (request.status, request.committed, line.available) == ("part_paid", 100_00, 0)
    payments.check(
        monitor, request, second, still_there=True, still_needed=False, version=request.version
    )
    if accounted:
        acquittals.record_outcome(make.actor("director"), request, "yes", "")
        acquittals.close(make.actor("fund"), request, request.version)
    else:
        fund.account(first)
    with pytest.raises(WrongStatus):
        payments.check(
            monitor, request, second, still_there=True, still_needed=True, version=request.version
        )
    assert check_fund().faults == ()


def test_what_the_line_has_no_more_is_not_promised_again() -> None:
    half = InstalmentDraft(fund.today(), 50_00)
    line, monitor = fund.line(100_00), make.actor("monitor")
    request = fund.committed(100_00, line, instalments=(half, half))
    fund.release(fund.prepared(request, 0))
    second = instalments_of(request)[1].uid
    payments.check(
        monitor, request, second, still_there=True, still_needed=False, version=request.version
    )
    fund.committed(50_00, line)
    with pytest.raises(Refused):
        payments.check(
            monitor, request, second, still_there=True, still_needed=True, version=request.version
        )
    assert (request.status, line.available) == ("paid", 0)


def test_what_gave_nothing_back_is_taken_back_without_an_entry() -> None:
    fund.rate(4000)
    half = InstalmentDraft(fund.today(), 200_000_00, "KHR")
    line = fund.line(100_00)
    request = fund.committed(400_000_00, line, currency="KHR", instalments=(half, half))
    fund.bank_rate(2000, fund.today())
    fund.release(fund.prepared(request, 0))
    assert (request.committed, line.spent) == (100_00, 100_00), "the riel is twice as dear"
    second, who, before = instalments_of(request)[1].uid, make.actor("monitor"), _entries()
    for needed, status in ((False, "paid"), (True, "part_paid")):
        seen = request.version
        payments.check(who, request, second, still_there=True, still_needed=needed, version=seen)
        assert (request.status, request.committed, _entries()) == (status, 100_00, before)
    assert check_fund().faults == ()


def test_the_same_answer_sent_twice_holds_and_another_of_a_page_that_is_old_does_not() -> None:
    request, monitor = fund.committed(), make.actor("monitor")
    (only,), seen = instalments_of(request), request.version
    for _ in range(2):
        payments.check(
            monitor, request, only.uid, still_there=True, still_needed=True, version=seen
        )
    with pytest.raises(Stale):
        payments.check(
            monitor, request, only.uid, still_there=True, still_needed=False, version=seen
        )
    with pytest.raises(Stale):
        payments.check(
            make.actor("director"),
            request,
            only.uid,
            still_there=True,
            still_needed=True,
            version=seen,
        )


def _entries() -> int:
    return session().scalar(select(func.count()).select_from(Transaction)) or 0


def test_where_nothing_is_needed_any_more_a_fund_officer_cancels_what_was_promised() -> None:
    request = fund.committed()
    (only,) = instalments_of(request)
    payments.check(
        make.actor("monitor"),
        request,
        only.uid,
        still_there=False,
        still_needed=True,
        version=request.version,
    )
    assert [item.verb for item in waiting(make.actor("fund"))] == [Action.FUND_CANCEL]
