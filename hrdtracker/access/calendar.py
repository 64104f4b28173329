"""Which day it is for an organisation: its days begin in its own zone."""

from datetime import date
from zoneinfo import ZoneInfo

from hrdtracker.access.model import Organisation
from hrdtracker.core import clock
from hrdtracker.core.db import session


def zone_of(organisation_id: int) -> ZoneInfo:
    """Return the zone in which the days of an organisation begin."""
    return ZoneInfo(session().get_one(Organisation, organisation_id).zone)


def today(organisation_id: int) -> date:
    """Return the calendar day that it is for an organisation."""
    return clock.today(zone_of(organisation_id))
