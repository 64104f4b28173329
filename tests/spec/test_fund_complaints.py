"""Complaints about support: anybody near it takes one down; only who is above it reads it."""

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.fund.drafts.money import ComplaintDraft
from hrdtracker.fund.model import Complaint, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading.requests import complaints
from hrdtracker.fund.requests import service as requests
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
WORDS = "He kept ten dollars of it."


def _complain(request: SupportRequest, who: str = "director") -> Complaint:
    return acquittals.complain(make.actor(who), request, ComplaintDraft("cut", WORDS))


def _asked_by(login: str) -> SupportRequest:
    case, who = make.case_of(make.incident()), make.actor(login)
    request = requests.ask(who, case, fund.draft())
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
