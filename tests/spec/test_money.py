"""Money is read as people write it and kept as whole numbers of the smallest unit."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.money import (
    CURRENCIES,
    MOST,
    Money,
    Rate,
    UnclearMoney,
    currency,
    read_money,
    read_rate,
)

AMOUNTS = st.integers(-MOST, MOST)
CODES = st.sampled_from(sorted(CURRENCIES))
PARTS = st.integers(1, 10**6)


@pytest.mark.parametrize(
    ("typed", "code", "amount"),
    [
        ("1250", "USD", 125_000),
        ("1,250", "USD", 125_000),
        ("1,250.5", "USD", 125_050),
        ("1 250,50", "EUR", 125_050),
        ("1.234.567", "USD", 123_456_700),
        ("$12", "USD", 1_200),
        ("US$ 5", "USD", 500),
        ("12 USD", "USD", 1_200),
        ("40,000", "KHR", 4_000_000),
        ("40.000", "KHR", 4_000_000),
        ("៤០,០០០", "KHR", 4_000_000),
        ("៛40 000", "KHR", 4_000_000),
        ("៤ ០០០ រៀល", "KHR", 400_000),
        ("១២.៥០ ដុល្លារ", "USD", 1_250),
        ("1.234", "KWD", 1_234),
        ("500", "JPY", 500),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, code: str, amount: int) -> None:
    assert read_money(typed, code) == Money(amount, code)


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("", "USD", "Write an amount"),
        ("ten", "USD", "Write an amount"),
        ("1e5", "USD", "Write an amount"),
        ("1,2,3", "USD", "Write an amount"),
        ("٣", "USD", "Write an amount"),
        ("²", "USD", "Write an amount"),
        ("-5", "USD", "more than 0"),
        ("\u22125", "USD", "more than 0"),
        ("(5)", "USD", "more than 0"),
        ("0", "USD", "more than 0"),
        ("0.00", "USD", "more than 0"),
        ("1.234", "USD", "two ways"),
        ("1.2345", "USD", "at most 2 decimals"),
        ("1.5", "KHR", "no decimals"),
        ("9" * 30, "USD", "too large"),
        ("5", "XXX", "no currency"),
    ],
)
def test_what_is_no_clear_amount_is_refused_with_a_sentence(
    typed: str, code: str, says: str
) -> None:
    with pytest.raises(UnclearMoney) as refused:
        read_money(typed, code)
    assert says in str(refused.value.reason)


@given(amount=st.integers(1, 10**12), code=CODES)
def test_what_is_shown_is_read_back_as_it_was(amount: int, code: str) -> None:
    known = currency(code)
    money = Money(amount * 10 ** (known.minor - known.typed), code)
    if known.typed == 3 and money.amount % 1000 == 0:
        return
    assert read_money(str(money), code) == money


@given(text=st.text(max_size=30), code=CODES)
def test_whatever_is_typed_is_money_or_refused(text: str, code: str) -> None:
    with contextlib.suppress(UnclearMoney):
        assert 0 < read_money(text, code).amount <= MOST


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(125_000, "USD"), "1,250.00 USD"),
        (Money(4_000_000, "KHR"), "40,000 KHR"),
        (Money(4_000_050, "KHR"), "40,000.50 KHR"),
        (Money(-500, "JPY"), "-500 JPY"),
    ],
)
def test_an_amount_is_shown_with_the_decimals_people_use(money: Money, shown: str) -> None:
    assert str(money) == shown


def test_an_amount_is_never_rounded_where_it_is_large() -> None:
    assert str(Money(900719925474099301, "USD")) == "9,007,199,254,740,993.01 USD"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("4,100", Fraction(4100)), ("4012.5", Fraction(8025, 2)), ("0.00025", Fraction(1, 4000))],
)
def test_a_rate_is_kept_as_a_fraction(typed: str, value: Fraction) -> None:
    rate = read_rate(typed, "USD", "KHR")
    assert Fraction(rate.numerator, rate.denominator) == value


@pytest.mark.parametrize("typed", ["0", "-1", "", "x", "0.0000001", "9" * 12])
def test_what_is_no_rate_is_refused(typed: str) -> None:
    with pytest.raises(UnclearMoney):
        read_rate(typed, "USD", "KHR")


def test_a_rate_is_between_two_currencies() -> None:
    with pytest.raises(UnclearMoney):
        read_rate("1", "USD", "USD")


def test_money_is_changed_at_a_rate_in_both_directions() -> None:
    rate = Rate("USD", "KHR", 4100, 1)
    assert rate.convert(Money(10_000, "USD")) == Money(41_000_000, "KHR")
    assert rate.convert(Money(41_000_000, "KHR")) == Money(10_000, "USD")
    assert Rate("USD", "JPY", 150, 1).convert(Money(100, "USD")) == Money(150, "JPY")


@given(amount=AMOUNTS, numerator=PARTS, denominator=PARTS)
def test_money_that_is_changed_is_rounded_by_half_a_unit_at_most(
    amount: int, numerator: int, denominator: int
) -> None:
    found = Rate("USD", "EUR", numerator, denominator).convert(Money(amount, "USD"))
    assert abs(found.amount - Fraction(amount * numerator, denominator)) <= Fraction(1, 2)
