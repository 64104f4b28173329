"""What the reader observed at hearings and has not said yet, on the first page."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.proceedings.reading.observed import DueObservation, due_observations
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.hearings import say_day_of, say_term, say_where

SHOWN = 6


def observations_due(actor: Actor) -> Iterator[HomeSection]:
    """Yield the hearings at which the reader was, and of which something is still to be said."""
    due = due_observations(actor) if could(actor, Action.PROCEEDING_READ) else ()
    if due:
        shown, title = [_line(one) for one in due[:SHOWN]], gettext("What you observed")
        url = url_for("agenda.index")
        yield HomeSection("observations", title, shown, len(due) > SHOWN, url)


def _line(one: DueObservation) -> HomeLine:
    word, verb = gettext("Not filled in"), gettext("Fill in what you observed")
    url = url_for("hearings.hearing", uid=one.line.hearing.uid, _anchor="observed")
    if one.observation is not None:
        url = url_for("observations.answering", uid=one.observation.uid)
        word, verb = gettext("Not finished"), gettext("Go on with what you observed")
    if one.opens_annex:
        word = gettext("Somebody may have been under 18")
    return HomeLine(
        Order.WAITING,
        say_where(one.line),
        url,
        verb,
        kind="soon",
        word=word,
        meta=in_a_row(
            say_day_of(one.line, brief=True), say_term("hearing_kind", one.line.hearing.kind)
        ),
        code=one.line.case.code,
        sentence=gettext("Say what you observed: %(where)s", where=say_where(one.line)),
    )
