"""Every colleague who is asked whether they saw a reversal stays on record, with what they said."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role, UserState
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import reversals, witnesses
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import BookDraft, ReversalDraft
from hrdtracker.fund.model import (
    Booking,
    Payment,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.reading.reversals import (
    asked_of,
    past_payments,
    reason_of,
    said_never_to_have_left,
    unconfirmed,
    witnessed_entry,
)
from hrdtracker.fund.requests import conflicts
from hrdtracker.notices.queries import unseen
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
NEVER_LEFT, CAME_BACK = ReversalKind.NEVER_LEFT, ReversalKind.CAME_BACK
MISTYPED = ReversalKind.MISTYPED


def _reversed(kind: ReversalKind, seen_by: str = "director") -> Transaction:
    """Let finance write why a payment is reversed; return the entry beside which that stands."""
    fund.paid()
    booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    wrong = session().scalars(booked.order_by(Transaction.id.desc())).first()
    assert wrong is not None
    return fund.take_back(wrong, kind, seen_by=make.user(seen_by).uid)


def _standing() -> Voucher:
    stands = Voucher.kind.is_not(None), Voucher.stands()
    return session().scalars(select(Voucher).where(*stands)).one()


def _ask(entry: Transaction, whom: str, who: str = "finance") -> Voucher:
    seen_by = make.user(whom).uid
    finance, organisation = make.actor(who), make.organisation()
    witnesses.ask_another(finance, organisation, entry.uid, seen_by, Sending(uuid4()))
    stands = Voucher.transaction_id == entry.id, Voucher.stands()
    return session().scalars(select(Voucher).where(*stands)).one()


def _answer(voucher: Voucher, who: str, *, witnessed: bool) -> None:
    witnesses.answer(make.actor(who), voucher, voucher.version, witnessed=witnessed)


def _listed(login: str = "finance") -> list[object]:
    return [uid for uid, _ in unconfirmed(make.actor(login))]


@pytest.mark.parametrize("kind", list(ReversalKind))
def test_who_is_asked_next_reads_who_said_no_before_they_answer(kind: ReversalKind) -> None:
    entry = _reversed(kind)
    _answer(_standing(), "director", witnessed=False)
    second = _ask(entry, "national")
    page = witnessed_entry(make.actor("national"), second.uid)
    (before,) = page.earlier
    assert (before.seen_by, before.witnessed, page.is_asked) == ("Director", False, True)
    third = _ask(entry, "auditor")
    said = [row.witnessed for row in witnessed_entry(make.actor("auditor"), third.uid).earlier]
    assert said == [False, None]


@pytest.mark.parametrize("kind", list(ReversalKind))
def test_a_no_stands_on_the_entry_and_beside_the_payment_whoever_says_yes_after_it(
    kind: ReversalKind,
) -> None:
    entry = _reversed(kind)
    _answer(_standing(), "director", witnessed=False)
    _answer(_ask(entry, "national"), "national", witnessed=True)
    voucher = _standing()
    opposite = session().get_one(Transaction, voucher.transaction_id)
    assert opposite.booking == Booking.REVERSAL
    reason = reason_of(make.actor("auditor"), opposite)
    assert reason is not None
    assert [(row.seen_by, row.witnessed) for row in reason.earlier] == [("Director", False)]
    (past,) = past_payments([session().get_one(Payment, voucher.payment_id)])
    assert (past.witnessed, [row.witnessed for row in past.earlier]) == (True, [False])
    assert check_fund().faults == ()


def test_the_words_that_were_written_before_are_kept_with_the_no() -> None:
    entry = _reversed(NEVER_LEFT)
    _answer(_standing(), "director", witnessed=False)
    fund.take_back(entry, NEVER_LEFT, reason="The bank says so.", seen_by=make.user("national").uid)
    (request,) = session().scalars(select(SupportRequest))
    said = said_never_to_have_left(make.actor("finance"), payments_of(request)[0])
    assert said is not None
    assert (said.reason, said.waits) == ("The bank says so.", True)
    assert [(row.reason, row.witnessed) for row in said.earlier] == [(fund.WHY, False)]
    seen = reason_of(make.actor("auditor"), entry)
    assert seen is not None
    assert [(row.reason, row.witnessed) for row in seen.earlier] == [(None, False)]


def test_whoever_was_asked_first_still_says_no_and_books_nothing_by_a_yes() -> None:
    entry = _reversed(NEVER_LEFT)
    first = _standing()
    _ask(entry, "national")
    assert [uid for uid, _ in asked_of(make.actor("director"))] == [first.uid]
    page = witnessed_entry(make.actor("director"), first.uid)
    assert (page.is_asked, page.waits) == (True, False)
    _answer(first, "director", witnessed=True)
    (request,) = session().scalars(select(SupportRequest))
    assert request.status == "paid"
    assert not asked_of(make.actor("director"))
    _answer(_standing(), "national", witnessed=True)
    assert request.status == "committed"


def test_a_late_no_is_told_to_who_reads_the_books() -> None:
    entry = _reversed(NEVER_LEFT)
    first = _standing()
    _answer(_ask(entry, "national"), "national", witnessed=True)
    _answer(first, "director", witnessed=False)
    assert [told.kind for told in unseen(make.actor("auditor"))] == ["not_seen"]


@pytest.mark.parametrize("kind", list(ReversalKind))
def test_a_witness_who_left_is_on_the_list_of_finance_until_somebody_else_is_asked(
    kind: ReversalKind,
) -> None:
    entry = _reversed(kind)
    assert _listed() == []
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        make.user("director").state = UserState.LOCKED
    assert _listed() == [entry.uid]
    for login in ("fund", "national", "auditor", "admin"):
        assert _listed(login) == [], login
    _ask(entry, "national")
    assert _listed() == []


def test_a_witness_who_never_answers_is_on_the_list_of_finance_after_a_week() -> None:
    entry = _reversed(NEVER_LEFT)
    with clock.as_of(clock.now() + timedelta(days=8)):
        assert _listed() == [entry.uid]
        _ask(entry, "national")
        assert _listed() == []


def test_nobody_else_is_asked_once_it_is_confirmed_or_the_money_arrived() -> None:
    entry = _reversed(MISTYPED)
    _answer(_standing(), "director", witnessed=True)
    with pytest.raises(WrongStatus):
        _ask(entry, "national")
    other = _reversed(NEVER_LEFT)
    request = session().scalars(select(SupportRequest).order_by(SupportRequest.id.desc())).first()
    assert request is not None
    fund.receive(payments_of(request)[0], "national")
    with pytest.raises(WrongStatus):
        _ask(other, "national")
    assert _listed() == []


def test_nobody_asks_about_an_entry_that_nobody_reverses_or_that_is_not_there() -> None:
    fee = BookDraft(Booking.FEE, 5_00, "USD", fund.today())
    booked = books.book(make.actor("finance"), make.organisation(), fee)
    with pytest.raises(WrongStatus):
        _ask(booked, "national")
    with pytest.raises(NotFound):
        witnesses.ask_another(
            make.actor("finance"), make.organisation(), uuid4(), None, Sending(uuid4())
        )


def test_what_was_confirmed_at_the_same_moment_stands() -> None:
    _reversed(NEVER_LEFT)
    voucher = _standing()
    _answer(voucher, "director", witnessed=True)
    finance, organisation = make.actor("finance"), make.organisation()
    with (
        pytest.raises(Stale),
        authorised(finance, Action.FUND_REVERSE, within=organisation),
    ):
        reversals.replace(voucher)
    assert voucher.replaced_at is None


@pytest.mark.parametrize("who", ["fund", "director", "national", "auditor", "admin"])
def test_only_finance_asks_another(who: str) -> None:
    with pytest.raises(NotAllowed):
        _ask(_reversed(NEVER_LEFT), "director2", who)


@pytest.mark.parametrize("kind", [MISTYPED, CAME_BACK])
def test_whoever_released_or_wrote_it_is_not_asked_by_another_finance_officer(
    kind: ReversalKind,
) -> None:
    entry = _reversed(kind)
    make.role_given("director2", Role.FINANCE_OFFICER, make.office(make.HERE))
    assert "finance" not in {
        user.login for user in reversals.witnesses(make.actor("director2"), entry)
    }
    with pytest.raises(Refused):
        _ask(entry, "finance", "director2")


def _also_finance() -> Actor:
    make.role_given("director2", Role.FINANCE_OFFICER, make.office(make.HERE))
    return make.actor("director2")


def _booked(booking: Booking = Booking.FEE, **values: Any) -> Transaction:
    told = BookDraft(booking, 5_00, "USD", fund.today(), **values)
    return books.book(make.actor("finance"), make.organisation(), told)


def _reverse(actor: Actor, wrong: Transaction, kind: ReversalKind = MISTYPED) -> Transaction:
    draft = ReversalDraft(kind, fund.WHY, make.user("auditor").uid)
    return reversals.reverse(actor, make.organisation(), wrong.uid, draft)


def _may_have_seen(entry: Transaction, who: str = "finance") -> set[str]:
    return {user.login for user in reversals.witnesses(make.actor(who), entry)}


def test_whoever_wrote_a_reversal_is_no_witness_of_it_and_may_be_one_of_another() -> None:
    second, other = _also_finance(), _booked()
    opposite = _reverse(second, _booked())
    assert "director2" not in _may_have_seen(opposite)
    assert "director2" in _may_have_seen(other)


@pytest.mark.parametrize("kind", [NEVER_LEFT, MISTYPED])
def test_neither_who_released_a_payment_nor_who_wrote_why_it_is_reversed_is_a_witness_of_that(
    kind: ReversalKind,
) -> None:
    second = _also_finance()
    fund.paid()
    booked = session().scalars(select(Transaction).where(Transaction.booking == Booking.PAYMENT))
    entry = _reverse(second, booked.one(), kind)
    assert "director2" not in _may_have_seen(entry)
    assert "finance" not in _may_have_seen(entry, "director2")


def test_whoever_booked_what_was_given_back_may_have_seen_that_it_was_mistyped() -> None:
    _also_finance()
    grant = fund.grant().uid
    _booked(Booking.INCOME, grant=grant)
    refund = _booked(Booking.REFUND, grant=grant, proof="Line 9")
    assert "finance" in _may_have_seen(refund, "director2")


def test_what_is_asked_about_one_payment_leaves_what_is_asked_about_another() -> None:
    _reversed(NEVER_LEFT)
    first = _standing()
    reversed_too = _reversed(MISTYPED)
    assert first.replaced_at is None
    able = [witnesses.can_ask_another(entry) for entry in (reversed_too, _booked())]
    assert able == [True, False]


def test_a_form_that_asks_another_and_is_sent_twice_asks_once() -> None:
    entry, sending = _reversed(NEVER_LEFT), Sending(uuid4())
    about = make.organisation(), entry.uid, make.user("national").uid, sending
    first, again = (witnesses.ask_another(make.actor("finance"), *about) for _ in range(2))
    assert first.uid == again.uid
    assert len(asked_of(make.actor("national"))) == 1


def test_a_finance_officer_whom_the_case_shuts_out_neither_reverses_its_payment_nor_asks() -> None:
    """They know the people: with the yes of a colleague the money could leave to these again."""
    entry = _reversed(NEVER_LEFT)
    (request,) = session().scalars(select(SupportRequest))
    conflicts.declare(make.actor("director2"), request, knows=True, reason="A cousin.")
    make.role_given("director2", Role.FINANCE_OFFICER, make.office(make.HERE))
    told = ReversalDraft(NEVER_LEFT, reason=fund.WHY, seen_by=make.user("national").uid)
    with pytest.raises(NotAllowed):
        reversals.reverse(make.actor("director2"), make.organisation(), entry.uid, told)
    with pytest.raises(NotAllowed):
        _ask(entry, "national", "director2")
