"""Sheets that tell of custody and of the courts, for the tests of an import."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from hrdtracker.access.actor import Actor, Channel
from hrdtracker.codelists.files import HEADER
from hrdtracker.core.db import Entity, session
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.incidents.model import ImportBatch, Incident
from hrdtracker.intake import service
from hrdtracker.intake.cells import TAIL
from hrdtracker.intake.report import ImportReport
from hrdtracker.intake.service import Options
from hrdtracker.people.model import Person
from hrdtracker.proceedings.drafts.whole import WholeProceeding
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    Hearing,
    LegalTitle,
    Party,
    Proceeding,
)
from tests import make
from tests.spec.sheets import PLAIN, Desk, row

LAW = "Penal Code of Nowhere"
COURTS = f"""
id = "no"
case = "case"
ignore = ["no", "case"]
narrative = ["story"]
{PLAIN}
[place]
country = "country"
[[victims]]
column = "who"
separator = "; "
[held]
arrived = "arrived"
released = "released"
end = "end"
place = "held at"
prison = "prison"
known_by = "document"
types = ["arrest", "detention"]
[status]
column = "status"
[proceeding]
stage = "stage"
court = "court"
court_number = "number"
prosecutor = "prosecutor"
judges = "judges"
note = "of the case"
role = "suspect"
known_by = "lawyer"
[[charges]]
article = "article"
words = "charge"
separator = "; "
charged = "charged"
charged_by = "prosecutor"
alleged = "alleged"
outcome = {{ column = "outcome", values = {{ "pending" = "", "guilty" = "convicted" }} }}
decided = "decided"
decided_by = "first_instance"
note = "of the charge"
[[charges.law]]
name = "Criminal Code 2009"
column = "law"
says = "our own"
[[charges.law]]
name = "{LAW}"
[[titles]]
kind = "ground"
began = "from"
ended = "until"
note = "of the ground"
[[hearings]]
starts = "court day"
kind = "hearing"
court = "court"
status = "held?"
room = "room"
judge = "judge"
note = "of the day"
"""
FULL = {
    "no": "1", "case": "", "story": "They came at night.", "country": "Cambodia", "who": "Demo A",
    "arrived": "17 November 2024", "released": "2 December 2024", "end": "Released on bail",
    "held at": "Cell 3", "prison": "cc1", "status": "held", "stage": "Trial",
    "court": "Phnom Penh Municipal Court of First Instance", "number": "12/2024",
    "prosecutor": "Demo P", "judges": "Demo J", "of the case": "Thick file.",
    "article": "art. 12.1; 34", "charge": "", "law": "", "charged": "18 November 2024",
    "alleged": "1 November 2024", "outcome": "guilty", "decided": "March 2025",
    "of the charge": "Leaflets.", "ground": "Pre-trial detention", "from": "19 November 2024",
    "until": "2 December 2024", "of the ground": "By order.", "court day": "5 March 2025",
    "hearing": "Trial", "held?": "Held", "room": "2", "judge": "Demo K", "of the day": "Short.",
}  # fmt: skip
ARTICLES = ("12.1", "34")


def cells(**others: str) -> dict[str, str]:
    """Return a row that says everything, but for what is said otherwise."""
    return row(**{**FULL, **{name.replace("_", " "): text for name, text in others.items()}})


def of_nowhere(*articles: str) -> str:
    """Return the file of a list with some articles of the law of a country that we do not know."""
    rows = [
        f'zz_{number},,"{LAW}, art. {article}","{LAW}, មាត្រា {article}",{number},,'
        f'"{{""country"":""zz"",""law"":""{LAW}"",""article"":""{article}""}}",'
        "invented,general knowledge"
        for number, article in enumerate(articles, 1)
    ]
    return "\n".join([",".join(HEADER), *rows]) + "\n"


def actor(login: str = "monitor") -> Actor:
    return make.actor(login, Channel.IMPORT)


def take(desk: Desk, *rows: Mapping[str, str], mapping: str = COURTS, **how: bool) -> ImportReport:
    options = Options(service.office_named(actor(), None), **how)
    *_, report = service.take_in(actor(), desk.mapping(mapping), desk.sheet(rows), {}, options)
    assert report.finished
    return report


def read(desk: Desk, mapping: str = COURTS, **others: str) -> WholeProceeding | None:
    """Return what one row tells of the courts."""
    return desk.readings(mapping, cells(**others))[0].court


def court(desk: Desk, mapping: str = COURTS, **others: str) -> WholeProceeding:
    found = read(desk, mapping, **others)
    assert found is not None
    return found


def left(desk: Desk, **others: str) -> tuple[str, dict[str, str]]:
    """Return what stays of a row in its narrative, and what is said of its columns."""
    (reading,) = desk.readings(COURTS, cells(**others))
    assert reading.whole is not None
    notes = {note.column: str(note.reason) for note in reading.notes}
    return (reading.whole.draft.narrative or "").partition(TAIL)[2], notes


def every(model: type[Any]) -> list[Any]:
    rows = list(session().scalars(select(model).order_by(model.id)))
    ring().load({getattr(each, "data_key_id", None) for each in rows} - {None})
    return rows


def count(model: type[Entity]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def day(when: When | None) -> str:
    """Return a date as it was told, with how fine it is."""
    return f"{when.as_told} ({when.precision})" if when else ""


COUNTED = (Proceeding, Party, Charge, ChargeOutcome, LegalTitle, Hearing, Stay, Incident, Person)


def counts() -> list[int]:
    return [count(model) for model in COUNTED]


def figures(report: ImportReport) -> tuple[int, ...]:
    found = report.counts
    return (found.created, found.updated, found.unchanged, found.kept, found.rejected)


def batch() -> ImportBatch:
    return session().scalars(select(ImportBatch)).one()
