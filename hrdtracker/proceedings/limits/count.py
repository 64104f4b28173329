"""From the start of a clock to its end: the base, what pauses or restarts it, and what caps it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hrdtracker.proceedings.counting.model import NO_TIME, Counting, Length, StepKind, Window
from hrdtracker.proceedings.counting.periods import CountedEnd, Period, count, lengthening
from hrdtracker.proceedings.limits.model import ExplainedStep, explained
from hrdtracker.proceedings.limits.view import View
from hrdtracker.proceedings.rules.model import LegalRule, RuleKind


@dataclass(frozen=True)
class Running:
    """A count in progress: where it starts, how long, where it ends now, and how it came there.

    There are two `periods`, the shortest and the longest, where nobody knows how long a pause was.
    `open_pause` is the beginning of a pause that goes on; `spent` what an earlier stay took of it,
    and of its caps.
    """

    periods: tuple[Period, ...]
    start: Window
    end: CountedEnd
    rules: tuple[LegalRule, ...]
    steps: tuple[ExplainedStep, ...] = ()
    open_pause: Window | None = None
    is_disputed: bool = False
    asks: tuple[str, ...] = ()
    spent: tuple[Length, ...] = ()

    def told(self, *steps: ExplainedStep) -> "Running":
        """Return it with further steps."""
        return replace(self, steps=(*self.steps, *steps))

    def lengthened(self, *by: Length) -> "Running":
        """Return it longer, counted anew from its start; its longest period by the last length."""
        shortest, longest = self.periods[0].extended(by[0]), self.periods[-1].extended(by[-1])
        periods = (shortest,) if shortest.length == longest.length else (shortest, longest)
        return replace(self, periods=periods, end=_end_of(periods, self.start))

    def after(self, *spent: Length) -> "Running":
        """Return it shorter by what was spent before, at most and at least."""
        return replace(self.lengthened(*spent), spent=spent)

    def begun(self, start: Window) -> "Running":
        """Return it counted anew from another start."""
        return replace(self, start=start, end=_end_of(self.periods, start))

    def ended(self, window: Window) -> "Running":
        """Return it with an end that is not counted but set, by a cap or an event."""
        return replace(self, end=CountedEnd(window, window, window, ()))


def _end_of(periods: tuple[Period, ...], start: Window) -> CountedEnd:
    ends = [count(period, start) for period in periods]
    return CountedEnd(
        Window.around(end.window for end in ends),
        Window.around(end.plain for end in ends),
        Window.around(end.moved for end in ends),
        ends[0].steps,
    )


def begin(
    base: LegalRule, length: Length, counting: Counting, start: Window, view: View
) -> Running:
    """Return the count of a base rule from its start."""
    period = Period(
        length,
        counting,
        view.facts.zone,
        base.counts.holiday_rule,
        view.book.holidays,
        backwards=base.kind is RuleKind.BACKWARDS,
    )
    end = count(period, start)
    steps = tuple(ExplainedStep(step, base) for step in end.steps)
    return Running((period,), start, end, (base,), steps)


def credited(running: Running, rule: LegalRule, view: View) -> Running:
    """Return the count of a sentence less the detention that is credited to it.

    What may be credited besides makes a window: the earlier end is the one with all of it.
    """
    term = view.facts.term
    if term is None or not (term.credited.about or term.perhaps_credited.about):
        return running
    found = running.lengthened(_less(term.credited))
    step = explained(StepKind.CREDITED, found.end.window, rule, str(term.credited))
    found = replace(found, rules=(*running.rules, rule)).told(step)
    if not term.perhaps_credited.about:
        return found
    either = found.lengthened(_less(term.perhaps_credited), NO_TIME)
    perhaps = explained(
        StepKind.PERHAPS_CREDITED, either.end.window, rule, str(term.perhaps_credited)
    )
    return replace(either, is_disputed=True, asks=(*either.asks, *term.credit_asks)).told(perhaps)


def _less(length: Length) -> Length:
    return Length(-length.months, -length.days, -length.exact)


def restarted(running: Running, rule: LegalRule, view: View) -> Running:
    """Return the count from the last act that came before its end; one after it revives nothing.

    An act of which nobody knows when it was may have come on any day until then. Acts of which it
    is not known which came first are taken in both orders.
    """
    events = view.facts.named(*rule.runs.origins[0].events)
    acts = [event.window or Window(None, None) for event in events]
    orders = sorted(acts, key=_first_instant), sorted(acts, key=_last_instant)
    one, other = (_restarted(running, order, rule) for order in orders)
    if one.end.window == other.end.window:
        return one
    asks = tuple(dict.fromkeys((*one.asks, *other.asks)))
    return replace(one.begun(Window.around((one.start, other.start))), asks=asks)


def _first_instant(act: Window) -> float:
    return act.earliest.timestamp() if act.earliest else float("-inf")


def _last_instant(act: Window) -> float:
    return act.latest.timestamp() if act.latest else float("inf")


def _restarted(running: Running, acts: Sequence[Window], rule: LegalRule) -> Running:
    for act in acts:
        if _may_follow(act, running.start):
            running = _restarted_by(running, act, rule)
    return running


def _may_follow(act: Window, start: Window) -> bool:
    return act.latest is None or start.earliest is None or act.latest >= start.earliest


def _restarted_by(running: Running, act: Window, rule: LegalRule) -> Running:
    end = running.end.window
    if end.latest is not None and act.earliest is not None and act.earliest > end.latest:
        step = explained(StepKind.NOT_REVIVED, act, rule)
        return replace(running, is_disputed=True).told(step)
    is_sure = act.latest is not None and end.earliest is not None and act.latest <= end.earliest
    found = running.begun(later(running.start, act if is_sure else _perhaps(running, act)))
    step = explained(StepKind.RESTARTED, found.end.window, rule)
    asks = () if is_sure else rule.runs.origins[0].events
    return replace(
        found,
        rules=tuple(dict.fromkeys((*running.rules, rule))),
        asks=tuple(dict.fromkeys((*running.asks, *asks))),
    ).told(step)


def _perhaps(running: Running, act: Window) -> Window:
    """Return from when a clock runs that an act began anew only if it came before the end."""
    return Window(running.start.earliest, _first(act.latest, running.end.window.latest))


def paused(running: Running, base: LegalRule, view: View) -> Running:
    """Return the count with its pauses: each that ended lengthens it, one that goes on holds it."""
    for begins, ends in base.runs.pauses:
        for pause in _pauses(begins, ends, view):
            running = _paused_by(running, base, pause, view.now)
    return running


Pause = tuple[Window, Window | None]


def _pauses(begins: str, ends: str, view: View) -> Iterator[Pause]:
    """Yield each pause with its end, None while it goes on."""
    ended = [event.window for event in view.facts.named(ends) if event.window]
    for event in view.facts.named(begins):
        if event.window is None or event.window.latest is None:
            continue
        start = event.window
        after = [end for end in ended if end.latest and start.latest and end.latest >= start.latest]
        yield start, after[0] if after else None


def _paused_by(running: Running, base: LegalRule, pause: Pause, now: datetime) -> Running:
    begins, ends = pause
    end = running.end.window
    if end.latest is not None and begins.earliest is not None and begins.earliest > end.latest:
        return running
    if ends is None or (ends.earliest is not None and now < ends.earliest):
        step = explained(StepKind.PAUSED, begins, base)
        return replace(running, open_pause=begins).told(step)
    found = _lengthened(running, begins, ends)
    return found.told(explained(StepKind.PAUSED, found.end.window, base))


def _lengthened(running: Running, begins: Window, ends: Window) -> Running:
    """Return the count longer by a pause; by its shortest and longest where an hour is unknown."""
    period = running.periods[0]
    shortest = Window(_lower(begins.latest, ends.earliest), ends.earliest)
    longest = Window(begins.earliest, ends.latest)
    by = (lengthening(one, period.counting, period.zone) for one in (shortest, longest))
    return running.lengthened(*by)


def not_before_its_start(running: Running) -> Running:
    """Return a count that ends with its beginning where credit, or a day off, would end it before.

    Who was detained longer than the sentence is free at once, not on a day before it.
    """
    window = later(running.end.window, running.start)
    is_backwards = running.periods[0].backwards
    return running if is_backwards or window == running.end.window else running.ended(window)


def _lower(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else other


def is_before(one: Window, other: Window) -> bool:
    """Tell whether one certainly comes before the other."""
    return bool(one.latest and other.earliest and one.latest < other.earliest)


def earlier(one: Window, other: Window) -> Window:
    """Return when the first of two ends comes; an end unknown on a side never comes first there.

    One that certainly comes before the other is the first, however little is known of its start.
    """
    if is_before(one, other):
        return one
    if is_before(other, one):
        return other
    return Window(_first(one.earliest, other.earliest), _first(one.latest, other.latest))


def later(one: Window, other: Window) -> Window:
    """Return when the last of two ends comes."""
    starts = [end for end in (one.earliest, other.earliest) if end]
    ends = [one.latest, other.latest]
    return Window(
        max(starts, default=None), None if None in ends else max(end for end in ends if end)
    )


def _first(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end), default=None)


def capped(running: Running, cap: LegalRule, length: Length, view: View) -> Running:
    """Return the count no longer than a cap lets it be, from the same start."""
    counting = cap.counts.countings[0]
    period = Period(length, counting, view.facts.zone, cap.counts.holiday_rule, view.book.holidays)
    shorter = running.spent or (NO_TIME,)
    limits = [count(period.extended(spent), running.start).window for spent in shorter]
    window = earlier(running.end.window, Window.around(limits))
    if window == running.end.window:
        return running
    step = explained(StepKind.CAPPED, window, cap, str(length))
    return replace(running.ended(window), rules=(*running.rules, cap)).told(step)
