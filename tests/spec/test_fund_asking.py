"""Asking for support: what a request must say, who sees it, and by when it is decided."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Block
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft, RequestDraft
from hrdtracker.fund.model import Decision, RequestPerson, RequestRole, SupportRequest
from hrdtracker.fund.reading import prior_support
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.changes import ChangedSince, changed_since
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts, content
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.editing import draft_of
from hrdtracker.fund.requests.people import reveal_people
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")


def _sees(login: str, request: SupportRequest) -> bool:
    return policy.allows(make.actor(login), Action.FUND_REQUEST_READ, request)


def _missing(request: SupportRequest) -> set[str]:
    with pytest.raises(Refused) as refused:
        requests.submit(make.actor("monitor"), request, request.version)
    return set(refused.value.reasons)


# Writing and sending -----------------------------------------------------------------------------


def test_a_request_is_saved_as_one_goes_and_sent_when_it_says_everything() -> None:
    case = make.case_of(make.incident())
    monitor = make.actor("monitor")
    request = requests.ask(monitor, case, RequestDraft())
    assert {"beneficiary", "payee", "items", "need", "method", "tie"} <= _missing(request)
    requests.edit(monitor, request, fund.draft(), request.version)
    requests.submit(monitor, request, request.version)
    assert request.status == "submitted"
    assert request.code.startswith("F-")


def test_a_short_request_says_who_what_how_much_by_when_and_how_to_pay() -> None:
    case = make.case_of(make.incident())
    request = requests.ask(make.actor("monitor"), case, fund.short())
    requests.submit(make.actor("monitor"), request, request.version)
    assert request.status == "submitted"
    assert {"threats", "tie", "risk_level"} <= set(content.due_later(request))


def test_a_short_request_is_only_for_small_amounts() -> None:
    case = make.case_of(make.incident())
    request = requests.ask(make.actor("monitor"), case, fund.short(150_01))
    assert _missing(request) == {"short"}


def test_the_rest_of_a_short_request_is_said_later_and_voids_nothing() -> None:
    case = make.case_of(make.incident())
    request = requests.ask(make.actor("monitor"), case, fund.short())
    requests.submit(make.actor("monitor"), request, request.version)
    fund.recommend(request)
    requests.complete(make.actor("monitor"), request, fund.draft(), request.version)
    assert request.status == "recommended"
    assert content.due_later(request) == {}


@pytest.mark.engines("sqlite")
def test_the_rest_of_a_short_request_may_be_said_between_its_approval_and_its_payment() -> None:
    case, monitor = make.case_of(make.incident()), make.actor("monitor")
    request = requests.ask(monitor, case, fund.short())
    requests.submit(monitor, request, request.version)
    fund.approve(fund.recommend(request), "fund")
    requests.complete(monitor, request, fund.draft(), request.version)
    commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
    assert request.status == "committed"


@pytest.mark.engines("sqlite")
def test_who_approved_a_short_request_is_bound_to_what_they_saw_and_reads_what_was_added() -> None:
    case, monitor = make.case_of(make.incident()), make.actor("monitor")
    request = requests.ask(monitor, case, fund.short())
    requests.submit(monitor, request, request.version)
    fund.approve(fund.recommend(request), "fund")
    (approval,) = session().scalars(select(Decision).where(Decision.stands()))
    seen = approval.digest
    requests.complete(monitor, request, fund.draft(), request.version)
    assert approval.digest == seen == content.digest_of(request)
    changes = changed_since(make.actor("fund"), request, (), ())
    added = {change.column for change in changes if isinstance(change, ChangedSince)}
    assert {"threats", "tie", "risk_level"} <= added
    words = {**fund.WORDS, "threats": "Other calls."}
    changed = replace(draft_of(request), words=words)
    assert requests.edit(monitor, request, changed, request.version)
    assert (request.status, request.said_later) == ("submitted", None)


def test_a_relocation_says_how_the_person_comes_back() -> None:
    request = fund.drafted(items=(ItemDraft("relocation", 100_00, "Room"),))
    assert _missing(request) == {"exit_plan"}


def test_only_what_is_paid_as_a_lump_sum_by_the_table_is_one() -> None:
    assert _missing(fund.drafted(items=(ItemDraft("legal", 100_00, lump=True),))) == {
        "items.0.lump"
    }
    assert fund.sent(items=(ItemDraft("prison_visit", 100_00, lump=True),)).status == "submitted"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": (ItemDraft("legal", 0),)}, "items.0.each"),
        ({"items": (ItemDraft("legal", -5),)}, "items.0.each"),
        ({"items": (ItemDraft("legal", 5, quantity=0),)}, "items.0.quantity"),
        ({"items": (ItemDraft("", 5),)}, "items.0.support_type"),
        ({"currency": "XXX"}, "currency"),
        ({"words": {"need": "x" * 20_001}}, "need"),
        ({"words": {"need": "a\x00b"}}, "need"),
    ],
)
@pytest.mark.engines("sqlite")
def test_bad_input_is_refused_beside_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        fund.draft(**changes)
    assert field in refused.value.reasons


def test_instalments_that_are_not_the_total_are_refused() -> None:
    day = fund.today()
    with pytest.raises(Refused) as refused:
        fund.draft(100_00, instalments=(InstalmentDraft(day, 99_00),))
    assert "instalments" in refused.value.reasons


def test_instalments_in_another_currency_come_to_no_more_than_the_total() -> None:
    fund.rate(4000)
    day = fund.today()
    half = InstalmentDraft(day, 50_00)
    too_much = InstalmentDraft(day, 204_000_00, "KHR")
    assert _missing(fund.drafted(instalments=(half, too_much))) == {"instalments"}
    fits = InstalmentDraft(day, 200_000_00, "KHR")
    assert fund.sent(instalments=(half, fits)).status == "submitted"


def test_a_type_of_support_that_no_list_holds_is_refused() -> None:
    with pytest.raises(Refused):
        fund.drafted(items=(ItemDraft("bribe", 100_00),))


def test_people_of_other_cases_are_not_chosen() -> None:
    stranger = make.incident("stranger")
    there = select(Person.uid).where(Person.recorded_by_id == stranger.recorded_by_id)
    uid = session().scalars(there).first()
    with pytest.raises(Refused) as refused:
        fund.drafted(beneficiary=Victim(known=uid))
    assert "beneficiary" in refused.value.reasons


def test_the_same_payee_has_the_same_code() -> None:
    first = fund.sent()
    payee = select(Person).join(RequestPerson, RequestPerson.person_id == Person.id)
    person = session().scalars(payee.where(RequestPerson.part == RequestRole.PAYEE)).one()
    make.load_keys(person)
    case = session().get_one(Case, first.case_id)
    again = requests.ask(make.actor("monitor"), case, fund.draft(payee=Victim(known=person.uid)))
    assert again.payee_code == first.payee_code
    assert fund.sent().payee_code != first.payee_code


# Who sees it -------------------------------------------------------------------------------------


WHO_SEES = (
    ("monitor", True, True),  # asked
    ("colleague", False, False),
    ("director", False, True),
    ("national", False, True),
    ("fund", False, True),  # from submission
    ("fund2", False, True),
    ("finance", False, False),
    ("auditor", False, False),
    ("admin", False, False),
    ("board", False, False),
    ("stranger", False, False),
    ("far_director", False, False),
)


@pytest.mark.engines("sqlite")
def test_who_sees_a_draft_and_a_sent_request() -> None:
    fund.set_up()
    a_draft, a_sent_one = fund.drafted(), fund.sent()
    for who, draft, sent in WHO_SEES:
        assert (_sees(who, a_draft), _sees(who, a_sent_one)) == (draft, sent), who


def test_the_board_sees_only_what_it_must_decide() -> None:
    fund.set_up()
    assert _sees("board", fund.sent(3_000_01))
    assert not _sees("board", fund.sent(3_000_00))


def test_names_are_shown_to_the_fund_officer_only_when_asked_for_and_this_is_recorded() -> None:
    request = fund.sent()
    story = request_reading.story(make.actor("fund"), request.uid)
    assert {each.part for each in story.people} == {RequestRole.BENEFICIARY, RequestRole.PAYEE}
    shown = reveal_people(make.actor("fund"), request).names
    assert sorted(name for names in shown.values() for name in names) == ["Demo A", "Demo B"]
    with pytest.raises(NotAllowed):
        reveal_people(make.actor("colleague"), request)


def test_a_request_that_one_may_not_open_is_not_found() -> None:
    request = fund.sent()
    with pytest.raises(NotFound):
        request_reading.story(make.actor("finance"), request.uid)


# Do you know these people? -----------------------------------------------------------------------


def test_nobody_works_on_a_request_before_saying_whether_they_know_the_people() -> None:
    request = fund.sent()
    with pytest.raises(WrongStatus, match="whether you know"):
        decisions.return_request(make.actor("fund"), request, "Why?", request.version)


def test_whoever_knows_them_is_shut_out_of_case_request_and_queue_at_once() -> None:
    request = fund.recommended()
    case = session().get_one(Case, request.case_id)
    assert policy.allows(make.actor("fund"), Action.CASE_OUTLINE, case)
    conflicts.declare(make.actor("fund"), request, knows=True, reason="He is my cousin.")
    assert not _sees("fund", request)
    assert not policy.allows(make.actor("fund"), Action.CASE_OUTLINE, case)
    assert request.code not in {row.code for row in request_reading.queue(make.actor("fund"))[0]}
    assert request.code not in {each.code for each in waiting(make.actor("fund"))}
    shut = session().scalars(select(Block)).one()
    make.load_keys(shut)
    assert shut.reason == "He is my cousin."


def test_a_deputy_takes_over_from_whoever_knows_them() -> None:
    request = fund.recommended()
    conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")
    assert request.needs_officer
    fund.approve(request, "fund2")
    assert request.status == "approved"


def test_where_the_only_decider_knows_them_the_board_decides() -> None:
    fund.set_up()
    request = fund.recommended()
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert (request.needs_officer, request.needs_board) == (False, True)
    assert _sees("board", request)
    fund.approve(request, "board")
    assert request.status == "approved"


def test_what_somebody_had_a_part_in_is_void_when_they_know_the_people_after_all() -> None:
    request = fund.approved(1_000_00)
    conflicts.declare(make.actor("national"), request, knows=True, reason="A friend.")
    assert request.status == "submitted"
    assert request.approvers() == set()


def test_a_yes_needs_a_reason() -> None:
    request = fund.sent()
    with pytest.raises(Refused):
        conflicts.declare(make.actor("fund"), request, knows=True)


# Duplicates --------------------------------------------------------------------------------------


def _again(request: SupportRequest) -> SupportRequest:
    """Ask once more for the same beneficiary."""
    helped = select(Person).join(RequestPerson, RequestPerson.person_id == Person.id)
    person = (
        session()
        .scalars(
            helped.where(
                RequestPerson.part == RequestRole.BENEFICIARY,
                RequestPerson.request_id == request.id,
            )
        )
        .one()
    )
    case = session().get_one(Case, request.case_id)
    draft = fund.draft(beneficiary=Victim(known=person.uid))
    again = requests.ask(make.actor("monitor"), case, draft)
    requests.submit(make.actor("monitor"), again, again.version)
    return again


def test_a_request_for_the_same_people_is_named_to_those_who_may_open_it() -> None:
    first = fund.sent()
    said = prior_support.overlaps(make.actor("fund"), _again(first))
    assert f"Request {first.code} is for some of the same people." in map(str, said)


def test_a_hidden_request_for_the_same_people_is_only_hinted_at() -> None:
    first = fund.sent()
    said = prior_support.overlaps(make.actor("finance"), _again(first))
    assert (str(said[0]), first.code in "".join(map(str, said))) == (prior_support.HIDDEN, False)


def test_a_request_of_long_ago_is_no_duplicate() -> None:
    first = fund.sent()
    with clock.as_of(clock.now() + timedelta(days=400)):
        assert prior_support.overlaps(make.actor("fund"), _again(first)) == []


def test_a_household_has_no_more_in_a_year_than_the_settings_let() -> None:
    fund.set_up(household_most=150_00)
    first = fund.committed(100_00)
    said = [str(each) for each in prior_support.overlaps(make.actor("fund"), _again(first))]
    assert any("more than 150.00 USD" in each for each in said)


# Taking back -------------------------------------------------------------------------------------


def test_only_whoever_asked_withdraws() -> None:
    request = fund.sent()
    with pytest.raises(NotAllowed):
        requests.withdraw(make.actor("director"), request, request.version)
    requests.withdraw(make.actor("monitor"), request, request.version)
    assert request.status == "withdrawn"


def test_two_browsers_do_not_overwrite_each_other() -> None:
    request = fund.drafted()
    old = request.version
    requests.edit(make.actor("monitor"), request, fund.draft(50_00), old)
    with pytest.raises(Stale):
        requests.edit(make.actor("monitor"), request, fund.draft(60_00), old)
