"""What an act of the fund changes waits for whoever changes it now: the part before the whole."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import UserState
from hrdtracker.accounts import proposals
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.locks import Queue, turn
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import commitments, ending
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.disclosures import service as disclosures
from hrdtracker.fund.drafts.money import BookDraft, GrantEndDraft, PromiseFate, ReportDraft
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import (
    Booking,
    Capacity,
    Delegation,
    DonorGrant,
    ReversalKind,
    Transaction,
)
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.rules import settings
from tests import fund, fund_plans, make
from tests.two_people import waiting

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.usefixtures("unit")]
LOCKED = re.compile(r"FROM (\w+).*FOR NO KEY UPDATE", re.DOTALL)


def _sent(act: Callable[[], object]) -> list[str]:
    """Return what an act sends to the database."""
    sent: list[str] = []

    def note(*values: object) -> None:
        sent.append(str(values[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return sent


def _locks(act: Callable[[], object]) -> list[str]:
    """Return of which tables an act locks a row, in its order."""
    return [match[1] for statement in _sent(act) if (match := LOCKED.search(statement))]


def _named() -> Delegation:
    begins, to = clock.now() - timedelta(minutes=1), make.user("director2").uid
    draft = DelegationDraft(
        to, Capacity.OFFICER, begins, begins + timedelta(days=2), make.office(make.HERE).uid
    )
    return delegation.delegate(make.actor("fund"), make.organisation(), draft)


def _bring_to_an_end(left: Delegation) -> None:
    make.bring(make.user("director2"), UserState.LEFT)
    with authorised(make.actor("admin"), Action.USER_LEAVE, on=make.user("director2")):
        delegation.end_all_of(make.user("director2"))
    assert left.ends_at <= clock.now()


def test_a_stand_in_is_locked_by_whoever_confirms_or_ends_it() -> None:
    named, other = _named(), _named()
    proposal = waiting(named)
    confirmed = _locks(lambda: proposals.confirm(make.actor("admin2"), proposal))
    assert confirmed == ["proposal", "fund_delegation"]
    fund_officer, organisation = make.actor("fund"), make.organisation()
    ended = _locks(lambda: delegation.end_delegation(fund_officer, organisation, named.uid))
    assert ended == ["fund_delegation"]
    assert "fund_delegation" in _locks(lambda: _bring_to_an_end(other))


def test_the_settings_are_locked_by_whoever_confirms_others() -> None:
    draft = settings.FundSettingsDraft(officer_most=700_00)
    proposal = settings.change_settings(make.actor("admin"), make.organisation(), draft, 0)
    confirmed = _locks(lambda: proposals.confirm(make.actor("national"), proposal))
    assert confirmed == ["proposal", "fund_settings"]


def test_a_payment_and_then_its_request_are_locked_by_whoever_changes_either() -> None:
    both = ["payment", "support_request"]
    payment = fund.prepared(fund.committed(on=fund.line(500_00)))
    assert _locks(lambda: fund.release(payment, 130_00)) == both
    why = (payment, fund.WHY, payment.version)
    assert _locks(lambda: commitments.cover(make.actor("fund"), *why)) == both
    paid = session().scalars(select(Transaction).where(Transaction.booking == Booking.PAYMENT))
    entry = paid.one()
    assert _locks(lambda: fund.take_back(entry, ReversalKind.CAME_BACK)) == both
    again = fund.receive(fund.release(fund.prepared(fund.committed())))
    assert _locks(lambda: fund.account(again))[-2:] == both


def test_what_was_said_of_a_payment_is_locked_by_whoever_says_it_anew() -> None:
    fund.paid()
    paid = session().scalars(select(Transaction).where(Transaction.booking == Booking.PAYMENT))
    entry = paid.one()
    said = [_locks(lambda: fund.take_back(entry, ReversalKind.NEVER_LEFT)) for _ in range(2)]
    assert said == [[], ["ledger_voucher"]]


def test_a_plan_is_locked_by_whoever_draws_from_it() -> None:
    plan = fund_plans.approved(2, 50_00)
    case, monitor = session().get_one(Case, plan.case_id), make.actor("monitor")
    draw = requests.ask(monitor, case, fund.short(50_00, plan=plan.uid))
    both = ["support_request", "support_request"]
    assert _locks(lambda: requests.submit(monitor, draw, draw.version))[:2] == both


def test_all_promises_of_a_grant_and_then_their_lines_are_locked_by_whoever_ends_it() -> None:
    line, other, _third = (fund.line(500_00) for _ in range(3))
    fates = {fund.committed(100_00, line).uid: PromiseFate.MOVED for _ in range(2)}
    grant = session().get_one(DonorGrant, line.grant_id)
    draft = GrantEndDraft(fund.today(), fund.WHY, fates, other.uid)
    locks = _locks(lambda: ending.end_grant(make.actor("fund"), grant, draft, grant.version))
    assert locks == ["donor_grant", *["support_request"] * 2, *["budget_line"] * 2]


def _give_back(grant: DonorGrant, amount: int, booking: Booking = Booking.REFUND) -> None:
    draft = BookDraft(booking, amount, "USD", fund.today(), grant.uid, proof="Line 9")
    books.book(make.actor("finance"), make.organisation(), draft)


def _report(grant: DonorGrant) -> None:
    until = fund.today().replace(day=1) - timedelta(days=1)
    draft = ReportDraft(until.replace(day=1), until, grant.uid)
    disclosures.prepare_money(make.actor("finance"), make.organisation(), draft)


def test_nobody_books_beside_whoever_gives_money_back_or_tells_a_donor_of_it() -> None:
    grant = session().get_one(DonorGrant, fund.line().grant_id)
    alone = turn(Queue.BOOKS, b"%d" % make.organisation().id)
    assert alone not in _sent(lambda: _give_back(grant, 5_00, Booking.INCOME))
    assert alone in _sent(lambda: _give_back(grant, 5_00))
    assert alone in _sent(lambda: _report(grant))


def test_what_somebody_never_sent_is_locked_as_it_ends_with_them() -> None:
    request, author = fund.drafted(), make.user("monitor")
    with authorised(make.actor("admin"), Action.USER_LEAVE, on=author):
        assert _locks(lambda: requests.end_unsent_of(author)) == ["support_request"]
    assert request.status == "withdrawn"
