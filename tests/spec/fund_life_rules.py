"""How the fund’s life changes how the fund decides: stand-ins, rates, settings, time, who knows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, worker
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Rate
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.money import RateDraft
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Delegation
from hrdtracker.fund.requests import conflicts, passing_on
from hrdtracker.fund.rules import rates, settings
from hrdtracker.fund.rules.settings import FundSettingsDraft
from tests import fund, make
from tests.spec.fund_life import ADDS_UP, OTHERS, RATE, WHO, LifeBegun
from tests.spec.fund_life_law import NEVER

Answer = Callable[[Actor, Proposal], None]
ANSWERS: dict[str, Answer] = {
    "confirm": proposals.confirm,
    "refuse": proposals.refuse,
    "take back": proposals.take_back,
    "stop": proposals.stop,
}
RULES = (Action.FUND_DELEGATE, Action.FUND_TIER_RATE, Action.FUND_SETTINGS_CHANGE)
SETTINGS: tuple[dict[str, Any], ...] = (
    {"officer_most": 2_000_00, "director_most": 5_000_00},
    {"officer_most": 100_00, "director_most": 200_00, "emergency_most": 50_00, "short_most": 0},
    {
        "currency": "KHR",
        "officer_most": 2_000_000_00,
        "director_most": 12_000_000_00,
        "emergency_most": 1_200_000_00,
        "short_most": 600_000_00,
    },
)
"""Laxer, stricter, and in another currency."""
everybody = st.sampled_from((*WHO, *OTHERS))
ranked = st.sampled_from(("admin", "admin2", "national", "second", "finance", "fund", "board"))
STAND_INS = (
    ("director", "colleague", Capacity.DIRECTOR),
    ("fund", "colleague", Capacity.OFFICER),
    ("national", "monitor", Capacity.DIRECTOR),
    ("fund", "director", Capacity.OFFICER),
    ("director", "fund2", Capacity.DIRECTOR),
    ("national", "colleague", Capacity.DIRECTOR),
)
"""Who names whom at the beginning of some runs: for whoever verifies, asks, or carries, too."""
often_another = st.sampled_from(("admin2", "national", "admin2", "fund", "admin", "finance"))
absent = st.sampled_from(("fund", "fund2", "director", "national"))
present = st.sampled_from(("colleague", "fund2", "director", "director2", "monitor", "auditor"))
capacities = st.sampled_from((Capacity.OFFICER, Capacity.DIRECTOR))


class LifeOfRules(LifeBegun):
    """Whoever decides on requests tries to change who decides, and at what amounts."""

    stand_ins: ClassVar[set[int]] = set()
    """Which stand-ins a second person agreed to."""
    named: list[Delegation]
    wanted: ClassVar[dict[int, FundSettingsDraft | int]] = {}
    """What proposals would change, by their numbers."""

    def begin(self, number: int) -> None:
        """Begin with nobody who stands in for anybody."""
        super().begin(number)
        self.named = []
        open_ones = select(Delegation).where(Delegation.ends_at > clock.now())
        logins = {actor.id: actor for actor in self.actors.values()}
        for given in session().scalars(open_ones).all():
            delegation.end_delegation(logins[given.from_id], make.organisation(), given.uid)

    @rule(of=absent, to=everybody, capacity=capacities, everywhere=st.booleans())
    def name_a_stand_in(self, of: str, to: str, capacity: Capacity, everywhere: bool) -> None:  # noqa: FBT001
        moment, office = clock.now(), None if everywhere else make.office(make.HERE).uid
        whom, until = make.user(to).uid, moment + timedelta(days=5)
        told = DelegationDraft(whom, capacity, moment, until, office)

        def act() -> None:
            self.named.append(delegation.delegate(self.actors[of], make.organisation(), told))

        if self.tries(act):
            self.done.add("named")
            assert make.NAMES[to][0] not in NEVER, "they stand in for nobody"

    @rule(who=absent, number=st.integers(0, 3))
    def end_a_stand_in(self, who: str, number: int) -> None:
        if not self.named:
            return
        uid, here = self.named[number % len(self.named)].uid, make.organisation()
        if self.tries(lambda: delegation.end_delegation(self.actors[who], here, uid)):
            self.done.add("ended")

    @rule(who=ranked, how=st.sampled_from(("confirm", *ANSWERS)))
    def answer(self, who: str, how: str) -> None:
        """Answer what was proposed last: of confirming, only a second person’s counts."""
        proposal = _latest(how)
        if proposal is None:
            return
        actor = self.actors[who]
        if self.tries(lambda: ANSWERS[how](actor, proposal)):
            self.done.add(how)
            if how == "confirm":
                assert actor.id not in {proposal.proposed_by_id, proposal.user_id}, "alone"
                self._agree(proposal)

    def _agree(self, proposal: Proposal) -> None:
        wanted = self.wanted.get(proposal.id)
        if isinstance(wanted, FundSettingsDraft):
            self._agreed_on(settings=wanted)
        elif wanted is not None:
            self._agreed_on(riel=wanted)
        elif proposal.action == Action.FUND_DELEGATE:
            subject = select(Delegation.id).where(Delegation.uid == proposal.subject_uid)
            self.stand_ins.add(session().scalars(subject).one())

    def _agreed_on(self, **changes: Any) -> None:
        LifeBegun.agreed = replace(self.agreed, number=self.agreed.number + 1, **changes)

    @rule(who=ranked, change=st.sampled_from(SETTINGS), second=often_another, at_once=st.booleans())
    def propose_settings(
        self,
        who: str,
        change: dict[str, Any],
        second: str,
        at_once: bool,  # noqa: FBT001
    ) -> None:
        draft = FundSettingsDraft(**{"board": make.user("board").uid, **ADDS_UP, **change})
        version = settings.settings_of(make.organisation().id).version or 0

        def act() -> None:
            here = make.organisation()
            made = settings.change_settings(self.actors[who], here, draft, version)
            self.wanted[made.id] = draft

        if self.tries(act):
            self.done.add("settings")
        if at_once:
            self.answer(second, "confirm")

    @rule(who=ranked, riel=st.sampled_from((RATE, 3900, 4300, 1_000_000)), second=often_another)
    def propose_a_rate(self, who: str, riel: int, second: str) -> None:
        def act() -> None:
            proposal = proposals.waiting_for(fund.propose_rate(who, riel, reason="x"))
            assert proposal is not None
            self.wanted[proposal.id] = riel

        if self.tries(act):
            self.done.add("rate")
        self.answer(second, "confirm")

    @rule(who=ranked, riel=st.sampled_from((RATE, 1_000_000, 10)))
    def record_what_the_bank_gave(self, who: str, riel: int) -> None:
        told = RateDraft(Rate("USD", "KHR", riel, 1), fund.today(), "Bank", "Line 1")
        record = rates.record_rate
        if self.tries(lambda: record(self.actors[who], make.organisation(), told)):
            self.done.add("bank")

    @rule(days=st.sampled_from((1, 1, 4, 6)), luck=st.integers(0, 7))
    def time_passes(self, days: int, luck: int) -> None:
        """Let days pass, and what nobody confirmed lapse; seldom so many that a rate is too old."""
        self.goes_on(timedelta(days=days if luck else 63))
        proposals.settle(worker(make.organisation().id))

    @rule(who=st.sampled_from(WHO), luck=st.integers(0, 3))
    def know_somebody(self, who: str, luck: int) -> None:
        """Say that one knows the people after all; seldom, for it shuts one out."""
        request = self.request
        if luck == 0:
            declare = conflicts.declare
            act = lambda: declare(self.actors[who], request, knows=True, reason="x")  # noqa: E731
            if self.tries(act):
                self.done.add("known")

    @rule(who=st.sampled_from(WHO))
    def pass_on(self, who: str) -> None:
        request = self.request
        self.tries(lambda: passing_on.pass_on_now(self.actors[who], request))


def _latest(how: str) -> Proposal | None:
    """Return of how the fund decides what waits, or to stop it what was confirmed, the newest."""
    status = ProposalStatus.CONFIRMED if how == "stop" else ProposalStatus.WAITS
    query = select(Proposal).where(Proposal.action.in_(RULES), Proposal.status == status)
    return session().scalar(query.order_by(Proposal.id.desc()).limit(1))
