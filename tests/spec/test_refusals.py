"""Whoever is refused again and again fills no trail: the first stands on it, the rest as one."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.accounts.sessions import note_failure
from hrdtracker.audit import chain, queries, refusals
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.audit.queries import Sought
from hrdtracker.authorised import authorised, flush_deferred, gather_refusals
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
MINUTE = timedelta(minutes=1)


def _ask(who: str = "monitor", times: int = 1, action: Action = Action.CASE_READ) -> None:
    """Ask for addresses that nobody has, a request each."""
    for _ in range(times):
        with pytest.raises(NotFound):
            policy.fetch(make.actor(who), action, Case, uuid4())
        flush_deferred()


def _refused() -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.outcome == Outcome.REFUSED)
    return list(session().scalars(query.order_by(AuditEntry.seq)))


def _more(entry: AuditEntry) -> int:
    [change] = json.loads(entry.payload)
    count: int = change["columns"]["more_count"][1]
    return count


def _at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def test_a_hundred_random_addresses_leave_two_entries() -> None:
    now = clock.now()
    with _at(now):
        _ask(times=100)
        assert len(_refused()) == 1
    with _at(now + MINUTE):
        gather_refusals()
    first, rest = _refused()
    assert first.subject_uid is not None
    assert (rest.actor_uid, rest.action, _more(rest)) == (first.actor_uid, "case.read", 99)
    assert chain.verify().holds


def test_what_comes_after_the_minute_closes_it_and_stands_by_itself() -> None:
    now = clock.now()
    with _at(now):
        _ask(times=3)
    with _at(now + MINUTE):
        _ask()
    _, rest, anew = _refused()
    assert _more(rest) == 2
    assert anew.payload == b""


def test_each_verb_and_each_person_has_a_first_entry() -> None:
    with _at(clock.now()):
        _ask(times=2)
        _ask(times=2, action=Action.CASE_EDIT)
        _ask("director", times=2)
    assert len(_refused()) == 3


def test_what_the_door_refuses_again_is_counted_too() -> None:
    with _at(clock.now()):
        for _ in range(3):
            with (
                pytest.raises(NotAllowed),
                authorised(make.actor("monitor"), Action.SETTINGS_CHANGE, on=make.organisation()),
            ):
                raise ZeroDivisionError
    assert len(_refused()) == 1


def test_a_single_refusal_leaves_one_entry() -> None:
    now = clock.now()
    with _at(now):
        _ask()
    with _at(now + MINUTE):
        gather_refusals()
    assert len(_refused()) == 1
    assert not refusals.has_any()


def test_an_auditor_reads_how_often_something_was_refused() -> None:
    now = clock.now()
    with _at(now):
        _ask(times=5)
    with _at(now + MINUTE):
        gather_refusals()
    page = queries.entries(make.actor("auditor"), Sought(outcome="refused"))
    counts = [change.after for change in page.lines[0].changes if change.column == "more_count"]
    assert counts == [4]


def test_wrong_names_of_nobody_are_gathered_and_wrong_passwords_of_somebody_are_not() -> None:
    user = make.user("monitor")
    with _at(clock.now()):
        for _ in range(3):
            note_failure(user)
            note_failure(None)
            flush_deferred()
    subjects = [entry.subject_uid for entry in _refused()]
    assert sorted(map(str, subjects)) == sorted(map(str, [user.uid] * 3 + [None]))
