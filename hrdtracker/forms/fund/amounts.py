"""Amounts of money and their currencies as they are typed, chosen and shown in a field."""

from hrdtracker.core.errors import Refused
from hrdtracker.core.money import CURRENCIES, Money, UnclearMoney
from hrdtracker.core.money_as_typed import LONGEST, read_money
from hrdtracker.forms.base import text_or_none
from hrdtracker.fund.drafts.requests import WRONG_CURRENCY

AMOUNT_MOST = LONGEST
FIRST = ("USD", "KHR", "EUR", "THB")
"""The currencies that are asked for most, before all others."""


def currencies() -> list[tuple[str, str]]:
    """Return the currencies as choices, each with its sign."""
    codes = dict.fromkeys((*FIRST, *CURRENCIES))
    return [(code, f"{code} {CURRENCIES[code].sign}".strip()) for code in codes]


def known_currency(code: str | None, field: str = "currency") -> str:
    """Return a currency that was chosen; raises Refused for one that is not in the list."""
    if code is None or code not in CURRENCIES:
        raise Refused({field: WRONG_CURRENCY})
    return code


def amount_of(text: str | None, currency: str, field: str, *, least: int = 1) -> int:
    """Return an amount in its smallest unit; raises Refused beside the field."""
    try:
        return read_money(text or "", currency, least=least).amount
    except UnclearMoney as unclear:
        raise Refused({field: unclear.reason}) from None


def amount_or_none(text: str | None, currency: str, field: str, *, least: int = 1) -> int | None:
    """Return an amount in its smallest unit, None where nothing was typed; raises Refused."""
    return amount_of(text, currency, field, least=least) if text_or_none(text) else None


def typed_amount(amount: int | None, currency: str) -> str:
    """Return an amount as somebody would type it: its number alone."""
    if amount is None:
        return ""
    money = Money(amount, currency)
    return f"{money.major:,.{money.places}f}"
