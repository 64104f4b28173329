"""Money as people type it, in English or Khmer: read as they mean it, or refused; never guessed.

An amount is a number with or without words: “1,250.50”, “៤០,០០០ រៀល”, “៥ ម៉ឺន”, “1 million 200
thousand”. What could mean two amounts is refused with the sentence that says how to write it.
"""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import (
    CURRENCIES,
    MOST,
    NO_AMOUNT,
    TOO_LARGE,
    Money,
    Rate,
    UnclearMoney,
    currency,
)
from hrdtracker.core.numerals import latin_digits

LONGEST = 60
"""No amount is typed in more characters."""
RATE_PLACES = 6
THOUSANDS = 3
RIDDLE = N_("This can be read in two ways: write 1,250 for thousands and 1250.50 for decimals.")
RATE_RIDDLE = N_("This can be read in two ways: write 4,100 for thousands, or 4.1000 for decimals.")
NO_FIRST_FIGURE = N_("Write the figure before the decimals, too, such as 0.50.")
OTHER_CURRENCY = N_("You wrote “%(word)s”, but the currency is %(code)s: choose the one you mean.")

MULTIPLES = {
    "hundred": 100, "រយ": 100,
    "thousand": 1_000, "k": 1_000, "ពាន់": 1_000, "ពាន": 1_000,
    "ម៉ឺន": 10_000, "មឺន": 10_000, "មុឺន": 10_000,
    "សែន": 100_000,
    "million": 1_000_000, "លាន": 1_000_000,
}  # fmt: skip
"""The words that multiply the number before them."""
WHOSE = {
    word: {unit.code for unit in CURRENCIES.values() if word in unit.words}
    for named in CURRENCIES.values()
    for word in named.words
}
"""The currencies that a word can mean."""

INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
WORDS = "|".join(map(re.escape, sorted({*MULTIPLES, *WHOSE}, key=len, reverse=True)))
TOKEN = re.compile(rf"\s*(?:(?P<number>[0-9]+(?:[.,'’ ][0-9]+)*)|(?P<word>{WORDS}))\s*")
BELOW_NOTHING = re.compile(r"^[^0-9]*[-\u2212–]\s*[0-9]|^\(.*\)$")
NO_FIGURE_BEFORE = re.compile(r"(?:^|[^0-9.,])[.,][0-9]")
WHOLE = r"(?:0|[1-9][0-9]*)"
GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<gap>[.,'’ ])[0-9]{3}(?:(?P=gap)[0-9]{3})*")
DECIMALS = re.compile(rf"(?P<whole>{WHOLE}|{GROUPS.pattern})(?P<sign>[.,])(?P<decimals>[0-9]+)")


def read_money(text: str, code: str, *, least: int = 1) -> Money:
    """Return what somebody typed as money of a currency; raises UnclearMoney.

    The words of its currency are understood, those of another contradict it. Less than `least` (in
    the smallest unit) is refused, as are decimals that the currency lacks.
    """
    unit = currency(code)
    value = _value(text, code, unit.typed)
    amount = value * 10**unit.minor
    if amount > MOST:
        raise UnclearMoney(TOO_LARGE)
    if amount < least:
        raise UnclearMoney(NO_AMOUNT)
    return Money(int(amount), code)


def read_rate(text: str, base: str, quote: str) -> Rate:
    """Return what somebody typed as the worth of one `base` in `quote`; raises UnclearMoney."""
    if base == quote:
        raise UnclearMoney(N_("A rate is between two currencies."))
    currency(base)
    value = _value(text, currency(quote).code, RATE_PLACES)
    return Rate(base, quote, value.numerator, value.denominator)


def _value(text: str, code: str, places: int) -> Fraction:
    """Return the number that a text stands for, with so many decimals at most."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFC", latin_digits(text))).casefold()
    plain = " ".join(plain.split())
    if len(plain) > LONGEST:
        raise UnclearMoney
    if BELOW_NOTHING.match(plain):
        raise UnclearMoney(NO_AMOUNT)
    if NO_FIGURE_BEFORE.search(plain):
        raise UnclearMoney(NO_FIRST_FIGURE)
    value = _sum(_amount_in(_tokens(plain), code), places)
    if (value * 10**places).denominator > 1:
        raise _too_many_decimals(places)
    return value


def _tokens(plain: str) -> list[re.Match[str]]:
    """Return the numbers and the known words of a text; raises UnclearMoney for anything else."""
    tokens, at = [], 0
    while at < len(plain):
        token = TOKEN.match(plain, at)
        if token is None:
            raise UnclearMoney
        tokens.append(token)
        at = token.end()
    return tokens


def _amount_in(tokens: Sequence[re.Match[str]], code: str) -> list[tuple[str, int]]:
    """Return the numbers, each with what multiplies it; the currency stands before or after."""
    names = [token["word"] in WHOSE for token in tokens]
    for token, is_name in zip(tokens, names, strict=True):
        if is_name and code not in WHOSE[token["word"]]:
            raise UnclearMoney(Message(OTHER_CURRENCY, {"word": token["word"], "code": code}))
    if not any(not name for name in names):
        raise UnclearMoney
    first, last = names.index(False), len(names) - names[::-1].index(False)
    parts: list[tuple[str, int]] = []
    for token in tokens[first:last]:
        if token["number"]:
            parts.append((token["number"], 1))
        elif token["word"] in MULTIPLES and parts and parts[-1][1] == 1:
            parts[-1] = (parts[-1][0], MULTIPLES[token["word"]])
        else:
            raise UnclearMoney
    return parts


def _sum(parts: Sequence[tuple[str, int]], places: int) -> Fraction:
    """Return what numbers and their multiples come to: each less than one of the one before."""
    if len(parts) == 1:
        number, multiple = parts[0]
        return _number(number, places, in_words=multiple > 1) * multiple
    terms = [(_number(number, 0, in_words=True) * multiple, multiple) for number, multiple in parts]
    falls = all(value < multiple for (_, multiple), (value, _) in pairwise(terms))
    # “5 ម៉ឺន 5” is said for 55,000 and could be read as 50,005: the last has its word, too
    if not falls or terms[-1][1] == 1:
        raise UnclearMoney
    return sum((value for value, _ in terms), Fraction(0))


def _number(text: str, places: int, *, in_words: bool) -> Fraction:
    """Return what figures stand for: thousands in groups of three, then perhaps decimals."""
    parts = DECIMALS.fullmatch(text)
    if parts and parts["sign"] in parts["whole"]:
        parts = None
    if GROUPS.fullmatch(text) and (
        parts is None or _are_thousands(parts["sign"], places, in_words=in_words)
    ):
        return Fraction(_figures(text))
    if parts and len(parts["decimals"]) > places and not in_words:
        raise _too_many_decimals(places)
    if parts:
        return Fraction(f"{_figures(parts['whole'])}.{parts['decimals']}")
    if re.fullmatch(WHOLE, text):
        return Fraction(text)
    raise UnclearMoney


def _are_thousands(sign: str, places: int, *, in_words: bool) -> bool:
    """Tell whether three figures after the only sign are thousands; raises UnclearMoney."""
    if in_words or (sign == "." and places not in {0, THOUSANDS}):
        raise UnclearMoney(RATE_RIDDLE if places == RATE_PLACES else RIDDLE)
    return sign == "," or places == 0


def _too_many_decimals(places: int) -> UnclearMoney:
    if places == 0:
        return UnclearMoney(N_("This currency has no decimals."))
    return UnclearMoney(Message(N_("Write at most %(places)s decimals."), {"places": places}))


def _figures(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
