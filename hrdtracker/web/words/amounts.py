"""An amount of money in words, so that a zero too many is heard."""

from babel.numbers import get_currency_name
from flask_babel import gettext

from hrdtracker.core.money import Money, currency
from hrdtracker.core.number_words import number_in_words
from hrdtracker.web.shell.context import locale, number

THOUSANDTHS = 3
"""Of how many decimals the smallest unit is a thousandth; of every other currency a hundredth."""


def money_in_words(money: Money) -> str:
    """Return an amount in the reader’s words: “ten thousand US dollars”."""
    language, unit = locale(), currency(money.currency)
    whole, rest = divmod(money.amount, 10**unit.minor)
    name = get_currency_name(money.currency, whole, locale=language)
    words = gettext(
        "%(number)s %(currency)s", number=number_in_words(whole, language), currency=name
    )
    if not rest:
        return str(words)
    said = {"amount": words, "part": number_in_words(rest, language)}
    if unit.minor == THOUSANDTHS:
        return str(gettext("%(amount)s and %(part)s thousandths", **said))
    return str(gettext("%(amount)s and %(part)s hundredths", **said))


def more_than_prepared(left: Money, prepared: Money) -> str:
    """Return what somebody is about to record, in figures and in words, beside what was meant."""
    return str(
        gettext(
            "This is %(left)s: %(words)s. %(prepared)s was prepared.",
            left=number(left),
            words=money_in_words(left),
            prepared=number(prepared),
        )
    )
