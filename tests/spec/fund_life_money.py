"""What happens to the money in the fund’s life: promised, paid, accounted for, taken back."""

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books import witnesses
from hrdtracker.fund.budget import commitments, ending, grants
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    BookDraft,
    GrantEndDraft,
    PromiseFate,
    ReceiptDraft,
    ReleaseDraft,
)
from hrdtracker.fund.model import (
    Booking,
    DonorGrant,
    GrantState,
    Payment,
    ReversalKind,
    Transaction,
    Voucher,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make
from tests.spec.fund_life import WHO, LifeBegun

people = st.sampled_from(WHO)
"""Everybody tries everything; what they may not is refused, and changes nothing."""


class LifeOfMoney(LifeBegun):
    """Everybody promises, prepares, releases, accounts for and takes back money."""

    @rule(who=people, line=st.integers(0, 1))
    def commit(self, who: str, line: int) -> None:
        request, where = self.request, self.lines[line].uid
        self.tries(lambda: commitments.commit(self.actors[who], request, where, request.version))

    @rule(who=people, line=st.integers(0, 1))
    def move(self, who: str, line: int) -> None:
        request, where = self.request, self.lines[line].uid
        self.tries(lambda: commitments.move(self.actors[who], request, where, "x", request.version))

    @rule(who=people)
    def cancel(self, who: str) -> None:
        request = self.request
        self.tries(lambda: commitments.cancel(self.actors[who], request, "x", request.version))

    @rule(who=people, number=st.integers(0, 1), needed=st.booleans())
    def prepare(self, who: str, number: int, needed: bool) -> None:  # noqa: FBT001
        request, found = self.request, instalments_of(self.request)
        if not found:  # a plan has none
            return
        one = found[number % len(found)].uid
        self.tries(
            lambda: payments.check(
                self.actors["monitor"],
                request,
                one,
                still_there=True,
                still_needed=needed,
                version=request.version,
            )
        )
        self.tries(lambda: payments.prepare(self.actors[who], request, one, Sending(uuid4())))

    @rule(who=people, number=st.integers(0, 1), more=st.sampled_from([0, 0, 5_00]))
    def release(self, who: str, number: int, more: int) -> None:
        def act(payment: Payment) -> None:
            amount = payment.amount + more
            told = ReleaseDraft(fund.today(), "x", amount, again=amount)
            payments.release(self.actors[who], payment, told, payment.version)

        self.pays(number, act)

    @rule(number=st.integers(0, 1), kind=st.sampled_from(ReversalKind), again=st.booleans())
    def take_back(self, number: int, kind: ReversalKind, again: bool) -> None:  # noqa: FBT001
        def act(payment: Payment) -> None:
            entry = self._entry(payment)
            if entry is not None:
                fund.take_back(entry, kind)

        self.pays(number, act)
        if again:
            self.bear_witness("auditor", witnessed=True)
            self.release("finance", number, 0)

    @rule(who=people, witnessed=st.booleans())
    def bear_witness(self, who: str, witnessed: bool) -> None:  # noqa: FBT001
        """Say whether one saw what is reversed; only whoever is named may."""
        waits = select(Voucher).where(Voucher.witnessed.is_(None)).order_by(Voucher.id.desc())
        voucher = session().scalars(waits).first()
        if voucher is not None:
            actor, seen = self.actors[who], voucher.version
            self.tries(lambda: witnesses.answer(actor, voucher, seen, witnessed=witnessed))

    def _entry(self, payment: Payment) -> Transaction | None:
        query = select(Transaction).where(
            Transaction.payment_id == payment.id, Transaction.booking == "payment"
        )
        return session().scalar(query.order_by(Transaction.id.desc()).limit(1))

    @rule(who=people, number=st.integers(0, 1))
    def receive(self, who: str, number: int) -> None:
        told = ReceiptDraft(fund.today(), "phone")
        self.pays(number, lambda one: payments.receive(self.actors[who], one, told, one.version))

    @rule(who=people, number=st.integers(0, 1), back=st.integers(0, 3))
    def account(self, who: str, number: int, back: int) -> None:
        def act(payment: Payment) -> None:
            told = AcquittalDraft(
                payment.amount - back, back, "transfer_slip", "1", fund.today() - timedelta(days=1)
            )
            acquittals.acquit(self.actors["monitor"], payment, told, fund.seen(payment))
            acquittals.review(self.actors[who], payment, fund.seen(payment))

        self.pays(number, act)

    @rule(who=people, number=st.integers(0, 1))
    def return_the_account(self, who: str, number: int) -> None:
        self.pays(
            number, lambda it: acquittals.return_account(self.actors[who], it, "x", fund.seen(it))
        )

    @rule(who=people, number=st.integers(0, 1))
    def confirm_back(self, who: str, number: int) -> None:
        told = BackDraft(fund.today(), "x")
        self.pays(
            number, lambda it: acquittals.confirm_back(self.actors[who], it, told, fund.seen(it))
        )

    @rule(who=people, number=st.integers(0, 1))
    def cover(self, who: str, number: int) -> None:
        self.pays(number, lambda one: commitments.cover(self.actors[who], one, "x", one.version))

    @rule(who=people, line=st.integers(0, 1), fate=st.sampled_from(PromiseFate))
    def end_the_grant(self, who: str, line: int, fate: PromiseFate) -> None:
        grant = session().get_one(DonorGrant, self.lines[line].grant_id)
        told = GrantEndDraft(fund.today(), "x", {self.request.uid: fate}, self.lines[1 - line].uid)
        self.tries(lambda: ending.end_grant(self.actors[who], grant, told, grant.version))
        if grant.state == GrantState.TERMINATED:
            grants.set_grant_state(self.actors["fund"], grant, GrantState.ACTIVE, grant.version)

    @rule(line=st.integers(0, 1), booking=st.sampled_from([Booking.INCOME, Booking.REFUND]))
    def move_money_of_the_donor(self, line: int, booking: Booking) -> None:
        grant = session().get_one(DonorGrant, self.lines[line].grant_id).uid
        told = BookDraft(booking, 10_00, "USD", fund.today(), grant, proof="x")
        self.tries(lambda: books.book(self.actors["finance"], make.organisation(), told))

    @rule(who=people)
    def end(self, who: str) -> None:
        request = self.request
        self.tries(lambda: acquittals.record_outcome(self.actors[who], request, "yes", ""))
        self.tries(lambda: acquittals.close(self.actors[who], request, request.version))
