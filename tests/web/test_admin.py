"""The pages for administrators: who gets in, the offices, the lists and the settings."""

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Office, UserState
from hrdtracker.codelists.model import Term
from hrdtracker.core.db import session
from tests import make
from tests.make import Cast
from tests.web.admin_pages import confirm_on_the_page, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
NOT_ADMINISTRATORS = ("monitor", "director", "national", "fund", "auditor", "nobody")


# Who gets in -------------------------------------------------------------------------------------

PAGES = (
    "/admin/users", "/admin/users/invite", "/admin/offices", "/admin/offices/open",
    "/admin/codelists", "/admin/settings",
)  # fmt: skip
LISTS = ("/admin/codelists/incident_type", "/admin/codelists/incident_type/add")


@pytest.mark.parametrize("path", [*PAGES, *LISTS])
def test_administrators_find_every_page_of_theirs(app: Flask, path: str) -> None:
    assert Browser(app, "admin").get(path).status_code == 200


@pytest.mark.parametrize("who", NOT_ADMINISTRATORS)
def test_for_everybody_else_these_pages_are_closed(app: Flask, cast: Cast, who: str) -> None:
    browser = Browser(app, who)
    named = [*LISTS, f"/admin/users/{cast.users['monitor']}", f"/admin/offices/{cast.office}"]
    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert {browser.get(path).status_code for path in named} == {404}


@pytest.mark.parametrize("who", NOT_ADMINISTRATORS)
def test_nobody_else_sends_what_these_pages_send(app: Flask, cast: Cast, who: str) -> None:
    browser, uid = Browser(app, who), cast.users["colleague"]
    sent = [
        browser.post("/admin/users/invite", {"login": "newcomer", "label": "Newcomer"}),
        browser.post(f"/admin/users/{uid}", {"role": "director", "office": ""}),
        browser.post(f"/admin/users/{uid}/state", {"state": "locked"}),
        browser.post(f"/admin/users/{uid}/code"),
        browser.post("/admin/offices/open", {"code": "XYZ", "name_en": "X", "name_km": "X"}),
        browser.post(f"/admin/offices/{cast.office}", {"name_en": "X", "name_km": "X"}),
        browser.post("/admin/settings", {"name": "X", "product": "X", "language": "km"}),
        browser.post("/admin/codelists/incident_type/add", {"label_en": "X", "label_km": "X"}),
    ]
    assert {answer.status_code for answer in sent} == {403, 404}
    with inside(app):
        assert make.user("colleague").state == UserState.ACTIVE
        assert make.organisation().name == "Test organisation"


def test_an_administrator_sees_no_case_content(app: Flask) -> None:
    with inside(app):
        incident = make.incident()
        case = make.case_of(incident)
        uids = (incident.uid, case.uid)
    browser = Browser(app, "admin")
    assert browser.get(f"/incidents/{uids[0]}").status_code == 404
    assert browser.get(f"/cases/{uids[1]}").status_code == 404


# Offices, lists, settings ------------------------------------------------------------------------


