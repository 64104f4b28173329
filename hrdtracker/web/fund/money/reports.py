"""What a donor is told, on a page to read or print and as a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.core.errors import Refused
from hrdtracker.forms.base import say, uid_or_none
from hrdtracker.fund.books import service as books
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.reading import donor_report
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.donor_report import DonorReport
from hrdtracker.web.fund.money.answer import chosen, day_or_none, last_day_or_none
from hrdtracker.web.fund.money.export import CountTable, crossed_of, sheet_of_report, tables_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_reports", __name__, url_prefix="/fund/reports")
NAMES = ("grant", "from", "to")
BY_HOUR = timedelta(days=2)


@dataclass(frozen=True)
class ReportPage:
    """What a donor is told; `wrong` says why the report is not about what was asked for."""

    report: DonorReport
    draft: ReportDraft
    wrong: str | None
    grants: Mapping[UUID, str]
    tables: Sequence[CountTable]
    crossed: Sequence[tuple[str, str, int | None]]


@bp.get("")
@needs(Action.FUND_READ)
def report() -> Response:
    """Show the report on a grant, or on all, over some days."""
    actor = identity.actor()
    draft, wrong = _report_draft()
    report = donor_report.report(actor, draft)
    return show(
        "fund/money/report.html",
        ReportPage(
            report=report,
            draft=draft,
            wrong=wrong,
            grants={line.grant_uid: line.grant_code for line in money_reading.lines(actor)},
            tables=tables_of(report),
            crossed=crossed_of(report),
        ),
    )


@bp.post("/export")
@needs(Action.FUND_EXPORT)
def export() -> Response:
    """Hand out the report as a sheet; the trail keeps that."""
    actor = identity.actor()
    books.record_export(actor, money_reading.fund_of(actor))
    report = donor_report.report(actor, _report_draft()[0])
    return sheet_of_report(report, as_book=request.form.get("as") == "xlsx")


@bp.app_template_filter("people_count")
def say_count(people: int | None) -> str:
    """Return a number of people as it may be told."""
    return gettext("fewer than 5") if people is None else number(people)


@bp.app_template_filter("wait")
def say_wait(wait: timedelta | None) -> str:
    """Return a length of time in hours or days; that it is not told of a few."""
    if wait is None:
        return str(gettext("not told for fewer than 5 requests"))
    if wait < BY_HOUR:
        hours = round(wait.total_seconds() / 3600)
        return str(ngettext("%(count)s hour", "%(count)s hours", hours, count=number(hours)))
    return str(ngettext("%(count)s day", "%(count)s days", wait.days, count=number(wait.days)))


def _report_draft() -> tuple[ReportDraft, str | None]:
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
