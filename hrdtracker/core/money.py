"""Money as it is kept: whole numbers of the smallest unit, and a currency.

An amount is never a fraction and never floats; a rate is a fraction of two whole numbers. How it is
read from what somebody typed stands in `core/money_as_typed.py`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from hrdtracker.core.errors import N_, DomainError, Message

MOST = 10**15
"""No amount of money in smallest units is larger: what is, was mistyped."""
RATE_MOST = 10**9
"""Neither part of a rate is larger."""
NO_AMOUNT = N_("The amount must be more than 0.")
TOO_LARGE = N_("This amount is too large.")


@dataclass(frozen=True)
class Currency:
    """A currency: its ISO 4217 code and decimals, how many of them people use, and its sign.

    `words` are those by which people call it, in small letters; several currencies share some.
    """

    code: str
    minor: int
    typed: int
    sign: str
    words: tuple[str, ...]


def _read() -> Mapping[str, Currency]:
    with (Path(__file__).parent / "currencies.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, strict=True))
    currencies = {
        line["code"]: Currency(
            code=line["code"],
            minor=int(line["minor"]),
            typed=int(line["typed"]),
            sign=line["sign"],
            words=(line["code"].casefold(), *line["words"].split("|")),
        )
        for line in lines
    }
    return MappingProxyType(currencies)


CURRENCIES = _read()


class UnclearMoney(DomainError):
    """An amount or a rate that is none, or that could mean two things."""

    default = N_("Write an amount of money, such as 250 or 1,250.50.")


def currency(code: str) -> Currency:
    """Return a currency by its code; raises UnclearMoney."""
    unit = CURRENCIES.get(code)
    if unit is None:
        raise UnclearMoney(Message(N_("“%(code)s” is no currency known here."), {"code": code}))
    return unit


@dataclass(frozen=True)
class Money:
    """An amount in the smallest unit of a currency."""

    amount: int
    currency: str

    @property
    def major(self) -> Decimal:
        """Return the amount in whole units, for whoever formats it."""
        return Decimal(self.amount).scaleb(-currency(self.currency).minor)

    @property
    def places(self) -> int:
        """Return how many decimals are shown: those people use, more only where they say more."""
        unit = currency(self.currency)
        step = 10 ** (unit.minor - unit.typed)
        return unit.typed if self.amount % step == 0 else unit.minor

    def __str__(self) -> str:
        return f"{self.major:,.{self.places}f} {self.currency}"


@dataclass(frozen=True)
class Rate:
    """How much of `quote` one unit of `base` is worth, as a fraction of whole numbers."""

    base: str
    quote: str
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        currency(self.base)
        currency(self.quote)
        if not (0 < self.numerator <= RATE_MOST and 0 < self.denominator <= RATE_MOST):
            raise UnclearMoney(N_("A rate is more than 0."))

    def convert(self, money: Money) -> Money:
        """Return money of one of the two currencies in the other, halves rounded away from 0."""
        other = self.quote if money.currency == self.base else self.base
        return Money(nearest(money.amount * self.worth_of(money.currency)), other)

    def worth_of(self, currency: str) -> Fraction:
        """Return what the smallest unit of one of the two currencies is in those of the other."""
        value = Fraction(self.numerator, self.denominator)
        if currency == self.base:
            return value * _scale(self.base, self.quote)
        if currency == self.quote:
            return _scale(self.quote, self.base) / value
        raise ValueError("the rate is for other currencies")


def _scale(source: str, target: str) -> Fraction:
    return Fraction(10) ** (currency(target).minor - currency(source).minor)


def nearest(value: Fraction) -> int:
    """Return the nearest whole number, halves away from 0."""
    whole, rest = divmod(abs(value), 1)
    rounded = int(whole) + (rest * 2 >= 1)
    return rounded if value >= 0 else -rounded
