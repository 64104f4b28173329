"""Whoever is named as having seen a reversal says whether they did; finance asks another."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale, WrongStatus
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.money.finance_actions import AskAnotherForm, WitnessForm
from hrdtracker.fund.books import reversals, witnesses
from hrdtracker.fund.reading import books as book_reading
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.books import EntryDetails
from hrdtracker.fund.reading.reversals import ReversalReason, reason_of, witnessed_entry
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


@dataclass(frozen=True)
class AskAnotherPage:
    """Why an entry is reversed, and who was asked so far."""

    transaction: EntryDetails
    reason: ReversalReason
    nobody: bool
    """Whether no colleague can be asked."""


@bp.route("/<uuid:uid>/ask", methods=["GET", "POST"])
@needs(Action.FUND_REVERSE)
def ask(uid: UUID) -> Response:
    """Ask another colleague whether they saw the reversal of an entry."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_REVERSE)
    details = book_reading.transaction(actor, uid)
    entry = details.entry.transaction
    reason = reason_of(actor, entry)
    if reason is None or not witnesses.can_ask_another(entry):
        raise WrongStatus(witnesses.NOTHING_TO_SEE)
    reversals.check_not_shut_out(actor, entry)
    people = [(user.uid.hex, user.display_name) for user in reversals.witnesses(actor, entry)]
    form = AskAnotherForm.received().offer(people)

    def act() -> tuple[str, str]:
        witnesses.ask_another(actor, organisation, uid, form.chosen(), form.sending())
        sentence = gettext("Asked. It stands on their first page.")
        return sentence, url_for("fund_money_books.entry", uid=uid)

    page = AskAnotherPage(details, reason, nobody=not people)
    return carry_out(form, act, lambda _: show("fund/money/ask_another.html", page, form))
