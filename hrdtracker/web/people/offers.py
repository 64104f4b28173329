"""Who on record the people that are being typed may be, as the forms that name them offer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import is_known
from hrdtracker.cases.model import Case
from hrdtracker.core.sending import Sending
from hrdtracker.forms.reader import chosen_people
from hrdtracker.incidents.of_person import open_cases, traces
from hrdtracker.people.lines import read_lines
from hrdtracker.people.search import PossiblePerson, any_possible, offered_for_each
from hrdtracker.web.words.people import say_seen

OFFERED_LEAST, OFFERED_MOST = 4, 20
OFFERED_IN_ALL = 200
"""So many are offered for one line; in a long list fewer, that a phone can still load it."""
ATTACH = "attach"
"""The button that takes the form into the case of somebody offered: their line, and who it is."""
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class OfferedPeople:
    """Who on record some words may name, and the number of whoever was chosen."""

    words: str = field(repr=False)
    people: Sequence[PossiblePerson]
    chosen: str | None
    wait: str = ""
    """Why nobody is offered, where looking must wait."""


@dataclass(frozen=True)
class OfferedPerson:
    """Somebody on record whom a line may name, where they were seen, and their open case."""

    person: PossiblePerson
    seen: str
    open_case: Case | None


@dataclass(frozen=True)
class OfferedLine:
    """One line of a list of people: its number, its name, and who that may be, most alike first."""

    number: int
    name: str = field(repr=False)
    people: Sequence[OfferedPerson]


@dataclass(frozen=True)
class OfferedLines:
    """Who the people of a list may be; what was `chosen` for the N-th line is under `same-N`.

    `asks` is how many lines may name somebody on record without an answer to who it is.
    """

    lines: Sequence[OfferedLine] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    asks: int = 0
    wait: str = ""
    """Why nobody is offered, where looking must wait."""


def offer_lines(actor: Actor, who: str, chosen: Mapping[str, str] = NOBODY) -> list[OfferedLine]:
    """Return, for each person of a list with a name, the line, the name, and who that may be.

    Whoever was `chosen` as `same-N` for the N-th line is among them; raises NotFound where missing.
    """
    typed = _named(who)
    names = [name for _, name in typed]
    kept = [chosen.get(f"same-{number}") for number, _ in typed]
    most = max(OFFERED_LEAST, min(OFFERED_MOST, OFFERED_IN_ALL // max(1, len(names))))
    offers = offered_for_each(actor, names, kept, most) if names else []
    ids = {match.id for people in offers for match in people}
    seen = {number: say_seen(trace) for number, trace in traces(actor, ids).items()}
    cases = open_cases(actor, ids) if ids else {}
    return [
        OfferedLine(
            number,
            name,
            [OfferedPerson(match, seen[match.id], cases.get(match.id)) for match in people],
        )
        for (number, name), people in zip(typed, offers, strict=True)
    ]


def offers_of(actor: Actor, who: str | None, sent: Mapping[str, str]) -> OfferedLines:
    """Return who was offered for the people typed, with what was chosen, for a page come back."""
    if not any(name.startswith("same-") for name in sent):
        return OfferedLines()
    chosen = chosen_people(who, sent)
    line, _, attached = sent.get(ATTACH, "").partition(":")
    if attached:
        chosen[f"same-{line}"] = attached
    return OfferedLines(offer_lines(actor, who or "", chosen), chosen)


def ask_who(
    actor: Actor, who: str | None, answers: Mapping[str, str], sending: Sending | None = None
) -> OfferedLines | None:
    """Return who the people of a list may be, where for some of them nobody has answered that.

    None where there is nothing to ask, or this very form was sent before.
    """
    open_names = [
        name for number, name in _named(who) if answers.get(f"same-{number}-name") != name
    ]
    if not open_names or not any_possible(actor, open_names):
        return None
    if sending is not None and is_known(actor, sending):
        return None
    chosen = chosen_people(who, answers)
    lines = offer_lines(actor, who or "", chosen)
    asks = sum(
        bool(line.people) and answers.get(f"same-{line.number}-name") != line.name for line in lines
    )
    return OfferedLines(lines, chosen, asks) if asks else None


def _named(who: str | None) -> list[tuple[int, str]]:
    people = read_lines(who or "").people
    return [(number, line.name) for number, line in enumerate(people) if line.name]
