"""What a donor is told of money in another currency: at the rate of its grant, or nothing."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.money import Money, Rate
from hrdtracker.core.when.model import months_after
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import grants
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.disclosures import conversion, service
from hrdtracker.fund.disclosures.content import ToldNumbers
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    LineDraft,
    ReportDraft,
    ReportingRateDraft,
)
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import BudgetLine, DonorGrant, Payment, ReportingMethod, Transaction
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.rules.exchanged import Exchanged, exchanged
from hrdtracker.fund.rules.reporting_rates import average_rates, record_reporting_rate
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
LATER = timedelta(days=125)
MONTHLY, INFOREURO = ReportingMethod.MONTHLY, ReportingMethod.INFOREURO


def _grant(line: BudgetLine) -> DonorGrant:
    return session().get_one(DonorGrant, line.grant_id)


def _pay(line: BudgetLine, riel: int) -> Payment:
    part = InstalmentDraft(fund.today(), riel * 100, "KHR")
    return payments_of(fund.paid(200_00, line, instalments=(part,)))[0]


def _months() -> list[date]:
    return [months_after(fund.today(), number) for number in range(3)]


def _told(line: BudgetLine) -> ToldNumbers:
    """Prepare a report of this month and the next two, once they are over."""
    first, until = _months()[0], months_after(fund.today(), 3) - timedelta(days=1)
    draft = ReportDraft(first, until, _grant(line).uid)
    with time_machine.travel(clock.now() + LATER):
        report = service.prepare_money(make.actor("finance"), make.organisation(), draft)
    return ToldNumbers.read(report.numbers)


def _list(month: date, riel: int, method: ReportingMethod = MONTHLY) -> None:
    draft = ReportingRateDraft(Rate("USD", "KHR", riel, 1), month, method, "Annex 2")
    with time_machine.travel(clock.now() + LATER):
        record_reporting_rate(make.actor("finance"), make.organisation(), draft)


def test_the_average_of_the_months_tells_lines_alike_and_adds_up_to_what_the_bank_gave() -> None:
    fund.rate(4000)
    grant = fund.grant(5_000_00)
    first, second = (
        grants.add_line(make.actor("fund"), grant, LineDraft(code, code, 2_000_00))
        for code in ("L1", "L2")
    )
    for _ in range(2):
        _pay(first, 400_000)
    fund.bank_rate(5000, fund.today())
    for _ in range(2):
        _pay(second, 500_000)
    assert (first.spent, second.spent) == (200_00, 200_00)
    numbers = _told(first)
    assert [line.spent for line in numbers.lines] == [177_78, 222_22]
    (rate,) = numbers.rates
    assert (rate.rate, rate.method, rate.month) == (Rate("USD", "KHR", 4500, 1), "average", "")


def test_what_is_told_at_an_average_is_to_the_cent_what_the_books_have() -> None:
    fund.rate(4000)
    grant = fund.grant(5_000_00)
    lines = [
        grants.add_line(make.actor("fund"), grant, LineDraft(code, code, 1_000_00))
        for code in ("L1", "L2", "L3")
    ]
    for line, riel in zip(lines, (48_000, 46_000, 40_000), strict=True):
        if line is lines[-1]:
            fund.bank_rate(4100, fund.today())
        for _ in range(2):
            _pay(line, riel)
    assert [line.spent for line in lines] == [24_00, 23_00, 19_52]
    assert [line.spent for line in _told(lines[0]).lines] == [23_83, 22_83, 19_86]


def test_a_list_tells_each_month_at_its_own_and_nothing_before_all_are_recorded() -> None:
    fund.rate(4000)
    line = fund.line(5_000_00, rate_method=MONTHLY)
    for _ in range(2):
        _pay(line, 400_000)
    fund.paid(10_00, line)
    for month in _months():
        _list(month, 5000, INFOREURO)
    for number, month in enumerate(_months()):
        with pytest.raises(Refused) as refused:
            _told(line)
        (reason,) = refused.value.reasons.values()
        assert reason.text == conversion.NO_RATE
        assert (reason.values["currency"], str(reason.values["month"])) == (
            "KHR", f"{month:%B %Y}",
        )  # fmt: skip
        _list(month, 3999)
        _list(month, 4100 + number)
    numbers = _told(line)
    assert [line.spent for line in numbers.lines] == [195_12 + 10_00]
    assert [(rate.month, rate.numerator, rate.source) for rate in numbers.rates] == [
        (month.isoformat(), 4100 + number, "Annex 2") for number, month in enumerate(_months())
    ]
    assert {rate.method for rate in numbers.rates} == {"monthly"}


def test_a_grant_that_spent_in_its_own_currency_needs_no_rate() -> None:
    line = fund.line(5_000_00, rate_method=MONTHLY)
    for _ in range(2):
        fund.paid(10_00, line)
    numbers = _told(line)
    assert ([told.spent for told in numbers.lines], numbers.rates) == ([20_00], [])


def test_what_came_back_is_told_at_the_rate_of_the_month_in_which_it_was_spent() -> None:
    fund.rate(4000)
    line = fund.line(5_000_00)
    payment = _pay(line, 400_000)
    told = AcquittalDraft(300_000_00, 100_000_00, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor("monitor"), fund.receive(payment), told, 0)
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    part_of_another = (InstalmentDraft(fund.today(), 100_00, "KHR"),)
    another = fund.committed(100_00, fund.line(5_000_00), instalments=part_of_another)
    leaves_later, spent = fund.prepared(another), fund.today().replace(day=1)
    with clock.as_of(clock.now() + timedelta(days=40)):
        fund.release(leaves_later)
        fund.back(payment)
        later, until = months_after(fund.today(), 0), fund.today()
        (part,) = exchanged(_grant(line), until, later)
    assert (part.line_code, part.month) == ("L1", spent)
    assert (part.spent, part.taken) == (Money(-100_000_00, "KHR"), Money(-25_00, "USD"))
    (whole,) = exchanged(_grant(line), until)
    assert (whole.spent, whole.taken) == (Money(300_000_00, "KHR"), Money(75_00, "USD"))
    assert check_fund().faults == ()


def test_months_without_an_average_of_their_own_have_that_of_all_until_then() -> None:
    fund.rate(4000)
    line = fund.line(5_000_00)
    first = _pay(line, 400_000)
    told = AcquittalDraft(310_000_00, 90_000_00, "transfer_slip", "No. 1", fund.today())
    acquittals.acquit(make.actor("monitor"), fund.receive(first), told, 0)
    acquittals.review(make.actor("fund"), first, fund.seen(first))
    month = months_after(fund.today() + timedelta(days=40), 0)
    with time_machine.travel(clock.now() + timedelta(days=40)):
        fund.back(first)
        fund.bank_rate(5000, fund.today())
        fund.tier_rate(5000, fund.today())
        _pay(line, 100_000)
        (part,) = exchanged(_grant(line), fund.today(), month)[:1]
        assert average_rates(_grant(line), exchanged(_grant(line), fund.today(), month)) == {
            "KHR": None
        }
        assert average_rates(_grant(line), [part]) == {"KHR": Rate("USD", "KHR", 4000, 1)}
    draft = ReportDraft(month, months_after(month, 1) - timedelta(days=1), _grant(line).uid)
    with time_machine.travel(clock.now() + LATER):
        report = service.prepare_money(make.actor("finance"), make.organisation(), draft)
    numbers = ToldNumbers.read(report.numbers)
    (rate,) = numbers.rates
    assert round(rate.numerator / rate.denominator, 2) == 4205.13
    assert [line.spent for line in numbers.lines] == [2_38]


def test_a_reversed_payment_leaves_nothing_to_tell() -> None:
    fund.rate(4000)
    line = fund.line(5_000_00)
    payment = _pay(line, 400_000)
    entry = select(Transaction).where(Transaction.payment_id == payment.id)
    fund.take_back(session().scalars(entry.order_by(Transaction.id.desc())).all()[0])
    assert exchanged(_grant(line), fund.today()) == []


def test_what_is_recorded_anew_is_of_the_month_in_which_it_left_and_of_its_own_grant() -> None:
    fund.rate(4000)
    line, other = fund.line(5_000_00), fund.line(5_000_00)
    payment = _pay(line, 400_000)
    _pay(other, 800_000)
    left_first = _months()[0]
    query = select(Transaction).where(Transaction.payment_id == payment.id)
    with clock.as_of(clock.now() + timedelta(days=40)):
        fund.take_back(session().scalars(query).one())
        fund.release(payment)
        month, day = months_after(fund.today(), 0), fund.today()
    spent = Money(400_000_00, "KHR"), Money(100_00, "USD")
    assert exchanged(_grant(line), day) == [Exchanged("L1", month, *spent)]
    undone = Money(-400_000_00, "KHR"), Money(-100_00, "USD")
    assert exchanged(_grant(line), day, month) == [
        Exchanged("L1", left_first, *undone),
        Exchanged("L1", month, *spent),
    ]


def test_what_is_too_little_to_take_anything_of_a_grant_is_spent_all_the_same() -> None:
    fund.rate(4000)
    line = fund.line(5_000_00)
    _pay(line, 10)
    (part,) = exchanged(_grant(line), fund.today())
    assert (part.spent, part.taken) == (Money(10_00, "KHR"), Money(0, "USD"))


def test_money_of_a_dearer_currency_has_an_average_as_fine() -> None:
    fund.rate(4083)
    line = fund.line(40_000_000_00, currency="KHR")
    for _ in range(2):
        fund.paid(100_00, line)
    numbers = _told(line)
    assert [line.spent for line in numbers.lines] == [816_600_00]
    assert (numbers.rates[0].base, numbers.rates[0].quote) == ("KHR", "USD")


def test_a_report_that_was_kept_before_rates_were_told_is_read_as_it_is() -> None:
    kept = json.loads(ToldNumbers("USD").as_text())
    del kept["rates"]
    assert ToldNumbers.read(json.dumps(kept)) == ToldNumbers("USD", [], [], [])
