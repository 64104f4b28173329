"""What is said in one place: how an office and a user are called, and how an address names them."""

import re

import pytest

from tests.architecture.source import ROOT, modules

ONCE = {
    # the pattern of what is said, and the only file that says it
    r"LABELS\[": "hrdtracker/web/words/acts.py",
    r"name_km if ": "hrdtracker/web/shell/context.py",
    r"\.label or [\w.]+\.login": "hrdtracker/access/model.py",
    r"\"(?:url|label)\": .*_without\(": "hrdtracker/web/shell/filters.py",
    r"\(count \+ LEAST // 2\)": "hrdtracker/core/suppression.py",
}
BY_LOGIN = ("hrdtracker/accounts/", "hrdtracker/cli/", "hrdtracker/intake/")
"""Where somebody types a user name: to sign in, on the console, in a mapping of a sheet."""


def _texts() -> dict[str, str]:
    pages = {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
        for file in (ROOT / "templates").rglob("*.html")
    }
    return {**pages, **{module.name: module.text for module in modules("hrdtracker")}}


@pytest.mark.parametrize("pattern", ONCE)
def test_a_rule_that_stands_once_stands_nowhere_else(pattern: str) -> None:
    assert [name for name, text in _texts().items() if re.search(pattern, text)] == [ONCE[pattern]]


def test_a_user_is_looked_up_by_the_uid_except_where_somebody_types_the_user_name() -> None:
    found = {name for name, text in _texts().items() if re.search(r"User\.login\s*==", text)}
    assert {name for name in found if not name.startswith(BY_LOGIN)} == set()


GOES_OUT = {
    # what hands out a file, and how what it says of people is kept from outsiders
    "hrdtracker/web/fund/money/export.py": "the books, for finance and auditors; they name nobody",
    "hrdtracker/web/fund/money/report_sheets.py": (
        "reports as they were suppressed and released, and exact figures marked confidential"
    ),
}
A_FILE = re.compile(r"\b(?:as_csv|as_workbook|csv_file|workbook|download)\b")


def test_whatever_hands_out_a_file_says_how_people_are_kept_from_outsiders() -> None:
    programs = {name: text for name, text in _texts().items() if name.endswith(".py")}
    here = {"hrdtracker/core/safe_export.py", "hrdtracker/intake/workbook.py"}
    handing_out = {name for name, text in programs.items() if A_FILE.search(text)}
    reads = {name for name in handing_out if name.startswith("hrdtracker/intake/")}
    assert handing_out - here - reads == set(GOES_OUT)


@pytest.mark.parametrize("name", ["tables", "numbers"])
def test_what_outsiders_are_told_is_made_from_suppressed_tables_alone(name: str) -> None:
    """A count gets into a report only as a table of `suppression`, and only where they are made."""
    made = {"tables": r"ToldNumbers\(\s*tables=", "numbers": r"numbers=numbers\.as_text\(\)"}[name]
    where = [file for file, text in _texts().items() if re.search(made, text)]
    assert where == ["hrdtracker/fund/disclosures/service.py"]
    content = _texts()["hrdtracker/fund/disclosures/content.py"]
    assert re.search(r"return \[tabulate\(", content)
    assert not re.search(r"\bCountTable\((?!\*\*)", content)
