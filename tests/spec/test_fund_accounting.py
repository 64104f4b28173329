"""What left, what arrived, what came back: which day, which word, which rate, which line."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.access.model import Role
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, Stale, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    ComplaintDraft,
    ReceiptDraft,
    ReleaseDraft,
)
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft
from hrdtracker.fund.model import Booking, LedgerAccount, Payment, Posting, Transaction
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
DAY = timedelta(days=1)


def _halves(**changes: Any) -> dict[str, Any]:
    half = InstalmentDraft(fund.today(), 50_00)
    return {"instalments": (half, half), **changes}


def _paid(**changes: Any) -> Payment:
    (payment,) = commitments.payments_of(fund.paid(**changes))
    return payment


def _balance(account: LedgerAccount, currency: str = "USD") -> int:
    of_account = Posting.account == account, Posting.currency == currency
    return int(session().scalar(select(func.sum(Posting.amount)).where(*of_account)) or 0)


# Instalments -------------------------------------------------------------------------------------


def test_a_request_is_paid_when_all_its_instalments_left_and_not_when_they_are_prepared() -> None:
    request = fund.committed(**_halves())
    first, second = fund.prepared(request, 0), fund.prepared(request, 1)
    fund.release(first)
    assert request.status == "part_paid"
    fund.release(second)
    assert request.status == "paid"


def test_a_request_waits_for_no_instalment_that_nobody_is_there_for_or_needs() -> None:
    third = InstalmentDraft(fund.today(), 50_00)
    request = fund.committed(150_00, instalments=(third, third, third))
    fund.release(fund.prepared(request))

    def status_after(number: int, *, is_there: bool, is_needed: bool) -> str:
        uid = instalments_of(request)[number].uid
        monitor = make.actor("monitor")
        payments.check(
            monitor,
            request,
            uid,
            still_there=is_there,
            still_needed=is_needed,
            version=request.version,
        )
        return request.status

    assert status_after(1, is_there=True, is_needed=True) == "part_paid"
    assert status_after(2, is_there=True, is_needed=False) == "part_paid"
    assert status_after(1, is_there=False, is_needed=True) == "paid"


def test_where_nothing_left_yet_nothing_is_paid_even_if_it_is_no_longer_needed() -> None:
    request = fund.committed()
    (only,) = instalments_of(request)
    payments.check(
        make.actor("monitor"),
        request,
        only.uid,
        still_there=True,
        still_needed=False,
        version=request.version,
    )
    assert request.status == "committed"


def test_an_instalment_is_looked_at_in_its_own_request_and_until_it_is_being_paid() -> None:
    request, other = fund.committed(), fund.committed()
    monitor, (only,) = make.actor("monitor"), instalments_of(request)
    for uid in (instalments_of(other)[0].uid, uuid4()):
        with pytest.raises(NotFound):
            payments.check(
                monitor, request, uid, still_there=True, still_needed=True, version=request.version
            )
    fund.prepared(request)
    for act in (
        lambda: payments.check(
            monitor, request, only.uid, still_there=True, still_needed=True, version=request.version
        ),
        lambda: payments.prepare(make.actor("fund"), request, only.uid, Sending(uuid4())),
    ):
        with pytest.raises(WrongStatus, match="being paid already"):
            act()


def test_only_cash_is_carried() -> None:
    carrier = make.user("colleague")
    carried, sent = (
        fund.prepared(fund.committed(method=method, carrier_colleague=carrier.uid))
        for method in ("cash", "mobile_money")
    )
    assert (carried.carrier_id, sent.carrier_id) == (carrier.id, None)


# Days and words ----------------------------------------------------------------------------------


def test_money_leaves_as_it_was_seen_and_on_no_day_to_come_and_arrives_when_it_had_left() -> None:
    make.role_given("nobody", Role.FINANCE_OFFICER, make.office(make.HERE))
    payment = fund.prepared(fund.committed())
    today = fund.today()

    def release(login: str, day: date, version: int) -> None:
        draft = ReleaseDraft(day, "No. 1", day_reason="The slip came late.")
        payments.release(make.actor(login), payment, draft, version)

    def receive(day: date) -> None:
        draft = ReceiptDraft(day, "phone")
        payments.receive(make.actor("director"), payment, draft, payment.version)

    assert make.refused(lambda: release("finance", today + DAY, payment.version)) == {"paid_on"}
    with pytest.raises(Stale):
        release("finance", today, payment.version + 1)
    assert payment.status == "prepared"
    release("finance", today - DAY, payment.version)
    released = payment.version
    release("finance", today - DAY, released)  # a second click
    with pytest.raises(Stale, match="something else"):
        release("finance", today, released)
    assert (payment.paid_on, payment.version) == (today - DAY, released)
    with pytest.raises(WrongStatus):  # of a colleague
        release("nobody", today, released)
    assert make.refused(lambda: receive(today - 2 * DAY)) == {"received_on"}
    assert make.refused(lambda: receive(today + DAY)) == {"received_on"}
    receive(today - DAY)
    assert payment.status == "received"


def test_a_word_that_no_list_holds_is_refused_beside_its_field() -> None:
    payment = _paid(items=(ItemDraft("prison_visit", 100_00),))  # which any document accounts for
    request, director = payments.request_of(payment), make.actor("director")
    slip = AcquittalDraft(100_00, document="napkin", reference="1", dated=fund.today())
    receipt, complaint = ReceiptDraft(fund.today(), "pigeon"), ComplaintDraft("gossip", "x")
    acts: dict[str, Callable[[], object]] = {
        "channel": lambda: payments.receive(director, payment, receipt, payment.version),
        "document": lambda: acquittals.acquit(
            make.actor("monitor"), payment, slip, fund.seen(payment)
        ),
        "kind": lambda: acquittals.complain(director, request, complaint),
    }
    for field, act in acts.items():
        assert make.refused(act) == {field}
    for outcome, words, field in (
        ("perhaps", "", "outcome"),
        ("", "", "outcome"),
        ("yes", "\x00", "words"),
    ):
        record = partial(acquittals.record_outcome, director, request, outcome, words)
        assert make.refused(record) == {field}
    made = acquittals.complain(director, request, ComplaintDraft("cut", "x"))
    national = make.actor("national")
    assert make.refused(lambda: acquittals.answer_complaint(national, made, "\x00")) == {"answer"}


# What accounts for it ----------------------------------------------------------------------------


DECLARED: dict[str, Any] = {"document": None, "alternative": True, "danger": "They watch."}


@pytest.mark.parametrize(
    ("support", "refused", "accepted"),
    [
        (
            "prison_visit",
            {"document": {"document": None, "reference": "", "dated": None}},
            {"document": "agenda"},  # no document is asked for: any will do
        ),
        (
            "medical",
            {"document": {"document": "agenda"}, "alternative": DECLARED},
            {"document": "receipt"},
        ),
        ("family", {}, DECLARED),
    ],
)
def test_each_type_of_support_says_what_accounts_for_it(
    support: str, refused: dict[str, dict[str, Any]], accepted: dict[str, Any]
) -> None:
    payment = fund.receive(_paid(items=(ItemDraft(support, 100_00),)))
    assert {
        field: make.refused(partial(fund.account, payment, **changes))
        for field, changes in refused.items()
    } == {field: {field} for field in refused}
    fund.account(payment, **accepted)
    assert payments.request_of(payment).status == "acquitted"


def test_a_declaration_up_to_the_limit_of_the_donor_accounts_for_a_payment() -> None:
    line = fund.line(alternative_most=100_00)
    payment = fund.receive(_paid(on=line))
    fund.account(payment, **DECLARED)
    assert payments.request_of(payment).status == "acquitted"


def test_a_request_is_accounted_for_when_each_payment_is_and_somebody_reviewed_it() -> None:
    fund.paid()  # another one, for which nobody accounts
    request = fund.committed(**_halves())
    dropped = fund.prepared(request)
    payments.drop(make.actor("fund"), dropped, dropped.version)
    first, second = (fund.release(fund.prepared(request, number)) for number in range(2))
    for document in ("transfer_slip", "acknowledgement"):  # it is changed until it is reviewed
        slip = AcquittalDraft(50_00, document=document, reference="1", dated=fund.today())
        acquittals.acquit(make.actor("monitor"), second, slip, fund.seen(second))
    account = acquittals.acquittal_of(second)
    assert account is not None
    assert (account.document, acquittals.acquittal_of(first)) == ("acknowledgement", None)
    fund.account(fund.receive(first))
    assert request.status == "paid"
    acquittals.review(make.actor("fund"), fund.receive(second), fund.seen(second))
    assert request.status == "acquitted"


def test_what_left_less_than_was_promised_gives_back_the_rest_once_it_is_accounted_for() -> None:
    line = fund.line(100_00)
    request = fund.committed(100_00, line)
    fund.account(fund.receive(fund.release(fund.prepared(request), 80_00)))
    assert (request.status, request.committed, line.available) == ("acquitted", 80_00, 20_00)


@pytest.mark.parametrize("last", ["its review", "that the rest is not needed"])
def test_what_was_promised_and_not_used_is_on_the_line_again_whatever_comes_last(
    last: str,
) -> None:
    line = fund.line(100_00)
    request = fund.committed(100_00, line, **_halves())
    payment = fund.receive(fund.release(fund.prepared(request, 0), 40_00))
    second, monitor = instalments_of(request)[1], make.actor("monitor")
    if last == "that the rest is not needed":
        fund.account(payment)
        assert (request.status, line.available) == ("part_paid", 0)
    payments.check(
        monitor, request, second.uid, still_there=False, still_needed=True, version=request.version
    )
    if last == "its review":
        assert (request.status, line.available) == ("paid", 60_00)
        fund.account(payment)
    assert (request.status, request.committed) == ("acquitted", 40_00)
    assert (line.spent, line.committed, line.available) == (40_00, 40_00, 60_00)
    assert check_fund().faults == ()


def test_whether_it_helped_is_said_of_that_request() -> None:
    first, second = fund.paid(), fund.drafted()
    acquittals.record_outcome(make.actor("director"), first, "yes", "")
    stories = [request_reading.story(make.actor("monitor"), each.uid) for each in (first, second)]
    assert [story.outcome is not None for story in stories] == [True, False]


# Two currencies ----------------------------------------------------------------------------------


def _rate_from(days_ago: int, numerator: int) -> None:
    day = fund.today() - days_ago * DAY
    fund.bank_rate(numerator, day)
    fund.tier_rate(numerator, day)


@pytest.mark.parametrize(("fixed", "charged"), [(False, 80_00), (True, 100_00)])
def test_a_donor_fixes_the_rate_on_the_day_of_the_promise_or_it_is_that_of_the_payment(
    *, fixed: bool, charged: int
) -> None:
    _rate_from(60, 4000)
    line = fund.line(fixed_rate=fixed)
    request = fund.committed(400_000_00, line, currency="KHR")
    with clock.as_of(clock.now() + 10 * DAY):
        _rate_from(1, 5000)
        payment = fund.release(fund.prepared(request))
    assert (payment.charged, line.spent) == (charged, charged)


@pytest.mark.parametrize(
    ("returned", "spent", "came"), [(100_000_00, 75_00, 100_000_00), (400_000_00, 0, 400_000_00)]
)
def test_what_comes_back_in_another_currency_is_on_the_line_at_the_rate_at_which_it_left(
    returned: int, spent: int, came: int
) -> None:
    _rate_from(60, 4000)
    line = fund.line()
    payment = fund.receive(_paid(amount=400_000_00, on=line, currency="KHR"))
    fund.account(payment, spent=400_000_00 - returned, returned=returned)
    assert (line.spent, line.committed) == (spent, spent)
    assert _balance(LedgerAccount.BANK, "KHR") == came - 400_000_00
    assert _balance(LedgerAccount.RETURNED) == spent - 100_00
    assert check_fund().faults == ()


@pytest.mark.parametrize("carried", [False, True])
def test_cash_comes_out_of_the_cash_box_and_back_into_it(*, carried: bool) -> None:
    carrier = make.user("colleague").uid if carried else None
    payment = _paid(method="cash", carrier_colleague=carrier)
    assert (_balance(LedgerAccount.CASH), _balance(LedgerAccount.BANK)) == (-100_00, 0)
    fund.account(fund.receive(payment), spent=60_00, returned=40_00)
    assert (_balance(LedgerAccount.CASH), _balance(LedgerAccount.BANK)) == (-60_00, 0)
    exchanged = select(Posting.number).where(Posting.account == LedgerAccount.EXCHANGE)
    assert session().scalar(exchanged) is None


def test_what_was_carried_in_another_currency_is_booked_with_its_rate_when_it_arrives() -> None:
    _rate_from(60, 4000)
    values = {"method": "cash", "carrier_colleague": make.user("colleague").uid}
    fund.receive(_paid(amount=400_000_00, currency="KHR", **values))
    booked = select(Transaction.rate_numerator).where(Transaction.booking == Booking.RECEIPT)
    assert session().scalars(booked).one() == 4000


def test_a_reviewed_account_keeps_nobody_from_accounting_for_another_payment() -> None:
    fund.account(fund.receive(_paid()))
    other = fund.receive(_paid())
    fund.account(other)
    assert acquittals.acquittal_of(other) is not None
