"""What a donor is told, on a page to read or print and as a sheet."""

from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.core.errors import Refused
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import say
from hrdtracker.fund.books import service as books
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.reading import donor_report
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.web.fund.money.answer import chosen, day_or_none, last_day_or_none, uid_or_none
from hrdtracker.web.fund.money.export import named, parts_of, sex_of, sheet_of_report, term_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_reports", __name__, url_prefix="/fund/reports")
NAMES = ("grant", "from", "to")
BY_HOUR = timedelta(days=2)


@bp.get("")
@needs(Action.FUND_READ)
def report() -> str:
    """Show the report on a grant, or on all, over some days."""
    actor = identity.actor()
    draft, wrong = _asked()
    told = donor_report.report(actor, draft)
    grants = {line.grant_uid: line.grant_code for line in money_reading.lines(actor)}
    return render_template(
        "fund/money/report.html",
        told=told,
        draft=draft,
        wrong=wrong,
        grants=grants,
        since=say_day(draft.since, locale()),
        until=say_day(draft.until, locale()),
        parts=[(part, named(counts, codelist)) for part, counts, codelist in parts_of(told)],
        crossed=[
            (term_of(kind, "support_type"), sex_of(sex), count)
            for (kind, sex), count in told.crossed.items()
        ],
        waited=said_wait,
        count=said_count,
    )


@bp.post("/export")
@needs(Action.FUND_EXPORT)
def export() -> Response:
    """Hand out the report as a sheet; the trail keeps that."""
    actor = identity.actor()
    books.take_along(actor, money_reading.fund_of(actor))
    told = donor_report.report(actor, _asked()[0])
    return sheet_of_report(told, as_book=request.form.get("as") == "xlsx")


def said_count(people: int | None) -> str:
    """Return a number of people as it may be told."""
    return gettext("fewer than 5") if people is None else number(str(people))


def said_wait(wait: timedelta | None) -> str:
    """Return a length of time in hours or days; that it is not told of a few."""
    if wait is None:
        return str(gettext("not told for fewer than 5 requests"))
    if wait < BY_HOUR:
        hours = round(wait.total_seconds() / 3600)
        told = number(str(hours))
        return str(ngettext("%(count)s hour", "%(count)s hours", hours, count=told))
    told = number(str(wait.days))
    return str(ngettext("%(count)s day", "%(count)s days", wait.days, count=told))


def _asked() -> tuple[ReportDraft, str | None]:
    """Return what the report is about; this year so far, and why, where that cannot be."""
    on, now = chosen(NAMES), today()
    start = now.replace(month=1, day=1)
    since = day_or_none(on.get("from")) or start
    until = last_day_or_none(on.get("to")) or now
    grant = uid_or_none(on.get("grant"))
    try:
        return ReportDraft(since, until, grant), None
    except Refused as refused:
        return ReportDraft(start, now, grant), say(next(iter(refused.reasons.values())))
