"""A plan: one decision for many households, from which each draws under its own check."""

from datetime import timedelta
from typing import Any

import pytest

from hrdtracker.access.action import Action
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, WrongStatus
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.requests import IN_FULL, ItemDraft, RequestDraft
from hrdtracker.fund.model import RequestRole, SupportRequest
from hrdtracker.fund.reading.plans import open_plans
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from tests import fund, fund_plans, make
from tests.fund import person_in

pytestmark = pytest.mark.usefixtures("unit")
EACH = 50_00
HELPED = RequestRole.BENEFICIARY


def _case(request: SupportRequest) -> Case:
    return session().get_one(Case, request.case_id)


def test_a_plan_is_decided_once_at_the_level_of_its_whole_sum() -> None:
    fund.set_up()
    assert needs(fund_plans.sent(10, EACH)) == ["officer"]
    assert needs(fund_plans.sent(40, EACH)) == ["officer", "director"]
    assert needs(fund_plans.sent(70, EACH)) == ["officer", "director", "board"]


def test_plans_of_one_case_add_up_and_nothing_else_with_them() -> None:
    first, other = fund_plans.sent(10, EACH), fund.sent(500_00)
    assert needs(fund_plans.sent(10, EACH, _case(first))) == ["officer", "director"]
    assert needs(fund_plans.sent(10, EACH, _case(other))) == ["officer"]


def test_a_household_draws_with_a_few_words_and_a_fund_officer_approves() -> None:
    plan = fund_plans.approved(40, EACH)
    draw = fund_plans.drawn(plan)
    assert (draw.short, needs(draw), plan.drawn) == (True, ["officer"], 1)
    fund.approve(fund.recommend(draw), "fund")
    commitments.commit(make.actor("fund"), draw, fund.line().uid, draw.version)
    assert draw.status == "committed"


@pytest.mark.engines("sqlite")
def test_whoever_approved_the_plan_need_not_approve_what_draws_from_it() -> None:
    first = fund_plans.approved(1, 300_00)
    second = fund_plans.approved(1, 300_00, _case(first))
    assert (needs(first), needs(second)) == (["officer"], ["officer", "director"])
    helped = person_in(fund_plans.drawn(first), HELPED)
    draw = fund_plans.drawn(second, beneficiary=helped)
    assert (draw.counted_amount, needs(draw)) == (600_00, ["officer"])


@pytest.mark.engines("sqlite")
def test_two_plans_that_an_officer_approved_alone_are_no_way_around_a_director() -> None:
    plan = fund_plans.approved(1, 300_00)
    draw = fund_plans.drawn(plan)
    elsewhere = make.case_of(make.incident(victims=(person_in(draw, HELPED),)))
    other = fund_plans.approved(1, 300_00, elsewhere)
    assert (needs(plan), needs(other)) == (["officer"], ["officer"])
    again = fund_plans.drawn(other, beneficiary=person_in(draw, HELPED))
    assert needs(again) == ["officer", "director"]


@pytest.mark.engines("sqlite")
def test_no_household_draws_twice_nor_more_than_it_may_nor_beyond_the_plan() -> None:
    plan = fund_plans.approved(2, EACH)
    first = fund_plans.drawn(plan)
    with pytest.raises(WrongStatus, match="has drawn from the plan already"):
        fund_plans.drawn(plan, beneficiary=person_in(first, HELPED))
    session().rollback()
    assert plan.drawn == 1
    assert make.refused(lambda: fund_plans.drawn(plan, EACH + 1)) == {"items"}
    fund_plans.drawn(plan)
    assert open_plans(_case(plan)) == []
    with pytest.raises(WrongStatus, match="As many households"):
        fund_plans.drawn(plan)


@pytest.mark.engines("sqlite")
def test_a_draw_that_comes_to_nothing_gives_its_place_back() -> None:
    plan = fund_plans.approved(1, EACH)
    fund.no_tie(plan, "fund")
    withdrawn = fund_plans.drawn(plan)
    requests.withdraw(make.actor("monitor"), withdrawn, withdrawn.version)
    returned = fund_plans.drawn(plan)
    fund.no_tie(returned, "fund")
    decisions.return_request(make.actor("fund"), returned, fund.WHY, returned.version)
    refused = fund.recommend(fund_plans.drawn(plan))
    fund.no_tie(refused, "fund")
    decisions.refuse(make.actor("fund"), refused, fund.WHY, refused.version)
    cancelled = fund.approve(fund.recommend(fund_plans.drawn(plan)), "fund")
    commitments.cancel(make.actor("fund"), cancelled, fund.WHY, cancelled.version)
    assert plan.drawn == 0
    requests.submit(make.actor("monitor"), returned, returned.version)
    assert plan.drawn == 1


