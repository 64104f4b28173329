"""How the trail keeps what lies closed in its row: closed as well, and never with its words."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

from hrdtracker.core.closed import Closed, present_vault
from hrdtracker.core.db import Base

CLOSED = "closed"
"""Under which name a payload holds such a value; before it was closed it stood there by itself."""
Columns = dict[str, list[Any]]


@cache
def closed_columns(table: str) -> Mapping[str, Closed]:
    """Return the columns of a table that are closed, by their names in the program."""
    columns = Base.metadata.tables[table].columns
    return {each.key: each.type for each in columns if isinstance(each.type, Closed)}


def close_values(table: str, difference: Columns) -> Columns:
    """Return a difference of a row as it may stand on the trail."""
    for name, kind in closed_columns(table).items():
        if name in difference:
            difference[name] = [_close(kind, value) for value in difference[name]]
    return difference


def open_value(kind: Closed, value: Any) -> Any:
    """Return what a row or a payload holds of a closed column, be it closed, or open as before.

    Raises SealBroken.
    """
    if isinstance(value, bytes):
        return kind.open(present_vault(), value)
    if isinstance(value, dict):
        return kind.open(present_vault(), base64.b64decode(value[CLOSED]))
    return kind.read(value) if isinstance(value, str) else value


def _close(kind: Closed, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    return {CLOSED: base64.b64encode(kind.close(present_vault(), value)).decode()}
