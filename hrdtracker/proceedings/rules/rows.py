"""From one row of a file to one rule, and what a rule must say to be counted by."""

from collections.abc import Callable, Iterator, Mapping

from hrdtracker.proceedings.counting.model import (
    OF_WORKING_DAYS,
    Counting,
    HolidayRule,
)
from hrdtracker.proceedings.rules import cells
from hrdtracker.proceedings.rules.model import (
    BASES,
    COUNTED,
    SHARES,
    AgeAt,
    Applies,
    Citation,
    Confidence,
    Counts,
    FlagCondition,
    LegalRule,
    LengthUnit,
    RuleKind,
    Runs,
    Vocabulary,
)

Row = Mapping[str, str]
RULE_HEADER = (
    "key", "clock", "kind", "classes", "ages", "age_at", "applies", "requires",
    "amount", "at_least", "counting", "holidays", "extends", "times",
    "from", "from_last", "not_before", "disputed_from", "pauses", "stops",
    "valid_from", "valid_until", "law", "article", "says", "sources", "confidence", "disputed",
    "note", "reviewed_by", "reviewed_on",
)  # fmt: skip
CALENDAR = frozenset({LengthUnit.MONTHS, LengthUnit.YEARS})
CLOCK_TIME = frozenset({LengthUnit.MINUTES, LengthUnit.HOURS})


def rule_of(row: Row, country: str) -> LegalRule:
    """Return the rule of a row. Raises `BadCell` for the first cell that does not hold."""
    return LegalRule(
        key=row["key"],
        country=country,
        clock=row["clock"],
        kind=cells.one_of(RuleKind, row["kind"]),
        applies=_applies(row),
        requires=tuple(cells.condition(part) for part in cells.parts(row["requires"], ";")),
        runs=_runs(row),
        counts=_counts(row),
        cites=_cites(row),
        valid_from=cells.day(row["valid_from"]),
        valid_until=cells.day(row["valid_until"]),
    )


def _applies(row: Row) -> Applies:
    return Applies(
        classes=frozenset(cells.parts(row["classes"], "|")),
        ages=cells.ages(row["ages"]) if row["ages"] else (0, None),
        age_at=cells.one_of(AgeAt, row["age_at"] or AgeAt.EITHER),
        conditions=tuple(cells.condition(part) for part in cells.parts(row["applies"], ";")),
    )


def _runs(row: Row) -> Runs:
    return Runs(
        origins=tuple(cells.origin(part) for part in cells.parts(row["from"], "|")),
        not_before=_events(row["not_before"]),
        disputed_origins=_events(row["disputed_from"]),
        from_last=cells.is_yes(row["from_last"]),
        pauses=tuple(cells.pause(part) for part in cells.parts(row["pauses"], "|")),
        stops=_events(row["stops"]),
    )


def _events(text: str) -> tuple[str, ...]:
    return tuple(cells.event(part) for part in cells.parts(text, "|"))


def _counts(row: Row) -> Counts:
    return Counts(
        amount=cells.amount(row["amount"]) if row["amount"] else None,
        at_least=cells.amount(row["at_least"]) if row["at_least"] else None,
        countings=tuple(cells.one_of(Counting, part) for part in cells.parts(row["counting"], "|")),
        holiday_rule=cells.one_of(HolidayRule, row["holidays"] or HolidayRule.NONE),
        extends=cells.parts(row["extends"], "|"),
        times=cells.times(row["times"]),
    )


def _cites(row: Row) -> Citation:
    return Citation(
        law=row["law"],
        article=row["article"],
        says=row["says"],
        sources=cells.parts(row["sources"], "|"),
        confidence=cells.one_of(Confidence, row["confidence"]),
        disputed=row["disputed"],
        note=row["note"],
        reviewed_by=row["reviewed_by"],
        reviewed_on=cells.day(row["reviewed_on"]),
    )


def faults(rule: LegalRule, words: Vocabulary) -> Iterator[str]:
    """Yield each reason for which a rule cannot be taken, in words."""
    for is_wrong, sentence in CHECKS:
        if is_wrong(rule):
            yield sentence
    yield from _unknown_words(rule, words)


def _names(rule: LegalRule) -> bool:
    return not all((rule.key, rule.clock, rule.cites.law, rule.cites.says, rule.cites.sources))


def _lacks_amount(rule: LegalRule) -> bool:
    return rule.kind in COUNTED and rule.counts.amount is None


def _lacks_counting(rule: LegalRule) -> bool:
    return rule.kind in BASES and not rule.counts.countings


