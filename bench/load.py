"""Puts the invented data into an encrypted instance, a thousand cases' rows at a time.

It writes rows directly, because the services would take an hour: the rows are the same that the
services write, under the same keys, but for what docs/bench.md says is left out.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import TypeVar

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, func, insert, select

from bench.dataset import Dataset, Event, File
from bench.fund_books import FundRows
from bench.fund_rows import FUND_ORDER
from bench.rows import ORDER, Batch, CaseRows, add_person, wrap
from bench.staff import Desk, Staff, make_staff
from config import Settings
from hrdtracker.app import create_app
from hrdtracker.audit import chain
from hrdtracker.authorised import side_transaction
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import KEY_BYTES, RootKey
from hrdtracker.core.seal import Compartment, Keyring, ring
from hrdtracker.people.letters import letter
from hrdtracker.people.model import PersonScope

KEY = RootKey(sha256(b"invented data").digest()[:KEY_BYTES], demo=True)
PER_CASE = 10
CASES_AT_ONCE = 100
PEOPLE_AT_ONCE = 1000
Drawn = TypeVar("Drawn")


def application(settings: Settings) -> Flask:
    """Return the application of a measured instance."""
    return create_app(settings, KEY)


def fill(settings: Settings, events: int) -> None:
    """Set up an empty instance and load so many incidents into it."""
    app = application(settings)
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work(database.session()):
            Loader(Dataset(events, events // 2)).load()
            side_transaction(_set_sequences)
        database.session.remove()
        if database.engine.dialect.name == "postgresql":
            _tidy(database.engine)
        database.engine.dispose()


class Loader:
    """Draws the records in their order and writes them."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.staff: Staff = make_staff()
        ring().load([self.staff.organisation.data_key_id])
        self.vault = ring().vault
        self.people_keys = Keyring(self.vault)
        self.key_of: dict[int, int] = {}
        self.wrapped: set[tuple[int, int]] = set()
        self.fund = FundRows(self.staff, dataset.events_count // PER_CASE)
        self.cases: dict[int, tuple[dict[int, str], Compartment]] = {}

    def load(self) -> None:
        """Write everything."""
        self._load_people()
        self._load_cases()
        self._load_files()
        side_transaction(self.fund.settle)

    def _load_people(self) -> None:
        organisation, drawn = self.staff.organisation.id, self.dataset.actors()
        for actors in _parts(drawn, PEOPLE_AT_ONCE):
            batch = Batch()
            for actor in actors:
                by = self._desk(actor.id).monitors[0]
                key = add_person(batch, self.people_keys, organisation, actor, by)
                self.key_of[actor.id] = key
                self._wrap(batch, actor.id, self.staff.compartment)
            _write(batch)

    def _load_cases(self) -> None:
        number = 0
        for events in _parts(self.dataset.events(), PER_CASE * CASES_AT_ONCE):
            batch = Batch()
            for start in range(0, len(events), PER_CASE):
                number += 1
                self._add_case(batch, number, events[start : start + PER_CASE])
            _write(batch)

    def _add_case(self, batch: Batch, number: int, events: list[Event]) -> None:
        case = CaseRows(batch, Keyring(self.vault), self._desk(number), number)
        case.add(events, label=number)
        self.fund.add(case)
        self.cases[number] = case.named, case.compartment
        for person in case.named:
            self._wrap(batch, person, case.compartment)

    def _load_files(self) -> None:
        """Name in each case the people whom the generator ties to it."""
        for files in _parts(self.dataset.files(), PEOPLE_AT_ONCE):
            batch = Batch()
            for file in files:
                self._name(batch, file)
            _write(batch)

    def _name(self, batch: Batch, file: File) -> None:
        named, compartment = self.cases[file.id]
        for person, _ in file.actors:
            if person not in named:
                named[person] = letter(len(named))
                self._wrap(batch, person, compartment)
                batch.add(PersonScope, person_id=person, scope_id=file.id, letter=named[person])

    def _wrap(self, batch: Batch, person: int, compartment: Compartment) -> None:
        if (person, compartment.id) not in self.wrapped:
            self.wrapped.add((person, compartment.id))
            wrap(batch, self.people_keys, self.key_of[person], compartment)

    def _desk(self, number: int) -> Desk:
        return self.staff.desks[number % len(self.staff.desks)]


def _write(batch: Batch) -> None:
    """Write what waits, table after table, and chain its entries to the trail."""

    def write() -> None:
        connection = session().connection()
        for model in (*ORDER, *FUND_ORDER):
            rows = batch.rows.get(model)
            if rows:
                connection.execute(insert(model), rows)
        chain.append(batch.entries)

    side_transaction(write)


def _tidy(engine: Engine) -> None:
    """Do at once what PostgreSQL does by itself within minutes: count what the tables hold."""
    connection = engine.raw_connection()
    connection.driver_connection.autocommit = True  # type: ignore[union-attr]
    connection.cursor().execute("VACUUM ANALYZE")
    connection.close()


def _set_sequences() -> None:
    """Let PostgreSQL number the next row of a table after those that came with their numbers."""
    connection = session().connection()
    if connection.dialect.name != "postgresql":
        return
    for model in (*ORDER, *FUND_ORDER):
        table = model.__tablename__
        sequence = select(func.pg_get_serial_sequence(table, "id"))
        if "id" in model.__table__.c and (name := connection.scalar(sequence)):
            last = select(func.max(model.__table__.c.id)).scalar_subquery()
            connection.execute(select(func.setval(name, func.coalesce(last, 1))))


def _parts(drawn: Iterable[Drawn], size: int) -> Iterator[list[Drawn]]:
    """Yield what is drawn in lists of at most `size`."""
    iterator = iter(drawn)
    while part := list(islice(iterator, size)):
        yield part
