"""Whoever is named as having seen a reversal reads what it is about, and says whether they did."""

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.finance_actions import WitnessForm
from hrdtracker.fund.books import witnesses
from hrdtracker.fund.reading.reversals import witnessed_entry
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_witness", __name__, url_prefix="/fund/reversals")


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.FUND_WITNESS)
def witness(uid: UUID) -> Response:
    """Show what one is named as having seen, and keep whether one did."""
    actor = identity.actor()
    page = witnessed_entry(actor, uid)
    form = WitnessForm.received(version=str(page.voucher.version)).offer()

    def act() -> tuple[str, str]:
        witnessed = form.answer()
        witnesses.answer(actor, page.voucher, version_of(form), witnessed=witnessed)
        sentence = (
            gettext("Recorded: you saw it.")
            if witnessed
            else gettext("Recorded: you did not see it. Those who read the books are told.")
        )
        return sentence, url_for("fund_money_witness.witness", uid=uid)

    def draw(late: Stale | None) -> Response:
        anew = witnessed_entry(actor, uid)
        say_late(form, late, anew.voucher.version)
        return show("fund/money/witness.html", anew, form)

    return carry_out(form, act, draw)
