"""The benchmark measures what was agreed, on the very data that the other systems were fed."""

import csv
import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from bench import __main__ as command
from bench import intake, load
from bench.dataset import Dataset
from bench.workloads import GOALS, NOT_BUILT
from config import Settings
from hrdtracker.audit import queries as trail
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.incidents.model import Incident
from tests import make
from tests.conftest import close
from tests.shared import shared

EVENTS, ACTORS = 6000, 200
LOADED = 40


def test_every_agreed_workload_is_measured_or_said_not_to_be_built() -> None:
    table = shared("bench/README.md").read_text("utf-8").split("| workload | what it does |")[1]
    rows = table.split("\n\n")[0].splitlines()[2:]
    agreed = {name for row in rows for name in re.findall(r"\w+", row.split("|")[1])}
    assert {*GOALS, *NOT_BUILT, intake.WORKLOAD} == agreed


def test_the_size_is_a_thousand_or_more_and_ten_thousand_where_none_is_named() -> None:
    assert command.SIZE == 10_000
    assert command.LEAST == 1_000


def test_the_data_are_those_of_the_generator_record_for_record(tmp_path: Path) -> None:
    generator = shared("bench/generate.py")
    subprocess.run(
        [sys.executable, str(generator), str(EVENTS), str(ACTORS), str(tmp_path)], check=True
    )
    ours = Dataset(EVENTS, ACTORS)
    people = [(each.name, each.sex, each.bio, str(each.day)) for each in ours.actors()]
    events = [
        (each.title, each.text, str(each.last_day), str(each.status), _joined(each.labels))
        for each in ours.events()
    ]
    cases = [(each.title, each.text, str(each.label)) for each in ours.files()]
    assert people == [
        (" ".join((row["first"], row["middle"], row["last"])), row["sex"], row["bio"], row["date"])
        for row in _rows(tmp_path / "actors.csv")
    ]
    assert events == [
        (row["title"], row["description"], row["event_to"], row["status_id"], row["labels"])
        for row in _rows(tmp_path / "incidents.csv")
    ]
    assert cases == [
        (row["title"], row["description"], row["label_id"]) for row in _rows(tmp_path / "cases.csv")
    ]


def test_what_is_measured_holds_together_like_what_people_wrote(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)
    load.fill(settings, LOADED)
    app = load.application(settings)
    with app.app_context(), unit_of_work(make.open_session(app)):
        assert session().scalar(select(func.count()).select_from(Incident)) == LOADED
        assert trail.verify().holds
        close(app)


def _joined(numbers: tuple[int, ...]) -> str:
    return ";".join(map(str, numbers))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
