"""Why a clock ends when it does: the same count as was kept, with each of its steps."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core import clock as hour
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.seal import ring
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.subjects import ClockSubject, subjects_of
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit


@dataclass(frozen=True)
class Breakdown:
    """A clock with its count: whose it is, in which case, by which letter."""

    clock: Clock
    case: Case
    letter: str
    subject: ClockSubject
    limit: Limit


def breakdown(actor: Actor, uid: UUID) -> Breakdown:
    """Return a clock that the actor may read, counted again; raises NotFound."""
    kept = policy.fetch(actor, Action.CASE_READ, Clock, uid)
    for subject in subjects_of({(kept.scope_id, kept.person_id)}):
        counted = limit(kept.clock, facts_of(subject), law(subject.organisation_id), hour.now())
        is_it = (subject.stay_id, subject.proceeding_id) == (kept.stay_id, kept.proceeding_id)
        if is_it and counted is not None:
            case = session().scalars(select(Case).where(Case.scope_id == kept.scope_id)).one()
            ring().load([case.data_key_id])
            return Breakdown(kept, case, _letter(kept), subject, counted)
    raise NotFound


def _letter(kept: Clock) -> str:
    query = select(PersonScope.letter).where(
        PersonScope.scope_id == kept.scope_id, PersonScope.person_id == kept.person_id
    )
    return session().scalar(query) or ""
