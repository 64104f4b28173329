"""Sheets, mappings and codelists for the tests of the import, without a database."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hrdtracker.codelists.files import LISTS, TermRow, read_list
from hrdtracker.codelists.lookup import Terms
from hrdtracker.core.keyfile import KEY_BYTES, RootKey
from hrdtracker.core.seal import Vault
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping import MappingFile
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.marks import Marker
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.intake.sheet import Sheet, read_sheet

ZONE = ZoneInfo("Asia/Phnom_Penh")
MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "imports"
PLAIN = 'type = { column = "type", default = "other" }\nwhen = "date"\n'
ONE = '[[victims]]\ncolumn = "who"\nsex = "sex"\nage = "age"\nremarks = ["job"]\n'
PLACE = '[place]\ncountry = "country"\nprovince = "province"\nwords = ["town"]\n'


@cache
def all_terms() -> Terms:
    """Return every term of the files, as the database holds them."""
    return terms_of({})


def terms_of(others: Mapping[str, Sequence[TermRow]]) -> Terms:
    """Return every term of the files, with other rows for some lists."""
    return Terms(
        [
            (
                name,
                row.code,
                row.parent or None,
                row.label_en,
                row.label_km,
                False,
                json.dumps(dict(row.extra)),
            )
            for name in LISTS
            for row in others.get(name) or read_list(name)
        ]
    )


def marker() -> Marker:
    """Return what makes digests with the tests’ key."""
    return Marker(Vault(RootKey(b"\x07" * KEY_BYTES, demo=True)))


class Desk:
    """A folder in which a test lays sheets and mappings, and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mapping(self, text: str = PLAIN, name: str = "list") -> MappingFile:
        """Return a mapping from its text."""
        path = self.folder / f"{name}.toml"
        path.write_text(text, "utf-8")
        return read_mapping(path)

    def sheet(self, rows: Sequence[Mapping[str, str]], name: str = "list") -> Sheet:
        """Return a sheet of rows that all have the first one’s columns."""
        path = self.folder / f"{name}.csv"
        cells = [list(rows[0]), *([row[column] for column in rows[0]] for row in rows)]
        lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
        path.write_bytes("\r\n".join(lines).encode())
        return read_sheet(path)

    def readings(
        self, text: str, *rows: Mapping[str, str], others: Mapping[str, Sheet] | None = None
    ) -> list[RowReading]:
        """Return what the rows of a sheet become by a mapping."""
        mapping = self.mapping(text)
        sheet = self.sheet(rows)
        reader = RowReader(
            mapping, Sheets(mapping, sheet, others or {}), Codebook(all_terms()), marker(), ZONE
        )
        return [reader.read(row) for row in sheet.rows()]

    def whole(self, text: str, **cells: str) -> WholeIncident:
        """Return what one row becomes by a mapping that begins with the plain one."""
        return only(self.readings(PLAIN + text, row(**cells)))

    def reasons(self, text: str, **cells: str) -> list[tuple[str, str]]:
        """Return what is doubtful or refused in one row: column and reason."""
        (reading,) = self.readings(PLAIN + text, row(**cells))
        return [(note.column, str(note.reason)) for note in (*reading.notes, *reading.refused)]


def row(**cells: str) -> dict[str, str]:
    """Return a row with a type and a date."""
    return {"type": "Arrest", "date": "16 November 2024", **cells}


def only(readings: Sequence[RowReading]) -> WholeIncident:
    """Return the whole incident of the one row."""
    (reading,) = readings
    assert reading.whole is not None, reading.refused
    return reading.whole


def names(whole: WholeIncident) -> list[list[str]]:
    """Return the names of each victim."""
    return [[each.name for each in one.names] for one in described(whole)]


def described(whole: WholeIncident) -> list[Any]:
    """Return the victims as drafts."""
    return [victim.described for victim in whole.draft.victims if victim.described]
