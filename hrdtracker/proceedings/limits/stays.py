"""What ended a clock, and since when it runs again: somebody released, and taken anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hrdtracker.proceedings.counting.model import Length, Window
from hrdtracker.proceedings.limits.model import OpenQuestion
from hrdtracker.proceedings.limits.view import View
from hrdtracker.proceedings.rules.model import LegalRule

NONE = timedelta()


@dataclass(frozen=True)
class Stays:
    """Since when a clock runs, after what came before: the time spent, at least and at most.

    `is_again` if it ended and began anew; `is_unclear` if nobody can tell whether it did.
    """

    begins: Window
    spent: tuple[timedelta, timedelta] = (NONE, NONE)
    is_over: bool = False
    is_again: bool = False
    is_unclear: bool = False

    @property
    def is_stopped(self) -> bool:
        """Whether it is over, as far as anybody can tell."""
        return self.is_over and not self.is_unclear

    @property
    def asks(self) -> tuple[str, ...]:
        """Return what a person must say: no rule tells whether two stays add up."""
        return (OpenQuestion.HELD_AGAIN,) if self.is_again or self.is_unclear else ()

    @property
    def left_out(self) -> tuple[Length, Length]:
        """Return by what a count is shorter if stays add up: by the most first."""
        least, most = self.spent
        return Length(exact=-most), Length(exact=-least)

    def ended(self, at: Window | None, begins: Sequence[Window]) -> "Stays":
        """Return it after an end; `begins` are the beginnings that may be of a further stay."""
        others = [one for one in begins if one != self.begins]
        after = [one for one in others if at and _may_follow(one, at)]
        if at is None or not after:
            return replace(self, is_over=True)
        first = after[0]
        spent = _between(self.begins, at)
        if spent is None or not (first.earliest and at.latest and first.earliest >= at.latest):
            return replace(self, is_over=True, is_unclear=True)
        least, most = (so_far + more for so_far, more in zip(self.spent, spent, strict=True))
        return Stays(first, (least, most), is_again=True)


def stays_of(rule: LegalRule, start: Window, view: View) -> Stays:
    """Return how a clock stands that began in `start`, after all that ended it or began it anew."""
    names = [event for origin in rule.runs.origins for event in origin.events]
    begins = [event.window for event in view.facts.named(*names) if event.window]
    found = Stays(start)
    for event in view.facts.named(*rule.runs.stops):
        if not found.is_over and (event.window is None or _may_end(event.window, found.begins)):
            found = found.ended(event.window, begins)
    return found


def _may_end(at: Window, start: Window) -> bool:
    return start.earliest is None or at.latest is None or at.latest >= start.earliest


def _may_follow(begin: Window, end: Window) -> bool:
    return bool(begin.latest and end.earliest and begin.latest > end.earliest)


def _between(start: Window, end: Window) -> tuple[timedelta, timedelta] | None:
    """Return how long somebody was held, at least and at most; None where nobody can tell."""
    if not (start.earliest and start.latest and end.earliest and end.latest):
        return None
    return max(end.earliest - start.latest, NONE), end.latest - start.earliest