@pytest.mark.engines("sqlite")
def test_what_took_no_place_gives_none_back() -> None:
    plan = fund_plans.approved(3, EACH)
    fund_plans.drawn(plan)
    monitor, told = make.actor("monitor"), fund.short(EACH, plan=plan.uid)
    never_sent = requests.ask(monitor, _case(plan), told)
    requests.withdraw(monitor, never_sent, never_sent.version)
    returned = fund_plans.drawn(plan)
    fund.no_tie(returned, "fund")
    decisions.return_request(make.actor("fund"), returned, fund.WHY, returned.version)
    requests.withdraw(monitor, returned, returned.version)
    assert plan.drawn == 1


@pytest.mark.engines("sqlite")
def test_what_was_begun_while_a_plan_was_open_is_not_sent_once_it_is_not() -> None:
    plan = fund_plans.approved(2, EACH)
    later = fund.today() + timedelta(days=60)
    told = fund.short(EACH, plan=plan.uid, needed_by=later)
    draw = requests.ask(make.actor("monitor"), _case(plan), told)
    with clock.as_of(clock.now() + timedelta(days=40)), pytest.raises(WrongStatus, match="is past"):
        requests.submit(make.actor("monitor"), draw, draw.version)
    session().rollback()
    fund.no_tie(plan, "fund")
    commitments.cancel(make.actor("fund"), plan, fund.WHY, plan.version)
    with pytest.raises(WrongStatus, match="is not approved, or has ended"):
        requests.submit(make.actor("monitor"), draw, draw.version)
    with pytest.raises(WrongStatus, match="is not approved, or has ended"):
        requests.ask(make.actor("monitor"), _case(plan), fund.short(EACH, plan=plan.uid))


@pytest.mark.engines("sqlite")
def test_nothing_is_drawn_from_a_plan_that_is_not_approved_or_has_ended() -> None:
    waits = fund_plans.sent(2, EACH)
    with pytest.raises(WrongStatus, match="is not approved, or has ended"):
        fund_plans.drawn(waits)
    session().rollback()
    plan = fund_plans.approved(2, EACH)
    with clock.as_of(clock.now() + timedelta(days=40)), pytest.raises(WrongStatus, match="is past"):
        fund_plans.drawn(plan)
    session().rollback()
    draw = fund.recommend(fund_plans.drawn(plan))
    fund.no_tie(draw, "fund")
    commitments.cancel(make.actor("fund"), plan, fund.WHY, plan.version)
    with pytest.raises(WrongStatus, match="is not approved, or has ended"):
        fund.approve(draw, "fund")
    session().rollback()
    with pytest.raises(WrongStatus, match="is not approved, or has ended"):
        emergency.release(make.actor("fund"), draw, fund.WHY, draw.version)
    session().rollback()
    requests.withdraw(make.actor("monitor"), draw, draw.version)
    assert draw.status == "withdrawn", "it goes on"


@pytest.mark.engines("sqlite")
def test_one_draws_only_from_a_plan_of_the_case() -> None:
    plan = fund_plans.approved(2, EACH)
    elsewhere = make.case_of(make.incident())
    with pytest.raises(NotFound):
        requests.ask(make.actor("monitor"), elsewhere, fund.draft(EACH, plan=plan.uid))


@pytest.mark.engines("sqlite")
def test_one_draws_only_from_what_is_a_plan() -> None:
    granted = fund.approved(500_00)
    told = fund.short(EACH, plan=granted.uid)
    with pytest.raises(NotFound):
        requests.ask(make.actor("monitor"), _case(granted), told)


@pytest.mark.engines("sqlite")
def test_a_household_whose_draw_came_to_nothing_draws_anew() -> None:
    plan = fund_plans.approved(2, EACH)
    first = fund_plans.drawn(plan)
    requests.withdraw(make.actor("monitor"), first, first.version)
    again = fund_plans.drawn(plan, beneficiary=person_in(first, HELPED))
    assert (again.status, plan.drawn) == ("submitted", 1)


