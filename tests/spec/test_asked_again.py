"""What asks once more who somebody is, and what waits until they have shown it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.action import ASKS_AGAIN, Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts import held_forms, passwords, proof, sessions, staff
from hrdtracker.accounts.model import HeldForm
from hrdtracker.accounts.proof import Proof
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import ProofDue
from tests import make
from tests.authenticator import attempts

pytestmark = pytest.mark.usefixtures("unit")


def _unproven(login: str) -> Actor:
    return replace(make.actor(login), proven=False)


@pytest.mark.engines("sqlite")
def test_a_session_is_proven_for_a_quarter_of_an_hour() -> None:
    token = sessions.begin(make.user("monitor"), "Test")
    for wait, proven in (
        (sessions.PROVEN_FOR - timedelta(seconds=1), True),
        (sessions.PROVEN_FOR, False),
    ):
        with time_machine.travel(clock.now() + wait, tick=False):
            visitor = sessions.identify(token)
            assert visitor is not None
            assert visitor.actor.proven == proven


RECORDS: dict[Action, tuple[str, Callable[[], object]]] = {
    Action.PERSON_REVEAL_LISTED: ("monitor", make.organisation),
    Action.ROLE_GRANT: ("admin", lambda: make.user("nobody")),
    Action.OFFICE_CHANGE: ("admin", lambda: make.office(make.HERE)),
    Action.SETTINGS_CHANGE: ("admin", make.organisation),
    Action.FUND_EXPORT: ("auditor", make.organisation),
    Action.CLOCK_READ_OUT: ("monitor", make.organisation),
    Action.FEED_OPEN: ("monitor", lambda: make.user("monitor")),
    Action.FACTOR_ADD: ("monitor", lambda: make.user("monitor")),
    Action.FACTOR_REMOVE: ("monitor", lambda: make.user("monitor")),
}
"""Who may do a verb that asks again, and to what."""


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("verb", RECORDS)
def test_the_door_asks_once_more_who_somebody_is(verb: Action) -> None:
    login, record = RECORDS[verb]
    assert verb in ASKS_AGAIN
    with pytest.raises(ProofDue), authorised(_unproven(login), verb, within=record()):  # type: ignore[arg-type] # a record
        pytest.fail("the door opened")


@pytest.mark.engines("sqlite")
def test_a_new_code_for_a_colleague_asks_again_and_locking_one_never_waits() -> None:
    admin, monitor = _unproven("admin"), make.user("monitor")
    with pytest.raises(ProofDue):
        staff.invite_again(admin, monitor)
    staff.lock_user(admin, monitor)
    with pytest.raises(ProofDue):
        staff.unlock_user(admin, monitor)


@pytest.mark.engines("sqlite")
def test_who_has_no_factor_shows_the_password_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "matches", lambda _hashed, typed: typed == "right")
    user = make.user("monitor")
    visitor = sessions.identify(sessions.begin(user, "Test"))
    assert visitor is not None
    with pytest.raises(CodeRefused):
        proof.show(user, visitor.session_id, Proof(password="wrong"), attempts())
    assert proof.show(user, visitor.session_id, Proof(password="right"), attempts())


# What waits --------------------------------------------------------------------------------------

SENT = [("name", "Canary Sok"), ("tick", "1"), ("tick", "2")]


def _session_of(login: str) -> tuple[Actor, int]:
    visitor = sessions.identify(sessions.begin(make.user(login), "Test"))
    assert visitor is not None
    return visitor.actor, visitor.session_id


def test_what_waits_is_sealed_and_taken_once() -> None:
    actor, number = _session_of("director")
    held_forms.hold(actor, number, "/people/names", Action.PERSON_REVEAL_LISTED, SENT)
    sealed = session().scalars(select(HeldForm.sent_sealed)).one()  # type: ignore[attr-defined] # mapped by Sealed
    assert b"Canary" not in sealed
    waiting = held_forms.waiting(number)
    assert waiting is not None
    assert (waiting.target, list(waiting.fields)) == ("/people/names", SENT)
    assert not held_forms.take(number + 1, waiting.uid)
    assert held_forms.take(number, waiting.uid)
    assert not held_forms.take(number, waiting.uid)


@pytest.mark.engines("sqlite")
def test_one_form_waits_in_a_session_and_ten_minutes_at_most() -> None:
    actor, number = _session_of("director")
    for place in ("/first", "/second"):
        held_forms.hold(actor, number, place, Action.PERSON_REVEAL_LISTED, SENT)
    waiting = held_forms.waiting(number)
    assert waiting is not None
    assert waiting.target == "/second"
    with time_machine.travel(clock.now() + held_forms.HELD_FOR, tick=False):
        assert held_forms.waiting(number) is None
        assert not held_forms.take(number, waiting.uid)
