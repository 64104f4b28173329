"""Long lists a page at a time: a page deep in the list costs no more than the first."""

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Result, Select, bindparam, func, select, tuple_
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.core.db import Instant, session

AnySelect = Select[*tuple[Any, ...]]
PAGE_ROWS = 30
COUNTED_TO = 1000
SKIP_DIGITS = 6
"""Nobody turns over more pages than that."""
LARGEST_ID = 2**31 - 1
"""PostgreSQL refuses to compare the number of a row with a larger one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Line = TypeVar("Line")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Cursor:
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
    def read(cls, token: str | None) -> "Cursor | None":
        """Read a place from a URL; what is no place is the beginning of the list."""
        if not token:
            return None
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            micros, number, back = struct.unpack(">qq?", raw)
            at = EPOCH + timedelta(microseconds=micros)
        except (ValueError, binascii.Error, struct.error, OverflowError):
            return None
        return cls(at, number, back) if 0 <= number <= LARGEST_ID else None


@dataclass(frozen=True)
class Page(Generic[Line]):
    """Rows of a list, newest first; `total` is exact up to 1,000, then `more_than_counted`."""

    rows: Sequence[Line]
    total: int
    more_than_counted: bool
    newer: str | None
    older: str | None

    def with_rows(self, rows: Sequence[Other]) -> "Page[Other]":
        """Return this page of the list with other values for its rows, such as lines of words."""
        return Page(rows, self.total, self.more_than_counted, self.newer, self.older)


@dataclass(frozen=True)
class ListPart:
    """Which rows of a list with an order of its own are shown: `most` after the first `begin`.

    For short lists only: what comes before is read, too.
    """

    total: int
    begin: int
    most: int

    @classmethod
    def at(cls, skip: str | None, total: int, most: int = PAGE_ROWS) -> "ListPart":
        """Return the part in which the row after `skip` rows lies, as an address says it."""
        number = int(skip) if skip and skip.isdecimal() and len(skip) <= SKIP_DIGITS else 0
        return cls(total, max(0, min(number, total - 1)) // most * most, most)

    @property
    def last(self) -> int:
        """Return how many rows have been shown at its end."""
        return min(self.total, self.begin + self.most)

    @property
    def earlier(self) -> int | None:
        """Return how many rows the part before this one skips; None for the first."""
        return self.begin - self.most if self.begin else None

    @property
    def later(self) -> int | None:
        """Return how many rows the part after this one skips; None for the last."""
        return self.last if self.last < self.total else None

    def cut(self, query: AnySelect) -> AnySelect:
        """Return the query of its rows alone."""
        return query.offset(self.begin).limit(self.most)


def counted(query: AnySelect, number: SQLCoreOperations[int]) -> AnySelect:
    """Return the query of how many rows a query has, told apart by `number`.

    One more than lists count where there are more.
    """
    numbers = query.with_only_columns(number, maintain_column_froms=True)
    return select(func.count()).select_from(numbers.limit(COUNTED_TO + 1).subquery())


def itself(record: Line) -> Line:
    """Return the one record of a row: the line of a list that shows records as they are."""
    return record


class Listing(Generic[Line]):
    """A list in the making: its statements are put together once and may be kept.

    `line` is called with the columns of a row and returns what the list has of it. Where `shown`
    says what is shown of a row, `query` only says which rows: then they are chosen from the index,
    and no more are read than a page has.
    """

    def __init__(
        self,
        query: AnySelect,
        at: SQLCoreOperations[datetime],
        number: SQLCoreOperations[int],
        line: Callable[..., Line],
        shown: AnySelect | None = None,
    ) -> None:
        """Prepare the pages of `query` by the sort key `at` and, where that is equal, `number`."""
        self._line, key = line, tuple_(at, number)
        mark = tuple_(bindparam("mark_at", type_=Instant()), bindparam("mark_id", type_=Integer))
        down, up = (at.desc(), number.desc()), (at.asc(), number.asc())

        def cut(rows: AnySelect, order: tuple[ColumnElement[Any], ...]) -> AnySelect:
            if shown is None:
                return rows.add_columns(at, number).order_by(*order).limit(PAGE_ROWS + 1)
            chosen = rows.with_only_columns(number).order_by(*order).limit(PAGE_ROWS + 1)
            return shown.add_columns(at, number).where(number.in_(chosen)).order_by(*order)

        self._first = cut(query, down)
        self._older = cut(query.where(key < mark), down)
        self._newer = cut(query.where(key > mark), up)
        self._count = counted(query.order_by(*down), number)

    def page(self, token: str | None, **parameters: Any) -> Page[Line]:
        """Return the page that begins at `token`, the newest first, in two statements at most.

        `parameters` are the values that the query leaves open.
        """
        place = Cursor.read(token)
        rows = list(self._rows(place, parameters))
        back = place is not None and place.back
        more, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
        if back:
            rows.reverse()
        total = len(rows)
        if more or place is not None:
            total = session().scalar(self._count, parameters) or 0
        newer_exists = more if back else place is not None
        older_exists = place is not None if back else more
        return Page(
            rows=[self._line(*row[:-2]) for row in rows],
            total=min(total, COUNTED_TO),
            more_than_counted=total > COUNTED_TO,
            newer=_token(rows[0], back=True) if rows and newer_exists else None,
            older=_token(rows[-1]) if rows and older_exists else None,
        )

    def _rows(self, place: Cursor | None, parameters: dict[str, Any]) -> Result[Any]:
        if place is None:
            return session().execute(self._first, parameters)
        query = self._newer if place.back else self._older
        return session().execute(query, {"mark_at": place.at, "mark_id": place.id, **parameters})


def _token(row: Any, *, back: bool = False) -> str:
    return Cursor(row[-2], row[-1], back).token()
