"""What somebody sees to confirm, account for or review a payment: of the request only its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import Acquittal, Payment, SupportRequest
from hrdtracker.fund.payments.acquittals import accounts_for, acquittal_of
from hrdtracker.fund.reading.open_actions import known_of, possible, possible_on
from hrdtracker.fund.requests.content import items_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST

ARROWS = {step.action for step in PAYMENT.steps}
OF_REQUEST = {step.action for step in REQUEST.steps}


@dataclass(frozen=True)
class Followed:
    """A payment or a request for a page of one act; `opens`: its whole story is for the reader."""

    request: SupportRequest
    record: SupportRequest | Payment
    code: str
    opens: bool


@dataclass(frozen=True)
class FollowedPayment(Followed):
    """A payment with what accounts for it, and by what it may be accounted for."""

    payment: Payment
    held: Acquittal | None
    documents: Sequence[str]
    alternative: bool

    @property
    def amount(self) -> Money:
        """Return what was, or will be, paid."""
        return Money(self.payment.amount, self.payment.currency)


def request_for(actor: Actor, uid: UUID, action: Action) -> Followed:
    """Return a request on which the actor may do this now; raises NotFound, WrongStatus."""
    request = policy.fetch(actor, action, SupportRequest, uid)
    fits = action not in OF_REQUEST or action in REQUEST.open_to(request)
    if not fits or not possible(actor, request, frozenset({action}), known_of(request)):
        raise WrongStatus
    opens = policy.allows(actor, Action.FUND_REQUEST_READ, request)
    return Followed(request, request, request.code, opens)


def payment_for(actor: Actor, request_uid: UUID, uid: UUID, action: Action) -> FollowedPayment:
    """Return a payment to which the actor may do this now; raises NotFound, WrongStatus."""
    payment = policy.fetch(actor, action, Payment, uid)
    request = session().get_one(SupportRequest, payment.request_id)
    if request.uid != request_uid:
        raise NotFound
    held = acquittal_of(payment)
    fits = action not in ARROWS or action in PAYMENT.open_to(payment)
    if not fits or not possible_on(actor, payment, held, frozenset({action})):
        raise WrongStatus
    ring().load([payment.data_key_id])
    documents, alternative = accounts_for(items_of(request))
    return FollowedPayment(
        request=request,
        record=payment,
        code=payment.code,
        opens=policy.allows(actor, Action.FUND_REQUEST_READ, request),
        payment=payment,
        held=held,
        documents=documents,
        alternative=alternative,
    )
