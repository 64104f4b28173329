"""Passkeys: each answer once, for our address alone, by the very key, from who holds the device."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.accounts import factors, passkeys, proof, sessions
from hrdtracker.accounts.factors import SignedInAt
from hrdtracker.accounts.model import Passkey
from hrdtracker.accounts.passkeys import Site
from hrdtracker.accounts.proof import Proof
from hrdtracker.accounts.sessions import HalfSignedIn
from hrdtracker.accounts.throttle import MustWait
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import NotFound, ProofDue
from tests import make
from tests.authenticator import attempts
from tests.software_key import SITE, SoftwareKey, add_key

pytestmark = pytest.mark.usefixtures("unit")
LOGIN = "director"
AT_ONCE = 8


def _half(login: str = LOGIN) -> HalfSignedIn:
    found = sessions.half_signed_in(sessions.begin(make.user(login), "Test"))
    assert found is not None
    return found


def _options(half: HalfSignedIn) -> str:
    return passkeys.options_to_prove(half.user.id, half.session_id, SITE)


def _show(half: HalfSignedIn, answer: str, site: Site = SITE) -> str:
    shown = Proof(passkey=answer, site=site)
    return proof.show(half.user, half.session_id, shown, attempts())


def test_a_passkey_is_added_and_signed_in_with() -> None:
    key = SoftwareKey()
    assert len(add_key(key)) == 10
    half = _half()
    visitor = sessions.identify(_show(half, key.sign(_options(half))))
    assert visitor is not None
    assert visitor.has_factor
    kept = session().scalars(select(Passkey.sign_count)).one()
    assert kept == key.counts


Attack = Callable[[SoftwareKey], SoftwareKey]
OTHERS: dict[str, Attack] = {
    "another origin": lambda key: replace(key, origin="https://localhost.elsewhere.example"),
    "another port": lambda key: replace(key, origin="http://localhost:81"),
    "another host": lambda key: replace(key, host="elsewhere.example"),
    "another key": lambda key: SoftwareKey(number=key.number, counts=key.counts),
    "an unknown key": lambda key: replace(key, number=b"\x06" * 32),
    "nobody verified": lambda key: replace(key, verifies=False),
    "a counter that went back": lambda key: replace(key, counts=-1),
}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("what", OTHERS)
def test_what_is_not_the_very_key_at_the_very_place_is_refused(what: str) -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    _show(half, key.sign(_options(half)))
    half = _half()
    with pytest.raises(CodeRefused):
        _show(half, OTHERS[what](key).sign(_options(half)))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("what", ["another origin", "another host", "nobody verified"])
def test_a_passkey_that_was_made_elsewhere_or_for_nobody_is_not_kept(what: str) -> None:
    with pytest.raises(CodeRefused):
        add_key(OTHERS[what](SoftwareKey()))
    assert session().scalars(select(Passkey)).all() == []


@pytest.mark.engines("sqlite")
def test_an_answer_is_taken_once() -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    answer = key.sign(_options(half))
    _show(half, answer)
    again = _half()
    _options(again)
    for replayed in (half, again):
        with pytest.raises(CodeRefused):
            _show(replayed, answer)


@pytest.mark.engines("sqlite")
def test_a_challenge_is_over_after_five_minutes_and_after_a_newer_one() -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    stale, _ = _options(half), _options(half)
    with pytest.raises(CodeRefused):
        _show(half, key.sign(stale))
    late = _options(half)
    with (
        time_machine.travel(clock.now() + passkeys.ANSWERED_WITHIN, tick=False),
        pytest.raises(CodeRefused),
    ):
        _show(half, key.sign(late))


@pytest.mark.engines("sqlite")
def test_what_was_signed_to_add_a_key_proves_nothing() -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    options = passkeys.options_to_add(half.user, half.session_id, SITE, "Daybook")
    with pytest.raises(CodeRefused):
        _show(half, key.sign(options))


@pytest.mark.engines("sqlite")
def test_the_passkey_of_another_proves_nothing() -> None:
    key, own = SoftwareKey(), SoftwareKey(number=b"\x07" * 32)
    add_key(key)
    add_key(own, "monitor")
    half = _half("monitor")
    with pytest.raises(CodeRefused):
        _show(half, key.sign(_options(half)))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("answer", ["", "x", "{}", "[]", "null", '{"id": 5}', "x" * 30_000])
def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    _options(half)
    with pytest.raises(CodeRefused):
        _show(half, answer)


def test_of_some_that_come_at_once_one_is_accepted(app: Flask) -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    answer = key.sign(_options(half))
    number = half.session_id
    session().rollback()

    def show(_time: int) -> bool:
        with app.app_context(), unit_of_work(make.open_session(app)):
            try:
                _show(HalfSignedIn(make.user(LOGIN), number), answer)
            except (CodeRefused, MustWait):
                return False
            return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(show, range(AT_ONCE))) == 1


@pytest.mark.engines("sqlite")
def test_adding_one_asks_again_and_keeps_what_the_device_made_until_then() -> None:
    key, user = SoftwareKey(), make.user(LOGIN)
    visitor = sessions.identify(sessions.begin(user, "Test"))
    assert visitor is not None
    place = SignedInAt(visitor.session_id, "Test")
    made = key.make(passkeys.options_to_add(user, visitor.session_id, SITE, "Daybook"))
    with pytest.raises(ProofDue):
        factors.add_passkey(replace(visitor.actor, proven=False), made, SITE, place)
    assert factors.add_passkey(visitor.actor, made, SITE, place)


@pytest.mark.engines("sqlite")
def test_one_s_own_passkey_is_removed_and_that_of_another_is_not_found() -> None:
    add_key(SoftwareKey())
    kept = session().scalars(select(Passkey)).one()
    with pytest.raises(NotFound):
        factors.remove_passkey(make.actor("monitor"), kept.uid)
    factors.remove_passkey(make.actor(LOGIN), kept.uid)
    left = factors.of(make.actor(LOGIN))
    assert (left.count, left.codes_left) == (0, 0)