def test_an_office_is_opened_and_changed(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/offices/open")
    sent = {"code": "btb", "name_en": "Battambang", "name_km": "បាត់ដំបង"}
    assert browser.post("/admin/offices/open", sent).status_code == 303
    with inside(app):
        uid = make.office("BTB").uid
    browser.get(f"/admin/offices/{uid}")
    changed = {"name_en": "Battambang", "name_km": "បាត់ដំបង", "open_to_monitors": "y", "code": "XXX"}
    assert browser.post(f"/admin/offices/{uid}", changed).status_code == 303
    with inside(app):
        kept = session().scalars(select(Office).where(Office.uid == uid)).one()
        assert (kept.code, kept.open_to_monitors) == ("BTB", False)
    confirm_on_the_page(app, "national", "Battambang: monitors read each other’s normal cases")
    with inside(app):
        assert make.office("BTB").open_to_monitors


@pytest.mark.parametrize("code", ["", "P", "PNH", "TOOLONG", "1AB"])
def test_an_office_that_cannot_be_opened_is_said(app: Flask, code: str) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/offices/open")
    sent = {"code": code, "name_en": "Battambang", "name_km": "បាត់ដំបង"}
    assert browser.post("/admin/offices/open", sent).status_code == 422
    assert 'id="code-error"' in browser.page
    assert "បាត់ដំបង" in browser.page


def test_a_term_is_added_retired_and_restored(app: Flask) -> None:
    browser, path = Browser(app, "admin"), "/admin/codelists/thematic_area"
    browser.get(f"{path}/add")
    sent = {"label_en": "Water", "label_km": "ទឹក"}
    assert browser.post(f"{path}/add", sent).status_code == 303
    with inside(app):
        term = session().scalars(select(Term).where(Term.code == "own_water")).one()
        uid = term.uid
    browser.get(path)
    assert "Water" in browser.text
    browser.post(f"{path}/{uid}/retire")
    browser.get(path)
    assert "Offer it again Water" in browser.text
    browser.post(f"{path}/{uid}/restore")
    browser.get(path)
    assert "Retire Water" in browser.text


def test_a_retired_term_is_gone_from_the_forms_at_once(app: Flask) -> None:
    with inside(app):
        query = select(Term).where(Term.list == "incident_type").order_by(Term.position.desc())
        term = session().scalars(query.limit(1)).one()
        uid, choice = term.uid, f'value="{term.code}"'
    monitor, admin = Browser(app, "monitor"), Browser(app, "admin")
    monitor.get("/incidents/new")
    assert choice in monitor.page
    admin.post(f"/admin/codelists/incident_type/{uid}/retire")
    monitor.get("/incidents/new")
    assert choice not in monitor.page


@pytest.mark.parametrize(
    "path",
    [
        "/admin/codelists/passwords",
        "/admin/codelists/..%2f",
        "/admin/codelists/INCIDENT_TYPE",
        "/admin/codelists/passwords/add",
    ],
)
def test_a_list_that_is_none_is_not_found(app: Flask, path: str) -> None:
    assert Browser(app, "admin").get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["skip=-1", "skip=99999999999", "skip=x", "parent=%00", "parent=x'"]
)
def test_a_place_in_a_list_that_is_none_shows_the_list(app: Flask, query: str) -> None:
    browser = Browser(app, "admin")
    assert browser.get(f"/admin/codelists/commune?{query}").status_code == 200
    assert "Retire" in browser.text


def test_a_term_of_a_list_that_stays_is_not_retired(app: Flask) -> None:
    with inside(app):
        uid = session().scalars(select(Term).where(Term.list == "urgency")).first()
        assert uid is not None
        path = f"/admin/codelists/urgency/{uid.uid}/retire"
    browser = Browser(app, "admin")
    browser.get("/admin/codelists/urgency")
    assert "Retire" not in browser.text
    assert browser.post(path).status_code == 409


PLACE_AND_FACTORS = {
    "zone": "Asia/Bangkok",
    "factors_for": "everybody",
    "factors_by": "1 May 2027",
    "due_mail_hours": "24",
}


def test_the_settings_change_the_word_on_every_page(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/settings")
    sent = {"name": "New name", "product": "Notes", "language": "km", **PLACE_AND_FACTORS}
    assert browser.post("/admin/settings", sent).status_code == 303
    assert "<title>Settings · Notes</title>" in browser.get("/admin/settings").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "Nowhere"}, "zone"),
        ({"product": ""}, "product"),
        ({"product": "x" * 41}, "product"),
        ({"language": "xx"}, "language"),
        ({"name": "a\x00b"}, "name"),
        ({"factors_by": "soon"}, "factors_by"),
    ],
)
def test_settings_that_cannot_be_are_said_beside_the_field(
    app: Flask, changes: dict[str, str], field: str
) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/settings")
    sent = {"name": "N", "product": "P", "language": "km", **PLACE_AND_FACTORS, **changes}
    assert browser.post("/admin/settings", sent).status_code == 422
    assert f'id="{field}-error"' in browser.page
    with inside(app):
        assert make.organisation().product == "Daybook"


def test_no_page_of_an_administrator_names_anybody_in_its_title(app: Flask, cast: Cast) -> None:
    browser = Browser(app, "admin")
    browser.get(f"/admin/users/{cast.users['monitor']}")
    assert "<title>A user · Daybook</title>" in browser.page
