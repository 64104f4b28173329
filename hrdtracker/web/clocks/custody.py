"""Where somebody is, in one line: the place, since when, how we know, what runs out next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_length
from hrdtracker.custody.bail import ON_BAIL
from hrdtracker.custody.states import says_held
from hrdtracker.incidents.case_view import age_of
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.of_case import PersonInCustody
from hrdtracker.proceedings.rules.model import RuleKind
from hrdtracker.web.shell.context import locale, number, say_told, today, word
from hrdtracker.web.shell.people import say_letter, say_size
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.custody import say_last_word
from hrdtracker.web.words.custody_steps import say_bail, say_done, say_missing, say_no_lawyer
from hrdtracker.web.words.limit_lines import LimitLine, person_line, say_whose

SHOWN = 2
"""How many limits a line shows; all of them stand on a page of their own."""


@dataclass(frozen=True)
class CustodyLine:
    """One person of a case: where, since when, how we know, and the limits that come next."""

    mark: str
    who: str
    where: str
    since: str
    known: str
    is_held: bool
    limits: Sequence[LimitLine]
    done: Sequence[str] = ()
    """What was done for them: a lawyer, a doctor …, with the day."""
    no_lawyer: str = ""
    missing: str = ""
    """That no lawyer was seen, and what else of it is not recorded."""
    bail_of: UUID | None = None
    """The stay that ended with a release on bail, of which the terms are said."""


def custody_line(found: PersonInCustody) -> CustodyLine:
    """Return the line of one person, or of part of a group."""
    stay, person = found.stay, found.person
    held = says_held(stay)
    return CustodyLine(
        say_letter(found.letter) if found.letter else "",
        _traits(person) if person and not stay.people else say_whose((), stay.people or 1),
        _where(found),
        _since(found),
        _known(found) if held else "",
        held,
        [
            person_line(kept, found.letter, stay.confirmed_at)
            for kept in _to_come(found.clocks)[:SHOWN]
        ],
        say_done(found.time) if held else say_bail(found.bail),
        say_no_lawyer(found.time) if held else "",
        say_missing(found.time) if held else "",
        stay.uid if stay.end_kind == ON_BAIL else None,
    )


def _traits(person: Person) -> str:
    """Return what tells somebody apart without a name: sex, age, how many they are."""
    age = age_of(person, today())
    traits = (word(person.sex), number(age) if age is not None else "", say_size(person))
    return ", ".join(trait for trait in traits if trait)


def _to_come(clocks: Sequence[Clock]) -> list[Clock]:
    """Return the clocks of somebody without what has become possible since."""
    now = clock.now()
    return [
        kept
        for kept in clocks
        if kept.kind != RuleKind.EARLIEST or kept.ends_latest is None or kept.ends_latest > now
    ]


def _where(found: PersonInCustody) -> str:
    stay = found.stay
    if stay.end_kind is not None:
        return terms().label("stay_end", stay.end_kind, locale())
    place = stay.place_held or terms().label("prison", stay.prison, locale())
    situation = terms().label("victim_status", stay.situation, locale())
    return in_a_row(situation, place)


def _since(found: PersonInCustody) -> str:
    """Return since when, and how long that is; of what ended, when it did."""
    stay = found.stay
    if stay.end_kind is not None:
        ended = stay.ended
        is_known = ended is not None and ended.is_known
        return begin(say_told(ended)) if is_known else str(gettext("When is not known"))
    began = stay.began
    if began is None or began.earliest is None:
        return str(gettext("Since when is not known"))
    length = say_length(clock.now() - began.earliest, locale())
    return str(gettext("%(length)s, since %(when)s", length=length, when=say_told(began)))


def _known(found: PersonInCustody) -> str:
    """Return how we know it, and when it was last confirmed."""
    source = terms().label("how_known", found.stay.known_by, locale())
    return in_a_row(source, begin(say_last_word(found.stay.confirmed_at, found.confirmer)))
