"""What time it is: the only place that asks the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_instead: ContextVar[datetime | None] = ContextVar("instead", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _instead.get() or datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """Return the calendar day it is now in `zone`."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day on which an instant lies in `zone`; at 01:00 it is UTC’s next."""
    return moment.astimezone(zone).date()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let it be an earlier moment inside: how the demonstration’s invented past is written down."""
    token = _instead.set(moment)
    try:
        yield
    finally:
        _instead.reset(token)
