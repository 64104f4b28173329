"""The files of rules, read whole: either all of it holds, or every fault is named with its row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrdtracker.proceedings.counting.holidays import HolidayTable
from hrdtracker.proceedings.rules import cells
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.cells import BadCell
from hrdtracker.proceedings.rules.checked import checked
from hrdtracker.proceedings.rules.model import LegalRule, OffenceClass, Vocabulary, WordLabel
from hrdtracker.proceedings.rules.rows import RULE_HEADER, Row

FOLDER = Path(__file__).resolve().parents[1] / "data"
SOURCES = ("key", "says")
HOLIDAY_HEADER = ("day", "name", "source")
FLAG_DEFAULTS: dict[str, bool | None] = {"yes": True, "no": False, "ask": None}
"""What counts where nobody said anything about a yes or no."""


class BrokenRules(ValueError):
    """The files of a country do not hold: one sentence a fault, each with its file and row."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class _Faults(list[str]):
    """The faults found so far."""

    def at(self, file: str, number: int, why: object) -> None:
        self.append(f"{file}, row {number}: {why}.")


@dataclass(frozen=True)
class RuleFiles:
    """The files of a country that hold: its rules as a book, and the rows they were read from."""

    book: RuleBook
    rows: tuple[Row, ...]
    holidays: tuple[Row, ...]


@cache
def rule_book(country: str, folder: Path = FOLDER) -> RuleBook:
    """Return the rules in a country’s folder. Raises `BrokenRules` with every fault in them."""
    return read_files(country, folder).book


def read_files(country: str, folder: Path = FOLDER) -> RuleFiles:
    """Read the files of a country anew. Raises `BrokenRules` with every fault in them."""
    place = folder / country.casefold()
    found = _Faults()
    words = _vocabulary(place, found)
    records = list(_records(place / "rules.csv", RULE_HEADER, found))
    rules = _rules(records, country, words, found)
    holidays = list(_records(place / "holidays.csv", HOLIDAY_HEADER, found))
    table = _holidays(holidays, found)
    if found:
        raise BrokenRules(found)
    book = RuleBook(country, rules, words, table)
    return RuleFiles(book, tuple(row for _, row in records), tuple(row for _, row in holidays))


def _records(path: Path, header: Sequence[str], found: _Faults) -> Iterator[tuple[int, Row]]:
    """Yield each row with its number; the header is row 1."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        found.append(f"{path.name} is missing, or not UTF-8.")
        return
    reader = csv.reader(io.StringIO(text))
    if tuple(next(reader, ())) != tuple(header):
        found.at(path.name, 1, f"the columns must be {','.join(header)}")
        return
    for number, record in enumerate(reader, 2):
        if len(record) == len(header):
            yield number, dict(zip(header, (cell.strip() for cell in record), strict=True))
        else:
            found.at(path.name, number, f"it has {len(record)} cells instead of {len(header)}")


def _vocabulary(place: Path, found: _Faults) -> Vocabulary:
    labels: dict[str, WordLabel] = {}
    events = _words(place / "events.csv", ("key", "says", "says_km"), labels, found)
    flags = _words(place / "flags.csv", ("key", "says", "says_km", "unsaid"), labels, found)
    classes = _words(
        place / "classes.csv", ("key", "over", "up_to", "says", "says_km"), labels, found
    )
    sources = {row["key"]: row["says"] for row in _keyed(place / "sources.csv", SOURCES, found)}
    return Vocabulary(
        frozenset(events), _flags(flags, found), _classes(classes, found), sources, labels
    )


def _keyed(path: Path, header: Sequence[str], found: _Faults) -> Iterator[Row]:
    """Yield the rows of a table; a key that stands twice is a fault."""
    seen: set[str] = set()
    for number, row in _records(path, header, found):
        key = row[header[0]]
        if key in seen or not key:
            found.at(path.name, number, f"the key “{key}” is empty or stands twice")
        seen.add(key)
        yield row


def _words(
    path: Path, header: Sequence[str], labels: dict[str, WordLabel], found: _Faults
) -> dict[str, Row]:
    """Return the rows of a file of words by their keys, and put their labels with the others."""
    table = {row["key"]: row for row in _keyed(path, header, found)}
    for key, row in table.items():
        if key in labels:
            found.append(f"{path.name}, “{key}”: another file has this key too.")
        labels[key] = WordLabel(row["says"], row["says_km"])
    return table


def _flags(table: Mapping[str, Row], found: _Faults) -> dict[str, bool | None]:
    said = {key: row["unsaid"] for key, row in table.items()}
    for key, unsaid in said.items():
        if unsaid not in FLAG_DEFAULTS:
            found.append(f"flags.csv, “{key}”: unsaid must be yes, no or ask.")
    return {key: FLAG_DEFAULTS.get(unsaid) for key, unsaid in said.items()}


def _classes(table: Mapping[str, Row], found: _Faults) -> dict[str, OffenceClass]:
    classes = {}
    for key, row in table.items():
        try:
            ends = [
                cells.length(cells.amount(row[name])) if row[name] else None
                for name in ("over", "up_to")
            ]
        except BadCell as error:
            found.append(f"classes.csv, “{key}”: {error}.")
        else:
            classes[key] = OffenceClass(key, *ends)
    return classes


def _holidays(records: Sequence[tuple[int, Row]], found: _Faults) -> HolidayTable:
    """Return the public holidays; a row without a name only says that its year is known."""
    days, years = {}, set()
    for number, row in records:
        try:
            day = cells.day(row["day"])
        except BadCell as error:
            found.at("holidays.csv", number, error)
            continue
        if day is None:
            found.at("holidays.csv", number, "it has no day")
            continue
        years.add(day.year)
        days.update({day: row["name"]} if row["name"] else {})
    return HolidayTable(days, frozenset(years))


def _rules(
    records: Sequence[tuple[int, Row]], country: str, words: Vocabulary, found: _Faults
) -> tuple[LegalRule, ...]:
    rules, faults = checked(((f"row {at}", row) for at, row in records), country, words)
    for fault in faults:
        of_rule = f"{fault.key}: " if fault.key else ""
        found.append(f"rules.csv, {fault.place}: {of_rule}{fault.why}.")
    return rules
