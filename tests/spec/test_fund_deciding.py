"""Deciding on a request: who must, who may not, and what an approval is worth when it changes."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from hrdtracker.access.model import Sensitivity
from hrdtracker.audit import trail
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Base, session
from hrdtracker.core.errors import (
    DomainError,
    NotAllowed,
    Refused,
    Stale,
    WrongStatus,
)
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as deciding
from hrdtracker.fund.drafts.requests import VerificationDraft
from hrdtracker.fund.model import Capacity, Decision, SupportRequest, Verification
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import Victim
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
WHY = fund.WHY


def _approves(login: str, request: SupportRequest) -> bool:
    fund.no_tie(request, login)
    try:
        deciding.approve(make.actor(login), request, WHY, request.version)
    except DomainError:
        return False
    return True


# Tiers -------------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("amount", "needed"),
    [
        (1, ["officer"]),
        (500_00, ["officer"]),
        (500_01, ["officer", "director"]),
        (3_000_00, ["officer", "director"]),
        (3_000_01, ["officer", "director", "board"]),
    ],
)
def test_a_higher_amount_needs_more_people(amount: int, needed: list[str]) -> None:
    fund.set_up()
    assert [str(each) for each in missing_approvals(fund.recommended(amount))] == needed


def test_the_tier_of_another_currency_is_that_of_its_worth_today() -> None:
    fund.rate(4000)
    request = fund.recommended(2_004_000_00, currency="KHR")
    assert missing_approvals(request) == [Capacity.OFFICER, Capacity.DIRECTOR]


def test_without_a_rate_a_request_in_another_currency_is_not_sent() -> None:
    with pytest.raises(WrongStatus, match="no rate"):
        fund.sent(2_004_000_00, currency="THB")


def test_a_request_is_approved_only_when_everybody_it_needs_has_approved() -> None:
    fund.set_up()
    request = fund.recommended(4_000_00)
    for login, status in (
        ("fund", "recommended"),
        ("national", "recommended"),
        ("board", "approved"),
    ):
        fund.approve(request, login)
        assert request.status == status


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("amount", "sensitivity", "needed"),
    [
        (900_00, None, [Capacity.OFFICER, Capacity.DIRECTOR]),
        (900_00, Sensitivity.RESTRICTED, [Capacity.OFFICER, Capacity.BOARD]),
        (900_00, Sensitivity.SECRET, [Capacity.OFFICER, Capacity.BOARD]),
        (100_00, Sensitivity.SECRET, [Capacity.OFFICER]),
    ],
)
def test_the_board_decides_where_no_other_director_may_open_the_case(
    amount: int, sensitivity: Sensitivity | None, needed: list[Capacity]
) -> None:
    fund.set_up()
    make.incident()  # another case, that everybody may open
    request = fund.drafted(amount, "director")
    case = session().get_one(Case, request.case_id)
    if sensitivity:
        sharing.set_sensitivity(make.actor("director"), case, sensitivity, case.version)
    requests.submit(make.actor("director"), request, request.version)
    assert missing_approvals(request) == needed


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("step", ["verified", "recommended"])
def test_who_must_approve_is_asked_anew_at_each_step(step: str) -> None:
    request, director = fund.sent(), make.actor("director")
    fund.no_tie(request, "director")
    if step == "recommended":
        deciding.verify(director, request, VerificationDraft(WHY, WHY, WHY), request.version)
    fund.set_up(officer_most=50_00)
    assert missing_approvals(request) == [Capacity.OFFICER]
    if step == "recommended":
        deciding.recommend(director, request, WHY, request.version)
    else:
        deciding.verify(director, request, VerificationDraft(WHY, WHY, WHY), request.version)
    assert missing_approvals(request) == [Capacity.OFFICER, Capacity.DIRECTOR]


def test_above_the_last_tier_somebody_must_be_named_by_the_board() -> None:
    with pytest.raises(WrongStatus, match="named nobody"):
        fund.sent(4_000_00)


# Who may not -------------------------------------------------------------------------------------


WHO_MAY_APPROVE = (
    ("monitor", False),  # asked for it
    ("director", False),  # verified it
    ("director2", True),
    ("national", True),
    ("fund", True),
    ("fund2", True),
    ("finance", False),
    ("auditor", False),
    ("admin", False),
    ("board", False),  # below its tier
    ("colleague", False),
    ("stranger", False),
    ("far_director", False),
)


@pytest.mark.engines("sqlite")
def test_who_approves_what_needs_a_fund_officer_and_a_director() -> None:
    fund.set_up()
    first = fund.recommended(1_000_00)
    alike = [first, *fund.copies(first, len(WHO_MAY_APPROVE) - 1)]
    for (who, may), request in zip(WHO_MAY_APPROVE, alike, strict=True):
        try:
            assert _approves(who, request) is may, who
        except NotAllowed:
            assert not may, who


def test_nobody_gives_two_approvals() -> None:
    request = fund.approve(fund.recommended(1_000_00), "fund")
    assert not _approves("fund", request)
    assert not _approves("fund2", request)  # the officer’s part is given; a director’s is wanted


def test_whoever_asked_neither_verifies_nor_approves() -> None:
    request = fund.sent(who="director")
    fund.no_tie(request, "director")
    told = VerificationDraft(WHY, WHY, WHY)
    with pytest.raises(WrongStatus, match="does not verify"):
        deciding.verify(make.actor("director"), request, told, request.version)
    fund.recommend(request, "director2")
    with pytest.raises(NotAllowed):
        deciding.approve(make.actor("director"), request, WHY, request.version)


def test_a_small_office_may_let_whoever_asked_verify_and_never_approve() -> None:
    fund.set_up(requester_may_verify=True)
    request = fund.recommend(fund.sent(who="director"), "director")
    with pytest.raises(NotAllowed):
        deciding.approve(make.actor("director"), request, WHY, request.version)


def test_only_whoever_verified_recommends() -> None:
    request = fund.sent()
    fund.no_tie(request, "director", "director2")
    told = VerificationDraft(WHY, WHY, WHY)
    deciding.verify(make.actor("director"), request, told, request.version)
    with pytest.raises(WrongStatus):
        deciding.recommend(make.actor("director2"), request, WHY, request.version)


@pytest.mark.engines("sqlite")
def test_the_database_itself_keeps_requester_verifier_and_approver_apart() -> None:
    request = fund.recommended()
    table = SupportRequest.__table__
    people = request.requested_by_id, request.verified_by_id
    connection = session().connection(execution_options={"write": True})
    for approver in ("approved_by_id", "director_approved_by_id", "board_approved_by_id"):
        for person in people:
            with pytest.raises(IntegrityError, match="is_not"), trail.writing():
                connection.execute(update(table).values({approver: person}))  # type: ignore[arg-type]


def test_the_database_itself_refuses_an_approval_that_lacks_somebody() -> None:
    request = fund.approve(fund.recommended(1_000_00), "fund")
    connection = session().connection(execution_options={"write": True})
    values = {"status": "approved", "approved_at": clock.now()}
    with pytest.raises(IntegrityError), trail.writing():
        connection.execute(update(SupportRequest.__table__).values(values))  # type: ignore[arg-type]
    assert request.board_approved_by_id is None


# What an approval is worth -----------------------------------------------------------------------


def test_an_approval_is_void_when_what_was_approved_changes() -> None:
    request = fund.approved()
    told = fund.draft(200_00)
    assert requests.edit(make.actor("monitor"), request, told, request.version) is True
    assert request.status == "submitted"
    assert request.approvers() == set()
    decisions = session().scalars(select(Decision).where(Decision.request_id == request.id))
    assert all(each.voided_at for each in decisions if each.verdict == "approved")


def test_a_change_of_a_single_word_voids_an_approval_too() -> None:
    request = fund.approved()
    story = request_reading.story(make.actor("monitor"), request.uid)
    people = {each.part: each.person for each in story.people}
    same: dict[str, Any] = {part.value: Victim(known=uid) for part, uid in people.items()}
    same["payee_details"] = request.payee_details
    unchanged = fund.draft(**same)
    assert requests.edit(make.actor("monitor"), request, unchanged, request.version) is False
    assert request.status == "approved"
    words = {**fund.WORDS, "need": "Rent for three months."}
    assert requests.edit(
        make.actor("monitor"), request, fund.draft(**same, words=words), request.version
    )
    (change,) = request_reading.story(make.actor("fund"), request.uid).changed
    assert getattr(change, "after", None) == "Rent for three months."


def _tamper(model: type[Base], **values: object) -> None:
    """Change every row behind the program’s back."""
    connection = session().connection(execution_options={"write": True})
    with trail.writing():
        connection.execute(update(model.__table__).values(**values))  # type: ignore[arg-type]
    session().commit()
    session().expire_all()


def _commit(request: SupportRequest) -> None:
    commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)


def _sign_next(request: SupportRequest) -> None:
    act = emergency.release if request.emergency else deciding.approve
    fund.no_tie(request, "national")
    act(make.actor("national"), request, WHY, request.version)


def _begun_in_haste() -> SupportRequest:
    request = fund.sent()
    fund.no_tie(request, "fund")
    emergency.release(make.actor("fund"), request, WHY, request.version)
    return request


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("build", "tampered", "act"),
    [
        (fund.approved, (SupportRequest, {"amount": 1}), _commit),
        (fund.approved, (SupportRequest, {"edition": 2}), _commit),
        (fund.approved, (Decision, {"voided_at": clock.now()}), _commit),
        (lambda: fund.approve(fund.recommended(1_000_00), "fund"),
         (SupportRequest, {"amount": 9}), _sign_next),
        (_begun_in_haste, (SupportRequest, {"amount": 9}), _sign_next),
    ],
    ids=["another amount", "another edition", "voided", "before the second", "in haste"],
)  # fmt: skip
def test_nothing_goes_on_that_is_not_what_everybody_approved(
    build: Callable[[], SupportRequest],
    tampered: tuple[type[Base], dict[str, object]],
    act: Callable[[SupportRequest], None],
) -> None:
    request, (model, values) = build(), tampered
    _tamper(model, **values)
    with pytest.raises(Stale, match="approved anew"):
        act(request)


def test_two_browsers_that_approve_at_once_give_one_approval() -> None:
    request = fund.recommended()
    seen = request.version
    fund.no_tie(request, "fund", "fund2")
    deciding.approve(make.actor("fund"), request, WHY, seen)
    with pytest.raises(Stale):
        deciding.approve(make.actor("fund2"), request, WHY, seen)


def test_a_returned_request_is_corrected_and_decided_anew() -> None:
    request = fund.approve(fund.recommended(1_000_00), "fund")
    fund.no_tie(request, "national")
    deciding.return_request(make.actor("national"), request, "Which house?", request.version)
    assert (request.status, request.approvers()) == ("returned", set())
    requests.edit(make.actor("monitor"), request, fund.draft(400_00), request.version)
    requests.submit(make.actor("monitor"), request, request.version)
    fund.approve(fund.recommend(request), "fund")
    assert (request.status, request.edition) == ("approved", 2)


def test_a_refusal_says_why_and_ends_the_request() -> None:
    request = fund.recommended()
    fund.no_tie(request, "fund")
    with pytest.raises(Refused):
        deciding.refuse(make.actor("fund"), request, " ", request.version)
    deciding.refuse(make.actor("fund"), request, "Another fund pays.", request.version)
    assert request.status == "refused"
    with pytest.raises(WrongStatus):
        requests.submit(make.actor("monitor"), request, request.version)


@pytest.mark.engines("sqlite")
def test_a_refusal_voids_what_somebody_approved_before() -> None:
    request = fund.approve(fund.recommended(1_000_00), "fund")
    fund.no_tie(request, "national")
    deciding.refuse(make.actor("national"), request, WHY, request.version)
    approval = session().scalars(select(Decision).where(Decision.verdict == "approved")).one()
    assert (request.approvers(), request.verified_by_id) == (set(), None)
    assert approval.voided_at is not None


def _verdicts(request: SupportRequest) -> list[tuple[str, str | None]]:
    make.load_keys(request)
    about = select(Decision).where(Decision.request_id == request.id).order_by(Decision.id)
    return [(row.verdict, row.reason) for row in session().scalars(about)]


@pytest.mark.engines("sqlite")
def test_what_was_found_out_is_kept_of_each_request_and_of_each_edition() -> None:
    first, second = fund.recommended(), fund.recommended()
    fund.no_tie(first, "fund")
    deciding.return_request(make.actor("fund"), first, WHY, first.version)
    requests.edit(make.actor("monitor"), first, fund.draft(90_00), first.version)
    requests.submit(make.actor("monitor"), first, first.version)
    fund.recommend(first, "director2")
    rows = select(Verification.request_id, Verification.edition, Verification.verified_by_id)
    director, director2 = make.user("director").id, make.user("director2").id
    assert [tuple(row) for row in session().execute(rows.order_by(Verification.id))] == [
        (first.id, 1, director),
        (second.id, 1, director),
        (first.id, 2, director2),
    ]


@pytest.mark.engines("sqlite")
def test_each_decision_is_kept_with_its_reason() -> None:
    request, refused = fund.recommended(), fund.recommended()
    for act, login in ((deciding.approve, "fund"), (deciding.return_request, "national")):
        fund.no_tie(request, login)
        act(make.actor(login), request, f"Says {login}.", request.version)
    fund.no_tie(refused, "fund")
    deciding.refuse(make.actor("fund"), refused, "Says fund.", refused.version)
    seen = ("recommended", WHY)
    assert _verdicts(request) == [seen, ("approved", "Says fund."), ("returned", "Says national.")]
    assert _verdicts(refused) == [seen, ("refused", "Says fund.")]


DECIDES: dict[str, Callable[..., object]] = {
    f"{module.__name__}.{name}": act
    for module in (commitments, conflicts, deciding, emergency)
    for name, act in inspect.getmembers(module, inspect.isfunction)
    if act.__module__ == module.__name__
    and "reason" in inspect.signature(act).parameters
    and not name.startswith("_")
    and name not in {"sign", "decided"}  # inside the acts that are asked here
}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("name", DECIDES)
def test_nothing_is_decided_without_a_reason(name: str) -> None:
    act: Any = DECIDES[name]
    given = {name: name == "knows" or None for name in inspect.signature(act).parameters}
    with pytest.raises(Refused) as refused:
        act(**{**given, "reason": " "})
    assert set(refused.value.reasons) == {"reason"}


def test_the_acts_that_want_a_reason_are_found() -> None:
    assert len(DECIDES) == 10
