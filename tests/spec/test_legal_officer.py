"""A legal officer works on the cases that a director lets them into, and sees no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Seat
from hrdtracker.access.model import Role
from hrdtracker.access.policy import allows, visible
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.incidents.service import log_incident
from hrdtracker.leaving import successors
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
EXTEND = (Action.CASE_READ, Action.CASE_EDIT, Action.CASE_EXTEND)
DECIDE = (Action.CASE_ASSIGN, Action.CASE_CLOSE, Action.CASE_MEMBERS, Action.CASE_BLOCK)


def _case() -> Case:
    return session().get_one(Case, make.incident("monitor").case_id)


def _let_in(case: Case) -> None:
    week = clock.now() + timedelta(days=7)
    draft = MemberDraft(make.user("legal").uid, "Follows the charges.", week)
    sharing.add_member(make.actor("director"), case, draft)


def _listed() -> list[Case]:
    return list(session().scalars(visible(make.actor("legal"), Action.CASE_READ, Case)))


def test_a_legal_officer_reads_no_case_of_the_office_and_no_outline_of_one() -> None:
    case = _case()
    assert _listed() == []
    assert not allows(make.actor("legal"), Action.CASE_OUTLINE, case)


def test_whoever_is_let_in_reads_and_extends_the_case_and_decides_nothing_of_it() -> None:
    case = _case()
    _let_in(case)
    legal = make.actor("legal")
    assert _listed() == [case]
    assert all(allows(legal, action, case) for action in EXTEND)
    assert not any(allows(legal, action, case) for action in DECIDE)
    assert log_incident(legal, make.draft(), case).case_id == case.id


def test_when_the_time_is_over_the_case_is_gone() -> None:
    case = _case()
    _let_in(case)
    with clock.as_of(clock.now() + timedelta(days=8)):
        assert _listed() == []


def test_a_legal_officer_opens_no_case() -> None:
    with pytest.raises(Refused):
        log_incident(make.actor("legal"), make.draft(), None)


def test_a_legal_officer_is_given_no_case_to_own_and_takes_over_none() -> None:
    case, legal = _case(), make.user("legal")
    with pytest.raises(Refused):
        sharing.assign(make.actor("director"), case, legal.uid, case.version)
    assert legal not in successors(make.user("monitor"))
    organisation = make.organisation()
    assert legal in colleagues(organisation.id, Action.CASE_READ)
    assert legal not in colleagues(organisation.id, Action.CASE_BEGIN)


def test_who_owned_a_case_as_a_monitor_reads_it_as_a_legal_officer_only_once_let_in() -> None:
    case, monitor = _case(), make.actor("monitor")
    assert allows(monitor, Action.CASE_READ, case)
    as_lawyer = replace(monitor, seats=frozenset({Seat(Role.LEGAL_OFFICER, None)}))
    assert not allows(as_lawyer, Action.CASE_READ, case)


def test_a_legal_officer_says_not_who_else_reads_the_case() -> None:
    case = _case()
    _let_in(case)
    week = clock.now() + timedelta(days=7)
    with pytest.raises(NotAllowed):
        sharing.add_member(
            make.actor("legal"), case, MemberDraft(make.user("stranger").uid, "Helps.", week)
        )
