"""Where a row says that somebody is held: arrival, place, and until when."""

from collections.abc import Collection
from dataclasses import dataclass, field

from hrdtracker.core.errors import N_
from hrdtracker.core.when.model import When, is_before
from hrdtracker.custody.told import PlaceOfStay
from hrdtracker.incidents.drafts import WORDS_MOST, Custody
from hrdtracker.incidents.whole import Release
from hrdtracker.intake.cells import Cells
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.dates import DateReader
from hrdtracker.intake.mapping import Columns, CustodyColumns

NOT_HELD = N_("The row tells of nothing by which somebody is held: kept with the narrative.")
TOO_EARLY = N_("The release lies before the arrest: its words are kept, and no day.")


@dataclass(frozen=True)
class CustodyReading:
    """What a row says of custody."""

    draft: Custody = field(default_factory=Custody)
    release: Release | None = None
    place: PlaceOfStay = field(default_factory=PlaceOfStay)


class CustodyReader:
    """Reads arrivals, places held and releases."""

    def __init__(self, columns: CustodyColumns, codes: Codebook, dates: DateReader) -> None:
        self._columns = columns
        self._codes = codes
        self._dates = dates

    def read(self, cells: Cells, kinds: Collection[str], occurred: When | None) -> CustodyReading:
        """Return what a row says; where none of its violations is of those meant, it stays words.

        `kinds` are the types of its violations, `occurred` is the day of the arrest.
        """
        columns = self._columns
        if columns.types and not set(columns.types) & set(kinds):
            for column, _ in cells.every(self._told())[:1]:
                cells.doubt(column, NOT_HELD)
            return CustodyReading()
        arrived = self._dates.read(cells, columns.arrived)
        prisons = self._codes.read(cells, columns.prison, "prison")
        place = PlaceOfStay(
            prison=next((reading.code for reading in prisons), None),
            known_by=columns.known_by or None,
        )
        held = Custody(arrived, cells.short(columns.place, WORDS_MOST))
        return CustodyReading(held, self._release(cells, arrived or occurred), place)

    def _told(self) -> Columns:
        columns = self._columns
        return (*columns.arrived.columns(), *columns.place, *columns.released.columns())

    def _release(self, cells: Cells, arrest: When | None) -> Release | None:
        """Return until when somebody was held; a day before the arrest keeps only its words.

        Words that are no date may say that nobody was released: they stay with the narrative.
        """
        released = self._dates.read(cells, self._columns.released)
        if released is None or not released.is_known:
            cells.leave(*self._columns.released.columns())
            return None
        if is_before(released, arrest):
            cells.doubt(self._columns.released.columns()[0], TOO_EARLY)
            released = When.unknown(released.as_told, released.zone)
        ends = self._codes.read(cells, self._columns.end, "stay_end")
        return Release(released, next((reading.code for reading in ends), None))
