"""Before other rules count, it can be seen whose limits they would move, and by which rule."""

import csv
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.incidents import facts
from hrdtracker.incidents.drafts import ViolationDraft
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.clocks.comparing import MovedLimit, compare_rules, whom_of
from hrdtracker.proceedings.legal_rules.book import book_of
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import FOLDER, read_files
from hrdtracker.proceedings.rules.rows import RULE_HEADER
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.shared import csv_rows

pytestmark = pytest.mark.usefixtures("unit")


@pytest.fixture(autouse=True)
def _this_evening() -> Any:
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        yield


def _other(tmp_path: Path, key: str, **cells: str) -> RuleBook:
    """Return the shipped rules with some cells of one changed."""
    shutil.copytree(FOLDER / "kh", tmp_path / "kh")
    rows = csv_rows(FOLDER / "kh" / "rules.csv")
    for row in rows:
        row.update(cells if row["key"] == key else {})
    with (tmp_path / "kh" / "rules.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, RULE_HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return read_files("KH", tmp_path).book


def _compare(other: RuleBook) -> list[MovedLimit]:
    organisation = make.organisation()
    return compare_rules(book_of(organisation), other, clock.now(), organisation)


def test_the_same_rules_move_nothing() -> None:
    arrive(arrested(adult()))
    assert _compare(read_files("KH").book) == []


def test_a_shorter_rule_moves_the_limits_that_rest_on_it_and_no_other(tmp_path: Path) -> None:
    arrive(arrested(adult(), adult("Demo B")))
    moved = _compare(_other(tmp_path, "custody_base", amount="36 hours"))
    assert [(one.letter, one.clock, one.because) for one in moved] == [
        ("A", "police_custody", ("custody_base",)),
        ("B", "police_custody", ("custody_base",)),
    ]
    before, after = moved[0].before, moved[0].after
    assert before is not None
    assert after is not None
    assert before.window is not None
    assert after.window is not None
    assert before.window.earliest == ARRIVED + timedelta(hours=48)
    assert after.window.earliest == ARRIVED + timedelta(hours=36)


def test_whoever_nobody_named_counts_each_and_somebody_with_several_limits_once(
    tmp_path: Path,
) -> None:
    day = When.day(ARRIVED.date(), make.ZONE)
    incident = make.incident(occurred=day, victims=(Victim(),), type="arrest")
    another = ViolationDraft("detention", (Victim(),))
    facts.add_violation(make.actor("monitor"), incident, another, incident.version)
    assert len(arrive(incident)) == 2
    arrive(arrested(adult()))
    moved = _compare(replace(read_files("KH").book, rules=()))
    assert len(moved) > whom_of(moved)
    assert whom_of(moved) == 3


def test_a_review_moves_no_date_and_is_told(tmp_path: Path) -> None:
    arrive(arrested(adult()))
    review = {"reviewed_by": "Advocate A.", "reviewed_on": "2026-11-01"}
    (moved,) = _compare(_other(tmp_path, "custody_base", **review))
    assert moved.before is not None
    assert moved.after is not None
    assert moved.before.window == moved.after.window


def test_a_rule_about_nobody_here_moves_nothing(tmp_path: Path) -> None:
    arrive(arrested(adult()))
    assert _compare(_other(tmp_path, "cassation", amount="2 months")) == []


def test_of_whoever_was_released_nothing_moves(tmp_path: Path) -> None:
    incident = arrested(adult())
    (stay,) = arrive(incident)
    with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
        custody.end(stay, "released", When.minute(clock.now(), make.ZONE))
    assert _compare(_other(tmp_path, "custody_base", amount="36 hours")) == []
