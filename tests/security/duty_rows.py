"""Days of duty for the tables of who may do what: one’s own, offered to one, and elsewhere."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from hrdtracker.access.model import Office, Organisation, User
from hrdtracker.duty.model import DutyDay
from tests.security.rows import filled, keep

FIRST = date(2031, 1, 1)


def duty_of(
    of: Organisation, office: Office, who: Mapping[str, User], other: User, suffix: str = ""
) -> dict[str, UUID]:
    """Add a day that is each one’s own and one that is offered to each; return their uids."""
    rows: dict[str, DutyDay] = {}
    for number, (letter, user) in enumerate(who.items()):
        place = {"organisation_id": of.id, "office_id": office.id, "set_by_id": other.id}
        own, offered = (FIRST + timedelta(days=2 * number + later) for later in (0, 1))
        rows[f"duty:own{suffix}:{letter}"] = filled(DutyDay, **place, day=own, user_id=user.id)
        rows[f"duty:offered{suffix}:{letter}"] = filled(
            DutyDay, **place, day=offered, user_id=other.id, offered_to_id=user.id
        )
    keep(*rows.values())
    return {name: row.uid for name, row in rows.items()}
