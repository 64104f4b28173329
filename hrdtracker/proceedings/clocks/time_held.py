"""How much of a sentence has been served before it began: the time somebody was held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hrdtracker.core.when.model import DAY, When
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import held_codes
from hrdtracker.proceedings.clocks.court_facts import CourtFacts
from hrdtracker.proceedings.clocks.judgment_facts import length_of, sentence_of, suspended_part
from hrdtracker.proceedings.clocks.law import ZONE
from hrdtracker.proceedings.counting.local import day_of
from hrdtracker.proceedings.counting.model import NO_TIME, Length, Window
from hrdtracker.proceedings.facts import DatedEvent, PrisonTerm
from hrdtracker.proceedings.limits.count import is_before
from hrdtracker.proceedings.limits.view import unsuspended
from hrdtracker.proceedings.model import Judgment, LegalTitle, TitleKind


@dataclass(frozen=True)
class Spell:
    """A time in which somebody was held: from, until, and whether it is credited for certain.

    None as a beginning: nobody knows when, and `asks` says what to ask for. None as an end: it went
    on until the sentence.
    """

    began: Window | None
    ended: Window | None
    is_sure: bool
    asks: str


@dataclass(frozen=True)
class Serving:
    """A sentence with the time that is credited to it, and when it is taken to have begun."""

    term: PrisonTerm
    began: When | None


def serving(court: CourtFacts, stays: Sequence[Stay]) -> Serving | None:
    """Return the sentence of somebody with the detention that is credited; None without one.

    Who was detained until the judgment without a break began to serve on the first day of that
    detention; what was before is taken off by its days. Police custody, and what is known only
    roughly, is perhaps credited. Source: Criminal Code, art. 51, read in text.
    """
    judgment = sentence_of(court)
    if judgment is None:
        return None
    plain = PrisonTerm(length_of(judgment), suspended_part(judgment))
    spells = [*_detained(court), *_in_custody(court, stays)]
    began = _began(court, judgment, spells, plain)
    start = Window.of(began) if began else None
    days = _days_of(start) if start else None
    if plain.is_life or start is None or days is None:
        return Serving(plain, began)
    others = [one for one in spells if not _is_at(one, start)]
    return Serving(credited(plain, others, days), began)


def sentence_begins(court: CourtFacts, served: Serving | None) -> Iterator[DatedEvent]:
    """Yield when somebody began to serve: by the count of what was served, else by its ground."""
    if served is not None and served.began is not None:
        yield DatedEvent("sentence.start", served.began)
    elif served is None:
        for title in _of_kind(court, TitleKind.SENTENCE):
            yield from _started(LegalTitle.began.plain(title))


def _started(began: When | None) -> Iterator[DatedEvent]:
    if began is not None:
        yield DatedEvent("sentence.start", began)


def _of_kind(court: CourtFacts, kind: TitleKind) -> list[LegalTitle]:
    return [title for title in court.titles if title.kind == kind]


def _detained(court: CourtFacts) -> Iterator[Spell]:
    for title in _of_kind(court, TitleKind.PRETRIAL_DETENTION):
        yield _spell(
            LegalTitle.began.plain(title), LegalTitle.ended.plain(title), "detention.order"
        )


def _in_custody(court: CourtFacts, stays: Iterable[Stay]) -> Iterator[Spell]:
    """Yield the time with the police, and all in which somebody is known to have been held."""
    asks = "custody.arrival_at_unit"
    for title in _of_kind(court, TitleKind.POLICE_CUSTODY):
        began, ended = LegalTitle.began.plain(title), LegalTitle.ended.plain(title)
        yield _spell(began, ended, asks, is_sure=False)
    for stay in stays:
        if stay.situation in held_codes():
            yield _spell(Stay.began.plain(stay), Stay.ended.plain(stay), asks, is_sure=False)


def _spell(began: When | None, ended: When | None, asks: str, *, is_sure: bool = True) -> Spell:
    until = Window(None, None) if ended is not None and not ended.is_known else None
    return Spell(
        Window.of(began) if began else None, Window.of(ended) if until is None and ended else until,
        is_sure, asks,
    )  # fmt: skip


def _began(
    court: CourtFacts, judgment: Judgment, spells: Sequence[Spell], term: PrisonTerm
) -> When | None:
    """Return when somebody began to serve; None where they have not, as far as is recorded."""
    titles = [LegalTitle.began.plain(title) for title in _of_kind(court, TitleKind.SENTENCE)]
    pronounced = Judgment.pronounced.plain(judgment)
    said = titles[0] if titles else pronounced
    at = Window.of(said) if said else None
    unbroken = [
        LegalTitle.began.plain(title)
        for title in _of_kind(court, TitleKind.PRETRIAL_DETENTION)
        if at and _reaches(LegalTitle.ended.plain(title), at) and _is_known_before(title, at)
    ]
    if unbroken:
        return unbroken[0]
    if titles:
        return said
    has_to_serve = unsuspended(term).about > NO_TIME.about
    is_held = any(at and _goes_on_at(spell, at) for spell in spells)
    return pronounced if has_to_serve and is_held else None


def _reaches(ended: When | None, at: Window) -> bool:
    """Tell whether a detention went on until then: it has no end, or one on that day or after."""
    if ended is None:
        return True
    end = Window.of(ended)
    if end is None or end.earliest is None or at.latest is None:
        return False
    return day_of(end.earliest, ZONE) + DAY >= day_of(at.latest, ZONE)


def _is_known_before(title: LegalTitle, at: Window) -> bool:
    began = LegalTitle.began.plain(title)
    start = Window.of(began) if began else None
    return bool(start and start.latest and at.earliest and start.latest <= at.earliest)


def _goes_on_at(spell: Spell, at: Window) -> bool:
    """Tell whether somebody was held then: not taken only later, and not certainly gone before."""
    if spell.began is not None and is_before(at, spell.began):
        return False
    if spell.ended is None:
        return True
    return bool(spell.ended.earliest and at.latest and spell.ended.earliest >= at.latest)


def _is_at(spell: Spell, start: Window) -> bool:
    """Tell whether a detention is the one from which the sentence is counted."""
    return spell.is_sure and spell.began == start


# How many days ------------------------------------------------------------------------------------

Days = tuple[date, date]


def _days_of(window: Window) -> Days | None:
    """Return the first and the last day of a window; None where nobody knows both."""
    if window.earliest is None or window.latest is None:
        return None
    return day_of(window.earliest, ZONE), day_of(window.latest, ZONE)


def credited(term: PrisonTerm, spells: Sequence[Spell], start: Days) -> PrisonTerm:
    """Return a sentence with the days that are credited for certain, and those that may be.

    `start` are the first and the last day on which it may have begun.
    """
    first, last = start
    least = _count(_certain(spell, first) for spell in spells if spell.is_sure)
    asks = [spell.asks for spell in spells if spell.began is None]
    if asks:
        whole = unsuspended(term)
        rest = Length(whole.months, whole.days - least)
        return _with(term, least, rest, asks)
    most = _count(_possible(spell, last) for spell in spells)
    return _with(term, least, Length(days=max(most - least, 0)), ())


def _with(term: PrisonTerm, least: int, perhaps: Length, asks: Iterable[str]) -> PrisonTerm:
    return PrisonTerm(
        term.length, term.suspended, Length(days=least), perhaps, tuple(dict.fromkeys(asks))
    )


def _certain(spell: Spell, until: date) -> Days | None:
    ended = spell.ended.earliest if spell.ended else None
    if spell.began is None or spell.began.latest is None or (spell.ended and ended is None):
        return None
    return day_of(spell.began.latest, ZONE), min(day_of(ended, ZONE), until) if ended else until


def _possible(spell: Spell, until: date) -> Days | None:
    if spell.began is None or spell.began.earliest is None:
        return None
    ended = spell.ended.latest if spell.ended else None
    return day_of(spell.began.earliest, ZONE), min(day_of(ended, ZONE), until) if ended else until


def _count(spells: Iterable[Days | None]) -> int:
    """Return how many days some spells have together, each day once."""
    days, reached = 0, date.min
    for first, after in sorted(spell for spell in spells if spell):
        begin = max(first, reached)
        days += max((after - begin).days, 0)
        reached = max(reached, after)
    return days
