"""The rules of law as somebody reads them: what counts, what was said before, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotFound
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday

COUNTS = LegalRuleVersion.superseded_at.is_(None)


@dataclass(frozen=True)
class ReviewCount:
    """How many of the rules that count a lawyer has reviewed."""

    reviewed: int
    of: int


def rules(actor: Actor) -> list[LegalRuleVersion]:
    """Return the versions that count, in the order in which they are read."""
    query = policy.visible(actor, Action.LAW_READ, LegalRuleVersion).where(COUNTS)
    return list(
        session().scalars(query.order_by(LegalRuleVersion.position, LegalRuleVersion.number))
    )


def versions(actor: Actor, key: str) -> list[LegalRuleVersion]:
    """Return all that was ever said of a rule, the newest first; raises NotFound."""
    query = policy.visible(actor, Action.LAW_READ, LegalRuleVersion).where(
        LegalRuleVersion.key == key
    )
    found = list(session().scalars(query.order_by(LegalRuleVersion.number.desc())))
    if not found:
        raise NotFound
    return found


def version(actor: Actor, uid: UUID) -> LegalRuleVersion:
    """Return a version that the actor may change; raises NotFound."""
    return policy.fetch(actor, Action.LAW_CHANGE, LegalRuleVersion, uid)


def review_count(actor: Actor) -> ReviewCount:
    """Return how many rules a lawyer has reviewed, of how many; one statement."""
    query = policy.visible(actor, Action.LAW_READ, LegalRuleVersion).where(COUNTS)
    counts = query.with_only_columns(func.count(LegalRuleVersion.reviewed_on), func.count())
    reviewed, of = session().execute(counts.order_by(None)).one()
    return ReviewCount(reviewed, of)


def holidays(actor: Actor) -> list[PublicHoliday]:
    """Return the public holidays that count, the latest first."""
    query = policy.visible(actor, Action.LAW_READ, PublicHoliday).where(
        PublicHoliday.taken_away_at.is_(None)
    )
    return list(session().scalars(query.order_by(PublicHoliday.day.desc())))


def waiting(subjects: Sequence[Entity]) -> list[Proposal]:
    """Return the changes about some records that wait for a second person, the oldest first."""
    uids = [each.uid for each in subjects]
    about: ColumnElement[bool] = Proposal.subject_uid.in_(uids)
    query = select(Proposal).where(
        Proposal.action == Action.LAW_CHANGE, about, Proposal.status == ProposalStatus.WAITS
    )
    return list(session().scalars(query.order_by(Proposal.id)))
