"""Sessions: who gets one, how long it lives, and how many may try."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access.model import User, UserState
from hrdtracker.accounts import passwords, service, sessions, staff, throttle
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import LoginSession, Throttle
from hrdtracker.accounts.sessions import SignInRefused
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import after_request_write, flush_deferred
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import DomainError, Refused
from tests import make
from tests.hashing import busy_machine

GOOD = "cloud ladder teapot violin"
WRONG = "not the password"
NETWORK = "10.0.0.1"


@pytest.fixture
def somebody(unit: None) -> User:
    """Return an active user with a password."""
    _, code = staff.invite(
        make.actor("admin"), make.organisation(), UserDraft("somebody", "Somebody")
    )
    return staff.accept(code, GOOD)


def _try(password: str = WRONG, login: str = "somebody", network: str = NETWORK) -> str:
    return sessions.sign_in(login, password, network, "Test")


def _count_attempts(times: int, login: str = "somebody") -> None:
    """Count attempts without the cost of hashing what they tried."""
    for _ in range(times):
        throttle.admit(throttle.keys_at_door(login, NETWORK, ""))


def _fail(times: int, login: str = "somebody", network: str = NETWORK) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            _try(login=login, network=network)


# A session ---------------------------------------------------------------------------------------


def test_the_right_password_begins_a_session(somebody: User) -> None:
    visitor = sessions.identify(_try(GOOD))
    assert visitor is not None
    assert visitor.actor.id == somebody.id


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("typed", ["Somebody", " somebody ", "SOMEBODY"])
def test_a_user_name_is_known_however_it_is_typed(somebody: User, typed: str) -> None:
    assert sessions.identify(_try(GOOD, login=typed)) is not None


def test_only_the_digest_of_a_token_is_kept(somebody: User) -> None:
    token = _try(GOOD)
    kept = session().scalars(select(LoginSession.token_digest)).all()
    assert sha256(token.encode()).digest() in kept
    assert token.encode() not in kept
    assert len(token) >= 43  # 256 bits


def test_every_sign_in_has_a_token_of_its_own(somebody: User) -> None:
    assert _try(GOOD) != _try(GOOD)


def test_a_token_that_somebody_made_up_is_nobody(somebody: User) -> None:
    assert sessions.identify("0" * 43) is None


def _idle(begun: datetime) -> datetime:
    return begun + sessions.IDLE


def _used_all_day(begun: datetime) -> datetime:
    """Use the session every twenty minutes up to its longest life."""
    moment = begun
    while moment + timedelta(minutes=20) < begun + sessions.LONGEST:
        moment += timedelta(minutes=20)
        with time_machine.travel(moment, tick=False):
            _show_life()
    return begun + sessions.LONGEST


def _show_life() -> None:
    number = _last_session().id
    after_request_write(lambda: sessions.seen(number))
    flush_deferred()


@pytest.mark.parametrize("ending", [_idle, _used_all_day])
def test_a_session_ends_by_itself(somebody: User, ending: Callable[[datetime], datetime]) -> None:
    token = _try(GOOD)
    over = ending(_last_session().began_at)
    with time_machine.travel(over - timedelta(seconds=2), tick=False):
        assert sessions.identify(token) is not None
    with time_machine.travel(over + timedelta(seconds=1), tick=False):
        assert sessions.identify(token) is None


def test_a_session_is_dead_after_signing_out(somebody: User) -> None:
    token = _try(GOOD)
    visitor = sessions.identify(token)
    assert visitor is not None
    service.sign_out(visitor.actor, visitor.session_uid)
    assert sessions.identify(token) is None


def test_one_s_other_sessions_are_ended_with_one_act(somebody: User) -> None:
    here, there = _try(GOOD), _try(GOOD)
    visitor = sessions.identify(here)
    assert visitor is not None
    service.sign_out_elsewhere(visitor.actor, visitor.session_id)
    assert sessions.identify(here) is not None
    assert sessions.identify(there) is None


def test_nobody_ends_the_session_of_another(somebody: User) -> None:
    token = _try(GOOD)
    visitor = sessions.identify(token)
    assert visitor is not None
    with pytest.raises(DomainError):
        service.sign_out(make.actor("monitor"), visitor.session_uid)
    assert sessions.identify(token) is not None


def test_a_session_that_is_over_tells_whose_it_was_so_that_a_save_can_be_completed(
    somebody: User,
) -> None:
    token = _try(GOOD)
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        owner = sessions.ended_for(token)
    assert owner is not None
    assert owner.id == somebody.id


# Who is refused ----------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "login", ["nobody_at_all", "", "x" * 300, "some\x00body", "some'; --", "ស៊ីម"]
)
def test_an_unknown_user_costs_what_a_known_one_costs(
    somebody: User, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = _count_hashes(monkeypatch)
    with pytest.raises(SignInRefused) as unknown:
        _try(GOOD, login=login)
    with pytest.raises(SignInRefused) as known:
        _try("wrong")
    assert len(checked) == 2
    assert _cost(checked[0]) == _cost(checked[1])
    assert str(unknown.value.reason) == str(known.value.reason)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_a_user_who_may_not_sign_in_is_refused_in_the_same_words_at_the_same_cost(
    somebody: User, state: UserState, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.bring(somebody, state)
    checked = _count_hashes(monkeypatch)
    with pytest.raises(SignInRefused) as refused:
        _try(GOOD)
    assert len(checked) == 1
    assert str(refused.value.reason) == SignInRefused.default


def _count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every hash that is checked, and let the real check run."""
    checked: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hashed: str, password: bytes) -> bool:
        checked.append(hashed)
        return real(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    return checked


def _cost(hashed: str) -> list[str]:
    return hashed.split("$")[1:4]


def test_a_refused_sign_in_stands_on_the_trail(somebody: User) -> None:
    _fail(1)
    _fail(1, login="nobody_at_all")
    flush_deferred()
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2)
    unknown, known = session().scalars(query)
    assert (known.action, known.outcome) == ("session.begin", "refused")
    assert known.subject_uid == somebody.uid
    assert unknown.subject_uid is None
    assert unknown.organisation_id == make.organisation().id


