"""Money is read as people write it and kept as whole numbers of the smallest unit.

In `amounts_as_typed.csv` an amount reads as whole units of its currency; after a `!` stands what
the sentence says that refuses it.
"""

import contextlib
import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

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
)
from hrdtracker.core.money_as_typed import read_money, read_rate

with (Path(__file__).parent / "amounts_as_typed.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, strict=True))

AMOUNTS = st.integers(-MOST, MOST)
CODES = st.sampled_from(sorted(CURRENCIES))
PARTS = st.integers(1, 10**6)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['currency']} {row['typed']!a}")
def test_an_amount_is_read_as_it_is_meant_or_refused_with_a_sentence(row: dict[str, str]) -> None:
    if row["read"].startswith("!"):
        with pytest.raises(UnclearMoney) as refused:
            read_money(row["typed"], row["currency"])
        assert row["read"].removeprefix("! ") in str(refused.value.reason)
    else:
        assert read_money(row["typed"], row["currency"]).major == Decimal(row["read"])


def test_an_amount_of_a_currency_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnclearMoney) as refused:
        read_money("5", "XXX")
    assert "no currency" in str(refused.value.reason)


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
    [
        ("4,100", Fraction(4100)),
        ("4,100.25 ៛", Fraction(16401, 4)),
        ("4012.5", Fraction(8025, 2)),
        ("4.1000", Fraction(41, 10)),
        ("0.241", Fraction(241, 1000)),
        ("0.00025", Fraction(1, 4000)),
        ("៤ពាន់១រយ", Fraction(4100)),
    ],
)
def test_a_rate_is_kept_as_a_fraction(typed: str, value: Fraction) -> None:
    rate = read_rate(typed, "USD", "KHR")
    assert Fraction(rate.numerator, rate.denominator) == value


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0", "more than 0"),
        ("-1", "more than 0"),
        ("", "Write an amount"),
        ("x", "Write an amount"),
        (".5", "figure before"),
        ("4.100", "4,100 for thousands, or 4.1000"),
        ("1.085", "4,100 for thousands, or 4.1000"),
        ("4100 USD", "“usd”, but the currency is KHR"),
        ("0.0000001", "at most 6 decimals"),
        ("9" * 12, "more than 0"),
    ],
)
def test_what_is_no_rate_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(UnclearMoney) as refused:
        read_rate(typed, "USD", "KHR")
    assert says in str(refused.value.reason)


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
