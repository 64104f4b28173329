"""What the tests of the access log share: rows of it, and batches that hold them."""

from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from hrdtracker.audit import access_log, reading_chain
from hrdtracker.audit.model import Opening
from hrdtracker.authorised import side_transaction
from hrdtracker.core.db import session
from tests import make


def row(key: int = 4711) -> list[dict[str, Any]]:
    """Return what the log would hold of a director's list with a record of that key on it."""
    return access_log.openings(make.actor("director"), None, {}, [key])


def read(times: int) -> None:
    """Write rows that no batch holds yet."""
    for _ in range(times):
        side_transaction(_insert)


def batches(number: int) -> None:
    """Write batches of four rows each."""
    for _ in range(number):
        read(4)
        side_transaction(reading_chain.close_all)


def _insert() -> None:
    rows = row()
    reading_chain.take_place()
    values = [{"uid": uuid4(), **each} for each in rows]
    session().connection().execute(insert(Opening), values)
