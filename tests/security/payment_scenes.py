"""Where each guard of an instalment or a payment is all that stands in somebody's way."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Seat
from hrdtracker.access.model import Role
from hrdtracker.core.db import session
from hrdtracker.fund import guards as must
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import Payment, SupportRequest, Transaction
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make
from tests.security.fund_scenes import (
    SCENES,
    Standing,
    acquitted,
    being_paid,
    commit,
    payment_of,
    ratify,
    released,
    scene,
)

__all__ = ["SCENES"]


def _accounted(login: str, **changes: Any) -> Payment:
    payment = payment_of(fund.paid())
    slip = {"document": "transfer_slip", "reference": "1", "dated": fund.today()}
    told = AcquittalDraft(**{"spent": payment.amount, **slip, **changes})
    acquittals.acquit(make.actor(login), payment, told, fund.seen(payment))
    return payment


def _endangering(login: str) -> Payment:
    danger = {"alternative": True, "danger": "The landlord talks."}
    return _accounted(login, document=None, reference="", dated=None, **danger)


def _also_finance(login: str) -> Actor:
    actor = make.actor(login)
    seat = Seat(Role.FINANCE_OFFICER, make.office(make.HERE).id)
    return replace(actor, seats=actor.seats | {seat})


# About instalments and payments ------------------------------------------------------------------


@scene(must.LOOKED_AGAIN, Action.FUND_PREPARE)
def _nobody_looked_again() -> Standing:
    return make.actor("fund"), instalments_of(fund.committed())[0]


@scene(must.NOT_BEING_PAID, Action.FUND_PREPARE, Action.FUND_CHECK)
def _the_instalment_is_being_paid() -> Standing:
    actor, request = being_paid()
    assert isinstance(request, SupportRequest)
    return actor, instalments_of(request)[0]


@scene(must.NOTHING_SINCE, Action.FUND_CHECK)
def _its_account_was_reviewed_since() -> Standing:
    half = InstalmentDraft(fund.today(), 50_00)
    request = fund.committed(instalments=(half, half))
    first = fund.receive(fund.release(fund.prepared(request, 0)))
    second, monitor = instalments_of(request)[1], make.actor("monitor")
    payments.check(
        monitor, request, second.uid, still_there=True, still_needed=False, version=request.version
    )
    fund.account(first)
    fund.committed()  # another is being paid
    return monitor, second


@scene(must.NOT_REFUSED_SINCE, Action.FUND_REVEAL)
def _a_release_was_refused_after_its_payment_was_prepared() -> Standing:
    _it_left_and_was_recorded_wrongly()  # another one
    request = commit(released())
    payment = fund.prepared(request)
    ratify(request, "national", ratified=False)
    return make.actor("finance"), payment


@scene(must.PREPARED_BY_ANOTHER, Action.FUND_REVEAL, Action.FUND_RELEASE)
def _who_prepared_it_is_in_finance_too() -> Standing:
    request = fund.approve(fund.recommended(), "fund2")
    fund.no_tie(request, "fund")
    return _also_finance("fund"), fund.prepared(commit(request))


@scene(must.VERIFIED_BY_ANOTHER, Action.FUND_REVEAL, Action.FUND_RELEASE)
def _who_verified_it_is_in_finance_too() -> Standing:
    return _also_finance("director"), fund.prepared(fund.committed())


@scene(must.IS_OVER, Action.FUND_COVER)
def _nothing_is_over() -> Standing:
    return make.actor("fund"), payment_of(fund.paid())


@scene(must.COVERS_SO_MUCH, Action.FUND_COVER)
def _so_much_is_over_that_a_director_covers_it() -> Standing:
    fund.committed()  # another that one decides alone
    payment = fund.prepared(fund.committed(100_00, fund.line(2_000_00)))
    return make.actor("fund"), fund.release(payment, 900_00)


@scene(must.COVERS_FOR_BOARD, Action.FUND_COVER)
def _so_much_is_over_that_the_board_covers_it() -> Standing:
    fund.set_up()
    payment = fund.prepared(fund.committed(100_00, fund.line(9_000_00)))
    return make.actor("director2"), fund.release(payment, 8_000_00)


@scene(must.NOT_REVIEWED, Action.FUND_ACQUIT)
def _it_was_reviewed() -> Standing:
    return make.actor("monitor"), payment_of(acquitted(fund.committed()))


@scene(must.NEEDS_DECLARATION, Action.FUND_DECLARE_SPENT)
def _a_document_accounts_for_it() -> Standing:
    return make.actor("director"), _accounted("monitor")


@scene(must.DID_NOT_RECORD, Action.FUND_DECLARE_SPENT)
def _who_recorded_it_would_declare_it() -> Standing:
    return make.actor("monitor"), _endangering("monitor")


@scene(must.IS_ACCOUNTED_FOR, Action.FUND_REVIEW)
def _nothing_accounts_for_it() -> Standing:
    return make.actor("fund"), fund.receive(payment_of(fund.paid()))


@scene(must.HAS_ARRIVED, Action.FUND_REVIEW)
def _nobody_heard_that_it_arrived() -> Standing:
    return make.actor("fund"), _accounted("monitor")


@scene(must.IS_DECLARED, Action.FUND_REVIEW)
def _nobody_declared_it() -> Standing:
    return make.actor("fund"), fund.receive(_endangering("monitor"))


@scene(must.DID_NOT_RECORD, Action.FUND_REVIEW)
def _who_recorded_it_would_review_it() -> Standing:
    return make.actor("fund"), fund.receive(_accounted("fund"))


@scene(must.DID_NOT_DECLARE, Action.FUND_REVIEW)
def _who_declared_it_would_review_it() -> Standing:
    payment = fund.receive(_endangering("monitor"))
    acquittals.declare_spent(make.actor("fund"), payment, fund.seen(payment))
    return make.actor("fund"), payment


@scene(must.HAS_NOT_LEFT, Action.FUND_REVEAL, Action.FUND_DROP)
def _it_left_and_was_recorded_wrongly() -> Standing:
    payment = payment_of(fund.paid())
    entries = select(Transaction).where(Transaction.payment_id == payment.id)
    fund.take_back(session().scalars(entries).one())
    return make.actor("finance"), payment


def _coming_back(login: str = "monitor") -> Payment:
    """Return a payment of which finance has still to see what came back."""
    payment = fund.receive(_accounted(login, spent=70_00, returned=30_00))
    acquittals.review(
        make.actor("fund2" if login == "fund" else "fund"), payment, fund.seen(payment)
    )
    return payment


@scene(must.CAN_BE_RETURNED, Action.FUND_ACCOUNT_RETURN)
def _its_account_is_settled() -> Standing:
    payment = _coming_back()
    fund.back(payment)
    return make.actor("fund"), payment


@scene(must.IS_COMING_BACK, Action.FUND_BACK)
def _nothing_came_back() -> Standing:
    return make.actor("finance"), payment_of(acquitted(fund.committed()))


@scene(must.DID_NOT_RECORD, Action.FUND_ACCOUNT_RETURN)
def _who_recorded_it_would_return_it() -> Standing:
    return make.actor("fund"), _accounted("fund")


@scene(must.DID_NOT_RECORD, Action.FUND_BACK)
def _who_recorded_it_would_see_the_money() -> Standing:
    return _also_finance("fund"), _coming_back("fund")
