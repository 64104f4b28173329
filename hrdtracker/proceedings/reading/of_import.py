"""What the cases that an import brought hold of the courts, and whether somebody added to that."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Channel
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.worked_on import counts_as_work
from hrdtracker.proceedings.model import Charge, Hearing, LegalTitle, Proceeding, ProceedingScope


@dataclass(frozen=True)
class CourtsOfImport:
    """How many proceedings, charges, grounds of custody and hearings there are."""

    proceedings: int
    charges: int
    titles: int
    hearings: int

    @property
    def has_any(self) -> bool:
        """Whether there is anything."""
        return any((self.proceedings, self.charges, self.titles, self.hearings))


def courts_of_import(batch_id: int) -> CourtsOfImport:
    """Return the figures of the cases that an import brought; one statement.

    For whoever may undo it: `incidents.imports.import_line` asks that first.
    """
    scopes = (
        select(Case.scope_id)
        .join(Incident, Incident.case_id == Case.id)
        .where(Incident.batch_id == batch_id)
    )
    concerns = select(ProceedingScope.proceeding_id).where(ProceedingScope.scope_id.in_(scopes))

    proceedings = select(func.count(ProceedingScope.proceeding_id.distinct()))
    row = (
        session()
        .execute(
            select(
                proceedings.where(ProceedingScope.scope_id.in_(scopes)).scalar_subquery(),
                select(func.count(Charge.id)).where(Charge.scope_id.in_(scopes)).scalar_subquery(),
                select(func.count(LegalTitle.id))
                .where(LegalTitle.scope_id.in_(scopes))
                .scalar_subquery(),
                select(func.count(Hearing.id))
                .where(Hearing.proceeding_id.in_(concerns))
                .scalar_subquery(),
            )
        )
        .one()
    )
    return CourtsOfImport(*row)


@counts_as_work
def something_was_recorded(scope_id: Any) -> ColumnElement[bool]:
    """Return the condition that somebody recorded something of the proceedings of a case.

    What is said of one person has its entry in the case; what is said of a proceeding or a hearing
    has it under that, as it may concern several cases.
    """
    in_case = _written().where(AuditEntry.scope_id == scope_id)
    here, there = aliased(ProceedingScope), aliased(ProceedingScope)
    proceeding, hearing = aliased(Proceeding), aliased(Hearing)
    of_proceeding = (
        _written()
        .join(proceeding, proceeding.uid == AuditEntry.subject_uid)
        .join(here, here.proceeding_id == proceeding.id)
        .where(here.scope_id == scope_id)
    )
    of_hearing = (
        _written()
        .join(hearing, hearing.uid == AuditEntry.subject_uid)
        .join(there, there.proceeding_id == hearing.proceeding_id)
        .where(there.scope_id == scope_id)
    )
    return or_(in_case.exists(), of_proceeding.exists(), of_hearing.exists())


def _written() -> Any:
    return select(AuditEntry.seq).where(
        AuditEntry.action == Action.PROCEEDING_RECORD,
        AuditEntry.channel != Channel.IMPORT,
        AuditEntry.payload != b"",
    )
