"""What it does to an end that a charge was of another class before."""

from collections.abc import Sequence
from dataclasses import replace

from hrdtracker.proceedings.counting.model import StepKind, Window
from hrdtracker.proceedings.limits.count import is_before, later
from hrdtracker.proceedings.limits.model import ClockEnd, EndKind, explained


def requalified(end: ClockEnd, former: Sequence[ClockEnd], since: Window | None) -> ClockEnd:
    """Return an end as the ends of the class before let it be; `since` is when the class changed.

    What the class before allowed was lawful, so what a lower class ends is due since the change and
    on no day before it; what had ended by then, no higher class revives. No rule was found for
    either: marked as disputed.
    """
    windows = [one.window for one in former if one.window]
    if end.window is None or end.kind is EndKind.FORBIDDEN or not windows:
        return end
    before = Window.around(windows)
    due = _due(end.window, before, since)
    if due == end.window:
        return end
    what = StepKind.NOT_REVIVED if due == before else StepKind.GROUND_FELL_AWAY
    rules = (*(rule for one in former for rule in one.rules), *end.rules)
    step = explained(what, due, former[0].rules[0])
    return replace(
        end,
        window=due,
        plain=due,
        moved=due,
        rules=tuple(dict.fromkeys(rules)),
        refused=former[0].refused,
        is_disputed=True,
        steps=(*former[0].steps, *end.steps, step),
    )


def _due(now: Window, before: Window, since: Window | None) -> Window:
    """Return when it is due, by each of the two classes that may have ended it."""
    if since is None:
        return Window.around((now, before))
    if before.latest and since.earliest and before.latest <= since.earliest:
        return before
    onward = later(now, since)
    return onward if is_before(since, before) else Window.around((before, onward))
