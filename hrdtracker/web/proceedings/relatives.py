"""With what a proceeding was joined, what was separated from it, and how we know."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from hrdtracker.proceedings.model import Proceeding
from hrdtracker.proceedings.reading.proceeding import ProceedingDetails
from hrdtracker.web.shell.context import say_told
from hrdtracker.web.words.courts import say_proceeding, say_term


@dataclass(frozen=True)
class RelativeView:
    """Another proceeding that one was joined with or separated from: how, and the way there."""

    how: str
    title: str
    url: str
    is_where_it_goes_on: bool = False


def relatives_of(details: ProceedingDetails) -> list[RelativeView]:
    """Return with what a proceeding was joined, what was separated, and when."""
    row, others = details.proceeding, details.relatives
    views = []
    if others.joined_into:
        how = gettext("Joined with another, %(when)s. It goes on there.", when=_told(row, "ended"))
        views.append(_relative(str(how), others.joined_into, row.end_known_by, goes_on=True))
    if others.separated_from:
        how = gettext("Separated from another, %(when)s", when=_told(row, "separated"))
        views.append(_relative(str(how), others.separated_from, row.separation_known_by))
    for other in others.joined:
        how = gettext("Joined with this one, %(when)s", when=_told(other, "ended"))
        views.append(_relative(str(how), other, other.end_known_by))
    for other in others.separated:
        how = gettext("Separated from this one, %(when)s", when=_told(other, "separated"))
        views.append(_relative(str(how), other, other.separation_known_by))
    return views


def _told(row: Proceeding, name: str) -> str:
    return say_told(getattr(row, name), brief=True)


def _relative(
    how: str, row: Proceeding, known_by: str | None, *, goes_on: bool = False
) -> RelativeView:
    url = url_for("proceedings.proceeding", uid=row.uid)
    return RelativeView(more(how, known_by, None), say_proceeding(row), url, goes_on)


def more(first: str, known_by: str | None, note: str | None, *further: str) -> str:
    """Return what else is said: by whom or when, how we know, and the note."""
    return " · ".join(filter(None, (first, say_term("how_known", known_by), *further, note)))
