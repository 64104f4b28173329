"""What waits for somebody who works on cases, as lines of the first page."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from hrdtracker.cases.mine import GivenCase, PlannedFollowUp
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.core.when.say import say_instant
from hrdtracker.custody.states import lapses_at
from hrdtracker.incidents.held import HeldIncident
from hrdtracker.incidents.lists import ListedIncident, occurred
from hrdtracker.incidents.model import IncidentStatus, Urgency
from hrdtracker.incidents.reviewers import StuckIncident
from hrdtracker.incidents.reviewing import WAITING_MOST
from hrdtracker.incidents.today import SHOWN, SOON, Today
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import locale, say_told, today, word, zone
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.cases import due
from hrdtracker.web.words.custody import say_held, say_last_word, say_since
from hrdtracker.web.words.incidents import standing_of
from hrdtracker.web.words.stuck import code_of, where_stuck


def parts_of(lists: Today) -> Iterator[HomeSection]:
    """Yield what waits for somebody who works on cases; no part is empty."""
    if lists.held:
        lines, title = [_held(row) for row in lists.held], gettext("Who is held")
        yield HomeSection("held", title, lines[:SHOWN], len(lines) > SHOWN, on_top=True)
    if lists.waiting:
        lines = [_to_review(row) for row in lists.waiting[:WAITING_MOST]]
        more, title = len(lists.waiting) > WAITING_MOST, gettext("Waiting for your review")
        yield HomeSection("waiting", title, lines, more, url_for("review.queue"))
    if lists.stuck:
        lines = [_stuck(incident) for incident in lists.stuck]
        url = url_for("review.queue", _anchor="stuck")
        yield HomeSection("stuck", gettext("Nobody may review these"), lines, url=url)
    mine = {
        status: [_unfinished(row) for row in lists.mine if row.status == status]
        for status in (IncidentStatus.RETURNED, IncidentStatus.DRAFT)
    }
    for name, title, lines, url in (
        ("given", gettext("New to you"), [_given(row) for row in lists.given], ""),
        ("returned", gettext("Returned to you"), mine[IncidentStatus.RETURNED], _mine("returned")),
        ("planned", gettext("Planned"), [_planned(row) for row in lists.planned], ""),
        ("tasks", gettext("Your tasks"), [_task(*row) for row in lists.tasks], ""),
        (
            "looks",
            gettext("Cases to look at again"),
            [_look(row) for row in lists.looks],
            url_for("cases.index"),
        ),
        ("draft", gettext("Your drafts"), mine[IncidentStatus.DRAFT], _mine("draft")),
    ):
        if lines:
            yield HomeSection(name, title, lines[:SHOWN], len(lines) > SHOWN, url)


def _mine(status: str) -> str:
    return url_for("incidents.index", status=status)


# Each kind of line --------------------------------------------------------------------------------


def _to_review(row: ListedIncident) -> HomeLine:
    stands = standing_of(row)
    what = terms().label("incident_type", row.type, locale())
    return HomeLine(
        Order.WAITING if stands == row.status else Order.URGENT,
        what,
        url_for("review.review", uid=row.uid),
        gettext("Review it"),
        kind=stands,
        word=word(stands),
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
    return HomeLine(
        _order(task.due_on),
        task.what,
        url,
        verb,
        *_due(task.due_on),
        code=code,
        at=_end_of(task.due_on),
    )


def _look(row: Any) -> HomeLine:
    what = _lead(row)
    return HomeLine(
        _order(row.next_look_on),
        what,
        url_for("cases.case", uid=row.uid),
        gettext("Open the case"),
        *_due(row.next_look_on),
        code=row.code,
        sentence=gettext("Look at it again: %(what)s", what=what),
        at=_end_of(row.next_look_on),
    )


def _due(day: date | None) -> tuple[str, str]:
    label = due(day) if day else None
    return (label.kind, label.word) if label else ("later", gettext("No day set"))


def _order(day: date | None) -> Order:
    if day is None:
        return Order.LATER
    return Order.LATE if day <= today() else Order.SOON


def _end_of(day: date | None) -> datetime | None:
    return midnight(day + DAY, zone()) if day else None


def _held(row: HeldIncident) -> HomeLine:
    """Return where people are held: soon, or over, is when nobody may say so any more."""
    order, at = Order.WAITING, None
    if row.unheard_since is not None:
        order, at = Order.HOUR, lapses_at(row.unheard_since)
    elif row.fresh_since is not None:
        order, at = Order.SOON, lapses_at(row.fresh_since)
    kind = {Order.HOUR: "overdue", Order.SOON: "urgent", Order.WAITING: "later"}[order]
    what = terms().label("incident_type", row.type, locale())
    place = terms().label("province", row.province, locale())
    last = say_last_word(row.confirmed_at, row.confirmer)
    return HomeLine(
        order,
        say_held(row.held, row.people),
        url_for("incidents.incident", uid=row.uid, _anchor="people"),
        gettext("See who they are"),
        kind=kind,
        word=begin(say_since(row.held_since, row.held)),
        meta=" · ".join(part for part in (what, place, last if row.fresh else "") if part),
        code=row.code,
        at=at,
        because=gettext("First, because people are held"),
        confirm=row.uid,
    )


def _planned(row: PlannedFollowUp) -> HomeLine:
    day = clock.day_of(row.at, zone())
    label = due(day)
    hour = begin(say_instant(row.at, zone(), locale(), today()))
    return HomeLine(
        _order_of_hour(row.at) if row.timed else _order(day),
        terms().label("follow_up_kind", row.kind, locale()),
        url_for("cases.case", uid=row.uid) + "#timeline",
        gettext("Open the case"),
        kind=label.kind,
        word=hour if row.timed else label.word,
        meta=_lead(row),
        code=row.code,
        at=row.at if row.timed else _end_of(day),
    )


def _order_of_hour(at: datetime) -> Order:
    """Return how soon an hour is: within a day, within a week, later."""
    left = at - clock.now()
    if left <= DAY:
        return Order.HOUR
    return Order.SOON if left <= SOON else Order.LATER


def _given(row: GivenCase) -> HomeLine:
    at = say_instant(row.at, zone(), locale(), today())
    who = row.giver.display_name
    if row.owns:
        meta = gettext("%(who)s made you its owner, %(at)s", who=who, at=at)
    else:
        meta = gettext("%(who)s let you in, %(at)s", who=who, at=at)
    return HomeLine(
        Order.WAITING,
        _lead(row) or gettext("Case"),
        url_for("cases.case", uid=row.uid),
        gettext("Open the case"),
        kind="open",
        word=gettext("Given to you"),
        meta=meta,
        code=row.code,
        sentence=gettext("A case was given to you: %(what)s", what=_lead(row)),
    )


def _lead(row: Any) -> str:
    """Return what a case began with, and where."""
    kind = terms().label("incident_type", row.lead_type, locale())
    place = terms().label("province", row.lead_province, locale())
    return ", ".join(part for part in (kind, place) if part)
