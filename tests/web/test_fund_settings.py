"""The settings of the fund, and who decides in somebody’s absence."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import Delegation, FundSettings
from tests import fund, make
from tests.web.admin_pages import confirm_on_the_page, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
SETTINGS = {
    "currency": "USD",
    "officer_most": "400",
    "director_most": "2,000",
    "emergency_most": "0",
    "short_most": "100",
    "adding_days": "60",
    "household_most": "",
    "critical_hours": "12",
    "high_hours": "48",
    "normal_hours": "120",
    "ratify_hours": "72",
    "account_days": "20",
    "rate_days": "40",
    "booking_days": "90",
    "board": "",
}


def test_an_administrator_sets_how_the_fund_decides(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get("/admin/fund")
    assert 'value="500.00"' in browser.page
    with inside(app):
        board = make.user("board").uid.hex
    sent = {**SETTINGS, "board": board, "preparer_may_release": "y"}
    assert browser.post("/admin/fund", sent).status_code == 303
    with inside(app):
        held = session().scalars(select(FundSettings)).one()
        assert held.officer_most == 500_00
    for login, who in (("national", "Board"), ("second", "A colleague")):
        reader = Browser(app, login)
        reader.get("/confirmations")
        assert f"Named by the board: Nobody yet → {who}" in reader.text, login
    confirm_on_the_page(app, "national", "Other settings of the fund")
    with inside(app):
        held = session().scalars(select(FundSettings)).one()
        days = (held.adding_days, held.account_days, held.rate_days, held.booking_days)
        assert (held.officer_most, held.critical_hours, days) == (400_00, 12, (60, 20, 40, 90))
        assert (held.preparer_may_release, held.verifier_may_release) == (True, False)
        assert held.board_id == make.user("board").id


NO_SETTINGS = (
    ({"director_most": "300"}, "A higher amount needs more people: put it above."),
    ({"emergency_most": "9,000"}, "This ceiling is too high, or below 0."),
    ({"critical_hours": "0"}, "How many hours: from 1 to 2,160."),
    ({"normal_hours": "soon"}, "How many hours: from 1 to 2,160."),
    ({"officer_most": "-1"}, "The amount must be more than 0."),
    ({"board": str(UUID(int=7))}, "Choose a colleague from the list."),
)


def test_settings_that_do_not_hold_are_refused_and_stay(app: Flask) -> None:
    browser = Browser(app, "admin")
    for changed, sentence in NO_SETTINGS:
        assert browser.post("/admin/fund", {**SETTINGS, **changed}).status_code == 422, changed
        assert sentence in browser.text
    with inside(app):
        assert session().scalar(select(FundSettings.id)) is None


def test_settings_that_another_administrator_changed_meanwhile_are_not_overwritten(
    app: Flask,
) -> None:
    seen = {**SETTINGS, "version": "0"}
    first, second = Browser(app, "admin"), Browser(app, "admin2")
    assert first.post("/admin/fund", {**seen, "officer_most": "400"}).status_code == 303
    assert second.post("/admin/fund", {**seen, "officer_most": "299"}).status_code == 409
    assert 'value="299"' in second.page, "what was typed stays"
    assert 'name="version" type="hidden" value="1"' in second.page, "and can be sent on purpose"
    with inside(app):
        make.confirm("national", session().scalars(select(FundSettings)).one())
        assert session().scalars(select(FundSettings.officer_most)).one() == 400_00


def test_a_fund_officer_names_who_decides_in_their_absence_and_ends_it(app: Flask) -> None:
    with inside(app):
        to, office = make.user("fund2").uid.hex, make.office(make.HERE).uid.hex
    browser = Browser(app, "fund")
    sent = {"to": to, "capacity": "officer", "office": office, "from_day": "today"}
    assert browser.post("/fund/delegations", {**sent, "until_day": "soon"}).status_code == 422
    made = browser.post("/fund/delegations", {**sent, "until_day": "in 3 days"})
    assert made.status_code == 303
    browser.get("/fund/delegations")
    assert "Fund2 decides for you" in browser.text
    other = Browser(app, "fund2")
    other.get("/fund/delegations")
    assert "You decide for Fund" in other.text
    with inside(app):
        uid = session().scalars(select(Delegation.uid)).one()
    assert other.post(f"/fund/delegations/{uid}/end").status_code == 404
    assert browser.post(f"/fund/delegations/{uid}/end").status_code == 303
    browser.get("/fund/delegations")
    assert "Nobody stands in" in browser.text


def test_a_stand_in_who_waits_for_a_second_person_does_not_decide_yet_and_both_read_so(
    app: Flask,
) -> None:
    with inside(app):
        to, office = make.user("director").uid.hex, make.office(make.HERE).uid.hex
    browser, other = Browser(app, "fund"), Browser(app, "director")
    sent = {"to": to, "capacity": "officer", "office": office, "from_day": "today"}
    assert browser.post("/fund/delegations", {**sent, "until_day": "in 3 days"}).status_code == 303
    browser.get("/fund/delegations")
    assert "Director is to decide for you" in browser.text
    assert "Waits to be confirmed" in browser.text
    assert "Director decides for you" not in browser.text
    other.get("/fund/delegations")
    assert "You are to decide for Fund" in other.text
    with inside(app):
        make.confirm("national", session().scalars(select(Delegation)).one())
    browser.get("/fund/delegations")
    assert "Director decides for you" in browser.text
    assert "Waits to be confirmed" not in browser.text
    other.get("/fund/delegations")
    assert "You decide for Fund" in other.text


def test_nobody_names_a_stand_in_for_what_they_do_not_decide(app: Flask) -> None:
    with inside(app):
        to, office = make.user("fund").uid.hex, make.office(make.THERE).uid.hex
    sent = {"to": to, "capacity": "director", "office": office, "from_day": "today"}
    browser = Browser(app, "director")
    assert browser.post("/fund/delegations", {**sent, "until_day": "in 3 days"}).status_code == 422
    assert "Choose an office for which you decide yourself." in browser.text


def test_whoever_confirms_reads_amounts_with_their_currency_and_others_who_confirmed_them(
    app: Flask,
) -> None:
    with inside(app):
        fund.set_up()
    sent = {**SETTINGS, "version": "2", "currency": "KHR", "household_most": "900"}
    amounts = {"officer_most": "2,000,000", "director_most": "12,000,000"}
    with inside(app):
        board, version = make.user("board").uid.hex, session().scalars(select(FundSettings)).one()
        sent |= {"board": board, "version": str(version.version)}
    assert Browser(app, "admin").post("/admin/fund", {**sent, **amounts}).status_code == 303
    national, auditor = Browser(app, "national"), Browser(app, "auditor")
    national.get("/confirmations")
    assert "Most that a fund officer approves: 500.00 USD → 2,000,000 KHR" in national.text
    assert "no ceiling → 900 KHR" in national.text
    confirm_on_the_page(app, "national", "900 KHR")
    auditor.get("/confirmations")
    assert "Proposed by Admin 1, today" in auditor.text
    assert "Confirmed by National, today" in auditor.text
