"""What a row tells of the courts: charges by article, why somebody is held, days in court."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TypeVar
from zoneinfo import ZoneInfo

from hrdtracker.codelists.lookup import Terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.text import TEXT_MOST
from hrdtracker.core.when.model import When, is_before
from hrdtracker.intake.cells import TOO_LONG, Cells, parts_of
from hrdtracker.intake.codes import Codebook, UnknownWord
from hrdtracker.intake.dates import NOT_SAID, TO_COME, DateReader, is_single_day
from hrdtracker.intake.joined_sheets import column_of
from hrdtracker.intake.mapping import (
    ChargeColumns,
    Coded,
    Columns,
    CourtColumns,
    Dates,
    HearingColumns,
    MappingFile,
    ProceedingColumns,
    TitleColumns,
    folded,
)
from hrdtracker.people.drafts import PersonDraft
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.articles import article_in, articles_of
from hrdtracker.proceedings.drafts.charges import (
    WORDS_MOST,
    ChargeDraft,
    OutcomeDraft,
    Qualification,
)
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.proceedings import NAME_MOST, NAMES_MOST, ProceedingDraft
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.drafts.whole import (
    OF_THE_ROW,
    WholeCharge,
    WholeHearing,
    WholeProceeding,
)
from hrdtracker.proceedings.model import (
    QUALIFIES,
    ChargeStep,
    HearingStatus,
    PartyRole,
    TitleKind,
)

UNKNOWN_STAGE, OTHER_HEARING = "unknown", "other"
"""What a proceeding and a hearing are of which nothing more is said."""
SEVERAL = N_("The row is about several people: what it tells of the courts is kept as words.")
NOBODY = N_("The row names nobody whom this could be about: it is kept as words.")
NO_ARTICLE = N_("The list of articles does not have this one: it is kept as words.")
NO_LAW = N_("The row does not say of which law this article is: it is kept as words.")
NO_ARTICLES = N_(
    "The list of articles has none of “%(law)s”: they are kept as words. "
    "Whoever runs the program can add that law to the list."
)
NO_DAY = N_("This is no single day: kept with the narrative.")
NOT_HELD_YET = N_("This day is still to come: the hearing is kept as one that is expected.")
NO_OUTCOME = N_("This says as what somebody is charged, not what became of it: kept as words.")
BEFORE = N_("This lies before the day on which it began: its words are kept, and no day.")
AFTER_CHARGE = N_("They were charged before this day: its words are kept, and no day.")

Part = TypeVar("Part", bound=CourtColumns)
Made = TypeVar("Made")


class CourtReader:
    """Reads what the rows of a sheet, and of the files joined to it, tell of the courts."""

    def __init__(
        self, mapping: MappingFile, codes: Codebook, dates: DateReader, zone: ZoneInfo
    ) -> None:
        self._mapping = mapping
        self._codes = codes
        self._dates = dates
        self._zone = zone
        self._read_columns = tuple(dict.fromkeys(columns_of(mapping)))
        self._join_columns = {join.file: join.columns for join in mapping.join}

    def read(self, cells: Cells, victims: Sequence[PersonDraft]) -> WholeProceeding | None:
        """Return what the courts did about the one person of a row; None where it says nothing.

        What is told of several people, or of nobody, is given to none of them.
        """
        if not (self._mapping.of_courts or self._read_columns):
            return None
        people = [place for place, victim in enumerate(victims) if _is_one(victim)]
        if len(people) != 1:
            self._doubt_whose(cells, SEVERAL if people else NOBODY)
            return None
        mapping = self._mapping
        titles = self._each(cells, mapping.titles, self._title)
        charges = self._each(cells, mapping.charges, self._charges)
        hearings = self._each(cells, mapping.hearings, self._hearing)
        facts = self._facts(cells, mapping.proceeding, is_told=bool(charges or hearings))
        if not (titles or facts):
            return None
        role = PartyRole(mapping.proceeding.role)
        return WholeProceeding(
            people[0], facts, role, tuple(charges), tuple(titles), tuple(hearings)
        )

    def _doubt_whose(self, cells: Cells, reason: str) -> None:
        """Say that what a row tells of the courts stays words; a row that tells nothing is fine."""
        for column, _ in cells.every(self._read_columns)[:1]:
            cells.doubt(column, reason)
        for file in {part.file for part in self._mapping.of_courts if part.file}:
            if cells.joined.get(file):
                cells.doubt(column_of(file), reason)

    def _each(
        self,
        cells: Cells,
        parts: Iterable[Part],
        read: Callable[[Cells, Cells, Part], Iterable[Made]],
    ) -> list[Made]:
        """Return what is read of each part: of the row, or of each row of a joined file."""
        made: list[Made] = []
        for part in parts:
            if not part.file:
                made += read(cells, cells, part)
                continue
            for row in cells.joined.get(part.file, ()):
                before = len(row.notes)
                made += read(cells, row, part)
                cells.notes += row.notes[before:]
        return made

    def leave_what_is_not_kept(self, cells: Cells) -> None:
        """Let a joined file stand in the narrative unless all that its rows say has its field."""
        for file in {part.file for part in self._mapping.of_courts if part.file}:
            rows = cells.joined.get(file, ())
            if rows and all(row.is_kept(self._join_columns[file]) for row in rows):
                cells.use(column_of(file))

    def _facts(
        self, cells: Cells, columns: ProceedingColumns, *, is_told: bool
    ) -> ProceedingDraft | None:
        """Return the facts of a proceeding, where the row tells of one."""
        stage = self._code(cells, columns.stage, "proceeding_stage")
        court = self._code(cells, columns.court, "court")
        number = cells.short(columns.court_number, NAME_MOST)
        prosecutor = cells.short(columns.prosecutor, NAME_MOST)
        judges = cells.short(columns.judges, NAMES_MOST)
        note = _note(cells, columns.note)
        if not (is_told or stage or court or number or prosecutor or judges or note):
            return None
        return ProceedingDraft(stage or UNKNOWN_STAGE, court, number, prosecutor, judges, note)

    def _code(self, cells: Cells, coded: Coded, codelist: str) -> str | None:
        readings = self._codes.read(cells, coded, codelist)
        return next((reading.code for reading in readings), None)

    def _date(self, cells: Cells, dates: Dates, *, to_come: bool = False) -> When:
        """Return a date of a row; what is not said is not known."""
        when = self._dates.read(cells, dates)
        if when is None:
            return When.unknown(NOT_SAID if dates.columns() else "", self._zone)
        if not to_come and when.earliest and when.earliest > clock.now():
            cells.doubt(dates.columns()[0], TO_COME)
        return when

    def _follows(self, cells: Cells, dates: Dates, first: When) -> When:
        """Return a date that follows another; one that lies before it keeps only its words."""
        when = self._date(cells, dates)
        return contradicted(cells, dates, when, BEFORE) if is_before(when, first) else when

    # Charges --------------------------------------------------------------------------------------

    def _charges(self, cells: Cells, row: Cells, columns: ChargeColumns) -> Iterator[WholeCharge]:
        """Yield the charges that a row names; without one, nothing else of it is read."""
        named = self._qualifications(cells, row, columns)
        if not named:
            return
        charged = self._date(row, columns.charged)
        alleged = self._dates.read(row, columns.alleged)
        if alleged is not None and is_before(charged, alleged):
            alleged = contradicted(row, columns.alleged, alleged, AFTER_CHARGE)
        outcome = self._outcome(row, columns, charged)
        note, known_by = _note(row, columns.note), self._mapping.proceeding.known_by or None
        for said in named:
            charge = ChargeDraft(
                OF_THE_ROW,
                said,
                charged,
                charged_by=columns.charged_by or None,
                alleged=alleged,
                note=note,
                known_by=known_by,
            )
            yield WholeCharge(charge, outcome)

    def _qualifications(
        self, cells: Cells, row: Cells, columns: ChargeColumns
    ) -> list[Qualification]:
        """Return as what somebody is charged: by article where one is named, else in words."""
        of_articles, text = row.first(columns.article)
        column, words = (of_articles, text) if text else row.first(columns.words)
        parts = [part for part in parts_of(words, columns.separator) if part]
        if any(len(part) > WORDS_MOST for part in parts):
            row.doubt(column, TOO_LONG)
            return []
        row.use(*([column] if parts else []))
        law = self._law(cells, columns) if text else None
        return [self._article(row, column, law, part) if text else Qualification(words=part)
                for part in parts]  # fmt: skip

    def _article(self, row: Cells, column: str, law: str | None, text: str) -> Qualification:
        """Return an article of a law by its code; one that our list does not have stays words."""
        known = articles_of(self._codes.terms, law) if law else {}
        code = known.get(article_in(text))
        if code is not None:
            return Qualification(provision=code)
        if law is None:
            row.doubt(column, NO_LAW)
        elif known:
            row.doubt(column, NO_ARTICLE)
        if law is not None:
            self._codes.unknown[UnknownWord(column, "provision", text)] += 1
        return Qualification(words=text)

    def _law(self, cells: Cells, columns: ChargeColumns) -> str | None:
        """Return the first law that is meant: always, or by what a column of the row says."""
        for law in columns.law:
            texts = [folded(text) for _, text in cells.every(law.column)]
            if not law.column or any(folded(law.says) in text for text in texts):
                return law.name
        return None

    def _outcome(self, row: Cells, columns: ChargeColumns, charged: When) -> OutcomeDraft | None:
        """Return what became of the charges of a row; None where they stand, or nobody knows."""
        code = self._code(row, columns.outcome, "charge_outcome")
        if code in QUALIFIES:
            row.doubt(row.first(columns.outcome.column)[0], NO_OUTCOME)
            row.leave(*columns.outcome.column)
        if code is None or code in QUALIFIES:
            return None
        return OutcomeDraft(
            OF_THE_ROW,
            ChargeStep(code),
            self._follows(row, columns.decided, charged),
            decided_by=columns.decided_by or None,
            known_by=self._mapping.proceeding.known_by or None,
        )

    # Titles and hearings --------------------------------------------------------------------------

    def _title(self, _cells: Cells, row: Cells, columns: TitleColumns) -> Iterator[TitleDraft]:
        kind = self._code(row, columns.kind, "legal_title")
        if kind is None:
            return
        began = self._date(row, columns.began)
        yield TitleDraft(
            OF_THE_ROW,
            TitleKind(kind),
            began,
            ended=self._ended(row, columns, began),
            note=_note(row, columns.note),
            known_by=self._mapping.proceeding.known_by or None,
        )

    def _ended(self, row: Cells, columns: TitleColumns, began: When) -> When | None:
        """Return until when somebody was held; words that are no date stay with the narrative."""
        ended = self._dates.read(row, columns.ended)
        if ended is None or not ended.is_known:
            row.leave(*columns.ended.columns())
            return None
        if is_before(ended, began):
            return contradicted(row, columns.ended, ended, BEFORE)
        return ended

    def _hearing(
        self, _cells: Cells, row: Cells, columns: HearingColumns
    ) -> Iterator[WholeHearing]:
        """Yield a day in court; what names no single day stays with the narrative."""
        starts = self._dates.read(row, columns.starts)
        if starts is None:
            return
        if not is_single_day(starts):
            row.doubt(columns.starts.columns()[0], NO_DAY)
            row.leave(*columns.starts.columns())
            return
        hearing = HearingDraft(
            starts,
            self._code(row, columns.kind, "hearing_kind") or OTHER_HEARING,
            court=self._code(row, columns.court, "court"),
            room=row.short(columns.room, NAME_MOST),
            judge=row.short(columns.judge, NAMES_MOST),
            note=_note(row, columns.note),
            known_by=self._mapping.proceeding.known_by or None,
        )
        yield WholeHearing(hearing, self._status(row, columns, starts))

    def _status(self, row: Cells, columns: HearingColumns, starts: When) -> HearingStatus:
        code = self._code(row, columns.status, "hearing_status")
        status = HearingStatus(code) if code else HearingStatus.SCHEDULED
        if status == HearingStatus.HELD and starts.earliest and starts.earliest > clock.now():
            row.doubt(columns.starts.columns()[0], NOT_HELD_YET)
            return HearingStatus.SCHEDULED
        return status


def contradicted(cells: Cells, dates: Dates, when: When, reason: str) -> When:
    """Return only the words of a date that contradicts another, and say so."""
    cells.doubt(dates.columns()[0], reason)
    return When.unknown(when.as_told, when.zone)


def _is_one(victim: PersonDraft) -> bool:
    """Tell whether a victim is one person, whom a court can deal with."""
    return victim.unit == CountingUnit.PERSON and victim.head_count in {None, 1}


def _note(cells: Cells, columns: Columns) -> str | None:
    """Return the words of some columns; what is too long stays with the narrative."""
    told = cells.every(columns)
    note = "\n".join(text for _, text in told)
    if len(note) > TEXT_MOST:
        cells.doubt(told[0][0], TOO_LONG)
        return None
    cells.use(*(column for column, _ in told))
    return note or None


def columns_of(mapping: MappingFile) -> Iterator[str]:
    """Yield the columns of the sheet itself that tell of the courts."""
    for part in (mapping.proceeding, *(part for part in mapping.of_courts if not part.file)):
        for declared in fields(part):
            value = getattr(part, declared.name)
            if isinstance(value, Coded):
                yield from value.column
            elif isinstance(value, Dates):
                yield from value.columns()
            elif isinstance(value, tuple) and declared.name != "law":
                yield from value


def laws_without_articles(mapping: MappingFile, terms: Terms) -> list[Message]:
    """Return a sentence for each law of a mapping of which our list has no article."""
    names = dict.fromkeys(law.name for charge in mapping.charges for law in charge.law)
    return [Message(NO_ARTICLES, {"law": name}) for name in names if not articles_of(terms, name)]
