"""Who is named as having seen a reversal says whether they did: the colleague’s own word."""

from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User
from hrdtracker.accounts.assignments import actor_of, candidates
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books.reversals import (
    ask_witness,
    book_opposite,
    can_be_reversed,
    check_not_shut_out,
    replace,
    witness_of,
)
from hrdtracker.fund.model import Booking, ReversalKind, Transaction, Voucher
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

SAID = (
    "organisation_id", "scope_id", "payment_id", "data_key_id", "kind", "reason", "back_on",
    "proof",
)  # fmt: skip
"""What is said of an entry stays the same, whoever is asked about it."""
NOTHING_TO_SEE = N_("A colleague has confirmed it already, or there is nothing to confirm now.")
TOO_LATE = N_("This payment was received or reversed meanwhile, so it cannot count as never left.")


def answer(actor: Actor, voucher: Voucher, version: int, *, witnessed: bool) -> None:
    """Keep whether the named colleague saw what a reversal says; the same word again holds.

    That a payment never left is booked by it, in the name of whoever wrote it, unless somebody else
    was asked since: then the word is kept, and books nothing. A no is told to those who read the
    books. Raises WrongStatus, and Stale where it was written anew meanwhile.
    """
    with authorised(actor, Action.FUND_WITNESS, on=voucher):
        if voucher.witnessed is witnessed:
            return
        if voucher.witnessed is not None or voucher.version != version:
            raise Stale
        entry = session().get_one(Transaction, voucher.transaction_id)
        if witnessed and entry.booking == Booking.PAYMENT and voucher.replaced_at is None:
            entry = _book(voucher, entry)
        voucher.witnessed, voucher.witnessed_at = witnessed, clock.now()
        session().flush()
        if not witnessed:
            able = candidates(actor.organisation_id, Action.FUND_LEDGER_READ)
            tell({each.id for each in able} - {actor.id}, NoticeKind.NOT_SEEN, entry)


def can_ask_another(entry: Transaction) -> bool:
    """Tell whether somebody else can be asked, too, whether they saw the reversal of an entry."""
    return _unconfirmed(entry) is not None


@idempotent
def ask_another(
    actor: Actor, organisation: Organisation, uid: UUID, seen_by: UUID | None, sending: Sending
) -> Transaction:
    """Ask another colleague whether they saw why an entry is reversed; return the entry.

    Whoever was asked before stays on record, with what they said. Raises NotFound, Refused, and
    WrongStatus where that is confirmed, or where nothing is to be confirmed.
    """
    with authorised(actor, Action.FUND_REVERSE, within=organisation, sending=sending) as signature:
        query = select(Transaction).where(
            Transaction.uid == uid, Transaction.organisation_id == organisation.id
        )
        entry = session().scalar(query)
        if entry is None:
            raise NotFound
        before = _unconfirmed(entry)
        if before is None:
            raise WrongStatus(NOTHING_TO_SEE)
        check_not_shut_out(actor, entry)
        witness = witness_of(actor, entry, seen_by)
        ring().load([before.data_key_id])
        said = {name: getattr(before, name) for name in SAID}
        replace(before)
        anew = Voucher(**said)
        ask_witness(actor, anew, entry, witness)
        signature.about(entry)
    return entry


def _unconfirmed(entry: Transaction) -> Voucher | None:
    """Return why an entry is reversed, or is to be, where no colleague has confirmed that."""
    stands = Voucher.transaction_id == entry.id, Voucher.kind.is_not(None), Voucher.stands()
    open_ = Voucher.witnessed.is_not(True)
    voucher = session().scalar(select(Voucher).where(*stands, open_))
    if entry.booking == Booking.PAYMENT and not can_be_reversed(entry):
        return None  # it arrived meanwhile: it counts for nothing
    return voucher


def _book(voucher: Voucher, entry: Transaction) -> Transaction:
    """Book that a payment never left, and let the voucher stand beside that."""
    if not can_be_reversed(entry):
        raise WrongStatus(TOO_LATE)
    writer = actor_of(session().get_one(User, voucher.written_by_id))
    ring().load([voucher.data_key_id])
    kind, reason = ReversalKind(voucher.kind or ""), voucher.reason or ""
    opposite = book_opposite(writer, entry, kind, reason)
    voucher.transaction_id = opposite.id
    return opposite
