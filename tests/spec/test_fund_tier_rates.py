"""The rate that says who must decide: two people want it, and nobody lowers a level alone."""

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select

from hrdtracker.access.action import Action
from hrdtracker.access.guard import must_hold
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError, NotAllowed, WrongStatus
from hrdtracker.core.money import Rate
from hrdtracker.fund.capacity import missing_approvals, needs
from hrdtracker.fund.decisions import service as deciding
from hrdtracker.fund.drafts.money import RateDraft, TierRateDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft, VerificationDraft
from hrdtracker.fund.guards import WITHIN_CEILING
from hrdtracker.fund.model import Capacity, ExchangeRate, RateKind, SupportRequest
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.editing import draft_of
from hrdtracker.fund.rules import rates, settings, tier_rates
from tests import fund, make
from tests.deep import usual_or_deep
from tests.two_people import as_if

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
DAY = timedelta(days=1)
LARGE = 38_800_000_00
"""9,700 USD at 4,000 riel: the board must decide."""


def _confirm(rate: ExchangeRate, who: str = "national") -> None:
    proposal = proposals.waiting_for(rate, Action.FUND_TIER_RATE)
    assert proposal is not None
    proposals.confirm(make.actor(who), proposal)


def _counting() -> int | None:
    rate = rates.newest(RateKind.TIER, make.organisation().id, ("USD", "KHR"))
    return rate.numerator if rate else None


def _resent(request: SupportRequest) -> SupportRequest:
    changed = draft_of(request)
    words = {**changed.words, "need": "Rent for three months."}
    changed = type(changed)(**{**vars(changed), "words": words})
    requests.edit(make.actor("monitor"), request, changed, request.version)
    return request


# Who says so -------------------------------------------------------------------------------------


def test_it_counts_once_a_second_person_confirms_it() -> None:
    rate = fund.propose_rate("finance")
    assert _counting() is None
    with pytest.raises(NotAllowed):
        _confirm(rate, "finance")
    _confirm(rate)
    assert _counting() == 4000


@pytest.mark.parametrize(
    ("who", "may"),
    [("finance", True), ("admin", True), ("fund", False), ("director", False),
     ("national", False), ("monitor", False), ("auditor", False)],
)  # fmt: skip
def test_whoever_decides_on_requests_does_not_propose_it(who: str, *, may: bool) -> None:
    if may:
        assert fund.propose_rate(who).counts_since is None
    else:
        with pytest.raises(NotAllowed):
            fund.propose_rate(who)


def test_what_is_refused_never_counts_and_what_is_proposed_anew_waits_alone() -> None:
    first = fund.propose_rate("finance", 4000)
    second = fund.propose_rate("admin", 36, base="USD", quote="THB")
    third = fund.propose_rate("admin", 4050)
    here = make.organisation()
    assert tier_rates.waiting_rates(here.id) == [second, third]
    assert tier_rates.waiting_rates(here.id + 1) == []
    assert rates.recorded(here, RateKind.TIER) == []
    with clock.as_of(clock.now() + 15 * DAY):
        assert tier_rates.waiting_rates(here.id) == []
    assert proposals.waiting_for(first) is None
    proposal = proposals.waiting_for(third)
    assert proposal is not None
    proposals.refuse(make.actor("national"), proposal)
    assert _counting() is None


def test_once_it_counts_nobody_goes_back_to_the_last_one_alone() -> None:
    fund.tier_rate(4400, fund.today() - 40 * DAY)
    rate = fund.propose_rate("finance", 4000, fund.today(), "The bank.")
    proposal = proposals.waiting_for(rate)
    assert proposal is not None
    _confirm(rate)
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        proposal.counts_from = clock.now()  # as if nobody could confirm it, and it had waited
    with pytest.raises(WrongStatus, match="A second person decides"):
        proposals.stop(make.actor("fund"), proposal)
    session().rollback()
    assert _counting() == 4000


def test_it_is_not_confirmed_beside_another_last_one_than_was_shown() -> None:
    fund.tier_rate(4000, fund.today() - 40 * DAY)
    rate = fund.propose_rate("finance", 4100)
    last = session().scalars(select(ExchangeRate).order_by(ExchangeRate.id).limit(1)).one()
    row = {column.key: getattr(last, column.key) for column in ExchangeRate.__table__.columns}
    later = {"numerator": 4300, "day": last.day + DAY, "uid": make.user("fund").uid}
    del row["id"]
    as_if(insert(ExchangeRate).values({**row, **later}))
    with pytest.raises(WrongStatus, match="counts since"):
        _confirm(rate)


# What needs a reason, and what is too old --------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "refused"), [(4200, set()), (3800, set()), (4201, {"reason"}), (3799, {"reason"})]
)
def test_far_from_the_last_one_it_needs_a_reason(numerator: int, refused: set[str]) -> None:
    fund.tier_rate(4000, fund.today() - 40 * DAY)
    if refused:
        assert make.refused(partial(fund.propose_rate, "finance", numerator)) == refused
    made = fund.propose_rate("finance", numerator, reason="The riel fell." if refused else "")
    assert made.reason == ("The riel fell." if refused else None)


