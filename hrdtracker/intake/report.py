"""What an import did, in figures and sentences; nothing of what a row says stands in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TextIO

from hrdtracker.core.errors import Message
from hrdtracker.core.safe_export import write_csv
from hrdtracker.core.when.model import Precision, When
from hrdtracker.intake.cells import Note
from hrdtracker.intake.codes import UnknownWord
from hrdtracker.intake.dates import NOT_SAID
from hrdtracker.proceedings.drafts.whole import WholeProceeding


class RowOutcome(StrEnum):
    """How a row ended. Each row has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REJECTED = "rejected"


@dataclass
class RowCounts:
    """How many rows ended how, and how many of their dates were understood.

    `kept` rows differ from what is here, which was not overwritten; `doubtful` ones are among the
    others and should be looked at.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    rejected: int = 0
    doubtful: int = 0
    dates_understood: int = 0
    dates_in_words: int = 0
    dates_missing: int = 0


@dataclass
class CourtCounts:
    """How much the created rows tell of the courts; `by_article` of the charges name an article."""

    proceedings: int = 0
    charges: int = 0
    by_article: int = 0
    outcomes: int = 0
    titles: int = 0
    hearings: int = 0

    def add(self, court: WholeProceeding | None) -> None:
        """Count what one row tells."""
        if court is None:
            return
        self.proceedings += court.facts is not None
        self.charges += len(court.charges)
        self.by_article += sum(
            one.charge.qualification.provision is not None for one in court.charges
        )
        self.outcomes += sum(one.outcome is not None for one in court.charges)
        self.titles += len(court.titles)
        self.hearings += len(court.hearings)


@dataclass
class ImportReport:
    """What has been done so far, and what somebody should look at."""

    source: str
    file: str
    counts: RowCounts = field(default_factory=RowCounts)
    courts: CourtCounts = field(default_factory=CourtCounts)
    refused: list[Note] = field(default_factory=list)
    doubtful: list[Note] = field(default_factory=list)
    alike: list[Note] = field(default_factory=list)
    """Rows with a name that an earlier row, or somebody on record, has too."""
    words: Counter[UnknownWord] = field(default_factory=Counter)
    """Words that neither the mapping nor the lists know, and how often; shown only on request."""
    remarks: list[Message] = field(default_factory=list)
    """What somebody should know before anything is written."""
    columns_missing: list[str] = field(default_factory=list)
    encoding: str = ""
    checked_only: bool = False
    finished: bool = False
    batch: str = ""
    """What the import is called where it is undone; empty where it brought nothing."""

    def count(self, outcome: RowOutcome, rows: int = 1) -> None:
        """Count rows by how they ended."""
        setattr(self.counts, outcome, getattr(self.counts, outcome) + rows)

    def doubt(self, notes: Sequence[Note], *, is_new: bool) -> None:
        """Note what is doubtful in a row; `is_new` where nothing else in it is."""
        self.doubtful += notes
        self.counts.doubtful += bool(notes) and is_new

    def count_row(self, notes: Iterable[Note], occurred: When | None) -> None:
        """Count one row that was read, what is doubtful in it, and its date."""
        self.counts.rows += 1
        doubts = list(notes)
        self.doubtful += doubts
        self.counts.doubtful += bool(doubts)
        if occurred is None:
            return
        if occurred.precision != Precision.UNKNOWN:
            self.counts.dates_understood += 1
        elif occurred.as_told != NOT_SAID:
            self.counts.dates_in_words += 1
        else:
            self.counts.dates_missing += 1

    def as_object(self) -> dict[str, object]:
        """Return all of it as plain values, for machines."""
        return {
            "source": self.source,
            "file": self.file,
            "encoding": self.encoding,
            "checked_only": self.checked_only,
            "finished": self.finished,
            "import": self.batch,
            **asdict(self.counts),
            **asdict(self.courts),
            "possible_duplicates": len(self.alike),
            "unknown_words": len(self.words),
            "columns_missing": self.columns_missing,
            "remarks": [str(remark) for remark in self.remarks],
        }

    def write(self, target: TextIO) -> None:
        """Write what somebody should look at as a table: kind, row, column, reason."""
        notes = ((kind, note) for kind, noted in self._notes() for note in noted)
        rows = ((kind, note.row, note.column, note.reason) for kind, note in notes)
        write_csv(target, ("kind", "row", "column", "reason"), rows)

    def write_words(self, target: TextIO) -> None:
        """Write the words that a mapping still lacks, the most frequent first."""
        words = self.words.most_common()
        rows = ((unknown.column, unknown.codelist, unknown.word, count) for unknown, count in words)
        write_csv(target, ("column", "list", "word", "rows"), rows)

    def _notes(self) -> list[tuple[str, list[Note]]]:
        return [
            ("rejected", self.refused),
            ("doubtful", self.doubtful),
            ("possible duplicate", self.alike),
        ]
