"""An amount of money in words, so that a zero too many is heard."""

from babel.numbers import get_currency_name
from flask_babel import gettext

from hrdtracker.core.money import Money, currency
from hrdtracker.core.number_words import number_in_words
from hrdtracker.web.shell.context import locale, number


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
    return str(
        gettext(
            "%(amount)s and %(part)s hundredths",
            amount=words,
            part=number_in_words(rest * 100 // 10**unit.minor, language),
        )
    )


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
