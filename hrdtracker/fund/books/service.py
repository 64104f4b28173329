"""Keeping the books: money that came, fees, cash fetched; months closed."""

from datetime import date

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.budget.grant_choice import chosen_grant
from hrdtracker.fund.drafts.money import BookDraft
from hrdtracker.fund.ledger import (
    Leg,
    TransactionContext,
    alone_in_the_books,
    check_is_open,
    post,
    postings_of,
)
from hrdtracker.fund.model import (
    Booking,
    ClosedMonth,
    LedgerAccount,
    Posting,
    Transaction,
    Voucher,
)

DONORS = (Booking.INCOME, Booking.REFUND)
"""What came from a donor, and what went back."""
OTHER_CURRENCY = N_(
    "This grant is in %(currency)s: book what the donor sent in %(currency)s, not what the bank "
    "made of it. In another currency it would count nowhere."
)
GIVEN_BACK = N_(
    "Some of this money was given back to the donor since. If that is wrong, too, reverse it first."
)


@idempotent
def book(actor: Actor, organisation: Organisation, draft: BookDraft) -> Transaction:
    """Book money that moved outside a request; raises Refused, WrongStatus in a closed month."""
    with authorised(
        actor, Action.FUND_BOOK, within=organisation, sending=draft.sending
    ) as signature:
        if draft.on > today(organisation.id):
            raise Refused({"on": IN_FUTURE})
        legs = _legs(actor, draft)
        if draft.booking == Booking.REFUND:
            _check_refund(organisation.id, legs[0])
        transaction = post(actor, TransactionContext(draft.booking, draft.on), legs)
        if draft.booking == Booking.REFUND:
            _keep_proof(actor, organisation, transaction, draft.proof)
        signature.about(transaction)
    return transaction


def close_month(actor: Actor, organisation: Organisation, until: date) -> ClosedMonth:
    """Close the books up to and with the last day of a month that has ended."""
    with authorised(actor, Action.FUND_MONTH_CLOSE, within=organisation) as signature:
        alone_in_the_books(organisation.id)
        if date.fromordinal(until.toordinal() + 1).day != 1:
            raise Refused({"until": N_("A month is closed on its last day.")})
        if until >= today(organisation.id):
            raise Refused({"until": N_("This month has not ended.")})
        check_is_open(organisation.id, until)
        month = ClosedMonth(
            organisation_id=organisation.id,
            until=until,
            closed_at=clock.now(),
            closed_by_id=actor.id,
        )
        session().add(month)
        session().flush()
        signature.about(month)
    return month


def record_export(actor: Actor, organisation: Organisation) -> None:
    """Put on the trail that somebody exports the books or a report, before they have it."""
    with authorised(actor, Action.FUND_EXPORT, within=organisation):
        pass


def _legs(actor: Actor, draft: BookDraft) -> list[Leg]:
    grant = chosen_grant(actor, draft.grant)
    if grant is not None and draft.booking in DONORS and draft.currency != grant.currency:
        raise Refused({"currency": Message(OTHER_CURRENCY, {"currency": grant.currency})})
    grant_id = grant.id if grant is not None else None
    debit, credit = {
        Booking.INCOME: (LedgerAccount.BANK, LedgerAccount.INCOME),
        Booking.REFUND: (LedgerAccount.INCOME, LedgerAccount.BANK),
        Booking.FEE: (LedgerAccount.FEES, LedgerAccount.BANK),
        Booking.TRANSFER: (LedgerAccount.CASH, LedgerAccount.BANK),
    }[draft.booking]
    if draft.booking == Booking.TRANSFER and not draft.to_cash:
        debit, credit = credit, debit
    return [
        Leg(debit, draft.amount, draft.currency, grant_id=grant_id),
        Leg(credit, -draft.amount, draft.currency, grant_id=grant_id),
    ]


def _check_refund(organisation_id: int, leg: Leg) -> None:
    """Refuse to give back more than a donor gave: that is a zero too many. Inside an open door."""
    if leg.amount > _given(organisation_id, leg.grant_id, leg.currency):
        raise Refused({"amount": N_("More than this donor gave.")})


def check_not_given_back(entry: Transaction) -> None:
    """Refuse to reverse income that was given back to its donor since; raises WrongStatus.

    Inside an open door.
    """
    for posting in postings_of(entry):
        if posting.account == LedgerAccount.INCOME and -posting.amount > _given(
            entry.organisation_id, posting.grant_id, posting.currency
        ):
            raise WrongStatus(GIVEN_BACK)


def _given(organisation_id: int, grant_id: int | None, currency: str) -> int:
    """Return what a donor gave and does not have back.

    Nobody books beside it until this act ends: two refunds at once would each find the whole of it.
    """
    alone_in_the_books(organisation_id)
    income = select(func.sum(-Posting.amount)).where(
        Posting.grant_id == grant_id,
        Posting.account == LedgerAccount.INCOME,
        Posting.currency == currency,
    )
    return session().scalar(income) or 0


def _keep_proof(
    actor: Actor, organisation: Organisation, transaction: Transaction, proof: str
) -> None:
    ring().load([organisation.data_key_id])
    session().add(
        Voucher(
            data_key_id=organisation.data_key_id,
            organisation_id=organisation.id,
            transaction_id=transaction.id,
            written_by_id=actor.id,
            written_at=clock.now(),
            proof=proof.strip(),
        )
    )
