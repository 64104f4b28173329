"""A donor ends a grant half way: its promises, its money, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments, ending, grants
from hrdtracker.fund.drafts.money import BookDraft, GrantEndDraft, LineDraft, PromiseFate
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.ledger import postings_of
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    GrantState,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.reading.grant_money import money_of
from hrdtracker.fund.reading.reversals import reason_of
from hrdtracker.notices.queries import unseen
from tests import fund, make
from tests.two_people import as_if

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]


def _grant(line: BudgetLine) -> DonorGrant:
    return session().get_one(DonorGrant, line.grant_id)


def _end(line: BudgetLine, who: str = "fund", **fates: tuple[SupportRequest, PromiseFate]) -> None:
    told = {request.uid: fate for request, fate in fates.values()}
    draft = GrantEndDraft(fund.today(), "Its law changed.", told)
    ending.end_grant(make.actor(who), _grant(line), draft, _grant(line).version)


def test_each_promise_stays_goes_to_another_line_or_is_given_back() -> None:
    line, other = fund.line(1_000_00), fund.line(500_00)
    kept, moved, back, paid = (fund.committed(100_00, line) for _ in range(4))
    fund.release(fund.prepared(paid))
    draft = GrantEndDraft(
        fund.today(),
        "Its law changed.",
        {
            kept.uid: PromiseFate.KEPT,
            moved.uid: PromiseFate.MOVED,
            back.uid: PromiseFate.GIVEN_BACK,
        },
        other.uid,
    )
    ending.end_grant(make.actor("fund"), _grant(line), draft, _grant(line).version)
    assert (kept.line_id, moved.line_id, back.status) == (line.id, other.id, "cancelled")
    assert (line.committed, line.spent, other.committed) == (200_00, 100_00, 100_00)
    assert (_grant(line).state, _grant(line).ended_on) == (GrantState.TERMINATED, fund.today())
    assert _grant(line).end_reason == "Its law changed."
    assert [row.uid for row in ending.promises(make.actor("fund"), _grant(line))] == [kept.uid]
    assert ending.how_many_promises(_grant(line)) == 1
    fund.release(fund.prepared(kept))
    assert kept.status == "paid", "what was promised is paid still"
    assert check_fund().faults == ()


def test_nothing_is_ended_where_one_of_its_promises_cannot_be_decided_so() -> None:
    line = fund.line(1_000_00)
    half, other = InstalmentDraft(fund.today(), 50_00), fund.committed(100_00, line)
    paid = fund.committed(100_00, line, instalments=(half, half))
    fund.release(fund.prepared(paid))
    with pytest.raises(Refused) as refused:
        _end(line, one=(other, PromiseFate.GIVEN_BACK), two=(paid, PromiseFate.GIVEN_BACK))
    assert paid.code in str(refused.value.reasons[""])
    with pytest.raises(Refused) as refused:
        _end(line, one=(other, PromiseFate.MOVED))
    assert set(refused.value.reasons) == {"line"}
    with pytest.raises(Refused, match="correct") as refused:
        _end(line, one=(fund.paid(50_00, line), PromiseFate.GIVEN_BACK))
    assert "paid or gone" in str(refused.value.reasons[""])
    small = fund.line(50_00)
    draft = GrantEndDraft(fund.today(), "x", {other.uid: PromiseFate.MOVED}, small.uid)
    with pytest.raises(Refused) as refused:
        ending.end_grant(make.actor("fund"), _grant(line), draft, _grant(line).version)
    assert f"{other.code}: There is not enough" in str(refused.value.reasons[""])
    session().expire_all()
    assert (other.status, _grant(line).state) == ("committed", GrantState.ACTIVE)


def test_fund_and_finance_officers_are_told_and_whoever_ends_it_is_not() -> None:
    line = fund.line()
    _end(line)
    for login in ("fund2", "finance"):
        assert [row.kind for row in unseen(make.actor(login))] == ["grant_ended"], login
    assert unseen(make.actor("fund")) == []


def test_a_grant_ends_once_on_a_day_that_has_come_by_whoever_may_change_it() -> None:
    line = fund.line()
    tomorrow = GrantEndDraft(fund.today() + timedelta(days=1), "x")
    with pytest.raises(Refused):
        ending.end_grant(make.actor("fund"), _grant(line), tomorrow, _grant(line).version)
    with pytest.raises(NotAllowed):
        _end(line, "finance")
    _end(line, "director")
    with pytest.raises(WrongStatus):
        _end(line)
    request = fund.approved()
    with pytest.raises(Refused):
        commitments.commit(make.actor("fund"), request, line.uid, request.version)
    officer, grant = make.actor("fund"), _grant(line)
    with pytest.raises(WrongStatus):
        grants.set_grant_state(officer, grant, GrantState.SUSPENDED, grant.version)
    assert grant.ended_on is not None
    grants.set_grant_state(officer, grant, GrantState.ACTIVE, grant.version)
    assert grant.ended_on is None


def test_the_money_of_a_grant_is_what_came_what_was_spent_and_promised_and_what_is_left() -> None:
    line = fund.line(1_000_00)
    told = BookDraft(Booking.INCOME, 600_00, "USD", fund.today(), _grant(line).uid)
    books.book(make.actor("finance"), make.organisation(), told)
    fund.paid(100_00, line)
    fund.committed(150_00, line)
    entry = _refund(line, 200_00)
    money = money_of(_grant(line))
    sums = (money.received, money.given_back, money.spent, money.promised, money.left)
    assert [str(amount) for amount in sums] == [
        "600.00 USD", "200.00 USD", "100.00 USD", "150.00 USD", "150.00 USD",
    ]  # fmt: skip
    assert (reason := reason_of(make.actor("auditor"), entry)) is not None
    assert reason.proof == "Line 9"
    fund.take_back(entry)
    assert str(money_of(_grant(line)).given_back) == "0.00 USD"
    assert check_fund().faults == ()


def test_no_more_is_given_back_than_came_and_it_says_what_shows_it() -> None:
    line = fund.line(1_000_00)
    told = BookDraft(Booking.INCOME, 600_00, "USD", fund.today(), _grant(line).uid)
    books.book(make.actor("finance"), make.organisation(), told)
    with pytest.raises(Refused) as refused:
        _refund(line, 6_000_00)
    assert set(refused.value.reasons) == {"amount"}
    with pytest.raises(Refused) as refused:
        BookDraft(Booking.REFUND, 1, "USD", fund.today())
    assert set(refused.value.reasons) == {"proof", "grant"}


def _income(line: BudgetLine, amount: int, currency: str = "USD") -> Transaction:
    told = BookDraft(Booking.INCOME, amount, currency, fund.today(), _grant(line).uid)
    return books.book(make.actor("finance"), make.organisation(), told)


def test_what_was_given_back_to_a_donor_is_not_said_never_to_have_come() -> None:
    line, other = fund.line(1_000_00), fund.line(1_000_00)
    first, second = _income(line, 600_00), _income(line, 100_00)
    elsewhere = _income(other, 600_00)
    refund = _refund(line, 150_00)
    with pytest.raises(WrongStatus, match="given back to the donor since"):
        fund.take_back(first)
    fund.take_back(elsewhere)
    fund.take_back(second)
    fund.take_back(refund)
    fund.take_back(first)
    assert str(money_of(_grant(line)).received) == "0.00 USD"
    assert check_fund().faults == ()


@pytest.mark.parametrize("booking", [Booking.INCOME, Booking.REFUND])
def test_money_of_a_donor_is_booked_in_the_currency_of_its_grant(booking: Booking) -> None:
    line = fund.line(1_000_00)
    _income(line, 600_00)
    told = BookDraft(booking, 4_000_00, "KHR", fund.today(), _grant(line).uid, proof="Line 9")
    with pytest.raises(Refused) as refused:
        books.book(make.actor("finance"), make.organisation(), told)
    assert "This grant is in USD" in str(refused.value.reasons["currency"])


def test_what_a_donor_sent_once_in_another_currency_is_none_of_what_goes_back() -> None:
    line = fund.line(1_000_00)
    _income(line, 600_00)
    theirs = update(DonorGrant).where(DonorGrant.id == line.grant_id)
    as_if(theirs.values(currency="KHR"))
    _income(line, 4_000_00, "KHR")
    as_if(theirs.values(currency="USD"))
    with pytest.raises(Refused):
        _refund(line, 601_00)
    session().rollback()
    _refund(line, 600_00)


def test_a_fee_is_in_the_currency_in_which_the_bank_took_it_whatever_that_of_the_grant() -> None:
    told = BookDraft(Booking.FEE, 4_000_00, "KHR", fund.today(), _grant(fund.line()).uid)
    entry = books.book(make.actor("finance"), make.organisation(), told)
    assert {posting.currency for posting in postings_of(entry)} == {"KHR"}


def test_nothing_is_added_to_a_grant_that_has_ended() -> None:
    line = fund.line(1_000_00)
    grant = fund.grant(2_000_00)
    draft = GrantEndDraft(fund.today(), "Its law changed.")
    ending.end_grant(make.actor("fund"), grant, draft, grant.version)
    with pytest.raises(WrongStatus, match="Its donor ended this grant"):
        grants.add_line(make.actor("fund"), grant, LineDraft("L2", "Food", 100_00))
    assert not _grant(line).has_ended


def _refund(line: BudgetLine, amount: int) -> Transaction:
    told = BookDraft(Booking.REFUND, amount, "USD", fund.today(), _grant(line).uid, proof="Line 9")
    return books.book(make.actor("finance"), make.organisation(), told)
