"""One rule of law about time: whom it concerns, from when, how long, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hrdtracker.proceedings.counting.model import Counting, HolidayRule, Length


class RuleKind(StrEnum):
    """What a rule does to a clock."""

    LATEST = "latest"
    EARLIEST = "earliest"
    BACKWARDS = "backwards"
    CAP = "cap"
    EXTENSION = "extension"
    RESTART = "restart"
    THRESHOLD = "threshold"
    FORBIDDEN = "forbidden"
    NO_EXTENSION = "no_extension"
    NEVER_RUNS = "never_runs"
    AGE = "age"
    CREDIT = "credit"
    QUESTION = "question"
    REFERENCE = "reference"


class RuleStage(StrEnum):
    """Where in a case a rule is read; the order is that of the list of rules."""

    POLICE = "police"
    INVESTIGATION = "investigation"
    TRIAL = "trial"
    APPEAL = "appeal"
    SENTENCE = "sentence"
    LIMITATION = "limitation"
    ASSEMBLY = "assembly"
    COUNTING = "counting"


BASES = (RuleKind.LATEST, RuleKind.EARLIEST, RuleKind.BACKWARDS, RuleKind.CAP)
"""What can end a clock by itself, the first of these that a clock has; a cap where nothing else."""
COUNTED = frozenset({*BASES, RuleKind.EXTENSION})
"""What has a length."""


class Confidence(StrEnum):
    """How sure we are of a rule, the surest first."""

    READ_IN_TEXT = "read in text"
    REPORTED = "reported by source"
    GENERAL_KNOWLEDGE = "general knowledge"
    DISPUTED = "disputed"

    @classmethod
    def weakest(cls, *some: "Confidence") -> "Confidence":
        """Return the least sure of these."""
        order = list(cls)
        return max(some, key=order.index, default=cls.READ_IN_TEXT)


class LengthUnit(StrEnum):
    """What the number of a rule counts; the last four are shares of a term of imprisonment."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    WORKING_DAYS = "working days"
    OF_MINIMUM = "of the minimum"
    OF_HALVED_MINIMUM = "of the halved minimum"
    OF_SENTENCE = "of the sentence"
    OF_PENALTY = "of the penalty"


SHARES = frozenset(
    {
        LengthUnit.OF_MINIMUM,
        LengthUnit.OF_HALVED_MINIMUM,
        LengthUnit.OF_SENTENCE,
        LengthUnit.OF_PENALTY,
    }
)


@dataclass(frozen=True)
class Amount:
    """A number and its unit, as the law says it."""

    number: Fraction
    unit: LengthUnit


class AgeAt(StrEnum):
    """Which age a rule looks at; where the law leaves it open, each is tried."""

    OFFENCE = "offence"
    EITHER = "either"


class MeasureName(StrEnum):
    """The closed list of what a condition may measure."""

    MINIMUM = "penalty.minimum"
    MAXIMUM = "penalty.maximum"
    SENTENCE = "sentence.length"
    UNSUSPENDED = "sentence.unsuspended"
    AGE = "age"
    PARTICIPANTS = "participants"


class Comparison(StrEnum):
    """How a measure is compared."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


@dataclass(frozen=True)
class FlagCondition:
    """A yes or a no that must be so."""

    flag: str
    wanted: bool


@dataclass(frozen=True)
class MeasureCondition:
    """A comparison; with several measures, it is disputed which of them the law means."""

    measures: tuple[MeasureName, ...]
    comparison: Comparison
    value: Length | int


Condition = FlagCondition | MeasureCondition


@dataclass(frozen=True)
class Applies:
    """Whom a rule concerns: classes of offence (none: any), ages from and to, more conditions."""

    classes: frozenset[str] = frozenset()
    ages: tuple[int, int | None] = (0, None)
    age_at: AgeAt = AgeAt.EITHER
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class StartsFrom:
    """The events a clock runs from; with a condition, only if it holds."""

    events: tuple[str, ...]
    condition: FlagCondition | None = None


@dataclass(frozen=True)
class Runs:
    """From which event a clock runs, what bounds it from below, and what halts or ends it."""

    origins: tuple[StartsFrom, ...] = ()
    not_before: tuple[str, ...] = ()
    disputed_origins: tuple[str, ...] = ()
    from_last: bool = False
    pauses: tuple[tuple[str, str], ...] = ()
    stops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """How long and counted how; several ways, where it is disputed which."""

    amount: Amount | None = None
    at_least: Amount | None = None
    countings: tuple[Counting, ...] = ()
    holiday_rule: HolidayRule = HolidayRule.NONE
    extends: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True)
class Citation:
    """Where a rule stands, in our words, who says so, and how sure that is."""

    law: str
    article: str
    says: str
    sources: tuple[str, ...]
    confidence: Confidence
    disputed: str = ""
    note: str = ""
    says_km: str = ""
    """The same in Khmer; empty where nobody wrote it yet."""
    reviewed_by: str = ""
    reviewed_on: date | None = None


@dataclass(frozen=True)
class LegalRule:
    """One version of a rule; rules of one `clock` of a country make one limit together."""

    key: str
    country: str
    clock: str
    kind: RuleKind
    applies: Applies
    requires: tuple[Condition, ...]
    runs: Runs
    counts: Counts
    cites: Citation
    stage: RuleStage = RuleStage.COUNTING
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether a lawyer has read it and stands for it."""
        return self.cites.reviewed_on is not None

    def is_in_force(self, day: date) -> bool:
        """Tell whether this version was the law on a day; both its ends are included."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


@dataclass(frozen=True)
class OffenceClass:
    """A class of offences: those whose maximum lies over one length and up to another."""

    key: str
    over: Length | None
    up_to: Length | None


@dataclass(frozen=True)
class WordLabel:
    """What an event, a yes or no, or a class of offences is called, in English and in Khmer."""

    en: str
    km: str

    def say(self, locale: str) -> str:
        """Return the label in the reader's language; in English where it has no Khmer."""
        return self.km if locale == "km" and self.km else self.en


@dataclass(frozen=True)
class Vocabulary:
    """The words a country's rules may use: events, yes-or-no facts, classes, sources.

    A flag has what counts where nobody said anything: yes, no, or None for “ask”. `labels` says
    events, flags and classes to people; no two of them have one key.
    """

    events: frozenset[str] = frozenset()
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    classes: Mapping[str, OffenceClass] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, WordLabel] = field(default_factory=dict)
