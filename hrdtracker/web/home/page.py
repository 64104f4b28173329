"""What the first page says: the one thing that comes first, then what waits, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from flask_babel import gettext

from hrdtracker.core.errors import N_
from hrdtracker.web.shell.context import number
from hrdtracker.web.words.limit_lines import AtLimitAsk


class Order(IntEnum):
    """What comes before what on the first page: what is now, runs out, came back, waits."""

    NOW = -1
    HOUR = 0
    URGENT = 1
    LATE = 2
    RETURNED = 3
    WAITING = 4
    SOON = 5
    LATER = 6


REASONS = {
    Order.NOW: N_("First, because it is an emergency"),
    Order.HOUR: N_("First, because its hour comes first"),
    Order.URGENT: N_("First, because it is urgent"),
    Order.LATE: N_("First, because its day has come"),
    Order.RETURNED: N_("First, because it came back to you"),
    Order.WAITING: N_("First, because it waits for you"),
    Order.SOON: N_("First, because its day comes next"),
    Order.LATER: "",
}
"""Why something comes before all else: nothing is said where there is no reason."""


@dataclass(frozen=True)
class HomeLine:
    """One thing to do: what it is, how it stands, where it is done; `at` is when it runs out."""

    order: Order
    what: str
    url: str
    verb: str
    kind: str = ""
    word: str = ""
    meta: str = ""
    code: str = ""
    sentence: str = ""
    """What it is, said as a sentence, where it comes first."""
    at: datetime | None = None
    because: str = ""
    ask: AtLimitAsk | None = None
    """Of whom to ask at their limit whether they are still there."""
    confirm: UUID | None = None
    """The incident of which people are said to be held, where one act confirms that."""

    @property
    def reason(self) -> str:
        """Why it comes first, where it does."""
        if self.because:
            return self.because
        reason = REASONS[self.order]
        return gettext(reason) if reason else ""


@dataclass(frozen=True)
class HomeSection:
    """Things of one kind: how many wait, the first of them, and the way to all."""

    id: str
    title: str
    lines: Sequence[HomeLine]
    more: bool = False
    url: str = ""
    on_top: bool = False
    """Whether it stands above the others, whatever comes first."""

    @property
    def count(self) -> str:
        """How many there are, as far as they were asked for."""
        shown = number(len(self.lines))
        return gettext("more than %(count)s", count=shown) if self.more else shown


def in_order(parts: Sequence[HomeSection]) -> list[HomeSection]:
    """Return the parts in the order of what is first in each: what runs out first comes first."""
    return sorted(parts, key=lambda part: (not part.on_top, min(map(place_of, part.lines))))


def the_first(parts: Sequence[HomeSection]) -> HomeLine | None:
    """Return what comes before all else."""
    return min((line for part in parts for line in part.lines), key=place_of, default=None)


def place_of(line: HomeLine) -> tuple[Order, bool, float]:
    """Return what a line is ordered by: its kind, then its hour, what has none after the others."""
    return line.order, line.at is None, line.at.timestamp() if line.at else 0.0
