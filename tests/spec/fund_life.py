"""With what a run of the fund’s life begins, and how somebody tries an act in it."""

import contextlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any, ClassVar

import time_machine
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select, update

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.drafts.requests import InstalmentDraft, RequestDraft
from hrdtracker.fund.model import BudgetLine, Payment, SupportRequest
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import parts_of
from hrdtracker.fund.rules.settings import FundSettingsDraft
from hrdtracker.fund.workflow import REQUEST
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from tests import fund, fund_plans, make
from tests.spec.fund_life_law import Agreed, Standing
from tests.two_people import as_if

WHO = ("monitor", "director", "director2", "national", "fund", "fund2", "finance", "board")
OTHERS = ("colleague", "admin", "admin2", "auditor", "second")
"""Who has no part in requests but as a stand-in, and in how the fund decides."""
LINE, RUNS_A_LINE, AT_ONCE = 2_000_00, 4, 20
PLACES, EACH, RUNS_A_PLAN, HOUSEHOLDS = 3, 80_00, 7, 6
FEW, RATES_MATTER = 6, (1, 3)
"""Each of so many runs begins with another attempt; in two of them on a rate."""
RATE = 4000
"""Riel a US dollar, as two people want it before anybody tries anything else."""
ADDS_UP = {"adding_days": 1}
"""What was granted yesterday counts with what is asked today: in every other run nothing does."""
ARROWS = {(str(step.source), str(step.target)) for step in REQUEST.steps}


@dataclass(frozen=True)
class Start:
    """What a run begins with: so much, asked for by somebody, and perhaps carried by another."""

    amount: int
    halves: bool = False
    who: str = "monitor"
    currency: str = "USD"
    carrier: str | None = None


STARTS = (
    Start(60_00),
    Start(250_00, halves=True),
    Start(250_00, who="director"),
    Start(900_00, halves=True),
    Start(900_00, who="director2"),
    Start(3_500_00),
)
IN_RIEL = (
    Start(2_000_000_00, currency="KHR"),  # 500 US dollars: the most of an officer
    Start(12_000_000_00, currency="KHR"),  # 3,000: the most of a director
)
FOR_STAND_INS = (Start(900_00, halves=True), Start(900_00, carrier="colleague"))
"""What a fund officer and a director must approve; somebody carries the money of one."""


