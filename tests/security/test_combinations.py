"""What columns tell together: a reviewed table, and whom a stranger names with a dump."""

import csv
import json
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, select, type_coerce

from config import Settings
from hrdtracker.access.model import User
from hrdtracker.audit.history import read_back
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.clock import day_of, now
from hrdtracker.core.closed import Closed
from hrdtracker.core.db import session
from hrdtracker.core.field import INFO, Field, Grade
from hrdtracker.core.seal import SealBroken, ring
from hrdtracker.people.model import Person
from hrdtracker.tables import MODELS
from tests import make
from tests.security.population import PAID_EVERY, PEOPLE, Population
from tests.security.stranger import BYTES, STRANGERS, Figures, Stranger, Tables, dump, opened

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "security.md"
NO_WORDS = {"admin2", "director2", "far_director", "fund2"}
"""User names of the cast that mean nothing else."""
ABOUT_SOMEBODY = {"person", "user_account"}
COLUMNS = [column for model in MODELS for column in model.__table__.columns]


def _read(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _place(column: "Column[object]") -> str:
    return f"{column.table.name}.{column.name}"


def _grade(column: "Column[object]") -> Grade:
    field: Field = column.info[INFO]
    return field.grade


def _tells(column: "Column[object]") -> bool:
    """Tell whether a column says something of somebody, or ties them to something."""
    to = {link.column.table.name for link in column.foreign_keys}
    return _grade(column) in {Grade.WORK, Grade.BESIDE} or bool(to & ABOUT_SOMEBODY)


def _patterns() -> dict[str, str]:
    """Return the decision about each pattern of columns; the first that fits decides."""
    return {
        pattern: line["decision"]
        for line in _read("combinations")
        for pattern in line["columns"].split()
    }


def _decided(place: str) -> str | None:
    fitting = (what for pattern, what in _patterns().items() if fnmatchcase(place, pattern))
    return next(fitting, None)


def test_every_column_that_tells_something_stands_in_a_combination_that_was_judged() -> None:
    telling = [_place(column) for column in COLUMNS if _tells(column)]
    assert len(telling) > 300
    assert [place for place in telling if _decided(place) is None] == []


def test_no_combination_names_a_column_that_is_gone() -> None:
    places = [_place(column) for column in COLUMNS]
    stale = [
        pattern
        for pattern in _patterns()
        if not any(fnmatchcase(place, pattern) for place in places)
    ]
    assert stale == []


def test_what_a_decision_closes_is_closed_and_says_where_it_lies() -> None:
    closed = {_place(each): each for each in COLUMNS if isinstance(each.type, Closed)}
    assert {place for place in closed if _decided(place) != "closed"} == set()
    assert {_place(each) for each in COLUMNS if _grade(each) == Grade.BESIDE} == closed.keys()
    assert {
        place for place, each in closed.items() if place != f"{each.type.place}_closed"
    } == set()


def test_only_what_is_never_twice_there_looks_the_same_each_time() -> None:
    fixed = [each for each in COLUMNS if isinstance(each.type, Closed) and each.type.fixed]
    assert [_place(each) for each in fixed] == ["user_account.login_closed"]


@pytest.mark.engines("postgresql")
def test_whom_a_stranger_names_with_a_dump_is_as_published(given: Settings, unit: None) -> None:
    population = Population()
    population.write()
    tables = dump(given.database_url)
    before, after = Stranger(opened(tables, ring().vault)), Stranger(tables)
    measured = {
        name: (before.figures(population.items, clues), after.figures(population.items, clues))
        for name, clues in STRANGERS.items()
    }
    assert {name: _line(*figures) for name, figures in measured.items()} == _published()
    _assert_nobody_of_the_staff_is_named(tables)
    _assert_no_payee_is_recognised(tables)


def _line(before: Figures, after: Figures) -> tuple[str, ...]:
    numbers = (after.people, before.named, after.named, after.in_secret_cases, after.with_money)
    return tuple(map(str, numbers))


def _published() -> dict[str, tuple[str, ...]]:
    return {
        line["stranger"]: (
            line["people"],
            line["named before"],
            line["named"],
            line["in a secret case"],
            line["with money"],
        )
        for line in _read("strangers")
    }


def _assert_nobody_of_the_staff_is_named(tables: Tables) -> None:
    cells = [cell for rows in tables.values() for row in rows for cell in row.values() if cell]
    words = [
        bytes.fromhex(cell.removeprefix(BYTES)).decode(errors="ignore")
        if cell.startswith(BYTES)
        else cell
        for cell in cells
    ]
    users = opened(tables, ring().vault)["user_account"]
    assert {row["login"] for row in users} >= NO_WORDS
    assert [login for login in NO_WORDS if any(login in word for word in words)] == []


def _assert_no_payee_is_recognised(tables: Tables) -> None:
    codes = [row["payee_code_closed"] for row in tables["support_request"]]
    assert len(codes) == PEOPLE / PAID_EVERY
    assert len(set(codes)) == len(codes)


def test_the_document_publishes_the_figures() -> None:
    text = DOCUMENT.read_text("utf-8")
    for line in _read("strangers"):
        row = f"| {line['stranger']}: {line['knows']} | {line['named before']} | {line['named']} |"
        assert row in text, row


# What is closed ----------------------------------------------------------------------------------


@pytest.fixture
def person(unit: None) -> Person:
    """Return somebody with something in closed columns, as the next page reads them."""
    make.incident()
    session().expire_all()
    return session().scalars(select(Person)).one()


def _ages_as_they_lie() -> list[bytes]:
    age = Person.__table__.c.age
    query = select(type_coerce(age, LargeBinary)).where(age.is_not(None))
    return [bytes(cell) for cell in session().scalars(query)]


def test_a_closed_value_is_read_as_it_was_written(person: Person) -> None:
    assert (person.age, person.age_on) == (34, day_of(now(), make.ZONE))
    assert person.interpreter_language is None
    [closed] = _ages_as_they_lie()
    assert b"34" not in closed


def test_a_closed_value_of_another_column_does_not_open(person: Person) -> None:
    [closed] = _ages_as_they_lie()
    with pytest.raises(SealBroken):
        ring().vault.open("person.age_on", closed)


def test_equal_values_look_different_and_a_user_is_found_by_name_all_the_same(unit: None) -> None:
    vault = ring().vault
    assert len({vault.close("person.age", "34") for _ in range(20)}) == 20
    assert make.user("colleague").login == "colleague"
    assert session().scalar(select(User.id).where(User.login == "Colleague")) is None


def test_the_trail_keeps_what_is_closed_closed_and_reads_it_back(person: Person) -> None:
    entries = session().scalars(select(AuditEntry.payload).where(AuditEntry.payload != b""))
    rows = [row for payload in entries for row in json.loads(payload)]
    [columns] = [row["columns"] for row in rows if row["uid"] == person.uid.hex]
    assert columns["age"][1].keys() == {"closed"}
    assert read_back("person", "age", columns["age"][1]) == 34
    assert read_back("person", "age_on", columns["age_on"][1]) == person.age_on


def test_what_the_trail_held_open_before_is_still_read(unit: None) -> None:
    assert read_back("person", "age", 34) == 34
    assert read_back("person", "age_on", "2026-11-16") == date(2026, 11, 16)
    assert read_back("incident", "commune", "120101") == "120101"
