"""Rules of law are rows: loaded from files whole or not at all, and read through one book."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hrdtracker.access.actor import operator
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.proceedings.legal_rules.book import book_of, versions_that_count
from hrdtracker.proceedings.legal_rules.load import Loaded, load_rules
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday
from hrdtracker.proceedings.rules.files import FOLDER, BrokenRules, rule_book
from hrdtracker.proceedings.rules.rows import RULE_HEADER
from tests import make
from tests.shared import csv_rows

pytestmark = pytest.mark.usefixtures("unit")
RULES = 97


def _load(folder: Path = FOLDER) -> Loaded:
    organisation = make.organisation()
    return load_rules(operator(organisation.id), organisation, folder)


def _folder(tmp_path: Path, **changed: dict[str, str] | None) -> Path:
    """Return the shipped files with some cells of some rules changed; None takes a rule out."""
    shutil.copytree(FOLDER / "kh", tmp_path / "kh", dirs_exist_ok=True)
    rows = [
        {**row, **(changed.get(row["key"]) or {})}
        for row in csv_rows(FOLDER / "kh" / "rules.csv")
        if changed.get(row["key"], {}) is not None
    ]
    with (tmp_path / "kh" / "rules.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, RULE_HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def _versions(key: str) -> list[tuple[int, str, bool]]:
    query = select(LegalRuleVersion).where(LegalRuleVersion.key == key)
    rows = session().scalars(query.order_by(LegalRuleVersion.number))
    return [(row.number, row.amount, row.superseded_at is None) for row in rows]


def test_before_anything_is_loaded_the_shipped_rules_count() -> None:
    assert book_of(make.organisation()) is rule_book("KH")


def test_the_files_become_rows_and_the_book_read_from_them_is_the_same() -> None:
    assert _load() == Loaded(added=RULES)
    book = book_of(make.organisation())
    assert book is not rule_book("KH")
    assert book == rule_book("KH")


def test_loading_again_changes_nothing() -> None:
    _load()
    version = make.organisation().rules_version
    assert _load() == Loaded()
    assert make.organisation().rules_version == version


def test_a_changed_row_is_a_new_version_and_the_one_before_stands_beside_it(tmp_path: Path) -> None:
    _load()
    assert _load(_folder(tmp_path, custody_base={"amount": "36 hours"})) == Loaded(changed=1)
    assert _versions("custody_base") == [(1, "48 hours", False), (2, "36 hours", True)]
    (rule,) = book_of(make.organisation()).of_key("custody_base")
    assert rule.counts.amount is not None
    assert rule.counts.amount.number == 36


def test_a_row_that_its_file_no_longer_has_ends_and_stays_readable(tmp_path: Path) -> None:
    _load()
    assert _load(_folder(tmp_path, military=None)) == Loaded(changed=1)
    assert _versions("military") == [(1, "", False)]
    assert book_of(make.organisation()).of_key("military") == ()


def test_of_files_with_a_fault_nothing_is_loaded_and_every_fault_is_named(tmp_path: Path) -> None:
    broken = _folder(
        tmp_path, custody_base={"amount": "36 hours"}, ptd_felony_base={"counting": ""},
        ptd_misd_base={"kind": "longest"},
    )  # fmt: skip
    with pytest.raises(BrokenRules) as refused:
        _load(broken)
    assert [fault.split(":")[0] for fault in refused.value.faults[:2]] == [
        "rules.csv, row 30",
        "rules.csv, row 34",
    ]
    assert "this kind needs to say how it is counted" in refused.value.faults[0]
    assert session().scalar(select(func.count()).select_from(LegalRuleVersion)) == 0


def test_a_clock_in_months_without_a_way_to_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenRules, match="needs to say how it is counted"):
        _load(_folder(tmp_path, ptd_felony_base={"counting": ""}))


def test_holidays_are_rows_that_files_only_add_to(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    file = folder / "kh" / "holidays.csv"
    file.write_text("day,name,source\n2027-01-01,New Year,Sub-decree 1\n", encoding="utf-8")
    assert _load(folder).holidays == 1
    assert _load().holidays == 0
    (holiday,) = session().scalars(select(PublicHoliday))
    assert (holiday.day, holiday.decree) == (date(2027, 1, 1), "Sub-decree 1")
    table = book_of(make.organisation()).holidays
    assert table.is_working(date(2027, 1, 1)) is False
    assert table.is_working(date(2028, 1, 3)) is None


def test_the_order_of_the_file_is_the_order_of_the_rules() -> None:
    _load()
    keys = [each.key for each in versions_that_count(make.organisation().id)]
    assert keys == [rule.key for rule in rule_book("KH").rules]


def test_only_whoever_holds_the_machine_loads_rules() -> None:
    for login in ("admin", "legal", "national"):
        with pytest.raises(NotAllowed):
            load_rules(make.actor(login), make.organisation())


def test_the_book_is_read_anew_once_the_rules_have_another_version(tmp_path: Path) -> None:
    _load()
    first = book_of(make.organisation())
    assert book_of(make.organisation()) is first
    _load(_folder(tmp_path, custody_base={"amount": "36 hours"}))
    assert book_of(make.organisation()) is not first
