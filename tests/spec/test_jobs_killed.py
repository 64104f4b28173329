"""A worker that is killed at any moment loses no job, and no effect of one is there twice."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.notices.model import Notice
from hrdtracker.outbox.model import JobState
from tests.conftest import close
from tests.spec.test_jobs import ask, jobs
from tests.web.somebody import in_unit

ROOT = Path(__file__).parents[2]
ALL_S = 300


@pytest.mark.engines("sqlite")
def test_twenty_kills_lose_no_job_and_double_no_effect(
    app: Flask, given: Settings, tmp_path: Path
) -> None:
    _kill(app, given, tmp_path / "log", kills=20, count=100)


@pytest.mark.deep
def test_a_hundred_kills_lose_no_job_and_double_no_effect(
    app: Flask, given: Settings, tmp_path: Path
) -> None:
    begun = _kill(app, given, tmp_path / "log", kills=100, count=700)
    assert sum(begun.values()) > len(begun), "no kill met a job that was begun"


def _kill(app: Flask, given: Settings, log: Path, kills: int, count: int) -> Counter[UUID]:
    """Ask for jobs, kill workers at them, and return how often each was begun."""
    in_unit(app, lambda: ask(count=count))
    with app.app_context():
        close(app)
    words = [str(given.instance), given.database_url, str(kills), str(log)]
    subprocess.run(
        [sys.executable, "-m", "tests.spec.killed_worker", *words],
        check=True,
        timeout=ALL_S,
        cwd=ROOT,
    )
    begun = Counter(UUID(line) for line in log.read_text().split())

    def check() -> None:
        asked = jobs()
        assert {job.state for job in asked} == {JobState.DONE}
        assert begun.keys() == {job.about_uid for job in asked}
        kept = Counter(session().scalars(select(Notice.about_uid)))
        assert kept == dict.fromkeys(begun, 1)
        query = select(AuditEntry.seq).where(AuditEntry.action == Action.JOB_RUN)
        assert len(session().scalars(query).all()) == count

    in_unit(app, check)
    return begun
