"""Limits as lines of a list: what ends, when, for whom, by which article, how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.say import say_instant
from hrdtracker.proceedings.clocks.at_limit import OF_CLOCK, is_asked
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import ClockLine, first_end
from hrdtracker.proceedings.rules.model import BASES, Citation
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.sentences import with_what
from hrdtracker.web.words.limits import EndWords, SureMark, marks, say_clock, say_end, say_law

LETTERS = 6
"""How many people a line names by their letter; of the others it says how many they are."""


@dataclass(frozen=True)
class LimitLine:
    """One line: when it ends, what ends for whom, more of it, how sure, where it is explained."""

    end: EndWords
    what: str
    meta: str
    marks: Sequence[SureMark]
    url: str
    ask: "AtLimitAsk | None" = None


@dataclass(frozen=True)
class AtLimitAsk:
    """Of whom to ask whether they are still there: the limit of `rows` people in one case."""

    uid: UUID
    case_uid: UUID
    rows: int
    may_be_extended: bool


def limit_line(line: ClockLine) -> LimitLine:
    """Return one line about clocks of one case that end together."""
    asks = is_asked(line, line.heard_at)
    ask = AtLimitAsk(line.uid, line.case_uid, line.rows, line.clock in OF_CLOCK) if asks else None
    return LimitLine(
        say_end(line, line.kind, is_asked=asks),
        with_what(say_clock(line.clock), say_whose(line.letters, line.people)),
        " · ".join(part for part in (cited(line.clock), _say_case(line), _heard(line)) if part),
        marks(line),
        _url(line),
        ask,
    )


def say_first_limit(actor: Actor, scope_id: int, but: Collection[int] = ()) -> str:
    """Return when the first limit of those held in a case ends; nothing where none runs."""
    at = first_end(actor, scope_id, but)
    if at is None:
        return ""
    said = say_instant(at, zone(), locale(), today())
    return str(gettext("First limit: %(at)s, expected", at=said))


def _url(line: ClockLine) -> str:
    if line.rows == 1:
        return url_for("clocks.clock", uid=line.uid)
    return url_for("clocks.of_case", uid=line.case_uid)


def say_whose(letters: Sequence[str], people: int) -> str:
    """Return of whom a line speaks: "A., B. and 7 more"; of whom nobody named, how many."""
    named = ", ".join(f"{say_letter(letter)}." for letter in letters[:LETTERS])
    others = people - min(len(letters), LETTERS)
    if not letters:
        return str(ngettext("%(count)s person", "%(count)s people", people, count=number(people)))
    if others > 0:
        return str(gettext("%(named)s and %(count)s more", named=named, count=number(others)))
    return named


def _say_case(line: ClockLine) -> str:
    what = terms().label("incident_type", line.lead_type, locale())
    place = terms().label("province", line.lead_province, locale())
    return ", ".join(part for part in (what, place, line.case_code) if part)


def _heard(line: ClockLine) -> str:
    if line.heard_at is None:
        return ""
    at = say_instant(line.heard_at, zone(), locale(), today())
    return str(gettext("last confirmed %(at)s", at=at))


# What the rules of a clock say of it -------------------------------------------------------------


def citation(clock: str) -> Citation | None:
    """Return where the rule stands that ends a clock."""
    rules = law(identity.actor().organisation_id).by_clock.get(clock, ())
    ends = [rule for kind in BASES for rule in rules if rule.kind is kind]
    return next((rule.cites for rule in (*ends, *rules)), None)


def cited(clock: str) -> str:
    """Return the law and the article of a clock, in words."""
    cites = citation(clock)
    return say_law(cites) if cites else ""


def person_line(kept: Clock, letter: str, heard_at: datetime | None = None) -> LimitLine:
    """Return one line about the clock of one person; `heard_at` is the last word on them."""
    who = say_whose((letter,) if letter else (), kept.people)
    return LimitLine(
        say_end(kept, kept.kind, is_asked=is_asked(kept, heard_at)),
        with_what(say_clock(kept.clock), who),
        cited(kept.clock),
        marks(kept),
        url_for("clocks.clock", uid=kept.uid),
    )
