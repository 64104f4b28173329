"""The second factor: what it opens, how often, who must have one, and what asks again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Seat
from hrdtracker.access.model import FactorsFor, Role
from hrdtracker.access.second_factor import second_factor_needed_by
from hrdtracker.accounts import (
    factors,
    passwords,
    proof,
    recovery_codes,
    sessions,
    staff,
    totp,
)
from hrdtracker.accounts.model import AuthenticatorApp, RecoveryCode
from hrdtracker.accounts.proof import Proof
from hrdtracker.accounts.sessions import HalfSignedIn, SignInRefused
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.accounts.totp import CodeRefused, CodeUsed
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.authorised import authorised, flush_deferred
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from tests import make
from tests.authenticator import Authenticator, attempts, with_app

pytestmark = pytest.mark.usefixtures("unit")
AT_ONCE = 50
REPLAYS = 20
DAY = timedelta(days=1)


@pytest.fixture
def app_of_director() -> Authenticator:
    return with_app("director")


def _half(login: str = "director") -> HalfSignedIn:
    found = sessions.half_signed_in(sessions.begin(make.user(login), "Test"))
    assert found is not None
    return found


def _show(half: HalfSignedIn, code: str) -> str:
    return proof.show(half.user, half.session_id, Proof(code), attempts())


# Signing in in two steps -------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_where_there_is_a_second_factor(
    app_of_director: Authenticator,
) -> None:
    token = sessions.begin(make.user("director"), "Test")
    assert sessions.identify(token) is None
    half = sessions.half_signed_in(token)
    assert half is not None
    fresh = _show(half, app_of_director.code())
    visitor = sessions.identify(fresh)
    assert visitor is not None
    assert visitor.actor.proven
    assert sessions.identify(token) is None


@pytest.mark.engines("sqlite")
def test_nobody_stays_between_the_two_steps(app_of_director: Authenticator) -> None:
    token = sessions.begin(make.user("director"), "Test")
    with time_machine.travel(clock.now() + sessions.SECOND_STEP_WITHIN, tick=False):
        assert sessions.half_signed_in(token) is None
    with authorised(make.actor("director"), Action.ACCOUNT_CHANGE, on=make.user("director")):
        sessions.end_all(make.user("director").id)
    assert sessions.half_signed_in(token) is None


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (0, True), (1, True), (2, False)])
def test_the_clock_of_a_telephone_may_be_half_a_minute_off(
    app_of_director: Authenticator, *, steps: int, fits: bool
) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        half, code = _half(), app_of_director.code(steps)
        if fits:
            assert _show(half, code)
        else:
            with pytest.raises(CodeRefused):
                _show(half, code)


@pytest.mark.engines("sqlite")
def test_an_older_code_is_not_taken_after_a_newer_one(app_of_director: Authenticator) -> None:
    older = app_of_director.code()
    _show(_half(), app_of_director.code(1))
    with pytest.raises(CodeUsed):
        _show(_half(), older)


def _replays(app: Authenticator, times: int) -> int:
    """Return how many of so many codes are taken twice, each a step after the other."""
    actor, twice = make.actor("director"), 0
    row = session().scalars(select(AuthenticatorApp)).one()
    start = clock.now() + timedelta(minutes=2)
    for number in range(times):
        with (
            time_machine.travel(start + number * timedelta(seconds=30), tick=False),
            authorised(actor, Action.FACTOR_PROVE, within=make.user("director")),
        ):
            code = app.code()
            totp.use(row, code)
            try:
                totp.use(row, code)
            except CodeUsed:
                continue
            twice += 1
    return twice


@pytest.mark.engines("sqlite")
def test_a_code_is_used_once(app_of_director: Authenticator) -> None:
    assert _replays(app_of_director, REPLAYS) == 0


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_of_ten_thousand_codes_none_is_used_twice(app_of_director: Authenticator) -> None:
    assert _replays(app_of_director, 10_000) == 0


def test_of_fifty_at_once_one_is_accepted(app: Flask, app_of_director: Authenticator) -> None:
    row = session().scalars(select(AuthenticatorApp)).one()
    code, number = app_of_director.code(), row.id
    session().rollback()

    def use(_time: int) -> bool:
        with app.app_context(), unit_of_work(make.open_session(app)):
            user = make.user("director")
            with authorised(make.actor("director"), Action.FACTOR_PROVE, within=user):
                try:
                    totp.use(session().get_one(AuthenticatorApp, number), code)
                except CodeUsed:
                    return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(AT_ONCE))) == 1


@pytest.mark.engines("sqlite")
def test_wrong_codes_are_on_the_trail_and_are_told_to_wait(app_of_director: Authenticator) -> None:
    half = _half()
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(5):
            with pytest.raises(CodeRefused):
                _show(half, "000000")
        with pytest.raises(MustWait):
            _show(half, app_of_director.code())
    flush_deferred()
    refused = session().scalars(select(AuditEntry).where(AuditEntry.action == Action.FACTOR_PROVE))
    assert [entry.outcome for entry in refused] == [Outcome.REFUSED] * 5


# Recovery codes ----------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_however_it_is_typed(app_of_director: Authenticator) -> None:
    assert len(set(app_of_director.papers)) == recovery_codes.COUNT
    paper = app_of_director.papers[3]
    assert _show(_half(), paper.lower().replace("-", " "))
    with pytest.raises(CodeRefused):
        _show(_half(), paper)
    assert factors.of(make.actor("director")).codes_left == recovery_codes.COUNT - 1


@pytest.mark.engines("sqlite")
def test_new_recovery_codes_end_the_old_ones(app_of_director: Authenticator) -> None:
    fresh = factors.renew_codes(make.actor("director"))
    with pytest.raises(CodeRefused):
        _show(_half(), app_of_director.papers[0])
    assert _show(_half(), fresh[0])


@pytest.mark.engines("sqlite")
def test_the_paper_of_another_opens_nothing(app_of_director: Authenticator) -> None:
    with_app("monitor")
    with pytest.raises(CodeRefused):
        _show(_half("monitor"), app_of_director.papers[0])


@pytest.mark.engines("sqlite")
def test_neither_a_secret_nor_a_recovery_code_is_kept_in_the_open(
    app_of_director: Authenticator,
) -> None:
    sealed = session().scalars(select(AuthenticatorApp.secret_sealed)).one()  # type: ignore[attr-defined] # mapped by Sealed
    assert app_of_director.secret.encode() not in sealed
    kept = session().scalars(select(RecoveryCode.code_digest)).all()
    assert len({len(digest) for digest in kept}) == 1


# Setting up, removing ----------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_an_app_counts_only_once_its_first_code_is_right() -> None:
    actor = make.actor("director")
    factors.begin_app(actor)
    with pytest.raises(Refused):
        factors.confirm_app(actor, "000000", 0)
    assert factors.of(actor).app is None
    assert sessions.identify(sessions.begin(make.user("director"), "Test")) is not None


@pytest.mark.engines("sqlite")
def test_what_was_begun_and_left_is_over(unit: None) -> None:
    actor = make.actor("director")
    factors.begin_app(actor)
    with (
        time_machine.travel(clock.now() + factors.SET_UP_WITHIN, tick=False),
        pytest.raises(NotFound),
    ):
        factors.waiting_app(actor)


@pytest.mark.engines("sqlite")
def test_a_new_app_takes_the_place_of_the_old_and_ends_the_other_sessions(
    app_of_director: Authenticator,
) -> None:
    before = _show(_half(), app_of_director.code())
    newer = with_app("director")
    assert sessions.identify(before) is None
    with pytest.raises(CodeRefused):
        _show(_half(), app_of_director.code(1))
    assert _show(_half(), newer.code())


@pytest.mark.engines("sqlite")
def test_the_last_factor_stays_while_one_is_needed(app_of_director: Authenticator) -> None:
    del app_of_director
    actor, vault = make.actor("director"), session().info["vault"]
    vault.demo = False
    try:
        with pytest.raises(WrongStatus):
            factors.remove_app(actor)
    finally:
        vault.demo = True
    factors.remove_app(actor)
    left = factors.of(actor)
    assert (left.app, left.codes_left) == (None, 0)


@pytest.mark.engines("sqlite")
def test_two_people_take_the_factors_of_somebody_away_and_nobody_alone(
    app_of_director: Authenticator,
) -> None:
    user, token = make.user("director"), _show(_half(), app_of_director.code())
    with pytest.raises(NotAllowed):
        staff.clear_factors(make.actor("national"), user)
    staff.clear_factors(make.actor("admin"), user)
    assert sessions.identify(token) is not None
    make.confirm("admin2", user)
    assert sessions.identify(token) is None
    assert factors.of(make.actor("director")).count == 0
    assert factors.of(make.actor("director")).codes_left == 0


# Who must have one -------------------------------------------------------------------------------

WHO_MUST = [
    (Role.MONITOR, FactorsFor.DECIDERS, False),
    (Role.DIRECTOR, FactorsFor.DECIDERS, True),
    (Role.FUND_OFFICER, FactorsFor.DECIDERS, True),
    (Role.FINANCE_OFFICER, FactorsFor.DECIDERS, True),
    (Role.AUDITOR, FactorsFor.DECIDERS, True),
    (Role.ADMINISTRATOR, FactorsFor.DECIDERS, True),
    (Role.LEGAL_OFFICER, FactorsFor.DECIDERS, True),
    (Role.MONITOR, FactorsFor.EVERYBODY, True),
]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("role", "whom", "must"), WHO_MUST)
def test_who_needs_a_second_factor(role: Role, whom: FactorsFor, *, must: bool) -> None:
    organisation = make.organisation()
    actor = replace(make.actor("nobody"), seats=frozenset({Seat(role, None)}))
    with session().no_autoflush:
        organisation.factors_for = whom
        needed = second_factor_needed_by(actor, organisation, demo=False)
        assert (needed == organisation.factors_by) == must
        assert second_factor_needed_by(actor, organisation, demo=True) is None
        session().expunge(organisation)


@pytest.mark.engines("sqlite")
def test_the_password_is_no_proof_of_who_has_a_factor(
    app_of_director: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    del app_of_director
    monkeypatch.setattr(passwords, "matches", lambda _hashed, _typed: True)
    half = _half()
    with pytest.raises(CodeRefused):
        proof.show(half.user, half.session_id, Proof(password="right"), attempts())


@pytest.mark.engines("sqlite")
def test_a_session_that_was_ended_meanwhile_is_not_opened(app_of_director: Authenticator) -> None:
    half = _half()
    with authorised(make.actor("director"), Action.ACCOUNT_CHANGE, on=half.user):
        sessions.end_all(half.user.id)
    with pytest.raises(SignInRefused):
        _show(half, app_of_director.code())
