"""What is written of a request: what a draft may set, what a change leaves, what it voids."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.audit.receipts import SentOtherwise
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft, VerificationDraft
from hrdtracker.fund.model import (
    Decision,
    EmergencyRelease,
    RequestRole,
    SupportRequest,
)
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of, items_of
from hrdtracker.fund.requests.people import people_of, reveal_people
from hrdtracker.incidents.service import log_incident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import Person
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _edit(request: SupportRequest, **changes: Any) -> bool:
    make.load_keys(request)
    same = {**_same_people(request), "payee_details": request.payee_details}
    draft = fund.draft(**{**same, **changes})
    return requests.edit(make.actor("monitor"), request, draft, request.version)


def _same_people(request: SupportRequest) -> dict[str, Any]:
    return {str(row.part): Victim(known=row.person) for row in people_of(request)}


def _somebody(name: str, **values: Any) -> Victim:
    return Victim(described=PersonDraft((NameDraft(name),), sex=Sex.FEMALE, **values))


# What a draft may set ----------------------------------------------------------------------------


def test_a_draft_sets_no_column_that_is_not_one_of_its_own_words() -> None:
    words = {**fund.WORDS, "status": "closed", "requested_by_id": "7", "amount": "1"}
    request = fund.drafted(words=words)
    assert (request.status, request.amount) == ("draft", 100_00)
    assert request.requested_by_id == make.user("monitor").id


def test_a_word_that_no_list_holds_is_neither_written_nor_changed() -> None:
    request = fund.drafted()
    wrong: dict[str, dict[str, Any]] = {
        "method": {"method": "pigeon"},
        "urgency": {"urgency": "someday"},
        "risk_level": {"risk_level": "some"},
        "items.0.support_type": {"items": (ItemDraft("bribe", 1),)},
    }
    for act in (partial(fund.drafted), partial(_edit, request)):
        refused = {field: make.refused(partial(act, **changes)) for field, changes in wrong.items()}
        assert refused == {field: {field} for field in wrong}


def test_whom_a_request_describes_is_described_in_words_of_the_lists() -> None:
    nobody = _somebody("Demo C", categories=frozenset({"wizard"}))
    with pytest.raises(Refused):
        fund.drafted(beneficiary=nobody)
    assert people_of(fund.drafted(beneficiary=Victim(), payee=None)) == []


def test_each_person_of_a_request_has_a_letter_and_who_is_two_things_in_it_is_one_person() -> None:
    who = _somebody("Demo C")
    request = fund.drafted(beneficiary=who, payee=who)
    rows = people_of(request)
    assert {row.part for row in rows} == {RequestRole.BENEFICIARY, RequestRole.PAYEE}
    assert len({(row.person, row.letter) for row in rows}) == 1
    assert all(row.letter for row in rows)
    request = fund.drafted()
    both = people_of(request)
    assert len({row.person for row in both}) == len({row.letter for row in both}) == 2
    elsewhere = make.draft(victims=tuple(Victim(known=row.person) for row in reversed(both)))
    log_incident(make.actor("monitor"), elsewhere, make.office(make.HERE))
    assert people_of(request) == both


def test_who_is_paid_back_is_the_colleague_and_nobody_else() -> None:
    request = fund.drafted(reimburses=True)
    assert {row.part for row in people_of(request)} == {RequestRole.BENEFICIARY}
    assert request.payee_code == f"U-{request.requested_by_id}"
    assert fund.drafted(payee=None).payee_code is None


def test_whoever_is_paid_now_has_another_code_than_whoever_was_to_be_paid_before() -> None:
    other, request = fund.drafted(), fund.drafted(reimburses=True)
    steps: tuple[dict[str, Any], ...] = (
        {"payee": _somebody("Demo C")},
        {"payee": _somebody("Demo D")},
        {},
        {"reimburses": True},
        {"payee": _somebody("Demo E")},
    )

    def code_after(changes: dict[str, Any]) -> str | None:
        _edit(request, **changes)
        return request.payee_code

    colleague = request.payee_code
    third, fourth, again, back, fifth = map(code_after, steps)
    assert (again, back) == (fourth, colleague)
    assert len({colleague, third, fourth, fifth, other.payee_code, None}) == 6
    case, known = session().get_one(Case, request.case_id), _same_people(request)["payee"]
    assert requests.ask(make.actor("monitor"), case, fund.draft(payee=known)).payee_code == fifth


def test_who_was_helped_before_has_a_code_of_their_own_when_they_are_paid() -> None:
    first = fund.sent()
    case, monitor = session().get_one(Case, first.case_id), make.actor("monitor")
    (helped,) = (row.person for row in people_of(first) if row.part == RequestRole.BENEFICIARY)
    again = requests.ask(monitor, case, fund.draft(payee=Victim(known=helped)))
    assert again.payee_code not in {first.payee_code, None}


def test_only_what_was_sent_tells_others_whom_it_names() -> None:
    first = fund.drafted()
    case = session().get_one(Case, first.case_id)
    second = requests.ask(make.actor("monitor"), case, fund.draft())
    requests.submit(make.actor("monitor"), second, second.version)

    def seen(request: SupportRequest) -> set[bool]:
        uids = [row.person for row in people_of(request)]
        people = session().scalars(select(Person).where(Person.uid.in_(uids)))
        director = make.actor("director")
        return {policy.allows(director, Action.PERSON_READ, person) for person in people}

    assert (seen(first), seen(second)) == ({False}, {True})


def test_the_names_that_are_shown_are_those_of_this_request() -> None:
    twice = PersonDraft((NameDraft("Demo C"), NameDraft("Demo C", "nickname")), sex=Sex.MALE)
    request = fund.sent(beneficiary=Victim(described=twice))
    fund.sent(beneficiary=_somebody("Demo D"))
    shown = reveal_people(make.actor("fund"), request).names
    assert sorted(map(list, shown.values())) == [["Demo B"], ["Demo C"]]


# What a change leaves ----------------------------------------------------------------------------


def test_a_change_writes_what_it_says_and_leaves_other_requests_alone() -> None:
    day, carrier = fund.today(), _somebody("Demo C")
    request, other = fund.drafted(carrier=carrier), fund.drafted()
    before = people_of(other)
    halves = (InstalmentDraft(day, 20_00), InstalmentDraft(day, 30_00))
    parts = {part: who for part, who in _same_people(request).items() if part != "carrier"}
    draft = fund.draft(50_00, instalments=halves, items=(ItemDraft("legal", 50_00),), **parts)
    requests.edit(make.actor("monitor"), request, draft, request.version)
    assert [(item.support_type, item.each) for item in items_of(request)] == [("legal", 50_00)]
    assert [row.amount for row in instalments_of(request)] == [20_00, 30_00]
    assert {row.part for row in people_of(request)} == {"beneficiary", "payee"}
    assert people_of(other) == before


def test_what_is_the_same_is_not_written_again() -> None:
    request = fund.sent()
    before = [row.uid for row in (*items_of(request), *instalments_of(request))], request.edition
    assert _edit(request) is False
    after = [row.uid for row in (*items_of(request), *instalments_of(request))], request.edition
    assert after == before


def test_what_was_sent_and_is_changed_must_say_everything_as_if_it_were_sent_anew() -> None:
    request, draft = fund.sent(), fund.drafted()
    wrong: dict[str, dict[str, Any]] = {"items": {"items": ()}, "method": {"method": None}}
    refused = {field: make.refused(partial(_edit, request, **wrong[field])) for field in wrong}
    assert refused == {field: {field} for field in wrong}
    assert {field: make.refused(partial(_edit, draft, **wrong[field])) for field in wrong} == {
        field: set() for field in wrong
    }


def test_what_costs_nothing_or_is_needed_on_no_day_has_no_instalment() -> None:
    for changes in ({"items": ()}, {"needed_by": None}):
        assert list(instalments_of(fund.drafted(**changes))) == []


# What was begun before ---------------------------------------------------------------------------


def test_a_form_that_is_sent_again_changes_what_it_began_as_long_as_nobody_else_did() -> None:
    monitor, key = make.actor("monitor"), uuid4()
    case, other = (make.case_of(make.incident()) for _ in range(2))
    request = requests.ask(monitor, case, fund.draft(sending=Sending(key, "a")))

    def again(where: Case, content: str, amount: int) -> SupportRequest:
        people = _same_people(request)
        draft = fund.draft(amount, sending=Sending(key, content), **people)
        return requests.ask(monitor, where, draft)

    assert again(case, "b", 70_00) is again(case, "b", 70_00) is request
    assert request.amount == 70_00
    with pytest.raises(SentOtherwise):
        again(other, "c", 80_00)
    _edit(request, words={**fund.WORDS, "need": "Food."})
    with pytest.raises(SentOtherwise):
        again(case, "c", 80_00)
    assert (request.amount, request.need) == (100_00, "Food.")


def test_a_form_that_is_sent_again_corrects_whom_it_described_and_nobody_else() -> None:
    monitor, key = make.actor("monitor"), uuid4()
    case = make.case_of(make.incident())
    request = requests.ask(monitor, case, fund.draft(sending=Sending(key, "a")))
    other = requests.ask(monitor, case, fund.draft(beneficiary=_somebody("Demo X")))
    before = {row.part: row.person for row in people_of(request)}
    for name, carrier in (("Demo C", None), ("Demo D", _somebody("Demo E"))):
        corrected = fund.draft(sending=Sending(key, name), payee=_somebody(name), carrier=carrier)
        assert requests.ask(monitor, case, corrected) is request
    after = {row.part: row.person for row in people_of(request)}
    assert after == {**before, RequestRole.CARRIER: after[RequestRole.CARRIER]}
    for about in (request, other):
        requests.submit(monitor, about, about.version)
    names = reveal_people(make.actor("fund"), request).names
    assert names[before[RequestRole.PAYEE]] == ["Demo D"]
    assert sorted(map(list, reveal_people(make.actor("fund"), other).names.values())) == [
        ["Demo B"],
        ["Demo X"],
    ]


def test_a_key_that_made_something_else_begins_no_request() -> None:
    monitor, key = make.actor("monitor"), uuid4()
    draft = make.draft(send=False, sending=Sending(key, "a"))
    case = make.case_of(log_incident(monitor, draft, make.office(make.HERE)))
    with pytest.raises(SentOtherwise):
        requests.ask(monitor, case, fund.draft(sending=Sending(key, "b")))


def test_a_form_whose_request_was_sent_meanwhile_changes_nothing() -> None:
    monitor, key = make.actor("monitor"), uuid4()
    case = make.case_of(make.incident())
    request = requests.ask(monitor, case, fund.draft(sending=Sending(key, "a")))
    requests.submit(monitor, request, request.version)
    people = _same_people(request)
    with pytest.raises(SentOtherwise):
        requests.ask(monitor, case, fund.draft(70_00, sending=Sending(key, "b"), **people))
    assert (request.status, request.amount) == ("submitted", 100_00)


# The rest of a short request ---------------------------------------------------------------------


@pytest.mark.parametrize("build", [fund.sent, lambda: fund.drafted(short=True)])
def test_only_a_short_request_that_was_sent_owes_a_rest(
    build: Callable[[], SupportRequest],
) -> None:
    request = build()
    with pytest.raises(WrongStatus):
        requests.complete(make.actor("monitor"), request, fund.draft(), request.version)


def test_the_rest_changes_nothing_that_was_said_already() -> None:
    monitor = make.actor("monitor")
    request = requests.ask(monitor, make.case_of(make.incident()), fund.short())
    requests.submit(monitor, request, request.version)
    _approve(request)
    approval = session().scalars(select(Decision).where(Decision.stands())).one()
    with authorised(monitor, Action.FUND_EDIT, on=request):
        approval.digest = "of something else"  # as if it had stayed from before a change
    words = {**fund.WORDS, "need": "Something else."}
    requests.complete(monitor, request, fund.draft(words=words), request.version)
    assert (request.need, request.threats) == (fund.short().words["need"], fund.WORDS["threats"])
    assert approval.digest == "of something else"


# What a change voids -----------------------------------------------------------------------------


def _verify(request: SupportRequest) -> None:
    fund.no_tie(request, "director")
    found = VerificationDraft(fund.WHY, fund.WHY, fund.WHY)
    decisions.verify(make.actor("director"), request, found, request.version)


def _approve(request: SupportRequest) -> None:
    fund.approve(fund.recommend(request), "fund")


def _release(request: SupportRequest) -> SupportRequest:
    return fund.released_at_once(request, "fund", "director")


def test_a_change_says_whether_it_voided_what_was_verified_or_decided() -> None:
    request = fund.sent()

    def change(act: Callable[[SupportRequest], object], need: str) -> tuple[bool, str]:
        act(request)
        return _edit(request, words={**fund.WORDS, "need": need}), request.status

    assert change(lambda _: None, "Food.") == (False, "submitted")
    assert change(_verify, "Rent.") == (True, "submitted")
    assert change(_approve, "Rent.") == (False, "approved")  # it says the same
    assert change(lambda _: None, "Fuel.") == (True, "submitted")
    assert change(_release, "Care.") == (True, "submitted")


def _voided(
    model: type[Decision] | type[EmergencyRelease], request: SupportRequest
) -> list[datetime | None]:
    about = select(model.voided_at).where(model.request_id == request.id).order_by(model.id)
    return list(session().scalars(about))


def test_what_was_decided_on_one_request_is_void_and_of_no_other_and_keeps_its_day() -> None:
    changed, back, other = (_release(fund.sent()) for _ in range(3))
    _edit(changed, words={**fund.WORDS, "need": "Food."})
    requests.withdraw(make.actor("monitor"), back, back.version)
    for model, count in ((Decision, 2), (EmergencyRelease, 1)):
        assert _voided(model, other) == [None] * count
        assert None not in _voided(model, changed) + _voided(model, back)
    assert (changed.approvers(), back.approvers()) == (set(), set())
    before = _voided(Decision, changed), _voided(EmergencyRelease, changed)
    with clock.as_of(clock.now() + timedelta(hours=1)):
        _edit(changed, words={**fund.WORDS, "need": "Rent."})
    assert (_voided(Decision, changed), _voided(EmergencyRelease, changed)) == before
