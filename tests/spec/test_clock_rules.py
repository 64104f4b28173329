"""The files of rules hold, say what was read, and are refused whole where a row does not hold."""

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from hrdtracker.proceedings.rules.files import FOLDER, BrokenRules, rule_book
from hrdtracker.proceedings.rules.model import LegalRule
from hrdtracker.proceedings.rules.rows import RULE_HEADER
from tests.shared import csv_rows, shared

FOREIGN = Path(__file__).parent / "foreign_rules"
NUMBER = re.compile(r"\d+")
ADDED = {"sentence_limit_none"}
"""What was read as well, in `differences.md`, and has no row of its own there."""
COUNTED_OTHERWISE = {
    "immediate_appearance_judgment",  # both readings of “from the date”
    "release_request_again",  # the cases take the day itself, not its end
    "conditional_release",
    "demo_notice",  # clear days or not, as the cases do
    "demo_reply",  # the cases count working days
    "sentence_end_holiday",  # the days off are its holiday rule
}
"""Rules that are counted otherwise than their row says, each as the cases worked by hand do."""


@pytest.mark.parametrize(("country", "folder"), [("KH", FOLDER), ("DE", FOREIGN), ("AZ", FOREIGN)])
def test_the_rules_of_a_country_hold_with_no_line_of_code_for_it(
    country: str, folder: Path
) -> None:
    book = rule_book(country, folder)
    assert len(book.rules) > 10
    assert {rule.country for rule in book.rules} == {country}


def _read() -> dict[str, dict[str, str]]:
    rows = csv_rows(shared("domain/procedure/rules_kh.csv"))
    return {row["key"]: row for row in rows}


def _ours() -> dict[str, LegalRule]:
    return {rule.key: rule for rule in rule_book("KH").rules}


def test_every_rule_that_was_read_is_there_and_no_other() -> None:
    assert _ours().keys() - ADDED == _read().keys()


def test_each_rule_is_as_sure_as_what_was_read() -> None:
    said = {key: row["confidence"] for key, row in _read().items()}
    assert {key: str(_ours()[key].cites.confidence) for key in said} == said


def test_each_rule_names_the_articles_of_what_was_read() -> None:
    ours = {key: f"{rule.cites.law} {rule.cites.article}" for key, rule in _ours().items()}
    missing = {
        key: row["article"]
        for key, row in _read().items()
        if not set(NUMBER.findall(row["article"])) <= set(NUMBER.findall(ours[key]))
    }
    assert missing == {}


def test_each_rule_has_the_figure_of_what_was_read() -> None:
    ours = _ours()
    figures = {
        key: str(ours[key].counts.amount.number)  # type: ignore[union-attr]  # all of these have one
        for key, row in _read().items()
        if row["length"] and row["rounding"] and ours[key].counts.amount
    }
    said = {key: _read()[key]["length"] for key in figures}
    shares = {"0.5": "1/2", "0.6667": "2/3", "0.3333": "1/3"}
    assert figures == {key: shares.get(length, length) for key, length in said.items()}


def test_each_rule_is_counted_as_its_row_says_but_for_those_that_the_cases_count_otherwise() -> (
    None
):
    ours = _ours()
    otherwise = {
        key
        for key, row in _read().items()
        if row["rounding"]
        and ours[key].counts.countings
        and row["rounding"] not in ours[key].counts.countings
    }
    assert otherwise <= COUNTED_OTHERWISE


def test_nothing_is_reviewed_on_installation() -> None:
    assert [rule.key for rule in rule_book("KH").rules if rule.is_reviewed] == []


def _folder(tmp_path: Path, **cells: str) -> Path:
    """Return rules of which the one of adults’ custody was changed in some cells."""
    shutil.copytree(FOLDER / "kh", tmp_path / "kh")
    return _change(tmp_path, "custody_base", cells)


def _change(folder: Path, key: str, cells: dict[str, str], *, copy: bool = False) -> Path:
    file = folder / "kh" / "rules.csv"
    rows = csv_rows(file)
    (row,) = [row for row in rows if row["key"] == key]
    changed = dict(row) if copy else row
    rows += [changed] * copy
    changed.update({name.removesuffix("_"): cell for name, cell in cells.items()})
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, RULE_HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return folder


