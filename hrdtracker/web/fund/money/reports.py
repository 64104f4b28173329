"""What donors are told: the register of all reports, and how one is prepared for its release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.core.page import Page
from hrdtracker.core.when.month import Month
from hrdtracker.forms.fund.money.reports import ReportForm, months_before
from hrdtracker.fund.books import service as books
from hrdtracker.fund.disclosures import queries, service
from hrdtracker.fund.disclosures.queries import ReportDetails, ReportLine
from hrdtracker.fund.model import DisclosureKind
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.web.fund.money.report_sheets import (
    TableText,
    rates_in_words,
    sheet_of_report,
    tables_in_words,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_reports", __name__, url_prefix="/fund/reports")


@dataclass(frozen=True)
class RegisterPage:
    """All reports to outsiders; what the reader may prepare, and whether they see exact figures."""

    reports: Page[ReportLine]
    tells_money: bool
    tells_people: bool
    sees_figures: bool


@dataclass(frozen=True)
class ReportPage:
    """One report as its reader outside has it; the donor’s name where the reader may see it."""

    details: ReportDetails
    donor_name: str
    tables: Sequence[TableText]
    rates: Sequence[str]

    @property
    def tells_money(self) -> bool:
        """Tell whether it is a financial report."""
        return self.details.line.kind == DisclosureKind.MONEY

    @property
    def pools(self) -> bool:
        """Tell whether lines are told together."""
        return any(line.pooled for line in self.details.numbers.lines)

    def money(self, amount: int) -> Money:
        """Return an amount of a line as money."""
        return Money(amount, self.details.numbers.currency)


@dataclass(frozen=True)
class PrepareReportPage:
    """Which kind of report is prepared."""

    tells_money: bool


@bp.get("")
@needs(Action.FUND_READ)
def register() -> Response:
    """List what donors were told, or are to be told once a second person confirms it."""
    actor = identity.actor()
    page = RegisterPage(
        reports=queries.register(actor, request.args.get("page")),
        tells_money=policy.could(actor, Action.FUND_REPORT_MONEY),
        tells_people=policy.could(actor, Action.FUND_REPORT_PEOPLE),
        sees_figures=policy.could(actor, Action.FUND_REPORT_INTERNAL),
    )
    return show("fund/money/reports.html", page)


@bp.route("/money", methods=["GET", "POST"])
@needs(Action.FUND_REPORT_MONEY)
def money() -> AnyResponse:
    """Prepare a financial report: exact, by line, without anything about people."""
    return _prepare(Action.FUND_REPORT_MONEY)


@bp.route("/people", methods=["GET", "POST"])
@needs(Action.FUND_REPORT_PEOPLE)
def people() -> AnyResponse:
    """Prepare tables of people: rounded, without money."""
    return _prepare(Action.FUND_REPORT_PEOPLE)


@bp.get("/<uuid:uid>")
@needs(Action.FUND_REPORT_READ)
def report(uid: UUID) -> Response:
    """Show a report as it is told."""
    actor = identity.actor()
    details = queries.report(actor, uid)
    numbers, donor = details.numbers, queries.donor_name(actor, details.line)
    page = ReportPage(details, donor, tables_in_words(numbers.tables), rates_in_words(numbers))
    return show("fund/money/report.html", page)


@bp.post("/<uuid:uid>/export")
@needs(Action.FUND_EXPORT)
def export(uid: UUID) -> Response:
    """Hand out a report that was released as a sheet; the trail keeps that."""
    actor = identity.actor()
    details = queries.report(actor, uid)
    if details.line.told_at is None:
        raise NotFound
    books.record_export(actor, money_reading.fund_of(actor))
    return sheet_of_report(details, as_book=request.form.get("as") == "xlsx")


@bp.app_template_filter("month")
def month(day: date) -> str:
    """Return the month in which a day lies."""
    return Month(day).said(locale())


def _prepare(action: Action) -> AnyResponse:
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, action)
    tells_money = action == Action.FUND_REPORT_MONEY
    form = offered(actor, gettext("Choose") if tells_money else gettext("All, for everybody"))
    prepare = service.prepare_money if tells_money else service.prepare_people

    def act() -> tuple[str, str]:
        report = prepare(actor, organisation, form.draft())
        sentence = gettext("Prepared. It is told once a second person confirms it.")
        return sentence, url_for("fund_money_reports.report", uid=report.uid)

    page = PrepareReportPage(tells_money)
    return carry_out(form, act, lambda _: show("fund/money/report_new.html", page, form))


def offered(actor: Actor, empty: str, *, current: bool = False) -> ReportForm:
    """Return the form of a report with its grants and months, the last quarter chosen.

    The current month is offered only where somebody may look at it before it is over.
    """
    months = months_before(today())
    quarter = {"first": f"{months[2]:%Y-%m}", "last": f"{months[0]:%Y-%m}"}
    months = [today().replace(day=1), *months] if current else months
    grants = {line.grant_uid.hex: line.grant_code for line in money_reading.lines(actor)}
    named = [(f"{first:%Y-%m}", month(first)) for first in months]
    return ReportForm.received(**quarter).offer(grants.items(), named, empty)
