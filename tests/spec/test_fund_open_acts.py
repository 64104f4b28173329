"""What a page offers is what the service accepts is what the list of work names, for everybody."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Seat
from hrdtracker.access.guard import passing
from hrdtracker.access.model import Role
from hrdtracker.authorised import authorised
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import DomainError, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    ComplaintDraft,
    ReceiptDraft,
    ReleaseDraft,
)
from hrdtracker.fund.drafts.requests import InstalmentDraft, VerificationDraft
from hrdtracker.fund.model import Instalment, Payment, RequestStatus, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.workflow import OF_INSTALMENT, PAYMENT, REQUEST
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
WHO = ("monitor", "director", "director2", "national", "fund", "fund2", "finance", "board")
WHY = fund.WHY
STEPS, TRIED = 12, 3
Act = Callable[[Actor], object]
Try = tuple[Action, Entity, Act]


class Way:
    """One request on its way, on one of two lines, in the hands of everybody."""

    def __init__(self, request: SupportRequest) -> None:
        self.request = request
        self.lines = [fund.line(100_000_00), fund.line(100_000_00)]

    def tries(self) -> Iterator[Try]:
        """Yield every act that anybody could think of, with the record that it is about."""
        yield from ((verb, self.request, act) for verb, act in self._of_request().items())
        for one in instalments_of(self.request):
            yield from ((verb, one, act) for verb, act in self._of_instalment(one).items())
        for payment in commitments.payments_of(self.request):
            yield from ((verb, payment, act) for verb, act in self._of_payment(payment).items())

    def _of_request(self) -> dict[Action, Act]:
        it, version = self.request, self.request.version
        told = VerificationDraft(WHY, WHY, WHY)
        other = next(line for line in self.lines if line.id != it.line_id)
        return {
            Action.FUND_SUBMIT: lambda who: requests.submit(who, it, version),
            Action.FUND_WITHDRAW: lambda who: requests.withdraw(who, it, version),
            Action.FUND_VERIFY: lambda who: decisions.verify(who, it, told, version),
            Action.FUND_RECOMMEND: lambda who: decisions.recommend(who, it, WHY, version),
            Action.FUND_RETURN: lambda who: decisions.return_request(who, it, WHY, version),
            Action.FUND_REFUSE: lambda who: decisions.refuse(who, it, WHY, version),
            Action.FUND_APPROVE: lambda who: decisions.approve(who, it, WHY, version),
            Action.FUND_EMERGENCY: lambda who: emergency.release(who, it, WHY, version),
            Action.FUND_RATIFY: lambda who: emergency.ratify(
                who, it, ratified=version % 3 > 0, reason=WHY, version=version
            ),
            Action.FUND_LIFT: lambda who: emergency.lift(who, it),
            Action.FUND_COMMIT: lambda who: commitments.commit(who, it, other.uid, version),
            Action.FUND_MOVE: lambda who: commitments.move(who, it, other.uid, WHY, version),
            Action.FUND_CANCEL: lambda who: commitments.cancel(who, it, WHY, version),
            Action.FUND_OUTCOME: lambda who: acquittals.record_outcome(who, it, "yes", ""),
            Action.FUND_CLOSE: lambda who: acquittals.close(who, it, version),
            Action.FUND_COMPLAIN: lambda who: acquittals.complain(
                who, it, ComplaintDraft("cut", "A part was kept.", Sending(uuid4()))
            ),
        }

    def _of_instalment(self, one: Instalment) -> dict[Action, Act]:
        it = self.request
        return {
            Action.FUND_CHECK: lambda who: payments.check(
                who, it, one.uid, still_there=True, still_needed=True, version=it.version
            ),
            Action.FUND_PREPARE: lambda who: payments.prepare(who, it, one.uid, Sending(uuid4())),
        }

    def _of_payment(self, it: Payment) -> dict[Action, Act]:
        amount = it.amount + 5_00 * (it.id % 2)
        left = ReleaseDraft(fund.today(), "x", amount, again=amount)
        slip: Any = {"document": "transfer_slip", "reference": "1", "dated": fund.today()}
        if it.id % 3 == 0:
            slip = {"alternative": True, "danger": "They watch.", "document": None}
        back = it.id % 2
        account = AcquittalDraft(spent=it.amount - back, returned=back, **slip)
        return {
            Action.FUND_REVEAL: lambda who: payments.reveal(who, it),
            Action.FUND_RELEASE: lambda who: payments.release(who, it, left, it.version),
            Action.FUND_DROP: lambda who: payments.drop(who, it, it.version),
            Action.FUND_COVER: lambda who: commitments.cover(who, it, WHY, it.version),
            Action.FUND_RECEIVE: lambda who: payments.receive(
                who, it, ReceiptDraft(fund.today(), "phone"), it.version
            ),
            Action.FUND_ACQUIT: lambda who: acquittals.acquit(who, it, account, fund.seen(it)),
            Action.FUND_DECLARE_SPENT: lambda who: acquittals.declare_spent(who, it, fund.seen(it)),
            Action.FUND_REVIEW: lambda who: acquittals.review(who, it, fund.seen(it)),
            Action.FUND_ACCOUNT_RETURN: lambda who: acquittals.return_account(
                who, it, WHY, fund.seen(it)
            ),
            Action.FUND_BACK: lambda who: acquittals.confirm_back(
                who, it, BackDraft(fund.today(), "x"), fund.seen(it)
            ),
        }


ENDS = {Action.FUND_WITHDRAW, Action.FUND_REFUSE, Action.FUND_CANCEL, Action.FUND_RETURN}
"""What is done less often, for it leads away from the end."""
LISTED: dict[Action, Callable[[Any], bool]] = {
    Action.FUND_SUBMIT: lambda it: it.status == RequestStatus.RETURNED,
    Action.FUND_VERIFY: lambda it: it.status == RequestStatus.SUBMITTED,
    Action.FUND_RECOMMEND: lambda _: True,
    Action.FUND_APPROVE: lambda _: True,
    Action.FUND_EMERGENCY: lambda it: it.emergency,
    Action.FUND_RATIFY: lambda _: True,
    Action.FUND_COMMIT: lambda _: True,
    Action.FUND_OUTCOME: lambda it: it.status == RequestStatus.ACQUITTED,
    Action.FUND_CLOSE: lambda _: True,
    Action.FUND_PREPARE: lambda _: True,
    Action.FUND_RELEASE: lambda _: True,
    Action.FUND_RECEIVE: lambda _: True,
    Action.FUND_COVER: lambda _: True,
    Action.FUND_REVIEW: lambda _: True,
    Action.FUND_BACK: lambda _: True,
}
"""What waits for somebody of all they could do; of the rest a list may name less than is open."""
DUE = {Action.FUND_CHECK, Action.FUND_ACQUIT}


def _offered(actor: Actor, way: Way) -> set[tuple[Action, int, type]]:
    """Return what the pages offer, each verb with its record."""
    tries = list(way.tries())
    verbs = tuple(dict.fromkeys(verb for verb, record, _ in tries if record is way.request))
    verbs += tuple(OF_INSTALMENT)
    may = REQUEST.offers(actor, verbs, way.request).may
    parts = instalments_of(way.request)
    found: set[tuple[Action, int, type]] = {
        (verb, way.request.id, SupportRequest) for verb in may if verb not in OF_INSTALMENT
    }
    for number, passes in passing(actor, OF_INSTALMENT, parts).items():
        found |= {(verb, number, Instalment) for verb in passes & may}
    paid = commitments.payments_of(way.request)
    of_payment = tuple(dict.fromkeys(verb for verb, one, _ in tries if isinstance(one, Payment)))
    for number, offer in PAYMENT.offers_each(actor, of_payment, paid).items():
        found |= {(verb, number, Payment) for verb in offer.may}
    return found


class Undone(Exception):
    """What was tried worked, and is taken back."""


def _accepts(actor: Actor, act: Act) -> bool:
    """Tell whether a service does it; whatever it did is taken back."""

    def act_and_stop() -> None:
        act(actor)
        raise Undone

    try:
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
            act_and_stop()
    except Undone:
        return True
    except WrongStatus:
        pass
    return False


def _all_say_that_they_know_nobody(way: Way) -> None:
    for login in WHO:
        actor = make.actor(login)
        if conflicts.has_declared(actor, way.request) is None:
            with suppress(DomainError):
                conflicts.declare(actor, way.request, knows=False)


def _permitted(actor: Actor, way: Way) -> list[Try]:
    """Return what the actor's role allows; of the rest the reviewed tables tell."""
    tries = list(way.tries())
    on_request = {verb for verb, record, _ in tries if not isinstance(record, Payment)}
    on_payment = {verb for verb, record, _ in tries if isinstance(record, Payment)}
    may = policy.allowed(actor, on_request, way.request)
    paid = [one.id for one in commitments.payments_of(way.request)]
    of_each = policy.allowed_each(actor, on_payment, Payment, paid) if paid else {}
    return [
        (verb, record, act)
        for verb, record, act in tries
        if verb in (of_each[record.id] if isinstance(record, Payment) else may)
    ]


