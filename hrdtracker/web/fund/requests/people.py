"""Those in a request by letter; their names, once they were asked for and put on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests.people import IdentifiedPeople
from hrdtracker.web.people.hidden import HiddenNames, hidden_names
from hrdtracker.web.words.requests import Somebody, people_in


@dataclass(frozen=True)
class RequestPeople:
    """Everybody in a request once, whether names are shown, and those that take a reason."""

    rows: Sequence[Somebody]
    names_hidden: bool
    hidden: HiddenNames | None


def people_shown(details: RequestDetails, shown: IdentifiedPeople | None) -> RequestPeople:
    """Return everybody in a request, with the names that were asked for."""
    rows = people_in(details, shown.names if shown else None)
    return RequestPeople(rows, shown is None, hidden_names(shown.masked) if shown else None)
