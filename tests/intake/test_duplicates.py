"""Who seems to be here already is said: by name among all one may see, by id under any source."""

import pytest
from sqlalchemy import func, select

from hrdtracker.access.actor import Actor, Channel
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident
from hrdtracker.intake import service
from hrdtracker.intake.duplicates import SameIds
from hrdtracker.intake.report import ImportReport
from hrdtracker.intake.service import Options
from tests import make
from tests.spec.sheets import PLAIN, Desk, row
from tests.web.somebody import statements

pytestmark = pytest.mark.usefixtures("unit")
MAPPING = f'id = "no"\n{PLAIN}[[victims]]\ncolumn = "who"\n'


def actor(login: str = "monitor") -> Actor:
    return make.actor(login, Channel.IMPORT)


def take(
    desk: Desk, source: str, *people: str, start: int = 0, login: str = "monitor", **how: bool
) -> ImportReport:
    """Import a row for each name; the ids go on from `start`."""
    rows = [row(no=f"{number}", who=name) for number, name in enumerate(people, start)]
    options = Options(service.office_named(actor(login), None), **how)
    mapping = desk.mapping(f'source = "{source}"\n{MAPPING}')
    *_, report = service.take_in(actor(login), mapping, desk.sheet(rows), {}, options)
    return report


def alike(report: ImportReport) -> list[tuple[int, str]]:
    return [(note.row, str(note.reason).split(":")[0]) for note in report.alike]


ON_RECORD = "Somebody of this name is on record"
IN_SHEET = "The same name stands in another row"


def test_names_are_sought_among_everybody_on_record(desk: Desk) -> None:
    take(desk, "first", "Demo Sok", "Demo Chan", "Demo Dara")
    report = take(desk, "second", "Demo Dara", "Demo Vanna", "demo sok", start=10)
    assert alike(report) == [(2, ON_RECORD), (4, ON_RECORD)]


def test_seeking_among_many_costs_no_more_statements_than_among_few(desk: Desk) -> None:
    take(desk, "first", *(f"Demo {n}" for n in range(2)))
    few = statements(lambda: take(desk, "second", "Demo 1", "Demo New", start=100))
    take(desk, "third", *(f"Demo Other {n}" for n in range(60)), start=200)
    many = statements(lambda: take(desk, "fourth", "Demo 1", "Demo Newer", start=300))
    assert many == few


def test_a_name_in_another_order_or_script_is_the_same(desk: Desk) -> None:
    take(desk, "first", "Demo Sok", "សុខ ដារ៉ា")
    report = take(desk, "second", "SOK Demo", "Sok Dara", start=10)
    assert [row for row, _ in alike(report)] == [2, 3]


def test_names_are_sought_in_the_sheet_too(desk: Desk) -> None:
    report = take(desk, "first", "Demo Sok", "Demo Chan", "Demo Sok")
    assert alike(report) == [(4, IN_SHEET)]


def test_rows_that_are_here_already_are_no_duplicates_of_themselves(desk: Desk) -> None:
    take(desk, "first", "Demo Sok", "Demo Chan")
    assert alike(take(desk, "first", "Demo Sok", "Demo Chan")) == []


def test_nobody_learns_by_an_import_of_people_they_may_not_see(desk: Desk) -> None:
    take(desk, "first", "Demo Sok")
    assert alike(take(desk, "second", "Demo Sok", start=10, login="stranger")) == []


def test_the_same_ids_under_another_source_are_asked_about_before_anything_is_written(
    desk: Desk,
) -> None:
    take(desk, "first", "Demo Sok", "Demo Chan")
    with pytest.raises(SameIds) as refused:
        take(desk, "renamed", "Demo Sok", "Demo Chan", "Demo New")
    assert "2 of 3 rows" in str(refused.value.reason)
    assert "--source first" in str(refused.value.reason)
    assert session().scalar(select(func.count()).select_from(Incident)) == 2


def test_whoever_says_that_they_are_other_rows_is_not_asked_again(desk: Desk) -> None:
    take(desk, "first", "Demo Sok")
    assert take(desk, "other", "Demo Vanna", other_rows=True).counts.created == 1
    assert take(desk, "other", "Demo Vanna").counts.unchanged == 1


def test_going_on_under_the_old_source_makes_nothing_twice(desk: Desk) -> None:
    take(desk, "first", "Demo Sok", "Demo Chan")
    counts = take(desk, "first", "Demo Sok", "Demo Chan", "Demo New").counts
    assert (counts.unchanged, counts.created) == (2, 1)
