"""Lines of a budget that would name somebody are told together with others."""

from collections.abc import Sequence

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.fund.disclosures.content import ToldLine
from hrdtracker.fund.reading.figures import LineActual

TOGETHER = 2
"""How many people at least the money of a line that is told was for, where it was for any."""
ONE_PERSON = N_(
    "All that was spent in these months was for one person. Choose a longer time, so that others "
    "stand beside them."
)


def naming(lines: Sequence[LineActual]) -> list[LineActual]:
    """Return the lines that would name one person: what was spent of them was for nobody else."""
    return [line for line in lines if 0 < len(line.people) < TOGETHER]


def told_lines(lines: Sequence[LineActual], *, agreed: bool) -> list[ToldLine]:
    """Return the lines as a donor is told; raises Refused where one names somebody.

    `agreed` says whether the donor agreed in writing that such lines are told together.
    """
    together = _pool(lines)
    if together and not agreed:
        codes = ", ".join(line.line_code for line in naming(lines))
        raise Refused({"": Message(NO_AGREEMENT, {"lines": codes})})
    alone = [_told([line]) for line in lines if line not in together]
    return [*alone, *([_told(together)] if together else [])]


NO_AGREEMENT = N_(
    "What was spent of %(lines)s in these months was for one person. Write on the grant that the "
    "donor agreed in writing to lines told together, or choose a longer time."
)


def _pool(lines: Sequence[LineActual]) -> list[LineActual]:
    """Return the lines to tell together: those that name somebody, and others until it is more."""
    pool = naming(lines)
    if not pool:
        return []
    people = frozenset().union(*(line.people for line in pool))
    others = sorted(
        (line for line in lines if line.people and line not in pool),
        key=lambda line: (line.spent.amount, line.line_code),
    )
    for line in others:
        if len(people) >= TOGETHER:
            break
        pool, people = [*pool, line], people | line.people
    if len(people) < TOGETHER:
        raise Refused({"": ONE_PERSON})
    return sorted(pool, key=lambda line: line.line_code)


def _told(lines: Sequence[LineActual]) -> ToldLine:
    return ToldLine(
        codes=[line.line_code for line in lines],
        title=lines[0].title if len(lines) == 1 else "",
        budget=sum(line.budget.amount for line in lines),
        spent=sum(line.spent.amount for line in lines),
    )
