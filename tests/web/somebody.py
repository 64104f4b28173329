"""Somebody named in a case, and what tests ask the database and the pages about them."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select

from hrdtracker.audit.model import AuditEntry, Opening
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from tests import make
from tests.web.browse import Browser

NAME = "Canary Dara"


def in_unit(app: Flask, act: Callable[[], Any]) -> Any:
    """Do something in a unit of work, as a command would."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        return act()


def somebody(app: Flask, login: str = "monitor", *names: str, **known: Any) -> str:
    """Name somebody in a case, and return the address of their page; grown up, if not said."""
    if not {"age", "birth", "unit"} & known.keys():
        known |= {"birth": Birth(1990)}

    def make_one() -> str:
        drafts = tuple(NameDraft(name) for name in names or (NAME,))
        make.incident(login, victims=(Victim(described=PersonDraft(drafts, **known)),))
        person = session().scalars(select(Person).order_by(Person.id.desc())).first()
        assert person
        return f"/people/{person.uid}"

    return str(in_unit(app, make_one))


def last_entry(app: Flask) -> tuple[str, str, bytes]:
    """Return the latest entry of the trail: action, outcome, payload."""

    def read() -> tuple[str, str, bytes]:
        entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        return entry.action, entry.outcome, entry.payload

    found: tuple[str, str, bytes] = in_unit(app, read)
    return found


def openings(app: Flask) -> list[tuple[str, str, int | None]]:
    """Return what was opened: action, kind of record, scope."""
    query = select(Opening.action, Opening.subject_type, Opening.scope_id).order_by(Opening.id)
    return [tuple(row) for row in in_unit(app, lambda: session().execute(query).all())]


def version(browser: Browser, path: str) -> str:
    """Open a form and return the version that it holds."""
    browser.get(path)
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.page)
    assert found
    return found.group(1)


CLOSES_A_BATCH = ("access_batch", "replace(CAST(access_log.uid")
"""What of the statements ties together what was read: once a second, whichever page comes then."""


def statements(act: Callable[[], Any]) -> int:
    """Return how many statements an act sends, besides those that begin a transaction.

    And besides those that close a batch of the access log: see test_readings_pages.
    """
    return sum(not each.startswith("BEGIN") and not closes_a_batch(each) for each in sent(act))


def closes_a_batch(statement: str) -> bool:
    """Tell whether a statement serves the chain of the access log."""
    return any(words in statement for words in CLOSES_A_BATCH)


def sent(act: Callable[[], Any]) -> list[str]:
    """Return the statements that an act sends."""
    statements: list[str] = []

    def note(*values: Any) -> None:
        statements.append(values[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return statements
