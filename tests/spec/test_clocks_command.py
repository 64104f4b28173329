"""The command that lists every limit as it stood at an instant, and the job that counts anew."""

import json
from datetime import timedelta

import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, select

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.authorised import side_transaction
from hrdtracker.cli.main import main
from hrdtracker.core import keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.jobs import clocks
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job
from hrdtracker.proceedings.clocks.model import Clock
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.conftest import close


def listed(given: Settings, *told: str) -> Result:
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}
    arguments = ["--instance", str(given.instance), "clocks", *told]
    return CliRunner().invoke(main, arguments, env=environment)


def held(given: Settings, root: RootKey) -> None:
    """Record that somebody was arrested and arrived at the unit."""
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)
    app = create_app(given, root)
    with app.app_context(), unit_of_work(make.open_session(app)):
        with time_machine.travel(ARRIVED + timedelta(hours=1), tick=False):
            arrive(arrested(adult("Demo Kane")))
        close(app)


def test_the_command_lists_limits_by_case_and_letter_as_they_stood_at_an_instant(
    given: Settings, root: RootKey
) -> None:
    held(given, root)
    for hours, state in ((47, "running"), (49, "passed")):
        moment = (ARRIVED + timedelta(hours=hours)).isoformat()
        answer = listed(given, "--at", moment, "--json")
        assert answer.exit_code == 0, answer.output
        rows = [json.loads(line) for line in answer.output.splitlines()]
        (custody,) = [row for row in rows if row["clock"] == "police_custody"]
        assert (custody["letter"], custody["people"], custody["state"]) == ("A", 1, state)
        assert custody["rules"] == ["custody_base"]
        assert "Kane" not in answer.output


def test_the_command_refuses_an_instant_without_a_zone(given: Settings, root: RootKey) -> None:
    held(given, root)
    answer = listed(given, "--at", "2026-11-21T08:00")
    assert answer.exit_code == 2
    assert "Write an instant with its zone" in answer.output


def test_the_job_brings_back_what_somebody_took_out_of_the_table(app: Flask) -> None:
    with app.app_context(), unit_of_work(make.open_session(app)):
        with time_machine.travel(ARRIVED + timedelta(hours=1), tick=False):
            arrive(arrested(adult()))
            before = set(session().execute(select(Clock.clock, Clock.ends_earliest)))
            side_transaction(lambda: session().connection().execute(delete(Clock)))
            clocks.count(None, Job(kind=JobKind.CLOCKS))  # type: ignore[arg-type] # it asks neither
        assert set(session().execute(select(Clock.clock, Clock.ends_earliest))) == before
        assert before
