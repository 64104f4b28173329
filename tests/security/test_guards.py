"""Every guard is taken away in turn, and each time what it guards falls, so none is for show."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, Select, bindparam, delete, event, select, update
from sqlalchemy.orm import Session

from hrdtracker import authorised
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office
from hrdtracker.access.rule import Rule
from hrdtracker.accounts import sessions
from hrdtracker.accounts.model import LoginSession
from hrdtracker.audit import trail
from hrdtracker.cases.model import Case, CaseStatus
from hrdtracker.cases.workflow import CASE
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotAllowed, NotFound, Stale, WrongStatus
from hrdtracker.core.seal import SealBroken, Sealed, ring
from hrdtracker.core.workflow import Workflow
from hrdtracker.people.model import PersonName
from hrdtracker.web.shell import request_guard
from hrdtracker.web.shell.route_permission import PUBLIC
from tests import make
from tests.security.guarding import Guard, Here, Patch, put, refuses, unit
from tests.security.second_factor import SECOND_FACTOR
from tests.security.visits import Visits
from tests.security.way_in import WAY_IN
from tests.security.world import home

pytestmark = pytest.mark.engines("sqlite")


# The door ----------------------------------------------------------------------------------------


def _a_monitor_cannot_change_the_settings(here: Here) -> None:
    def act() -> None:
        with authorised.authorised(make.actor("monitor"), Action.SETTINGS_CHANGE, on=home()):
            raise ZeroDivisionError

    with unit(here):
        refuses(NotAllowed, act)


def _nobody_sets_up_a_second_organisation(here: Here) -> None:
    def act() -> None:
        with authorised.authorised(make.actor("admin"), Action.ORGANISATION_SET_UP, on=None):
            raise ZeroDivisionError

    with unit(here):
        refuses(NotAllowed, act)


def _a_stale_save_is_refused(here: Here) -> None:
    def act() -> None:
        uid = here.world.records["d", "own"]["case"]
        director = make.actor("director")
        case = policy.fetch(director, Action.CASE_READ, Case, uid)
        with authorised.authorised(director, Action.CASE_EDIT, on=case, version=case.version - 1):
            raise ZeroDivisionError

    with unit(here):
        refuses(Stale, act)


def _without_versions(patch: Patch) -> None:
    real: Any = authorised._check

    def check(actor: Any, action: Action, on: Any, _version: int | None, receipt: Any) -> None:
        real(actor, action, on, None, receipt)

    patch.setattr(authorised, "_check", check)


def _whatever_the_rule(_rule: Rule, _actor: Actor, model: type[Entity]) -> Select[Any]:
    """Return the query of one record for a fetch that has lost its rule."""
    return select(model).where(model.uid == bindparam("wanted", type_=model.uid.type))


def _a_hidden_case_is_not_found(here: Here) -> None:
    uid = here.world.records["m", "secret"]["case"]
    with unit(here):
        monitor = make.actor("monitor")
        refuses(NotFound, lambda: policy.fetch(monitor, Action.CASE_READ, Case, uid))


# What is not signed ------------------------------------------------------------------------------


def _a_change_that_nobody_signs_is_refused(here: Here) -> None:
    def change() -> None:
        make.office(make.HERE).name_en = "Elsewhere"
        session().flush()
        raise ZeroDivisionError

    with unit(here):
        refuses(trail.Unsigned, lambda: authorised.side_transaction(change))


def _unsigned_flush(self: Session, objects: Any = None) -> None:
    with trail.writing():
        Session.flush(self, objects)


def _a_statement_outside_the_door_is_refused(here: Here) -> None:
    statement: Any = delete(Office.__table__).where(Office.id == 0)  # type: ignore[arg-type]
    with unit(here):
        refuses(trail.Unsigned, lambda: session().connection().execute(statement))


def _a_bulk_write_is_refused(here: Here) -> None:
    def act() -> None:
        with authorised.authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=home()):
            with trail.writing():
                session().execute(update(Office).where(Office.id == 0).values(name_en="x"))
            raise ZeroDivisionError

    with unit(here):
        refuses(trail.Unsigned, act)


def _without(target: Any, name: str, listener: Any) -> Callable[[Patch], object]:
    """Return how to silence a listener of SQLAlchemy until the patch is undone."""

    def take_away(patch: Patch) -> None:
        event.remove(target, name, listener)
        back = partial(event.listen, target, name, listener)
        patch.setattr(event, "put_back", back, raising=False)

    return take_away


# Who is here -------------------------------------------------------------------------------------


def _a_stranger_is_sent_to_sign_in(here: Here) -> None:
    assert here.visits.browser(None).get("/").location == "/login"


def _a_page_that_needs_nothing_said_is_refused(here: Here) -> None:
    assert here.visits.browser("admin").get("/forgotten").status_code == 403


def _a_form_without_our_token_is_refused(here: Here) -> None:
    answer = here.visits.browser("monitor").client.post("/language", data={"language": "km"})
    assert answer.status_code == 400


def _a_form_of_somebody_else_is_not_completed(here: Here) -> None:
    who, other = here.visits.browser("monitor"), here.world.others["user:stranger"]
    assert who.post("/account/preferences", {"_as": other.hex}).status_code == 409


def _no_mark(patch: Patch) -> None:
    real = request_guard._check_person
    patch.setattr(
        request_guard, "_check_person", lambda need: real(need) if need == PUBLIC else None
    )


def _a_session_ends_when_nobody_uses_it(here: Here) -> None:
    _is_over_after(here, sessions.IDLE + timedelta(minutes=1))


def _a_session_ends_however_much_it_is_used(here: Here) -> None:
    with unit(here):
        token = sessions.begin(make.user("monitor"), "Test")
        with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1), tick=False):
            found = session().query(LoginSession)
            mine = found.filter_by(token_digest=sessions.digest(token)).one()
            authorised.side_transaction(lambda: sessions.seen(mine.id))
            assert sessions.identify(token) is None


def _is_over_after(here: Here, pause: timedelta) -> None:
    with unit(here):
        token = sessions.begin(make.user("monitor"), "Test")
        assert sessions.identify(token) is not None
        with time_machine.travel(clock.now() + pause, tick=False):
            assert sessions.identify(token) is None


# The rest ----------------------------------------------------------------------------------------


def _a_moved_ciphertext_does_not_open(here: Here) -> None:
    with unit(here):
        key = ring().create().id
        one, other = (PersonName(data_key_id=key, name=name) for name in ("One", "Other"))
        setattr(other, PersonName.name.column, PersonName.name.ciphertext(one))
        refuses(SealBroken, lambda: other.name)


def _a_closed_case_is_not_closed_again(here: Here) -> None:
    del here
    stands: Any = SimpleNamespace(status=CaseStatus.CLOSED)
    refuses(WrongStatus, lambda: CASE.take(stands, Action.CASE_CLOSE))


def _take_anyhow(_self: Any, record: Any, action: Any) -> None:
    del record, action


GUARDS = [
    Guard(
        "permission at the door",
        put(authorised, "_check", lambda *_: None),
        _a_monitor_cannot_change_the_settings,
    ),
    Guard(
        "permission for an act without a record",
        put(policy, "allows_anywhere", lambda *_: True),
        _nobody_sets_up_a_second_organisation,
    ),
    Guard("version at the door", _without_versions, _a_stale_save_is_refused),
    Guard("rule of a fetch", put(policy, "_one", _whatever_the_rule), _a_hidden_case_is_not_found),
    Guard(
        "signature of a flush",
        put(trail.SignedSession, "flush", _unsigned_flush),
        _a_change_that_nobody_signs_is_refused,
    ),
    Guard(
        "listener on statements",
        _without(Engine, "before_cursor_execute", trail._refuse_unsigned),
        _a_statement_outside_the_door_is_refused,
    ),
    Guard(
        "listener on bulk writes",
        _without(Session, "do_orm_execute", trail._refuse_bulk),
        _a_bulk_write_is_refused,
    ),
    Guard(
        "signing in",
        put(request_guard, "_check_person", lambda _need: None),
        _a_stranger_is_sent_to_sign_in,
    ),
    Guard(
        "need of a page",
        put(request_guard, "need_of", lambda _view: PUBLIC),
        _a_page_that_needs_nothing_said_is_refused,
    ),
    Guard(
        "token of a form",
        put(request_guard, "_check_csrf", lambda _csrf: None),
        _a_form_without_our_token_is_refused,
    ),
    Guard("writer of a form", _no_mark, _a_form_of_somebody_else_is_not_completed),
    Guard(
        "idle end of a session",
        put(sessions, "IDLE", timedelta(days=99)),
        lambda here: _is_over_after(here, timedelta(minutes=31)),
    ),
    Guard(
        "latest end of a session",
        put(sessions, "LONGEST", timedelta(days=99)),
        _a_session_ends_however_much_it_is_used,
    ),
    Guard(
        "place of a ciphertext",
        put(Sealed, "_place", lambda _self, _row: b"anywhere"),
        _a_moved_ciphertext_does_not_open,
    ),
    Guard(
        "arrows of a workflow",
        put(Workflow, "take", _take_anyhow),
        _a_closed_case_is_not_closed_again,
    ),
    *WAY_IN,
    *SECOND_FACTOR,
]


@pytest.fixture(scope="module")
def here(world_app: Flask, world_template: Any) -> Here:
    world_app.add_url_rule("/forgotten", "forgotten", lambda: "shown")
    return Here(world_app, Visits(world_app, world_template.world), world_template.world)


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_what_a_guard_guards_holds(guard: Guard, here: Here) -> None:
    guard.probe(here)


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_without_a_guard_what_it_guards_falls(guard: Guard, here: Here) -> None:
    with pytest.MonkeyPatch.context() as patch:
        guard.take_away(patch)
        try:
            with pytest.raises(AssertionError):
                guard.probe(here)
        finally:
            getattr(event, "put_back", lambda: None)()
