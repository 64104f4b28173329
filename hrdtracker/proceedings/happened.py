"""Everything that is recorded as having happened to people: who was under 18 then is masked."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.custody.model import IS_KEPT, Stay
from hrdtracker.incidents.model import Incident, Involvement, Violation
from hrdtracker.people.minors import events, happens_to_people
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    CourtOrder,
    Judgment,
    LegalTitle,
    Party,
)


def _day(model: type, name: str) -> InstrumentedAttribute[Any]:
    """Return the earliest instant of a date of a table."""
    column: InstrumentedAttribute[Any] = getattr(model, f"{name}_earliest")
    return column


ALLEGED = _day(Charge, "alleged")
happens_to_people(
    events(Violation.victim_id, _day(Incident, "occurred"), Incident.recorded_at)
    .select_from(Violation)
    .join(Incident, Incident.id == Violation.incident_id),
    events(
        Involvement.alleged_perpetrator_id,
        _day(Incident, "occurred"),
        Incident.recorded_at,
        asks=False,
    )
    .select_from(Involvement)
    .join(Incident, Incident.id == Involvement.incident_id),
    events(Stay.person_id, func.coalesce(_day(Stay, "began"), Stay.since), Stay.since).where(
        IS_KEPT
    ),
    events(Party.person_id, Party.recorded_at, Party.recorded_at),
    events(LegalTitle.person_id, _day(LegalTitle, "began"), LegalTitle.recorded_at),
    events(CourtOrder.person_id, _day(CourtOrder, "ordered"), CourtOrder.recorded_at),
    # An offence of no known day was before the charge: REACHES_BACK says how long.
    events(
        Party.person_id, ALLEGED, func.coalesce(_day(ChargeOutcome, "decided"), Charge.recorded_at)
    )
    .select_from(Party)
    .join(Charge, Charge.party_id == Party.id)
    .join(ChargeOutcome, ChargeOutcome.charge_id == Charge.id),
    events(Party.person_id, _day(Judgment, "pronounced"), Judgment.recorded_at)
    .select_from(Party)
    .join(Judgment, Judgment.party_id == Party.id),
)
