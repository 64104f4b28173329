"""The whole life of requests, in any order, by anybody: what must hold holds after every act."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, or_, select

from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments, ending, grants
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    BookDraft,
    GrantEndDraft,
    PromiseFate,
    ReceiptDraft,
    ReleaseDraft,
)
from hrdtracker.fund.drafts.requests import VerificationDraft
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    GrantState,
    Payment,
    ReversalKind,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.rules.settings import FundSettingsDraft
from hrdtracker.fund.workflow import ALIVE
from tests import fund, make
from tests.deep import usual_or_deep
from tests.spec.fund_life import (
    FAR,
    HOUSEHOLDS,
    PLACES,
    RUNS,
    STEPS,
    WHO,
    LifeBegun,
    household,
)

people = st.sampled_from(WHO)
"""Everybody tries everything; what they may not is refused, and changes nothing."""


class FundLife(LifeBegun):
    """Requests, plans and draws of one case, on one small line, in the hands of everybody."""

    @rule(who=people)
    def verify(self, who: str) -> None:
        told = VerificationDraft("x", "y", "z")
        request = self.request
        self.tries(lambda: decisions.verify(self.actors[who], request, told, request.version))

    @rule(who=people)
    def recommend(self, who: str) -> None:
        request = self.request
        self.tries(lambda: decisions.recommend(self.actors[who], request, "x", request.version))

    @rule(who=people)
    def recommend_in_order(self, who: str) -> None:
        self.verify(who)
        self.recommend(who)

    @rule(who=people)
    def approve(self, who: str) -> None:
        request = self.request
        self.tries(lambda: decisions.approve(self.actors[who], request, "x", request.version))

    @rule(who=people)
    def release_in_an_emergency(self, who: str) -> None:
        request = self.request
        self.tries(lambda: emergency.release(self.actors[who], request, "x", request.version))

    @rule(who=people, ratified=st.booleans())
    def ratify(self, who: str, ratified: bool) -> None:  # noqa: FBT001
        request = self.request
        version = request.version
        self.tries(
            lambda: emergency.ratify(
                self.actors[who], request, ratified=ratified, reason="x", version=version
            )
        )

    @rule(who=people)
    def return_it(self, who: str) -> None:
        request = self.request
        self.tries(
            lambda: decisions.return_request(self.actors[who], request, "x", request.version)
        )

    @rule(number=st.integers(0, 4))
    def draw(self, number: int) -> None:
        if self.plan is not None:
            self.begin_a_draw(number)

    @rule(who=people, luck=st.integers(0, 11))
    def give_up(self, who: str, luck: int) -> None:
        """End the plan, or take the request back; seldom, for nothing comes after."""
        request = self.request
        if luck == 0 and self.plan is not None:
            self.request = self.plan
            self.cancel(who)
        elif luck == 0:
            self.tries(lambda: requests.withdraw(self.actors[who], request, request.version))

    @rule(amount=st.sampled_from([60_00, 400_00]), halves=st.booleans())
    def correct(self, amount: int, halves: bool) -> None:  # noqa: FBT001
        request, told = self.request, self.told(amount, halves=halves)
        self.tries(lambda: requests.edit(self.actors["monitor"], request, told, request.version))
        self.tries(lambda: requests.submit(self.actors["monitor"], request, request.version))

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
            self.release("finance", number, 0)

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

    @rule(times=st.integers(1, 6))
    def go_on(self, times: int) -> None:
        """Do what comes next, as those who may: so that some requests come to their end."""
        for _ in range(times):
            self._go_on()

    @rule()
    def go_far(self) -> None:
        """Do so many things in order that a request is seen to be paid."""
        self.go_on(FAR)

    def _go_on(self) -> None:
        steps: dict[str, list[Callable[[], None]]] = {
            "returned": [lambda: self.correct(400_00, halves=True)],
            "submitted": [lambda: self.recommend_in_order("director")],
            "verifying": [lambda: self.recommend_in_order("director")],
            "recommended": [
                lambda: self.approve("fund"),
                lambda: self.approve("national"),
                lambda: self.approve("board"),
            ],
            "approved": [lambda: self.commit("fund", 0)],
            "committed": [lambda: self._pay(0)],
            "part_paid": [lambda: self._pay(0), lambda: self._pay(1)],
            "paid": [lambda: self._account(0), lambda: self._account(1)],
            "acquitted": [lambda: self.end("director"), lambda: self.end("fund")],
        }
        for step in steps.get(str(self.request.status), ()):
            step()

    def _pay(self, number: int) -> None:
        self.prepare("fund", number, needed=True)
        self.release("finance", number, 0)

    def _account(self, number: int) -> None:
        self.receive("national", number)
        self.account("fund", number, 1)
        self.confirm_back("finance", number)

    @rule(who=people)
    def end(self, who: str) -> None:
        request = self.request
        self.tries(lambda: acquittals.record_outcome(self.actors[who], request, "yes", ""))
        self.tries(lambda: acquittals.close(self.actors[who], request, request.version))

    @invariant()
    def nobody_decides_on_their_own(self) -> None:
        request = self.request
        assert not request.approvers() & {request.requested_by_id, request.verified_by_id}

    @invariant()
    def what_is_approved_was_approved_at_the_level_of_its_sum(self) -> None:
        request = self.request
        if request.status != "approved" or request.emergency:
            return
        plan = self.plan.approvers() if request.plan_id else set()
        beyond = request.counted_amount > FundSettingsDraft().officer_most
        assert len(request.approvers() | plan) > beyond, "a fund officer alone"

    @invariant()
    def a_plan_knows_how_many_draw_from_it(self) -> None:
        if self.plan is None:
            return
        alive = [str(status) for status in ALIVE]
        draws = select(func.count()).where(
            SupportRequest.plan_id == self.plan.id, SupportRequest.status.in_(alive)
        )
        session().refresh(self.plan)
        assert session().scalar(draws) == self.plan.drawn <= PLACES

    @invariant()
    def promises_stay_within_their_line(self) -> None:
        beyond = or_(BudgetLine.committed < 0, BudgetLine.committed > BudgetLine.amount)
        assert session().scalar(select(BudgetLine.id).where(beyond)) is None


@pytest.fixture
def life(app: Flask) -> Iterator[type[FundLife]]:
    """Return the machine on a database with a case and two lines."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        fund.set_up()
        FundLife.actors = {login: make.actor(login) for login in WHO}
        FundLife.case = make.case_of(make.incident())
        FundLife.households = [household(FundLife.case) for _ in range(HOUSEHOLDS)]
        FundLife.sent, FundLife.lines, FundLife.reached = {}, [], set()
        FundLife.runs = count()
        yield FundLife


@pytest.mark.engines("sqlite")
def test_whoever_does_whatever_in_any_order_the_law_of_the_fund_holds(
    life: type[FundLife],
) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=usual_or_deep(RUNS, 2_000),
            stateful_step_count=usual_or_deep(STEPS, 50),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller case takes long
        ),
    )
    assert check_fund().faults == ()
    assert life.reached >= {"returned", "committed", "part_paid", "paid", "acquitted", "closed"}
