"""The worker as a command: it does what is due, and ends when it is told to."""

import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.worker import BEGUN
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job, JobState
from tests.spec.cli_runs import on

PATIENCE_S = 60


@pytest.fixture
def shown(demo_folder: Path, tmp_path: Path) -> Path:
    """Return the folder of a demonstration, in which what is due each night was given up."""
    return shutil.copytree(demo_folder, tmp_path / "demo")


def _nightly(folder: Path) -> tuple[str, int]:
    settings = Settings(instance=folder)
    with instance.unit(instance.application(settings, instance.unlock(settings))):
        job = session().scalars(select(Job).where(Job.kind == JobKind.HOUSEKEEPING)).one()
        return job.state, job.tries


def test_once_it_does_what_is_due_and_ends(shown: Path) -> None:
    assert _nightly(shown)[0] == JobState.DEAD
    with time_machine.travel(clock.now() + timedelta(days=1)):  # past the hour of the night
        assert on(shown, "worker", "--once").exit_code == 0
    assert _nightly(shown) == (JobState.WAITING, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(shown: Path, number: signal.Signals) -> None:
    command = "from hrdtracker.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "--instance", str(shown), "worker"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        assert BEGUN in process.stdout.readline()
        process.send_signal(number)
        printed, _ = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, printed) == (0, "")
