"""Facts of one person for tests of the clocks, said shortly."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.facts import (
    AccusedOf,
    AgeFacts,
    DatedEvent,
    OffenceTier,
    Penalty,
    ProceedingFacts,
    StatedAge,
)
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import rule_book

FOREIGN = Path(__file__).parent / "foreign_rules"
PHNOM_PENH, BERLIN, BAKU = (
    ZoneInfo(name) for name in ("Asia/Phnom_Penh", "Europe/Berlin", "Asia/Baku")
)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADULT = AgeFacts(at_offence=StatedAge(18, 18))
ARRIVED = ("custody.arrival_at_unit", "2026-03-02T08:00")
ORDERED = ("detention.order", "2026-01-10T14:00")


def at(text: str, zone: ZoneInfo = PHNOM_PENH) -> datetime:
    """Return the instant at which the clock in `zone` shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def when(text: str, zone: ZoneInfo = PHNOM_PENH) -> When:
    """Return a minute, a day where there is no hour, or an unknown date for “?”."""
    if text == "?":
        return When.unknown("unknown", zone)
    if "T" in text:
        return When.minute(at(text, zone), zone)
    return When.day(date.fromisoformat(text), zone)


def charge(
    name: str = "a", offence_class: str | None = None, *years: int | None, months: bool = False
) -> AccusedOf:
    """Return a charge of a class, or with the ends of its penalty in years or months."""
    lengths = [None if end is None else Length(end * (1 if months else 12)) for end in years]
    return AccusedOf(name, (OffenceTier(offence_class, Penalty(*lengths)),))


FELONY, MISDEMEANOUR = charge("f", "felony"), charge("m", None, 1, 3)


def facts(
    *events: tuple[str, str],
    age: AgeFacts = ADULT,
    zone: ZoneInfo = PHNOM_PENH,
    **more: object,
) -> ProceedingFacts:
    """Return what happened to an adult, unless something else is said."""
    dated = tuple(DatedEvent(name, when(text, zone)) for name, text in events)
    return ProceedingFacts(zone, dated, age=age, **more)  # type: ignore[arg-type]  # by their names


def book(country: str) -> RuleBook:
    """Return the rules of another country, which stand with the tests."""
    return rule_book(country, FOREIGN)


def clock(
    name: str, known: ProceedingFacts, now: datetime = NOW, rules: RuleBook | None = None
) -> Limit:
    """Return one clock that is there."""
    found = limit(name, known, rules or rule_book("KH"), now)
    assert found
    return found


def ends(found: Limit) -> list[datetime | None]:
    """Return both ends of a limit's window."""
    assert found.window
    return [found.window.earliest, found.window.latest]
