"""The public data sets beside the checkout, as their mappings read them."""

import csv
from functools import cache
from pathlib import Path

from hrdtracker.codelists.files import TermRow, parse_list, read_list
from hrdtracker.codelists.lookup import Terms
from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.intake.sheet import read_sheet
from hrdtracker.proceedings.articles import PROVISION
from tests.shared import shared
from tests.spec.sheets import MAPPINGS, ZONE, marker, terms_of

PRESS = "us-press-freedom-tracker/incidents_2020"
CPJ = "cpj-journalists-killed/cpj"
WITNESS = "global-witness-land-defenders/global_witness_led_22-09-22"
PRISONERS = "azerbaijan-prisoners-2014/"
PRISONERS_FILES = [f"{PRISONERS}{name}" for name in ("persons", "charges", "court_events_derived")]


def path_of(name: str) -> Path:
    return shared(f"datasets/{name}.csv")


def cells(name: str) -> list[dict[str, str]]:
    with path_of(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def provisions() -> tuple[TermRow, ...]:
    """Return the articles of the law under which the prisoners were charged, from their file."""
    return parse_list(PROVISION, (MAPPINGS / "azerbaijan-provisions.csv").read_text("utf-8"))


@cache
def all_provisions() -> Terms:
    """Return our lists with these articles."""
    return terms_of({PROVISION: [*read_list(PROVISION), *provisions()]})


@cache
def readings(mapping: str, *files: str, lists: Terms | None = None) -> list[RowReading]:
    """Return what the rows of a data set say, without a database."""
    read = read_mapping(MAPPINGS / f"{mapping}.toml")
    first, *_ = sheets = [read_sheet(path_of(name)) for name in files]
    others = {Path(sheet.name).stem: sheet for sheet in sheets}
    codes = Codebook(lists or all_provisions())
    reader = RowReader(read, Sheets(read, first, others), codes, marker(), ZONE)
    return [reader.read(row) for row in first.rows()]


def wholes(mapping: str, *files: str) -> list[WholeIncident]:
    """Return what the rows of a data set become."""
    return [reading.whole for reading in readings(mapping, *files) if reading.whole]
