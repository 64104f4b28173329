"""With what a run of the fund’s life begins, and how somebody tries an act in it."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.drafts.requests import InstalmentDraft, RequestDraft
from hrdtracker.fund.model import (
    BudgetLine,
    Payment,
    SupportRequest,
)
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import parts_of
from hrdtracker.fund.workflow import REQUEST
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from tests import fund, fund_plans, make

WHO = ("monitor", "director", "director2", "national", "fund", "fund2", "finance", "board")
LINE, RUNS_A_LINE, AT_ONCE = 2_000_00, 4, 20
RUNS, STEPS = 50, 25
FAR = 7
PLACES, EACH, RUNS_A_PLAN, HOUSEHOLDS = 3, 80_00, 8, 6
ARROWS = {(str(step.source), str(step.target)) for step in REQUEST.steps}


class LifeBegun(RuleBasedStateMachine):
    """Requests, plans and draws of one case, on one small line, in the hands of everybody."""

    actors: ClassVar[dict[str, Actor]] = {}
    case: ClassVar[Any] = None
    households: ClassVar[list[dict[str, int]]] = []
    sent: ClassVar[dict[tuple[int, bool], list[SupportRequest]]] = {}
    request: Any
    plan: Any
    lines: ClassVar[list[BudgetLine]] = []
    runs: ClassVar[Iterator[int]] = count()
    reached: ClassVar[set[str]] = set()

    @initialize(amount=st.sampled_from([60_00, 250_00, 900_00, 3_500_00]), halves=st.booleans())
    def begin(self, amount: int, halves: bool) -> None:  # noqa: FBT001
        """Take a request that was sent; every few runs have new lines, which then fill up."""
        waiting = self.sent.setdefault((amount, halves), [])
        if not waiting:
            waiting.append(self._ask(amount, halves=halves))
            waiting += fund.copies(waiting[0], AT_ONCE - 1, self.households[1:])
        number = next(self.runs)
        if number % RUNS_A_LINE == 0:
            assert check_fund().faults == ()
            self.lines[:] = [fund.line(LINE), fund.line(LINE)]
        self.request, self.plan = waiting.pop(), None
        if number % RUNS_A_PLAN == 0:
            self.request = self.plan = self.nobody_knows(fund_plans.sent(PLACES, EACH, self.case))
        elif number % RUNS_A_PLAN == 1:
            self.plan = fund_plans.approved(PLACES, EACH, self.case)
            self.begin_a_draw(number)

    def begin_a_draw(self, number: int) -> None:
        """Go on with what a household draws from the plan, where it may; else with a request."""
        household = self.households[number % len(self.households)]
        with contextlib.suppress(DomainError):
            told = fund.short(EACH, plan=self.plan.uid, **named(household))
            draw = requests.ask(self.actors["monitor"], self.case, told)
            self.request = draw
            self.tries(lambda: requests.submit(self.actors["monitor"], draw, draw.version))
            self.nobody_knows(draw)

    def _ask(self, amount: int, *, halves: bool) -> SupportRequest:
        self.request = None
        told = self.told(amount, halves=halves)
        request = requests.ask(self.actors["monitor"], self.case, told)
        requests.submit(self.actors["monitor"], request, request.version)
        return self.nobody_knows(request)

    def nobody_knows(self, request: SupportRequest) -> SupportRequest:
        for login in WHO:
            with contextlib.suppress(DomainError):
                conflicts.declare(self.actors[login], request, knows=False)
        return request

    def told(self, amount: int, *, halves: bool) -> RequestDraft:
        """Return what is asked: of a plan or a draw what it may be, for the same people."""
        if self.request is not None and self.request.households is not None:
            return fund_plans.draft(PLACES, amount // PLACES)
        if self.request is not None and self.request.plan_id is not None:
            return fund.short(min(amount, EACH), plan=self.plan.uid, **self._people())
        half = InstalmentDraft(fund.today(), amount // 2)
        return fund.draft(amount, instalments=(half, half) if halves else (), **self._people())

    def _people(self) -> dict[str, Victim]:
        if self.request is None:
            return named(self.households[0])
        parts = parts_of(self.request).items()
        return named({str(part): numbers[0] for part, numbers in parts})

    def tries(self, act: Callable[[], object]) -> None:
        before, others = str(self.request.status), self.request.other_amount
        try:
            act()
        except DomainError:
            session().rollback()
            session().refresh(self.request)
            assert self.request.status == before, "a refusal changed something"
        after = str(self.request.status)
        assert self.request.other_amount >= others or after == "returned", "a level fell"
        self.reached.add(after)
        assert after == before or (before, after) in ARROWS, "a state was skipped"

    def payment(self, number: int) -> Payment | None:
        found = commitments.payments_of(self.request)
        return found[number % len(found)] if found else None

    def pays(self, number: int, act: Callable[[Payment], object]) -> None:
        payment = self.payment(number)
        if payment is not None:
            self.tries(lambda: act(payment))


def household(case: Case) -> dict[str, int]:
    """Return whom a request is for and whom it pays: people of the case."""
    parts = parts_of(requests.ask(make.actor("monitor"), case, fund.draft()))
    return {str(part): number for part, (number,) in parts.items()}


def named(people: Mapping[str, int]) -> dict[str, Victim]:
    return {
        part: Victim(known=session().get_one(Person, number).uid) for part, number in people.items()
    }
