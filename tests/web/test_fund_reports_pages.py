"""The pages of reports: prepared by one, released by two, and the exact figures for us alone."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Rate
from hrdtracker.fund.drafts.money import ReportingRateDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import Disclosure, DonorGrant, ReportingMethod
from hrdtracker.fund.rules.reporting_rates import record_reporting_rate
from hrdtracker.intake.workbook import open_workbook
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
LATER = timedelta(days=125)


@pytest.fixture
def months(app: Flask) -> Iterator[dict[str, str]]:
    """Pay for seven men of one grant, let four months pass; return the months it was in."""
    with inside(app):
        line = fund.line(2_000_00)
        for _ in range(2):
            group = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=4, sex=Sex.MALE)
            fund.paid(60_00, line, beneficiary=Victim(described=group))
        begins = fund.today().replace(day=1)
        grant = session().get_one(DonorGrant, line.grant_id).uid.hex
    ends = (begins + timedelta(days=65)).replace(day=1)
    with time_machine.travel(clock.now() + LATER):
        yield {"grant": grant, "first": f"{begins:%Y-%m}", "last": f"{ends:%Y-%m}"}


def _confirm(app: Flask) -> None:
    with inside(app):
        report = session().scalars(select(Disclosure).order_by(Disclosure.id.desc())).first()
        assert report is not None
        make.confirm("national", report)


def _prepared(browser: Browser, kind: str, months: dict[str, str]) -> str:
    """Prepare a report, look at it, and return where it stands."""
    browser.get(f"/fund/reports/{kind}")
    where = browser.post(f"/fund/reports/{kind}", months).headers["Location"]
    browser.get(where)
    return where


def _rows(page: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.lstrip("\ufeff"), newline="")))


def test_a_financial_report_is_prepared_released_by_two_and_taken_along(
    app: Flask, months: dict[str, str]
) -> None:
    finance = Browser(app, "finance")
    where = _prepared(finance, "money", months)
    assert "Waits to be confirmed" in finance.text
    assert "L1 Rent 2,000.00 USD 120.00 USD 1,880.00 USD" in finance.text
    assert "Donor" in finance.text
    assert finance.post(f"{where}/export", {"as": "csv"}).status_code == 404
    for login in ("national", "second"):
        reader = Browser(app, login)
        reader.get("/confirmations")
        assert f'href="{where}"' in reader.page, login
        assert reader.get(where).status_code == 200, login
    _confirm(app)
    finance.get(where)
    assert "Went out" in finance.text
    finance.post(f"{where}/export", {"as": "csv"})
    assert _rows(finance.page)[1] == ["L1", "Rent", "2000.00", "120.00", "USD"]
    sent = {"as": "xlsx", "csrf_token": finance.csrf()}
    answer = finance.client.post(f"{where}/export", data=sent)
    assert "1880" not in open_workbook(answer.get_data()).text


def test_a_financial_report_shows_at_which_rates_it_tells_other_currencies(app: Flask) -> None:
    def pay() -> dict[str, str]:
        fund.rate(4000)
        line = fund.line(2_000_00, rate_method="monthly")
        part = InstalmentDraft(fund.today(), 400_000_00, "KHR")
        for _ in range(2):
            fund.paid(100_00, line, instalments=(part,))
        grant = session().get_one(DonorGrant, line.grant_id).uid.hex
        month = f"{fund.today():%Y-%m}"
        return {"grant": grant, "first": month, "last": month}

    with inside(app):
        sent = pay()
    month = date.fromisoformat(f"{sent['first']}-01")
    said = f"{month:%B %Y}: 1 USD is 4,100 KHR (The donor’s monthly list, Annex 2)"
    with time_machine.travel(clock.now() + LATER):
        finance, path = Browser(app, "finance"), "/fund/reports/money"
        finance.get(path)
        assert finance.post(path, sent).status_code == 422
        assert f"what it says of KHR in {month:%B %Y}" in finance.text
        with inside(app):
            _list(month)
        report = finance.post(path, sent).headers["Location"]
        finance.get(report)
        assert "L1 Rent 2,000.00 USD 195.12 USD 1,804.88 USD" in finance.text
        assert said in finance.text
        _confirm(app)
        finance.post(f"{report}/export", {"as": "csv"})
    assert ["Exchange rate", said] in [row[:2] for row in _rows(finance.page)]


def _list(month: date) -> None:
    rate = Rate("USD", "KHR", 4100, 1)
    draft = ReportingRateDraft(rate, month, ReportingMethod.MONTHLY, "Annex 2")
    record_reporting_rate(make.actor("finance"), make.organisation(), draft)


def test_tables_of_people_show_every_code_and_no_money(app: Flask, months: dict[str, str]) -> None:
    director = Browser(app, "director")
    where = _prepared(director, "people", months)
    assert "Family support 10" in director.text
    assert "Fewer than five, or nobody: Legal support" in director.text
    assert "USD" not in director.text
    _confirm(app)
    director.post(f"{where}/export", {"as": "csv"})
    rows = _rows(director.page)
    assert ["Sex", "F", "fewer than 5"] in rows
    assert len([row for row in rows if row[0] == "Province"]) == 25


def test_a_report_that_crosses_another_is_refused_in_words(
    app: Flask, months: dict[str, str]
) -> None:
    director = Browser(app, "director")
    _prepared(director, "people", months)
    director.get("/fund/reports/people")
    answer = director.post("/fund/reports/people", {**months, "grant": ""})
    assert answer.status_code == 422
    assert "which is in part about the same" in director.text
    first, last = (date.fromisoformat(f"{months[name]}-01") for name in ("first", "last"))
    assert f"{first:%B %Y} to {last:%B %Y}, which is in part" in director.text


def test_exact_figures_are_shown_to_few_marked_and_recorded(
    app: Flask, months: dict[str, str]
) -> None:
    director = Browser(app, "director")
    director.get("/fund/reports/internal")
    assert "Confidential" in director.text
    assert "Family support" not in director.text
    director.post("/fund/reports/internal", months)
    assert "People helped 8" in director.text
    assert "Family support 8" in director.text
    director.post("/fund/reports/internal", {**months, "as": "csv"})
    rows = _rows(director.page)
    assert rows[0][0] == "Confidential: for colleagues only"
    assert ["People helped", "", "", "8"] in [row[:4] for row in rows]
    with inside(app):
        entries = select(AuditEntry.action).where(AuditEntry.action == "fund.report_internal")
        assert len(session().scalars(entries).all()) == 2


def test_the_exact_figures_that_are_shown_are_whole_and_the_same_as_in_the_file(
    app: Flask, months: dict[str, str]
) -> None:
    officer = Browser(app, "fund")
    assert officer.post("/fund/reports/internal", months).status_code == 200
    for said in (
        "Budget and what was spent",
        "L1 Rent 2,000.00 USD 120.00 USD 1,880.00 USD",
        "From sending to decision, in the middle 0 hours",
        "Type of support and sex",
        "Family support M 8",
    ):
        assert said in officer.text, said
    officer.post("/fund/reports/internal", {**months, "as": "csv"})
    rows = [[cell for cell in row if cell] for row in _rows(officer.page)]
    assert ["Type of support and sex", "Family support", "M", "8"] in rows
    sent = {**months, "as": "xlsx", "csrf_token": officer.csrf()}
    answer = officer.client.post("/fund/reports/internal", data=sent)
    book = open_workbook(answer.get_data()).text
    assert all(cell in book for row in rows for cell in row if not cell.replace(".", "").isdigit())
    wrong = officer.post("/fund/reports/internal", {**months, "last": "2020-01"})
    assert wrong.status_code == 422
    assert "Family support" not in officer.text


def test_the_same_form_with_other_months_says_what_the_first_one_made(
    app: Flask, months: dict[str, str]
) -> None:
    director = Browser(app, "director")
    director.get("/fund/reports/people")
    sent = {**months, "submission_id": uuid4().hex}
    director.post("/fund/reports/people", sent)
    assert director.post("/fund/reports/people", {**sent, "grant": ""}).status_code == 409
    assert "Report to a donor" in director.text


def test_a_grant_says_that_its_donor_agreed_to_lines_told_together(app: Flask) -> None:
    with inside(app):
        grant = fund.grant()
        uid, version = grant.uid, grant.version
    officer = Browser(app, "fund")
    officer.get(f"/fund/grants/{uid}/edit")
    sent = {
        "version": str(version),
        "total": "1000",
        "starts_on": "1 January 2026",
        "ends_on": "31 December 2027",
        "pooling_agreed_on": "3 March 2026",
    }
    assert officer.post(f"/fund/grants/{uid}/edit", sent).status_code == 422
    sent["pooling_agreement"] = "Letter, page 2"
    assert officer.post(f"/fund/grants/{uid}/edit", sent).status_code == 303
    officer.get(f"/fund/grants/{uid}")
    assert "3 March 2026: Letter, page 2" in officer.text
