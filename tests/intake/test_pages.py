"""What pages say of imported incidents."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.actor import Channel
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.incidents import decisions, imports
from hrdtracker.incidents.model import ImportBatch, Incident
from hrdtracker.intake import service
from hrdtracker.intake.service import Options
from hrdtracker.web.incidents import imports as pages
from tests import make
from tests.intake.court_sheets import COURTS, cells
from tests.spec.sheets import PLAIN, Desk, row
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
TWO_VIOLATIONS = f'{PLAIN}also = [{{ column = "more" }}]\n[[victims]]\ncolumn = "who"\n'


def take(app: Flask, folder: Path, rows: int = 1) -> str:
    """Import rows with one person and two violations; return the address of the last."""
    desk = Desk(folder)
    with inside(app):
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


def test_who_imported_what_and_how_far_it_is_stands_on_a_page(app: Flask, tmp_path: Path) -> None:
    take(app, tmp_path, rows=3)
    browser = Browser(app, "monitor")
    browser.get("/incidents")
    assert 'href="/incidents/imports"' in browser.page
    browser.get("/incidents/imports")
    assert "3 cases · Taken in" in browser.text
    assert page_of_import(app) in browser.page
    browser.get(page_of_import(app))
    assert "0 of 3 incidents reviewed" in browser.text
    assert "You withdraw 3 cases" in browser.text


def test_what_an_import_tells_of_the_courts_stands_on_its_page(app: Flask, tmp_path: Path) -> None:
    take(app, tmp_path)
    browser = Browser(app, "monitor")
    browser.get(page_of_import(app))
    assert "of the courts" not in browser.text
    with inside(app):
        options = Options(service.office_named(make.actor("monitor", Channel.IMPORT), None))
        desk, actor = Desk(tmp_path), make.actor("monitor", Channel.IMPORT)
        mapping = desk.mapping(COURTS, "courts")
        *_, report = service.take_in(actor, mapping, desk.sheet([cells()], "courts"), {}, options)
        assert report.courts.charges == 2
    browser.get("/incidents/imports")
    address = re.findall(r'href="(/incidents/imports/[^"]+)"', browser.page)[0]
    browser.get(address)
    said = " ".join(browser.text.split())
    assert "What these cases hold of the courts Proceedings 1 Charges 2" in said
    assert "Grounds of custody 1 Hearings 1" in said


def test_an_import_is_undone_from_its_page_some_at_a_time(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST", 1)
    monkeypatch.setattr(pages, "ACTS_AT_ONCE", 2)
    take(app, tmp_path, rows=3)
    browser = Browser(app, "monitor")
    address = page_of_import(app)
    press(browser, address)
    assert "2 of 3 cases withdrawn" in browser.text
    assert "Whatever stopped it, it can go on" in browser.text
    press(browser, address)
    assert "The import is undone." in browser.text
    assert "Undone" in browser.text
    assert "You withdraw" not in browser.text


def test_what_was_changed_since_is_said_before_and_stays(app: Flask, tmp_path: Path) -> None:
    incident = take(app, tmp_path, rows=2)
    address = page_of_import(app)
    return_last(app)
    browser = Browser(app, "monitor")
    browser.get(address)
    assert "1 case was changed since" in browser.text
    press(browser, address, keep="changed")
    assert "The import is undone." in browser.text
    browser.get(incident)
    assert "Say more." in browser.text


def test_an_import_that_somebody_changed_meanwhile_is_not_undone(
    app: Flask, tmp_path: Path
) -> None:
    take(app, tmp_path, rows=2)
    address = page_of_import(app)
    browser = Browser(app, "monitor")
    browser.get(address)
    return_last(app)
    assert browser.post(f"{address}/undo").status_code == 422
    with inside(app):
        assert session().scalars(select(ImportBatch)).one().undoing_at is None


@pytest.mark.parametrize(("login", "may"), [("national", True), ("director", False)])
def test_whoever_may_not_undo_an_import_does_not_find_its_page(
    app: Flask,
    tmp_path: Path,
    login: str,
    may: bool,  # noqa: FBT001
) -> None:
    take(app, tmp_path)
    browser = Browser(app, login)
    assert (browser.get(page_of_import(app)).status_code == 200) == may


def page_of_import(app: Flask) -> str:
    """Return the address of the one import."""
    with inside(app):
        return f"/incidents/imports/{session().scalars(select(ImportBatch.uid)).one()}"


def press(browser: Browser, address: str, **fields: str) -> None:
    """Press the button of an import’s page, and see that page again."""
    browser.get(address)
    assert browser.post(f"{address}/undo", fields).status_code == 303
    browser.get(address)


def return_last(app: Flask) -> None:
    """Let a reviewer return the last incident that was imported."""
    with inside(app):
        incident = session().scalars(select(Incident).order_by(Incident.id.desc())).first()
        assert incident is not None
        ring().load([incident.data_key_id])
        decisions.return_incident(make.actor("director"), incident, "Say more.", incident.version)
