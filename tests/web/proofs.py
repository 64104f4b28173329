"""Who shows who they are again on the pages: with a password that nothing hashes."""

import re
from datetime import timedelta

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts import passwords, sessions
from hrdtracker.accounts.model import Password
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from tests import make

RIGHT = "the right password of all"
OLD = sessions.PROVEN_FOR + timedelta(seconds=1)
HELD = re.compile(r'name="_held"\s+value="(\w+)"')


def hash_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one password be right for everybody who has one."""
    monkeypatch.setattr(passwords, "matches", lambda held, given: bool(held) and given == RIGHT)


def with_password(login: str) -> User:
    """Give somebody of the cast a password. Inside a unit of work."""
    user = make.user(login)
    with authorised(make.actor(login), Action.ACCOUNT_CHANGE, on=user):
        session().add(Password(user_id=user.id, hash="no hash", changed_at=clock.now()))
    return user
