"""The whole life of requests, in any order, by anybody: what must hold holds after every act."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, or_, select

from hrdtracker.core.db import session, unit_of_work
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.requests import VerificationDraft
from hrdtracker.fund.model import (
    BudgetLine,
    Capacity,
    SupportRequest,
)
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.workflow import ALIVE, UNDECIDED
from tests import fund, make
from tests.deep import usual_or_deep
from tests.spec.fund_life import FEW, HOUSEHOLDS, OTHERS, PLACES, WHO, household
from tests.spec.fund_life_law import (
    ORDER,
    Standing,
    check_somebody_goes_on,
    check_who_decided,
    signed,
)
from tests.spec.fund_life_money import LifeOfMoney, people
from tests.spec.fund_life_rules import (
    SETTINGS,
    STAND_INS,
    LifeOfRules,
    absent,
    capacities,
    often_another,
    present,
)

RUNS, STEPS = 40, 20
FAR = 7
DIRECTORS = ("director", "director2", "national")
FARTHEST = 9
"""So many things in order bring a request to its end."""


class FundLife(LifeOfRules, LifeOfMoney):
    """Requests, plans and draws of one case, on one small line, in the hands of everybody."""

    broken: ClassVar[list[tuple[Exception, str]]] = []
    """What did not hold, and how it came to that: another run never finds the same again."""
    checked: Any = None
    """Whose approvals were looked at last."""

    @initialize(who=absent, second=often_another)
    def live(self, who: str, second: str) -> None:
        """Begin, each run with another request and as far on its way as another number of acts."""
        number = next(self.runs)
        self.begin(number)
        if number % FEW == 0:
            of, to, capacity = STAND_INS[number // FEW % len(STAND_INS)]
            self.approve_as_a_stand_in(of, to, capacity, "admin2")
        elif number % FEW == 1:
            self.propose_a_rate("finance", 1_000_000, second)
        elif number % FEW == 2:
            self.propose_settings("admin", SETTINGS[number % len(SETTINGS)], second, at_once=True)
        elif number % FEW == 3:
            self.record_what_the_bank_gave("finance", 1_000_000)
        elif number % FEW == 4:
            self.release_in_an_emergency("fund")
        else:
            self.know_somebody(who, luck=0)
        if number % FEW in {1, 2, 3}:
            self.correct(1, halves=not self.start.halves)
        self.go_on(number % FARTHEST)
        if number % FARTHEST == 1:  # later it is decided, and returned by luck alone
            self.return_it("fund")

    def teardown(self) -> None:
        """Check that whatever a run leaves behind can go on; keep what went wrong at first."""
        wrong = sys.exc_info()[1]
        try:
            if wrong is None:
                check_somebody_goes_on(self.request, self.actors)
        except AssertionError as error:
            wrong = error
            raise
        finally:
            self.leaves()
            if isinstance(wrong, Exception) and not isinstance(wrong, HypothesisException):
                self.broken.append((wrong, "\n".join(self.story)))

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

    @rule(share=st.sampled_from([1, 2, 5]), halves=st.booleans())
    def correct(self, share: int, halves: bool) -> None:  # noqa: FBT001
        """Ask for the same again, or for less, and send it."""
        self.start = replace(self.start, halves=halves)
        request, told = self.request, self.told(self.start.amount // share)
        self.tries(lambda: requests.edit(self.asker, request, told, request.version))
        self.tries(lambda: requests.submit(self.asker, request, request.version))

    @rule(times=st.integers(1, 6))
    def go_on(self, times: int) -> None:
        """Do what comes next, as those who may; after the end begin with another request."""
        if self.request.ended_at is not None:
            self.begin(next(self.runs))
        for _ in range(times):
            before = self.request.status, self.request.version
            self._go_on()
            if (self.request.status, self.request.version) == before:
                break

    def _who_verifies(self) -> str:
        asker = self.request.requested_by_id
        return next(login for login in DIRECTORS if self.actors[login].id != asker)

    @rule(of=absent, to=present, capacity=capacities, second=often_another)
    def approve_as_a_stand_in(self, of: str, to: str, capacity: Capacity, second: str) -> None:
        """Be named, agreed to by somebody or not, and approve."""
        if self.request.status in {"submitted", "verifying"}:
            self.recommend_in_order(self._who_verifies())
        self.name_a_stand_in(of, to, capacity, everywhere=False)
        self.answer(second, "confirm")
        self.says_no_tie(to)
        self.approve(to)

    @rule()
    def go_far(self) -> None:
        """Do so many things in order that a request is seen to be paid."""
        self.go_on(FAR)

    def _go_on(self) -> None:
        if self.request.emergency and self.request.status in UNDECIDED:
            for login in ("national", "fund2"):
                self.release_in_an_emergency(login)
            return
        verifier = self._who_verifies()
        steps: dict[str, list[Callable[[], None]]] = {
            "returned": [lambda: self.correct(1, halves=True)],
            "submitted": [lambda: self.recommend_in_order(verifier)],
            "verifying": [lambda: self.recommend_in_order(verifier)],
            "recommended": [self._approve_in_order],
            "approved": [lambda: self.commit("fund", 0)],
            "committed": [lambda: self._pay(0)],
            "part_paid": [lambda: self._pay(0), lambda: self._pay(1)],
            "paid": [lambda: self._account(0), lambda: self._account(1)],
            "acquitted": [lambda: self.end("national"), lambda: self.end("fund")],
        }
        for step in steps.get(str(self.request.status), ()):
            step()

    def _approve_in_order(self) -> None:
        part = {self.request.requested_by_id, self.request.verified_by_id}
        directors = [login for login in DIRECTORS if self.actors[login].id not in part]
        who = {"officer": "fund", "director": directors[0], "board": "board"}
        for capacity in missing_approvals(self.request):
            self.says_no_tie(who[capacity])
            self.approve(who[capacity])

    def _pay(self, number: int) -> None:
        self.prepare("fund", number, needed=True)
        self.release("finance", number, 0)

    def _account(self, number: int) -> None:
        self.receive("national", number)
        self.account("fund", number, 1)
        self.confirm_back("finance", number)

    @invariant()
    def nobody_decides_on_their_own_nor_a_stand_in_of_theirs(self) -> None:
        request = self.request
        if request is None or self.checked == (request.id, request.edition, request.approvers()):
            return
        self.checked = request.id, request.edition, request.approvers()
        assert not request.approvers() & {request.requested_by_id, request.verified_by_id}
        check_who_decided(request, self.stand_ins, self.actors)

    @invariant()
    def what_is_approved_was_approved_at_the_level_of_its_sum(self) -> None:
        request = self.request
        if request is None or request.status != "approved" or request.emergency:
            return
        draws = request.plan_id is not None
        given = signed(request, self.plan if draws else None)
        height = max(
            ORDER.index(Capacity(request.level)), self.sent_under.level(Standing.of(request))
        )
        for capacity in ORDER[: height + 1]:
            assert {capacity, Capacity.BOARD} & given, "nobody approved so high"
        limits = self.sent_under.settings
        if request.reference_currency == limits.currency:
            alone = request.counted_amount <= limits.officer_most
            people = request.approvers() | (self.plan.approvers() if draws else set())
            assert alone or len(people) > 1 or Capacity.OFFICER not in given, "a fund officer alone"

    @invariant()
    def who_releases_money_did_not_decide_on_it(self) -> None:
        for payment in commitments.payments_of(self.request) if self.request else ():
            apart = {self.request.requested_by_id, *self.request.approvers()}
            assert payment.released_by_id not in apart

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
        FundLife.actors = {login: make.actor(login) for login in (*WHO, *OTHERS)}
        FundLife.case = make.case_of(make.incident())
        FundLife.households = [household(FundLife.case) for _ in range(HOUSEHOLDS)]
        FundLife.sent, FundLife.lines = {}, []
        FundLife.reached, FundLife.done = set(), set()
        FundLife.runs, FundLife.broken = count(), []
        yield FundLife


@pytest.mark.engines("sqlite")
def test_whoever_does_whatever_in_any_order_the_law_of_the_fund_holds(
    life: type[FundLife],
) -> None:
    try:
        _let_live(life)
    finally:
        for wrong, story in life.broken[:1]:
            raise AssertionError(story) from wrong
    assert check_fund().faults == ()
    assert life.reached >= {"returned", "committed", "part_paid", "paid", "acquitted", "closed"}
    assert life.done >= {"named", "confirm", "rate", "settings", "bank", "known"}


def _let_live(life: type[FundLife]) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=usual_or_deep(RUNS, 2_000),
            stateful_step_count=usual_or_deep(STEPS, 50),
            phases=(Phase.explicit, Phase.generate),  # no run is ever the same again
        ),
    )
