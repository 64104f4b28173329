"""Which of some people the lines of a pasted list name: surely, perhaps, or none of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hrdtracker.people.likeness import FLOOR, likeness
from hrdtracker.people.lines import PersonLine

SAME = 100
SURE = 90
"""From here on a name is taken for the same where no other is nearly as like."""
APART = 8
"""How much less like the next name must be."""
YEARS_APART = 1
"""An age may be a birthday off."""


@dataclass(frozen=True)
class NameLine:
    """One line: the name, and who of the known it may be, the most alike first."""

    number: int
    name: str = field(repr=False)
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class NameMatches:
    """What was read: who is named surely, by which line; what may be several; what is nobody."""

    matched: Mapping[int, NameLine]
    alike: tuple[NameLine, ...]
    missing: tuple[NameLine, ...]


def match_names(
    lines: Sequence[PersonLine],
    known: Mapping[int, Sequence[str]],
    ages: Mapping[int, int],
) -> NameMatches:
    """Say for each line whom of the known it names. Nobody is named by a guess.

    Two lines that name the same person, and an age that is another, leave it open.
    """
    read = [_line(number, line, known) for number, line in enumerate(lines)]
    sure = {line.number: line.people[0] for line, is_sure in read if is_sure}
    claims = Counter(sure.values())
    matched, alike, missing = {}, [], []
    for line, _ in read:
        number = sure.get(line.number)
        if number is not None and claims[number] == 1 and _fits(lines[line.number], ages, number):
            matched[number] = line
        elif line.people:
            alike.append(line)
        else:
            missing.append(line)
    return NameMatches(matched, tuple(alike), tuple(missing))


def _line(
    number: int, line: PersonLine, known: Mapping[int, Sequence[str]]
) -> tuple[NameLine, bool]:
    """Return a line with the people whose name is like it, and whether the first surely is it."""
    scores = {
        person: max((likeness(line.name, name) for name in names), default=0)
        for person, names in known.items()
    }
    ranked = sorted((-score, person) for person, score in scores.items() if score >= FLOOR)
    best = [-score for score, _ in ranked[:2]] + [0, 0]
    is_same = best[0] == SAME and best[1] < SAME
    is_near = best[0] >= SURE and best[1] <= best[0] - APART
    people = tuple(person for _, person in ranked)
    return NameLine(number, line.name, people), is_same or is_near


def _fits(line: PersonLine, ages: Mapping[int, int], person: int) -> bool:
    if line.age is None or person not in ages:
        return True
    return abs(ages[person] - line.age) <= YEARS_APART
