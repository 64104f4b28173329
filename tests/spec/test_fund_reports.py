"""What a donor is told: whole sums of money, and people only in numbers that show nobody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.errors import NotFound
from hrdtracker.core.suppression import LEAST, published
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.reading.donor_report import DonorReport, report
from tests import fund, make

COUNTS = st.integers(0, 10_000)


def _report(login: str = "fund") -> DonorReport:
    day = fund.today()
    return report(make.actor(login), ReportDraft(day - timedelta(days=1), day))


def test_fewer_than_five_people_are_never_told() -> None:
    assert [published(count) for count in range(LEAST)] == [None] * LEAST
    assert published(LEAST) == LEAST


@given(one=COUNTS, other=COUNTS)
def test_no_difference_of_two_published_numbers_gives_anybody_away(one: int, other: int) -> None:
    """In one table, between two tables, between two reports: it is nothing, or five at least."""
    first, second = published(one), published(other)
    if first is not None and second is not None:
        assert first == second or abs(first - second) >= LEAST


@given(count=st.integers(LEAST, 10_000))
def test_a_published_number_is_within_two_of_what_it_tells(count: int) -> None:
    told = published(count)
    assert told is not None
    assert abs(told - count) <= LEAST // 2


@pytest.mark.usefixtures("unit")
def test_a_report_tells_money_to_the_cent_and_hides_few_people() -> None:
    line = fund.line(1_000_00)
    for _ in range(2):
        fund.paid(60_00, line)
    told = _report()
    (actual,) = told.lines
    assert (actual.budget.amount, actual.spent.amount) == (1_000_00, 120_00)
    assert told.people is None
    assert told.by_sex == {"M": None}
    assert told.crossed == {("family", "M"): None}
    assert told.to_decision is None


@pytest.mark.usefixtures("unit")
@pytest.mark.engines("sqlite")
def test_five_people_are_told_by_every_kind() -> None:
    line = fund.line(1_000_00)
    for _ in range(6):
        fund.paid(60_00, line)
    told = _report("auditor")
    assert told.people == 5
    assert told.by_support_type == {"family": 5}
    assert told.by_province == {"12": 5}
    assert told.to_decision == timedelta(0)


@pytest.mark.usefixtures("unit")
def test_whoever_has_nothing_to_do_with_the_fund_gets_no_report() -> None:
    with pytest.raises(NotFound):
        _report("monitor")
