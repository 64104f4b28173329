"""Cases in the reader's words: what one is called, what is due, who stands behind a letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext

from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.cases.case_file import Named
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import Precision, When
from hrdtracker.core.when.say import say_day, say_distance, say_left, say_month
from hrdtracker.incidents.today import SOON
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import CountingUnit
from hrdtracker.web.shell.context import locale, number, today, word, zone
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.sentences import begin

LETTERS_SHOWN = 3


@dataclass(frozen=True)
class Due:
    """A day to come as a badge says it."""

    kind: str
    word: str


def case_title(case: Case) -> str:
    """Return the title that was given (its key is loaded), or type, place and month."""
    return case.title or composed_title(case)


def composed_title(case: Case) -> str:
    """Return type, place and month of what the case began with, in the reader's language."""
    parts = [
        terms().label("incident_type", case.lead_type, locale()),
        terms().label("province", case.lead_province, locale()),
        say_month(_first_date(case), locale()),
    ]
    words = [part for part in parts if part]
    joint = " " if locale() == "km" else ", "
    return joint.join(words) or gettext("Case")


def _first_date(case: Case) -> When:
    zone_name = str(zone().key)
    if case.lead_latest is None or case.lead_latest <= case.lead_at:
        return When.unknown("", zone_name)
    return When(case.lead_at, case.lead_latest, Precision(case.lead_precision), zone_name, "")


def due(day: date) -> Due:
    """Return how soon a day is: overdue, soon within a week, else the day itself."""
    away = day - today()
    if away < timedelta():
        return Due("overdue", begin(say_left(away, locale())))
    if away <= timedelta(days=1):
        return Due("soon", begin(say_day(day, locale(), today())))
    if away <= SOON:
        return Due("soon", begin(say_distance(away, locale())))
    return Due("later", say_day(day, locale(), today(), brief=True))


def say_last_day(ends_at: datetime | None) -> str:
    """Return until which day something holds; it ends as the next one begins."""
    if ends_at is None:
        return ""
    last = clock.day_of(ends_at - timedelta(microseconds=1), zone())
    return str(gettext("Until %(day)s", day=say_day(last, locale(), today(), brief=True)))


def say_author(user_id: int) -> str:
    """Return what colleagues call whoever recorded something."""
    return labels_by_id([user_id]).get(user_id, str(gettext("Not known")))


def say_terms(name: str, codes: Iterable[str]) -> str:
    """Return the labels of some codes of a list, joined."""
    return ", ".join(terms().label(name, code, locale()) for code in codes)


def say_letters(letters: Sequence[str]) -> str:
    """Return "A., B." or, where there are many, how many people they are."""
    if len(letters) > LETTERS_SHOWN:
        return str(gettext("%(count)s people", count=number(len(letters))))
    return Letters(letters).said(locale())


def say_named(named: Named) -> str:
    """Return how a person or group stands in a case: the letter and what they are."""
    person = named.person
    if person.unit != CountingUnit.PERSON:
        role = word(person.unit)
    else:
        role = say_terms("defender_category", named.categories[:1])
    letter = say_letter(named.letter)
    return f"{letter}. ({role})" if role else f"{letter}."
