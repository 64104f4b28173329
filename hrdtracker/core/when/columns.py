"""How a date as people know it lies in a row: four plain columns, and the words sealed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self, overload

from sqlalchemy import ColumnElement, String, and_

from hrdtracker.core.db import Instant
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Field, Grade, declared
from hrdtracker.core.seal import Sealed
from hrdtracker.core.when.model import Precision, When

PARTS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "earliest": (N_("%(field)s, earliest"), Instant),
        "latest": (N_("%(field)s, latest"), Instant),
        "precision": (N_("%(field)s, how exactly"), String(8)),
        "zone": (N_("%(field)s, time zone"), String(64)),
    }
)
"""The plain columns of a date, each with its aspect and its type."""
AS_TOLD = N_("%(field)s, as told")


class Dated:
    """A `When` kept in `<name>_earliest`, `_latest`, `_precision`, `_zone`, sealed `_as_told`.

    It maps and declares these columns. Where `required`, each row has a When, which may be unknown.
    """

    needs_row = True

    def __init__(self, label: str, *, required: bool = False, why: str = "") -> None:
        self.name = ""
        self._columns = {
            name: declared(
                Field(Grade.WORK, label, aspect, why=why if name == "earliest" else ""),
                kind,
                nullable=not required or name in {"earliest", "latest"},
            )
            for name, (aspect, kind) in PARTS.items()
        }
        self._as_told = Sealed(Grade.NARRATIVE, label, aspect=AS_TOLD)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        for part, column in self._columns.items():
            setattr(owner, f"{name}_{part}", column)
        setattr(owner, f"{name}_as_told", self._as_told)
        self._as_told.__set_name__(owner, f"{name}_as_told")

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> When | None: ...
    def __get__(self, row: Any, owner: type) -> Self | When | None:
        """Return the When of the row, or None where nothing was said."""
        if row is None:
            return self
        when = self.plain(row)
        return when and replace(when, as_told=getattr(row, f"{self.name}_as_told") or "")

    def columns(self, model: type[Any]) -> list[Any]:
        """Return the plain columns of the date, for a list."""
        return [getattr(model, f"{self.name}_{part}") for part in PARTS]

    def part(self, model: type[Any], part: str) -> Any:
        """Return one of the plain columns of the date, for a condition."""
        return getattr(model, f"{self.name}_{part}")

    def plain(self, row: Any) -> When | None:
        """Return the When of a row, or of a line of a list, without its sealed words."""
        earliest, latest, precision, zone = (getattr(row, f"{self.name}_{part}") for part in PARTS)
        return When(earliest, latest, Precision(precision), zone, "") if zone is not None else None

    def __set__(self, row: Any, when: When | None) -> None:
        """Lay the parts of a When into the row."""
        parts: dict[str, Any] = dict.fromkeys(("earliest", "latest", "zone", "as_told"))
        parts["precision"] = None
        if when is not None:
            parts = {
                "earliest": when.earliest,
                "latest": when.latest,
                "precision": str(when.precision),
                "zone": when.zone,
                "as_told": when.as_told or None,
            }
        for part, value in parts.items():
            setattr(row, f"{self.name}_{part}", value)


def overlaps(
    model: Any, name: str, start: datetime | None, end: datetime | None
) -> ColumnElement[bool]:
    """Return the condition that the row's [earliest, latest) overlaps [start, end).

    What is unknown overlaps nothing; what is known is sorted by its earliest instant, so that the
    end of a list by date is found in its index.
    """
    latest, sort = getattr(model, f"{name}_latest"), getattr(model, f"{name}_sort")
    parts = [latest.is_not(None)]
    if start is not None:
        parts.append(latest > start)
    if end is not None:
        parts.append(sort < end)
    return and_(*parts)