# How many may try --------------------------------------------------------------------------------


def test_after_five_failures_an_account_waits_longer_each_time_and_never_for_ever(
    somebody: User,
) -> None:
    _fail(1)
    _count_attempts(4)
    with pytest.raises(MustWait) as first:
        _try(GOOD)
    assert first.value.wait <= timedelta(seconds=1)
    moment = clock.now()
    for _ in range(14):
        moment += timedelta(minutes=16)
        with time_machine.travel(moment, tick=False):
            _count_attempts(1)
    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        with pytest.raises(MustWait) as long:
            _try(GOOD)
        assert timedelta(minutes=14) < long.value.wait <= throttle.LONGEST
    with time_machine.travel(moment + throttle.LONGEST, tick=False):
        assert sessions.identify(_try(GOOD)) is not None


def test_the_right_password_forgets_the_failures_of_the_account(somebody: User) -> None:
    _count_attempts(4)
    assert _try(GOOD)
    _count_attempts(4)
    assert _try(GOOD)


def test_failures_of_one_account_do_not_slow_another(somebody: User) -> None:
    _count_attempts(5)
    _fail(1, login="monitor")


def test_a_network_waits_after_twenty_failures_over_many_accounts(somebody: User) -> None:
    for number in range(20):
        throttle.admit(throttle.keys_at_door(f"victim{number}", NETWORK, ""))
    with pytest.raises(MustWait):
        _try(GOOD)
    with pytest.raises(MustWait):
        _try(GOOD, network="10.0.0.2")
    assert _try(GOOD, network="10.0.1.1")


def test_one_s_own_right_password_does_not_clear_what_a_network_did_to_others(
    somebody: User,
) -> None:
    for number in range(19):
        throttle.admit(throttle.keys_at_door(f"victim{number}", NETWORK, ""))
    assert _try(GOOD)
    throttle.admit(throttle.keys_at_door("victim", NETWORK, ""))
    with pytest.raises(MustWait):
        _try(GOOD)


def test_failures_are_forgotten_after_half_a_day(somebody: User) -> None:
    _count_attempts(5)
    with time_machine.travel(clock.now() + throttle.FORGOTTEN + timedelta(minutes=1)):
        _count_attempts(5)


def test_the_table_of_failures_names_nobody(somebody: User) -> None:
    _fail(1)
    kept = " ".join(session().scalars(select(Throttle.key)))
    assert "somebody" not in kept
    assert NETWORK not in kept
    assert sha256(b"somebody").hexdigest() not in kept


def test_no_more_attempts_pass_than_the_limit_says_however_many_come_at_once(app: Flask) -> None:
    with ThreadPoolExecutor(4) as pool:
        passed = list(pool.map(lambda _: _admitted(app), range(24)))
    assert sum(passed) == throttle.FREE["pair"]


def _admitted(app: Flask) -> bool:
    with app.app_context(), unit_of_work(make.open_session(app)):
        try:
            throttle.admit(throttle.keys_at_door("somebody", NETWORK, ""))
        except MustWait:
            return False
        return True


def test_who_tries_the_present_password_in_an_open_browser_waits_too(somebody: User) -> None:
    visitor = sessions.identify(_try(GOOD))
    assert visitor is not None
    with time_machine.travel(clock.now(), tick=False):  # a slow machine must not wait it out
        for _ in range(5):
            with pytest.raises(Refused):
                service.change_password(visitor.actor, "wrong", "another good pass phrase", 0)
        with pytest.raises(MustWait):
            service.change_password(visitor.actor, GOOD, "another good pass phrase", 0)


def test_two_passwords_are_hashed_at_once_and_the_next_is_asked_to_come_again(
    somebody: User,
) -> None:
    with busy_machine(), pytest.raises(passwords.TooBusy):
        _try(GOOD)
    assert session().scalar(select(func.max(Throttle.failures))) == 0
    assert _try(GOOD)


def test_no_transaction_is_open_while_a_password_is_hashed(
    somebody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_while_hashing: list[bool] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hashed: str, password: bytes) -> bool:
        open_while_hashing.append(session().in_transaction())
        return real(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    _try(GOOD)
    assert open_while_hashing == [False]


def _last_session() -> LoginSession:
    query = select(LoginSession).order_by(LoginSession.id.desc()).limit(1)
    return session().scalars(query).one()
