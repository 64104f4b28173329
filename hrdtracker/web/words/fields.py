"""What a field is called and what its value says, as the model that keeps it declares."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.declarations import coded_columns, field_of
from hrdtracker.core.field import IN_SMALLEST_UNITS
from hrdtracker.core.when.say import say_day, say_instant
from hrdtracker.forms.base import say
from hrdtracker.web.shell.context import locale, number, today, word, zone
from hrdtracker.web.shell.words import NO, YES, fact


@dataclass(frozen=True)
class WordedChange:
    """One change in words."""

    what: str
    before: str
    after: str
    who: str


def title_of(table: str, column: str) -> str:
    """Return what a column is called, with its part or unit; its name where nothing declares it."""
    field = field_of(table, column)
    return say(field.title) if field and field.label else column.replace("_", " ")


def label_of(table: str, column: str) -> str:
    """Return what the field of a column is called, where its value is said as people know it."""
    field = field_of(table, column)
    return str(gettext(field.label)) if field and field.label else column.replace("_", " ")


def in_smallest_units(table: str, column: str) -> bool:
    """Tell whether a column keeps an amount of money, which is said with its currency."""
    field = field_of(table, column)
    return field is not None and field.aspect == IN_SMALLEST_UNITS


def term_of(table: str, column: str, value: Any) -> Any:
    """Return a code as its list calls it; what is of no list stays."""
    field = field_of(table, column)
    if field is None or not field.codelist or not isinstance(value, str):
        return value
    return terms().label(field.codelist, value, locale())


def coded_facts(row: Any) -> list[tuple[str, str]]:
    """Return what the codes of a record say, by the labels of their columns."""
    table = row.__tablename__
    return [
        (label_of(table, name), term_of(table, name, getattr(row, name)) or "")
        for name in coded_columns(table)
    ]


def say_value(table: str, column: str, value: Any) -> str:
    """Return the value of a field in words; "Not known" where there is none."""
    value = term_of(table, column, value)
    if value is None or value == "":
        return str(gettext("Not known"))
    if isinstance(value, bool):
        return fact(YES if value else NO)
    if isinstance(value, datetime):
        return say_instant(value, zone(), locale())
    if isinstance(value, date):
        return say_day(value, locale(), today())
    return number(value) if isinstance(value, int) else word(value) or str(value)
