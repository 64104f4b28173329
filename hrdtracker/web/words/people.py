"""What may be said of somebody without a name: where they are named, and where they were last."""

from datetime import datetime

from flask_babel import gettext, ngettext

from hrdtracker.core import clock
from hrdtracker.core.when.say import say_day
from hrdtracker.incidents.of_person import LastIncident, NamedIn, PersonTrace
from hrdtracker.web.shell.context import locale, number, say_told, today, zone
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.words.cases import say_terms
from hrdtracker.web.words.incidents import say_place


def say_trace(trace: PersonTrace, recorded_at: datetime) -> str:
    """Return case and letter, what it is about, place and last incident; else when recorded."""
    if not trace.cases:
        day = say_day(clock.day_of(recorded_at, zone()), locale(), today(), brief=True)
        return str(gettext("recorded %(day)s", day=day))
    return say_seen(trace)


def say_seen(trace: PersonTrace) -> str:
    """Return case and letter, what it is about, place and last incident; nothing without a case."""
    parts = [
        _say_cases(trace.cases) if trace.cases else "",
        _say_last(trace.last) if trace.last else "",
    ]
    return " · ".join(part for part in parts if part)


def _say_cases(cases: tuple[NamedIn, ...]) -> str:
    latest, *others = cases
    areas = say_terms("thematic_area", latest.areas)
    here = gettext("%(letter)s. in %(code)s", letter=say_letter(latest.letter), code=latest.code)
    more = ""
    if others:
        more = ngettext(
            "and %(count)s more case",
            "and %(count)s more cases",
            len(others),
            count=number(len(others)),
        )
    return ", ".join(part for part in (here, areas, more) if part)


def _say_last(last: LastIncident) -> str:
    when = gettext("last seen %(when)s", when=say_told(last.occurred, brief=True))
    return " · ".join(part for part in (say_place(last), when) if part)
