"""The victims of a row: who they are, as its columns say it, and how many."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import Precision, When, local_days, months_after
from hrdtracker.intake.cells import Cells, parts_of
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.dates import DateReader
from hrdtracker.intake.head_counts import counted
from hrdtracker.intake.mapping import LIST, People, folded
from hrdtracker.people.drafts import (
    AGE_MOST,
    LINE_MOST,
    NAME_MOST,
    NAMES_MOST,
    Birth,
    NameDraft,
    PersonDraft,
    Victim,
)
from hrdtracker.people.line_words import Sex, facts_of
from hrdtracker.people.model import CountingUnit

AGE = re.compile(r"(\d{1,3})(?:\.0)?")
TELEPHONE = re.compile(r"(?:\D*\d){6}")
"""Fewer digits are no number by which somebody is reached."""
REMARKS_MOST = 2000
YEARS_KNOWN = timedelta(days=400)
"""How wide the date of an incident may be for an age to be of that date."""
SEVERAL = N_("The row is about several people: kept with the narrative.")
NO_TELEPHONE = N_("This is no telephone number: kept with the narrative.")
NO_AGE = N_("This is no age, or the day that it is of is not known: kept with the narrative.")
CODED = {
    each.name: each.metadata[LIST]
    for each in fields(People)
    if LIST in each.metadata and each.name in {known.name for known in fields(PersonDraft)}
}
"""What a mapping has codes for and a PersonDraft has a field of the same name; with its list."""
NO_BIRTH = N_("This is no day, month or year of a birth: kept with the narrative.")
MONTHS_OF_YEAR = 12
NO_SEX = N_("This word for a sex is not known: kept with the narrative.")
NO_LETTERS = N_("A name without letters is none: kept with the narrative.")
LONG_NAME = N_("A name is too long: kept with the narrative.")


@dataclass(frozen=True)
class _NamePart:
    """One part of a cell: a name, and what stands in brackets after it."""

    name: str
    brackets: str = ""


@dataclass(frozen=True)
class VictimReading:
    """Somebody whom a row names or counts, and the numbers by which they are reached."""

    draft: PersonDraft
    phones: tuple[str, ...] = ()


PARTS_OF_BIRTH: Mapping[Precision, Callable[[date], tuple[int, ...]]] = {
    Precision.DAY: lambda day: (day.month, day.day),
    Precision.MONTH: lambda day: (day.month,),
    Precision.YEAR: lambda _: (),
}
"""What is known of a birth beside its year, by how finely its date is known."""


def _birth(when: When) -> Birth | None:
    """Return a date as that of a birth; None where it is none, or more than one day or month."""
    days = local_days(when)
    if days is None or when.precision not in PARTS_OF_BIRTH:
        return None
    first, after = days
    try:
        birth = Birth(first.year, *PARTS_OF_BIRTH[when.precision](first))
        PersonDraft(birth=birth)
    except Refused:
        return None
    return birth if _after(birth) == after else None


def _after(birth: Birth) -> date:
    """Return the day after the last on which somebody can have been born."""
    if birth.day is not None:
        return birth.first + timedelta(days=1)
    return months_after(birth.first, 1 if birth.month is not None else MONTHS_OF_YEAR)


class VictimReader:
    """Reads the victims of rows by one part of the mapping."""

    def __init__(self, people: People, codes: Codebook, dates: DateReader) -> None:
        self._people = people
        self._codes = codes
        self._dates = dates
        self._unnamed = {folded(word) for word in people.unnamed}
        self._skip = re.compile(people.skip, re.IGNORECASE) if people.skip else None

    def read(self, cells: Cells, occurred: When | None) -> list[VictimReading]:
        """Return the people and groups that a row names, and the others that it counts."""
        column, parts = self._name_parts(cells)
        if any(len(part.name) > NAME_MOST for part in parts):
            cells.doubt(column, LONG_NAME)
            parts = []
        elif not all(map(self._is_somebody, parts)):
            cells.doubt(column, NO_LETTERS)
            parts = [part for part in parts if self._is_somebody(part)]
        elif parts:
            cells.use(column)
        named = [self._named(part) for part in parts]
        phones: tuple[str, ...] = ()
        if len(named) == 1:
            self._add_facts(cells, named[0], occurred)
            phones = self._phones(cells)
        elif named:
            for columns in self._of_one_person():
                for name, _ in cells.every(columns):
                    cells.doubt(name, SEVERAL)
        self._add_shared(cells, named)
        people = [VictimReading(PersonDraft(**person), phones) for person in named]
        return [*people, *map(VictimReading, counted(cells, self._people, len(people)))]

    def _is_somebody(self, part: _NamePart) -> bool:
        return _is_name(part.name) or folded(part.name) in self._unnamed

    def _of_one_person(self) -> Iterator[tuple[str, ...]]:
        """Yield the columns that say something of one person only."""
        people = self._people
        yield from (people.sex, people.age, people.remarks, people.other_names, people.phone)
        yield people.birth.columns()
        yield from (getattr(people, name).column for name in CODED)

    def _name_parts(self, cells: Cells) -> tuple[str, list[_NamePart]]:
        """Return the first column with somebody in it, and who that is."""
        elsewhere = {
            folded(part)
            for _, text in cells.every(self._people.but)
            for part in parts_of(text, self._people.separator)
        }
        for column, text in cells.every(self._people.column):
            parts = [part for part in parts_of(text, self._people.separator) if part]
            kept = [part for part in parts if not (self._skip and self._skip.fullmatch(part))]
            if not kept:
                cells.use(column)
                continue
            kept = [part for part in kept if folded(part) not in elsewhere]
            return column, [_in_brackets(part, self._people.brackets) for part in kept]
        return "", []

    def _named(self, part: _NamePart) -> dict[str, Any]:
        """Return what a cell says of one of its people, by the fields of a PersonDraft."""
        names = [] if folded(part.name) in self._unnamed else [NameDraft(part.name)]
        is_name = self._people.brackets == "name"
        if part.brackets and is_name:
            names.append(NameDraft(part.brackets, "other"))
        remarks = None if is_name else part.brackets or None
        return {"names": tuple(names), "unit": self._people.unit, "remarks": remarks}

    def _add_facts(self, cells: Cells, person: dict[str, Any], occurred: When | None) -> None:
        """Add sex, age, remarks and what is coded, which are of one person only."""
        remarks = [person["remarks"]] if person["remarks"] else []
        for column, text in cells.every(self._people.remarks):
            if len(text) <= REMARKS_MOST:
                cells.use(column)
                remarks.append(f"{column}: {text}")
        person["remarks"] = "\n".join(remarks) or None
        person["names"] += self._other_names(cells, len(person["names"]))
        if person["unit"] == CountingUnit.PERSON:
            person["sex"] = _sex(cells, self._people.sex)
            person["age"], person["age_on"] = _age(cells, self._people.age, occurred)
            person["birth"] = self._birth(cells)
        for name, codelist in CODED.items():
            readings = self._codes.read(cells, getattr(self._people, name), codelist)
            person[name] = next((reading.code for reading in readings), None)

    def _other_names(self, cells: Cells, named: int) -> tuple[NameDraft, ...]:
        """Return what else somebody is called; each column holds one name, or several parted."""
        names = []
        for column, text in cells.every(self._people.other_names):
            parts = [part for part in parts_of(text, self._people.separator) if part]
            if all(_is_name(part) and len(part) <= NAME_MOST for part in parts):
                cells.use(column)
                names += [NameDraft(part, "other") for part in parts]
            else:
                cells.doubt(column, NO_LETTERS)
        return tuple(names[: NAMES_MOST - named])

    def _birth(self, cells: Cells) -> Birth | None:
        """Return when somebody was born, as finely as the sheet says it."""
        when = self._dates.read(cells, self._people.birth)
        if when is None:
            return None
        birth = _birth(when)
        if birth is None:
            if when.is_known:
                cells.doubt(self._people.birth.columns()[0], NO_BIRTH)
            cells.leave(*self._people.birth.columns())
        return birth

    def _phones(self, cells: Cells) -> tuple[str, ...]:
        """Return the numbers by which the one person of a row is reached."""
        numbers = []
        for column, text in cells.every(self._people.phone):
            parts = [part for part in parts_of(text, self._people.separator) if part]
            if all(len(part) <= LINE_MOST and TELEPHONE.match(part) for part in parts):
                cells.use(column)
                numbers += parts
            else:
                cells.doubt(column, NO_TELEPHONE)
        return tuple(dict.fromkeys(numbers))

    def _add_shared(self, cells: Cells, named: list[dict[str, Any]]) -> None:
        """Add what a row says of all its people: their organisation, what they defend."""
        if not named or self._people.unit != CountingUnit.PERSON:
            return
        category = self._codes.read(cells, self._people.category, "defender_category")
        codes = frozenset(reading.code for reading in category)
        shared = cells.short(self._people.organisation, REMARKS_MOST)
        for person in named:
            person["categories"], person["remarks"] = codes, person["remarks"] or shared


def _age(
    cells: Cells, columns: tuple[str, ...], occurred: When | None
) -> tuple[int | None, date | None]:
    """Return an age, and the day that it is of: that of the incident, never that of the import."""
    column, text = cells.first(columns)
    if not text:
        return None, None
    days = local_days(occurred) if occurred else None
    match = AGE.fullmatch(text)
    is_known = days is not None and days[1] - days[0] <= YEARS_KNOWN
    if match is None or int(match[1]) > AGE_MOST or days is None or not is_known:
        cells.doubt(column, NO_AGE)
        return None, None
    try:
        PersonDraft(age=int(match[1]), age_on=days[0])
    except Refused:
        cells.doubt(column, NO_AGE)
        return None, None
    cells.use(column)
    return int(match[1]), days[0]


def _sex(cells: Cells, columns: tuple[str, ...]) -> Sex | None:
    column, text = cells.first(columns)
    if not text:
        return None
    is_known, sex = _sex_word(text)
    if is_known:
        cells.use(column)
    else:
        cells.doubt(column, NO_SEX)
    return sex


@lru_cache(maxsize=1024)
def _sex_word(word: str) -> tuple[bool, Sex | None]:
    facts = facts_of(word) if len(word) < REMARKS_MOST else None
    sexes = facts.sexes if facts else set()
    is_known = facts is not None and not facts.ages and len(sexes) < 2
    return is_known, next(iter(sexes), None) if is_known else None


def _is_name(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _in_brackets(part: str, meaning: str) -> _NamePart:
    """Split off the brackets at the end of a name, where they say something else."""
    if not meaning or not part.endswith(")"):
        return _NamePart(part)
    depth = 0
    for place in range(len(part) - 1, -1, -1):
        depth += (part[place] == ")") - (part[place] == "(")
        if depth == 0:
            name = part[:place].strip()
            return _NamePart(name, part[place + 1 : -1].strip()) if name else _NamePart(part)
    return _NamePart(part)


def names_of(victims: Iterable[Victim]) -> Iterator[str]:
    """Yield each name of the victims of a row."""
    for victim in victims:
        if victim.described:
            yield from (name.name for name in victim.described.names)
