"""What SQLite is asked, so that a statement which is kept is planned once and not at each use."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.schema import Index

from hrdtracker.access.model import User
from hrdtracker.core.db import Base, session

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
ASKED_OFTEN = ("payment",)
"""The tables whose partial indexes every first page uses."""


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Collect the statements that go to the database."""
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = session().get_bind()
    event.listen(engine, "before_cursor_execute", keep)
    yield sent
    event.remove(engine, "before_cursor_execute", keep)


def test_how_many_rows_are_wanted_stands_in_the_statement_itself(statements: list[str]) -> None:
    first = [session().scalars(select(User.id).order_by(User.id).limit(n)).all() for n in (1, 3, 2)]
    later = session().scalars(select(User.id).order_by(User.id).offset(1).limit(2)).all()
    assert [len(found) for found in first] == [1, 3, 2]
    assert later == first[1][1:]
    numbers = [re.findall(r"(?:LIMIT|OFFSET) (\S+)", each) for each in statements]
    asked = [each for each in numbers if each]
    assert asked == [["1", "0"], ["3", "0"], ["2", "0"], ["2", "1"]]


@pytest.mark.parametrize(
    "index",
    [
        index
        for name in ASKED_OFTEN
        for index in sorted(Base.metadata.tables[name].indexes, key=lambda each: str(each.name))
        if index.dialect_options["sqlite"]["where"] is not None
    ],
    ids=lambda index: str(index.name),
)
def test_what_a_partial_index_says_is_no_parameter_either(index: Index) -> None:
    condition = index.dialect_options["sqlite"]["where"]
    assert not condition.compile().params
