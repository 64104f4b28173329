"""Who decides on who opens a case waits for somebody who decides on it, on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask

from config import Settings
from hrdtracker.access.model import Scope, Sensitivity, UserState
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import recovery, sharing
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import WrongStatus
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import edit_incident, log_incident, submit
from tests import make

pytestmark = pytest.mark.engines("postgresql")
WHO_WAITS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def _case() -> Case:
    """Return a case that is secret by the word of two."""
    case = make.case_of(make.incident())
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
    make.confirm("monitor", case)
    return case


def _eased() -> Proposal | None:
    case = _case()
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.NORMAL, case.version)
    return proposals.waiting_for(case)


def _let_in() -> Proposal:
    scope = session().get_one(Scope, _case().scope_id)
    for login in ("monitor", "director"):
        make.bring(make.user(login), UserState.LOCKED)
    return recovery.recover(make.actor("national"), scope, "Nobody else can open it.")


def _confirm(app: Flask, login: str) -> str | None:
    """Confirm what waits about the case; return why not."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        proposal = session().query(Proposal).order_by(Proposal.id.desc()).first()
        assert proposal is not None
        assert session().get(Scope, proposal.scope_id) is not None  # as it was before
        try:
            proposals.confirm(make.actor(login), proposal)
        except WrongStatus as refused:
            return str(refused.reason)
    return None


def _scope(app: Flask) -> tuple[str, int | None]:
    with app.app_context(), unit_of_work(make.open_session(app)):
        scope = session().query(Scope).one()
        return scope.sensitivity, scope.decider_id


OTHERWISE = "UPDATE scope SET sensitivity = 'restricted'"
AT_WORK = """
    UPDATE scope SET sensitivity = 'restricted',
    decider_id = (SELECT user_id FROM membership WHERE role = 'director' AND user_id NOT IN
        (SELECT decider_id FROM scope) AND office_id IS NOT NULL ORDER BY id LIMIT 1)
"""
CHANGED = "UPDATE case_file SET version = version + 1"


@pytest.mark.parametrize(
    ("propose", "meanwhile", "login", "becomes"),
    [
        (_eased, OTHERWISE, "monitor", "restricted"),
        (_eased, CHANGED, "monitor", "normal"),
        (_let_in, AT_WORK, "second", "restricted"),
    ],
)
def test_what_is_decided_meanwhile_counts(
    propose: Callable[[], object],
    meanwhile: str,
    login: str,
    becomes: str,
    app: Flask,
    given: Settings,
) -> None:
    with app.app_context(), unit_of_work(make.open_session(app)):
        propose()
        national = make.user("national").id
    address = given.database_url.replace("+psycopg", "")
    with (
        psycopg.connect(address, autocommit=True) as watch,
        psycopg.connect(address) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute(meanwhile)
        confirmed = pool.submit(_confirm, app, login)
        while not watch.execute(WHO_WAITS).fetchall():
            assert not confirmed.done(), "it never waited"
        other.commit()
        reason = confirmed.result(60)
    assert (reason is not None) is (meanwhile == OTHERWISE)
    sensitivity, decider = _scope(app)
    assert sensitivity == becomes
    assert decider != national


def _in_unit(app: Flask, act: Callable[[], None]) -> None:
    with app.app_context(), unit_of_work(make.open_session(app)):
        act()


def _add_somebody() -> None:
    incident = session().query(Incident).order_by(Incident.id).first()
    assert incident is not None
    edit_incident(make.actor("monitor"), incident, make.draft(), incident.version)


def _send_another() -> None:
    submit(make.actor("monitor"), session().query(Incident).filter_by(status="draft").one())


@pytest.mark.parametrize(("act", "table"), [(_add_somebody, "scope"), (_send_another, "case_file")])
def test_who_names_somebody_or_sends_a_draft_waits_for_who_does_so_in_the_same_case(
    act: Callable[[], None], table: str, app: Flask, given: Settings
) -> None:
    with app.app_context(), unit_of_work(make.open_session(app)):
        case = make.case_of(make.incident())
        log_incident(make.actor("monitor"), make.draft(send=False), case)
    address = given.database_url.replace("+psycopg", "")
    with (
        psycopg.connect(address, autocommit=True) as watch,
        psycopg.connect(address) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute(f"SELECT 1 FROM {table} FOR NO KEY UPDATE")
        added = pool.submit(_in_unit, app, act)
        while not watch.execute(WHO_WAITS).fetchall():
            assert not added.done(), "it never waited"
        other.rollback()
        added.result(60)
