"""Accepting what was imported by a sample: some are reviewed one by one, then the rest together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.history import was_done
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.page import AnySelect
from hrdtracker.incidents.decisions import reviewed
from hrdtracker.incidents.model import ImportBatch, Incident, IncidentStatus, ReviewKind
from hrdtracker.incidents.reviewing import of_the_past
from hrdtracker.incidents.worked_on import was_worked_on
from hrdtracker.incidents.workflow import INCIDENT

SAMPLE = 30
"""Where none of these is wrong, fewer than one in ten of the others is, with 95 % certainty."""
MOST = 100
"""Incidents in one act: others wait while it is written."""
NOT_YET = N_("Review each incident of the sample first; none of them may be returned.")
WAITS = Incident.status == IncidentStatus.SUBMITTED


@dataclass(frozen=True)
class Sample:
    """The sample of one import: which are still to be reviewed, which went back, what waits.

    `returned` are with their author now; `corrected` are all that went back or were changed.
    """

    batch: UUID
    source: str
    imported_at: datetime
    size: int
    to_review: Sequence[UUID]
    returned: int
    corrected: int
    others: int

    @property
    def is_done(self) -> bool:
        """Whether each was reviewed and none is with its author: the others may be accepted."""
        return not self.to_review and not self.returned


def is_corrected() -> ColumnElement[bool]:
    """Return the condition that an incident is accepted by itself alone.

    It went back, or somebody changed it since it came, or recorded what the courts did in its case.
    """
    was_changed = was_done((Action.INCIDENT_EDIT, Action.INCIDENT_RETURN), Incident.uid)
    return or_(was_changed, was_worked_on(Incident.scope_id))


def is_offered(actor: Actor) -> bool:
    """Tell whether something waits for this reviewer that may be accepted by a sample."""
    waits = _imported(actor).where(WAITS, not_(is_corrected()))
    return session().scalar(waits.with_only_columns(Incident.id).limit(1)) is not None


def samples(actor: Actor) -> list[Sample]:
    """Return the sample of each import of which others wait for this reviewer, the latest first.

    None of an import that is no larger than a sample: all of that is reviewed one by one.
    """
    waits = _imported(actor).where(WAITS, not_(is_corrected()))
    uids = waits.with_only_columns(ImportBatch.uid).group_by(ImportBatch.id)
    latest = uids.order_by(ImportBatch.recorded_at.desc(), ImportBatch.id.desc())
    batches = session().scalars(latest).all()
    return [drawn for uid in batches if (drawn := sample(actor, uid)) and drawn.others]


def sample(actor: Actor, batch: UUID | None) -> Sample | None:
    """Return the sample of one import, drawn by chance; what is drawn stays drawn.

    The uid of an incident is random and its own: in the order of uids nobody chose who is drawn.
    None where nothing of it is this reviewer’s to accept.
    """
    brought = _imported(actor).where(ImportBatch.uid == batch)
    rows = _drawn(brought)
    if not rows:
        return None
    others = brought.where(WAITS, not_(is_corrected()), Incident.id.not_in(row.id for row in rows))
    return Sample(
        batch=rows[0].batch,
        source=rows[0].source,
        imported_at=rows[0].recorded_at,
        size=len(rows),
        to_review=[row.uid for row in rows if row.status == IncidentStatus.SUBMITTED],
        returned=sum(row.status == IncidentStatus.RETURNED for row in rows),
        corrected=sum(row.corrected for row in rows),
        others=session().scalar(others.with_only_columns(func.count())) or 0,
    )


def accept(actor: Actor, batch: UUID | None) -> int:
    """Accept up to 100 others of an import whose sample is reviewed; return how many it were.

    Each has its entry on the trail of its case. Who imported or wrote any of them does not accept
    it: a reviewer accepts what they could review. Raises WrongStatus before the sample is done.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.INCIDENT_ACCEPT_SAMPLED, within=organisation) as signature:
        drawn = sample(actor, batch)
        if drawn is None or not drawn.is_done:
            raise WrongStatus(NOT_YET)
        waits = _imported(actor).where(ImportBatch.uid == batch, WAITS, not_(is_corrected()))
        incidents = list(session().scalars(waits.order_by(Incident.id).limit(MOST)))
        for incident in incidents:
            INCIDENT.take(incident, Action.INCIDENT_ACCEPT_SAMPLED)
            reviewed(actor, incident, ReviewKind.SAMPLE)
        session().flush()
        places = {incident.uid.hex: place for place, incident in enumerate(incidents)}
        acts = [(Action.INCIDENT_ACCEPT_SAMPLED, incident) for incident in incidents]
        signature.divide(acts, lambda change: places[change["uid"]])
    return len(incidents)


def _drawn(brought: AnySelect) -> Sequence[Any]:
    """Return those of the sample: 30, and 30 more for each of them that was corrected.

    Else who knows the draw could correct what is drawn and nothing else.
    """
    columns = (
        Incident.id,
        Incident.uid,
        Incident.status,
        ImportBatch.uid.label("batch"),
        ImportBatch.source,
        ImportBatch.recorded_at,
        is_corrected().label("corrected"),
    )
    draw = brought.with_only_columns(*columns).order_by(Incident.uid)
    size, rows = 0, list[Any]()
    while (due := SAMPLE * (1 + sum(row.corrected for row in rows))) > size:
        size, rows = due, list(session().execute(draw.limit(due)))
    return rows


def _imported(actor: Actor) -> AnySelect:
    """Return the query of what was imported of the past, is not urgent, and the actor may review.

    Of imports that are finished: nothing joins one whose sample is being reviewed. What others
    accepted by a sample is no part of it: it was not looked at.
    """
    looked_at: ColumnElement[bool] = or_(
        Incident.review_kind.is_(None), Incident.review_kind == ReviewKind.EACH
    )
    finished = and_(ImportBatch.finished_at.is_not(None), ImportBatch.undoing_at.is_(None))
    query = policy.visible(actor, Action.INCIDENT_REVIEW, Incident)
    query = query.join(ImportBatch, ImportBatch.id == Incident.batch_id)
    return query.where(finished, of_the_past(), Incident.urgency_rank == 0, looked_at)
