"""A row becomes an incident as a form would hand it over, or a reason why it cannot."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from hrdtracker.cases.drafts import FollowUpDraft
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.text import TEXT_MOST
from hrdtracker.core.when.model import Precision, When
from hrdtracker.incidents.drafts import (
    WORDS_MOST,
    IncidentDraft,
    InvolvementDraft,
    SourceDraft,
)
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.intake.cells import Cells, Note, with_tail
from hrdtracker.intake.codes import Codebook, CodeReading
from hrdtracker.intake.court_columns import CourtReader
from hrdtracker.intake.custody_columns import CustodyReader
from hrdtracker.intake.dates import NOT_SAID, TO_COME, DateReader, is_single_day
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.location_columns import read_place_of
from hrdtracker.intake.mapping import Also, Later, MappingFile, Perpetrators, folded
from hrdtracker.intake.marks import Marker
from hrdtracker.intake.sheet import Row
from hrdtracker.intake.victims import VictimReader
from hrdtracker.people.drafts import ContactDraft, Victim
from hrdtracker.proceedings.drafts.whole import WholeProceeding

NO_TYPE = N_("No type of incident is known for this word.")
NO_DAY = N_("This is no single day: kept with the narrative.")
SUM = N_("This row is the sum of others.")
SUMS = frozenset({"total", "totals", "grand total", "subtotal", "sum", "សរុប", "សរុបរួម"})
"""How a row begins that adds up the others."""
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d+)?")
NO_NUMBER = N_("This is no number: kept with the narrative.")
NOT_DECIDED = N_("Neither yes nor no: kept with the narrative.")
DENIALS = frozenset(
    {"0", "0.0", "0%", "no", "n", "false", "none", "nil", "-", "–", "—"}
    | {"ទេ", "គ្មាន", "មិនមាន", "អត់", "មិនមែន"}
)
"""Words by which a column says that something was not so."""
UNDECIDED = frozenset(
    {"?", "unknown", "not known", "unclear", "n/a", "na", "maybe", "មិនដឹង", "មិនច្បាស់"}
)
"""Words by which a column says that nobody knows."""
NO_ID = N_("The columns that name the row are empty.")
PHONE = "phone"
"""How somebody is reached whose number stands in a sheet: a code of `contact_kind`."""


@dataclass(frozen=True)
class RowReading:
    """What was made of a row: a whole incident, or nothing and why; and what is doubtful."""

    row: int
    whole: WholeIncident | None = field(repr=False)
    notes: tuple[Note, ...]
    refused: tuple[Note, ...] = ()
    court: WholeProceeding | None = field(default=None, repr=False)
    """What it tells of the courts, which is recorded with the incident."""


def refusal(row: int, refused: Refused, notes: tuple[Note, ...] = ()) -> RowReading:
    """Return what is known of a row that cannot be taken, and why not."""
    reasons = tuple(Note(row, name, reason) for name, reason in refused.reasons.items())
    return RowReading(row, None, notes, reasons)


def _adds_up(row: Row) -> bool:
    words = (word for cell in row.cells.values() if (word := folded(cell)))
    return next(words, "") in SUMS


class RowReader:
    """Reads the rows of one sheet by one mapping."""

    def __init__(
        self, mapping: MappingFile, sheets: Sheets, codes: Codebook, marker: Marker, zone: ZoneInfo
    ) -> None:
        self._mapping = mapping
        self._sheets = sheets
        self._codes = codes
        self._marker = marker
        self._zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        self._dates = DateReader(self._zone, mapping.as_of)
        self._victims = [VictimReader(people, codes, self._dates) for people in mapping.victims]
        self._custody = CustodyReader(mapping.held, codes, self._dates)
        self._courts = CourtReader(mapping, codes, self._dates, self._zone)

    def read(self, row: Row) -> RowReading:
        """Return what a row says; a row that cannot be taken says why."""
        if row.fault:
            return RowReading(row.number, None, (), (Note(row.number, "", row.fault),))
        if _adds_up(row):
            return RowReading(row.number, None, (), (Note(row.number, "", Message(SUM)),))
        cells = self._sheets.cells(row)
        try:
            whole, court = self._whole(cells)
            return RowReading(row.number, whole, tuple(cells.notes), court=court)
        except Refused as refused:
            return refusal(row.number, refused, tuple(cells.notes))

    def _whole(self, cells: Cells) -> tuple[WholeIncident, WholeProceeding | None]:
        mapping = self._mapping
        kinds = self._kinds(cells)
        occurred = self._dates.read(cells, mapping.when)
        if occurred is not None and occurred.earliest and occurred.earliest > clock.now():
            cells.doubt(mapping.when.columns()[0], TO_COME)
        custody = self._custody.read(cells, kinds, occurred)
        place = read_place_of(cells, mapping.place, self._codes)
        victims = [victim for reader in self._victims for victim in reader.read(cells, occurred)]
        contacts = [
            (place, ContactDraft(PHONE, number))
            for place, victim in enumerate(victims)
            for number in victim.phones
        ]
        status = self._codes.read(cells, mapping.status, "victim_status")
        involved = [
            draft for columns in mapping.perpetrators for draft in self._involved(cells, columns)
        ]
        areas = self._codes.read(cells, mapping.areas, "thematic_area")
        court = self._courts.read(cells, [victim.draft for victim in victims])
        sources = self._sources(cells)
        later = [fact for columns in mapping.later for fact in self._later(cells, columns)]
        origin = self._origin(cells)
        self._courts.leave_what_is_not_kept(cells)
        draft = IncidentDraft(
            type=kinds[0],
            occurred=occurred or When.unknown(NOT_SAID, self._zone),
            place=place,
            victims=tuple(Victim(described=victim.draft) for victim in victims),
            custody=custody.draft,
            tie=cells.short(mapping.tie, TEXT_MOST),
            narrative=self._narrative(cells),
            language=mapping.language or None,
            areas=frozenset(area.code for area in areas),
        )
        whole = WholeIncident(
            draft,
            origin,
            more_types=tuple(kinds[1:]),
            held_types=frozenset(mapping.held.types),
            status_at_end=next((reading.code for reading in status), None),
            involved=tuple(dict.fromkeys(involved)),
            sources=sources,
            later=tuple(later),
            contacts=tuple(contacts),
            release=custody.release,
            place=custody.place,
        )
        return self._marker.marked(whole, court), court

    def _kinds(self, cells: Cells) -> list[str]:
        """Return the type of the incident, then those of further violations."""
        kinds = self._codes.read(cells, self._mapping.type, "incident_type")
        if not kinds:
            raise Refused({cells.first(self._mapping.type.column)[0]: NO_TYPE})
        for also in self._mapping.also:
            kinds += self._further(cells, also)
        return list(dict.fromkeys(kind.code for kind in kinds))

    def _further(self, cells: Cells, also: Also) -> list[CodeReading]:
        """Return the further violations that a column tells of, by its words or its number."""
        if not also.code:
            return self._codes.read(cells, also, "incident_type")
        column, text = cells.first(also.column)
        if also.compares:
            number = NUMBER.fullmatch(text)
            is_so = number is not None and also.holds(float(number[0]))
            doubt = NO_NUMBER if text and number is None else ""
        else:
            word = folded(text)
            is_so = bool(word) and word not in DENIALS | UNDECIDED
            doubt = NOT_DECIDED if word in UNDECIDED else ""
        if doubt:
            cells.doubt(column, doubt)
        return [CodeReading(also.code, text)] if is_so else []

    def _involved(self, cells: Cells, columns: Perpetrators) -> list[InvolvementDraft]:
        """Return who is alleged to have done it; a body or a name is of one type only."""
        codes = self._codes.read(cells, columns.type, "perpetrator_type")
        named = cells.every((*columns.body, *columns.name))
        words = " – ".join(text for _, text in named)
        if len(codes) != 1 or len(words) > WORDS_MOST:
            words = ""
        elif words:
            cells.use(*(column for column, _ in named))
        return [
            InvolvementDraft(
                code.code,
                words=words or code.word[:WORDS_MOST] or None,
                degree=columns.degree or None,
                certainty=columns.certainty or None,
            )
            for code in codes
        ]

    def _sources(self, cells: Cells) -> tuple[SourceDraft, ...]:
        """Return how we know; links and the like are sealed with it, not in the narrative."""
        columns = self._mapping.known_from
        if columns is None:
            return ()
        remarks_by_column = cells.every(columns.remarks)
        remarks = "\n".join(text for _, text in remarks_by_column)
        if len(remarks) <= TEXT_MOST:
            cells.use(*(column for column, _ in remarks_by_column))
        else:
            remarks = ""
        return (
            SourceDraft(
                columns.connection,
                reliability=columns.reliability or None,
                material=columns.material or None,
                remarks=remarks or None,
            ),
        )

    def _later(self, cells: Cells, columns: Later) -> list[FollowUpDraft]:
        rows = cells.joined.get(columns.file, ()) if columns.file else (cells,)
        return [
            fact
            for joined_row in rows
            if (fact := self._fact(cells, joined_row, columns)) is not None
        ]

    def _fact(self, cells: Cells, row: Cells, columns: Later) -> FollowUpDraft | None:
        """Return a follow-up on a single day; what names none stays with the narrative."""
        doubts_before = len(row.notes)
        when = self._dates.read(row, columns.date)
        if row is not cells:
            cells.notes += row.notes[doubts_before:]
        if when is None:
            return None
        if when.earliest is None or not is_single_day(when):
            cells.doubt(columns.date.columns()[0], NO_DAY)
            row.leave(*columns.date.columns())
            return None
        notes = row.every(columns.note)
        row.use(*(column for column, _ in notes))
        note = "\n".join(filter(None, [columns.words, when.as_told, *(text for _, text in notes)]))
        return FollowUpDraft(
            columns.kind, when.earliest, timed=when.precision == Precision.MINUTE, note=note
        )

    def _origin(self, cells: Cells) -> Origin:
        """Return where the row came from. Its own id may be a name, so that only a digest is kept.

        Without columns that name it, a row is named by all that it says.
        """
        keys = self._keys(cells)
        if not any(keys):
            raise Refused({self._mapping.id[0]: NO_ID})
        identity = self._marker.identity(self._mapping.source, keys)
        case = [cells.text(column) for column in self._mapping.case]
        shared = self._marker.identity(f"{self._mapping.source}/case", case) if any(case) else ""
        return Origin(self._mapping.source, identity, shared or identity)

    def _keys(self, cells: Cells) -> list[str]:
        named = [cells.text(column) for column in self._mapping.id]
        return named or [f"{column}\0{cells.row.cells[column]}" for column in cells.row.cells]

    def identities(self, row: Row, sources: Iterable[str]) -> list[str]:
        """Return by what a row would be known again if it came from each of these sources."""
        keys = self._keys(self._sheets.cells(row))
        return [self._marker.identity(source, keys) if any(keys) else "" for source in sources]

    def _narrative(self, cells: Cells) -> str | None:
        """Return the words of the row: its narrative, then whatever no field of ours holds."""
        texts = cells.every(self._mapping.narrative)
        cells.use(*(column for column, _ in texts))
        text = "\n\n".join(text for _, text in texts)
        return with_tail(text, cells.left()) or None
