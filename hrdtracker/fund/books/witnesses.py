"""Who is named as having seen a reversal says whether they did: the colleague’s own word."""

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts.assignments import actor_of, candidates
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.fund.books.reversals import book_opposite, can_be_reversed
from hrdtracker.fund.model import Booking, ReversalKind, Transaction, Voucher
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

TOO_LATE = N_("This payment was received or reversed meanwhile, so it cannot count as never left.")


def answer(actor: Actor, voucher: Voucher, version: int, *, witnessed: bool) -> None:
    """Keep whether the named colleague saw what a reversal says; the same word again holds.

    That a payment never left is booked by it, in the name of whoever wrote it. A no is told to
    those who read the books. Raises WrongStatus, and Stale where it was written anew meanwhile.
    """
    with authorised(actor, Action.FUND_WITNESS, on=voucher):
        if voucher.witnessed is witnessed:
            return
        if voucher.witnessed is not None or voucher.version != version:
            raise Stale
        entry = session().get_one(Transaction, voucher.transaction_id)
        if witnessed and entry.booking == Booking.PAYMENT:
            entry = _book(voucher, entry)
        voucher.witnessed, voucher.witnessed_at = witnessed, clock.now()
        session().flush()
        if not witnessed:
            able = candidates(actor.organisation_id, Action.FUND_LEDGER_READ)
            tell({each.id for each in able} - {actor.id}, NoticeKind.NOT_SEEN, entry)


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
