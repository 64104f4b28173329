"""Which rate counts: the newest of that day or before, of these two currencies, of one's own."""

from datetime import timedelta

import pytest

from hrdtracker.access.model import Organisation
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.model import RateKind
from hrdtracker.fund.rules import rates
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _record(numerator: int, days_ago: int, base: str = "USD", quote: str = "KHR") -> None:
    fund.bank_rate(numerator, fund.today() - timedelta(days_ago), base, quote)


def _counts(days_ago: int, one: str = "USD", other: str = "KHR") -> int:
    day = fund.today() - timedelta(days_ago)
    return rates.booking_rate(make.organisation().id, one, other, day).numerator


def test_the_newest_up_to_a_day_counts_and_none_of_later() -> None:
    _record(4000, 60)
    _record(4100, 30)
    _record(4200, 1)
    assert [_counts(days_ago) for days_ago in (60, 31, 30, 2, 1, 0)] == [
        4000,
        4000,
        4100,
        4100,
        4200,
        4200,
    ]
    with pytest.raises(WrongStatus):
        _counts(61)


def test_it_is_a_rate_of_these_two_currencies_whichever_comes_first() -> None:
    _record(4000, 60)
    _record(36, 50, "USD", "THB")
    _record(110, 40, "THB", "KHR")
    assert (_counts(0), _counts(0, "KHR", "USD")) == (4000, 4000)
    assert (_counts(0, "USD", "THB"), _counts(0, "THB", "USD")) == (36, 36)
    assert (_counts(0, "THB", "KHR"), _counts(0, "KHR", "THB")) == (110, 110)


def test_the_rate_of_another_organisation_counts_for_nobody_here() -> None:
    _record(4000, 60)
    assert len(rates.recorded(make.organisation(), RateKind.BOOKING)) == 1
    assert rates.recorded(Organisation(id=make.organisation().id + 1), RateKind.BOOKING) == []
    with pytest.raises(WrongStatus):
        rates.booking_rate(make.organisation().id + 1, "USD", "KHR", fund.today())