def _compare(chance: Random, way: Way) -> list[tuple[Actor, Try]]:
    """Assert that page, list and service agree; return what somebody could do next."""
    open_now = []
    for login in WHO:
        actor, offered = make.actor(login), _offered(make.actor(login), way)
        tries = _permitted(actor, way)
        for verb, record, act in chance.sample(tries, min(TRIED, len(tries))):
            is_offered = (verb, record.id, type(record)) in offered
            assert _accepts(actor, act) is is_offered, (login, verb, way.request.status)
        _compare_list(actor, way, offered)
        open_now += [(actor, one) for one in tries if (one[0], one[1].id, type(one[1])) in offered]
    return open_now


def _compare_list(actor: Actor, way: Way, offered: set[tuple[Action, int, type]]) -> None:
    codes = {way.request.code, *(one.code for one in commitments.payments_of(way.request))}
    listed = {one.verb for one in waiting(actor) if one.code in codes}
    verbs = {verb for verb, _, _ in offered}
    assert listed <= verbs
    rows: tuple[Entity, ...] = (way.request, *commitments.payments_of(way.request))
    known: dict[tuple[type, int], Entity] = {(type(row), row.id): row for row in rows}
    wanted = {
        verb
        for verb, number, kind in offered
        if verb in LISTED and LISTED[verb](known.get((kind, number)))
    }
    assert listed - DUE == wanted, (actor, way.request.status)


