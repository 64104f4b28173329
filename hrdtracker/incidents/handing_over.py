"""What somebody never sent, or has to correct, goes on with whoever owns its case now."""

from collections.abc import Sequence

from sqlalchemy import select

from hrdtracker.access.model import Scope
from hrdtracker.core.db import session
from hrdtracker.incidents.model import UNFINISHED, Incident, IncidentWriter
from hrdtracker.people.model import PersonScopeDraft


def offices_of_unfinished(user_id: int) -> Sequence[int]:
    """Return the numbers of the offices in whose cases a user has incidents to finish."""
    query = select(Scope.office_id).join(Incident, Incident.scope_id == Scope.id)
    theirs = Incident.recorded_by_id == user_id, Incident.status.in_(UNFINISHED)
    return session().scalars(query.where(*theirs).distinct().order_by(Scope.office_id)).all()


def hand_over_unfinished(author_id: int, keeper_id: int, office_id: int | None) -> None:
    """Give what one user wrote and one is to finish to whoever owns its case now.

    Whoever gets it never reviews it, and who wrote it stays an author. In an open door.
    """
    query = (
        select(Incident, Scope.owner_id)
        .join(Scope, Scope.id == Incident.scope_id)
        .where(
            Incident.recorded_by_id == keeper_id,
            Incident.status.in_(UNFINISHED),
            Incident.written_by(author_id),
            Scope.office_id == office_id,
            Scope.owner_id != keeper_id,
        )
        .order_by(Incident.id)
    )
    for incident, owner_id in session().execute(query).all():
        _hand_over(incident, owner_id)


def _hand_over(incident: Incident, user_id: int) -> None:
    named = select(PersonScopeDraft).where(
        PersonScopeDraft.scope_id == incident.scope_id,
        PersonScopeDraft.author_id == incident.recorded_by_id,
    )
    for place in session().scalars(named).all():
        key = place.person_id, place.scope_id, user_id
        if session().get(PersonScopeDraft, key) is None:
            session().add(PersonScopeDraft(person_id=key[0], scope_id=key[1], author_id=user_id))
    if session().get(IncidentWriter, (incident.id, user_id)) is None:
        session().add(IncidentWriter(incident_id=incident.id, user_id=user_id))
    incident.recorded_by_id = user_id
