"""What the invented data's numbers mean here: labels, places, types and jobs as our codes."""

from functools import cache

from bench.dataset import DISTRICTS, LOCATIONS, PROVINCES, Event
from hrdtracker.codelists.files import read_list
from hrdtracker.incidents.model import IncidentStatus
from hrdtracker.people.line_words import Sex

ROOT_LABELS = 20
TYPES_USED = 22
CATEGORIES = {
    "Lawyer": "lawyer",
    "Journalist": "journalist",
    "Community leader": "community",
    "Teacher": "ngo",
    "Trade unionist": "union",
    "Farmer": "land",
    "Student": "youth",
    "Doctor": "other",
}
SEX = {"Male": Sex.MALE, "Female": Sex.FEMALE}
ADULT, MINOR = 34, 15
FEW = 8
UNFINISHED = {
    1: IncidentStatus.SUBMITTED,
    2: IncidentStatus.RETURNED,
    3: IncidentStatus.DRAFT,
}


@cache
def codes(name: str) -> tuple[str, ...]:
    """Return the codes of a list, in its order."""
    return tuple(row.code for row in read_list(name))


def pick(name: str, number: int) -> str:
    """Return the code of a list that stands for a number."""
    known = codes(name)
    return known[number % len(known)]


def area(label: int) -> str:
    """Return the thematic area of a label: labels are a tree with 20 roots."""
    return pick("thematic_area", (label - 1) % ROOT_LABELS)


def kind(event_type: int) -> str:
    """Return the type of incident for an event's type."""
    return codes("incident_type")[(event_type - 1) % TYPES_USED]


def place(location: int) -> tuple[str, str | None, str | None]:
    """Return province, district and commune, as finely as the location's level is."""
    if location <= PROVINCES:
        return pick("province", location), None, None
    name = "district" if location <= DISTRICTS else "commune"
    known = codes(name)
    code = known[(location - 1) * len(known) // LOCATIONS]
    return code[:2], code[:4], code if name == "commune" else None


def status(event: Event) -> IncidentStatus:
    """Return where an incident stands: about 1 % each are sent, returned and drafts."""
    if event.id % FEW == 0:
        return UNFINISHED.get(event.status, IncidentStatus.REVIEWED)
    return IncidentStatus.REVIEWED
