"""The next days in court on the first page: hearings, and who is to appear or to report."""

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.core import clock
from hrdtracker.proceedings.reading.appointments import appointments
from hrdtracker.proceedings.reading.hearings import HearingLine, next_hearings
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import today, zone
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.appointments import AppointmentWords, appointment_words
from hrdtracker.web.words.hearings import (
    say_adjourned,
    say_day_of,
    say_term,
    say_where,
    say_who,
)

AHEAD = timedelta(days=3)
"""How far the first page looks ahead."""
SHOWN = 6


def hearings_soon(actor: Actor) -> Iterator[HomeSection]:
    """Yield the hearings of the next days to which the reader goes, or nobody."""
    if not could(actor, Action.PROCEEDING_READ):
        return
    lines = next_hearings(actor, clock.now() + AHEAD, SHOWN + 1)
    if lines:
        shown = [_line(line) for line in lines[:SHOWN]]
        title, url = gettext("Hearings of the next days"), url_for("agenda.index")
        yield HomeSection("hearings", title, shown, len(lines) > SHOWN, url)


def appointments_soon(actor: Actor) -> Iterator[HomeSection]:
    """Yield who is to appear or to report within the next days; nothing where nobody is."""
    if not could(actor, Action.PROCEEDING_READ):
        return
    found = appointments(actor, today(), today() + AHEAD + timedelta(days=1), zone())
    lines = [_appointment(appointment_words(one)) for one in found]
    if lines:
        title, url = gettext("To appear or to report"), url_for("agenda.index")
        yield HomeSection("appointments", title, lines[:SHOWN], len(lines) > SHOWN, url)


def _appointment(said: AppointmentWords) -> HomeLine:
    return HomeLine(
        Order.SOON,
        said.what,
        said.url,
        gettext("Open it"),
        kind="soon",
        word=begin(said.when),
        code=said.code,
        at=said.at,
    )


def _line(line: HearingLine) -> HomeLine:
    kind = say_term("hearing_kind", line.hearing.kind)
    return HomeLine(
        Order.SOON,
        say_where(line),
        url_for("hearings.hearing", uid=line.hearing.uid),
        gettext("Say who goes") if line.nobody_goes else gettext("Open the hearing"),
        kind="overdue" if line.nobody_goes else "soon",
        word=gettext("Nobody goes yet") if line.nobody_goes else say_day_of(line, brief=True),
        meta=in_a_row(
            say_day_of(line, brief=True) if line.nobody_goes else say_who(line),
            kind,
            say_adjourned(line),
        ),
        code=line.case.code,
        at=line.at,
    )
