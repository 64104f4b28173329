"""Taking a sheet in: its rows become incidents, a few at a time, each exactly once."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, Channel
from hrdtracker.access.model import Office, Organisation, User, UserState
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.authorised import carry_out
from hrdtracker.cases.case_creation import office_of_work
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.collector import without_collector
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, NotAllowed, Refused, Stale
from hrdtracker.core.seal import passing_ring, ring
from hrdtracker.incidents.batch import MOST, log_together
from hrdtracker.incidents.imports import begin_import, finish_import
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake.cells import Note
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.court_columns import columns_of, laws_without_articles
from hrdtracker.intake.duplicates import SAME_IDS, KnownNames, SameIds
from hrdtracker.intake.existing import (
    NOT_OVERWRITTEN,
    ImportedIncident,
    Renewer,
    identities_elsewhere,
    imported_incidents,
)
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping import MappingFile
from hrdtracker.intake.mapping_file import check_codes
from hrdtracker.intake.marks import COURT, Marker
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.intake.report import ImportReport, RowOutcome
from hrdtracker.intake.sheet import Row, Sheet
from hrdtracker.intake.victims import names_of
from hrdtracker.proceedings.drafts.whole import WholeProceeding
from hrdtracker.proceedings.together import record_together

LONGEST_ACT_S = 0.2
"""An act that took longer makes the next one smaller: others wait while it is written."""
LEAST, FIRST = 10, 40
NAMED_TWICE = N_("The sheet names this row twice, and not alike: only the first was taken.")
REPEATED = N_("The same stands in a row above: it was taken once.")


@dataclass(frozen=True)
class Options:
    """How to take a sheet in. `check`: read all and write nothing. `update`: follow the source.

    `other_rows`: those with the ids of rows from another source are others all the same.
    """

    office: Office | None = None
    check: bool = False
    update: bool = True
    other_rows: bool = False


def importer(organisation: Organisation, login: str) -> Actor:
    """Return a user of the organisation as they import; raises Refused, NotAllowed."""
    query = select(User).where(User.organisation_id == organisation.id, User.login == login)
    user = session().scalar(query)
    if user is None or user.state != UserState.ACTIVE:
        raise Refused({"as": Message(N_("“%(login)s” is no active user."), {"login": login})})
    actor = replace(actor_of(user), channel=Channel.IMPORT)
    if not policy.allows(actor, Action.INCIDENT_LOG, organisation):
        raise NotAllowed(N_("This user may not log incidents, so cannot import any."))
    return actor


def office_named(actor: Actor, code: str | None) -> Office:
    """Return the office for the cases: the one with this code, or the only one; raises Refused."""
    if code is None:
        return office_of_work(actor)
    query = select(Office).where(
        Office.organisation_id == actor.organisation_id, Office.code == code.upper()
    )
    office = session().scalar(query)
    if office is None:
        raise Refused({"office": Message(N_("There is no office “%(code)s”."), {"code": code})})
    return office_of_work(actor, office)


def take_in(
    actor: Actor,
    mapping: MappingFile,
    sheet: Sheet,
    others: Mapping[str, Sheet],
    options: Options,
) -> Iterator[ImportReport]:
    """Take the rows of a sheet in; yield the report before and after each act, finished at last.

    What is committed stays, wherever it stops: the same again goes on. Raises MappingUnusable,
    SheetUnusable, SameIds before anything is written.
    """
    check_codes(mapping, terms())
    sheets = Sheets(mapping, sheet, others)
    return _Run(actor, mapping, sheets, options).reports()


class Fresh(NamedTuple):
    """A row that is not here yet: its number, its incident, and what it tells of the courts."""

    row: int
    whole: WholeIncident
    court: WholeProceeding | None


class _Run:
    """One run over one sheet."""

    def __init__(
        self, actor: Actor, mapping: MappingFile, sheets: Sheets, options: Options
    ) -> None:
        organisation = session().get_one(Organisation, actor.organisation_id)
        marker = Marker(ring().vault)
        zone = ZoneInfo(organisation.zone)
        codes = Codebook(terms())
        self._actor = actor
        self._sheets = sheets
        self._options = options
        self._office_id = office_of_work(actor, options.office).id
        self._reader = RowReader(mapping, sheets, codes, marker, zone)
        self._renewer = Renewer(
            actor, marker, frozenset(sheets.sheet.columns), frozenset(columns_of(mapping))
        )
        self._imported = imported_incidents(actor, mapping.source)
        self._marks: dict[str, int] = {}
        """By a row’s id what it says, as a number: the digests of all rows are many."""
        self._names = KnownNames(actor)
        self._size = FIRST
        self._batch_id: int | None = None
        self._report = ImportReport(
            mapping.source, sheets.sheet.name, encoding=sheets.sheet.encoding
        )
        self._report.checked_only = options.check
        self._report.remarks = [*sheets.remarks(), *laws_without_articles(mapping, codes.terms)]
        self._report.columns_missing = sheets.missing()
        self._report.words = codes.unknown
        if not options.other_rows:
            self._refuse_same_ids(mapping.source)
        session().rollback()

    def reports(self) -> Iterator[ImportReport]:
        """Take in one act after the other, and report before the first too."""
        yield self._report
        rows = self._sheets.sheet.rows()
        while taken := list(islice(rows, self._size)):
            with without_collector(), passing_ring():
                self._take(taken)
            yield self._report
        self._report.doubtful += self._sheets.left_over()
        if self._batch_id is not None:
            self._report.batch = finish_import(self._actor, self._batch_id)
        self._report.finished = True
        yield self._report

    def _take(self, rows: Sequence[Row]) -> None:
        fresh: list[Fresh] = []
        for row in rows:
            reading = self._reader.read(row)
            whole = reading.whole
            self._report.count_row(reading.notes, whole.draft.occurred if whole else None)
            if whole is None:
                self._refuse(reading.refused)
                continue
            if self._is_new(reading, whole):
                names = names_of(whole.draft.victims)
                self._report.alike += self._names.notes(reading.row, names)
                fresh.append(Fresh(reading.row, whole, reading.court))
        if self._options.check:
            self._count_created(fresh)
        elif fresh:
            self._create(fresh)
        session().rollback()
        session().expunge_all()

    def _is_new(self, reading: RowReading, whole: WholeIncident) -> bool:
        """Tell whether a row is to be made; else count it as what it is."""
        identity = whole.origin.id
        marks = hash(whole.origin.marks)
        if identity in self._marks:
            if self._marks[identity] == marks:
                self._report.doubt(
                    [Note(reading.row, "", Message(REPEATED))], is_new=not reading.notes
                )
                self._report.count(RowOutcome.UNCHANGED)
            else:
                self._refuse([Note(reading.row, "", Message(NAMED_TWICE))])
            return False
        self._marks[identity] = marks
        imported = self._imported.get(identity)
        if imported is None:
            return True
        if imported.says(whole):
            self._report.count(RowOutcome.UNCHANGED)
        else:
            self._renew(reading, whole, imported)
        return False

    def _renew(self, reading: RowReading, whole: WholeIncident, imported: ImportedIncident) -> None:
        """Bring what is here up to date where that is asked for, and say what differs."""
        write = self._options.update and not self._options.check
        try:
            renewal = carry_out(
                lambda: self._renewer.renew(whole, imported, reading.court, write=write)
            )
        except (Refused, Stale) as refused:
            self._refuse([Note(reading.row, "", refused.reason)])
            return
        kept = list(renewal.kept)
        if not self._options.update:
            kept += [(name, NOT_OVERWRITTEN) for name in renewal.taken]
        notes = [Note(reading.row, name, Message(why)) for name, why in kept]
        self._report.doubt(notes, is_new=not reading.notes)
        if renewal.taken and self._options.update:
            self._report.count(RowOutcome.UPDATED)
            self._report.courts.add(reading.court if COURT in renewal.taken else None)
        else:
            self._report.count(RowOutcome.KEPT if kept else RowOutcome.UNCHANGED)

    def _create(self, fresh: Sequence[Fresh]) -> None:
        """Log the incidents of new rows together; where that fails, one by one."""
        began = time.perf_counter()
        if self._batch_id is None:
            self._batch_id = begin_import(self._actor, self._report.source)
        try:
            self._log(fresh)
        except (Refused, IntegrityError):
            for one in fresh:
                self._create_alone(one)
            return
        took = time.perf_counter() - began
        affordable = int(len(fresh) * LONGEST_ACT_S / took)
        self._size = max(LEAST, min(MOST, affordable, self._size * 2))

    def _create_alone(self, one: Fresh) -> None:
        try:
            self._log([one])
        except (Refused, IntegrityError) as refused:
            self._refuse([Note(one.row, "", _reason(refused))])

    def _log(self, fresh: Sequence[Fresh]) -> None:
        """Log incidents in one act and count them; an act that fails leaves nothing behind."""

        def log() -> None:
            office = session().get_one(Office, self._office_id)
            wholes, courts = [one.whole for one in fresh], [one.court for one in fresh]
            record = partial(record_together, self._actor, courts)
            log_together(self._actor, wholes, office, self._batch_id, record)

        try:
            carry_out(log)
        finally:
            session().expunge_all()
        self._count_created(fresh)

    def _count_created(self, fresh: Sequence[Fresh]) -> None:
        self._report.count(RowOutcome.CREATED, len(fresh))
        for one in fresh:
            self._report.courts.add(one.court)

    def _refuse_same_ids(self, source: str) -> None:
        """Refuse rows that are here under another source: a mapping or a file was renamed."""
        elsewhere = identities_elsewhere(self._actor, source)
        sources = [source, *elsewhere]
        same: Counter[str] = Counter()
        for row in self._sheets.sheet.rows() if elsewhere else ():
            own, *others = self._reader.identities(row, sources)
            if own not in self._imported:
                same.update(
                    name
                    for name, identity in zip(elsewhere, others, strict=True)
                    if identity in elsewhere[name]
                )
        for name, count in same.most_common(1):
            sheet = self._sheets.sheet
            values = {"name": sheet.name, "same": count, "rows": sheet.size, "source": name}
            raise SameIds(Message(SAME_IDS, values))

    def _refuse(self, notes: Sequence[Note]) -> None:
        self._report.refused += notes
        self._report.count(RowOutcome.REJECTED)


def _reason(refused: Refused | IntegrityError) -> Message:
    if isinstance(refused, Refused):
        return next(iter(refused.reasons.values()), refused.reason)
    return Message(N_("Something with this id was made here at the same time."))
