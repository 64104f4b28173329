"""The limits of the next hours as lines of the first page: checked ones and expected ones apart."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.core import clock
from hrdtracker.proceedings.clocks.reading import ClockLine, due_until
from hrdtracker.web.home.page import HomeLine, HomeSection, Order, place_of
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.duty import AHEAD
from hrdtracker.web.words.limit_lines import cited, limit_line

SHOWN = 6


def limits_due(actor: Actor) -> Iterator[HomeSection]:
    """Yield the limits of those held that end within the next hours; no part is empty."""
    if not could(actor, Action.CASE_READ):
        return
    due = due_until(actor, clock.now() + AHEAD)
    for name, title, lines in (
        ("checked", gettext("Limits checked by a lawyer"), [one for one in due if one.is_reviewed]),
        (
            "expected",
            gettext("Limits expected – check"),
            [one for one in due if not one.is_reviewed],
        ),
    ):
        if lines:
            shown = sorted(map(_line, lines), key=place_of)[:SHOWN]
            more, url = len(lines) > SHOWN, url_for("clocks.index")
            yield HomeSection(f"limits-{name}", title, shown, more, url)


def _line(line: ClockLine) -> HomeLine:
    """Return one limit: what still can be met comes before what has passed."""
    said = limit_line(line)
    has_passed = line.ends_earliest is not None and line.ends_earliest <= clock.now()
    return HomeLine(
        Order.URGENT if has_passed else Order.HOUR,
        said.what,
        said.url,
        gettext("See why, and what is missing"),
        kind=said.end.kind,
        word=said.end.word,
        meta=in_a_row(begin(said.end.at), cited(line.clock), *(mark.words for mark in said.marks)),
        code=line.case_code,
        at=line.ends_earliest,
        because=gettext("First, because people are held"),
        ask=said.ask,
    )