FAULTS = [
    ({"kind": "longest"}, "“longest” is none of: latest, earliest"),
    ({"amount": "48"}, "“” is none of: minutes, hours"),
    ({"amount": "many hours"}, "does not begin with a number"),
    ({"amount": "-1 hours"}, "less than nothing"),
    ({"amount": ""}, "custody_base: this kind needs an amount with its unit"),
    ({"amount": "1/2 hours"}, "only a share of a term may be a fraction"),
    ({"amount": "2 months"}, "months, years and shares of a term have no exact length"),
    ({"counting": "end_of_day"}, "hours and minutes are counted as an exact instant"),
    ({"counting": ""}, "this kind needs to say how it is counted"),
    ({"counting": "roughly"}, "“roughly” is none of: exact_instant"),
    ({"counting": "working_days", "amount": "5 days"}, "working days need their unit"),
    ({"holidays": "sometimes"}, "“sometimes” is none of: none, unknown"),
    ({"from_": ""}, "this kind needs the event it runs from"),
    ({"from_": "custody.landing"}, "unknown event “custody.landing”"),
    ({"from_": "landing"}, "“landing” is no name of an event"),
    ({"classes": "treason"}, "unknown class of offence “treason”"),
    ({"ages": "17-14"}, "“17-14” ends before it begins"),
    ({"ages": "young"}, "“young” is no range of ages"),
    ({"applies": "friendly"}, "unknown flag “friendly”"),
    ({"applies": "height >= 2 months"}, "“height” is none of: penalty.minimum"),
    ({"sources": "hearsay"}, "unknown source “hearsay”"),
    ({"sources": ""}, "it needs a key, a clock, the law"),
    ({"confidence": "quite"}, "“quite” is none of: read in text"),
    ({"confidence": "disputed"}, "what is disputed needs to say what the dispute is"),
    ({"valid_from": "1 May"}, "“1 May” is no day such as"),
    (
        {"valid_from": "2020-01-02", "valid_until": "2020-01-01"},
        "its last day lies before its first",
    ),
    ({"reviewed_by": "A. Lawyer"}, "a review needs both who reviewed it and when"),
    ({"kind": "extension"}, "an extension needs the rule it extends"),
    ({"times": "twice"}, "“twice” is no number of times"),
    ({"times": "0"}, "“0” is no number of times"),
    ({"from_last": "perhaps"}, "“perhaps” is neither a yes nor empty"),
]


@pytest.mark.parametrize(("cells", "why"), FAULTS)
def test_a_row_that_does_not_hold_is_refused_with_its_file_its_row_and_the_reason(
    tmp_path: Path, cells: dict[str, str], why: str
) -> None:
    folder = _folder(tmp_path, **cells)
    with pytest.raises(BrokenRules) as refused:
        rule_book("KH", folder)
    first = refused.value.faults[0]
    assert first.startswith("rules.csv, row 7: ")
    assert why in first


def test_two_rules_that_end_one_clock_for_the_same_people_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, ages="17+")
    with pytest.raises(BrokenRules) as refused:
        rule_book("KH", folder)
    ends = "its clock ends by custody_base for the same people."
    assert refused.value.faults == (
        f"rules.csv, row 15: custody_minor_16_17_felony: {ends}",
        f"rules.csv, row 16: custody_minor_16_17_misd: {ends}",
    )


def test_every_fault_of_every_row_is_named_at_once(tmp_path: Path) -> None:
    folder = _folder(tmp_path, kind="longest")
    _change(folder, "custody_cap", {"amount": "72"})
    with pytest.raises(BrokenRules) as refused:
        rule_book("KH", folder)
    assert [fault.split(":")[0] for fault in refused.value.faults[:2]] == [
        "rules.csv, row 7",
        "rules.csv, row 9",
    ]


def test_two_versions_of_a_rule_that_overlap_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, valid_until="2025-06-30")
    _change(folder, "custody_base", {"valid_from": "2025-06-30", "valid_until": ""}, copy=True)
    with pytest.raises(BrokenRules, match="this version overlaps the one of row 7"):
        rule_book("KH", folder)


def test_versions_that_follow_each_other_are_both_kept(tmp_path: Path) -> None:
    folder = _folder(tmp_path, valid_until="2025-06-30")
    later = {"valid_from": "2025-07-01", "valid_until": "", "amount": "24 hours"}
    _change(folder, "custody_base", later, copy=True)
    book = rule_book("KH", folder)
    before, after = (
        [
            rule.counts.amount
            for rule in book.in_force("police_custody", day)
            if rule.key == "custody_base"
        ]
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert [str(amount.number) for amount in (*before, *after) if amount] == ["48", "24"]


def test_an_extension_of_what_its_clock_does_not_have_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    _change(folder, "custody_ext_felony", {"extends": "ptd_misd_base"})
    with pytest.raises(BrokenRules, match="it extends “ptd_misd_base”, which its clock"):
        rule_book("KH", folder)


@pytest.mark.parametrize("key", ["custody.released", ""])
def test_a_word_that_stands_twice_or_is_empty_is_refused(tmp_path: Path, key: str) -> None:
    folder = _folder(tmp_path)
    file = folder / "kh" / "events.csv"
    file.write_text(f"{file.read_text(encoding='utf-8')}{key},again,\n", encoding="utf-8")
    with pytest.raises(BrokenRules, match="is empty or stands twice"):
        rule_book("KH", folder)


def test_a_single_age_may_be_said_as_a_range(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    _change(folder, "custody_minor_no_ext", {"ages": "16-16"})
    (rule,) = rule_book("KH", folder).of_key("custody_minor_no_ext")
    assert rule.applies.ages == (16, 16)


def test_a_file_that_is_missing_or_has_other_columns_is_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "kh" / "events.csv").unlink()
    (folder / "kh" / "flags.csv").write_text("key,says\n", encoding="utf-8")
    with pytest.raises(BrokenRules) as refused:
        rule_book("KH", folder)
    assert refused.value.faults[:2] == (
        "events.csv is missing, or not UTF-8.",
        "flags.csv, row 1: the columns must be key,says,says_km,unsaid.",
    )
