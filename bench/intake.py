"""The measure of the import, beside bare rows of the same size."""

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import select

from bench.dataset import Dataset, Event
from bench.engines import POSTGRESQL, SQLITE
from bench.load import application
from bench.mapping import area, kind, place
from bench.measure import Result
from bench.staff import MONITOR, make_staff
from config import Settings
from hrdtracker.access.model import Organisation
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.incidents import imports
from hrdtracker.intake import service
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.report import ImportReport
from hrdtracker.intake.service import Options
from hrdtracker.intake.sheet import Sheet, read_sheet

WORKLOAD = "import"
ROWS = (1_000, 10_000)
MAPPING = Path(__file__).with_suffix(".toml")
GOAL_S = 20.0
GOAL_ROWS = 10_000
PEER_ROWS_PER_S = 8
"""Bayanat 4.0.2 took over 20 minutes for 10,000 rows."""
BY_ENGINE = {SQLITE: ("BEGIN IMMEDIATE", "?"), POSTGRESQL: ("SET TRANSACTION READ WRITE", "%s")}
"""How a transaction that writes begins, and what stands for a value."""
BARE = 24
"""Rows of tables that one imported incident with two people becomes."""
HEADING = (
    *("id", "ref", "title", "description", "type", "event_from", "event_to", "province", "people"),
    *("areas", "source_url", "tags", "comments"),
)


@dataclass(frozen=True)
class Measured:
    """What an import of so many rows cost."""

    rows: int
    seconds: float
    cpu_ms: float
    acts: int
    longest_ms: float
    again_s: float
    beside_s: float
    """How long as many others take whose names are all on record, each found."""
    undo_s: float
    bare_s: float

    def result(self) -> Result:
        """Return it as a result among the others; `cpu_ms` is of one row."""
        whole_ms = 1000 * self.seconds
        return Result(WORKLOAD, self.rows, "monitor", whole_ms, whole_ms, cpu_ms=self.cpu_ms)

    def line(self) -> str:
        """Return it as a line for a reader."""
        goal = GOAL_S * self.rows / GOAL_ROWS
        missed = " !" if self.seconds > goal else ""
        return (
            f"import {self.rows:>7,} rows  {self.seconds:6.1f} s (goal {goal:.1f}){missed}  "
            f"{self.rows / self.seconds:5.0f} rows/s (peer {PEER_ROWS_PER_S})  "
            f"{self.cpu_ms:.2f} ms CPU a row  {self.acts} acts, longest {self.longest_ms:.0f} ms  "
            f"again {self.again_s:.1f} s  beside as many {self.beside_s:.1f} s  "
            f"undone in {self.undo_s:.1f} s  bare SQL {self.bare_s:.1f} s"
        )


def measure(settings: Settings, rows: int) -> Measured:
    """Import so many invented incidents twice into an empty instance, then as many bare rows."""
    sheet = read_sheet(write(settings.instance / "incidents.csv", rows))
    app = application(settings)
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work(database.session()):
            make_staff()
            first = _import(sheet)
            again = _import(sheet)
            beside = _import(sheet, source="beside")
            undo_s = _undo()
        database.session.remove()
        bare = _bare(app, rows)
        database.engine.dispose()
    assert first.report.counts.created == again.report.counts.unchanged == rows
    assert len({note.row for note in beside.report.alike}) == beside.report.counts.created == rows
    return Measured(
        rows,
        first.seconds,
        1000 * first.cpu_s / rows,
        len(first.acts),
        1000 * max(first.acts),
        again.seconds,
        beside.seconds,
        undo_s,
        bare,
    )


@dataclass(frozen=True)
class _Run:
    report: ImportReport
    seconds: float
    cpu_s: float
    acts: list[float]


def _undo() -> float:
    """Return how long it takes to undo the latest import."""
    organisation = session().scalars(select(Organisation)).one()
    actor, began = service.importer(organisation, MONITOR), time.perf_counter()
    for _ in imports.undo(actor, imports.imports(actor)[0].batch.id):
        pass
    return time.perf_counter() - began


def _import(sheet: Sheet, source: str = "") -> _Run:
    organisation = session().scalars(select(Organisation)).one()
    session().info["terms_version"] = organisation.terms_version
    actor = service.importer(organisation, MONITOR)
    options = Options(service.office_named(actor, None), other_rows=bool(source))
    began, cpu = time.perf_counter(), time.process_time()
    reports = service.take_in(actor, read_mapping(MAPPING, source), sheet, {}, options)
    ends = [(report, time.perf_counter()) for report in reports]
    acts = [end - before for before, end in pairwise([began, *(end for _, end in ends)])]
    return _Run(ends[-1][0], ends[-1][1] - began, time.process_time() - cpu, acts)


def _bare(app: Flask, rows: int) -> float:
    """Return how long as many plain rows take in the same database, in acts of a hundred."""
    engine = app.extensions["sqlalchemy"].engine
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, one TEXT, two TEXT, three TEXT)")
    connection.commit()
    begin, mark = BY_ENGINE[engine.dialect.name]
    insert = f"INSERT INTO bare (id, one, two, three) VALUES ({mark}, {mark}, {mark}, {mark})"  # noqa: S608
    text = "x" * (900 // BARE)
    numbers, began = count(1), time.perf_counter()
    for _ in range(rows // 100):
        cursor.execute(begin)
        cursor.executemany(insert, [(next(numbers), text, text, text) for _ in range(100 * BARE)])
        connection.commit()
    took = time.perf_counter() - began
    connection.close()
    return took


def write(path: Path, rows: int) -> Path:
    """Write the invented incidents as one sheet."""
    data = Dataset(rows, rows // 2)
    names = {actor.id: actor.name for actor in data.actors()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING)
        writer.writerows(_cells(event, names) for event in data.events())
    return path


def _cells(event: Event, names: dict[int, str]) -> Iterator[object]:
    yield from (event.id, f"HRD-{event.first_day.year}-{event.id:06d}", event.title, event.text)
    yield from (kind(event.type), event.first_day, event.last_day, place(event.locations[0])[0])
    yield "; ".join(names[actor] for actor, _ in event.actors)
    yield ";".join(dict.fromkeys(area(label) for label in event.labels))
    yield from (event.link, ";".join(event.tags), event.comments)
