"""Which part of a list a page shows, in words, and the ways to its other parts."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from hrdtracker.core.page import ListPart
from hrdtracker.web.shell.context import number


@dataclass(frozen=True)
class Paging:
    """What a pager shows: "1 to 30 of 45", and where the part before and the part after are."""

    label: str
    back: str | None
    next: str | None


def paging(part: ListPart, endpoint: str, name: str = "skip", /, **values: Any) -> Paging | None:
    """Return what the pager of a list shows; None where one part is all of it.

    `name` is what its place is called in the address, where a page has several lists.
    """
    if part.earlier is None and part.later is None:
        return None

    def to(skip: int | None) -> str | None:
        place: dict[str, Any] = {name: skip}
        return None if skip is None else url_for(endpoint, **place, **values)

    first, last, total = (number(row) for row in (part.begin + 1, part.last, part.total))
    label = gettext("%(first)s to %(last)s of %(total)s", first=first, last=last, total=total)
    return Paging(label, to(part.earlier), to(part.later))
