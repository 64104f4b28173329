"""What the tests of pages about cases share: a case, its row, and a form that is sent."""

import re
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.drafts import ClosingDraft
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

LAND = "land_and_natural_resources"
CLOSING = ClosingDraft("released", "All were released.", frozenset({LAND}))
SUBPAGES = (
    "edit",
    "close",
    "reopen",
    "people",
    "openings",
    "access",
    "assign",
    "sensitivity",
    "members/new",
    "blocks/new",
    "tasks/new",
    "follow-ups/new",
)


def case(app: Flask, login: str = "monitor", **changes: object) -> str:
    """Return the address of a new case of somebody of the cast."""

    def make_one() -> str:
        return f"/cases/{make.case_of(make.incident(login, **changes)).uid}"

    return str(in_unit(app, make_one))


def row(address: str) -> Case:
    """Return the case behind an address."""
    return session().scalars(select(Case).where(Case.uid == UUID(address.split("/")[2]))).one()


def hidden(browser: Browser, name: str) -> str:
    """Return the value of a hidden field of the page that is open."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)
    assert found, name
    return found[1]


def send(browser: Browser, path: str, **data: object) -> int:
    """Open a form, fill it in and send it; return the status."""
    browser.get(path)
    for name in ("version", "submission_id"):
        if f'name="{name}"' in browser.page:
            data.setdefault(name, hidden(browser, name))
    return browser.post(path, data).status_code
