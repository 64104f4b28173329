"""What courts decided about one accused, in the words of the rules: judgments and appeals."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hrdtracker.core.when.model import When, sort_at
from hrdtracker.proceedings.clocks.court_facts import STANDS, CourtFacts
from hrdtracker.proceedings.counting.model import NO_TIME, Length
from hrdtracker.proceedings.facts import LIFE, DatedEvent
from hrdtracker.proceedings.model import (
    FINAL,
    Appellant,
    CourtLevel,
    Judgment,
    JudgmentAppeal,
    Presence,
    Proceeding,
    RequestKind,
)

Judged = tuple[Judgment, list[JudgmentAppeal]]
PRONOUNCED: Mapping[CourtLevel, str] = MappingProxyType(
    {
        CourtLevel.FIRST_INSTANCE: "judgment.pronounced",
        CourtLevel.COURT_OF_APPEAL: "appeal_judgment.pronounced",
        CourtLevel.SUPREME_COURT: "supreme_judgment.pronounced",
    }
)
NOTIFIED: Mapping[CourtLevel, str] = MappingProxyType(
    {
        CourtLevel.FIRST_INSTANCE: "judgment.notified_or_known",
        CourtLevel.COURT_OF_APPEAL: "appeal_judgment.notified",
    }
)
PRESENT: Mapping[CourtLevel, tuple[str, str]] = MappingProxyType(
    {
        CourtLevel.FIRST_INSTANCE: ("present", "notified"),
        CourtLevel.COURT_OF_APPEAL: ("present_at_appeal", "notified_of_appeal"),
    }
)
"""By which flags it is said that somebody was there, and that they were notified."""


def judgments_by_court(facts: CourtFacts) -> Mapping[CourtLevel, Judged]:
    """Return the last judgment of each court: one that tries a case again replaces the first."""
    ordered = sorted(facts.judgments.values(), key=lambda judged: _at(judged[0]))
    return {level_of(judged[0]): judged for judged in ordered}


def level_of(judgment: Judgment) -> CourtLevel:
    """Return the level of the court of a judgment; one that nobody named is the first."""
    known = {str(level) for level in CourtLevel}
    named = judgment.pronounced_by
    return CourtLevel(named) if named in known else CourtLevel.FIRST_INSTANCE


def _at(judgment: Judgment) -> tuple[float, int]:
    pronounced = Judgment.pronounced.plain(judgment)
    at = sort_at(pronounced, judgment.recorded_at) if pronounced else judgment.recorded_at
    return at.timestamp(), judgment.id


def judgment_events(facts: CourtFacts) -> Iterator[DatedEvent]:
    """Yield when judgments were pronounced and notified, and when a conviction became final."""
    for level, (judgment, _) in judgments_by_court(facts).items():
        yield from _dated(PRONOUNCED[level], Judgment.pronounced.plain(judgment))
        if level in NOTIFIED:
            yield from _dated(NOTIFIED[level], Judgment.notified.plain(judgment))
    row = facts.proceeding
    if row is not None and row.end_kind == FINAL and is_convicted(facts):
        ended = Proceeding.ended.plain(row)
        yield from _dated("judgment.final", ended)
        yield from _dated("conviction.final", ended)


def _dated(name: str, when: When | None) -> Iterator[DatedEvent]:
    if when is not None:
        yield DatedEvent(name, when)


def judgment_flags(facts: CourtFacts) -> dict[str, bool]:
    """Return what the judgments say yes or no to, by the flags of the rules.

    Nobody notified of a judgment by default is somebody whom nobody is known to have notified: what
    runs from the notification has not begun.
    """
    flags: dict[str, bool] = {}
    judged = judgments_by_court(facts)
    for level, (present, notified) in PRESENT.items():
        row = judged[level][0] if level in judged else None
        if row is not None and row.presence is not None:
            flags[present] = row.presence != Presence.DEFAULT
        if row is not None and row.presence == Presence.DEFAULT:
            flags[notified] = Judgment.notified.plain(row) is not None
    flags |= dict.fromkeys(_appealed(judged), True)
    if any(request.kind == RequestKind.OPPOSITION for request in facts.requests):
        flags["opposed"] = True
    if judged and not is_convicted(facts):
        flags["convicted"] = False
    sentence = sentence_of(facts)
    if sentence is not None:
        flags["suspended"] = suspended_part(sentence) != NO_TIME
    return flags


APPEALED: Mapping[tuple[CourtLevel, str], str] = MappingProxyType(
    {
        (CourtLevel.FIRST_INSTANCE, Appellant.ACCUSED): "appealed_by_accused",
        (CourtLevel.FIRST_INSTANCE, Appellant.PROSECUTOR): "appealed_by_prosecutor",
        (CourtLevel.FIRST_INSTANCE, Appellant.CIVIL_PARTY): "appealed_by_civil_party",
        (CourtLevel.COURT_OF_APPEAL, Appellant.ACCUSED): "appealed_in_cassation",
    }
)


def _appealed(judged: Mapping[CourtLevel, Judged]) -> Iterator[str]:
    for level, (_, appeals) in judged.items():
        for appeal in appeals:
            flag = APPEALED.get((level, appeal.appellant))
            if flag:
                yield flag


def is_convicted(facts: CourtFacts) -> bool:
    """Tell whether somebody is convicted, as far as is recorded: no if no charge stands now."""
    steps = [charge.last_step for charge, _ in facts.charges.values()]
    return not steps or any(step in STANDS for step in steps)


# The sentence -------------------------------------------------------------------------------------


def sentence_of(facts: CourtFacts) -> Judgment | None:
    """Return the judgment whose prison sentence counts: the last that imposed one or a fine.

    None where the last of them imposed no prison, or where nobody is convicted any more.
    """
    ordered = sorted((judged[0] for judged in facts.judgments.values()), key=_at)
    imposing = [row for row in ordered if has_prison(row) or row.fine is not None]
    if not imposing or not is_convicted(facts) or not has_prison(imposing[-1]):
        return None
    return imposing[-1]


def has_prison(judgment: Judgment) -> bool:
    """Tell whether a judgment imposed prison."""
    return judgment.for_life or bool(judgment.prison_months or judgment.prison_days)


def length_of(judgment: Judgment) -> Length:
    """Return how long a sentence is."""
    if judgment.for_life:
        return LIFE
    return Length(judgment.prison_months or 0, judgment.prison_days or 0)


def suspended_part(judgment: Judgment) -> Length:
    """Return which part of a sentence is suspended."""
    return Length(judgment.suspended_months or 0, judgment.suspended_days or 0)
