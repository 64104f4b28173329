"""Requests of the defence in the reader’s words: what, for whom, undecided since when."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_length
from hrdtracker.proceedings.model import DefenceRequest, RequestStanding
from hrdtracker.proceedings.reading.requests import requests_of
from hrdtracker.web.shell.context import locale, say_told
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.confirmed import say_confirmed
from hrdtracker.web.words.courts import say_term

KINDS = {
    RequestStanding.UNDECIDED: "soon",
    RequestStanding.GRANTED: "open",
    RequestStanding.PARTLY: "open",
    RequestStanding.REFUSED: "closed",
    RequestStanding.WITHDRAWN: "closed",
}
"""What the badge of a request looks like."""


@dataclass(frozen=True)
class DefenceLine:
    """A request in one line; `url` leads to what became of it, for who may say that."""

    what: str
    more: str
    kind: str
    word: str
    url: str


def request_lines(actor: Actor, scope_id: int, *, may: bool) -> Sequence[DefenceLine]:
    """Return the requests of the defence in a case, undecided ones first."""
    return [request_line(one.request, one.letter, may=may) for one in requests_of(actor, scope_id)]


def request_line(row: DefenceRequest, letter: str, *, may: bool) -> DefenceLine:
    """Return one request as a line."""
    return DefenceLine(
        gettext(
            "%(what)s, for %(who)s",
            what=say_term("request_kind", row.kind),
            who=f"{say_letter(letter)}.",
        ),
        " · ".join(part for part in _parts(row) if part),
        KINDS[RequestStanding(row.status)],
        say_term("request_standing", row.status),
        url_for("defence.edit", uid=row.uid) if may else "",
    )


def _parts(row: DefenceRequest) -> list[str]:
    return [
        _filed(row),
        say_term("prosecutor_opinion", row.opinion),
        _decided(row),
        _on(N_("told of it %(when)s"), row, "notified"),
        _on(N_("appealed %(when)s"), row, "appealed"),
        say_term("how_known", row.known_by),
        say_confirmed(row),
        row.note or "",
    ]


def _filed(row: DefenceRequest) -> str:
    """Return when it was filed and by whom; of what nobody decided, how long that is."""
    when = begin(_on(N_("filed %(when)s"), row, "filed"))
    who = say_term("request_filer", row.filed_by)
    filed = DefenceRequest.filed.plain(row)
    waits = ""
    if row.status == RequestStanding.UNDECIDED and filed is not None and filed.earliest is not None:
        length = say_length(clock.now() - filed.earliest, locale(), whole_days=True)
        waits = str(gettext("undecided for %(length)s", length=length))
    return ", ".join(part for part in (when, who, waits) if part)


def _decided(row: DefenceRequest) -> str:
    said = _on(N_("decided %(when)s"), row, "decided")
    by = say_term("deciding_body", row.decided_by)
    return ", ".join(part for part in (said, by) if part)


def _on(sentence: str, row: DefenceRequest, name: str) -> str:
    when = getattr(row, name)
    return str(gettext(sentence, when=say_told(when, brief=True))) if when else ""
