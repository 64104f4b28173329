"""What a clock says: where it stands, when it ends, by which rules, and what is still asked."""

from dataclasses import dataclass
from enum import StrEnum

from hrdtracker.proceedings.counting.model import CountStep, StepKind, Window
from hrdtracker.proceedings.facts import ExtensionOrder
from hrdtracker.proceedings.rules.model import Confidence, LegalRule, RuleKind


class LimitState(StrEnum):
    """Where a clock stands at the instant that is asked about.

    Between the earliest and the latest end it is reached: nobody can tell yet whether it passed.
    """

    RUNNING = "running"
    REACHED = "reached"
    PASSED = "passed"
    NOT_KNOWN = "not_known"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    STOPPED = "stopped"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


class EndKind(StrEnum):
    """What one reading of the law and the facts comes to."""

    END = "end"
    NOT_KNOWN = "not_known"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    STOPPED = "stopped"
    NEVER_RUNS = "never_runs"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


class RefusalReason(StrEnum):
    """Why an extension that was claimed does not count."""

    WRONG_CLASS = "wrong_class"
    NOT_FOR_THIS_AGE = "not_for_this_age"
    REQUIREMENT_NOT_MET = "requirement_not_met"
    TOO_LATE = "too_late"
    CAP_REACHED = "cap_reached"
    NO_FURTHER = "no_further"


class OpenQuestion(StrEnum):
    """A question that is no event, flag or measure of the rules and has its own name."""

    AGE = "age"
    OFFENCE_CLASS = "offence_class"
    HELD_AGAIN = "held_again"
    ORDER_DATE = "order_date"
    REPLACED = "replaced"


@dataclass(frozen=True)
class ExplainedStep:
    """One step of a count with the rule it follows; None where it only says what happened."""

    step: CountStep
    rule: LegalRule | None = None

    @property
    def confidence(self) -> Confidence | None:
        """Return how sure its rule is."""
        return self.rule.cites.confidence if self.rule else None


@dataclass(frozen=True)
class RefusedExtension:
    """An extension that was claimed and does not count."""

    order: ExtensionOrder
    why: RefusalReason
    rule: LegalRule | None


@dataclass(frozen=True)
class ClockEnd:
    """What one reading comes to, with its steps.

    `plain` and `moved` are the end before and after days off; `furthest` is where every extension
    that the law knows would bring it. `asks` names what somebody could find out, `doubts` the rules
    that nobody can apply with certainty.
    """

    kind: EndKind
    window: Window | None = None
    plain: Window | None = None
    moved: Window | None = None
    furthest: Window | None = None
    rules: tuple[LegalRule, ...] = ()
    refused: tuple[RefusedExtension, ...] = ()
    asks: tuple[str, ...] = ()
    doubts: tuple[LegalRule, ...] = ()
    is_disputed: bool = False
    steps: tuple[ExplainedStep, ...] = ()


@dataclass(frozen=True)
class Interpretation:
    """One way to read the facts: which charge, of which class, at which age."""

    charge: str | None = None
    offence_class: str | None = None
    age_at_offence: int | None = None
    age: int | None = None


@dataclass(frozen=True)
class LimitReading:
    """One reading and what it comes to."""

    interpretation: Interpretation
    end: ClockEnd


@dataclass(frozen=True)
class Limit:
    """One clock of one person at one instant. The earliest end is the one to act by.

    `readings` holds every distinct result; where there is more than one, the facts or the law leave
    open which of them is right.
    """

    clock: str
    kind: RuleKind
    state: LimitState
    window: Window | None
    furthest: Window | None
    readings: tuple[LimitReading, ...]
    asks: tuple[str, ...]
    confidence: Confidence

    @property
    def rules(self) -> tuple[LegalRule, ...]:
        """Return the rules that made it, each once."""
        found = {rule.key: rule for reading in self.readings for rule in reading.end.rules}
        return tuple(found.values())

    @property
    def refused(self) -> tuple[RefusedExtension, ...]:
        """Return the extensions that do not count in any reading."""
        every = [reading.end.refused for reading in self.readings]
        return tuple(one for one in every[0] if all(one in others for others in every))

    @property
    def doubts(self) -> tuple[LegalRule, ...]:
        """Return the rules that nobody can apply with certainty, each once."""
        found = {rule.key: rule for reading in self.readings for rule in reading.end.doubts}
        return tuple(found.values())

    @property
    def may_be_forbidden(self) -> bool:
        """Whether some reading forbids what the clock is about."""
        return any(reading.end.kind is EndKind.FORBIDDEN for reading in self.readings)

    @property
    def is_reviewed(self) -> bool:
        """Whether a lawyer stands for every rule it rests on: only then is it called over."""
        return all(rule.is_reviewed for rule in self.rules)


def explained(
    what: StepKind, at: Window | None, rule: LegalRule | None, detail: str = ""
) -> ExplainedStep:
    """Return a step of a rule."""
    return ExplainedStep(CountStep(what, at, detail), rule)
