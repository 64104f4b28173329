"""From rows to what the clocks take: what is known of somebody, in the words of the rules."""

from collections.abc import Iterator, Sequence

from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.custody.service import TRANSFERRED, arrivals
from hrdtracker.custody.states import held_codes, is_release
from hrdtracker.proceedings.clocks.court_facts import (
    CourtFacts,
    charges_of,
    ends_of_custody,
    events_of,
    extensions_of,
    offences_of,
)
from hrdtracker.proceedings.clocks.judgment_facts import judgment_events, judgment_flags
from hrdtracker.proceedings.clocks.law import ZONE
from hrdtracker.proceedings.clocks.subjects import ClockSubject, KnownStay
from hrdtracker.proceedings.clocks.time_held import sentence_begins, serving
from hrdtracker.proceedings.counting.model import Window
from hrdtracker.proceedings.facts import UNKNOWN_AGE, AgeFacts, DatedEvent, ProceedingFacts
from hrdtracker.proceedings.limits.count import is_before
from hrdtracker.proceedings.model import LegalTitle, TitleKind

DIED = "died"
"""How a stay ended of somebody who died in it: nothing holds them any more."""
FREED = ("detention.released", "sentence.released")
"""What a release from custody is to whoever was detained or served a sentence."""


def facts_of(subject: ClockSubject) -> ProceedingFacts:
    """Return what is known of somebody, in the words of the rules.

    What begins with a stay runs once, whatever the charges; what a court began, in its proceeding.
    """
    if subject.proceeding_id is None:
        return _outside_proceedings(subject)
    court, led = subject.court, stays_that_led_to(subject)
    served = serving(court, [known.stay for known in (led if subject.beside else subject.stays)])
    return ProceedingFacts(
        ZONE,
        (*events_of(court), *judgment_events(court), *sentence_begins(court, served)),
        tuple(charges_of([court])),
        AgeFacts(born=subject.born) if subject.born else UNKNOWN_AGE,
        tuple(extensions_of(court)),
        term=served.term if served else None,
        flags=judgment_flags(court),
        context=(*_custody(led), *_releases(subject.stays)),
    )


def _outside_proceedings(subject: ClockSubject) -> ProceedingFacts:
    """Return what is known of a person with their stays, beside whatever they are charged with."""
    court, beside = subject.court, subject.beside
    every = (court, *beside)
    return ProceedingFacts(
        ZONE,
        (*_custody(subject.stays), *events_of(court), *sentence_begins(court, None)),
        tuple(charges_of(every)),
        AgeFacts(born=subject.born) if subject.born else UNKNOWN_AGE,
        tuple(order for facts in every for order in extensions_of(facts)),
        context=(
            *_releases(subject.stays),
            *(event for facts in beside for event in _of_custody(facts)),
        ),
    )


def _of_custody(facts: CourtFacts) -> Iterator[DatedEvent]:
    """Yield what a proceeding says of the custody before it: how that ended, and of which age."""
    yield from ends_of_custody(facts)
    yield from offences_of(facts)


# Stays --------------------------------------------------------------------------------------------


def stays_that_led_to(subject: ClockSubject) -> tuple[KnownStay, ...]:
    """Return the stays since the last release before somebody was detained in this proceeding.

    None where they led to the detention in another one.
    """
    began = _first_detention(subject.court)
    if began is None:
        return () if subject.beside else subject.stays
    led: list[KnownStay] = []
    for known in subject.stays:
        ended = Stay.ended.plain(known.stay)
        at = Window.of(ended) if ended else None
        led.append(known)
        if is_release(known.stay.end_kind) and at and is_before(at, began):
            led = []
    others = [_first_detention(facts) for facts in subject.beside]
    is_of_other = any(other and is_before(other, began) for other in others)
    return () if is_of_other else tuple(led)


def _first_detention(court: CourtFacts) -> Window | None:
    found = [
        window
        for title in court.titles
        if title.kind == TitleKind.PRETRIAL_DETENTION
        and (began := LegalTitle.began.plain(title))
        and (window := Window.of(began))
    ]
    return min(found, key=_first_instant, default=None)


def _first_instant(window: Window) -> float:
    return window.earliest.timestamp() if window.earliest else float("-inf")


def _custody(stays: tuple[KnownStay, ...]) -> Iterator[DatedEvent]:
    for place, known in enumerate(stays):
        yield from _events(known, stays[:place], is_last=known is stays[-1])


def _events(
    known: KnownStay, before: Sequence[KnownStay], *, is_last: bool
) -> Iterator[DatedEvent]:
    """Yield what one stay says: an arrest, the arrival at the unit, a lawyer, how it ended.

    Whoever is moved stays in custody: the stay that follows says how it goes on, and is no other
    arrival where the first one is known.
    """
    stay = known.stay
    if stay.situation not in held_codes():
        return
    if known.arrest is not None:
        yield DatedEvent("arrest.made", known.arrest)
    if not _goes_on(before):
        first, *others = arrivals(stay) or [_unknown()]
        yield DatedEvent("custody.arrival_at_unit", first)
        for other in others:
            yield DatedEvent("custody.arrival_at_unit", other, is_account=True)
    if known.lawyer_seen is not None:
        yield DatedEvent("lawyer.seen", known.lawyer_seen)
    if is_release(stay.end_kind):
        yield DatedEvent("custody.released", Stay.ended.plain(stay) or _unknown())
    elif stay.end_kind is not None and is_last:
        yield DatedEvent("custody.ended", Stay.ended.plain(stay) or _unknown())


def _goes_on(before: Sequence[KnownStay]) -> bool:
    """Tell whether a stay goes on from one that somebody was moved from, and arrived at."""
    arrivals = (Stay.began.plain(known.stay) for known in before)
    is_known = any(arrived is not None and arrived.is_known for arrived in arrivals)
    return is_known and before[-1].stay.end_kind == TRANSFERRED


def _releases(stays: tuple[KnownStay, ...]) -> Iterator[DatedEvent]:
    """Yield that somebody is free, or died: no detention and no sentence holds them any more."""
    for known in stays:
        stay = known.stay
        is_free = is_release(stay.end_kind) or stay.end_kind == DIED
        if is_free and stay.situation in held_codes():
            at = Stay.ended.plain(stay) or _unknown()
            yield from (DatedEvent(name, at) for name in FREED)


def _unknown() -> When:
    return When.unknown("", ZONE)
