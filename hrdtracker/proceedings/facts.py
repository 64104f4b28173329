"""What is known of one person’s proceeding, as the clocks read it; what is not said is unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import NO_TIME, Length, Window


@dataclass(frozen=True)
class DatedEvent:
    """Something happened, by the name that the rules give it; its date may be unknown.

    `is_account` where another event says the same, and this is when another source says it was.
    """

    name: str
    when: When
    is_account: bool = False

    @property
    def window(self) -> Window | None:
        """Return the instants at which it may have been; None where nothing is known."""
        return Window.of(self.when)


LIFE = Length(12 * 100)
"""Longer than any term: what a maximum of life is where it is compared."""


@dataclass(frozen=True)
class Penalty:
    """The least and the most imprisonment an offence carries; None where that is not known."""

    minimum: Length | None = None
    maximum: Length | None = None

    @property
    def is_life(self) -> bool:
        """Whether its most is for life."""
        return self.maximum == LIFE


UNKNOWN_PENALTY = Penalty()
FINE_ONLY = Penalty(NO_TIME, NO_TIME)


@dataclass(frozen=True)
class OffenceTier:
    """A charge as it is qualified from an instant on: its class, and what it carries.

    Without a class, the class follows from the maximum of this tier.
    """

    offence_class: str | None = None
    penalty: Penalty = UNKNOWN_PENALTY
    since: When | None = None


UNKNOWN_TIER = OffenceTier()


@dataclass(frozen=True)
class AccusedOf:
    """One charge; it stays the same when it is qualified anew, and then has a further tier."""

    name: str
    tiers: tuple[OffenceTier, ...]


@dataclass(frozen=True)
class StatedAge:
    """An age in whole years, or between two; `is_estimate` where somebody only guesses."""

    least: int
    most: int
    is_estimate: bool = False


@dataclass(frozen=True)
class AgeFacts:
    """What is known of an age: a day or year of birth, or what was said."""

    born: When | None = None
    at_offence: StatedAge | None = None
    when_held: StatedAge | None = None


UNKNOWN_AGE = AgeFacts()


@dataclass(frozen=True)
class ExtensionOrder:
    """Somebody with the power to do so made a clock longer, or claims to have done so.

    `conditions` are the yes or no of this order, such as whether it is in writing.
    """

    clock: str
    ordered: When | None = None
    conditions: Mapping[str, bool] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class PrisonTerm:
    """A sentence of imprisonment: all of it, the part suspended, and detention credited to it.

    `perhaps_credited` is what may be credited besides: police custody, which the law does not name,
    and days that are known only roughly. `credit_asks` are the events that would say it better.
    """

    length: Length
    suspended: Length = NO_TIME
    credited: Length = NO_TIME
    perhaps_credited: Length = NO_TIME
    credit_asks: tuple[str, ...] = ()

    @property
    def is_life(self) -> bool:
        """Whether it is for life, and so has no end to count."""
        return self.length == LIFE


@dataclass(frozen=True)
class ProceedingFacts:
    """All that the clocks of one person in one proceeding depend on; `zone` is where they are held.

    `flags` says yes or no to what the rules ask; a flag that is missing is unknown. `context` are
    events of another proceeding, or of the person: they bound, age and stop, and begin no clock.
    """

    zone: ZoneInfo
    events: tuple[DatedEvent, ...] = ()
    charges: tuple[AccusedOf, ...] = ()
    age: AgeFacts = UNKNOWN_AGE
    extensions: tuple[ExtensionOrder, ...] = ()
    term: PrisonTerm | None = None
    flags: Mapping[str, bool] = field(default_factory=dict, hash=False)
    participants: int | None = None
    context: tuple[DatedEvent, ...] = ()

    def begins(self, *names: str) -> bool:
        """Tell whether something of this proceeding itself happened that has one of these names."""
        return any(event.name in names for event in self.events)

    def named(self, *names: str) -> tuple[DatedEvent, ...]:
        """Return the events with one of these names, those with a date first and in their order."""
        found = [event for event in self._every(*names) if not event.is_account]
        return tuple(sorted(found, key=_place))

    def accounts(self, *names: str) -> tuple[DatedEvent, ...]:
        """Return when other sources say that events with one of these names were."""
        return tuple(event for event in self._every(*names) if event.is_account)

    def _every(self, *names: str) -> Iterator[DatedEvent]:
        every = (*self.events, *self.context)
        return (event for event in every if event.name in names)


def _place(event: DatedEvent) -> tuple[bool, float]:
    earliest = event.when.earliest
    return earliest is None, earliest.timestamp() if earliest else 0.0
