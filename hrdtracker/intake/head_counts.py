"""How many people or families a row counts, whether it names any of them or not."""

import re
from dataclasses import replace
from functools import lru_cache

from hrdtracker.core.errors import N_
from hrdtracker.intake.cells import Cells
from hrdtracker.intake.mapping import Columns, People
from hrdtracker.people.drafts import COUNT_MOST, PersonDraft
from hrdtracker.people.line_words import Heads, UnclearCount, heads_of
from hrdtracker.people.model import CountingUnit

WHOLE = re.compile(r"(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.0+)?")
"""A plain number: as nobody is a fraction, a comma can only part thousands."""
RECORDS_MOST = 20
"""Bodies of which none has a name: so many are a record each, more are a slip."""
NO_NUMBER = N_("This is no number of people: kept with the narrative.")
NOBODY = Heads("", 0)
PEOPLE, FAMILIES = "people", "families"


def counted(cells: Cells, people: People, named: int) -> list[PersonDraft]:
    """Return those whom a row counts and does not name: as a group, or as somebody unknown."""
    unit = FAMILIES if people.unit == CountingUnit.FAMILY else PEOPLE
    heads = _merged(_read(cells, people.count, unit), _read(cells, people.families, FAMILIES))
    if people.unit not in {CountingUnit.PERSON, CountingUnit.FAMILY}:
        return _bodies(cells, people, (heads.head_count or 0) - named)
    if heads.family_count is None:
        return _people((heads.head_count or 0) - named, is_about=heads.about)
    return _families(heads, named if people.unit == CountingUnit.FAMILY else 0)


def _people(more: int, *, is_about: bool) -> list[PersonDraft]:
    if more < 1:
        return []
    if more == 1:
        return [PersonDraft()]
    group = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=more)
    return [replace(group, head_count_about=is_about)]


def _families(heads: Heads, named: int) -> list[PersonDraft]:
    """Return families as a group; of how many people they are is said of all of them only."""
    more = (heads.family_count or 0) - named
    if more < 1:
        return []
    return [
        PersonDraft(
            unit=CountingUnit.FAMILY if more == 1 else CountingUnit.COMMUNITY,
            head_count=None if named else heads.head_count or None,
            head_count_about=not named and heads.about,
            family_count=more,
            family_count_about=heads.families_about,
        )
    ]


def _bodies(cells: Cells, people: People, more: int) -> list[PersonDraft]:
    if more > RECORDS_MOST:
        cells.doubt(people.count[0], NO_NUMBER)
        cells.leave(*people.count)
        return []
    return [PersonDraft(unit=people.unit)] * more


def _merged(first: Heads, second: Heads) -> Heads:
    """Return two counts of the same people as one."""
    if second.family_count is None:
        return first
    return replace(first, family_count=second.family_count, families_about=second.families_about)


def _read(cells: Cells, columns: Columns, unit: str) -> Heads:
    """Return what a cell counts; words beside the number stay with the narrative."""
    column, text = cells.first(columns)
    if not text:
        return NOBODY
    heads = _heads(text, unit)
    if heads is None:
        cells.doubt(column, NO_NUMBER)
        return NOBODY
    if heads.label in {"", PEOPLE, FAMILIES}:
        cells.use(column)
    return heads


@lru_cache(maxsize=4096)
def _heads(text: str, unit: str) -> Heads | None:
    """Return a number of people, or of families, with “about” where it says so."""
    plain = WHOLE.fullmatch(text)
    if plain:
        number = int(plain[1].replace(",", ""))
        if number > COUNT_MOST:
            return None
        return Heads("", family_count=number) if unit == FAMILIES else Heads("", number)
    try:
        heads = heads_of(text) or heads_of(f"{text} {unit}")
    except UnclearCount:
        return None
    if heads is None or not (heads.head_count or heads.family_count):
        return None
    return heads
