"""The list for tonight: who is to be released or brought before a judge, ticked one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.cases.consent import GivenAnswer, record_answers
from hrdtracker.core import clock
from hrdtracker.forms.tonight import TonightForm
from hrdtracker.proceedings.clocks.reading_out import (
    PURPOSE,
    NamedPerson,
    Readable,
    people_of,
    read_names,
    readable,
)
from hrdtracker.web.clocks.sheet import LimitSheet, sheets_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.limit_lines import say_whose
from hrdtracker.web.words.limits import end_of_today, say_clock, say_window
from hrdtracker.web.words.reading_out import ANSWERS, answer_choices, say_consent, say_may_be_named
from hrdtracker.web.words.stays import say_where_held

bp = Blueprint("tonight", __name__)
ANSWER = "answer-"
"""How the field is called that says what somebody answered; what ticks them follows."""


@dataclass(frozen=True)
class TickLine:
    """One person to tick, or some of a group: who, where, what they answered.

    `as_what` says how they are read out where that is not by name; `asks` whether one person is
    there to be asked.
    """

    key: str
    mark: str
    who: str
    meta: str
    said: str
    as_what: str
    is_ticked: bool
    may_be_ticked: bool
    asks: bool


@dataclass(frozen=True)
class TonightPage:
    """Who may be read out; of those ticked the sheet, in each language that was chosen.

    `named` is how many of them may be read out by name.
    """

    lines: Sequence[TickLine]
    people: int
    ticked: int
    named: int
    names_shown: bool
    sheets: Sequence[LimitSheet]
    counted_at: datetime


@bp.get("/clocks/tonight")
@needs(Action.CASE_READ)
def tonight() -> Response:
    """Show who may be read to a prosecutor tonight; nobody is ticked yet."""
    return _page(readable(identity.actor(), end_of_today()), _form())


@bp.post("/clocks/tonight/ticks")
@needs(Action.CONSENT_RECORD)
def tick() -> Response:
    """Keep what those ticked answered, and show the sheet without a name."""
    actor, form = identity.actor(), _form()
    answers = _answers(readable(actor, end_of_today()), form)
    if answers:
        record_answers(actor, answers, PURPOSE)
    return _page(readable(actor, end_of_today()), form)


@bp.post("/clocks/tonight/names")
@needs(Action.CLOCK_READ_OUT)
def names() -> Response:
    """Show the sheet with the names of those ticked who said yes, which is recorded."""
    actor, form = identity.actor(), _form()
    named = read_names(actor, end_of_today(), form.ticked)
    return _page(readable(actor, end_of_today()), form, named)


def _form() -> TonightForm:
    return TonightForm.received().offer(answer_choices(gettext("Leave it as it is")), locale())


def _answers(found: Sequence[Readable], form: TonightForm) -> Sequence[GivenAnswer]:
    """Return what was answered: of each as was chosen, else what was said of all at once."""
    for_all = form.everybody.data or ""
    given = []
    for one in found:
        own = request.form.get(ANSWER + one.key.hex, "")
        is_open = one.key in form.ticked and one.consent.answer is None
        said = ANSWERS.get(own or (for_all if is_open else ""))
        if said and one.has_name and one.person is not None:
            given.append(GivenAnswer(one.stay.scope_id, one.person.id, *said[0]))
    return given


def _page(
    found: Sequence[Readable], form: TonightForm, named: Sequence[NamedPerson] | None = None
) -> Response:
    chosen = [one for one in found if one.key in form.ticked and one.may_be_ticked]
    now = clock.now()
    page = TonightPage(
        lines=[_line(one, form) for one in found],
        people=people_of(found),
        ticked=people_of(chosen),
        named=sum(one.may_be_named for one in chosen),
        names_shown=named is not None,
        sheets=sheets_of(chosen, named or (), form.languages) if chosen else (),
        counted_at=now,
    )
    return show("clocks/tonight.html", page, form)


def _line(one: Readable, form: TonightForm) -> TickLine:
    first = one.clocks[0]
    limit = say_window(first.ends_earliest, first.ends_latest) if first.ends_earliest else ""
    return TickLine(
        key=one.key.hex,
        mark=say_letter(one.letter) if one.letter else "",
        who=_row_of(say_whose((one.letter,) if one.letter else (), one.people), one.case.code),
        meta=_row_of(say_where_held(one.stay), say_clock(first.clock), begin(limit)),
        said=say_consent(one.consent) if one.has_name else "",
        as_what=say_may_be_named(one),
        is_ticked=one.key in form.ticked and one.may_be_ticked,
        may_be_ticked=one.may_be_ticked,
        asks=one.has_name,
    )


def _row_of(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
