"""People who were arrested, and their arrival at the unit: from that second their limits run."""

from datetime import date, timedelta
from typing import Any

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.custody.model import Stay
from hrdtracker.custody.told import PlaceOfStay
from hrdtracker.incidents.custody import stays_in
from hrdtracker.incidents.model import Incident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make

TOMORROW = (clock.now() + timedelta(days=1)).astimezone(make.ZONE)
ARRIVED = TOMORROW.replace(hour=9, minute=40, second=0, microsecond=0)
"""Tomorrow: after everybody of the cast has their role."""


def arrested(*who: PersonDraft) -> Incident:
    """Log an arrest of these people, of which no arrival is known yet."""
    victims = tuple(Victim(described=person) for person in who)
    day = When.day(ARRIVED.date(), make.ZONE)
    return make.incident(occurred=day, victims=victims, type="arrest")


def adult(name: str = "Demo A", **known: Any) -> PersonDraft:
    """Return somebody of whom an age is known."""
    return PersonDraft((NameDraft(name),), age=34, age_on=date(2026, 11, 1), **known)


def arrive(incident: Incident, when: When | None = None) -> list[Stay]:
    """Record when the victims of an incident arrived at the unit."""
    actor = make.actor("monitor")
    with authorised(actor, Action.INCIDENT_EDIT, on=incident):
        stays = stays_in(incident)
        for row in stays:
            custody.arrive(row, when or When.minute(ARRIVED, make.ZONE))
            custody.hold(row, PlaceOfStay("Sample unit", known_by="lawyer"))
            custody.confirm(actor, row, clock.now())
    return stays
