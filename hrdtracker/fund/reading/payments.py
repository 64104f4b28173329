"""One payment as whoever releases it sees it: code, amount, line and method, not the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    ExchangeRate,
    Payment,
    PaymentStatus,
    ReversalKind,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments.acquittals import acquittal_of, version_of
from hrdtracker.fund.payments.service import prepared_amount
from hrdtracker.fund.reading.money import payment
from hrdtracker.fund.reading.reversals import (
    PastPayment,
    ReversalReason,
    accounts_taken_back,
    past_payments,
    said_never_to_have_left,
)
from hrdtracker.fund.rules.rates import charge_rate
from hrdtracker.fund.workflow import PAYMENT

ACTS = (
    Action.FUND_REVEAL, Action.FUND_RELEASE, Action.FUND_DROP, Action.FUND_BACK,
    Action.FUND_ACCOUNT_RETURN,
)  # fmt: skip


@dataclass(frozen=True)
class PaymentPage:
    """A payment with its line, the rate at which it is charged, and what the reader may do.

    `hinders` is why this reader cannot release it now although the role could.
    """

    payment: Payment
    amount: Money
    prepared: Money
    charged: Money | None
    over: Money | None
    line_code: str
    grant_code: str
    grant_currency: str
    rate: ExchangeRate | None
    may: frozenset[Action]
    hindered: Mapping[Action, str]
    """What the reader’s role allows and cannot be done now, and why."""
    hinders: str | None
    unshown: str | None
    """Why the reader, who can release it, is not shown how it is paid."""
    proof: str | None
    """What shows that it left; None while it has not."""
    day_reason: str | None
    """Why it left on a day that was asked about."""
    past: Sequence[PastPayment]
    """What had left and was reversed."""
    taken_back: Sequence[tuple[Money, datetime]]
    """How much of it was accounted for until it was reversed, and since when that is taken back."""
    never_left: ReversalReason | None
    """What finance says, and its witness has not confirmed: that it never left."""
    back: Money | None
    """What is said to have come back."""
    back_on: date | None
    """Since when it is there."""
    is_returned: bool
    """Whether the account was returned, and waits for whoever recorded it."""
    entry: UUID | None
    """The entry that booked it, for a reader of the books."""
    account_version: int
    details: str | None = None
    """How somebody is paid, where the reader has just asked for it."""
    question: str | None = None
    """What is asked again, where more is typed than was prepared."""
    typed: Sequence[tuple[str, str]] = ()
    """What was sent too late: labels and values, where there is no form for it any more."""

    @property
    def changes_money(self) -> bool:
        """Tell whether it is paid in another currency than the grant's."""
        return self.payment.currency != self.grant_currency

    @property
    def has_left(self) -> bool:
        """Tell whether its money left already, and was only recorded wrongly."""
        waits = self.payment.status == PaymentStatus.PREPARED
        return waits and any(past.kind == ReversalKind.MISTYPED for past in self.past)


def payment_page(actor: Actor, uid: UUID) -> PaymentPage:
    """Return a payment that the actor may see; raises NotFound."""
    shown = payment(actor, uid)
    query = select(BudgetLine.code, DonorGrant).join(
        DonorGrant, DonorGrant.id == BudgetLine.grant_id
    )
    code, grant = session().execute(query.where(BudgetLine.id == shown.line_id)).one()
    account = acquittal_of(shown)
    charged, offer = shown.charged, PAYMENT.offers(actor, ACTS, shown)
    hindered = offer.hindered if shown.status == PaymentStatus.PREPARED else {}
    return PaymentPage(
        payment=shown,
        amount=Money(shown.amount, shown.currency),
        prepared=prepared_amount(shown),
        charged=None if charged is None else Money(charged, grant.currency),
        over=Money(shown.over, grant.currency) if shown.over else None,
        line_code=code,
        grant_code=grant.code,
        grant_currency=grant.currency,
        rate=_rate(shown, grant),
        may=offer.may,
        hindered=offer.hindered,
        hinders=hindered.get(Action.FUND_RELEASE),
        unshown=hindered.get(Action.FUND_REVEAL),
        proof=proof_of(shown),
        past=past_payments([shown]),
        taken_back=_taken_back(shown),
        never_left=said_never_to_have_left(actor, shown),
        back=Money(account.returned, shown.currency) if account and account.returned else None,
        back_on=account.back_on if account else None,
        is_returned=account is not None and account.sent_back_at is not None,
        entry=_entry(actor, shown),
        account_version=version_of(account),
        day_reason=shown.day_reason if shown.paid_on else None,
    )


def _taken_back(payment: Payment) -> list[tuple[Money, datetime]]:
    rows = accounts_taken_back([payment]).get(payment.id, ())
    return [
        (Money(row.spent, payment.currency), row.withdrawn_at)
        for row in rows
        if row.withdrawn_at is not None
    ]


def _entry(actor: Actor, payment: Payment) -> UUID | None:
    if payment.paid_on is None or not policy.could(actor, Action.FUND_LEDGER_READ):
        return None
    booked = select(Transaction.uid).where(
        Transaction.payment_id == payment.id, Transaction.booking == Booking.PAYMENT
    )
    return session().scalars(booked.order_by(Transaction.id.desc()).limit(1)).first()


def proof_of(payment: Payment) -> str | None:
    """Return what shows that a payment left, to whoever may see the payment; None before."""
    if payment.paid_on is None:
        return None
    ring().load([payment.data_key_id])
    return payment.proof


def _rate(payment: Payment, grant: DonorGrant) -> ExchangeRate | None:
    """Return the rate that was used, or would be today; None without one or without need."""
    if payment.rate_id is not None:
        return session().get_one(ExchangeRate, payment.rate_id)
    if payment.currency == grant.currency:
        return None
    request = session().get_one(SupportRequest, payment.request_id)
    try:
        return charge_rate(payment, request, grant, today(payment.organisation_id))
    except WrongStatus:
        return None
