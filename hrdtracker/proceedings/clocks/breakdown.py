"""Why a clock ends when it does: the same count as was kept, with each of its steps."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.seal import ring
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.clocks.again import counted_again
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.subjects import ClockSubject
from hrdtracker.proceedings.limits.model import Limit


@dataclass(frozen=True)
class Breakdown:
    """A clock with its count: whose it is, in which case, by which letter."""

    clock: Clock
    case: Case
    letter: str
    subject: ClockSubject
    limit: Limit

    @property
    def heard_at(self) -> datetime | None:
        """Return when somebody last said that they are held."""
        return self.subject.stays[-1].stay.confirmed_at if self.subject.stays else None


def breakdown(actor: Actor, uid: UUID) -> Breakdown:
    """Return a clock that the actor may read, counted again; raises NotFound."""
    kept = policy.fetch(actor, Action.CASE_READ, Clock, uid)
    found = counted_again(kept)
    if found is None:
        raise NotFound
    case = session().scalars(select(Case).where(Case.scope_id == kept.scope_id)).one()
    ring().load([case.data_key_id])
    return Breakdown(kept, case, _letter(kept), *found)


def _letter(kept: Clock) -> str:
    query = select(PersonScope.letter).where(
        PersonScope.scope_id == kept.scope_id, PersonScope.person_id == kept.person_id
    )
    return session().scalar(query) or ""
