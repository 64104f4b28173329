"""After the decision: a second look, the receipt, the account, its review, whether it helped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import NotFound, WrongStatus
from hrdtracker.forms.base import say, version_of
from hrdtracker.forms.fund.requests.decisions import (
    AcquittalForm,
    AsSeenForm,
    CheckForm,
    ComplaintForm,
    OutcomeForm,
    ReasonForm,
    ReceiptForm,
)
from hrdtracker.fund.model import Instalment
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.own_part import FollowedPayment, payment_for, request_for
from hrdtracker.web.fund.requests.answer import (
    ActionPage,
    DecisionPage,
    FollowedPaymentPage,
    Subject,
    act_on_request,
    story_for,
    subject_followed,
    subject_of,
    to_request,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import account_facts

bp = Blueprint("fund_follow", __name__, url_prefix="/fund/requests")


@dataclass(frozen=True, kw_only=True)
class CheckPage(ActionPage):
    """The page on which somebody looks again before an instalment is paid."""

    instalment: Instalment


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(DecisionPage):
    """The page on which one declares, or accepts, what somebody else recorded."""

    facts: Sequence[tuple[str, str]]
    otherwise: str = ""
    """Where it is returned instead."""


@bp.route("/<uuid:uid>/instalments/<uuid:instalment_uid>/check", methods=["GET", "POST"])
@needs(Action.FUND_CHECK)
def check(uid: UUID, instalment_uid: UUID) -> Response:
    """Say, before an instalment, whether the person is still there and needs it still."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_CHECK)
    instalment = next((each for each in details.instalments if each.uid == instalment_uid), None)
    if instalment is None:
        raise NotFound
    form = CheckForm.received(version=str(details.request.version)).offer()

    def act() -> str:
        version = version_of(form)
        payments.check(actor, details.request, instalment_uid, **form.answers(), version=version)
        return str(gettext("Kept: somebody looked again."))

    page = CheckPage(subject=subject_of(details), instalment=instalment)
    return act_on_request("fund/requests/check.html", page, form, act)


@bp.route("/<uuid:uid>/payments/<uuid:payment_uid>/receipt", methods=["GET", "POST"])
@needs(Action.FUND_RECEIVE)
def receive(uid: UUID, payment_uid: UUID) -> Response:
    """Keep that whoever was paid said that the money arrived."""
    actor = identity.actor()
    followed = payment_for(actor, uid, payment_uid, Action.FUND_RECEIVE)
    form = ReceiptForm.received(version=str(followed.payment.version)).offer(reader())

    def act() -> str:
        payments.receive(actor, followed.payment, form.draft(reader()), version_of(form))
        return str(gettext("Kept: it arrived."))

    page = FollowedPaymentPage(subject=subject_followed(followed), followed=followed)
    return act_on_request("fund/requests/receipt.html", page, form, act)


@bp.route("/<uuid:uid>/payments/<uuid:payment_uid>/account", methods=["GET", "POST"])
@needs(Action.FUND_ACQUIT)
def account(uid: UUID, payment_uid: UUID) -> Response:
    """Account for a payment: by a document, or by why one would endanger somebody."""
    actor = identity.actor()
    followed = payment_for(actor, uid, payment_uid, Action.FUND_ACQUIT)
    documents = [
        (document, terms().label("support_document", document, locale()))
        for document in followed.documents
    ]
    values = AcquittalForm.values(followed.acquittal, followed.payment, locale())
    form = AcquittalForm.received(**values, version=_version(followed)).offer(documents)

    def act() -> str:
        draft = form.draft(reader(), followed.payment)
        acquittals.acquit(actor, followed.payment, draft, version_of(form))
        return str(gettext("Kept. A fund officer reviews it."))

    page = FollowedPaymentPage(subject=_about_account(followed), followed=followed)
    return act_on_request("fund/requests/account.html", page, form, act, _present(followed))


