"""What may be said of a limit: when it ends, by which article, how sure, what is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from flask_babel import gettext, ngettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.core.when.say import say_instant, say_left
from hrdtracker.proceedings.clocks.law import COUNTRY
from hrdtracker.proceedings.clocks.model import ClockStanding
from hrdtracker.proceedings.limits.model import OpenQuestion
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.model import Citation, Confidence, MeasureName, RuleKind
from hrdtracker.proceedings.rules.names import legal_names
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.sentences import with_what

SOON = timedelta(hours=12)


class Sureness(StrEnum):
    """How far somebody may rely on a date that the law sets; its mark on the page."""

    CHECKED = "checked"
    EXPECTED = "expected"
    WINDOW = "window"
    TWO = "two"


class Ending(Protocol):
    """What is said of a clock: a row of it, or a line that stands for several."""

    @property
    def standing(self) -> str:
        """How it stands, whatever the hour."""

    @property
    def ends_earliest(self) -> datetime | None:
        """When it ends at the earliest."""

    @property
    def ends_latest(self) -> datetime | None:
        """When it ends at the latest."""

    @property
    def confidence(self) -> str:
        """How sure its rules are."""

    @property
    def is_reviewed(self) -> bool:
        """Whether a lawyer stands for them."""

    @property
    def asks(self) -> str:
        """What somebody could find out, key by key."""

    @property
    def replaced_for(self) -> str | None:
        """Why two people set another end than the one that is counted."""


@dataclass(frozen=True)
class SureMark:
    """One mark beside a date: how sure, in a word."""

    kind: Sureness
    words: str


@dataclass(frozen=True)
class EndWords:
    """When a limit ends, in words: a badge (its kind and its word), and the hour beside it."""

    kind: str
    word: str
    at: str


CONFIDENCES = {
    Confidence.READ_IN_TEXT: N_("The text was read, no lawyer checked it"),
    Confidence.REPORTED: N_("Reported – check"),
    Confidence.GENERAL_KNOWLEDGE: N_("General knowledge – check"),
    Confidence.DISPUTED: N_("Disputed – ask a lawyer"),
}
STANDINGS = {
    ClockStanding.RUNS: N_("Not known"),
    ClockStanding.NOT_STARTED: N_("Not started"),
    ClockStanding.PAUSED: N_("Paused"),
    ClockStanding.FORBIDDEN: N_("Not allowed at all"),
    ClockStanding.NOT_KNOWN: N_("Not known"),
}
"""What is said of a clock that has no end."""
QUESTIONS: Mapping[str, str] = {
    OpenQuestion.AGE: N_("the age"),
    OpenQuestion.OFFENCE_CLASS: N_("whether it is a felony, a misdemeanour or a petty offence"),
    OpenQuestion.HELD_AGAIN: N_("whether both stays in custody count together"),
    OpenQuestion.ORDER_DATE: N_("when the extension was ordered"),
    OpenQuestion.REPLACED: N_("whether the end that two people set still holds"),
    MeasureName.MINIMUM: N_("the least penalty of the charge"),
    MeasureName.MAXIMUM: N_("the most penalty of the charge"),
    MeasureName.SENTENCE: N_("the length of the sentence"),
    MeasureName.UNSUSPENDED: N_("the part of the sentence that is not suspended"),
    MeasureName.AGE: N_("the age"),
    MeasureName.PARTICIPANTS: N_("how many take part"),
}

CLASSES = {
    "felony": N_("a felony"),
    "misdemeanour": N_("a misdemeanour"),
    "petty": N_("a petty offence"),
    "gravest": N_("one of the gravest crimes"),
}
"""Classes of offences, where a country has the usual ones; others are said as its file says."""


def say_class(key: str) -> str:
    """Return what a class of offences is called."""
    return str(gettext(CLASSES[key])) if key in CLASSES else say_label(key)


def say_label(key: str) -> str:
    """Return what an event, a yes-or-no fact or a class of the rules is called."""
    label = rule_book(COUNTRY).words.labels.get(key)
    return label.say(locale()) if label else key


def say_clock(key: str) -> str:
    """Return what a clock is called: "Police custody"."""
    name = legal_names(COUNTRY).clocks.get(key)
    return name.say(locale()) if name else key


def say_law(cites: Citation) -> str:
    """Return where a rule stands: "Code of Criminal Procedure 2007, art. 96"."""
    name = legal_names(COUNTRY).laws.get(cites.law)
    called = name.say(locale()) if name else cites.law
    if cites.article == "-":
        return called
    return str(gettext("%(law)s, art. %(article)s", law=called, article=number(cites.article)))


def say_question(key: str) -> str:
    """Return what somebody could find out."""
    if key in QUESTIONS:
        return str(gettext(QUESTIONS[key]))
    if key in rule_book(COUNTRY).words.events:
        return str(gettext("when this was: %(event)s", event=say_label(key)))
    return say_label(key)


def say_end(ending: Ending, kind: str, *, is_asked: bool) -> EndWords:
    """Return when a limit ends; only one that a lawyer checked is ever called over.

    At a limit it is asked first whether they are still there: `is_asked` until somebody said so.
    """
    earliest, latest = ending.ends_earliest, ending.ends_latest
    if ending.standing != ClockStanding.RUNS or earliest is None:
        return EndWords("later", _say_standing(ending.standing), "")
    now, at = clock.now(), say_window(earliest, latest)
    if kind == RuleKind.EARLIEST:
        return EndWords("later", gettext("Possible from"), at)
    if now < earliest:
        left = earliest - now
        badge = "overdue" if left <= SOON else "soon" if left <= 3 * DAY else "later"
        return EndWords(badge, say_left(left, locale()), at)
    if is_asked:
        return EndWords("overdue", gettext("Still there? Extension seen?"), at)
    if latest is None or now <= latest:
        return EndWords("overdue", gettext("Perhaps passed"), at)
    is_over = ending.is_reviewed
    return EndWords("overdue", gettext("Over") if is_over else gettext("Passed – check"), at)


def _say_standing(standing: str) -> str:
    return str(gettext(STANDINGS[ClockStanding(standing)]))


def say_window(earliest: datetime, latest: datetime | None) -> str:
    """Return both ends where they differ, the earlier first."""
    first = say_instant(earliest, zone(), locale(), today())
    if latest == earliest:
        return first
    if latest is None:
        return str(gettext("%(first)s at the earliest", first=first))
    last = say_instant(latest, zone(), locale(), today())
    return str(gettext("%(first)s at the earliest, %(last)s at the latest", first=first, last=last))


def marks(ending: Ending) -> list[SureMark]:
    """Return how sure a date is: checked or expected, whether it is a window, what is missing."""
    if ending.replaced_for:
        why = terms().label("limit_replacement", ending.replaced_for, locale())
        found = [SureMark(Sureness.TWO, with_what(gettext("Set by two people"), why))]
    elif ending.is_reviewed:
        found = [SureMark(Sureness.CHECKED, gettext("Checked by a lawyer"))]
    else:
        kind = Sureness.TWO if ending.confidence == Confidence.DISPUTED else Sureness.EXPECTED
        found = [SureMark(kind, gettext(CONFIDENCES[Confidence(ending.confidence)]))]
    missing = [say_question(key) for key in ending.asks.split()]
    if missing:
        found.append(SureMark(Sureness.WINDOW, with_what(gettext("Missing"), ", ".join(missing))))
    elif ending.ends_earliest != ending.ends_latest and ending.ends_earliest is not None:
        found.append(SureMark(Sureness.WINDOW, gettext("The hour or day is not known")))
    return found


LENGTH = re.compile(r"(\d+(?:\.\d+)?) (months|days|hours)")


def say_counted(detail: str) -> str:
    """Return a length as it was counted: "2 months 3 days"."""
    parts = [_say_unit(amount, unit) for amount, unit in LENGTH.findall(detail)]
    return " ".join(parts) or detail


def _say_unit(amount: str, unit: str) -> str:
    count, said = round(float(amount)), number(amount)
    if unit == "months":
        return str(ngettext("%(count)s month", "%(count)s months", count, count=said))
    if unit == "days":
        return str(ngettext("%(count)s day", "%(count)s days", count, count=said))
    return str(ngettext("%(count)s hour", "%(count)s hours", count, count=said))


def end_of_today() -> datetime:
    """Return when this day ends for the reader: what “tonight” reaches to."""
    return midnight(today() + DAY, zone())
