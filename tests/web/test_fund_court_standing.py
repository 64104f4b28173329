"""What the page of a request says of the courts, to whom."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import Victim
from tests import courts, fund, make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
SECTION = "what else the case says stays with those who work on it"


def asked_for() -> str:
    """Ask for support for somebody before the court; return the address of the request."""
    case = courts.case_with(1)
    courts.opened(case)
    actor = make.actor("monitor")
    request = requests.ask(
        actor, case, fund.draft(beneficiary=Victim(known=courts.people(case)[0]))
    )
    requests.submit(actor, request, request.version)
    return f"/fund/requests/{request.uid}"


def said(app: Flask, login: str) -> str:
    """Return what a request says to somebody who said that they know nobody in it."""
    address = in_unit(app, asked_for)

    def declare() -> None:
        uid = UUID(address.rsplit("/", 1)[1])
        query = select(SupportRequest).where(SupportRequest.uid == uid)
        fund.no_tie(session().scalars(query).one(), login)

    in_unit(app, declare)
    browser = Browser(app, login)
    assert browser.get(address).status_code == 200
    return browser.text


def test_a_fund_officer_reads_where_they_are_and_the_stage(app: Flask) -> None:
    text = said(app, "fund")
    assert SECTION in text
    assert "Judicial investigation" in text
    assert "Next hearing" in text
    assert "No. 12" not in text


def test_a_director_reads_it_in_the_case(app: Flask) -> None:
    assert SECTION not in said(app, "director")
