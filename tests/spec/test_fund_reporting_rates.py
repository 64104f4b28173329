"""At which rate a donor's reports tell money of another currency: of its list, or the average."""

from datetime import date, timedelta
from functools import partial

import pytest

from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.core.money import Money, Rate
from hrdtracker.fund.drafts.money import ReportingRateDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import BudgetLine, DonorGrant, RateKind, ReportingMethod
from hrdtracker.fund.rules import rates
from hrdtracker.fund.rules.exchanged import Exchanged
from hrdtracker.fund.rules.reporting_rates import (
    average_rates,
    record_reporting_rate,
    reporting_rates,
)
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
DAY = timedelta(days=1)
MONTHLY, INFOREURO = ReportingMethod.MONTHLY, ReportingMethod.INFOREURO


def _record(
    numerator: int,
    month: date,
    method: ReportingMethod = MONTHLY,
    who: str = "finance",
    pair: tuple[str, str] = ("USD", "KHR"),
) -> None:
    draft = ReportingRateDraft(Rate(*pair, numerator, 1), month, method, "List")
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
    for pair in (("USD", "THB"), ("KHR", "THB")):
        _record(36, fund.today(), pair=pair)
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": None}
    _record(4400, fund.today())
    _record(4410, fund.today())
    _record(7, fund.today(), pair=("KHR", "EUR"))
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": Rate("USD", "KHR", 4410, 1)}
    _record(2, fund.today(), pair=("KHR", "USD"))
    assert reporting_rates(_grant(line), fund.today()) == {"KHR": Rate("KHR", "USD", 2, 1)}


@pytest.mark.parametrize(
    ("spent", "taken", "average"),
    [
        (("KHR", 400_000_00), ("USD", 100_00), (4000, 1)),
        (("KHR", -400_000_00), ("USD", -100_00), (4000, 1)),
        (("KHR", 400_000_00), ("USD", 0), None),
        (("KHR", 0), ("USD", 100_00), None),
        (("KHR", 400_000_00), ("USD", -100_00), None),
        (("USD", 3_00), ("KHR", 40_001_00), (3, 40_001)),
    ],
)
def test_an_average_is_what_both_sums_say_and_nothing_where_they_contradict_each_other(
    spent: tuple[str, int], taken: tuple[str, int], average: tuple[int, int] | None
) -> None:
    part = Exchanged("L1", fund.today(), Money(spent[1], spent[0]), Money(taken[1], taken[0]))
    rate = Rate(taken[0], spent[0], *average) if average else None
    assert average_rates(DonorGrant(currency=taken[0]), [part]) == {spent[0]: rate}


def test_what_a_list_says_sets_no_level_and_charges_nothing() -> None:
    _record(4000, fund.today())
    pair = ("USD", "KHR")
    kinds = {kind: rates.newest(kind, make.organisation().id, pair) for kind in RateKind}
    assert [kind for kind, rate in kinds.items() if rate] == [RateKind.REPORTING]
    ahead = (fund.today().replace(day=1) + 40 * DAY).replace(day=1)
    assert make.refused(partial(_record, 4000, ahead)) == {"day"}
