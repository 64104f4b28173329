"""Payments for finance, and cash in colleagues' hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.authorised import note_refusal
from hrdtracker.core.errors import NotAllowed, Stale, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.page import Page
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import Form, typed, version_of
from hrdtracker.forms.fund.money.finance_actions import BackForm, ReleaseForm
from hrdtracker.forms.fund.requests.decisions import ReasonForm
from hrdtracker.fund.model import Payment, PaymentStatus
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as paying
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.money import AdvanceLine
from hrdtracker.fund.reading.payments import PaymentPage, payment_page
from hrdtracker.web.fund.money.answer import version_sent
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.context import locale, number, today, word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.amounts import more_than_prepared

bp = Blueprint("fund_money_payments", __name__)
ALL, WAITING = "all", PaymentStatus.PREPARED


@dataclass(frozen=True)
class PaymentsPage:
    """Payments in one state, or in all where `status` is None."""

    payments: Page[Any]
    status: PaymentStatus | None
    bar: FilterBar


@dataclass(frozen=True)
class AdvancesPage:
    """Cash that colleagues carry; whether the reader may open its payments."""

    advances: Sequence[AdvanceLine]
    opens: bool


@bp.get("/fund/payments")
@needs(Action.FUND_PAYMENT_READ)
def payments() -> Response:
    """List the payments in one state: what is prepared, unless another is asked for."""
    others = [(state.value, word(state)) for state in PaymentStatus if state != WAITING]
    states = [(ALL, gettext("All")), *others]
    bar = filter_bar(
        "fund_money_payments.payments", pick("status", gettext("State"), states, word(WAITING))
    )
    text = bar.chosen.get("status", WAITING)
    status = None if text == ALL else PaymentStatus(text)
    listing = money_reading.payments(identity.actor(), status, request.args.get("page"))
    return show("fund/money/payments.html", PaymentsPage(listing, status, bar))


@bp.get("/fund/payments/<uuid:uid>")
@needs(Action.FUND_PAYMENT_READ)
def payment(uid: UUID) -> Response:
    """Show a payment, and to finance the form that says it left."""
    form = ReleaseForm.received(paid_on=say_day(today(), locale()))
    return _show_payment(uid, form)


@bp.post("/fund/payments/<uuid:uid>/reveal")
@needs(Action.FUND_REVEAL)
def reveal(uid: UUID) -> Response:
    """Show once how somebody is paid; the trail keeps it, and the openings of the case too."""
    actor = identity.actor()
    details = paying.reveal(actor, money_reading.payment(actor, uid))
    form = ReleaseForm(None, paid_on=say_day(today(), locale()))
    return _show_payment(uid, form, details or gettext("Nothing is written down."))


@bp.post("/fund/payments/<uuid:uid>/release")
@needs(Action.FUND_RELEASE)
def release(uid: UUID) -> AnyResponse:
    """Record that the money left; a second click changes nothing."""
    actor = identity.actor()
    payment = money_reading.payment(actor, uid)
    form = ReleaseForm.received()

    def act() -> tuple[str, str]:
        paying.release(actor, payment, form.draft(reader(), payment.currency), version_of(form))
        return _say_released(payment), url_for("fund_money_payments.payment", uid=uid)

    def draw(late: Stale | None) -> Response:
        say_late(form, late, payment.version)
        return _show_payment(uid, form, sent=late is not None)

    return carry_out(form, act, draw)


@bp.post("/fund/payments/<uuid:uid>/drop")
@needs(Action.FUND_DROP)
def drop(uid: UUID) -> AnyResponse:
    """Drop a payment that has not left."""
    actor = identity.actor()
    paying.drop(actor, money_reading.payment(actor, uid), version_sent())
    flash(gettext("The payment is dropped. Its instalment can be prepared anew."), "ok")
    return redirect(url_for("fund_money_payments.payments"), 303)


@bp.route("/fund/payments/<uuid:uid>/back", methods=["GET", "POST"])
@needs(Action.FUND_BACK)
def back(uid: UUID) -> AnyResponse:
    """Confirm, with the line of the bank, that money which came back is there."""
    actor = identity.actor()
    page = _account_of(uid, Action.FUND_BACK)
    form = BackForm.received(version=str(page.account_version), on=say_day(today(), locale()))

    def act() -> tuple[str, str]:
        draft = form.draft(reader())
        acquittals.confirm_back(actor, page.payment, draft, version_of(form))
        sentence = gettext("Booked: the money is back, and its line has it again.")
        return sentence, url_for("fund_money_payments.payment", uid=uid)

    return carry_out(form, act, _again("fund/money/back.html", uid, form))


@bp.route("/fund/payments/<uuid:uid>/return-account", methods=["GET", "POST"])
@needs(Action.FUND_ACCOUNT_RETURN)
def return_account(uid: UUID) -> AnyResponse:
    """Return an account to who recorded it, with a reason."""
    actor = identity.actor()
    page = _account_of(uid, Action.FUND_ACCOUNT_RETURN)
    form = ReasonForm.received(version=str(page.account_version))

    def act() -> tuple[str, str]:
        reason = form.reason.data or ""
        acquittals.return_account(actor, page.payment, reason, version_of(form))
        sentence = gettext("Returned. It waits for who recorded it.")
        return sentence, url_for("fund_money_payments.payment", uid=uid)

    return carry_out(form, act, _again("fund/money/return_account.html", uid, form))


@bp.get("/fund/advances")
@needs(Action.FUND_REQUEST_READ)
def advances() -> Response:
    """Show the cash that colleagues carry: all of it to those who pay, to others their own."""
    actor = identity.actor()
    opens = policy.could(actor, Action.FUND_PAYMENT_READ)
    return show("fund/money/advances.html", AdvancesPage(money_reading.advances(actor), opens))


def _account_of(uid: UUID, action: Action) -> PaymentPage:
    """Return a payment with whose account this can be done now; raises NotAllowed, WrongStatus."""
    page = payment_page(identity.actor(), uid)
    if action in page.may:
        return page
    if action in page.hindered:
        raise WrongStatus(page.hindered[action])
    note_refusal(identity.actor(), action, Payment.__tablename__, uid)
    raise NotAllowed


def _again(template: str, uid: UUID, form: Form) -> Callable[[Stale | None], Response]:
    """Return what draws the form of an act on an account once more; the present one when late."""

    def draw(late: Stale | None) -> Response:
        page = payment_page(identity.actor(), uid)
        say_late(form, late, page.account_version)
        return show(template, page, form)

    return draw


def _show_payment(
    uid: UUID, form: ReleaseForm, details: str | None = None, *, sent: bool = False
) -> Response:
    """Return the page of a payment; a new form goes out with the present version.

    `sent`: what was typed is shown even where nothing can be sent any more.
    """
    read = payment_page(identity.actor(), uid)
    page = replace(
        read,
        details=details,
        question=_question(form, read),
        typed=typed(form) if sent and Action.FUND_RELEASE not in read.may else (),
    )
    form.version.data = form.version.data or str(page.payment.version)
    return show("fund/money/payment.html", page, form)


def _question(form: ReleaseForm, page: PaymentPage) -> str | None:
    """Return what is asked where more is typed than was prepared: the amount in words."""
    if not form.again.errors:
        return None
    with form.reasons():
        left = form.left(page.payment.currency)
        if left is not None and left > page.prepared.amount:
            return more_than_prepared(Money(left, page.payment.currency), page.prepared)
    return None


def _say_released(payment: Payment) -> str:
    """Say that a payment left, and what becomes of what is more or less than was prepared."""
    rest = paying.prepared_amount(payment).amount - payment.amount
    if payment.over:
        return str(gettext("Recorded. More left than was promised: that waits for a decision."))
    if rest > 0:
        says = gettext(
            "Recorded: it left. %(rest)s less than was prepared stays promised until the request "
            "is accounted for; then its line has it back.",
            rest=number(Money(rest, payment.currency)),
        )
        return str(says)
    return str(gettext("Recorded: it left."))
