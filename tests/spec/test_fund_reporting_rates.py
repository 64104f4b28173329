"""At which rate a donor's reports tell money of another currency: of its list, or the average."""

from datetime import date, timedelta
from functools import partial

import pytest

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.core.money import Rate
from hrdtracker.fund.drafts.money import ReportingRateDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import BudgetLine, DonorGrant, RateKind, ReportingMethod
from hrdtracker.fund.rules import rates
from hrdtracker.fund.rules.reporting_rates import record_reporting_rate, reporting_rates
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
DAY = timedelta(days=1)
MONTHLY, INFOREURO = ReportingMethod.MONTHLY, ReportingMethod.INFOREURO


def _record(
    numerator: int,
    month: date,
    method: ReportingMethod = MONTHLY,
    who: str = "finance",
    quote: str = "KHR",
) -> None:
    draft = ReportingRateDraft(Rate("USD", quote, numerator, 1), month, method, "List")
    record_reporting_rate(make.actor(who), make.organisation(), draft)


def _grant(line: BudgetLine) -> DonorGrant:
    return session().get_one(DonorGrant, line.grant_id)


def _pay(line: BudgetLine, riel: int) -> None:
    parts = (InstalmentDraft(fund.today(), riel * 100, "KHR"),)
    fund.paid(100_00, line, instalments=parts)


def test_the_average_is_worked_out_from_what_the_bank_gave_by_the_weight_of_each_payment() -> None:
    fund.rate(4000)
    line = fund.line()
    _pay(line, 80_000)
    fund.bank_rate(5000, fund.today())
    _pay(line, 400_000)
    _pay(fund.line(), 400_000)
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": Rate("USD", "KHR", 4800, 1)}
    assert reporting_rates(_grant(line), fund.today() - DAY) == {}


def test_nobody_types_an_average() -> None:
    assert make.refused(partial(_record, 4000, fund.today(), ReportingMethod.AVERAGE)) == {"method"}


@pytest.mark.parametrize("who", ["fund", "director", "admin"])
def test_finance_alone_records_what_a_list_says(who: str) -> None:
    with pytest.raises(NotAllowed):
        _record(4000, fund.today(), MONTHLY, who)


def test_a_donors_list_counts_for_its_month_and_no_other_list_does() -> None:
    fund.rate(4000)
    line = fund.line(rate_method=MONTHLY)
    _pay(line, 80_000)
    first = fund.today().replace(day=1)
    _record(4200, first - DAY)
    _record(4300, fund.today(), INFOREURO)
    _record(36, fund.today(), quote="THB")
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": None}
    _record(4400, fund.today())
    _record(4410, fund.today())
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": Rate("USD", "KHR", 4410, 1)}


def test_what_a_list_says_sets_no_level_and_charges_nothing() -> None:
    _record(4000, fund.today())
    pair = ("USD", "KHR")
    kinds = {kind: rates.newest(kind, make.organisation().id, pair) for kind in RateKind}
    assert [kind for kind, rate in kinds.items() if rate] == [RateKind.REPORTING]
    ahead = (fund.today().replace(day=1) + 40 * DAY).replace(day=1)
    assert make.refused(partial(_record, 4000, ahead)) == {"day"}
