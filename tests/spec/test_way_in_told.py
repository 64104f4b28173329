"""Whoever takes over an account changes how it is signed in to: its owner is told each time."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import User
from hrdtracker.accounts import factors, passwords, service, sessions, staff, throttle
from hrdtracker.accounts.model import Passkey
from hrdtracker.accounts.proof import Proof, show
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make
from tests.authenticator import with_app
from tests.software_key import SoftwareKey, add_key

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
LOGIN, GOOD, NEW = "director", "cloud ladder teapot violin", "another good pass phrase"


def _told() -> list[Notice]:
    """Return what the owner was told and has not understood yet."""
    theirs = Notice.user_id == make.user(LOGIN).id, Notice.seen_at.is_(None)
    query = select(Notice).where(*theirs, Notice.kind == NoticeKind.WAY_IN_CHANGED)
    return list(session().scalars(query))


def _understood() -> None:
    for notice in _told():
        notices.see(make.actor(LOGIN), notice.uid)


def _had_password() -> User:
    user = make.user(LOGIN)
    with authorised(make.actor(LOGIN), Action.ACCOUNT_CHANGE, on=user):
        service.set_hash(user.id, passwords.hash_password(GOOD))
    return user


def _change_password() -> None:
    user = _had_password()
    visitor = sessions.identify(sessions.begin(user, "Test"))
    assert visitor is not None
    service.change_password(visitor.actor, GOOD, NEW, visitor.session_id)


def _remove_app() -> None:
    with_app(LOGIN)
    _understood()
    factors.remove_app(make.actor(LOGIN))


def _remove_passkey() -> None:
    add_key(SoftwareKey())
    _understood()
    factors.remove_passkey(make.actor(LOGIN), session().scalars(select(Passkey.uid)).one())


def _renew_codes() -> None:
    with_app(LOGIN)
    _understood()
    factors.renew_codes(make.actor(LOGIN))


def _use_code() -> None:
    code = with_app(LOGIN).papers[0]
    _understood()
    user = make.user(LOGIN)
    half = sessions.half_signed_in(sessions.begin(user, "Test"))
    assert half is not None
    show(user, half.session_id, Proof(code=code), throttle.keys_of(known=LOGIN))


def _begin_anew() -> None:
    """Take a new code from an administrator, and set another password with it."""
    _had_password()
    staff.accept(staff.invite_again(make.actor("admin"), make.user(LOGIN)), NEW)


def _change_mail() -> None:
    service.set_mail_address(make.actor(LOGIN), "nobody@example.org")
    service.set_mail_address(make.actor(LOGIN), "somebody@example.org")


@pytest.mark.parametrize(
    "act",
    [
        _change_password,
        lambda: with_app(LOGIN),
        _remove_app,
        lambda: add_key(SoftwareKey()),
        _remove_passkey,
        _renew_codes,
        _use_code,
        _begin_anew,
        _change_mail,
    ],
    ids=[
        *("password", "app", "no app", "passkey", "no passkey"),
        *("codes", "a code used", "a new code", "mail"),
    ],
)
def test_whose_way_in_changes_is_told(act: Callable[[], object]) -> None:
    act()
    assert len(_told()) == 1


def test_whoever_keeps_what_they_had_or_has_their_first_password_is_told_nothing() -> None:
    _had_password()
    for _ in range(2):
        service.set_mail_address(make.actor(LOGIN), "somebody@example.org")
    assert _told() == []
