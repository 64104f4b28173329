"""Payments for finance, cash in colleagues' hands, and exchange rates."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import say, version_of
from hrdtracker.forms.fund.money.finance_actions import ReleaseForm
from hrdtracker.forms.fund.money.grants import RateForm
from hrdtracker.fund.model import Payment, PaymentStatus
from hrdtracker.fund.payments import service as paying
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.payments import payment_page
from hrdtracker.fund.rules import rates as worth
from hrdtracker.web.fund.money.answer import version_sent
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import locale, today
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_payments", __name__)
ALL = "all"


@bp.get("/fund/payments")
@needs(Action.FUND_PAYMENT_READ)
def payments() -> str:
    """List the payments in one state: what is prepared, unless another is asked for."""
    told = request.args.get("status") or PaymentStatus.PREPARED
    wanted = PaymentStatus(told) if told in set(PaymentStatus) else None
    page = money_reading.payments(identity.actor(), wanted, request.args.get("page"))
    return render_template(
        "fund/money/payments.html",
        page=page,
        wanted=wanted,
        told=wanted or ALL,
        states=list(PaymentStatus),
    )


@bp.get("/fund/payments/<uuid:uid>")
@needs(Action.FUND_PAYMENT_READ)
def payment(uid: UUID) -> Response:
    """Show a payment, and to finance the form that says it left."""
    form = ReleaseForm.received(paid_on=say_day(today(), locale()))
    return _shown(uid, form)


@bp.post("/fund/payments/<uuid:uid>/reveal")
@needs(Action.FUND_REVEAL)
def reveal(uid: UUID) -> Response:
    """Show once how somebody is paid; the trail keeps it, and the openings of the case too."""
    actor = identity.actor()
    found = money_reading.payment(actor, uid)
    details = paying.reveal(actor, found)
    form = ReleaseForm(None, paid_on=say_day(today(), locale()))
    return _shown(uid, form, details=details or gettext("Nothing is written down."))


@bp.post("/fund/payments/<uuid:uid>/release")
@needs(Action.FUND_RELEASE)
def release(uid: UUID) -> Response:
    """Record that the money left; a second click changes nothing."""
    actor = identity.actor()
    found = money_reading.payment(actor, uid)
    form = ReleaseForm.received()

    def act() -> tuple[str, str]:
        paying.release(actor, found, form.draft(reader(), found.currency), version_of(form))
        return _said(found), url_for("fund_money_payments.payment", uid=uid)

    def show(late: Stale | None) -> Response:
        if late is not None:
            form.form_errors.append(say(late.reason))
            form.version.data = str(found.version)
        return _shown(uid, form)

    return carry_out(form, act, show)


@bp.post("/fund/payments/<uuid:uid>/drop")
@needs(Action.FUND_DROP)
def drop(uid: UUID) -> Response:
    """Drop a payment that has not left."""
    actor = identity.actor()
    found = money_reading.payment(actor, uid)
    paying.drop(actor, found, version_sent())
    flash(gettext("The payment is dropped. Its instalment can be prepared anew."), "ok")
    return redirect(url_for("fund_money_payments.payments"), 303)


@bp.get("/fund/advances")
@needs(Action.FUND_REQUEST_READ)
def advances() -> str:
    """Show the cash that colleagues carry: all of it to those who pay, to others their own."""
    actor = identity.actor()
    return render_template(
        "fund/money/advances.html",
        lines=money_reading.advances(actor),
        opens=policy.could(actor, Action.FUND_PAYMENT_READ),
    )


@bp.route("/fund/rates", methods=["GET", "POST"])
@needs(Action.FUND_RATE_RECORD)
def rates() -> Response:
    """Show what currencies were worth, and record it for a day."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_RATE_RECORD)
    start = {"base": "USD", "quote": "KHR", "day": say_day(today(), locale())}
    form = RateForm.received(**start).offer()

    def act() -> tuple[str, str]:
        worth.record_rate(actor, organisation, form.draft(reader()))
        return gettext("The rate is recorded."), url_for("fund_money_payments.rates")

    def show(_: Stale | None) -> Response:
        return answer("fund/money/rates.html", form, rates=worth.recorded(organisation))

    return carry_out(form, act, show)


def _shown(uid: UUID, form: ReleaseForm, details: str | None = None) -> Response:
    """Return the page of a payment; a new form goes out with the present version."""
    actor = identity.actor()
    held = payment_page(actor, uid)
    form.version.data = form.version.data or str(held.payment.version)
    return answer("fund/money/payment.html", form, held=held, one=held.payment, details=details)


def _said(found: Payment) -> str:
    """Say that a payment left, and where it went beyond its commitment."""
    if found.over:
        told = gettext("Recorded: it left. It is over its commitment, and needs a decision.")
    else:
        told = gettext("Recorded: it left.")
    return str(told)
