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