def _lacks_origin(rule: LegalRule) -> bool:
    return rule.kind in {*BASES, RuleKind.RESTART} and not rule.runs.origins


def _lacks_extended(rule: LegalRule) -> bool:
    return rule.kind is RuleKind.EXTENSION and not rule.counts.extends


def _extends_by_share(rule: LegalRule) -> bool:
    return rule.kind is RuleKind.EXTENSION and _has_unit_of(rule, SHARES)


def _has_unit_of(rule: LegalRule, units: frozenset[LengthUnit]) -> bool:
    return rule.counts.amount is not None and rule.counts.amount.unit in units


def _is_month_in_hours(rule: LegalRule) -> bool:
    return _has_unit_of(rule, CALENDAR | SHARES) and (
        Counting.EXACT_INSTANT in rule.counts.countings or rule.kind is RuleKind.BACKWARDS
    )


def _is_hour_in_days(rule: LegalRule) -> bool:
    return _has_unit_of(rule, CLOCK_TIME) and not set(rule.counts.countings) <= {
        Counting.EXACT_INSTANT
    }


def _is_share_in_days(rule: LegalRule) -> bool:
    return _has_unit_of(rule, SHARES) and not set(rule.counts.countings) <= {
        Counting.ART49_UNITS,
        Counting.SAME_DAY,
        Counting.SAME_CLOCK_TIME_CLAMPED,
    }


def _mixes_working_days(rule: LegalRule) -> bool:
    counted = bool(set(rule.counts.countings) & OF_WORKING_DAYS)
    skipped = rule.counts.holiday_rule is HolidayRule.COUNT_WORKING_DAYS
    return len({counted, skipped, _has_unit_of(rule, frozenset({LengthUnit.WORKING_DAYS}))}) > 1


def _is_fraction_of_time(rule: LegalRule) -> bool:
    amounts = [some for some in (rule.counts.amount, rule.counts.at_least) if some]
    return any(some.unit not in SHARES and some.number.denominator != 1 for some in amounts)


def _ends_early(rule: LegalRule) -> bool:
    return bool(rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from)


def _is_half_reviewed(rule: LegalRule) -> bool:
    return bool(rule.cites.reviewed_by) != (rule.cites.reviewed_on is not None)


def _hides_dispute(rule: LegalRule) -> bool:
    return rule.cites.confidence is Confidence.DISPUTED and not rule.cites.disputed


CHECKS: tuple[tuple[Callable[[LegalRule], bool], str], ...] = (
    (_names, "key, clock, law, says and sources must all be filled in"),
    (_lacks_amount, "this kind needs an amount with its unit"),
    (_lacks_counting, "this kind needs to say how it is counted"),
    (_lacks_origin, "this kind needs the event it runs from"),
    (_lacks_extended, "an extension needs the rule it extends"),
    (_extends_by_share, "an extension has a length of its own, no share"),
    (_is_month_in_hours, "months, years and shares of a term have no exact length"),
    (_is_hour_in_days, "hours and minutes are counted as an exact instant"),
    (_is_share_in_days, "a share of a term is not counted so"),
    (_mixes_working_days, "working days need their unit, their counting and their holiday rule"),
    (_is_fraction_of_time, "only a share of a term may be a fraction"),
    (_ends_early, "valid_until lies before valid_from"),
    (_is_half_reviewed, "a review needs both who reviewed it and when"),
    (_hides_dispute, "what is disputed needs to say what the dispute is"),
)


def _unknown_words(rule: LegalRule, words: Vocabulary) -> Iterator[str]:
    named = {
        "event": (_events_of(rule), words.events),
        "flag": (_flags_of(rule), frozenset(words.flags)),
        "class of offence": (rule.applies.classes, frozenset(words.classes)),
        "source": (frozenset(rule.cites.sources), frozenset(words.sources)),
    }
    for what, (used, known) in named.items():
        yield from (f"unknown {what} “{word}”" for word in sorted(used - known))


def _events_of(rule: LegalRule) -> frozenset[str]:
    runs = rule.runs
    origins = {event for origin in runs.origins for event in origin.events}
    pauses = {event for pause in runs.pauses for event in pause}
    return frozenset(origins | pauses | {*runs.not_before, *runs.disputed_origins, *runs.stops})


def _flags_of(rule: LegalRule) -> frozenset[str]:
    conditions = [*rule.applies.conditions, *rule.requires]
    conditions += [origin.condition for origin in rule.runs.origins if origin.condition]
    return frozenset(each.flag for each in conditions if isinstance(each, FlagCondition))