class LifeBegun(RuleBasedStateMachine):
    """Requests, plans and draws of one case, on one small line, in the hands of everybody."""

    actors: ClassVar[dict[str, Actor]] = {}
    case: ClassVar[Any] = None
    households: ClassVar[list[dict[str, int]]] = []
    sent: ClassVar[dict[Start, tuple[Agreed, list[SupportRequest]]]] = {}
    agreed: ClassVar[Agreed] = Agreed()
    ahead: ClassVar[timedelta] = timedelta()
    """How much later it is in this life than outside: it never goes back."""
    rated_on: ClassVar[date] = date.min
    """Since when a rate counts that two people wanted."""
    request: Any
    plan: Any
    start: Start
    sent_under: Agreed
    lines: ClassVar[list[BudgetLine]] = []
    runs: ClassVar[Iterator[int]] = count()
    reached: ClassVar[set[str]] = set()
    done: ClassVar[set[str]] = set()
    """What somebody was let do in any run."""
    time: Any = None
    story: list[str]
    """What was tried in this run, with its answers."""

    def begin(self, number: int) -> None:
        """Take a request that was sent; every few runs have new lines, which then fill up."""
        self.goes_on(timedelta(days=2 if number % 2 else 0))
        start = STARTS[number // 2 % len(STARTS)]
        if number % FEW in RATES_MATTER:
            start = IN_RIEL[number // FEW % len(IN_RIEL)]
        elif number % FEW == 0:
            start = FOR_STAND_INS[number // FEW % len(FOR_STAND_INS)]
        self.story = [f"run {number}: {start}"]
        self.request, self.plan, self.start = None, None, start
        self._as_agreed(number)
        self.sent_under, waiting = self.sent.get(start, (self.agreed, []))
        if not waiting:
            first = self._ask()
            waiting = [first, *fund.copies(first, AT_ONCE - 1, self.households[1:])]
            self.sent_under = self.agreed
            self.sent[start] = self.agreed, waiting
        self.request = waiting.pop()
        if number % FEW in {0, *RATES_MATTER}:
            return
        if number % RUNS_A_PLAN == 0:
            self.request = self.plan = self.nobody_knows(fund_plans.sent(PLACES, EACH, self.case))
            self.sent_under = self.agreed
        elif number % RUNS_A_PLAN == 1:
            self.plan = fund_plans.approved(PLACES, EACH, self.case)
            self.begin_a_draw(number)

    def goes_on(self, much: timedelta) -> None:
        """Let the time go on, and tick."""
        self.leaves()
        LifeBegun.ahead += much
        self.time = time_machine.travel(clock.now() + self.ahead, tick=True)
        self.time.start()

    def leaves(self) -> None:
        """Leave the time outside as it is."""
        if self.time is not None:
            self.time.stop()
            self.time = None

    def _as_agreed(self, number: int) -> None:
        """Forget who knew somebody; now and then begin with new lines, settings and a rate."""
        if session().scalar(select(Block.id).where(Block.ends_at.is_(None)).limit(1)) is not None:
            as_if(update(Block).where(Block.ends_at.is_(None)).values(ends_at=clock.now()))
        if number % RUNS_A_LINE == 0:
            assert check_fund().faults == ()
            self.lines[:] = [fund.line(LINE), fund.line(LINE)]
            fund.set_up(**ADDS_UP)
            fund.bank_rate(RATE, fund.today())
        late = fund.today() - self.rated_on > timedelta(days=30)
        if number % RUNS_A_LINE == 0 or self.agreed.riel != RATE or late:
            fund.tier_rate(RATE, fund.today())
            LifeBegun.rated_on = fund.today()
            LifeBegun.agreed = Agreed(self.agreed.number + 1, RATE, self._settings(number))

    def _settings(self, number: int) -> FundSettingsDraft:
        return self.agreed.settings if number % RUNS_A_LINE else FundSettingsDraft()

    def begin_a_draw(self, number: int) -> None:
        """Go on with what a household draws from the plan, where it may; else with a request."""
        household = self.households[number % len(self.households)]
        with contextlib.suppress(DomainError):
            told = fund.short(EACH, plan=self.plan.uid, **named(household))
            draw = requests.ask(self.actors["monitor"], self.case, told)
            self.request = draw
            self.tries(lambda: requests.submit(self.actors["monitor"], draw, draw.version))
            self.nobody_knows(draw)

    def _ask(self) -> SupportRequest:
        asker = self.actors[self.start.who]
        request = requests.ask(asker, self.case, self.told(self.start.amount))
        requests.submit(asker, request, request.version)
        return self.nobody_knows(request)

    def nobody_knows(self, request: SupportRequest) -> SupportRequest:
        for login in WHO:
            with contextlib.suppress(DomainError):
                conflicts.declare(self.actors[login], request, knows=False)
        return request

    def says_no_tie(self, login: str) -> None:
        """Let somebody answer that they know nobody, where they have not answered."""
        with contextlib.suppress(DomainError):
            fund.no_tie(self.request, login)

    def told(self, amount: int) -> RequestDraft:
        """Return what is asked: of a plan or a draw what it may be, for the same people."""
        if self.request is not None and self.request.households is not None:
            return fund_plans.draft(PLACES, amount // PLACES)
        if self.request is not None and self.request.plan_id is not None:
            return fund.short(min(amount, EACH), plan=self.plan.uid, **self._people())
        start = self.start
        changes: dict[str, Any] = {"payee_details": "Wing 012 345 678"}
        if start.halves:
            half = InstalmentDraft(fund.today(), amount // 2, start.currency)
            changes["instalments"] = (half, half)
        if start.carrier:
            changes |= {"method": "cash", "carrier_colleague": make.user(start.carrier).uid}
        return fund.draft(amount, currency=start.currency, **changes, **self._people())

    def _people(self) -> dict[str, Victim]:
        if self.request is None:
            return named(self.households[0])
        parts = parts_of(self.request).items()
        return named({str(part): numbers[0] for part, numbers in parts})

    def tries(self, act: Callable[[], object]) -> bool:
        """Let somebody try it; tell whether it was done. What is refused changes nothing."""
        before = Standing.of(self.request)
        done = True
        self.story.append(said(act))
        try:
            act()
        except DomainError as refused:
            session().rollback()
            session().refresh(self.request)
            self.story[-1] += f" – no: {refused}"
            assert Standing.of(self.request) == before, "a refusal changed something"
            done = False
        after = Standing.of(self.request)
        self.story[-1] += f" → {after}" if done else ""
        self.reached.add(after.status)
        moved = after.status != before.status
        assert not moved or (before.status, after.status) in ARROWS, "a state was skipped"
        self._is_as_high(before, after)
        return done

    def _is_as_high(self, before: Standing, after: Standing) -> None:
        """Check that what one person did lowers no level, and what is sent is as high as agreed."""
        if after.edition == before.edition:
            assert after.level >= before.level, "a level fell"
            assert after.others >= before.others or after.status == "returned", "others count less"
            return
        asks_less = after.amount < before.amount
        if before.status != "returned" and not asks_less and self.agreed == self.sent_under:
            assert after.level >= before.level, "a level fell, sent anew"
        self.sent_under = self.agreed
        assert after.level >= self.agreed.level(after), "below what two people agreed"

    @property
    def asker(self) -> Actor:
        """Who asks for it."""
        asked_by = self.request.requested_by_id
        return next(actor for actor in self.actors.values() if actor.id == asked_by)

    def payment(self, number: int) -> Payment | None:
        found = commitments.payments_of(self.request)
        return found[number % len(found)] if found else None

    def pays(self, number: int, act: Callable[[Payment], object]) -> None:
        payment = self.payment(number)
        if payment is not None:
            self.tries(lambda: act(payment))


def said(act: Callable[[], object]) -> str:
    """Return what somebody tries, as its rule calls it, with what it was drawn with."""
    drawn = inspect.getclosurevars(act).nonlocals
    if callable(drawn.get("act")):
        return said(drawn["act"])
    plain = {name: value for name, value in drawn.items() if isinstance(value, str | int)}
    return f"{act.__qualname__.split('.')[1]} {plain}"


def household(case: Case) -> dict[str, int]:
    """Return whom a request is for and whom it pays: people of the case."""
    parts = parts_of(requests.ask(make.actor("monitor"), case, fund.draft()))
    return {str(part): number for part, (number,) in parts.items()}


def named(people: Mapping[str, int]) -> dict[str, Victim]:
    return {
        part: Victim(known=session().get_one(Person, number).uid) for part, number in people.items()
    }
