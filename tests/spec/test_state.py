"""The tables hold what the trail says: whoever changes them with the database in hand is named."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Boolean, Column, Connection, Date, Integer, String, Table, Uuid, select
from sqlalchemy.exc import DBAPIError

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Office
from hrdtracker.audit import chain, state
from hrdtracker.audit.kept_table import kept_tables
from hrdtracker.audit.model import AuditEntry
from hrdtracker.audit.told import ToldRow
from hrdtracker.backups import upgrading
from hrdtracker.backups.figures import engine_of, reading
from hrdtracker.core import clock
from hrdtracker.core.closed import Closed
from hrdtracker.core.db import Base, Instant, session
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.seal import Vault
from tests.deep import usual_or_deep
from tests.written_acts import ACTS
from tests.written_fund import FUND_ACTS

POWER_AND_MONEY: dict[str, tuple[str, ...]] = {
    "scope": ("owner_id", "sensitivity", "decider_id", "office_id", "begun_at"),
    "scope_block": ("user_id", "ends_at"),
    "scope_grant": ("user_id", "ends_at"),
    "user_account": ("state", "let_in_by_id"),
    "membership": ("role", "ends_at", "office_id"),
    "proposal": ("status", "change"),
    "office": ("open_to_monitors",),
    "organisation": ("factors_for", "factors_by"),
    "fund_settings": ("director_most", "verifier_may_release"),
    "case_file": ("status",),
    "incident": ("status",),
    "support_request": ("status", "amount"),
    "payment": ("status", "amount"),
    "budget_line": ("committed", "spent"),
    "ledger_posting": ("amount",),
}
"""What gives power or counts money: always among what is changed."""
DISARM = {
    "sqlite": "PRAGMA defer_foreign_keys=ON",
    "postgresql": "SET session_replication_role = replica",
}
"""How whoever holds the database puts its own guards to sleep."""
Place = tuple[str, str, str]


def _live() -> None:
    """Let something of most kinds be written; all that there is, where there is time."""
    for act in (*ACTS[: usual_or_deep(6, len(ACTS))], *FUND_ACTS[-usual_or_deep(8, 12) :]):
        record = act.prepare()
        act.write(record, act.draft(record))


def _places() -> set[Place]:
    return {found.place for found in state.discrepancies()}


@contextmanager
def _database_in_hand() -> Iterator[Connection]:
    """Write past every guard of ours, and keep it."""
    session().rollback()
    connection = session().connection(execution_options={"schema": True, "write": True})
    connection.exec_driver_sql(DISARM[connection.dialect.name])
    if connection.dialect.name == "sqlite":
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.exec_driver_sql(triggers).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield connection


OTHER_WORDS = {int: "77", str: "other", date: "2026-01-02"}


def _other(column: Column[Any], value: Any) -> Any:
    """Return another value that the column can hold."""
    if column.foreign_keys and not isinstance(value, int):
        return 1
    if isinstance(column.type, Closed):
        return column.type.read(OTHER_WORDS[column.type.kind])
    kinds: dict[type, Callable[[], Any]] = {
        Boolean: lambda: not value,
        Instant: lambda: value + timedelta(seconds=1) if value else clock.now(),
        Date: lambda: value + timedelta(days=1) if value else date(2026, 1, 1),
        Uuid: uuid4,
        Integer: lambda: (value or 0) + 1,
        String: lambda: f"{value or ''}x"[-(column.type.length or 9) :],  # type: ignore[attr-defined]
    }
    kind = next((kind for kind in kinds if isinstance(column.type, kind)), None)
    return kinds[kind]() if kind else {"x": 1} if "JSON" in repr(column.type) else b"\1other"


class _Intruder:
    """Somebody with the key of the database who changes this and that, and each row once."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.chance = connection, random.Random(7)
        self.tables = {
            name: (table, Base.metadata.tables[name]) for name, table in kept_tables().items()
        }
        self.changed: set[tuple[str, str]] = set()

    def change_what_matters(self, most: int) -> list[Place]:
        """Change at most so many of the columns that give power or count money."""
        columns = [(name, column) for name, those in POWER_AND_MONEY.items() for column in those]
        self.chance.shuffle(columns)
        places = [self.change(*place) for place in columns[:most]]
        return [place for place in places if place]

    def change_somewhere(self) -> Place | None:
        """Change a column, delete a row, or add a copy of one; None where there was none to."""
        name = self.chance.choice(sorted(self.tables))
        table, _ = self.tables[name]
        how = self.chance.choice((self.delete, self.copy, *[self.change] * 4))
        return how(name, self.chance.choice([column.key for column in table.columns]))

    def change(self, name: str, column_name: str) -> Place | None:
        row = self._row(name)
        if row is None:
            return None
        identity, values = row
        table = self.tables[name][1]
        column = table.c[column_name]
        value = _other(column, values[column.name])
        if column.primary_key and not self.tables[name][0].is_entity:
            return None
        found = identity
        done = self._run(table.update().where(*_is(table, values)).values({column_name: value}))
        if column_name == "uid":
            found, column_name = UUID(str(value)).hex, ""
            self.changed.add((name, found))
        return (name, found, column_name) if done else None

    def delete(self, name: str, _column: str) -> Place | None:
        row = self._row(name)
        if row is None:
            return None
        table = self.tables[name][1]
        return (name, row[0], "") if self._run(table.delete().where(*_is(table, row[1]))) else None

    def copy(self, name: str, _column: str) -> Place | None:
        row = self._row(name)
        if row is None or not self.tables[name][0].is_entity:
            return None
        uid, table = uuid4(), self.tables[name][1]
        values = {column.key: row[1][column.name] for column in table.columns}
        values |= {"uid": uid, "id": 900_000 + len(self.changed)}
        self.changed.add((name, uid.hex))
        done = self._run(table.insert().values(values))
        return (name, uid.hex, "") if done else None

    def _row(self, name: str) -> tuple[str, dict[str, Any]] | None:
        """Return a row that was not touched yet."""
        kept, table = self.tables[name]
        names = [column.key for column in table.primary_key]
        free = []
        for row in self.connection.execute(select(table)).mappings():
            identity = row["uid"].hex if kept.is_entity else " ".join(str(row[n]) for n in names)
            if (name, identity) not in self.changed:
                free.append((identity, dict(row)))
        if not free:
            return None
        taken = self.chance.choice(free)
        self.changed.add((name, taken[0]))
        return taken

    def _run(self, statement: Any) -> bool:
        """Do it where no CHECK and no UNIQUE stands against it."""
        try:
            with self.connection.begin_nested():
                return bool(self.connection.execute(statement).rowcount)
        except DBAPIError:
            return False


