"""Where somebody is held, as far as it is known."""

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.custody.model import Stay
from hrdtracker.web.shell.context import locale


def say_where_held(stay: Stay) -> str:
    """Return the unit or the prison; that it is not known, where neither is."""
    prison = terms().label("prison", stay.prison, locale())
    return stay.place_held or prison or str(gettext("not known"))
