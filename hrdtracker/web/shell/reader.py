"""The reader of a page, as forms need to know them."""

from datetime import date

from flask import request

from hrdtracker.core import clock
from hrdtracker.core.when.calendar import FIRST_YEAR, LAST_YEAR
from hrdtracker.forms.reader import Reader
from hrdtracker.web.shell.context import locale, today, zone


def reader() -> Reader:
    """Return who fills in the form: language, zone, day and moment."""
    return Reader(locale(), zone(), today(), clock.now())


def asked_day(name: str) -> date:
    """Return the day that the address asks for; today where it asks for none of our calendar."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return today()
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today()
