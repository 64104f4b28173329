"""What the first page says: the one thing that comes first, then what waits, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.accounts import queries as staff
from hrdtracker.codelists.lookup import terms
from hrdtracker.incidents.model import IncidentStatus, Urgency
from hrdtracker.incidents.queries import occurred
from hrdtracker.incidents.reviewers import StuckIncident
from hrdtracker.incidents.reviewing import WAITING_MOST
from hrdtracker.incidents.today import SHOWN, Today
from hrdtracker.web.shell.context import locale, number, office_name, say_told, today, word
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.cases import due
from hrdtracker.web.words.stuck import code_of, where_stuck

LINES = SHOWN - 1
"""How many lines of a part are shown; one more than these was asked for."""


class Order(IntEnum):
    """What comes before what on the first page: what runs out, came back, waits, can wait."""

    URGENT = 0
    LATE = 1
    RETURNED = 2
    WAITING = 3
    SOON = 4
    LATER = 5


@dataclass(frozen=True)
class HomeLine:
    """One thing to do: what it is, how it stands, where it is done."""

    order: Order
    what: str
    url: str
    verb: str
    kind: str = ""
    word: str = ""
    meta: str = ""
    code: str = ""
    sentence: str = ""
    """What it is, said as a sentence, where it comes first."""


@dataclass(frozen=True)
class HomeSection:
    """Things of one kind: how many wait, the first of them, and the way to all."""

    id: str
    title: str
    lines: Sequence[HomeLine]
    more: bool = False
    url: str = ""

    @property
    def count(self) -> str:
        """How many there are, as far as they were asked for."""
        shown = number(len(self.lines))
        return gettext("more than %(count)s", count=shown) if self.more else shown


def the_first(parts: Sequence[HomeSection]) -> HomeLine | None:
    """Return what comes before all else."""
    lines = [line for part in parts for line in part.lines]
    return min(lines, key=lambda line: line.order, default=None)


def parts_of(lists: Today) -> Iterator[HomeSection]:
    """Yield what waits for somebody who works on cases; no part is empty."""
    waiting, returned = gettext("Waiting for your review"), gettext("Returned to you")
    tasks, looks = gettext("Your tasks"), gettext("Cases to look at again")
    if lists.waiting:
        lines = [_to_review(row) for row in lists.waiting[:WAITING_MOST]]
        more = len(lists.waiting) > WAITING_MOST
        yield HomeSection("waiting", waiting, lines, more, url_for("review.queue"))
    if lists.stuck:
        lines = [_stuck(incident) for incident in lists.stuck]
        url = url_for("review.queue", _anchor="stuck")
        yield HomeSection("stuck", gettext("Nobody may review these"), lines, url=url)
    for status, title, url in (
        (IncidentStatus.RETURNED, returned, url_for("incidents.index", status="returned")),
        (IncidentStatus.DRAFT, gettext("Your drafts"), url_for("incidents.index", status="draft")),
    ):
        lines = [_unfinished(row) for row in lists.mine if row.status == status]
        if lines:
            yield HomeSection(status.value, title, lines[:LINES], len(lines) > LINES, url)
    if lists.tasks:
        lines = [_task(*row) for row in lists.tasks]
        yield HomeSection("tasks", tasks, lines[:LINES], len(lines) > LINES)
    if lists.looks:
        lines = [_look(row) for row in lists.looks]
        yield HomeSection("looks", looks, lines[:LINES], len(lines) > LINES, url_for("cases.index"))


def confirmations(actor: Actor) -> Iterator[HomeSection]:
    """Yield the roles that wait for the actor’s word."""
    rows = staff.waiting(actor) if could(actor, Action.ROLE_CONFIRM) else []
    if rows:
        url = url_for("admin.confirmations")
        lines = [_role(row, url) for row in rows]
        yield HomeSection(
            "roles", gettext("Roles to confirm"), lines[:LINES], len(lines) > LINES, url
        )


# Each kind of line --------------------------------------------------------------------------------


def _to_review(row: Any) -> HomeLine:
    pressing = row.urgency != Urgency.NORMAL
    what = terms().label("incident_type", row.type, locale())
    return HomeLine(
        Order.URGENT if pressing else Order.WAITING,
        what,
        url_for("review.review", uid=row.uid),
        gettext("Review it"),
        kind=row.urgency if pressing else row.status,
        word=word(row.urgency if pressing else row.status),
        meta=_meta(row),
        code=row.code,
        sentence=gettext("%(what)s waits for your review", what=what),
    )


def _stuck(incident: StuckIncident) -> HomeLine:
    """Return what nobody may review; no more than where, for the reader may not open it."""
    kind = incident.urgency if incident.urgency != Urgency.NORMAL else "submitted"
    return HomeLine(
        Order.URGENT,
        gettext("See whom to ask"),
        url_for("review.queue", _anchor="stuck"),
        gettext("See whom to ask"),
        kind=kind,
        word=word(kind),
        meta=where_stuck(incident),
        code=code_of(incident),
        sentence=gettext("Nobody may review this incident"),
    )


def _unfinished(row: Any) -> HomeLine:
    returned = row.status == IncidentStatus.RETURNED
    what = terms().label("incident_type", row.type, locale())
    return HomeLine(
        Order.RETURNED if returned else Order.LATER,
        what,
        url_for("incidents.incident", uid=row.uid),
        gettext("Correct it") if returned else gettext("Finish it"),
        kind=row.status,
        word=word(row.status),
        meta=_meta(row),
        code=row.code,
        sentence=gettext("%(what)s was returned to you", what=what) if returned else "",
    )


def _meta(row: Any) -> str:
    """Return when and where something happened."""
    when = begin(say_told(occurred(row), brief=True))
    place = terms().label("province", row.province, locale())
    return " · ".join(part for part in (when, place) if part)


def _task(task: Any, code: str, case_uid: Any) -> HomeLine:
    url, verb = url_for("cases.case", uid=case_uid) + "#due", gettext("Open the case")
    return HomeLine(_order(task.due_on), task.what, url, verb, *_due(task.due_on), code=code)


def _look(row: Any) -> HomeLine:
    kind = terms().label("incident_type", row.lead_type, locale())
    place = terms().label("province", row.lead_province, locale())
    what = ", ".join(part for part in (kind, place) if part)
    return HomeLine(
        _order(row.next_look_on),
        what,
        url_for("cases.case", uid=row.uid),
        gettext("Open the case"),
        *_due(row.next_look_on),
        code=row.code,
        sentence=gettext("Look at it again: %(what)s", what=what),
    )


def _due(day: date | None) -> tuple[str, str]:
    label = due(day) if day else None
    return (label.kind, label.word) if label else ("later", gettext("No day set"))


def _order(day: date | None) -> Order:
    if day is None:
        return Order.LATER
    return Order.LATE if day <= today() else Order.SOON


def _role(row: Any, url: str) -> HomeLine:
    who = row.user.display_name
    return HomeLine(
        Order.WAITING,
        who,
        url,
        gettext("Decide"),
        kind="soon" if row.counts else "submitted",
        word=gettext("Counts already") if row.counts else gettext("Waits"),
        meta=f"{word(row.role)}, {office_name(row.office)}",
        sentence=gettext("A role of %(who)s waits to be confirmed", who=who),
    )
