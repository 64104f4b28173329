"""The exact figures of the fund, for those who answer for it: confidential, each look recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, request
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.fund.disclosures import service
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.reading import figures
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.figures import FundFigures
from hrdtracker.web.fund.money.report_sheets import (
    TableText,
    crossed_in_words,
    figures_in_words,
    sheet_of_figures,
)
from hrdtracker.web.fund.money.reports import offered
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_internal", __name__, url_prefix="/fund/reports/internal")
BY_HOUR = timedelta(days=2)


@dataclass(frozen=True)
class InternalPage:
    """The exact figures of some months; None until somebody asks for them."""

    figures: FundFigures | None = None
    draft: ReportDraft | None = None
    tables: Sequence[TableText] = ()
    crossed: Sequence[tuple[str, str, int]] = ()


@bp.route("", methods=["GET", "POST"])
@needs(Action.FUND_REPORT_INTERNAL)
def internal() -> Response:
    """Ask which months, and show their exact figures or hand them out; the trail keeps that."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_REPORT_INTERNAL)
    form = offered(actor, gettext("All"), current=True)
    page = InternalPage()
    if form.is_valid_submission:
        with form.reasons():
            draft = form.draft()
            service.record_reveal(actor, organisation)
            exact = figures.figures(actor, draft)
            if request.form.get("as"):
                return sheet_of_figures(exact, as_book=request.form["as"] == "xlsx")
            tables, crossed = figures_in_words(exact.helped), crossed_in_words(exact.helped)
            page = InternalPage(exact, draft, tables, crossed)
    return show("fund/money/internal.html", page, form)


@bp.app_template_filter("wait")
def say_wait(wait: timedelta | None) -> str:
    """Return a length of time in hours or days."""
    if wait is None:
        return str(gettext("Not known"))
    if wait < BY_HOUR:
        hours = round(wait.total_seconds() / 3600)
        return str(ngettext("%(count)s hour", "%(count)s hours", hours, count=number(hours)))
    return str(ngettext("%(count)s day", "%(count)s days", wait.days, count=number(wait.days)))
