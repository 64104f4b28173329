"""Complaints about support: anybody near it takes one down; only who is above it reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Role, UserState
from hrdtracker.accounts.assignments import candidates
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import AcquittalDraft, ComplaintDraft
from hrdtracker.fund.model import Complaint, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading.requests import complaints
from hrdtracker.fund.reading.worklist import unanswered, unheard
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
WORDS = "He kept ten dollars of it."


def _complain(request: SupportRequest, who: str = "director") -> Complaint:
    return acquittals.complain(make.actor(who), request, ComplaintDraft("cut", WORDS))


def _asked_by(login: str, **changes: Any) -> SupportRequest:
    case, who = make.case_of(make.incident()), make.actor(login)
    request = requests.ask(who, case, fund.draft(**changes))
    requests.submit(who, request, request.version)
    return request


def _carried_by(login: str) -> SupportRequest:
    return fund.paid(method="cash", carrier_colleague=make.user(login).uid)


def test_whoever_reads_the_case_or_funds_its_office_takes_a_complaint_down_and_nobody_else() -> (
    None
):
    request = fund.paid()
    for who in ("monitor", "director", "national", "fund"):
        made = _complain(request, who)
        assert (made.kind, made.words, made.taken_by_id) == ("cut", WORDS, make.user(who).id)
    for who in ("colleague", "finance", "auditor", "stranger", "admin"):
        with pytest.raises(NotAllowed):
            _complain(request, who)


def test_only_a_national_director_reads_it_not_even_whoever_took_it_down() -> None:
    made = _complain(fund.paid())
    readers = {login for login in make.NAMES if made in complaints(make.actor(login))}
    assert readers == {"national"}


@pytest.mark.parametrize("whom", ["requester", "carrier"])
def test_a_national_director_whom_it_concerns_neither_reads_nor_answers_it(whom: str) -> None:
    request = _asked_by("national") if whom == "requester" else _carried_by("national")
    made, national = _complain(request), make.actor("national")
    assert complaints(national) == []
    with pytest.raises(NotAllowed):
        acquittals.answer_complaint(national, made, "There was nothing to it.")
    assert made.answered_at is None


@pytest.mark.parametrize("whom", ["requester", "carrier"])
def test_what_concerns_the_only_national_director_reaches_whom_the_board_named(whom: str) -> None:
    fund.set_up()
    request = _asked_by("national") if whom == "requester" else _carried_by("national")
    made, board = _complain(request), make.actor("board")
    readers = {login for login in make.NAMES if made in complaints(make.actor(login))}
    assert readers == {"board"}
    assert [uid for uid, _ in unanswered(board)] == [made.uid]
    assert unheard(make.actor("admin")) is None
    acquittals.answer_complaint(board, made, "She gave it back.")
    assert made.answered_by_id == board.id


def _verified_by(login: str) -> SupportRequest:
    return fund.recommend(fund.sent(), login)


def _verified_before_by(login: str) -> SupportRequest:
    """Return a request that somebody verified, and somebody else anew after it was returned."""
    request = _verified_by(login)
    fund.no_tie(request, "director")
    decisions.return_request(make.actor("director"), request, fund.WHY, request.version)
    requests.submit(make.actor("monitor"), request, request.version)
    return fund.recommend(request, "director")


def _approved_by(login: str) -> SupportRequest:
    request = fund.recommended(900_00)
    return fund.approve(request, "fund", login)


def _returned_by(login: str) -> SupportRequest:
    request = fund.recommended()
    fund.no_tie(request, login)
    decisions.return_request(make.actor(login), request, fund.WHY, request.version)
    return request


def _released_by(login: str) -> SupportRequest:
    request = fund.paid()
    (payment,) = payments_of(request)
    with authorised(make.actor("finance"), Action.FUND_RELEASE, on=payment):
        payment.released_by_id = make.user(login).id
    return request


def _prepared_by(login: str) -> SupportRequest:
    request = fund.paid()
    (payment,) = payments_of(request)
    with authorised(make.actor("finance"), Action.FUND_RELEASE, on=payment):
        payment.prepared_by_id = make.user(login).id
    return request


def _arrived_says(login: str) -> SupportRequest:
    request = fund.paid()
    fund.receive(payments_of(request)[0], login)
    return request


def _accounted_by(login: str, column: str, **others: Any) -> SupportRequest:
    """Return a request for whose payment somebody accounts, as this column says."""
    request = fund.paid()
    payment = fund.receive(payments_of(request)[0])
    draft = AcquittalDraft(
        spent=100_00, document="transfer_slip", reference="1", dated=fund.today()
    )
    account = acquittals.acquit(make.actor("monitor"), payment, draft, 0)
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment), session().no_autoflush:
        for name, value in {column: make.user(login).id, **others}.items():
            setattr(account, name, value)
    return request


def _recorded_by(login: str) -> SupportRequest:
    return _accounted_by(login, "recorded_by_id")


def _recorded_what_was_taken_back(login: str) -> SupportRequest:
    return _accounted_by(login, "recorded_by_id", withdrawn_at=clock.now())


def _declared_by(login: str) -> SupportRequest:
    return _accounted_by(
        login,
        "declared_by_id",
        declared_at=clock.now(),
        alternative=True,
        danger="His.",
        document=None,
        reference=None,
    )


def _reviewed_by(login: str) -> SupportRequest:
    return _accounted_by(login, "reviewed_by_id", reviewed_at=clock.now())


def _sent_back_by(login: str) -> SupportRequest:
    return _accounted_by(login, "sent_back_by_id", sent_back_at=clock.now(), sent_back_why="No.")


PARTS = [
    _asked_by, _carried_by, _verified_by, _verified_before_by, _approved_by, _returned_by,
    _prepared_by, _released_by, _arrived_says, _recorded_by, _recorded_what_was_taken_back,
    _declared_by, _reviewed_by, _sent_back_by,
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_whoever_had_a_part_in_the_support_hears_nothing_and_the_next_who_can_does(
    part: Callable[[str], SupportRequest],
) -> None:
    fund.set_up()
    made, national = _complain(part("national")), make.actor("national")
    assert (complaints(national), list(unanswered(national))) == ([], [])
    with pytest.raises(NotAllowed):
        acquittals.answer_complaint(national, made, "There was nothing to it.")
    assert complaints(make.actor("board")) == [made]
    make.role_given("director2", Role.DIRECTOR, None)
    assert complaints(make.actor("director2")) == [made]
    assert complaints(make.actor("board")) == []


@pytest.mark.parametrize("part", PARTS[1:])
def test_where_whom_the_board_named_had_a_part_as_well_administrators_name_somebody(
    part: Callable[[str], SupportRequest],
) -> None:
    fund.set_up(board=make.user("monitor").uid)  # who asked for it
    made = _complain(part("national"))
    assert unheard(make.actor("admin")) == made.taken_at
    assert complaints(make.actor("monitor")) == []
    fund.set_up()
    assert unheard(make.actor("admin")) is None
    assert complaints(make.actor("board")) == [made]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["national", "director2"])
def test_that_a_national_director_may_hear_it_is_what_the_policy_says_of_each(
    part: Callable[[str], SupportRequest], who: str
) -> None:
    """The rule for the board asks for all national directors in SQL: it must say the same."""
    make.role_given("director2", Role.DIRECTOR, None)
    made = _complain(part(who))
    for gone in ("", "national", "director2"):
        if gone:
            make.bring(make.user(gone), UserState.LOCKED)
        actors = candidates(make.organisation().id, Action.FUND_COMPLAINT_READ)
        heard = session().scalar(select(Complaint.heard_by_director()).select_from(Complaint))
        assert bool(policy.who_may(actors, Action.FUND_COMPLAINT_READ, made)) == heard


def _gone(_made: Complaint) -> None:
    make.bring(make.user("national"), UserState.LOCKED)


def _shut_out(made: Complaint) -> None:
    request = session().get_one(SupportRequest, made.request_id)
    conflicts.declare(make.actor("national"), request, knows=True, reason="A cousin.")


@pytest.mark.parametrize("hinder", [_gone, _shut_out])
def test_where_no_national_director_can_hear_it_whom_the_board_named_does(
    hinder: Callable[[Complaint], None],
) -> None:
    fund.set_up()
    made = _complain(fund.paid())
    assert complaints(make.actor("board")) == []
    hinder(made)
    assert complaints(make.actor("board")) == [made]


def test_a_second_national_director_hears_what_concerns_the_first_and_the_board_does_not() -> None:
    fund.set_up()
    make.role_given("director2", Role.DIRECTOR, None)
    made = _complain(_asked_by("national"))
    readers = {login for login in make.NAMES if made in complaints(make.actor(login))}
    assert readers == {"director2"}


@pytest.mark.parametrize("named", [None, "board"])
def test_what_nobody_may_hear_stands_with_the_administrators_who_name_somebody(
    named: str | None,
) -> None:
    fund.set_up(board=make.user(named).uid if named else None)
    carrier = make.user("board").uid
    made = _complain(_asked_by("national", method="cash", carrier_colleague=carrier))
    assert unheard(make.actor("admin")) == made.taken_at
    assert unheard(make.actor("director")) is None
    fund.set_up(board=make.user("stranger").uid)
    assert unheard(make.actor("admin")) is None
    assert complaints(make.actor("stranger")) == [made]


def test_an_answer_says_by_whom_and_when_and_what_is_open_stands_first() -> None:
    answered, national = _complain(fund.paid()), make.actor("national")
    waits = _complain(fund.paid())
    acquittals.answer_complaint(national, answered, "He gave it back.")
    assert answered.answer == "He gave it back."
    assert answered.answered_by_id == national.id
    assert answered.answered_at is not None
    assert complaints(national) == [waits, answered]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("kind", "words"), [("", WORDS), ("cut", " ")])
def test_a_complaint_says_what_it_is_about_in_words(kind: str, words: str) -> None:
    with pytest.raises(Refused):
        ComplaintDraft(kind, words)


def test_the_words_of_a_complaint_stand_sealed_on_the_trail() -> None:
    _complain(fund.paid())
    taken = select(AuditEntry.payload).where(AuditEntry.action == Action.FUND_COMPLAIN)
    payload = session().scalars(taken).one()
    assert b"words_sealed" in payload
    assert WORDS.encode() not in payload
