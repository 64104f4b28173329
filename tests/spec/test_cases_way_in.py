"""The way into a case that too few can open: one who directs all offices asks, another confirms."""

from datetime import timedelta

import pytest
import time_machine

from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope, Sensitivity, UserState
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import recovery, sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from tests import make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
DAY = timedelta(days=1)


def _case() -> Case:
    return make.case_of(make.incident("monitor"))


def _scope(case: Case) -> Scope:
    return session().get_one(Scope, case.scope_id)


def _opens(login: str, case: Case) -> bool:
    return allows(make.actor(login), Action.CASE_READ, case)


def _make_secret(case: Case) -> None:
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)


def _lock(*logins: str) -> None:
    for login in logins:
        make.bring(make.user(login), UserState.LOCKED)


def _lost_case(*gone: str) -> Case:
    """Return a secret case whose owner and whose director are gone, or one of them."""
    case = _case()
    _make_secret(case)
    _lock(*(gone or ("monitor", "director")))
    return case


def _recover(case: Case, reason: str = "Nobody else can open it.") -> Proposal:
    return recovery.recover(make.actor("national"), _scope(case), reason)


# Who is let in -----------------------------------------------------------------------------------


def test_a_director_is_let_in_for_seven_days_once_a_second_person_confirms_it() -> None:
    case = _lost_case()
    make.incident("colleague")
    proposal = _recover(case)
    assert not _opens("national", case)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("national"), proposal)
    proposals.confirm(make.actor("second"), proposal)
    assert _opens("national", case)
    assert allows(make.actor("national"), Action.CASE_MEMBERS, case)


@pytest.mark.parametrize(("gone", "decider"), [("director", "national"), ("monitor", "director")])
def test_they_say_who_opens_it_only_where_nobody_else_does(gone: str, decider: str) -> None:
    case = _lost_case(gone)
    proposals.confirm(make.actor("second"), _recover(case))
    assert _opens("national", case)
    assert _scope(case).decider_id == make.user(decider).id
    with time_machine.travel(clock.now() + 8 * DAY):
        assert _opens("national", case) is (decider == "national")


def test_nobody_is_let_into_a_case_that_two_at_work_can_open() -> None:
    case = _case()
    _make_secret(case)
    with pytest.raises(WrongStatus):
        _recover(case)


def test_only_who_directs_all_offices_is_let_in() -> None:
    case = _lost_case()
    for login in ("director2", "admin", "far_director", "colleague"):
        with pytest.raises(NotAllowed):
            recovery.recover(make.actor(login), _scope(case), "Why")
        session().rollback()


def test_where_the_owner_came_back_meanwhile_nobody_else_is_let_in() -> None:
    case = _lost_case()
    proposal = _recover(case)
    for login in ("monitor", "director"):
        make.bring(make.user(login), UserState.ACTIVE)
        make.activate(make.user(login))
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("second"), proposal)
    session().rollback()
    assert not _opens("national", case)


def test_who_gives_no_reason_is_not_let_in() -> None:
    with pytest.raises(Refused) as refused:
        _recover(_lost_case(), reason=" ")
    assert set(refused.value.reasons) == {"reason"}


# Once at a time ----------------------------------------------------------------------------------


def test_a_case_is_asked_for_once_and_another_one_at_the_same_time() -> None:
    case, other = _case(), _case()
    for secret in (case, other):
        _make_secret(secret)
    _lock("monitor", "director")
    _recover(case)
    with pytest.raises(WrongStatus):
        _recover(case)
    session().rollback()
    proposals.confirm(make.actor("second"), _recover(other))
    assert _opens("national", other)
    assert not _opens("national", case)


@pytest.mark.parametrize("after", [timedelta(0), 15 * DAY])
def test_what_was_refused_or_has_lapsed_may_be_asked_anew(after: timedelta) -> None:
    case = _lost_case()
    proposal = _recover(case)
    if not after:
        proposals.refuse(make.actor("second"), proposal)
    with time_machine.travel(clock.now() + after):
        proposals.confirm(make.actor("second"), _recover(case))
        assert _opens("national", case)


def test_who_was_let_in_may_end_it_before_the_seven_days_are_over() -> None:
    case = _lost_case("monitor")
    proposal = _recover(case)
    proposals.confirm(make.actor("second"), proposal)
    proposals.stop(make.actor("national"), proposal)
    assert not _opens("national", case)


# What is listed ----------------------------------------------------------------------------------


def test_a_normal_case_of_an_office_with_one_director_is_listed_once_too_few_can_open_it() -> None:
    case, national = make.case_of(make.incident("stranger")), make.actor("national")
    _case()
    assert recovery.opened_by_too_few(national) == []
    assert recovery.to_be_told(national.organisation_id) == []
    _lock("stranger", "far_director")
    lines = [(scope.id, count) for scope, _, count in recovery.opened_by_too_few(national)]
    assert lines == [(case.scope_id, 1)]
    assert recovery.to_be_told(national.organisation_id) == [national.id]
