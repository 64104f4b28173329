"""What a user may in each state, as a reviewed table; and what ends a session at once."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Membership, Role, UserState
from hrdtracker.accounts import passwords, roles, sessions, staff
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError
from tests import make
from tests.security.world import World, home
from tests.web.browse import Browser

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("world_unit")]
CHOSEN = "a token that an attacker chose"
RIGHT = "the right password of all"
with (Path(__file__).parent / "states.csv").open(encoding="utf-8", newline="") as _file:
    TABLE = {line.pop("state"): line for line in csv.DictReader(_file)}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash nothing: here one password is right for everybody."""
    monkeypatch.setattr(passwords, "matches", lambda held, given: bool(held) and given == RIGHT)
    monkeypatch.setattr(passwords, "hash_password", lambda _password: "no hash")


def _signs_in(login: str) -> bool:
    try:
        sessions.sign_in(login, RIGHT, f"10.0.0.{len(login)}", "Test")
    except sessions.SignInRefused:
        return False
    return True


def _goes_on(login: str) -> bool:
    return sessions.identify(f"token of {login}") is not None


def _sets_password(login: str) -> bool:
    try:
        staff.accept(f"code of {login}", "four words nobody guesses")
    except DomainError:
        return False
    return True


def _is_colleague(login: str) -> bool:
    return login in {user.login for user in colleagues(home().id, Action.CASE_READ)}


ASKED: dict[str, Callable[[str], bool]] = {
    "signs in": _signs_in,
    "session goes on": _goes_on,
    "code sets a password": _sets_password,
    "shown as colleague": _is_colleague,
}


def test_every_state_stands_in_the_table() -> None:
    assert set(TABLE) == set(UserState)
    assert all(set(line) == set(ASKED) for line in TABLE.values())


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("what", ASKED)
def test_a_user_may_what_the_table_says_of_their_state(state: str, what: str) -> None:
    assert ASKED[what](f"state_{state}") == (TABLE[state][what] == "yes")
    if what == "code sets a password" and TABLE[state][what] == "yes":
        _put_back(f"state_{state}", UserState(state))


def _put_back(login: str, state: UserState) -> None:
    user = make.user(login)
    with authorised(operator(home().id), Action.USER_CHANGE, on=user):
        user.state = state


@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_a_session_is_over_when_its_user_is_locked_or_leaves(state: UserState) -> None:
    user = make.user("open_fund")
    token = sessions.begin(user, "Test")
    make.bring(user, state)
    assert sessions.identify(token) is None
    _put_back("open_fund", UserState.ACTIVE)
    assert sessions.identify(token) is None


def test_a_session_is_over_when_its_user_gets_or_loses_a_role() -> None:
    user, office = make.user("open_colleague"), make.office(make.THERE)
    first = sessions.begin(user, "Test")
    held = roles.propose_role(make.actor("admin"), user, Role.MONITOR, office)
    second = sessions.begin(user, "Test")
    roles.end_role(make.actor("admin"), user, held)
    assert sessions.identify(first) is None
    assert sessions.identify(second) is None


def test_a_role_that_is_not_confirmed_gives_nothing(world: World) -> None:
    del world
    waiting = session().scalars(select(Membership).where(Membership.confirmed_at.is_(None)))
    users = {held.user_id for held in waiting if held.role == Role.AUDITOR}
    assert users
    found = sessions.identify("token of nobody")
    assert found is not None
    assert found.actor.id in users
    assert found.actor.seats == frozenset()


def test_a_token_that_signed_out_is_worth_nothing(world_app: Flask) -> None:
    token = sessions.begin(make.user("open_monitor"), "Test")
    who = Browser(world_app)
    who.client.set_cookie("day", token)
    assert who.get("/").status_code == 200
    assert who.post("/logout").status_code == 303
    assert sessions.identify(token) is None


def test_a_token_somebody_brings_along_is_not_taken_up(world_app: Flask) -> None:
    """Fixation: the cookie of before signing in is worth nothing after it."""
    who = Browser(world_app)
    who.client.set_cookie("day", CHOSEN)
    who.get("/login")
    assert who.post("/login", {"login": "open_colleague", "password": RIGHT}).status_code == 303
    held = who.client.get_cookie("day")
    assert held is not None
    assert held.value != CHOSEN
    assert sessions.identify(CHOSEN) is None
    assert sessions.identify(held.value) is not None
