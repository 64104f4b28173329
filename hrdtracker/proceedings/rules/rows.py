"""From one row of a file to one rule, and what a rule must say to be counted by."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from hrdtracker.core.errors import N_, Message
from hrdtracker.proceedings.counting.model import (
    OF_WORKING_DAYS,
    Counting,
    HolidayRule,
)
from hrdtracker.proceedings.rules import cells
from hrdtracker.proceedings.rules.cells import BadCell
from hrdtracker.proceedings.rules.model import (
    BASES,
    COUNTED,
    SHARES,
    AgeAt,
    Amount,
    Applies,
    Citation,
    Condition,
    Confidence,
    Counts,
    FlagCondition,
    LegalRule,
    LengthUnit,
    RuleKind,
    RuleStage,
    Runs,
    Vocabulary,
)

Row = Mapping[str, str]
Read = TypeVar("Read")
RULE_HEADER = (
    "key", "stage", "clock", "kind", "classes", "ages", "age_at", "applies", "requires",
    "amount", "at_least", "counting", "holidays", "extends", "times",
    "from", "from_last", "not_before", "disputed_from", "pauses", "stops",
    "valid_from", "valid_until", "law", "article", "says", "says_km", "sources", "confidence",
    "disputed", "note", "reviewed_by", "reviewed_on",
)  # fmt: skip
CALENDAR = frozenset({LengthUnit.MONTHS, LengthUnit.YEARS})
CLOCK_TIME = frozenset({LengthUnit.MINUTES, LengthUnit.HOURS})


def rule_of(row: Row, country: str) -> LegalRule:
    """Return the rule of a row. Raises `BadCell` for the first cell that does not hold."""
    return LegalRule(
        key=row["key"],
        country=country,
        stage=_read(row, "stage", lambda text: cells.one_of(RuleStage, text)),
        clock=row["clock"],
        kind=_read(row, "kind", lambda text: cells.one_of(RuleKind, text)),
        applies=_applies(row),
        requires=_read(row, "requires", _conditions),
        runs=_runs(row),
        counts=_counts(row),
        cites=_cites(row),
        valid_from=_read(row, "valid_from", cells.day),
        valid_until=_read(row, "valid_until", cells.day),
    )


def _read(row: Row, column: str, read: Callable[[str], Read]) -> Read:
    """Return what a cell says; a `BadCell` names its column."""
    try:
        return read(row[column])
    except BadCell as fault:
        fault.column = column
        raise


def _applies(row: Row) -> Applies:
    return Applies(
        classes=frozenset(cells.parts(row["classes"], "|")),
        ages=_read(row, "ages", lambda text: cells.ages(text) if text else (0, None)),
        age_at=_read(row, "age_at", lambda text: cells.one_of(AgeAt, text or AgeAt.EITHER)),
        conditions=_read(row, "applies", _conditions),
    )


def _conditions(text: str) -> tuple[Condition, ...]:
    return tuple(cells.condition(part) for part in cells.parts(text, ";"))


def _runs(row: Row) -> Runs:
    return Runs(
        origins=_read(row, "from", lambda text: _each(cells.origin, text)),
        not_before=_read(row, "not_before", _events),
        disputed_origins=_read(row, "disputed_from", _events),
        from_last=_read(row, "from_last", cells.is_yes),
        pauses=_read(row, "pauses", lambda text: _each(cells.pause, text)),
        stops=_read(row, "stops", _events),
    )


def _each(read: Callable[[str], Read], text: str) -> tuple[Read, ...]:
    return tuple(read(part) for part in cells.parts(text, "|"))


def _events(text: str) -> tuple[str, ...]:
    return _each(cells.event, text)


def _counts(row: Row) -> Counts:
    return Counts(
        amount=_read(row, "amount", _amount),
        at_least=_read(row, "at_least", _amount),
        countings=_read(row, "counting", lambda text: _each(_counting, text)),
        holiday_rule=_read(
            row, "holidays", lambda text: cells.one_of(HolidayRule, text or HolidayRule.NONE)
        ),
        extends=cells.parts(row["extends"], "|"),
        times=_read(row, "times", cells.times),
    )


def _amount(text: str) -> Amount | None:
    return cells.amount(text) if text else None


def _counting(text: str) -> Counting:
    return cells.one_of(Counting, text)


def _cites(row: Row) -> Citation:
    return Citation(
        law=row["law"],
        article=row["article"],
        says=row["says"],
        says_km=row["says_km"],
        sources=cells.parts(row["sources"], "|"),
        confidence=_read(row, "confidence", lambda text: cells.one_of(Confidence, text)),
        disputed=row["disputed"],
        note=row["note"],
        reviewed_by=row["reviewed_by"],
        reviewed_on=_read(row, "reviewed_on", cells.day),
    )


def faults(rule: LegalRule, words: Vocabulary) -> Iterator[tuple[str, Message]]:
    """Yield each reason for which a rule cannot be taken, after the column where it is mended."""
    for is_wrong, column, sentence in CHECKS:
        if is_wrong(rule):
            yield column, Message(sentence)
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


CHECKS: tuple[tuple[Callable[[LegalRule], bool], str, str], ...] = (
    (_names, "says", N_("it needs a key, a clock, the law, what that says, and who says so")),
    (_lacks_amount, "amount", N_("this kind needs an amount with its unit")),
    (_lacks_counting, "counting", N_("this kind needs to say how it is counted")),
    (_lacks_origin, "from", N_("this kind needs the event it runs from")),
    (_lacks_extended, "extends", N_("an extension needs the rule it extends")),
    (_extends_by_share, "amount", N_("an extension has a length of its own, no share")),
    (_is_month_in_hours, "counting", N_("months, years and shares of a term have no exact length")),
    (_is_hour_in_days, "counting", N_("hours and minutes are counted as an exact instant")),
    (_is_share_in_days, "counting", N_("a share of a term is not counted so")),
    (
        _mixes_working_days,
        "counting",
        N_("working days need their unit, their counting and their holiday rule"),
    ),
    (_is_fraction_of_time, "amount", N_("only a share of a term may be a fraction")),
    (_ends_early, "valid_until", N_("its last day lies before its first")),
    (_is_half_reviewed, "reviewed_by", N_("a review needs both who reviewed it and when")),
    (_hides_dispute, "disputed", N_("what is disputed needs to say what the dispute is")),
)


def _unknown_words(rule: LegalRule, words: Vocabulary) -> Iterator[tuple[str, Message]]:
    named = (
        ("from", N_("unknown event “%(word)s”"), _events_of(rule), words.events),
        ("applies", N_("unknown flag “%(word)s”"), _flags_of(rule), frozenset(words.flags)),
        (
            "classes",
            N_("unknown class of offence “%(word)s”"),
            rule.applies.classes,
            frozenset(words.classes),
        ),
        (
            "sources",
            N_("unknown source “%(word)s”"),
            frozenset(rule.cites.sources),
            frozenset(words.sources),
        ),
    )
    for column, sentence, used, known in named:
        yield from ((column, Message(sentence, {"word": word})) for word in sorted(used - known))


def _events_of(rule: LegalRule) -> frozenset[str]:
    runs = rule.runs
    origins = {event for origin in runs.origins for event in origin.events}
    pauses = {event for pause in runs.pauses for event in pause}
    return frozenset(origins | pauses | {*runs.not_before, *runs.disputed_origins, *runs.stops})


def _flags_of(rule: LegalRule) -> frozenset[str]:
    conditions = [*rule.applies.conditions, *rule.requires]
    conditions += [origin.condition for origin in rule.runs.origins if origin.condition]
    return frozenset(each.flag for each in conditions if isinstance(each, FlagCondition))