def test_it_is_far_from_the_last_one_whichever_currency_comes_first() -> None:
    fund.tier_rate(36, fund.today() - 40 * DAY, "USD", "THB")
    turned = partial(fund.propose_rate, "finance", 36, base="THB", quote="USD")
    assert make.refused(turned) == {"reason"}


def test_another_one_of_the_same_month_needs_a_reason() -> None:
    fund.tier_rate(4000, fund.today().replace(day=1))
    assert make.refused(partial(fund.propose_rate, "finance", 4001)) == {"reason"}
    _confirm(fund.propose_rate("finance", 4001, reason="A slip."))
    assert _counting() == 4001


def test_it_is_neither_of_a_day_to_come_nor_too_old() -> None:
    for days in (1, -63):
        late = partial(fund.propose_rate, "finance", 4000, fund.today() + days * DAY)
        assert make.refused(late) == {"day"}
    draft = RateDraft(Rate("USD", "KHR", 4000, 1), fund.today() + DAY, "Bank", "Line 1")
    finance, here = make.actor("finance"), make.organisation()
    assert make.refused(partial(rates.record_rate, finance, here, draft)) == {"day"}


@pytest.mark.parametrize(("days", "sent"), [(62, True), (63, False)])
def test_an_old_one_says_nothing_any_more_and_says_who_must_see_to_it(
    days: int, *, sent: bool
) -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    with clock.as_of(clock.now() + days * DAY):
        if sent:
            assert fund.sent(LARGE, currency="KHR").level == Capacity.BOARD
        else:
            with pytest.raises(WrongStatus, match="finance officer or an administrator proposes"):
                fund.sent(LARGE, currency="KHR")


# What each kind is for ---------------------------------------------------------------------------


def test_what_one_person_records_says_of_no_request_who_must_decide() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today() - DAY)
    fund.bank_rate(1_000_000, fund.today())
    assert fund.sent(LARGE, currency="KHR").level == Capacity.BOARD
    parts = (InstalmentDraft(fund.today(), 50_000_000_00, "KHR"),)
    drafted = fund.drafted(100_00, instalments=parts)
    submit = partial(requests.submit, make.actor("monitor"), drafted, drafted.version)
    assert make.refused(submit) == {"instalments"}


def test_money_is_promised_at_the_dearer_of_the_bank_s_rate_and_that_of_the_levels() -> None:
    where = make.organisation().id, "KHR", "USD"
    with pytest.raises(WrongStatus, match="finance officer must record one"):
        rates.promise_rate(*where, fund.today())
    fund.tier_rate(4000, fund.today())
    assert rates.promise_rate(*where, fund.today()).numerator == 4000
    cheaper = fund.bank_rate(1_000_000, fund.today() - 3 * DAY)
    assert rates.promise_rate(*where, fund.today()).numerator == 4000
    dearer = fund.bank_rate(3900, fund.today() - 2 * DAY)
    assert rates.recorded(make.organisation(), RateKind.BOOKING) == [dearer, cheaper]
    assert rates.promise_rate(*where, fund.today()).numerator == 3900
    assert rates.booking_rate(*where, fund.today() + 180 * DAY).numerator == 3900
    with pytest.raises(WrongStatus):
        rates.booking_rate(*where, fund.today() + 185 * DAY)


def test_what_left_is_charged_at_the_rate_of_the_bank_alone() -> None:
    fund.tier_rate(4000, fund.today())
    payment = fund.prepared(fund.committed(400_000_00, fund.line(), currency="KHR"))
    with pytest.raises(WrongStatus, match="rate of the bank"):
        fund.release(payment)
    fund.bank_rate(4100, fund.today())
    assert fund.release(payment).charged == 97_56


@pytest.mark.parametrize("later", [400_000, 2_000])
def test_a_fixed_rate_stays_that_of_the_promise_whatever_is_recorded_for_its_day_later(
    later: int,
) -> None:
    fund.rate(4000)
    line = fund.line(fixed_rate=True)
    request = fund.committed(400_000_00, line, currency="KHR")
    fund.bank_rate(later, fund.today())
    assert fund.release(fund.prepared(request)).charged == request.committed == 100_00


# What was sent -----------------------------------------------------------------------------------


def test_what_was_sent_keeps_its_rate_until_it_is_sent_anew() -> None:
    fund.set_up()
    first = fund.tier_rate(4000, fund.today() - DAY)
    request, director = fund.sent(LARGE, currency="KHR"), make.actor("director")
    later = fund.tier_rate(100_000, fund.today())
    fund.recommend(request)
    assert (request.level, request.level_rate_id) == (Capacity.BOARD, first.id)
    assert (request.reference_amount, request.reference_currency) == (9_700_00, "USD")
    assert len(missing_approvals(request)) == len(Capacity)
    deciding.return_request(director, request, "Say more.", request.version)
    _resent(request)
    requests.submit(make.actor("monitor"), request, request.version)
    assert (request.level, request.level_rate_id) == (Capacity.OFFICER, later.id)