def _is(table: Table, row: dict[str, Any]) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]


@pytest.mark.usefixtures("unit")
def test_whatever_somebody_changes_with_the_database_in_hand_is_named() -> None:
    _live()
    before, number = _places(), usual_or_deep(30, 300)
    assert {table for table, _, _ in before} <= {"notice"}  # the cast begins with nothing told
    with _database_in_hand() as connection:
        intruder = _Intruder(connection)
        edits = intruder.change_what_matters(number // 2)
        for _ in range(20 * number):
            if len(edits) < number and (place := intruder.change_somewhere()):
                edits.append(place)
        found = _places()
    assert len(edits) == number
    assert set(edits) - found == set()


def test_each_column_that_gives_power_or_counts_money_is_compared() -> None:
    tables = kept_tables()
    missing = {
        name: set(columns) - {column.key for column in tables[name].columns}
        for name, columns in POWER_AND_MONEY.items()
    }
    assert not any(missing.values())


@pytest.mark.usefixtures("unit")
def test_what_an_upgrade_changes_stands_on_the_trail_and_what_was_changed_before_does_not() -> None:
    users, offices = Base.metadata.tables["user_account"], Base.metadata.tables["office"]
    with _database_in_hand() as connection:
        connection.execute(offices.update().values(code="XX").where(offices.c.id == 1))
        session().commit()
    before = upgrading.differing()
    with _database_in_hand() as connection:
        connection.execute(users.update().values(language="en"))
        session().commit()
    upgrading.enter(operator(), before)
    assert _places() == before
    assert ("office", session().get_one(Office, 1).uid.hex, "code") in before


def _write_trail_as_format_1() -> None:
    """Chain every entry anew, as a program of before wrote it."""
    key, mac = session().info["vault"].derive("audit"), chain.START
    entries = Base.metadata.tables["audit_entry"]
    rows = session().execute(select(entries).order_by(entries.c.seq)).mappings().all()
    with _database_in_hand() as connection:
        for row in rows:
            fields = {**row, "format": 1}
            mac = chain._mac(key, mac, [fields[name] for name in chain.SIGNED])
            statement = entries.update().where(entries.c.seq == row["seq"])
            connection.execute(statement.values(format=1, mac=mac))
        session().commit()
    assert chain.verify().holds


def test_the_default_of_every_column_is_as_the_trail_writes_values() -> None:
    defaults = [value for table in kept_tables().values() for value in table.defaults.values()]
    assert {type(value) for value in defaults} <= {str, int, bool, type(None)}


@pytest.mark.usefixtures("unit")
def test_a_trail_that_was_altered_is_not_completed() -> None:
    with _database_in_hand() as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET format = 1")
        session().commit()
    assert state.is_complete()
    assert chain.verify().broken_at == 1


@pytest.mark.usefixtures("unit")
def test_a_trail_that_did_not_say_the_numbers_of_rows_is_completed_once() -> None:
    _write_trail_as_format_1()
    assert not state.is_complete()
    with _database_in_hand() as connection:
        offices = Base.metadata.tables["office"]
        connection.execute(offices.update().values(code="XX").where(offices.c.id == 1))
        session().commit()
    upgrading.enter(operator(), upgrading.differing())
    entries = chain.head().seq
    assert state.is_complete()
    assert _places() == set()
    query = select(AuditEntry.payload).where(AuditEntry.action == Action.STATE_RECORD)
    changes = [change for written in session().scalars(query) for change in json.loads(written)]
    assert state.NUMBERS in {change["kind"] for change in changes}
    upgrading.enter(operator(), upgrading.differing())
    assert chain.head().seq == entries


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("unit")
def test_a_trail_that_was_emptied_is_not_begun_anew_by_an_upgrade() -> None:
    with _database_in_hand() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry")
        session().commit()
    upgrading.enter(operator(), frozenset())
    assert chain.head().seq == 0


def test_the_trail_of_a_database_without_tables_differs_in_nothing(
    tmp_path: Path, root: RootKey
) -> None:
    vault = Vault(root)
    with (
        engine_of(f"sqlite:///{tmp_path / 'new.db'}", vault) as engine,
        engine.connect() as connection,
        reading(connection, vault),
    ):
        assert upgrading.differing() == frozenset()


def test_a_change_past_the_trail_is_named_even_after_an_act_that_changed_it_again() -> None:
    row = ToldRow({}, kept_tables()["user_account"].same)
    row.add("+", {"state": (None, "invited")})
    row.add("~", {"state": ("left", "active")})
    assert list(row.unexplained()) == [("state", "invited", "left", "active")]
    assert row.values() == {"state": "active"}


def test_an_inner_act_that_stands_before_its_outer_one_is_told_after_it() -> None:
    row = ToldRow({"status": "draft"}, kept_tables()["incident"].same)
    row.add("~", {"status": ("submitted", "verified")})
    row.add("~", {"status": ("draft", "submitted")})
    row.add("+", {})
    assert row.values() == {"status": "verified"}
    assert list(row.unexplained()) == []


def test_an_entry_of_before_that_does_not_say_which_link_it_changed_is_left_out() -> None:
    change = {"uid": "", "kind": "~", "columns": {"is_told": [True, False]}}
    links = kept_tables()["person_scope"]
    assert links.identity(change) is None
    assert links.identity({**change, "key": [3, 4]}) == "3 4"
