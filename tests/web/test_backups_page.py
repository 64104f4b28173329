"""How backups stand, on the pages of those who answer for them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator, worker
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.backups import epoch
from hrdtracker.backups.figures import Depth
from hrdtracker.backups.manifest import Figures, Manifest
from hrdtracker.backups.model import BackupFault, BackupPlan, BackupRun
from hrdtracker.backups.older import export_heads
from hrdtracker.backups.rehearsing import Rehearsed, certify
from hrdtracker.core import clock
from tests import make
from tests.security.rows import keep
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
LATER = timedelta(days=36)


@pytest.fixture
def real(app: Flask) -> Iterator[Flask]:
    """Return the application of an instance that is no demonstration, begun today."""
    vault = app.extensions["sqlalchemy"].session.session_factory.kw["info"]["vault"]
    vault.demo = False
    in_unit(app, lambda: epoch.bind(operator(make.organisation().id)))
    in_unit(app, _without_second_factors)
    yield app
    vault.demo = True


def _without_second_factors() -> None:
    """Ask nobody for a second factor for as long as the test lasts."""
    made = make.organisation()
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=made):
        made.factors_by = clock.now() + timedelta(days=400)


def _add(*rows: BackupPlan | BackupRun) -> None:
    """Keep rows about backups as the operator’s commands do."""
    with authorised(operator(rows[0].organisation_id), Action.BACKUP_RUN, on=None):
        keep(*rows)


def _planned(organisation: Organisation) -> BackupPlan:
    return BackupPlan(organisation_id=organisation.id, recipients="age1x", places="/disk")


def _run(organisation: Organisation, fault: BackupFault | None = None) -> BackupRun:
    return BackupRun(
        organisation_id=organisation.id,
        at=clock.now(),
        place="/disk",
        name="backup-20261129T190000Z",
        size_bytes=None if fault else 3_240_000,
        sha256=None if fault else "0" * 64,
        seq=56,
        fault=fault,
    )


def _certified() -> None:
    organisation = make.organisation()
    figures = Figures({"incident": 7}, f"3:{'ab' * 32}", {})
    manifest = Manifest(1, "0.1.0", "x", "sqlite", clock.now().isoformat(), figures, {})
    certify(operator(organisation.id), organisation, Rehearsed(manifest, Depth(2, 100)))


def test_an_administrator_reads_that_no_backups_are_made_and_a_director_does_not(
    real: Flask,
) -> None:
    assert "No backups are made" in Browser(real, "admin").get("/").text
    assert "No backups are made" not in Browser(real, "director").get("/").text


def test_all_is_quiet_where_all_is_well(real: Flask) -> None:
    in_unit(real, lambda: _add(_planned(make.organisation()), _run(make.organisation())))
    assert 'id="backups"' not in Browser(real, "admin").get("/").text
    page = Browser(real, "admin").get("/admin/backups").text
    assert "The last good backup:" in page
    assert "hrdtracker restore --rehearse /disk/backup-20261129T190000Z.age" in page


def test_whoever_keeps_no_heads_elsewhere_is_told_so(real: Flask, tmp_path: Path) -> None:
    said = "Nobody would notice if an older copy took the place of the database"
    assert said in Browser(real, "admin").get("/admin/backups").text
    organisation = make.organisation
    in_unit(real, lambda: export_heads(worker(organisation().id), organisation(), tmp_path))
    assert said not in Browser(real, "admin").get("/admin/backups").text


def test_what_failed_last_is_said_with_its_reason(real: Flask) -> None:
    def fail() -> None:
        here = make.organisation()
        _add(_planned(here), _run(here))
        _add(_run(here, BackupFault.NOT_REACHED))

    in_unit(real, fail)
    page = Browser(real, "admin").get("/").text
    assert "The backup to /disk failed" in page
    assert "cannot be reached" in page
    assert "The last good one is of" in page


def test_a_director_is_told_after_35_days_without_a_rehearsal_and_reads_its_certificate(
    real: Flask,
) -> None:
    with time_machine.travel(clock.now() + LATER):
        assert "No restore was rehearsed" in Browser(real, "director").get("/").text
        in_unit(real, _certified)
        browser = Browser(real, "director")
        assert "No restore was rehearsed" not in browser.get("/").text
        assert "100 sealed values opened" in browser.get("/admin/backups").text
