"""Long lists a page at a time: a page deep in the list costs no more than the first."""

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.core.db import session

AnySelect = Select[*tuple[Any, ...]]
PAGE_ROWS = 30
COUNTED_TO = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Found = TypeVar("Found", bound=Row[Any])


@dataclass(frozen=True)
class Place:
    """Where a page begins: after (or, `back`, before) the row with this sort key and id."""

    at: datetime
    id: int
    back: bool = False

    def token(self) -> str:
        """Write the place for a URL; it holds nothing personal."""
        micros = (self.at - EPOCH) // timedelta(microseconds=1)
        raw = struct.pack(">qq?", micros, self.id, self.back)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def read(cls, token: str | None) -> "Place | None":
        """Read a place from a URL; what is no place is the beginning of the list."""
        if not token:
            return None
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            micros, number, back = struct.unpack(">qq?", raw)
            return cls(EPOCH + timedelta(microseconds=micros), number, back)
        except (ValueError, binascii.Error, struct.error, OverflowError):
            return None


@dataclass(frozen=True)
class Page(Generic[Found]):
    """Rows of a list, newest first; `total` is exact up to 1,000, then `more_than_counted`."""

    rows: Sequence[Found]
    total: int
    more_than_counted: bool
    newer: str | None
    older: str | None


def newest_first(
    query: AnySelect,
    at: SQLCoreOperations[datetime],
    number: SQLCoreOperations[int],
    token: str | None,
    counted: AnySelect | None = None,
) -> Page[Any]:
    """Return the page of `query` that begins at `token`, in two statements at most.

    `counted` has the same rows without what is only joined to be shown.
    """
    place = Place.read(token)
    listed = query
    key = tuple_(at, number)
    if place is not None:
        mark = tuple_(place.at, place.id)
        listed = listed.where(key > mark if place.back else key < mark)
    back = place is not None and place.back
    order = (at.asc(), number.asc()) if back else (at.desc(), number.desc())
    found = list(
        session().execute(listed.add_columns(at, number).order_by(*order).limit(PAGE_ROWS + 1))
    )
    more, rows = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if back:
        rows.reverse()
    total = len(rows)
    if more or place is not None:
        total = _count(query if counted is None else counted, number)
    newer_exists = more if back else place is not None
    older_exists = place is not None if back else more
    return Page(
        rows=rows,
        total=min(total, COUNTED_TO),
        more_than_counted=total > COUNTED_TO,
        newer=Place(rows[0][-2], rows[0][-1], back=True).token() if rows and newer_exists else None,
        older=Place(rows[-1][-2], rows[-1][-1]).token() if rows and older_exists else None,
    )


def _count(query: AnySelect, number: SQLCoreOperations[int]) -> int:
    """Return how many rows there are; one more than we count to where there are more."""
    numbers = query.with_only_columns(number, maintain_column_froms=True).order_by(None)
    counted = select(func.count()).select_from(numbers.limit(COUNTED_TO + 1).subquery())
    return session().scalar(counted) or 0
