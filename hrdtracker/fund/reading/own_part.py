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
from hrdtracker.fund.budget.commitments import line_by_id
from hrdtracker.fund.model import Acquittal, Payment, SupportRequest
from hrdtracker.fund.payments.acquittals import accounts_for, acquittal_of
from hrdtracker.fund.payments.service import prepared_amount
from hrdtracker.fund.requests.content import items_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST


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
    acquittal: Acquittal | None
    documents: Sequence[str]
    alternative: bool

    @property
    def amount(self) -> Money:
        """Return what was, or will be, paid."""
        return Money(self.payment.amount, self.payment.currency)

    @property
    def prepared(self) -> Money:
        """Return what was prepared of it, and so approved."""
        return prepared_amount(self.payment)

    @property
    def over(self) -> Money:
        """Return what of it lies beyond the commitment, in the currency of its grant."""
        _, grant = line_by_id(self.payment.line_id)
        return Money(self.payment.over, grant.currency)


def request_for(actor: Actor, uid: UUID, action: Action) -> Followed:
    """Return a request on which the actor may do this now; raises NotFound, WrongStatus."""
    request = policy.fetch(actor, action, SupportRequest, uid)
    offer = REQUEST.offers(actor, (action, Action.FUND_REQUEST_READ), request)
    if action not in offer.may:
        raise WrongStatus(offer.hindered[action])
    return Followed(request, request, request.code, Action.FUND_REQUEST_READ in offer.may)


def payment_for(actor: Actor, request_uid: UUID, uid: UUID, action: Action) -> FollowedPayment:
    """Return a payment to which the actor may do this now; raises NotFound, WrongStatus."""
    payment = policy.fetch(actor, action, Payment, uid)
    request = session().get_one(SupportRequest, payment.request_id)
    if request.uid != request_uid:
        raise NotFound
    offer = PAYMENT.offers(actor, (action,), payment)
    if action not in offer.may:
        raise WrongStatus(offer.hindered[action])
    ring().load([payment.data_key_id])
    documents, alternative = accounts_for(items_of(request))
    return FollowedPayment(
        request=request,
        record=payment,
        code=payment.code,
        opens=policy.allows(actor, Action.FUND_REQUEST_READ, request),
        payment=payment,
        acquittal=acquittal_of(payment),
        documents=documents,
        alternative=alternative,
    )
