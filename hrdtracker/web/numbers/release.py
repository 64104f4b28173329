"""Tables of people who were charged, for outside: prepared here, released by a second person."""

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.forms.fund.money.reports import MonthsForm, months_before
from hrdtracker.fund.reading.money import fund_of
from hrdtracker.insight import releasing
from hrdtracker.web.fund.money.reports import month
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("numbers_release", __name__)


@bp.route("/numbers/release", methods=["GET", "POST"])
@needs(Action.FIGURES_RELEASE)
def release() -> AnyResponse:
    """Choose the months, and prepare their tables for the second person."""
    actor = identity.actor()
    organisation = fund_of(actor, Action.FIGURES_RELEASE)
    months = months_before(today())
    quarter = {"first": f"{months[2]:%Y-%m}", "last": f"{months[0]:%Y-%m}"}
    form = MonthsForm.received(**quarter).offer_months(
        (f"{first:%Y-%m}", month(first)) for first in months
    )

    def act() -> tuple[str, str]:
        report = releasing.prepare_courts(actor, organisation, form.draft())
        sentence = gettext("Prepared. It is told once a second person confirms it.")
        return sentence, url_for("fund_money_reports.report", uid=report.uid)

    return carry_out(form, act, lambda _: show("numbers/release.html", form=form))
