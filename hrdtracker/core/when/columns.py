"""How a date as people know it lies in a row: four plain columns, and the words sealed."""

from datetime import datetime
from typing import Any, Self, overload

from sqlalchemy import ColumnElement, and_

from hrdtracker.core.when.model import Precision, When


class Dated:
    """A `When` kept in `<name>_earliest`, `_latest`, `_precision`, `_zone`, sealed `_as_told`."""

    needs_row = True

    def __init__(self) -> None:
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> When | None: ...
    def __get__(self, row: Any, owner: type) -> Self | When | None:
        """Return the When of the row, or None where nothing was said."""
        if row is None:
            return self
        zone = getattr(row, f"{self.name}_zone")
        if zone is None:
            return None
        return When(
            getattr(row, f"{self.name}_earliest"),
            getattr(row, f"{self.name}_latest"),
            Precision(getattr(row, f"{self.name}_precision")),
            zone,
            getattr(row, f"{self.name}_as_told") or "",
        )

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
