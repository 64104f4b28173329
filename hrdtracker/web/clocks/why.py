"""Why a limit ends when it does, in one line a step: for the page, for paper, for a lawyer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day
from hrdtracker.proceedings.counting.model import StepKind, Window
from hrdtracker.proceedings.limits.model import (
    ClockEnd,
    EndKind,
    ExplainedStep,
    Interpretation,
    Limit,
    LimitReading,
    RefusalReason,
)
from hrdtracker.proceedings.rules.model import Citation, LegalRule
from hrdtracker.web.shell.context import locale, number
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.limits import (
    CONFIDENCES,
    say_class,
    say_counted,
    say_label,
    say_law,
    say_window,
)


@dataclass(frozen=True)
class WhyStep:
    """One step: what happened, from which rule or fact, and where the end stands then."""

    what: str
    source: str
    gives: str


@dataclass(frozen=True)
class WhyReading:
    """One way to read the law and the facts: in which case, what it comes to, step by step."""

    when: str
    result: str
    steps: Sequence[WhyStep]


@dataclass(frozen=True)
class RuleLine:
    """A rule on which a limit rests: what it says, where it stands, how sure that is."""

    says: str
    law: str
    sure: str
    note: str


def rule_line(rule: LegalRule) -> RuleLine:
    """Return one rule in words, with what is disputed of it and who checked it."""
    cites = rule.cites
    sure = str(gettext(CONFIDENCES[cites.confidence]))
    if cites.reviewed_on is not None:
        sure = str(
            gettext("Checked by a lawyer, %(day)s", day=say_day(cites.reviewed_on, locale()))
        )
    return RuleLine(says(cites), say_law(cites), sure, cites.disputed or cites.note)


def why_readings(limit: Limit) -> list[WhyReading]:
    """Return every reading that comes to another end, the earliest first."""
    by_result: dict[tuple[EndKind, Window | None], list[LimitReading]] = {}
    for reading in limit.readings:
        by_result.setdefault((reading.end.kind, reading.end.window), []).append(reading)
    ordered = sorted(by_result.items(), key=lambda pair: _place(pair[0][1]))
    is_one = len(ordered) == 1
    return [
        WhyReading(
            "" if is_one else _say_cases(reading.interpretation for reading in some),
            say_result(kind, window),
            _steps(some[0].end),
        )
        for (kind, window), some in ordered
    ]


def _place(window: Window | None) -> float:
    earliest = window.earliest if window else None
    return earliest.timestamp() if earliest else float("-inf")


def say_result(kind: EndKind, window: Window | None) -> str:
    """Return what one reading comes to."""
    if kind in RESULTS:
        return str(gettext(RESULTS[kind]))
    if window is None or window.earliest is None:
        return str(gettext("Not known"))
    return say_window(window.earliest, window.latest)


RESULTS: Mapping[EndKind, str] = {
    EndKind.FORBIDDEN: N_("Not allowed at all"),
    EndKind.NOT_STARTED: N_("Not started"),
    EndKind.STOPPED: N_("It ended with what happened since"),
    EndKind.NEVER_RUNS: N_("No limit"),
    EndKind.ALLOWED: N_("Allowed"),
    EndKind.NOT_KNOWN: N_("Not known"),
}


def _say_cases(some: Iterable[Interpretation]) -> str:
    """Return in which cases a reading holds: "If felony, aged 14 or more"."""
    said = dict.fromkeys(_say_case(one) for one in some)
    return str(gettext("If: %(cases)s", cases=", ".join(f"({case})" for case in said if case)))


def _say_case(one: Interpretation) -> str:
    parts = []
    if one.offence_class:
        parts.append(say_class(one.offence_class))
    if one.age is not None:
        parts.append(str(gettext("aged %(age)s", age=number(one.age))))
    return ", ".join(parts)


def _steps(end: ClockEnd) -> list[WhyStep]:
    """Return the steps of one reading; a rule is cited where it first speaks."""
    found, cited = [], set[str]()
    for step in end.steps:
        rule = step.rule if step.rule and step.rule.key not in cited else None
        if rule and step.step.what not in QUIET:
            cited.add(rule.key)
        found.append(_step(step, rule))
    return found


QUIET = frozenset({StepKind.STARTED, StepKind.HOUR_UNKNOWN, StepKind.START_UNKNOWN})
"""Steps that say what happened, and cite no rule."""


def _step(explained: ExplainedStep, cited: LegalRule | None) -> WhyStep:
    step = explained.step
    what = _say_step(step.what, step.detail)
    if step.what in {StepKind.STARTED, StepKind.START_UNKNOWN}:
        source = _say_event(explained.rule)
    elif step.what is StepKind.AWAITED:
        source = say_label(step.detail)
    elif step.what in NOTES:
        source = str(gettext(NOTES[step.what]))
    else:
        source = say_rule(cited) if cited and step.what not in QUIET else ""
    at = step.at
    gives = say_window(at.earliest, at.latest) if at and at.earliest else ""
    return WhyStep(what, source, gives)


def _say_event(rule: LegalRule | None) -> str:
    """Return from which events a clock runs."""
    origins = rule.runs.origins if rule else ()
    return " / ".join(say_label(event) for origin in origins for event in origin.events)


def says(cites: Citation) -> str:
    """Return what a rule says, in the reader’s language where somebody wrote it."""
    return (cites.says_km if locale() == "km" else "") or cites.says


def say_rule(rule: LegalRule) -> str:
    """Return what a rule says, and where it stands."""
    return in_a_row(says(rule.cites).rstrip(".។"), say_law(rule.cites))


STEPS: Mapping[StepKind, str] = {
    StepKind.STARTED: N_("It begins"),
    StepKind.AWAITED: N_("It has not begun: this has not happened, as far as is recorded"),
    StepKind.START_UNKNOWN: N_("When it began is not known"),
    StepKind.HOUR_UNKNOWN: N_("The hour is not known"),
    StepKind.COUNTED: "%(length)s",
    StepKind.CLAMPED: N_("The last day of the month"),
    StepKind.ROLLED_FORWARD: N_("Moved to the next working day"),
    StepKind.MIGHT_ROLL_FORWARD: N_("Perhaps moved to the next working day"),
    StepKind.RELEASED_BEFORE: N_("Brought forward to the last working day"),
    StepKind.HOLIDAYS_UNKNOWN: N_("The public holidays of that year are not known"),
    StepKind.EXTENDED: N_("Extended by %(length)s"),
    StepKind.EXTENSION_REFUSED: N_("An extension that does not count: %(why)s"),
    StepKind.CAPPED: N_("At most %(length)s"),
    StepKind.PAUSED: N_("It paused"),
    StepKind.RESTARTED: N_("It began anew"),
    StepKind.NOT_REVIVED: N_("An act after its end revives nothing"),
    StepKind.CREDITED: N_("Credited detention: %(length)s"),
    StepKind.PERHAPS_CREDITED: N_("Perhaps credited besides: %(length)s"),
    StepKind.SUSPENDED_PART: N_("Suspended: %(length)s"),
    StepKind.GROUND_FELL_AWAY: N_("The ground of the extension fell away"),
    StepKind.FIRST_OF_SEVERAL: N_("The first of several"),
    StepKind.OTHER_ACCOUNT: N_("Another source says another hour"),
    StepKind.FORBIDDEN: N_("Not allowed at all"),
    StepKind.ALLOWED: N_("Allowed"),
    StepKind.NEVER_RUNS: N_("No limit"),
    StepKind.DOUBTED: N_("Nobody can tell whether this is met"),
    StepKind.STOPPED: N_("It ended with what happened since"),
}
"""What each step says; its length is one such as “48 hours”."""


def _say_step(what: StepKind, detail: str) -> str:
    why = str(gettext(REASONS[RefusalReason(detail)])) if what in REFUSED else ""
    return str(gettext(STEPS[what], length=say_counted(detail), why=why))


REFUSED = frozenset({StepKind.EXTENSION_REFUSED})
NOTES: Mapping[StepKind, str] = {
    StepKind.HOUR_UNKNOWN: N_(
        "Every hour that is possible was counted. The earlier end stands first."
    ),
    StepKind.OTHER_ACCOUNT: N_("Each hour was counted. The earlier end stands first."),
    StepKind.CLAMPED: N_(
        "That month has no such day. Our reading: no article was found that says it."
    ),
    StepKind.HOLIDAYS_UNKNOWN: N_("Nobody has entered the decree of that year."),
}
"""What is said beside steps that follow no article."""
REASONS: Mapping[RefusalReason, str] = {
    RefusalReason.WRONG_CLASS: N_("not for this class of offence"),
    RefusalReason.NOT_FOR_THIS_AGE: N_("not at this age"),
    RefusalReason.REQUIREMENT_NOT_MET: N_("what it requires is not met"),
    RefusalReason.TOO_LATE: N_("it came after the end"),
    RefusalReason.CAP_REACHED: N_("no more is allowed in all"),
    RefusalReason.NO_FURTHER: N_("no further one is allowed"),
}
