"""Accepting what was imported by a sample: some are reviewed one by one, then the rest together."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.page import AnySelect
from hrdtracker.incidents.decisions import reviewed
from hrdtracker.incidents.model import Incident, IncidentStatus, ReviewKind
from hrdtracker.incidents.reviewing import of_the_past
from hrdtracker.incidents.workflow import INCIDENT

SAMPLE = 30
"""Where none of these is wrong, fewer than one in ten of the others is, with 95 % certainty."""
MOST = 100
"""Incidents in one act: others wait while it is written."""
NOT_YET = N_("Review each incident of the sample first; none of them may be returned.")


@dataclass(frozen=True)
class Sample:
    """The sample of one source: which are still to be reviewed, which went back, what waits."""

    source: str
    size: int
    to_review: Sequence[UUID]
    returned: int
    others: int

    @property
    def is_done(self) -> bool:
        """Whether each was reviewed and none went back, so that the others may be accepted."""
        return self.size > 0 and not self.to_review and not self.returned


def is_offered(actor: Actor) -> bool:
    """Tell whether something waits for this reviewer that may be accepted by a sample."""
    waits = _imported(actor).where(Incident.status == IncidentStatus.SUBMITTED)
    return session().scalar(waits.with_only_columns(Incident.id).limit(1)) is not None


def samples(actor: Actor) -> list[Sample]:
    """Return the sample of each source of which something waits for this reviewer.

    None of a source that is no larger than a sample: all of that is reviewed one by one.
    """
    waits = func.sum(case((Incident.status == IncidentStatus.SUBMITTED, 1), else_=0))
    counted = _imported(actor).with_only_columns(Incident.origin, func.count(), waits)
    sources = session().execute(counted.group_by(Incident.origin).order_by(Incident.origin))
    return [sample(actor, source) for source, all_, waiting in sources if waiting and all_ > SAMPLE]


def sample(actor: Actor, source: str) -> Sample:
    """Return the sample of one source: drawn by chance, and the same until it is decided on.

    The uid of an incident is random and its own: in the order of uids nobody chose who is drawn.
    """
    of_source = _imported(actor).where(Incident.origin == source)
    columns = Incident.id, Incident.uid, Incident.status
    drawn = of_source.with_only_columns(*columns).order_by(Incident.uid).limit(SAMPLE)
    rows = session().execute(drawn).all()
    others = of_source.where(
        Incident.status == IncidentStatus.SUBMITTED, Incident.id.not_in(row.id for row in rows)
    )
    return Sample(
        source=source,
        size=len(rows),
        to_review=[row.uid for row in rows if row.status == IncidentStatus.SUBMITTED],
        returned=sum(row.status == IncidentStatus.RETURNED for row in rows),
        others=session().scalar(others.with_only_columns(func.count())) or 0,
    )


def accept(actor: Actor, source: str) -> int:
    """Accept up to 100 others of a source whose sample is reviewed; return how many were accepted.

    Each has its entry on the trail of its case. Who imported or wrote any of them does not accept
    it: a reviewer accepts what they could review. Raises WrongStatus before the sample is done.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.INCIDENT_ACCEPT_SAMPLED, within=organisation) as signature:
        if not sample(actor, source).is_done:
            raise WrongStatus(NOT_YET)
        waits = _imported(actor).where(
            Incident.origin == source, Incident.status == IncidentStatus.SUBMITTED
        )
        incidents = list(session().scalars(waits.order_by(Incident.id).limit(MOST)))
        for incident in incidents:
            INCIDENT.take(incident, Action.INCIDENT_ACCEPT_SAMPLED)
            reviewed(actor, incident, ReviewKind.SAMPLE)
        session().flush()
        places = {incident.uid.hex: place for place, incident in enumerate(incidents)}
        acts = [(Action.INCIDENT_ACCEPT_SAMPLED, incident) for incident in incidents]
        signature.divide(acts, lambda change: places[change["uid"]])
    return len(incidents)


def _imported(actor: Actor) -> AnySelect:
    """Return the query of what was imported of the past, is not urgent, and the actor may review.

    What others accepted by a sample is no part of it: it was not looked at.
    """
    looked_at: ColumnElement[bool] = or_(
        Incident.review_kind.is_(None), Incident.review_kind == ReviewKind.EACH
    )
    query = policy.visible(actor, Action.INCIDENT_REVIEW, Incident)
    return query.where(of_the_past(), Incident.urgency_rank == 0, looked_at)