@bp.route("/<uuid:uid>/payments/<uuid:payment_uid>/declaration", methods=["GET", "POST"])
@needs(Action.FUND_DECLARE_SPENT)
def declare_spent(uid: UUID, payment_uid: UUID) -> Response:
    """Declare, as a second colleague, how money was spent, in place of a document."""
    actor = identity.actor()
    followed = payment_for(actor, uid, payment_uid, Action.FUND_DECLARE_SPENT)
    form = AsSeenForm.received(version=_version(followed))

    def act() -> str:
        acquittals.declare_spent(actor, followed.payment, version_of(form))
        return str(gettext("Declared."))

    page = ConfirmPage(
        subject=_about_account(followed),
        what=gettext("Declare how it was spent"),
        sentence=gettext("You declare that you know this was spent as it says here."),
        label=gettext("I declare it"),
        facts=account_facts(followed),
    )
    return act_on_request("fund/requests/confirm.html", page, form, act, _present(followed))


@bp.route("/<uuid:uid>/payments/<uuid:payment_uid>/review", methods=["GET", "POST"])
@needs(Action.FUND_REVIEW)
def review(uid: UUID, payment_uid: UUID) -> Response:
    """Accept what accounts for a payment."""
    actor = identity.actor()
    followed = payment_for(actor, uid, payment_uid, Action.FUND_REVIEW)
    form = AsSeenForm.received(version=_version(followed))

    def act() -> str:
        acquittals.review(actor, followed.payment, version_of(form))
        if followed.acquittal is not None and followed.acquittal.returned:
            return str(gettext("Reviewed. Finance confirms that the money is back."))
        return str(gettext("Reviewed: this payment is accounted for."))

    page = ConfirmPage(
        subject=_about_account(followed),
        what=gettext("Review the account"),
        sentence=gettext(
            "You accept this account. What came back is on its line again once finance has "
            "confirmed it."
        ),
        label=gettext("Accept the account"),
        facts=account_facts(followed),
        otherwise=url_for("fund_money_payments.return_account", uid=payment_uid),
    )
    return act_on_request("fund/requests/confirm.html", page, form, act, _present(followed))


@bp.route("/<uuid:uid>/outcome", methods=["GET", "POST"])
@needs(Action.FUND_OUTCOME)
def outcome(uid: UUID) -> Response:
    """Say whether it helped, as somebody who neither asked nor carried the money."""
    actor = identity.actor()
    followed = request_for(actor, uid, Action.FUND_OUTCOME)
    form = OutcomeForm.received().offer(reader())

    def act() -> str:
        answer, words = form.outcome.data or "", form.words.data or ""
        acquittals.record_outcome(actor, followed.request, answer, words)
        return str(gettext("Kept."))

    page = ActionPage(subject=subject_followed(followed))
    return act_on_request("fund/requests/outcome.html", page, form, act)


@bp.route("/<uuid:uid>/complaint", methods=["GET", "POST"])
@needs(Action.FUND_COMPLAIN)
def complain(uid: UUID) -> Response:
    """Take down a complaint; it goes past whoever asked and whoever carried."""
    actor = identity.actor()
    followed = request_for(actor, uid, Action.FUND_COMPLAIN)
    form = ComplaintForm.received().offer(reader())

    def act() -> str:
        acquittals.complain(actor, followed.request, form.draft())
        return str(gettext("Kept. Nobody who had a part in this support reads it."))

    page = ActionPage(subject=subject_followed(followed))
    return act_on_request("fund/requests/complain.html", page, form, act)


@bp.post("/<uuid:uid>/close")
@needs(Action.FUND_CLOSE)
def close(uid: UUID) -> Response:
    """Close a request that is paid, accounted for and asked about."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_CLOSE)
    form = ReasonForm.received()
    try:
        acquittals.close(actor, details.request, version_of(form))
        flash(gettext("The request is closed."), "ok")
    except WrongStatus as refused:
        flash(say(refused.reason), "warn")
    return to_request(uid)


def _about_account(followed: FollowedPayment) -> Subject:
    """Return that a page is about what accounts for a payment, where there is anything yet."""
    return replace(subject_followed(followed), record=followed.acquittal or followed.payment)


def _version(followed: FollowedPayment) -> str:
    return str(acquittals.version_of(followed.acquittal))


def _present(followed: FollowedPayment) -> Callable[[], int]:
    """Return what reads the present version of an account, for a form that came too late."""
    return lambda: acquittals.version_of(acquittals.acquittal_of(followed.payment))
