"""From which event a clock runs, when that was, and what ended it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hrdtracker.proceedings.counting.model import StepKind, Window
from hrdtracker.proceedings.facts import DatedEvent
from hrdtracker.proceedings.limits.model import ExplainedStep, explained
from hrdtracker.proceedings.limits.view import Truth, View
from hrdtracker.proceedings.rules.model import LegalRule, StartsFrom


@dataclass(frozen=True)
class Start:
    """The beginning of a clock: None where an event is known to have happened, but not when."""

    window: Window | None
    asks: tuple[str, ...] = ()
    is_disputed: bool = False
    steps: tuple[ExplainedStep, ...] = ()


def starts_of(rule: LegalRule, view: View) -> Iterator[Start]:
    """Yield where a clock begins, as each source says it, and by a reading that is disputed.

    Nothing where nothing happened yet that the clock has to do with.
    """
    origin, asks = _origin(rule, view)
    if origin is None:
        return
    found = _start(rule, origin, view)
    if found is None:
        return
    yield Start(found.window, (*found.asks, *asks), found.is_disputed, found.steps)
    for account in view.facts.accounts(*origin.events):
        if account.window and account.window != found.window:
            step = explained(StepKind.OTHER_ACCOUNT, account.window, rule)
            yield Start(account.window, asks, steps=(step,))
    for event in view.facts.named(*rule.runs.disputed_origins)[:1]:
        if event.window and not found.asks:
            yield Start(event.window, is_disputed=True)


def awaited(rule: LegalRule, view: View) -> str | None:
    """Return the event that a clock waits for; None unless nothing has begun it for certain.

    What it follows has happened: a judgment was pronounced, and somebody absent was not notified.
    """
    conditions = [origin.condition for origin in rule.runs.origins if origin.condition]
    is_certain = all(view.truth(condition) is Truth.NO for condition in conditions)
    if not is_certain or len(conditions) != len(rule.runs.origins):
        return None
    has_ground = view.facts.named(*rule.runs.not_before)
    return rule.runs.origins[-1].events[0] if has_ground else None


def _origin(rule: LegalRule, view: View) -> tuple[StartsFrom | None, tuple[str, ...]]:
    """Return the first origin that holds and that happened, else the first that holds.

    With it the conditions of others that nobody can tell.
    """
    usable, asks = [], []
    for origin in rule.runs.origins:
        truth = view.truth(origin.condition) if origin.condition else Truth.YES
        if truth is Truth.YES:
            usable.append(origin)
        elif truth is Truth.UNKNOWN and origin.condition:
            asks.append(origin.condition.flag)
    happened = (origin for origin in usable if view.facts.named(*origin.events))
    return next(happened, next(iter(usable), None)), tuple(asks)


def _start(rule: LegalRule, origin: StartsFrom, view: View) -> Start | None:
    events = view.facts.named(*origin.events)
    dated = [event for event in events if event.window]
    bound = earliest_of(view.facts.named(*rule.runs.not_before))
    if dated:
        found = _dated(rule, dated)
        return found if len(dated) == len(events) else _partly_dated(rule, found, events[-1], bound)
    if not events and bound is None:
        return None
    window = Window(bound, None) if bound else None
    step = explained(StepKind.START_UNKNOWN, window, rule, origin.events[0])
    return Start(window, asks=(origin.events[0],), steps=(step,))


def _dated(rule: LegalRule, events: list[DatedEvent]) -> Start:
    """Return the first of several events, or the last where the rule says so."""
    windows = [event.window for event in events if event.window]
    if len(windows) == 1 or rule.runs.from_last:
        return Start(_extreme(windows, last=rule.runs.from_last))
    window = _extreme(windows, last=False)
    step = explained(StepKind.FIRST_OF_SEVERAL, window, rule)
    return Start(window, is_disputed=True, steps=(step,))


def _partly_dated(
    rule: LegalRule, found: Start, undated: DatedEvent, bound: datetime | None
) -> Start:
    """Return the beginning where one of several events has no date: perhaps the one that counts."""
    last = rule.runs.from_last
    known = found.window or Window(None, None)
    if bound and known.earliest:
        bound = min(bound, known.earliest)  # what contradicts itself bounds nothing
    window = Window(known.earliest, None) if last else Window(bound, known.latest)
    step = explained(StepKind.START_UNKNOWN, window, rule, undated.name)
    return Start(window, (undated.name,), is_disputed=not last, steps=(*found.steps, step))


def _extreme(windows: list[Window], *, last: bool) -> Window:
    """Return when the first, or the last, of several events was: each may be known only roughly."""
    pick = max if last else min
    earliest = [window.earliest for window in windows if window.earliest]
    latest = [window.latest for window in windows if window.latest]
    return Window(pick(earliest), pick(latest))


def earliest_of(events: Iterable[DatedEvent]) -> datetime | None:
    """Return the earliest instant at which one of these may have been."""
    found = [event.window.earliest for event in events if event.window]
    return min((at for at in found if at), default=None)
