"""Where each guard of the fund is all that stands in somebody's way: the scenes that show it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import Guard
from hrdtracker.access.model import Block
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.fund import guards as must
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import delegation, emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.requests import DelegationDraft, VerificationDraft
from hrdtracker.fund.model import Capacity, Payment, RequestRole, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from tests import fund, fund_plans, make

WHY = fund.WHY
Standing = tuple[Actor, Entity]
"""Who would act, and on what."""


@dataclass(frozen=True)
class Scene:
    """One guard that does not hold, for verbs of which every other guard does."""

    guard: Guard
    verbs: tuple[Action, ...]
    build: Callable[[], Standing]

    def __str__(self) -> str:
        return f"{self.build.__name__.strip('_')}: {', '.join(self.verbs)}"


SCENES: list[Scene] = []
Build = Callable[[], Standing]


def scene(guard: Guard, *verbs: Action) -> Callable[[Build], Build]:
    """Keep that a scene shows a guard of these verbs."""

    def keep(build: Build) -> Build:
        SCENES.append(Scene(guard, verbs, build))
        return build

    return keep


# What they have in common ------------------------------------------------------------------------


def _free(request: SupportRequest, login: str) -> Standing:
    fund.no_tie(request, login)
    return make.actor(login), request


def _verify(request: SupportRequest, login: str) -> None:
    fund.no_tie(request, login)
    told = VerificationDraft(WHY, WHY, WHY)
    decisions.verify(make.actor(login), request, told, request.version)


def _signed(request: SupportRequest, *logins: str) -> SupportRequest:
    for login in logins:
        fund.no_tie(request, login)
        emergency.release(make.actor(login), request, WHY, request.version)
    return request


def released() -> SupportRequest:
    return _signed(fund.sent(), "fund", "director")


def ratify(request: SupportRequest, login: str, *, ratified: bool) -> SupportRequest:
    who, _ = _free(request, login)
    emergency.ratify(who, request, ratified=ratified, reason=WHY, version=request.version)
    return request


def _refused() -> SupportRequest:
    return ratify(released(), "national", ratified=False)


def commit(request: SupportRequest) -> SupportRequest:
    where = fund.line().uid
    commitments.commit(make.actor("fund"), request, where, request.version)
    return request


def payment_of(request: SupportRequest) -> Payment:
    return commitments.payments_of(request)[0]


def acquitted(request: SupportRequest) -> SupportRequest:
    fund.account(fund.receive(fund.release(fund.prepared(request))))
    assert request.status == "acquitted"
    return request


def _helped(request: SupportRequest) -> SupportRequest:
    acquittals.record_outcome(make.actor("director"), request, "yes", "")
    return request


def _stands_in(login: str, of: str, capacity: Capacity) -> None:
    moment = clock.now()
    told = DelegationDraft(
        make.user(login).uid,
        capacity,
        moment - timedelta(minutes=1),
        moment + timedelta(days=5),
        make.office(make.HERE).uid,
    )
    make.confirm("admin2", delegation.delegate(make.actor(of), make.organisation(), told))


# About the people --------------------------------------------------------------------------------

STAGES: tuple[tuple[Callable[[], SupportRequest], str, tuple[Action, ...]], ...] = (
    (fund.sent, "director2", (Action.FUND_VERIFY,)),
    (
        fund.recommended,
        "fund2",
        (Action.FUND_RETURN, Action.FUND_REFUSE, Action.FUND_APPROVE, Action.FUND_EMERGENCY),
    ),
    (released, "fund2", (Action.FUND_RATIFY, Action.FUND_COMMIT, Action.FUND_CANCEL)),
    (fund.committed, "fund2", (Action.FUND_MOVE, Action.FUND_PREPARE)),
)
"""A request where a colleague could do this, had they said that they know nobody in it."""


def _let_in_again(request: SupportRequest, login: str) -> Standing:
    conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    case = session().get_one(Case, request.case_id)
    (shut,) = session().scalars(select(Block).where(Block.scope_id == request.scope_id))
    sharing.end_block(make.actor("national"), case, shut.uid)
    make.confirm("director", shut)
    return make.actor(login), request


def _about_people() -> Iterator[Scene]:
    for build, login, verbs in STAGES:

        def silent(build: Any = build, login: str = login) -> Standing:
            return make.actor(login), build()

        def knows(build: Any = build, login: str = login) -> Standing:
            return _let_in_again(build(), login)

        yield Scene(must.HAS_ANSWERED, verbs, silent)
        yield Scene(must.KNOWS_NOBODY, verbs, knows)


SCENES += _about_people()

# About deciding ----------------------------------------------------------------------------------


@scene(must.NOT_IN_HASTE, Action.FUND_VERIFY)
def _one_has_signed_an_emergency() -> Standing:
    return _free(_signed(fund.sent(), "fund"), "director")


@scene(must.NOT_IN_HASTE, Action.FUND_RECOMMEND)
def _one_has_signed_an_emergency_of_what_was_verified() -> Standing:
    request = fund.sent()
    _verify(request, "director")
    return _free(_signed(request, "fund"), "director")


@scene(must.NOT_IN_HASTE, Action.FUND_APPROVE)
def _one_has_signed_an_emergency_of_what_was_recommended() -> Standing:
    return _free(_signed(fund.recommended(), "fund"), "national")


@scene(must.NOT_OWN, Action.FUND_VERIFY)
def _a_director_asked() -> Standing:
    return _free(fund.sent(who="director"), "director")


@scene(must.NOT_OWN, Action.FUND_RECOMMEND)
def _a_director_verified_their_own_while_they_might() -> Standing:
    fund.set_up(requester_may_verify=True)
    request = fund.sent(who="director")
    _verify(request, "director")
    fund.set_up()
    return make.actor("director"), request


@scene(must.VERIFIED_IT, Action.FUND_RECOMMEND)
def _another_verified_it() -> Standing:
    request = fund.sent()
    _verify(request, "director")
    return _free(request, "director2")


@scene(must.HAS_NOT_SIGNED, Action.FUND_APPROVE, Action.FUND_REFUSE)
def _who_signed_as_officer_stands_in_for_a_director() -> Standing:
    _stands_in("fund", "national", Capacity.DIRECTOR)
    request = fund.approve(fund.recommended(1_000_00), "fund")
    return make.actor("fund"), request


@scene(must.CAN_SIGN, Action.FUND_APPROVE, Action.FUND_REFUSE)
def _another_officer_has_signed() -> Standing:
    return _free(fund.approve(fund.recommended(1_000_00), "fund"), "fund2")


@scene(must.NOT_BEING_CORRECTED, Action.FUND_REFUSE)
def _who_asked_for_it_is_to_correct_it() -> Standing:
    request = fund.recommended()
    fund.no_tie(request, "fund2")
    decisions.return_request(make.actor("fund2"), request, WHY, request.version)
    return _free(request, "fund")


# About an emergency ------------------------------------------------------------------------------


@scene(must.WITHIN_CEILING, Action.FUND_EMERGENCY)
def _it_is_a_cent_too_much() -> Standing:
    return _free(fund.sent(300_01), "fund")


@scene(must.NOT_APPROVED_YET, Action.FUND_EMERGENCY)
def _one_of_two_has_approved() -> Standing:
    fund.set_up(officer_most=100_00)
    return _free(fund.approve(fund.recommended(200_00), "fund"), "national")


@scene(must.HAS_NOT_SIGNED, Action.FUND_EMERGENCY)
def _who_signed_a_release_stands_in_for_a_director() -> Standing:
    _stands_in("fund", "national", Capacity.DIRECTOR)
    return make.actor("fund"), _signed(fund.sent(), "fund")


@scene(must.CAN_RELEASE, Action.FUND_EMERGENCY)
def _another_officer_has_signed_a_release() -> Standing:
    return _free(_signed(fund.sent(), "fund"), "fund2")


@scene(must.WAITS_FOR_RATIFICATION, Action.FUND_RATIFY)
def _nothing_was_released() -> Standing:
    return _free(fund.sent(), "fund2")


@scene(must.WAS_REFUSED, Action.FUND_LIFT)
def _nothing_was_refused() -> Standing:
    return make.actor("national"), released()


@scene(must.DID_NOT_SIGN_RELEASE, Action.FUND_LIFT)
def _who_released_it_would_lift_it_after_a_change() -> Standing:
    request = _signed(fund.sent(), "fund", "national")
    ratify(request, "director2", ratified=False)
    requests.edit(make.actor("monitor"), request, fund.draft(90_00), request.version)
    return make.actor("national"), request


@scene(must.NOT_REFUSED, Action.FUND_COMMIT)
def _a_release_was_refused() -> Standing:
    return _free(_refused(), "fund2")


@scene(must.NOT_REFUSED, Action.FUND_PREPARE)
def _a_release_was_refused_after_it_was_committed() -> Standing:
    return _free(ratify(commit(released()), "national", ratified=False), "fund2")


# About the way of a request ----------------------------------------------------------------------


@scene(must.INCIDENT_SENT, Action.FUND_SUBMIT)
def _the_incident_is_a_draft() -> Standing:
    case = make.case_of(make.incident(send=False))
    return make.actor("monitor"), requests.ask(make.actor("monitor"), case, fund.draft())


def being_paid() -> Standing:
    request = fund.committed()
    fund.prepared(request)
    return make.actor("fund"), request


scene(must.NOTHING_PAID, Action.FUND_MOVE)(being_paid)
scene(must.NO_PAYMENT, Action.FUND_CANCEL)(being_paid)


@scene(must.NOT_ASKED_YET, Action.FUND_OUTCOME)
def _somebody_asked_whether_it_helped() -> Standing:
    return make.actor("director2"), _helped(fund.paid())


@scene(must.OUTCOME_SAID, Action.FUND_CLOSE)
def _nobody_asked_whether_it_helped() -> Standing:
    return make.actor("fund"), acquitted(fund.committed())


@scene(must.OWES_THE_REST, Action.FUND_COMPLETE)
def _a_request_in_full_owes_nothing() -> Standing:
    return make.actor("monitor"), fund.sent()


@scene(must.RATIFIED, Action.FUND_CLOSE)
def _nobody_ratified_it() -> Standing:
    return make.actor("fund2"), _helped(acquitted(commit(released())))


@scene(must.WAS_SENT, Action.FUND_COMPLAIN)
def _it_was_never_sent() -> Standing:
    return make.actor("fund"), fund.drafted()


# A plan, and what draws from it -------------------------------------------------------------------


@scene(must.SHORT_ENOUGH, Action.FUND_RECOMMEND)
def _short_requests_of_one_payee_come_to_more_than_one_may() -> Standing:
    request = fund.sent()
    case = session().get_one(Case, request.case_id)
    payee = fund.person_in(request, RequestRole.PAYEE)
    again = requests.ask(make.actor("monitor"), case, fund.short(payee=payee))
    requests.submit(make.actor("monitor"), again, again.version)
    _verify(again, "director")
    return make.actor("director"), again


@scene(must.NOTHING_DRAWN, Action.FUND_EDIT, Action.FUND_WITHDRAW)
def _a_household_has_drawn_from_the_plan() -> Standing:
    plan = fund_plans.approved(4, 50_00)
    fund_plans.drawn(plan)
    return make.actor("monitor"), plan


@scene(must.NO_PLAN, Action.FUND_EMERGENCY)
def _a_plan_is_to_be_released_at_once() -> Standing:
    return _free(fund_plans.sent(4, 50_00), "fund")


@scene(must.NO_PLAN, Action.FUND_COMMIT)
def _a_plan_is_to_be_paid_itself() -> Standing:
    return _free(fund_plans.approved(4, 50_00), "fund2")


def _of_an_ended_plan() -> SupportRequest:
    fund_plans.approved(2, 50_00)  # another plan that stands
    plan = fund_plans.approved(4, 50_00)
    draw = fund_plans.drawn(plan)
    commitments.cancel(make.actor("fund"), plan, WHY, plan.version)
    return draw


@scene(must.PLAN_IS_APPROVED, Action.FUND_APPROVE)
def _a_plan_ended_before_its_draw_was_approved() -> Standing:
    return _free(fund.recommend(_of_an_ended_plan()), "fund")


@scene(must.PLAN_IS_APPROVED, Action.FUND_EMERGENCY)
def _a_plan_ended_before_its_draw_was_released() -> Standing:
    return _free(_of_an_ended_plan(), "fund")


@scene(must.PLAN_STANDS, Action.FUND_COMMIT)
def _a_plan_is_decided_anew_after_its_draw_was_approved() -> Standing:
    plan = fund_plans.approved(4, 50_00)
    draw = fund.approve(fund.recommend(fund_plans.drawn(plan)), "fund")
    decisions.return_request(make.actor("fund"), plan, WHY, plan.version)
    return make.actor("fund"), draw
