"""From the facts of one person to the limits that run for them: each clock, in every reading."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from hrdtracker.proceedings.counting.local import day_of
from hrdtracker.proceedings.counting.model import Window
from hrdtracker.proceedings.facts import AccusedOf, ProceedingFacts
from hrdtracker.proceedings.limits.ages import is_guessed, possible_ages
from hrdtracker.proceedings.limits.charges import charged, class_of, last_tier
from hrdtracker.proceedings.limits.ends import ClockRules, clock_rules, ends_of
from hrdtracker.proceedings.limits.model import (
    EndKind,
    Interpretation,
    Limit,
    LimitReading,
    LimitState,
    OpenQuestion,
)
from hrdtracker.proceedings.limits.view import View
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.model import Confidence, LegalRule, RuleKind

OFFENCE = "offence.date"
"""The event at which the age of somebody accused is fixed."""


def limits(facts: ProceedingFacts, book: RuleBook, now: datetime) -> tuple[Limit, ...]:
    """Return the limits of every clock that something happened for, the earliest end first.

    What is forbidden, and what cannot be told, comes before what has an end; what is over with the
    event that stopped it comes last.
    """
    found = [limit(clock, facts, book, now) for clock in book.by_clock]
    return tuple(sorted((one for one in found if one), key=_urgency))


SETTLED = frozenset({LimitState.STOPPED, LimitState.ALLOWED})


def _urgency(one: Limit) -> tuple[bool, float]:
    earliest = one.window.earliest if one.window else None
    return one.state in SETTLED, earliest.timestamp() if earliest else float("-inf")


def limit(clock: str, facts: ProceedingFacts, book: RuleBook, now: datetime) -> Limit | None:
    """Return the limit of one clock; None where nothing that it has to do with happened."""
    readings = tuple(_readings(clock, facts, book, now))
    if not readings:
        return None
    windows = [reading.end.window for reading in readings if reading.end.window]
    furthest = [reading.end.furthest for reading in readings if reading.end.furthest]
    window = Window.around(windows) if windows else None
    state = _state(readings, window, now)
    asks = () if state is LimitState.STOPPED else dict.fromkeys(_asks(readings, facts, book))
    return Limit(
        clock=clock,
        kind=_kind(readings),
        state=state,
        window=window,
        furthest=Window.around(furthest) if furthest else None,
        readings=readings,
        asks=tuple(asks),
        confidence=_confidence(readings),
    )


def _readings(
    clock: str, facts: ProceedingFacts, book: RuleBook, now: datetime
) -> Iterator[LimitReading]:
    """Yield each distinct result once, with the first reading that comes to it."""
    seen: set[tuple[object, ...]] = set()
    for rules in _ways(clock, facts, book, now):
        for end in ends_of(rules):
            result = (end.kind, end.window, end.furthest, end.refused, end.asks)
            if result not in seen:
                seen.add(result)
                yield LimitReading(rules.view.interpretation, end)


def _ways(
    clock: str, facts: ProceedingFacts, book: RuleBook, now: datetime
) -> Iterator[ClockRules]:
    """Yield the rules of a clock as each reading takes them, those of the same rules only once."""
    started = _started(clock, facts, book)
    if started is None:
        return
    offence = next((event.when for event in facts.named(OFFENCE)), None)
    pairs = tuple(possible_ages(facts.age, offence, started, facts.zone))
    taken: set[tuple[object, ...]] = set()
    for every in _versions(clock, book, _days(started, facts, now)):
        for view, charge in _views(facts, book, now, pairs):
            rules = clock_rules(view, charge, every)
            same = (charge, *((id(rule), view.all_of(rule.requires)) for rule in rules.about))
            if same not in taken:
                taken.add(same)
                yield rules


def _views(
    facts: ProceedingFacts, book: RuleBook, now: datetime, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[View, AccusedOf | None]]:
    """Yield each charge in each class it may have, at each age that may count.

    Whether the age at the offence or when held counts is not settled, so both are tried.
    """
    for charge, offence_class in charged(facts, book.words):
        for at_offence, when_held in pairs:
            for age in dict.fromkeys((at_offence, when_held)):
                name = charge.name if charge else None
                seen = Interpretation(name, offence_class, at_offence, age)
                yield View(book, facts, now, seen, last_tier(charge)), charge


def _started(clock: str, facts: ProceedingFacts, book: RuleBook) -> Window | None:
    """Return when what a clock has to do with happened, with no bounds if nobody knows when.

    None where it has not happened.
    """
    begins = book.beginnings[clock]
    if not facts.begins(*begins.events, *begins.bounds):
        return None
    events = facts.named(*begins.events) or facts.named(*begins.bounds)
    windows = [event.window for event in events if event.window]
    if not windows:
        return Window(None, None) if events else None
    return windows[-1] if begins.from_last else windows[0]


def _days(started: Window, facts: ProceedingFacts, now: datetime) -> tuple[date, ...]:
    """Return the days whose version of the law counts: the first and last on which it may be."""
    ends = started.earliest or now, started.latest or started.earliest or now
    return tuple(dict.fromkeys(day_of(end, facts.zone) for end in ends))


def _versions(clock: str, book: RuleBook, days: Sequence[date]) -> Iterator[tuple[LegalRule, ...]]:
    """Yield the rules as they stood on each of these days, those of one law only once."""
    versions = [book.in_force(clock, day) for day in days]
    yield from versions[:1]
    yield from (version for version in versions[1:] if version != versions[0])


def _kind(readings: Sequence[LimitReading]) -> RuleKind:
    for reading in readings:
        for rule in reading.end.rules:
            return rule.kind
    return RuleKind.QUESTION


ALL_OF = {
    EndKind.STOPPED: LimitState.STOPPED,
    EndKind.NEVER_RUNS: LimitState.STOPPED,
    EndKind.FORBIDDEN: LimitState.FORBIDDEN,
    EndKind.NOT_STARTED: LimitState.NOT_STARTED,
    EndKind.ALLOWED: LimitState.ALLOWED,
    EndKind.NOT_KNOWN: LimitState.NOT_KNOWN,
}
"""What a clock is where every reading comes to the same."""


def _state(readings: Sequence[LimitReading], window: Window | None, now: datetime) -> LimitState:
    kinds = {reading.end.kind for reading in readings}
    if len(kinds) == 1 and (state := ALL_OF.get(next(iter(kinds)))):
        return state
    if EndKind.PAUSED in kinds:
        return LimitState.PAUSED
    if window is None:
        return LimitState.NOT_KNOWN
    return state_at(window, now)


def state_at(window: Window, now: datetime) -> LimitState:
    """Return where a clock stands that ends in `window`."""
    if window.latest is not None and now > window.latest:
        return LimitState.PASSED
    if window.earliest is None:
        return LimitState.NOT_KNOWN
    return LimitState.RUNNING if now < window.earliest else LimitState.REACHED


def _asks(
    readings: Sequence[LimitReading], facts: ProceedingFacts, book: RuleBook
) -> Iterator[str]:
    """Yield what somebody could find out that would say the end better."""
    for reading in readings:
        yield from reading.end.asks
    if _differ(readings, "age", "age_at_offence") and is_guessed(facts.age):
        yield OpenQuestion.AGE
    known = [class_of(last_tier(charge), book.words) for charge in facts.charges]
    if _differ(readings, "offence_class") and None in (known or [None]):
        yield OpenQuestion.OFFENCE_CLASS


def _differ(readings: Sequence[LimitReading], *names: str) -> bool:
    """Tell whether another value of one of these would bring another end, or other questions."""
    return any(len(_results(readings, name)) > 1 for name in names)


def _results(readings: Sequence[LimitReading], name: str) -> set[frozenset[object]]:
    found: dict[object, set[object]] = {}
    for reading in readings:
        end = reading.end
        value = getattr(reading.interpretation, name)
        found.setdefault(value, set()).add((end.kind, end.window, end.asks))
    return {frozenset(results) for results in found.values()}


def _confidence(readings: Sequence[LimitReading]) -> Confidence:
    """Return how sure the weakest of the rules is; disputed, where a reading of the facts is."""
    used = [rule.cites.confidence for one in readings for rule in one.end.rules]
    if any(one.end.is_disputed for one in readings):
        used.append(Confidence.DISPUTED)
    return Confidence.weakest(*used)