OFTEN, SELDOM = (1, 3), (0, 2, *range(4, 12))


@pytest.mark.parametrize(
    "seed", [*OFTEN, *(pytest.param(seed, marks=pytest.mark.deep) for seed in SELDOM)]
)
def test_whatever_the_state_page_list_and_service_agree_for_everybody(seed: int) -> None:
    chance = Random(seed)
    amount = (60_00, 250_00, 900_00, 3_500_00)[seed % 4]
    fund.set_up(officer_most=100_00, verifier_may_release=seed % 2 == 0)
    halves = (InstalmentDraft(fund.today(), amount // 2),) * 2
    way = Way(fund.drafted(amount, who=("monitor", "director")[seed % 2], instalments=halves))
    reached = set()
    for _ in range(STEPS):
        _all_say_that_they_know_nobody(way)
        reached.add(str(way.request.status))
        could = _compare(chance, way)
        onward = [pair for pair in could if pair[1][0] not in ENDS] or could
        if not onward:
            break
        actor, (_, _, act) = chance.choice(onward if chance.random() < 0.9 else could)
        act(actor)
        session().expire_all()
    assert len(reached) > 2, reached


def test_the_guards_of_some_records_are_asked_of_those_alone() -> None:
    one, other = fund.sent(), fund.sent()
    part = instalments_of(one)[0]
    assert instalments_of(other)
    assert passing(make.actor("fund"), OF_INSTALMENT, [part]).keys() == {part.id}
    assert passing(make.actor("fund"), OF_INSTALMENT, []) == {}


@pytest.mark.parametrize("login", ["monitor", "director", "fund"])
def test_what_a_page_offers_with_an_arrow_or_without_is_what_a_list_names(login: str) -> None:
    request, actor, verbs = fund.sent(), make.actor(login), tuple(REQUEST.guards)
    query = select(SupportRequest.id)
    named = {verb for verb in verbs if session().scalar(query.where(REQUEST.open(actor, verb)))}
    assert named == REQUEST.offers(actor, verbs, request).may
    first = {Action.FUND_VERIFY} if login == "director" else set()
    assert named & {Action.FUND_VERIFY} == first, "whether they know them is asked on the page"
    assert REQUEST.offers_each(actor, verbs, []) == {}


# A setting changes while people work -------------------------------------------------------------


def _sees(who: str | Actor, verb: Action, record: SupportRequest | Payment) -> set[str]:
    """Return by which ways somebody can come to an act now."""
    workflow: Any = REQUEST if isinstance(record, SupportRequest) else PAYMENT
    actor, found = make.actor(who) if isinstance(who, str) else who, set()
    if verb in workflow.offers(actor, (verb,), record).may:
        found.add("button")
    if (verb, record.code) in {(one.verb, one.code) for one in waiting(actor)}:
        found.add("list")
    with suppress(DomainError), authorised(actor, verb, on=record):
        workflow.check(actor, verb, record)
        found.add("service")
    return found


EVERYWHERE = {"button", "list", "service"}


def test_who_asks_may_verify_from_the_moment_the_settings_say_so() -> None:
    request = fund.sent(who="director")
    fund.no_tie(request, "director")
    for may in (False, True, False):
        fund.set_up(requester_may_verify=may)
        assert _sees("director", Action.FUND_VERIFY, request) == (EVERYWHERE if may else set())


def test_whom_the_board_names_decides_from_that_moment() -> None:
    fund.set_up()
    request = fund.approve(fund.recommended(4_000_00), "fund", "national")
    fund.no_tie(request, "board")
    assert _sees("board", Action.FUND_APPROVE, request) == EVERYWHERE
    fund.set_up(board=make.user("colleague").uid)
    assert _sees("board", Action.FUND_APPROVE, request) == set()
    fund.no_tie(request, "colleague")
    assert _sees("colleague", Action.FUND_APPROVE, request) == EVERYWHERE


def test_the_ceiling_of_an_emergency_is_that_of_the_settings_now() -> None:
    request = fund.sent(200_00)
    fund.no_tie(request, "fund", "director")
    emergency.release(make.actor("fund"), request, WHY, request.version)
    for most in (200_00, 199_99, 200_00):
        fund.set_up(emergency_most=most)
        expected = EVERYWHERE if most >= request.amount else set()
        assert _sees("director", Action.FUND_EMERGENCY, request) == expected, most
    fund.set_up(currency="EUR")
    assert _sees("director", Action.FUND_EMERGENCY, request) == set()


@pytest.mark.parametrize(
    ("setting", "login"), [("preparer_may_release", "fund"), ("verifier_may_release", "director")]
)
def test_who_had_another_duty_releases_where_the_settings_let_them_now(
    setting: str, login: str
) -> None:
    request = fund.approve(fund.recommended(), "fund2")
    fund.no_tie(request, "fund")
    commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
    payment, actor = fund.prepared(request), make.actor(login)
    seat = Seat(Role.FINANCE_OFFICER, make.office(make.HERE).id)
    both = replace(actor, seats=actor.seats | {seat})
    for may in (False, True, False):
        fund.set_up(**{setting: may})
        assert _sees(both, Action.FUND_RELEASE, payment) == (EVERYWHERE if may else set())