def test_looser_settings_lower_nothing_that_was_sent() -> None:
    fund.set_up()
    request = fund.sent(4_000_00)
    fund.set_up(officer_most=9_000_00, director_most=90_000_00, emergency_most=9_000_00)
    fund.recommend(request)
    assert needs(request) == list(Capacity)
    with pytest.raises(WrongStatus, match="too much for an emergency"):
        must_hold(make.actor("fund"), (WITHIN_CEILING,), request)
    assert needs(fund.sent(4_000_00)) == [Capacity.OFFICER]


def test_other_settings_of_another_currency_lower_nothing_that_was_sent() -> None:
    fund.set_up()
    request = fund.sent(4_000_00)
    fund.set_up(currency="KHR", officer_most=9_000_000_00, director_most=90_000_000_00)
    fund.recommend(request)
    assert needs(request) == list(Capacity)


# Nobody alone ------------------------------------------------------------------------------------

WHO = ("monitor", "director", "national", "fund", "finance", "admin", "board", "second")
AMOUNTS = (LARGE, 2_400_000_00, 1_800_000_00)
"""In riel: for the board, for a director, for the fund officer alone."""
LEVELS = dict(zip(AMOUNTS, (Capacity.BOARD, Capacity.DIRECTOR, Capacity.OFFICER), strict=True))


class _Alone:
    """Whatever one person tries, in any order."""

    def __init__(self, login: str, chance: random.Random) -> None:
        self.login, self.chance = login, chance
        self.actor, self.here = make.actor(login), make.organisation()
        self.requests = [fund.sent(amount, currency="KHR") for amount in AMOUNTS]

    def acts(self) -> list[Callable[[], object]]:
        return [
            self.record, self.record, self.propose, self.propose, self.change_settings, self.decide,
            self.decide, self.ask, self.send_anew, self.verify, self.recommend,
        ]  # fmt: skip

    def rate(self) -> Rate:
        pair = self.chance.choice([("USD", "KHR"), ("KHR", "USD"), ("KHR", "EUR"), ("EUR", "USD")])
        return Rate(*pair, self.chance.choice([1, 4100, 1_000_000]), self.chance.choice([1, 9]))

    def record(self) -> object:
        day = fund.today() - self.chance.choice([0, 1, 70]) * DAY
        draft = RateDraft(self.rate(), day, "Me", "Line 1")
        return rates.record_rate(self.actor, self.here, draft)

    def propose(self) -> object:
        day = fund.today() - self.chance.choice([0, 1, 70]) * DAY
        draft = TierRateDraft(self.rate(), day, "Me", self.chance.choice(["", "Why."]))
        return tier_rates.propose_tier_rate(self.actor, self.here, draft)

    def change_settings(self) -> object:
        most: dict[str, Any] = {
            "officer_most": 8_000_00,
            "director_most": 99_000_00,
            "emergency_most": 9_000_00,
        }
        draft = settings.FundSettingsDraft(**most, currency=self.chance.choice(["USD", "KHR"]))
        return settings.change_settings(
            self.actor, self.here, draft, settings.settings_of(self.here.id).version or 0
        )

    def decide(self) -> None:
        waiting = session().scalars(select(Proposal)).all()
        if waiting:
            act = self.chance.choice(
                [proposals.confirm, proposals.confirm, proposals.refuse, proposals.take_back,
                 proposals.stop]
            )  # fmt: skip
            act(self.actor, self.chance.choice(waiting))

    def ask(self) -> None:
        request = fund.sent(self.chance.choice(AMOUNTS), self.login, currency="KHR")
        self.requests.append(request)

    def one(self) -> SupportRequest:
        return self.chance.choice(self.requests)

    def send_anew(self) -> None:
        if self.login == "monitor":
            _resent(self.one())

    def verify(self) -> None:
        request = self.one()
        fund.no_tie(request, self.login)
        deciding.verify(self.actor, request, VerificationDraft("x", "y", "z"), request.version)

    def recommend(self) -> None:
        request = self.one()
        deciding.recommend(self.actor, request, "x", request.version)


@pytest.mark.parametrize("login", WHO)
def test_nobody_alone_moves_a_request_to_fewer_people(login: str) -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today() - 20 * DAY)
    alone = _Alone(login, random.Random(login))
    for _ in range(usual_or_deep(25, 1_000)):
        with contextlib.suppress(DomainError):
            alone.chance.choice(alone.acts())()
        session().rollback()
        for request in alone.requests:
            assert _height(request) >= list(Capacity).index(LEVELS[request.amount])
            assert len(needs(request)) > list(Capacity).index(LEVELS[request.amount])
            assert request.fits_emergency is False


def _height(request: SupportRequest) -> int:
    return list(Capacity).index(Capacity(request.level or Capacity.OFFICER))
