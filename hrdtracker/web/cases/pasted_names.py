"""How a pasted list of names reads beside the people of a case: who is meant, alike, or missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.custody.people import PersonStay
from hrdtracker.forms.proceedings.at_once import (
    ADD,
    ALIKE,
    AS_NEW,
    OF_GROUP,
    ON_RECORD,
    CustodyForm,
    is_of_all,
)
from hrdtracker.incidents.case_view import age_of
from hrdtracker.people.ages import WhyMasked
from hrdtracker.people.lines import PersonLine, read_lines
from hrdtracker.people.matching import NameLine, NameMatches, match_names
from hrdtracker.people.model import Person
from hrdtracker.web.people.offers import OfferedPerson, offer_lines
from hrdtracker.web.shell.context import number, today, word
from hrdtracker.web.shell.sentences import with_what
from hrdtracker.web.words.custody_acts import say_person, say_state

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PageNames:
    """The names of the people of a page, to compare with; and whose are not drawn without a reason.

    Whoever may have been under 18 is told apart by letter, sex and age, and ticked by a list.
    """

    every: Mapping[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    masked: Mapping[int, WhyMasked] = field(default_factory=dict)

    def shown(self, person: Person | None) -> str:
        """Return what somebody is called, where that may be drawn."""
        if person is None or person.id in self.masked:
            return ""
        return " / ".join(self.every.get(person.id, ()))


@dataclass(frozen=True)
class AskedLine:
    """A line that nobody should guess at: its name, the possible answers, and the one given."""

    number: int
    name: str = field(repr=False)
    choices: Choices = field(repr=False)
    chosen: str


@dataclass(frozen=True)
class NotTicked:
    """A line that surely names somebody who is not held: who, and where they are."""

    name: str = field(repr=False)
    state: str


@dataclass(frozen=True)
class ReadNames:
    """How a pasted list was read."""

    ticks: tuple[str, ...]
    """Whom lines surely name, as the form says them."""
    not_ticked: tuple[NotTicked, ...]
    alike: tuple[AskedLine, ...]
    missing: tuple[AskedLine, ...]


def read_names(
    actor: Actor,
    form: CustodyForm,
    people: Sequence[PersonStay],
    names: PageNames,
    answers: Mapping[str, str],
) -> ReadNames:
    """Return how the list in a form reads. Nobody is ticked on a guess, and nothing is recorded.

    Whoever is not held is not ticked either, unless what happened may have happened to them.
    """
    lines = read_lines(form.who.data or "").people
    rows = {row.person.id: row for row in people if row.person is not None}
    found = match_names(lines, names.every, _ages(rows.values()))
    sure = {person: rows[person] for person in found.matched}
    of_all = is_of_all(form.what.data)
    return ReadNames(
        ticks=tuple(row.uid.hex for row in sure.values() if row.is_held or of_all),
        not_ticked=tuple(
            NotTicked(found.matched[person].name, f"{say_person(row, '')} {say_state(row)}")
            for person, row in sure.items()
            if not (row.is_held or of_all)
        ),
        alike=_alike(found, rows, names, answers),
        missing=_missing(actor, found.missing, lines, people, answers),
    )


def _ages(people: Iterable[PersonStay]) -> dict[int, int]:
    ages = {row.person.id: age_of(row.person, today()) for row in people if row.person}
    return {person: age for person, age in ages.items() if age is not None}


def _alike(
    found: NameMatches,
    rows: Mapping[int, PersonStay],
    names: PageNames,
    answers: Mapping[str, str],
) -> tuple[AskedLine, ...]:
    return tuple(
        AskedLine(
            line.number,
            line.name,
            tuple(
                (rows[person].uid.hex, say_person(rows[person], names.shown(rows[person].person)))
                for person in line.people
            ),
            answers.get(f"{ALIKE}{line.number}", ""),
        )
        for line in found.alike
    )


def _missing(
    actor: Actor,
    missing: Sequence[NameLine],
    lines: Sequence[PersonLine],
    people: Sequence[PersonStay],
    answers: Mapping[str, str],
) -> tuple[AskedLine, ...]:
    """Return the lines that name nobody of the case: they may come to it, or be one of a group."""
    own = ((AS_NEW, gettext("Add as one more person")), *_groups(people))
    there = {row.person.id for row in people if row.person}
    offers = _offers(actor, [lines[line.number].words for line in missing], there, answers)
    return tuple(
        AskedLine(
            line.number,
            line.name,
            (*own, *_with_chosen(offers.get(line.name, ()), chosen)),
            chosen,
        )
        for line in missing
        for chosen in [_answer(line, answers)]
    )


def _answer(line: NameLine, answers: Mapping[str, str]) -> str:
    """Return what was answered for a line; an answer for another name is none."""
    is_same = answers.get(f"{ADD}{line.number}-name") == line.name
    return answers.get(f"{ADD}{line.number}", "") if is_same else ""


def _groups(people: Sequence[PersonStay]) -> Choices:
    """Return the groups of which somebody may be one, where they are."""
    return tuple(
        (f"{OF_GROUP}{row.uid.hex}", gettext("One of %(group)s", group=_say_group(row)))
        for row in people
        if row.is_group and row.stay is not None
    )


def _say_group(row: PersonStay) -> str:
    return with_what(say_person(row, ""), say_state(row))


def _offers(
    actor: Actor, words: Sequence[str], there: set[int], answers: Mapping[str, str]
) -> dict[str, Choices]:
    """Return who on record each line may name; looked for when the list is read, and then kept."""
    if "read" not in answers or not words:
        return {}
    return {
        line.name: tuple(
            (f"{ON_RECORD}{offer.person.uid.hex}", _say_offer(offer))
            for offer in line.people
            if offer.person.id not in there
        )
        for line in offer_lines(actor, "\n".join(words))
    }


def _say_offer(offer: OfferedPerson) -> str:
    """Return somebody on record and what tells them apart: "Demo Zani, F, 22, A. in PNH-2026-…"."""
    person = offer.person
    age = number(person.age) if person.age is not None else ""
    facts = [person.name, word(person.sex), age, offer.seen]
    return str(gettext("On record: %(who)s", who=", ".join(filter(None, facts))))


def _with_chosen(offers: Choices, chosen: str) -> Choices:
    """Return the offers of a line, with the one that was chosen before."""
    if not chosen.startswith(ON_RECORD) or chosen in dict(offers):
        return offers
    return (*offers, (chosen, gettext("The one you chose")))
