"""An act of the fund that is sent again and says something else is never dropped, nor written over.

Two tabs, two numbers of a transfer: the second one is a conflict, and the person is told.
"""

import ast
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import reversals, witnesses
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import commitments, ending, grants
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    BookDraft,
    ComplaintDraft,
    DonorDraft,
    GrantDraft,
    GrantEndDraft,
    LineDraft,
    ReceiptDraft,
    ReleaseDraft,
    ReversalDraft,
)
from hrdtracker.fund.model import Booking, DonorGrant, Payment, ReversalKind, Transaction
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make
from tests.architecture.source import called, functions, modules

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
Says = Callable[[str], object]
KEY = UUID(int=7)


class Tab(NamedTuple):
    """An act as a form sends it: by the version and under the key with which it was opened."""

    name: str
    opened: Callable[[], Says]
    """Opens the form; what it returns sends it, with some words in it."""


def _sending(words: str) -> Sending:
    return Sending(KEY, words)


def _received() -> Payment:
    (payment,) = payments_of(fund.paid())
    return fund.receive(payment)


def _slip(payment: Payment, words: str, back: int = 0) -> AcquittalDraft:
    return AcquittalDraft(payment.amount - back, back, "transfer_slip", words, fund.today())


def _coming_back() -> Payment:
    payment = _received()
    acquittals.acquit(
        make.actor("monitor"), payment, _slip(payment, "No. 1", 30_00), fund.seen(payment)
    )
    return payment


def _release() -> Says:
    payment, finance = fund.prepared(fund.committed()), make.actor("finance")
    version, today = payment.version, fund.today()
    return lambda words: payments.release(finance, payment, ReleaseDraft(today, words), version)


def _receive() -> Says:
    (payment,) = payments_of(fund.paid())
    director, version = make.actor("director"), payment.version
    channel = {"one": "phone", "two": "signal"}
    return lambda words: payments.receive(
        director, payment, ReceiptDraft(fund.today(), channel[words]), version
    )


def _check() -> Says:
    request, monitor = fund.committed(), make.actor("monitor")
    one, version = instalments_of(request)[0].uid, request.version
    return lambda words: payments.check(
        monitor, request, one, still_there=True, still_needed=words == "one", version=version
    )


def _acquit() -> Says:
    payment, monitor = _received(), make.actor("monitor")
    return lambda words: acquittals.acquit(monitor, payment, _slip(payment, words), 0)


def _return() -> Says:
    payment, officer = _coming_back(), make.actor("fund")
    return lambda words: acquittals.return_account(officer, payment, words, 1)


def _back() -> Says:
    payment, finance = _coming_back(), make.actor("finance")
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    return lambda words: acquittals.confirm_back(
        finance, payment, BackDraft(fund.today(), words), 2
    )


def _outcome() -> Says:
    request, director = fund.paid(), make.actor("director")
    return lambda words: acquittals.record_outcome(director, request, "yes", words)


def _complain() -> Says:
    request, director = fund.paid(), make.actor("director")
    return lambda words: acquittals.complain(
        director, request, ComplaintDraft("cut", words, _sending(words))
    )


def _reverse() -> Says:
    payment = payments_of(fund.paid())[0]
    entry = session().scalars(select(Transaction).where(Transaction.payment_id == payment.id)).one()
    finance, seen = make.actor("finance"), make.user("auditor").uid
    return lambda words: reversals.reverse(
        finance,
        make.organisation(),
        entry.uid,
        ReversalDraft(ReversalKind.MISTYPED, words, seen, sending=_sending(words)),
    )


def _ask_another() -> Says:
    fund.paid()
    booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    entry = fund.take_back(session().scalars(booked).one(), ReversalKind.NEVER_LEFT)
    seen = {"one": make.user("director2").uid, "two": make.user("national").uid}
    return lambda words: witnesses.ask_another(
        make.actor("finance"), make.organisation(), entry.uid, seen[words], _sending(words)
    )


