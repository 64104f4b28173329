"""What pages say of imported incidents."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.actor import Channel
from hrdtracker.core.db import session
from hrdtracker.incidents import imports
from hrdtracker.incidents.model import ImportBatch, Incident
from hrdtracker.intake import service
from hrdtracker.intake.service import Options
from tests import make
from tests.spec.sheets import PLAIN, Desk, row
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
TWO_VIOLATIONS = f'{PLAIN}also = [{{ column = "more" }}]\n[[victims]]\ncolumn = "who"\n'


def take(app: Flask, folder: Path, rows: int = 1) -> str:
    """Import rows with one person and two violations; return the address of the last."""
    desk = Desk(folder)
    with inside(app):
        session().info["terms_version"] = 1
        cells = [row(who=f"Demo {number}", more="Torture") for number in range(rows)]
        actor = make.actor("monitor", Channel.IMPORT)
        options = Options(service.office_named(actor, None))
        mapping, sheet = desk.mapping(TWO_VIOLATIONS), desk.sheet(cells)
        *_, report = service.take_in(actor, mapping, sheet, {}, options)
        assert report.counts.created == rows
        uids = session().scalars(select(Incident.uid).order_by(Incident.id)).all()
        return f"/incidents/{uids[-1]}"


def test_one_person_with_two_violations_is_one_person(app: Flask, tmp_path: Path) -> None:
    browser = Browser(app, "monitor")
    browser.get(take(app, tmp_path))
    assert "People 1" in " ".join(browser.text.split())


def test_a_case_says_that_its_import_is_being_undone(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST", 1)
    address = take(app, tmp_path, rows=2)
    browser = Browser(app, "monitor")
    browser.get(address)
    assert "is being undone" not in browser.text
    with inside(app):
        number = session().scalars(select(ImportBatch.id)).one()
        steps = imports.undo(make.actor("monitor", Channel.IMPORT), number)
        assert [next(steps).withdrawn for _ in range(2)] == [0, 1]
    browser.get(address)
    assert "is being undone" in browser.text
