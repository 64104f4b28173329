"""Who on record the people that are being typed may be, as the forms that name them offer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hrdtracker.access.actor import Actor
from hrdtracker.people.lines import read_lines
from hrdtracker.people.search import PossiblePerson, offered_for_each

LINES_MOST = 8
OFFERED = 4


@dataclass(frozen=True)
class OfferedPeople:
    """Who on record some words may name, and the number of whoever was chosen."""

    words: str = field(repr=False)
    people: Sequence[PossiblePerson]
    chosen: str | None


@dataclass(frozen=True)
class OfferedLine:
    """One line of a list of people: its number, its name, and who that may be."""

    number: int
    name: str = field(repr=False)
    people: Sequence[PossiblePerson]


@dataclass(frozen=True)
class OfferedLines:
    """Who the people of a list may be; what was `chosen` for the N-th line is under `same-N`."""

    lines: Sequence[OfferedLine]
    chosen: Mapping[str, str]


def offer_lines(
    actor: Actor, who: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> list[OfferedLine]:
    """Return, for the first people of a list, their line, name, and who they may be already.

    Whoever was `chosen` as `same-N` for the N-th line is among them; raises NotFound where missing.
    """
    people = read_lines(who).people
    typed = [(number, line.name) for number, line in enumerate(people) if line.name][:LINES_MOST]
    names = [name for _, name in typed]
    kept = [chosen.get(f"same-{number}") for number, _ in typed]
    offers = offered_for_each(actor, names, kept, OFFERED) if names else []
    return [OfferedLine(*line, some) for line, some in zip(typed, offers, strict=True)]