@pytest.mark.engines("sqlite")
def test_a_plan_is_neither_paid_nor_released_nor_changed_once_somebody_drew() -> None:
    plan = fund_plans.sent(4, EACH)
    fund.no_tie(plan, "fund", "director")
    with pytest.raises(WrongStatus, match="A plan is not paid itself"):
        emergency.release(make.actor("fund"), plan, fund.WHY, plan.version)
    session().rollback()
    requests.edit(make.actor("monitor"), plan, fund_plans.draft(5, EACH), plan.version)
    fund.approve(fund.recommend(plan), "fund")
    with pytest.raises(WrongStatus, match="A plan is not paid itself"):
        commitments.commit(make.actor("fund"), plan, fund.line().uid, plan.version)
    session().rollback()
    assert Action.FUND_COMMIT not in {task.verb for task in waiting(make.actor("fund"))}
    fund_plans.drawn(plan)
    author = make.actor("monitor")
    with pytest.raises(WrongStatus, match="is ended, not changed"):
        requests.edit(author, plan, fund_plans.draft(6, EACH), plan.version)
    session().rollback()
    with pytest.raises(WrongStatus, match="is ended, not changed"):
        requests.withdraw(author, plan, plan.version)
    session().rollback()
    decisions.return_request(make.actor("fund"), plan, fund.WHY, plan.version)
    requests.submit(author, plan, plan.version)
    assert (plan.status, plan.drawn) == ("submitted", 1)


@pytest.mark.engines("sqlite")
def test_what_a_plan_must_say_stands_beside_its_fields() -> None:
    def draft(households: int = 3, **changes: Any) -> RequestDraft:
        return fund_plans.draft(households, EACH, **changes)

    assert "households" in make.refused(lambda: draft(0))
    assert make.refused(lambda: draft(10_001)) == {"households"}
    assert make.refused(lambda: draft(plan_until=None)) == {"plan_until"}
    uneven = (ItemDraft("family", EACH, quantity=4),)
    assert make.refused(lambda: draft(items=uneven)) == {"items"}
    plan = requests.ask(make.actor("monitor"), make.case_of(make.incident()), draft(words={}))
    missing = make.refused(lambda: requests.submit(make.actor("monitor"), plan, plan.version))
    assert missing == {"need", *IN_FULL} - {"risk_level"}, "people and how to pay are no part of it"


@pytest.mark.engines("sqlite")
def test_the_draws_of_a_plan_do_not_show_as_splitting_its_case() -> None:
    plan = fund_plans.approved(4, EACH)
    fund_plans.drawn(plan)
    draw = fund_plans.drawn(plan)
    for request in (plan, draw):
        assert fund.warnings("director", request) == []


@pytest.mark.engines("sqlite")
def test_whoever_draws_owes_nothing_that_the_plan_says_for_all() -> None:
    draw = fund_plans.drawn(fund_plans.approved(2, EACH))
    with pytest.raises(WrongStatus):
        requests.complete(make.actor("monitor"), draw, fund.draft(EACH), draw.version)
    assert waiting(make.actor("monitor")) == []


def test_somebody_new_draws_as_well_as_somebody_who_is_named() -> None:
    plan = fund_plans.approved(2, EACH)
    new = Victim(described=PersonDraft((NameDraft("Demo C"),), sex=Sex.FEMALE))
    assert fund_plans.drawn(plan, beneficiary=new, payee=new).status == "submitted"


@pytest.mark.engines("sqlite")
def test_whoever_decided_on_a_plan_decided_on_nothing_that_they_draw_for_themself() -> None:
    fund.set_up()
    plan = fund.approve(fund.recommend(fund_plans.sent(3, 250_00), "director2"), "fund", "director")
    told, needed = fund.short(250_00, plan=plan.uid, reimburses=True, payee=None), []
    for _ in range(3):
        draw = requests.ask(make.actor("director"), _case(plan), told)
        requests.submit(make.actor("director"), draw, draw.version)
        fund.approve(fund.recommend(draw, "director2"), "fund")
        needed.append((needs(draw), draw.status))
    alone, two = (["officer"], "approved"), (["officer", "director"], "recommended")
    assert needed == [alone, alone, two]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("carrier", "needed"), [("colleague", ["officer"]), ("national", ["officer", "director"])]
)
def test_whoever_decided_on_a_plan_decided_on_nothing_that_they_carry(
    carrier: str, needed: list[str]
) -> None:
    fund.set_up()
    plan = fund_plans.approved(2, 600_00)
    draw = fund_plans.drawn(
        plan, method="cash", payee_details=None, carrier_colleague=make.user(carrier).uid
    )
    assert needs(fund.recommend(draw)) == needed


