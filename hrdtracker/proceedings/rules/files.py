"""The files of rules, read whole: either all of it holds, or every fault is named with its row."""

import csv
import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from hrdtracker.proceedings.counting.holidays import HolidayTable
from hrdtracker.proceedings.rules import cells, rows
from hrdtracker.proceedings.rules.book import RuleBook, contradicting, overlapping
from hrdtracker.proceedings.rules.cells import BadCell
from hrdtracker.proceedings.rules.model import LegalRule, OffenceClass, Vocabulary

FOLDER = Path(__file__).resolve().parents[1] / "data"
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


@cache
def rule_book(country: str, folder: Path = FOLDER) -> RuleBook:
    """Return the rules in a country’s folder. Raises `BrokenRules` with every fault in them."""
    place = folder / country.casefold()
    found = _Faults()
    words = Vocabulary(
        events=frozenset(_table(place / "events.csv", ("key", "says"), found)),
        flags=_flags(place, found),
        classes=_classes(place, found),
        sources=_table(place / "sources.csv", ("key", "says"), found),
    )
    rules = _rules(place, country, words, found)
    holidays = _holidays(place, found)
    if found:
        raise BrokenRules(found)
    return RuleBook(country, rules, words, holidays)


def _records(path: Path, header: Sequence[str], found: _Faults) -> Iterator[tuple[int, rows.Row]]:
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


def _table(path: Path, header: Sequence[str], found: _Faults) -> dict[str, str]:
    """Return the last column by the first; a key that stands twice is a fault."""
    table: dict[str, str] = {}
    for number, row in _records(path, header, found):
        key = row[header[0]]
        if key in table or not key:
            found.at(path.name, number, f"the key “{key}” is empty or stands twice")
        table[key] = row[header[-1]]
    return table


def _flags(place: Path, found: _Faults) -> dict[str, bool | None]:
    file = place / "flags.csv"
    said = _table(file, ("key", "says", "unsaid"), found)
    for key, unsaid in said.items():
        if unsaid not in FLAG_DEFAULTS:
            found.append(f"{file.name}, “{key}”: unsaid must be yes, no or ask.")
    return {key: FLAG_DEFAULTS.get(unsaid) for key, unsaid in said.items()}


def _classes(place: Path, found: _Faults) -> dict[str, OffenceClass]:
    file = place / "classes.csv"
    classes = {}
    for number, row in _records(file, ("key", "over", "up_to", "says"), found):
        try:
            ends = [
                cells.length(cells.amount(row[name])) if row[name] else None
                for name in ("over", "up_to")
            ]
        except BadCell as error:
            found.at(file.name, number, error)
        else:
            classes[row["key"]] = OffenceClass(row["key"], *ends)
    return classes


def _holidays(place: Path, found: _Faults) -> HolidayTable:
    """Return the public holidays; a row without a name only says that its year is known."""
    file = place / "holidays.csv"
    days, years = {}, set()
    for number, row in _records(file, ("day", "name", "source"), found):
        try:
            day = cells.day(row["day"])
        except BadCell as error:
            found.at(file.name, number, error)
            continue
        if day is None:
            found.at(file.name, number, "it has no day")
            continue
        years.add(day.year)
        days.update({day: row["name"]} if row["name"] else {})
    return HolidayTable(days, frozenset(years))


def _rules(place: Path, country: str, words: Vocabulary, found: _Faults) -> tuple[LegalRule, ...]:
    file = place / "rules.csv"
    numbered: list[tuple[int, LegalRule]] = []
    for number, row in _records(file, rows.RULE_HEADER, found):
        try:
            rule = rows.rule_of(row, country)
        except BadCell as error:
            found.at(file.name, number, error)
            continue
        numbered.append((number, rule))
        for why in rows.faults(rule, words):
            found.at(file.name, number, f"{rule.key}: {why}")
    for number, why in _between(numbered):
        found.at(file.name, number, why)
    return tuple(rule for _, rule in numbered)


def _between(numbered: Sequence[tuple[int, LegalRule]]) -> Iterator[tuple[int, str]]:
    """Yield what is wrong between rules: versions that overlap, two ends, extensions of nothing."""
    row_of = {id(rule): number for number, rule in numbered}
    rules = [rule for _, rule in numbered]
    for before, rule in overlapping(rules):
        since = f"row {row_of[id(before)]}"
        yield row_of[id(rule)], f"{rule.key}: this version overlaps the one of {since}"
    for one, rule in contradicting(rules):
        yield row_of[id(rule)], f"{rule.key}: its clock ends by {one.key} for the same people"
    for number, rule in numbered:
        beside = {other.key for other in rules if other.clock == rule.clock}
        for key in sorted(set(rule.counts.extends) - beside):
            yield number, f"{rule.key}: it extends “{key}”, which its clock does not have"
