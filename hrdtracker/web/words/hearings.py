"""Hearings in the reader’s words: the hour, the court, how often it was put off, who goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day, say_when
from hrdtracker.proceedings.model import HearingStatus
from hrdtracker.proceedings.reading.hearings import HearingLine
from hrdtracker.proceedings.reading.of_case import proceedings_of
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.sentences import begin, in_a_row, with_what

KINDS = {
    HearingStatus.SCHEDULED: "none",
    HearingStatus.HELD: "done",
    HearingStatus.ADJOURNED: "closed",
    HearingStatus.CANCELLED: "closed",
}
"""What the badge of a hearing looks like, by its status."""
ADJOURNMENTS = {
    1: N_("First adjournment"),
    2: N_("Second adjournment"),
    3: N_("Third adjournment"),
    4: N_("Fourth adjournment"),
    5: N_("Fifth adjournment"),
}


@dataclass(frozen=True)
class HearingWords:
    """A hearing in a line: its hour, which court, what it is, who goes; `alarm` if nobody does."""

    url: str
    hour: str
    what: str
    meta: str
    who: str
    alarm: bool
    kind: str
    word: str
    adjourned: str


def hearing_words(line: HearingLine) -> HearingWords:
    """Return one hearing as a list says it."""
    row = line.hearing
    return HearingWords(
        url_for("hearings.hearing", uid=row.uid),
        say_hour(line),
        say_where(line),
        in_a_row(say_term("hearing_kind", row.kind), say_since_first(line)),
        say_who(line),
        line.nobody_goes,
        KINDS[HearingStatus(row.status)],
        say_term("hearing_status", row.status),
        say_adjourned(line) if line.is_open else "",
    )


def say_term(codelist: str, code: str | None) -> str:
    """Return the label of a code in the reader’s language."""
    return terms().label(codelist, code, locale())


def say_hour(line: HearingLine) -> str:
    """Return the hour of a hearing on its own clock; that it is not known, where it is not."""
    if line.at is None or not line.is_timed:
        return str(gettext("Hour not known"))
    return number(f"{line.at.astimezone(ZoneInfo(line.hearing.day.zone)):%H:%M}")


def say_day_of(line: HearingLine, *, brief: bool = False) -> str:
    """Return day and hour of a hearing as far as they are set."""
    if line.at is None:
        return str(gettext("Day not set"))
    return begin(say_when(line.hearing.day, locale(), today(), brief=brief))


def say_where(line: HearingLine) -> str:
    """Return the court, the room and how many are accused; a sentence without what is missing."""
    row = line.hearing
    court = say_term("court", row.court) or str(gettext("Court not known"))
    room = str(gettext("room %(room)s", room=row.room)) if row.room else ""
    accused = say_accused(line.accused)
    return ", ".join(part for part in (court, room, accused) if part)


def say_who(line: HearingLine) -> str:
    """Return who goes to a hearing, or that nobody does yet."""
    if line.monitors:
        return ", ".join(user.display_name for user in line.monitors)
    return str(gettext("Nobody goes yet")) if line.is_open else ""


def say_adjourned(line: HearingLine) -> str:
    """Return which adjournment was the last: "Third adjournment"; nothing where there was none."""
    if not line.adjourned:
        return ""
    if line.adjourned in ADJOURNMENTS:
        return str(gettext(ADJOURNMENTS[line.adjourned]))
    return str(gettext("Adjournment number %(count)s", count=number(line.adjourned)))


def say_since_first(line: HearingLine) -> str:
    """Return how many days after the first hearing this is, where it was put off."""
    until = line.at or clock.now()
    if not line.adjourned or line.first_at is None:
        return ""
    days = (clock.day_of(until, zone()) - clock.day_of(line.first_at, zone())).days
    if days <= 0:
        return ""
    return str(
        ngettext(
            "%(count)s day since the first hearing",
            "%(count)s days since the first hearing",
            days,
            count=number(days),
        )
    )


@dataclass(frozen=True)
class UnsetWords:
    """A hearing without a day in a line: for how long, which court, since when and who asked."""

    url: str
    kind: str
    word: str
    what: str
    meta: str


def unset_words(lines: Sequence[HearingLine], patience_days: int) -> list[UnsetWords]:
    """Return the hearings without a day; after `patience_days` somebody asks the clerk."""
    return [_unset(line, patience_days) for line in lines]


def _unset(line: HearingLine, patience_days: int) -> UnsetWords:
    before = line.before
    began = (before.day.earliest if before else None) or line.hearing.recorded_at
    days = max(0, (today() - clock.day_of(began, zone())).days)
    adjourned = ""
    if before is not None:
        day = say_day(clock.day_of(began, zone()), locale(), today(), brief=True)
        adjourned = with_what(
            str(gettext("Adjourned %(day)s", day=day)),
            say_term("adjournment_request", before.asked_by),
        )
    return UnsetWords(
        url_for("hearings.hearing", uid=line.hearing.uid),
        "overdue" if days > patience_days else "later",
        str(ngettext("%(count)s day", "%(count)s days", days, count=number(days))),
        say_where(line),
        in_a_row(adjourned, say_adjourned(line), say_since_first(line)),
    )


@dataclass(frozen=True)
class CourtLine:
    """A proceeding of a case in a line, which leads to its hearings."""

    what: str
    meta: str
    url: str


def court_lines(actor: Actor, scope_id: int) -> list[CourtLine]:
    """Return the proceedings of a case, each with the way to its hearings."""
    return [
        CourtLine(
            ", ".join(
                filter(
                    None, (say_term("proceeding_stage", row.stage), say_term("court", row.court))
                )
            ),
            say_accused(row.accused),
            url_for("hearings.of_proceeding", uid=row.uid),
        )
        for row in proceedings_of(actor, scope_id)
    ]


def say_accused(count: int) -> str:
    """Return how many are accused; nothing where nobody is."""
    if not count:
        return ""
    return str(ngettext("%(count)s accused", "%(count)s accused", count, count=number(count)))
