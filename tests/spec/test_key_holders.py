"""Whose passphrases open the key file, and what is written down of each lock of everything."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.accounts import sessions
from hrdtracker.accounts.assignments import candidates
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.lockdown import queries, service
from hrdtracker.lockdown.model import KeyHolder, ServerLock
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
HOUR = timedelta(hours=1)


def _by_hand() -> tuple[Actor, Organisation]:
    organisation = make.organisation()
    return operator(organisation.id), organisation


def _prove(login: str, lock_name: str) -> None:
    service.prove(*_by_hand(), make.user(login), lock_name)


def _name(login: str, lock_name: str) -> None:
    service.name_holder(*_by_hand(), make.user(login), lock_name)


def _holders() -> dict[str, tuple[str, bool]]:
    """Return who holds which lock, and whether they have proved it."""
    lines = queries.key_holders(make.organisation(), ["one", "two", "three"])
    return {line.user.login: (line.lock_name, line.proved_at is not None) for line in lines}


def _told(kind: NoticeKind) -> set[int]:
    """Return who was told since this was asked last."""
    told = set(session().scalars(select(Notice.user_id).where(Notice.kind == kind)))
    session().rollback()
    side_transaction(lambda: session().connection().execute(delete(Notice)))
    return told


def _all_who_may_lock(but: str = "") -> set[int]:
    able = {actor.id for actor in candidates(make.organisation().id, Action.SERVER_LOCK)}
    return able - ({make.user(but).id} if but else set())


def _entries(action: Action) -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    return session().scalar(query) or 0


# Whose passphrase ---------------------------------------------------------------------------------


def test_each_has_one_passphrase_of_their_own_and_proves_every_new_one() -> None:
    _prove("director", "one")
    _name("admin", "two")
    assert _holders() == {"director": ("one", True), "admin": ("two", False)}
    _prove("admin", "two")
    _name("director", "one")
    assert _holders() == {"director": ("one", True), "admin": ("two", True)}
    _name("director", "three")
    assert _holders() == {"director": ("three", False), "admin": ("two", True)}
    with pytest.raises(WrongStatus):
        _prove("director", "two")
    _prove("national", "one")
    assert _holders()["national"] == ("one", True)


def test_what_ended_opens_no_more_and_its_lock_may_become_somebody_else_s() -> None:
    _prove("director", "one")
    service.end_holder(*_by_hand(), make.user("director"))
    assert _holders() == {}
    _name("director", "two")
    _prove("admin", "one")
    assert _holders() == {"director": ("two", False), "admin": ("one", True)}
    assert len(session().scalars(select(KeyHolder.id)).all()) == 3


@pytest.mark.parametrize("write", [_name, _prove])
def test_whoever_is_not_at_work_gets_no_passphrase(write: Callable[[str, str], None]) -> None:
    make.bring(make.user("director"), UserState.LOCKED)
    with pytest.raises(WrongStatus):
        write("director", "one")
    assert _holders() == {}


def test_everybody_who_may_lock_is_told_when_it_changes_who_can_unlock() -> None:
    changes: list[Callable[[User], None]] = [
        lambda user: service.name_holder(*_by_hand(), user, "one"),
        lambda user: service.prove(*_by_hand(), user, "one"),
        lambda user: service.end_holder(*_by_hand(), user),
    ]
    for change in changes:
        change(make.user("director"))
        assert _told(NoticeKind.KEY_HOLDERS) == _all_who_may_lock()
    service.end_holder(*_by_hand(), make.user("director"))
    assert _told(NoticeKind.KEY_HOLDERS) == set(), "nothing had changed"


# Each lock of everything --------------------------------------------------------------------------


def _locks() -> list[ServerLock]:
    return list(session().scalars(select(ServerLock).order_by(ServerLock.locked_at)))


def _unlock(lock_name: str = "nobody's", since: datetime | None = None) -> None:
    service.unlock_everything(*_by_hand(), lock_name, since)


def test_a_lock_at_the_machine_is_noted_once_by_nobody_and_told_to_all_who_may_lock() -> None:
    moment = clock.now() - HOUR
    for _ in range(2):
        service.note_lock(*_by_hand(), moment)
    (lock,) = _locks()
    assert (lock.locked_at, lock.locked_by_id, lock.unlocked_at) == (moment, None, None)
    assert _entries(Action.SERVER_LOCK) == 1
    assert _told(NoticeKind.SERVER_LOCKED) == _all_who_may_lock()


def test_two_must_have_proved_it_and_whoever_locks_is_named_and_the_others_are_told() -> None:
    locks = ["one", "two"]
    _prove("director", "one")
    with pytest.raises(WrongStatus):
        service.lock_everything(make.actor("director"), make.organisation(), locks)
    _prove("admin", "two")
    for login in ("director", "national"):
        service.lock_everything(make.actor(login), make.organisation(), locks)
    with pytest.raises(NotAllowed):
        service.lock_everything(make.actor("monitor"), make.organisation(), locks)
    assert [lock.locked_by_id for lock in _locks()] == [make.user("director").id]
    assert _told(NoticeKind.SERVER_LOCKED) == _all_who_may_lock(but="director")


def test_an_unlock_ends_the_lock_and_every_session_and_proves_the_passphrase_again() -> None:
    _name("director", "one")
    token = sessions.begin(make.user("monitor"), "A telephone")
    service.note_lock(*_by_hand(), clock.now())
    _unlock("one")
    (lock,) = _locks()
    assert lock.unlocked_at is not None
    assert lock.unlocked_by_id == make.user("director").id
    assert _holders() == {"director": ("one", True)}
    assert sessions.identify(token) is None


def test_a_machine_that_was_locked_by_itself_adds_a_lock_unless_one_is_known_of_then() -> None:
    service.note_lock(*_by_hand(), clock.now() - HOUR)
    _unlock(since=clock.now() - 2 * HOUR)
    began, ended = _locks()[0].locked_at, _locks()[0].unlocked_at
    assert ended is not None
    for since, count in [(None, 1), (began + HOUR / 2, 1), (began, 1), (ended, 1)]:
        _unlock(since=since)
        assert len(_locks()) == count
    _unlock(since=began - HOUR)
    assert len(_locks()) == 2
    _unlock(since=clock.now())
    assert len(_locks()) == 3
    assert all(lock.unlocked_at and lock.unlocked_by_id is None for lock in _locks())
