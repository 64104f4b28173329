"""What somebody wrote and never sent goes on with whoever owns its case now."""

from collections.abc import Sequence

from sqlalchemy import select

from hrdtracker.access.model import Scope
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident, IncidentStatus, IncidentWriter
from hrdtracker.people.model import PersonScopeDraft


def offices_of_drafts(user_id: int) -> Sequence[int]:
    """Return the numbers of the offices in whose cases a user has drafts."""
    query = select(Scope.office_id).join(Incident, Incident.scope_id == Scope.id)
    drafts = Incident.recorded_by_id == user_id, Incident.status == IncidentStatus.DRAFT
    return session().scalars(query.where(*drafts).distinct().order_by(Scope.office_id)).all()


def hand_over_drafts(author_id: int, keeper_id: int, office_id: int | None) -> None:
    """Give the drafts that one user wrote and one keeps to whoever owns their case now.

    Whoever has such a draft never reviews it, and who wrote it stays an author. In an open door.
    """
    query = (
        select(Incident, Scope.owner_id)
        .join(Scope, Scope.id == Incident.scope_id)
        .where(
            Incident.recorded_by_id == keeper_id,
            Incident.status == IncidentStatus.DRAFT,
            Incident.written_by(author_id),
            Scope.office_id == office_id,
            Scope.owner_id != keeper_id,
        )
        .order_by(Incident.id)
    )
    for draft, owner_id in session().execute(query).all():
        _hand_over(draft, owner_id)


def _hand_over(draft: Incident, user_id: int) -> None:
    named = select(PersonScopeDraft).where(
        PersonScopeDraft.scope_id == draft.scope_id,
        PersonScopeDraft.author_id == draft.recorded_by_id,
    )
    for place in session().scalars(named).all():
        key = place.person_id, place.scope_id, user_id
        if session().get(PersonScopeDraft, key) is None:
            session().add(PersonScopeDraft(person_id=key[0], scope_id=key[1], author_id=user_id))
    if session().get(IncidentWriter, (draft.id, user_id)) is None:
        session().add(IncidentWriter(incident_id=draft.id, user_id=user_id))
    draft.recorded_by_id = user_id
