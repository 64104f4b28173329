"""The reader of a page, as forms need to know them."""

from hrdtracker.forms.reader import Reader
from hrdtracker.web.shell.context import locale, today, zone


def reader() -> Reader:
    """Return who fills in the form: language, zone and day."""
    return Reader(locale(), zone(), today())
