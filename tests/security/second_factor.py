"""The guards of the second factor: what is used once, what asks again, what stays."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import time_machine
from pyotp import TOTP

from hrdtracker import authorised
from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts import factors, recovery_codes, sessions, totp
from hrdtracker.accounts.model import AuthenticatorApp
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import ProofDue, WrongStatus
from tests import make
from tests.security.guarding import Guard, Here, put, refuses, unit


class _UndoneError(Exception):
    """Raised at the end of an act, so that nothing of it stays."""


@contextmanager
def _undone(here: Here, login: str) -> Iterator[User]:
    """Open the door for somebody’s own factors, and leave nothing of what was done."""
    with unit(here):
        user, oneself = make.user(login), make.actor(login)
        act = authorised.authorised(oneself, Action.FACTOR_ADD, on=user)
        with suppress(_UndoneError), act:
            yield user
            _undo()


def _undo() -> None:
    raise _UndoneError


def _app(user: User) -> AuthenticatorApp:
    app = totp.begin(user)
    app.confirmed_at = clock.now()
    session().flush()
    return app


def _a_proof_grows_old(here: Here) -> None:
    with unit(here):
        token = sessions.begin(make.user("monitor"), "Test")
        with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
            visitor = sessions.identify(token)
        assert visitor is not None
        assert not visitor.actor.proven


def _the_door_asks_again(here: Here) -> None:
    def act() -> None:
        admin = replace(make.actor("admin"), proven=False)
        with authorised.authorised(admin, Action.ROLE_GRANT, on=make.user("monitor")):
            raise ZeroDivisionError

    with unit(here):
        refuses(ProofDue, act)


def _a_code_is_used_once(here: Here) -> None:
    with time_machine.travel(clock.now(), tick=False), _undone(here, "monitor") as user:
        app = _app(user)
        code = TOTP(app.secret or "").at(clock.now())
        totp.use(app, code)
        refuses(totp.CodeUsed, lambda: totp.use(app, code))


def _a_code_on_paper_is_used_once(here: Here) -> None:
    with _undone(here, "monitor") as user:
        paper = recovery_codes.renew(user)[0]
        session().flush()
        assert recovery_codes.use(user, paper)
        assert not recovery_codes.use(user, paper)


def _the_last_factor_stays(here: Here) -> None:
    with _undone(here, "director") as user:
        _app(user)
        vault = session().info["vault"]
        vault.demo = False
        try:
            refuses(WrongStatus, lambda: factors.remove_app(make.actor("director")))
        finally:
            vault.demo = True


def _whose_password_was_given_is_nobody_yet(here: Here) -> None:
    with unit(here):
        token = sessions.begin(make.user("board"), "Test")  # who has an app here
        assert sessions.identify(token) is None
        assert sessions.half_signed_in(token) is not None


def _whatever(*_values: Any, **_more: Any) -> bool:
    return True


SECOND_FACTOR = [
    Guard(
        "second step",
        put(sessions, "has_one", lambda _user: False),
        _whose_password_was_given_is_nobody_yet,
    ),
    Guard("age of a proof", put(sessions, "PROVEN_FOR", timedelta(days=1)), _a_proof_grows_old),
    Guard("what asks again", put(authorised, "check_proven", _whatever), _the_door_asks_again),
    Guard("a time step once", put(totp, "set_if", _whatever), _a_code_is_used_once),
    Guard("paper once", put(recovery_codes, "set_if", _whatever), _a_code_on_paper_is_used_once),
    Guard(
        "the last factor", put(factors, "_check_another_is_left", _whatever), _the_last_factor_stays
    ),
]
