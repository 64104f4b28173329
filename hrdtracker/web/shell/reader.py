"""The reader of a page, as forms need to know them."""

from hrdtracker.core import clock
from hrdtracker.forms.reader import Reader
from hrdtracker.web.shell.context import locale, today, zone


def reader() -> Reader:
    """Return who fills in the form: language, zone, day and moment."""
    return Reader(locale(), zone(), today(), clock.now())