def _book() -> Says:
    amount = {"one": 7_00, "two": 77_00}
    return lambda words: books.book(
        make.actor("finance"),
        make.organisation(),
        BookDraft(Booking.FEE, amount[words], "USD", fund.today(), sending=_sending(words)),
    )


def _commit() -> Says:
    request, officer = fund.approved(), make.actor("fund")
    lines = {"one": fund.line().uid, "two": fund.line().uid}
    version = request.version
    return lambda words: commitments.commit(officer, request, lines[words], version)


def _move() -> Says:
    request, officer = fund.committed(), make.actor("fund")
    lines = {"one": fund.line().uid, "two": fund.line().uid}
    version = request.version
    return lambda words: commitments.move(officer, request, lines[words], words, version)


def _cancel() -> Says:
    request, officer = fund.committed(), make.actor("fund")
    version = request.version
    return lambda words: commitments.cancel(officer, request, words, version)


def _cover() -> Says:
    payment = fund.release(fund.prepared(fund.committed(100_00, fund.line(500_00))), 130_00)
    officer, version = make.actor("fund"), payment.version
    return lambda words: commitments.cover(officer, payment, words, version)


def _end() -> Says:
    grant, officer = fund.grant(), make.actor("fund")
    version = grant.version
    return lambda words: ending.end_grant(
        officer, grant, GrantEndDraft(fund.today(), words), version
    )


def _change() -> Says:
    grant, officer = fund.grant(), make.actor("fund")
    version = grant.version
    return lambda words: grants.change_grant(officer, grant, _as(grant, words), version)


def _as(grant: DonorGrant, words: str) -> GrantDraft:
    return GrantDraft(
        grant.code, grant.starts_on, grant.ends_on, grant.currency, grant.total, reference=words
    )


def _donor() -> Says:
    return lambda words: grants.add_donor(
        make.actor("fund"), make.organisation(), DonorDraft("D-9", words, _sending(words))
    )


def _line() -> Says:
    grant = fund.grant()
    return lambda words: grants.add_line(
        make.actor("fund"), grant, LineDraft("L9", words, 1, _sending(words))
    )


TABS = (
    Tab("release", _release), Tab("receive", _receive), Tab("check", _check),
    Tab("acquit", _acquit), Tab("return_account", _return), Tab("confirm_back", _back),
    Tab("record_outcome", _outcome), Tab("complain", _complain), Tab("reverse", _reverse),
    Tab("ask_another", _ask_another),
    Tab("book", _book), Tab("commit", _commit), Tab("move", _move), Tab("cancel", _cancel),
    Tab("cover", _cover), Tab("end_grant", _end), Tab("change_grant", _change),
    Tab("add_donor", _donor), Tab("add_line", _line),
)  # fmt: skip
NOTHING_SAID = {
    "prepare": "what is paid stands in the instalment",
    "drop": "a button",
    "reveal": "only shows",
    "answer": "another word than the first is refused: see test_fund_witnesses",
    "declare_spent": "a button, on the account that was seen: see test_fund_returned",
    "review": "a button, on the account that was seen: see test_fund_returned",
    "close": "a button",
    "answer_complaint": "an answer may be written anew",
    "close_month": "a month is closed once",
    "record_export": "only noted",
    "set_grant_state": "a button",
    "add_grant": "like the donor and the line",
}
"""Acts that say nothing that could be said otherwise, with the reason."""


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_who_says_something_else_in_a_second_tab_is_told_and_changes_nothing(tab: Tab) -> None:
    sends = tab.opened()
    sends("one")
    session().rollback()
    with pytest.raises(DomainError):
        sends("two")


def test_every_act_about_money_is_tried_or_says_nothing() -> None:
    found = {
        name
        for folder in ("payments", "books", "budget")
        for module in modules(f"hrdtracker/fund/{folder}")
        for name, function in functions(module)
        if any(called(node) == "authorised" for node in ast.walk(function))
    }
    assert found == {tab.name for tab in TABS} | NOTHING_SAID.keys()