@pytest.mark.engines("sqlite")
def test_nothing_is_promised_on_a_plan_whose_approval_is_void() -> None:
    fund.set_up()
    plan = fund_plans.approved(12, 250_00)
    drawn = [fund.approve(fund.recommend(fund_plans.drawn(plan)), "fund") for _ in range(2)]
    line, officer = fund.line(5_000_00), make.actor("fund")
    conflicts.declare(make.actor("national"), plan, knows=True, reason="A cousin.")
    with pytest.raises(WrongStatus, match="Its plan is not approved"):
        commitments.commit(officer, drawn[0], line.uid, drawn[0].version)
    session().rollback()
    fund.approve(fund.recommend(plan), "fund", "director2")
    commitments.commit(officer, drawn[0], line.uid, drawn[0].version)
    commitments.cancel(officer, plan, fund.WHY, plan.version)
    commitments.commit(officer, drawn[1], line.uid, drawn[1].version)
    assert {each.status for each in drawn} == {"committed"}


@pytest.mark.engines("sqlite")
def test_what_a_plan_leaves_behind_is_somebody_s_task() -> None:
    fund.set_up()
    plan = fund_plans.approved(4, EACH)
    first, second = (fund.recommend(fund_plans.drawn(plan)) for _ in range(2))
    fund.approve(first, "fund")
    decisions.return_request(make.actor("fund"), plan, fund.WHY, plan.version)
    requests.submit(make.actor("monitor"), plan, plan.version)
    decisions.refuse(make.actor("fund"), plan, fund.WHY, plan.version)
    fund.no_tie(second, "fund")
    tasks = {(task.verb, task.code) for task in waiting(make.actor("fund"))}
    assert tasks == {(Action.FUND_CANCEL, first.code), (Action.FUND_REFUSE, second.code)}
    decisions.refuse(make.actor("fund"), second, fund.WHY, second.version)
    commitments.cancel(make.actor("fund"), first, fund.WHY, first.version)
    assert waiting(make.actor("fund")) == []


@pytest.mark.engines("sqlite")
def test_a_draw_above_its_share_is_refused_where_its_amount_is_written() -> None:
    plan = fund_plans.approved(2, EACH)
    author, case = make.actor("monitor"), _case(plan)
    too_much = fund.short(EACH + 1, plan=plan.uid)
    assert make.refused(lambda: requests.ask(author, case, too_much)) == {"items"}
    draw = requests.ask(author, case, fund.short(EACH, plan=plan.uid))
    assert make.refused(lambda: requests.edit(author, draw, too_much, draw.version)) == {"items"}
    other = fund.short(EACH, plan=plan.uid, currency="EUR")
    assert make.refused(lambda: requests.edit(author, draw, other, draw.version)) == {"items"}


@pytest.mark.engines("sqlite")
def test_a_draw_is_changed_in_words_though_its_share_is_less_now_and_not_sent() -> None:
    plan = fund_plans.approved(2, EACH)
    author = make.actor("monitor")
    draw = requests.ask(author, _case(plan), fund.short(EACH, plan=plan.uid))
    requests.edit(author, plan, fund_plans.draft(2, EACH - 1), plan.version)
    requests.edit(author, draw, fund.short(EACH, plan=plan.uid, urgency="urgent"), draw.version)
    assert draw.urgency == "urgent"
    assert make.refused(lambda: requests.submit(author, draw, draw.version)) == {"items"}


@pytest.mark.engines("sqlite")
def test_a_plan_past_its_last_day_is_its_fund_officer_s_to_end_once_its_draws_are_decided() -> None:
    fund.set_up()
    plan = fund_plans.approved(4, EACH)
    draw = fund.recommend(fund_plans.drawn(plan))
    ending = (Action.FUND_CANCEL, plan.code)

    def tasks(day: int) -> set[tuple[Action, str]]:
        with clock.as_of(clock.now() + timedelta(days=day)):
            return {(task.verb, task.code) for task in waiting(make.actor("fund"))}

    assert ending not in tasks(30) | tasks(31)
    fund.approve(draw, "fund")
    assert ending not in tasks(30)
    assert ending in tasks(31)
    commitments.cancel(make.actor("fund"), plan, fund.WHY, plan.version)
    assert ending not in tasks(31)
