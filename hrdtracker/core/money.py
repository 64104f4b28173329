"""Money as people write it, and as it is kept: whole numbers of the smallest unit, and a currency.

An amount is never a fraction and never floats; a rate is a fraction of two whole numbers.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.core.numerals import latin_digits

MOST = 10**15
"""No amount of money in smallest units is larger: what is, was mistyped."""
RATE_MOST = 10**9
"""Neither part of a rate is larger."""
RATE_PLACES = 6
THOUSANDS = 3
NO_AMOUNT = N_("The amount must be more than 0.")
TOO_LARGE = N_("This amount is too large.")
RIDDLE = N_("This can be read in two ways: write 1,250 for thousands and 1250.50 for decimals.")
SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200b'’_]")
WORDS = re.compile(r"^(usd|us\$|khr|eur|រៀល|ដុល្លារ|\D{0,3}?)|(រៀល|ដុល្លារ|[^\d.,]{0,8})$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")


@dataclass(frozen=True)
class Currency:
    """A currency: its ISO 4217 code and decimals, how many of them people use, and its sign."""

    code: str
    minor: int
    typed: int
    sign: str


def _read() -> Mapping[str, Currency]:
    with (Path(__file__).parent / "currencies.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, strict=True))
    currencies = {
        line["code"]: Currency(line["code"], int(line["minor"]), int(line["typed"]), line["sign"])
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
        value = Fraction(self.numerator, self.denominator)
        if money.currency == self.base:
            return Money(_round(money.amount * value * _scale(self.base, self.quote)), self.quote)
        if money.currency == self.quote:
            return Money(_round(money.amount / value * _scale(self.quote, self.base)), self.base)
        raise ValueError("the rate is for other currencies")


def _scale(source: str, target: str) -> Fraction:
    return Fraction(10) ** (currency(target).minor - currency(source).minor)


def _round(value: Fraction) -> int:
    whole, rest = divmod(abs(value), 1)
    rounded = int(whole) + (rest * 2 >= 1)
    return rounded if value >= 0 else -rounded


def read_money(text: str, code: str) -> Money:
    """Return what somebody typed as money of a currency; raises UnclearMoney.

    Khmer digits, spaces and separators of thousands are understood, a currency's sign or word is
    left aside. Negative and zero amounts, and decimals that the currency lacks, are refused.
    """
    unit = currency(code)
    value = _number(text, unit.typed)
    if value == 0:
        raise UnclearMoney(NO_AMOUNT)
    amount = value * 10**unit.minor
    if amount > MOST:
        raise UnclearMoney(TOO_LARGE)
    return Money(int(amount), code)


def read_rate(text: str, base: str, quote: str) -> Rate:
    """Return what somebody typed as the worth of one `base` in `quote`; raises UnclearMoney."""
    if base == quote:
        raise UnclearMoney(N_("A rate is between two currencies."))
    value = _number(text, RATE_PLACES)
    return Rate(base, quote, value.numerator, value.denominator)


def _number(text: str, places: int) -> Fraction:
    plain = latin_digits(SPACES.sub("", text)).casefold()
    if re.search(r"[-\u2212–]\s*\d|\d\s*[-\u2212–]|\(", plain):
        raise UnclearMoney(NO_AMOUNT)
    plain = WORDS.sub("", plain)
    if not NUMBER.fullmatch(plain) or not plain.isascii():
        raise UnclearMoney
    whole, decimals = _parts(plain, places)
    if len(decimals) > places:
        raise UnclearMoney(
            N_("This currency has no decimals.")
            if places == 0
            else Message(N_("Write at most %(places)s decimals."), {"places": places})
        )
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _parts(plain: str, places: int) -> tuple[str, str]:
    """Return the digits before and after the decimal sign; raises UnclearMoney for a riddle."""
    signs = re.sub(r"\d", "", plain)
    if not signs:
        return plain, ""
    if len(set(signs)) == 1 and GROUPED.fullmatch(plain) and not (signs == "." and places):
        return re.sub(r"[.,]", "", plain), ""
    if signs == "." and GROUPED.fullmatch(plain) and places < THOUSANDS:
        raise UnclearMoney(RIDDLE)
    whole, sign, decimals = plain.rpartition(signs[-1])
    if sign in whole or (signs[:-1] and not GROUPED.fullmatch(whole)):
        raise UnclearMoney
    return re.sub(r"[.,]", "", whole), decimals
