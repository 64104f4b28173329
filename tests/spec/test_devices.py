"""A browser that is known: whatever strangers try elsewhere, its owner gets in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from hrdtracker.access.model import User
from hrdtracker.accounts import devices, passwords, service, sessions, staff, throttle
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.sessions import SignInRefused
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.core import clock
from tests import make

GOOD, WRONG = "cloud ladder teapot violin", "not the password"
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def somebody(unit: None, monkeypatch: pytest.MonkeyPatch) -> User:
    """Return an active user, whose password is compared and not hashed."""
    monkeypatch.setattr(passwords, "hash_password", lambda password: password)
    monkeypatch.setattr(passwords, "matches", lambda hashed, password: hashed == password)
    draft = UserDraft("somebody", "Somebody")
    return staff.accept(staff.invite(make.actor("admin"), make.organisation(), draft)[1], GOOD)


def _try(password: str, marks: str = "", address: str = "10.0.0.1") -> str:
    return sessions.sign_in("somebody", password, address, "Test", marks)


def test_a_known_browser_gets_in_whatever_strangers_try(somebody: User) -> None:
    marks = devices.remember("", "somebody")
    with time_machine.travel(clock.now(), tick=False):
        _count(throttle.keys_at_door("somebody", "10.0.0.1", ""), 5)
        with pytest.raises(MustWait):
            _try(GOOD)
        assert _try(GOOD, marks)


def test_a_new_browser_elsewhere_gets_in_while_a_stranger_tries_from_one_network(
    somebody: User,
) -> None:
    with time_machine.travel(clock.now(), tick=False):
        _count(throttle.keys_at_door("somebody", "10.0.0.1", ""), 5)
        assert _try(GOOD, address="192.168.7.7")


def test_a_name_that_is_tried_from_everywhere_waits_everywhere(somebody: User) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for number in range(throttle.FREE["account"]):
            throttle.admit(throttle.keys_at_door("somebody", f"10.{number}.0.1", ""))
        with pytest.raises(MustWait):
            _try(GOOD, address="192.168.7.7")
        assert _try(GOOD, devices.remember("", "somebody"))


def test_a_known_browser_has_its_own_few_attempts_and_then_waits(somebody: User) -> None:
    marks = devices.remember("", "somebody")
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(throttle.FREE["known"]):
            with pytest.raises(SignInRefused):
                _try(WRONG, marks)
        with pytest.raises(MustWait):
            _try(GOOD, marks)
        assert _try(GOOD)  # nobody else waits for it


def test_what_is_tried_in_an_open_browser_is_not_hindered_by_strangers(somebody: User) -> None:
    visitor = sessions.identify(_try(GOOD))
    assert visitor is not None
    with time_machine.travel(clock.now(), tick=False):
        _count(throttle.keys_of(account="somebody"), throttle.FREE["account"])
        new = "another good pass phrase"
        assert service.change_password(visitor.actor, GOOD, new, visitor.session_id)


def _count(keys: throttle.Keys, times: int) -> None:
    for _ in range(times):
        throttle.admit(keys)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("10.0.0.1", "10.0.0.254", True), ("10.0.0.1", "10.0.1.1", False),
     ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
     ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
     ("::ffff:10.0.0.7", "10.0.0.1", True), ("unknown", "unknown", True), ("a", "b", False)],
)  # fmt: skip
def test_neighbours_count_as_one_network(one: str, other: str, *, alike: bool) -> None:
    assert (throttle.network_of(one) == throttle.network_of(other)) is alike


# What a browser keeps ----------------------------------------------------------------------------


def test_a_browser_is_known_to_whoever_signed_in_with_it_and_to_nobody_else(somebody: User) -> None:
    marks = devices.remember("", "somebody")
    assert devices.is_known(somebody, marks)
    assert not devices.is_known(make.user("monitor"), marks)
    assert not devices.number_of("monitor", marks)
    assert "somebody" not in marks


def test_people_who_share_a_browser_are_all_known_there(somebody: User) -> None:
    marks = ""
    for login in ("monitor", "director", "somebody", "monitor", "fund"):
        marks = devices.remember(marks, login)
    known = [login for login in make.NAMES if devices.number_of(login, marks)]
    assert known == ["monitor", "director", "fund"]
    assert devices.is_known(somebody, marks)
    marks = devices.remember(marks, "admin")
    assert not devices.number_of("director", marks)
    assert len(marks) <= devices.COOKIE_MOST


def test_a_mark_is_not_for_ever_and_not_after_another_password(somebody: User) -> None:
    marks = devices.remember("", "somebody")
    with time_machine.travel(clock.now() + devices.REMEMBERED_FOR + timedelta(minutes=1)):
        assert not devices.is_known(somebody, marks)
        assert not devices.number_of("somebody", marks)
    visitor = sessions.identify(_try(GOOD))
    assert visitor is not None
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        service.change_password(visitor.actor, GOOD, "another good pass phrase", visitor.session_id)
        assert not devices.is_known(somebody, marks)
        assert devices.is_known(somebody, devices.remember(marks, "somebody"))


def _other_seal(marks: str) -> str:
    return marks[:-1] + ("0" if marks[-1] != "0" else "1")


def _later(marks: str) -> str:
    at, _, rest = marks.partition(".")
    return f"{int(at, 16) + 1000:x}.{rest}"


@pytest.mark.parametrize("alter", [_other_seal, _later, str.upper, lambda marks: marks[:-1]])
def test_a_mark_that_somebody_altered_is_none(somebody: User, alter: Callable[[str], str]) -> None:
    marks = devices.remember("", "somebody")
    assert devices.is_known(somebody, marks)
    assert not devices.is_known(somebody, alter(marks))


@given(st.one_of(st.text(), st.text("0123456789abcdef.~-_ ", max_size=300)))
@example("~" * 5000)
@example("-1.x.y")
@example("1_0.é.é")
@example(".".join(("f" * 600, "", "")))
def test_whatever_a_browser_brings_is_no_mark_and_no_fault(unit: None, cookie: str) -> None:
    assert not devices.number_of("somebody", cookie)
    assert devices.number_of("somebody", devices.remember(cookie, "somebody"))


@pytest.mark.usefixtures("unit")
def test_of_one_person_a_browser_keeps_the_latest_mark_alone() -> None:
    cookie = devices.remember(devices.remember("", "somebody"), "somebody")
    assert len(cookie.split(devices.BETWEEN)) == 1
    assert devices.number_of("somebody", cookie)


@pytest.mark.usefixtures("unit")
def test_what_is_too_long_or_in_other_letters_is_no_cookie_of_ours() -> None:
    cookie = devices.remember("", "somebody")
    more = devices.BETWEEN + "x" * devices.COOKIE_MOST
    assert devices.number_of("somebody", cookie + more) == ""
    other = devices.WITHIN.join((f"{int(clock.now().timestamp()):x}", "2", "\udcff"))
    assert devices.number_of("somebody", other) == ""
