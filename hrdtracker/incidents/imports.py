"""Imports as batches: begun, finished, and undone while nobody has changed what they brought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel
from hrdtracker.access.model import Organisation, Scope, User
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised, carry_out
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, NotFound, Refused
from hrdtracker.core.locks import LOCK
from hrdtracker.core.page import AnySelect
from hrdtracker.incidents.batch import MOST
from hrdtracker.incidents.model import ImportBatch, Incident, IncidentStatus
from hrdtracker.incidents.worked_on import was_worked_on
from hrdtracker.people.model import Person, PersonScope

Condition = ColumnElement[bool]
CHANGED = N_(
    "%(changed)s of its %(cases)s cases were changed since, or hold something else too: nothing "
    "was undone. With --keep-changed those stay, and the others are withdrawn."
)


class ImportState(StrEnum):
    """How far an import is, or its undoing."""

    UNFINISHED = "unfinished"
    TAKEN_IN = "taken_in"
    BEING_UNDONE = "being_undone"
    UNDONE = "undone"


@dataclass(frozen=True)
class ImportLine:
    """One import and who made it: its cases, how many are withdrawn; its incidents, reviewed."""

    batch: ImportBatch
    by: User
    cases: int
    withdrawn: int
    incidents: int
    reviewed: int

    @property
    def state(self) -> ImportState:
        """How far it is."""
        if self.batch.undone_at:
            return ImportState.UNDONE
        if self.batch.undoing_at:
            return ImportState.BEING_UNDONE
        return ImportState.TAKEN_IN if self.batch.finished_at else ImportState.UNFINISHED


@dataclass(frozen=True)
class UndoProgress:
    """How far an import is undone: cases withdrawn so far, of how many; and how many stay."""

    withdrawn: int
    cases: int
    changed: int


def begin_import(actor: Actor, source: str) -> int:
    """Return the number of the batch that an import writes into: the one it left unfinished, too.

    An import that was stopped goes on in the same batch, so that it is undone as one.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    query = select(ImportBatch.id).where(
        ImportBatch.source == source,
        ImportBatch.recorded_by_id == actor.id,
        ImportBatch.finished_at.is_(None),
        ImportBatch.undoing_at.is_(None),
    )
    number = session().scalar(query)
    if number is not None:
        return number
    with authorised(actor, Action.INCIDENT_LOG, within=organisation) as signature:
        batch = ImportBatch(
            organisation_id=organisation.id,
            source=source,
            recorded_by_id=actor.id,
            recorded_at=clock.now(),
        )
        session().add(batch)
        session().flush()
        signature.about(batch)
        return batch.id


def finish_import(actor: Actor, number: int) -> str:
    """Note that all rows of an import are in, and return what it is called on a command line."""
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.INCIDENT_LOG, within=organisation) as signature:
        batch = session().get_one(ImportBatch, number)
        batch.finished_at = clock.now()
        signature.about(batch)
    return batch.code


def imports(actor: Actor) -> list[ImportLine]:
    """Return the imports that the actor may undo, the latest first."""
    latest = ImportBatch.recorded_at.desc(), ImportBatch.id.desc()
    return [ImportLine(*row) for row in session().execute(_lines(actor).order_by(*latest))]


def import_line(actor: Actor, uid: UUID) -> ImportLine:
    """Return one import that the actor may undo; raises NotFound."""
    batch = policy.fetch(actor, Action.IMPORT_UNDO, ImportBatch, uid)
    return ImportLine(*session().execute(_lines(actor).where(ImportBatch.id == batch.id)).one())


def changed_since(number: int) -> int:
    """Return how many cases of an import stay if it is undone: somebody has changed them since."""
    return _count(_brought(number), Scope.withdrawn_at.is_(None), _is_changed(number))


def _lines(actor: Actor) -> AnySelect:
    brought = _brought(ImportBatch.id)
    incidents = select(func.count()).where(Incident.batch_id == ImportBatch.id)
    return (
        policy.visible(actor, Action.IMPORT_UNDO, ImportBatch)
        .join(User, User.id == ImportBatch.recorded_by_id)
        .add_columns(
            User,
            _how_many(brought).scalar_subquery(),
            _how_many(brought, Scope.withdrawn_at.is_not(None)).scalar_subquery(),
            incidents.scalar_subquery(),
            incidents.where(Incident.status == IncidentStatus.REVIEWED).scalar_subquery(),
        )
    )


def import_of_code(actor: Actor, code: str) -> ImportBatch:
    """Return the import that is called so; raises NotFound."""
    lines = [line.batch for line in imports(actor) if line.batch.code == code.lower()]
    if len(lines) != 1:
        raise NotFound
    return lines[0]


