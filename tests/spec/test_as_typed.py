"""Dates and people's lines as they are typed, in English and Khmer, with what is read of each.

In `dates_as_typed.csv` a date reads `2026-11-16`, `2026-11`, `2026`, or with a clock; two with a
slash are the first and the last; `~` is an estimate, whose clocks end before the second; `?` keeps
its words only. In `people_as_typed.csv` a `~` before a number of people or families is “about”, and
`kept` are the words that were not understood.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hrdtracker.core.when.model import Precision, When, local_ends
from hrdtracker.core.when.parse import read_when, was_understood
from hrdtracker.people.lines import GroupLine, PersonLine, read_lines
from tests.spec.when_reading import TODAY, ZONE

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 21, 14, 30, tzinfo=ZONE)
WRITTEN = {
    Precision.MINUTE: "%Y-%m-%d %H:%M",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
    Precision.YEAR: "%Y",
    Precision.ABOUT: "%Y-%m-%d",
}
Row = dict[str, str]


def _rows(name: str) -> list[Row]:
    with (HERE / f"{name}_as_typed.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _as_written(when: When) -> str:
    ends = local_ends(when)
    if ends is None:
        return "not known" if was_understood(when) else "?"
    is_about, whole_days = when.precision is Precision.ABOUT, not any(end.hour for end in ends)
    form = WRITTEN[when.precision]
    if is_about and not whole_days:
        return "~" + "/".join(f"{end:%Y-%m-%d %H:%M}" for end in ends)
    first, last = (f"{at:{form}}" for at in (ends[0], ends[1] - timedelta(minutes=1)))
    return ("~" if is_about else "") + (first if first == last else f"{first}/{last}")


DATES, PEOPLE = _rows("dates"), _rows("people")


@pytest.mark.parametrize("row", DATES, ids=[row["typed"] for row in DATES])
def test_a_date_is_read_as_it_is_typed_or_keeps_its_words(row: Row) -> None:
    when = read_when(row["typed"], TODAY, ZONE, NOW)

    assert (_as_written(when), when.as_told) == (row["read"], row["typed"])


def _counted(count: int | None, *, about: bool) -> str:
    return ("~" if about else "") + ("" if count is None else str(count))


def _read(typed: str) -> Row:
    read = read_lines(typed)
    (line,) = read.people or read.groups or read.problems
    row = dict.fromkeys(PEOPLE[0], "") | {"typed": typed, "kind": "heading"}
    if isinstance(line, PersonLine):
        row |= {"kind": "person", "name": line.name, "sex": line.sex or ""}
        row["kept"] = line.kept or (line.name if line.doubt else "")
        row["age"] = _counted(line.age, about=False)
    if isinstance(line, GroupLine):
        row |= {"kind": "group", "name": line.label, "kept": line.words if line.doubt else ""}
        row["people"] = _counted(line.head_count, about=line.about)
        row["families"] = _counted(line.family_count, about=line.families_about)
    return row


@pytest.mark.parametrize("row", PEOPLE, ids=[row["typed"] for row in PEOPLE])
def test_a_line_of_people_is_read_as_it_is_typed_or_keeps_its_words(row: Row) -> None:
    assert _read(row["typed"]) | {"language": row["language"]} == row


def test_no_line_that_can_be_kept_stops_a_sending() -> None:
    read = read_lines("\n".join(row["typed"] for row in PEOPLE))

    assert not [problem for problem in read.problems if problem.blocks]
    assert len(read.doubts) == sum(bool(row["kept"]) for row in PEOPLE)


def test_both_languages_have_their_share_of_the_tables() -> None:
    assert len(DATES) >= 200
    assert len(PEOPLE) >= 150
    assert sum(row["language"] == "km" for row in DATES) >= 80
    assert sum(row["language"] == "km" for row in PEOPLE) >= 60
