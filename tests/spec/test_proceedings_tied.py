"""A proceeding comes to concern a further case: it takes two where others would learn of it."""

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Office, Role, Scope, Sensitivity, UserState
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals
from hrdtracker.cases import sharing
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.core.seal import DataKeyWrap
from hrdtracker.proceedings import tying
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from tests import courts, make

pytestmark = pytest.mark.usefixtures("unit")


def test_a_proceeding_is_tied_to_a_case_only_by_who_reads_both() -> None:
    proceeding = courts.opened(courts.case_with(1))
    there = courts.case_with(1, "stranger")
    for login in ("monitor", "stranger"):
        with pytest.raises(NotAllowed):
            courts.tie(proceeding, there, login)


def test_a_case_of_the_same_readers_is_tied_at_once() -> None:
    proceeding = courts.opened(courts.case_with(1))
    before = courts.readers(proceeding)
    assert courts.tie(proceeding, courts.case_with(1), "monitor") is None
    assert courts.readers(proceeding) == before


def test_nobody_alone_lets_those_of_another_case_read_a_proceeding() -> None:
    proceeding = courts.opened(courts.case_with(1))
    before = courts.readers(proceeding)
    there = courts.case_with(1, "stranger")
    wraps = select(func.count()).where(DataKeyWrap.data_key_id == proceeding.data_key_id)
    keys = session().scalar(wraps) or 0
    waits = courts.waiting(proceeding, there)
    assert courts.readers(proceeding) == before
    assert session().scalar(wraps) == keys
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("national"), waits)
    proposals.confirm(make.actor("director"), waits)
    assert courts.readers(proceeding) == before | {"stranger"}
    assert session().scalar(wraps) == keys + 1
    assert (
        proceeding_details(make.actor("stranger"), proceeding.uid).proceeding.court_number
        == "No. 12"
    )


def test_a_secret_case_lets_its_proceeding_be_read_only_by_word_of_its_director() -> None:
    secret, normal = courts.case_with(1, "director"), courts.case_with(1, "director")
    sharing.set_sensitivity(make.actor("director"), secret, Sensitivity.SECRET, secret.version)
    proceeding = courts.opened(secret, "director")
    waits = courts.tie(proceeding, normal, "director")
    assert waits is not None
    assert waits.scope_id == secret.scope_id
    for login in ("director", "director2", "monitor"):
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(login), waits)
    assert courts.readers(proceeding) == {"director"}


def test_of_several_cases_the_most_sensitive_one_says_who_confirms() -> None:
    normal, secret = courts.case_with(1, "director"), courts.case_with(1, "director")
    proceeding = courts.opened(secret, "director")
    assert courts.tie(proceeding, normal, "director") is None
    sharing.set_sensitivity(make.actor("director"), secret, Sensitivity.SECRET, secret.version)
    waits = courts.waiting(proceeding, courts.case_with(1, "stranger"))
    assert waits.scope_id == secret.scope_id


def test_a_tie_that_is_refused_or_taken_back_lets_nobody_read() -> None:
    proceeding = courts.opened(courts.case_with(1))
    there = courts.case_with(1, "stranger")
    proposals.refuse(make.actor("director"), courts.waiting(proceeding, there))
    proposals.take_back(make.actor("national"), courts.waiting(proceeding, there))
    assert "stranger" not in courts.readers(proceeding)


def test_what_concerns_a_case_or_waits_to_is_not_tied_to_it_again() -> None:
    case = courts.case_with(1)
    proceeding = courts.opened(case)
    with pytest.raises(WrongStatus):
        courts.tie(proceeding, case)
    there = courts.case_with(1, "stranger")
    courts.waiting(proceeding, there)
    with pytest.raises(WrongStatus):
        courts.tie(proceeding, there)


def test_a_tie_is_confirmed_only_for_those_of_whom_it_was_told() -> None:
    proceeding = courts.opened(courts.case_with(1))
    there = courts.case_with(1, "stranger")
    waits = courts.waiting(proceeding, there)
    before = courts.readers(proceeding)
    office = session().get_one(Scope, there.scope_id).office_id
    make.role_given("nobody", Role.DIRECTOR, session().get_one(Office, office))
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("director"), waits)
    assert courts.readers(proceeding) == before
    assert not allows(make.actor("nobody"), Action.PROCEEDING_READ, proceeding)
    proposals.refuse(make.actor("director"), waits)
    proposals.confirm(make.actor("director"), courts.waiting(proceeding, there))
    assert allows(make.actor("nobody"), Action.PROCEEDING_READ, proceeding)


def test_a_tie_is_confirmed_though_fewer_would_learn_of_it_by_now() -> None:
    proceeding = courts.opened(courts.case_with(1))
    there = courts.case_with(1, "stranger")
    waits = courts.waiting(proceeding, there)
    make.bring(make.user("far_director"), UserState.LOCKED)
    proposals.confirm(make.actor("director"), waits)
    assert "stranger" in courts.readers(proceeding)


def test_a_tie_is_not_confirmed_for_a_case_that_is_not_the_most_sensitive_any_more() -> None:
    normal, secret = courts.case_with(1, "director"), courts.case_with(1, "director")
    proceeding = courts.opened(normal, "director")
    waits = courts.waiting(proceeding, courts.case_with(1, "stranger"))
    sharing.set_sensitivity(make.actor("director"), secret, Sensitivity.SECRET, secret.version)
    assert tying.concern_case(make.actor("director"), proceeding, secret) is None
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("director"), waits)
    assert "stranger" not in courts.readers(proceeding)
