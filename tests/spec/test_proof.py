"""How somebody can show who they are, and what an attempt counts that was none."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from webauthn import verify_authentication_response
from webauthn.helpers import bytes_to_base64url

from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts import (
    factors,
    passkeys,
    passwords,
    proof,
    recovery_codes,
    service,
    sessions,
)
from hrdtracker.accounts.factors import SignedInAt
from hrdtracker.accounts.model import (
    AuthenticatorApp,
    FactorChallenge,
    Passkey,
    RecoveryCode,
    Throttle,
)
from hrdtracker.accounts.passkeys import Purpose
from hrdtracker.accounts.proof import Proof, Ways
from hrdtracker.accounts.sessions import HalfSignedIn
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.audit.guarded_update import set_if
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from tests import make
from tests.authenticator import Authenticator, attempts, with_app
from tests.hashing import busy_machine
from tests.software_key import SITE, SoftwareKey, add_key, challenge_of

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
GOOD, OTHER = "cloud ladder teapot violin", "another good pass phrase"
PAPERS = recovery_codes.COUNT


@pytest.mark.parametrize(
    ("begun", "has_app", "has_key", "ways"),
    [
        (False, False, False, Ways(app=False, passkey=False, papers=0)),
        (True, False, False, Ways(app=False, passkey=False, papers=0)),
        (False, True, False, Ways(app=True, passkey=False, papers=PAPERS)),
        (True, False, True, Ways(app=False, passkey=True, papers=PAPERS)),
        (False, True, True, Ways(app=True, passkey=True, papers=PAPERS)),
    ],
)
def test_how_somebody_can_show_who_they_are(
    ways: Ways, *, begun: bool, has_app: bool, has_key: bool
) -> None:
    with_app("monitor")
    add_key(SoftwareKey(number=b"\x09" * 32), "colleague")
    if has_key:
        add_key(SoftwareKey())
    if has_app:
        with_app("director")
    if begun:
        factors.begin_app(make.actor("director"))
    assert proof.ways(make.user("director").id) == ways
    mine = factors.of(make.actor("director"))
    assert (mine.app is not None, len(mine.passkeys), mine.codes_left) == (
        has_app,
        has_key,
        ways.papers,
    )
    assert mine.count == has_app + has_key


def _half(login: str = "director") -> HalfSignedIn:
    half = sessions.half_signed_in(sessions.begin(make.user(login), "Test"))
    assert half is not None
    return half


def _show(half: HalfSignedIn, shown: Proof) -> str:
    return proof.show(half.user, half.session_id, shown, attempts())


def test_an_attempt_that_the_machine_had_no_time_for_counts_for_nothing() -> None:
    visitor = sessions.identify(sessions.begin(make.user("monitor"), "Test"))
    assert visitor is not None
    with busy_machine(), pytest.raises(passwords.TooBusy):
        proof.show_again(visitor.actor, visitor.session_id, Proof(password="x"), attempts())
    assert session().scalar(select(func.max(Throttle.failures))) == 0


def test_the_right_code_forgets_the_wrong_ones_before_it() -> None:
    app, half = with_app("director"), _half()
    with time_machine.travel(clock.now(), tick=False):
        for shown in ("000000", app.code(), "000000"):
            for _ in range(1 if shown == app.code() else 4):
                with suppress(CodeRefused):  # and never MustWait
                    _show(half, Proof(shown))


def test_what_a_passkey_signed_for_nowhere_proves_nothing() -> None:
    key = SoftwareKey()
    add_key(key)
    half = _half()
    answer = key.sign(passkeys.options_to_prove(half.user.id, half.session_id, SITE))
    with pytest.raises(CodeRefused):
        _show(half, Proof(passkey=answer))


@pytest.mark.parametrize("whose", ["nobody's", "another's", "begun"])
def test_six_digits_of_what_is_no_app_of_theirs_open_nothing(whose: str) -> None:
    add_key(SoftwareKey())
    code = with_app("monitor").code() if whose == "another's" else "000000"
    if whose == "begun":
        factors.begin_app(make.actor("director"))
        secret = factors.waiting_app(make.actor("director")).secret
        code = Authenticator(secret or "").code()
    with pytest.raises(CodeRefused):
        _show(_half(), Proof(code))


def test_only_one_s_own_password_shows_who_one_is() -> None:
    for login, words in (("monitor", OTHER), ("colleague", GOOD)):
        with authorised(make.actor(login), Action.ACCOUNT_CHANGE, on=make.user(login)):
            service.set_hash(make.user(login).id, passwords.hash_password(words))
    visitor = sessions.identify(sessions.begin(make.user("colleague"), "Test"))
    assert visitor is not None
    with pytest.raises(CodeRefused):
        proof.show_again(visitor.actor, visitor.session_id, Proof(password=OTHER), attempts())
    shown = Proof(password=GOOD)
    token = proof.show_again(visitor.actor, visitor.session_id, shown, attempts())
    assert sessions.identify(token) is not None


# More than one factor ----------------------------------------------------------------------------


def _add(key: SoftwareKey, token: str) -> list[str]:
    """Add a passkey in the session with this token; return the codes on paper that are new."""
    visitor, user = sessions.identify(token), make.user("director")
    assert visitor is not None
    options = passkeys.options_to_add(user, visitor.session_id, SITE, "Daybook")
    here = SignedInAt(visitor.session_id, "Test")
    return factors.add_passkey(visitor.actor, key.make(options), SITE, here)


def _sign(key: SoftwareKey) -> str:
    """Sign in as the director with a passkey; return the token."""
    half = _half()
    options = passkeys.options_to_prove(half.user.id, half.session_id, SITE)
    return _show(half, Proof(passkey=key.sign(options), site=SITE))


def test_a_second_factor_more_leaves_the_codes_on_paper_as_they_are() -> None:
    app = with_app("director")
    assert _add(SoftwareKey(), _show(_half(), Proof(app.code()))) == []
    assert _show(_half(), Proof(app.papers[0]))


def test_of_two_passkeys_the_one_that_is_named_is_removed_and_the_last_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    director, key = make.actor("director"), SoftwareKey()
    add_key(key)
    _add(SoftwareKey(number=b"\x02" * 32), _sign(key))
    first, second = factors.of(director).passkeys
    monkeypatch.setattr(session().info["vault"], "demo", False)
    factors.remove_passkey(director, second.uid)
    left = factors.of(director)
    assert ([one.uid for one in left.passkeys], left.codes_left) == ([first.uid], PAPERS)
    with pytest.raises(WrongStatus):
        factors.remove_passkey(director, first.uid)


def test_new_codes_on_paper_of_one_end_those_of_nobody_else() -> None:
    with_app("monitor")
    with_app("director")
    factors.renew_codes(make.actor("director"))
    assert factors.of(make.actor("monitor")).codes_left == PAPERS


def test_when_a_code_on_paper_was_used_stays_what_it_was() -> None:
    app = with_app("director")
    _show(_half(), Proof(app.papers[0]))
    used = session().query(RecoveryCode).where(RecoveryCode.ended_at.is_not(None)).one()
    moment = used.ended_at
    with clock.as_of(clock.now() + timedelta(hours=1)):
        factors.renew_codes(make.actor("director"))
    assert used.ended_at == moment


def test_an_app_that_is_begun_anew_takes_the_place_of_what_was_begun_and_of_nothing_else() -> None:
    app = with_app("director")
    for login in ("monitor", "director", "director"):
        factors.begin_app(make.actor(login))
    assert session().query(AuthenticatorApp).count() == 3
    assert factors.waiting_app(make.actor("monitor")).confirmed_at is None
    others = with_app("colleague")
    assert _show(_half(), Proof(app.code()))
    assert _show(_half("colleague"), Proof(others.code()))


# Passkeys ----------------------------------------------------------------------------------------

PADDING = " " * passkeys.LARGEST_ANSWER


def test_an_answer_that_is_far_too_long_is_not_looked_at() -> None:
    key, user = SoftwareKey(), make.user("director")
    visitor = sessions.identify(sessions.begin(user, "Test"))
    assert visitor is not None
    options = passkeys.options_to_add(user, visitor.session_id, SITE, "Daybook")
    here = SignedInAt(visitor.session_id, "Test")
    with pytest.raises(CodeRefused):
        factors.add_passkey(visitor.actor, key.make(options) + PADDING, SITE, here)
    add_key(key)
    half = _half()
    answer = key.sign(passkeys.options_to_prove(half.user.id, half.session_id, SITE))
    with pytest.raises(CodeRefused):
        _show(half, Proof(passkey=answer + PADDING, site=SITE))


def test_the_same_key_is_kept_once_whoever_brings_it() -> None:
    add_key(SoftwareKey())
    with pytest.raises(CodeRefused):
        add_key(SoftwareKey(), "monitor")


def test_the_counter_of_one_key_moves_and_that_of_no_other() -> None:
    key = SoftwareKey()
    add_key(key)
    add_key(SoftwareKey(number=b"\x02" * 32), "monitor")
    _sign(key)
    counts = select(Passkey.sign_count).join(User, User.id == Passkey.user_id).order_by(User.login)
    assert session().scalars(counts).all() == [1, 0]


def test_a_key_that_was_used_elsewhere_in_the_same_moment_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = SoftwareKey()
    add_key(key)

    def verify_slowly(**values: Any) -> Any:
        shown = verify_authentication_response(**values)
        set_if(Passkey, Passkey.user_id == make.user("director").id, sign_count=99)
        return shown

    monkeypatch.setattr(passkeys, "verify_authentication_response", verify_slowly)
    with pytest.raises(CodeRefused):
        _sign(key)


def test_a_browser_is_told_of_one_s_own_keys_alone() -> None:
    add_key(SoftwareKey(number=b"\x02" * 32), "monitor")
    add_key(SoftwareKey())
    half = _half()
    options = json.loads(passkeys.options_to_prove(half.user.id, half.session_id, SITE))
    assert [one["id"] for one in options["allowCredentials"]] == [bytes_to_base64url(b"\x05" * 32)]


def test_a_new_challenge_ends_the_one_before_and_those_whose_time_is_over() -> None:
    here, there = _session_id("director"), _session_id("monitor")
    user = make.user("director")
    with clock.as_of(clock.now() - passkeys.ANSWERED_WITHIN):
        passkeys.options_to_prove(make.user("monitor").id, _session_id("colleague"), SITE)
    passkeys.options_to_prove(make.user("monitor").id, there, SITE)
    passkeys.options_to_add(user, here, SITE, "Daybook")
    first = passkeys.options_to_prove(user.id, here, SITE)
    second = passkeys.options_to_prove(user.id, here, SITE)
    kept = session().query(FactorChallenge)
    left = {(here, Purpose.ADD), (here, Purpose.PROVE), (there, Purpose.PROVE)}
    assert {(one.session_id, one.purpose) for one in kept} == left
    assert kept.count() == len(left)
    taken = passkeys.take_challenge(here, Purpose.PROVE)
    assert taken == challenge_of(second) != challenge_of(first)
    assert passkeys.take_challenge(here, Purpose.PROVE) is None
    with clock.as_of(clock.now() + passkeys.ANSWERED_WITHIN):
        assert passkeys.take_challenge(here, Purpose.ADD) is None


def _session_id(login: str) -> int:
    visitor = sessions.identify(sessions.begin(make.user(login), "Test"))
    assert visitor is not None
    return visitor.session_id