def undo(actor: Actor, number: int, *, keep_changed: bool = False) -> Iterator[UndoProgress]:
    """Withdraw the cases that an import brought, up to a hundred in an act; yield how far it is.

    Nothing is deleted: nobody reads them any more, and the same rows can be imported anew. What is
    withdrawn stays so wherever it stops, and the same again goes on. Raises Refused where somebody
    has changed cases, unless these are to be kept.
    """
    brought = _brought(number)
    cases = _count(brought)
    stay = changed_since(number)
    if stay and not keep_changed:
        raise Refused({"": Message(CHANGED, {"changed": stay, "cases": cases})})
    _note(actor, number, begins=True)
    withdrawn = _count(brought, Scope.withdrawn_at.is_not(None))
    yield UndoProgress(withdrawn, cases, stay)
    while added := carry_out(lambda: _withdraw(actor, number)):
        withdrawn += added
        yield UndoProgress(withdrawn, cases, stay)
    _note(actor, number, begins=False)


def undo_some(actor: Actor, number: int, acts: int, *, keep_changed: bool) -> UndoProgress:
    """Take so many acts of undoing an import, and return how far it is; the same again goes on."""
    progress = UndoProgress(0, 0, 0)
    for taken, progress in enumerate(undo(actor, number, keep_changed=keep_changed)):
        if taken >= acts and progress.withdrawn + progress.changed < progress.cases:
            break
    return progress


def _note(actor: Actor, number: int, *, begins: bool) -> None:
    """Note that an import begins to be undone, or has been."""
    batch = session().get_one(ImportBatch, number)
    with authorised(actor, Action.IMPORT_UNDO, on=batch):
        batch.undoing_at = batch.undoing_at or clock.now()
        batch.undone_at = None if begins else clock.now()


def _withdraw(actor: Actor, number: int) -> int:
    """Withdraw the next cases in one act, with an entry on the trail for each; return how many."""
    batch = session().get_one(ImportBatch, number)
    with authorised(actor, Action.IMPORT_UNDO, within=batch) as signature:
        query = (
            select(Case)
            .join(Scope, Scope.id == Case.scope_id)
            .where(_brought(number), Scope.withdrawn_at.is_(None), ~_is_changed(number))
            .order_by(Case.id)
            .limit(MOST)
            .with_for_update(of=Case, **LOCK)
        )
        taken = _with_rows(session().scalars(query).all())
        for rows in taken:
            rows.take_away()
        session().flush()
        places = {
            row.uid.hex: place
            for place, rows in enumerate(taken)
            for row in (rows.case, rows.scope, *rows.incidents)
        }
        signature.divide(
            [(Action.IMPORT_UNDO, rows.case) for rows in taken],
            lambda change: places[change["uid"]],
        )
    session().expunge_all()
    return len(taken)


@dataclass(frozen=True)
class _Brought:
    """A case that an import brought, with all that keeps it where it came from."""

    case: Case
    scope: Scope
    incidents: Sequence[Incident]

    def take_away(self) -> None:
        """Let nobody read the case, and its rows be nobody’s, so that they can come again."""
        self.scope.withdrawn_at = clock.now()
        self.case.origin_id = None
        for incident in self.incidents:
            incident.origin_id = None


def _with_rows(cases: Sequence[Case]) -> list[_Brought]:
    """Return cases with their scopes and incidents, in as few statements as for one."""
    incidents: dict[int, list[Incident]] = {case.id: [] for case in cases}
    query = select(Incident).where(Incident.case_id.in_(incidents)).order_by(Incident.id)
    for incident in session().scalars(query):
        incidents[incident.case_id].append(incident)
    numbers = [case.scope_id for case in cases]
    scopes = {
        scope.id: scope for scope in session().scalars(select(Scope).where(Scope.id.in_(numbers)))
    }
    return [_Brought(case, scopes[case.scope_id], incidents[case.id]) for case in cases]


def _how_many(*conditions: Condition) -> Select[int]:
    """Return the query of how many cases there are of which this holds."""
    query = select(func.count()).select_from(Case).join(Scope, Scope.id == Case.scope_id)
    return query.where(*conditions)


def _count(*conditions: Condition) -> int:
    return session().scalar(_how_many(*conditions)) or 0


def _brought(number: int | InstrumentedAttribute[int]) -> Condition:
    """Return the condition that a case holds what an import brought."""
    return Case.id.in_(select(Incident.case_id).where(Incident.batch_id == number))


def _is_changed(number: int) -> Condition:
    """Return the condition that a case is no longer as the import left it.

    It holds incidents from elsewhere, somebody wrote in it, of its people, or of what the courts
    did. What was refused, or only shown, wrote nothing.
    """
    from_elsewhere = select(Incident.id).where(
        Incident.case_id == Case.id, Incident.batch_id.is_distinct_from(number)
    )
    written = select(AuditEntry.seq).where(
        AuditEntry.scope_id == Case.scope_id,
        AuditEntry.channel != Channel.IMPORT,
        AuditEntry.payload != b"",
    )
    of_people = (
        select(PersonScope.person_id)
        .join(Person, Person.id == PersonScope.person_id)
        .where(PersonScope.scope_id == Case.scope_id, Person.changed_at > Person.recorded_at)
    )
    more = was_worked_on(Case.scope_id)
    return or_(from_elsewhere.exists(), written.exists(), of_people.exists(), more)
