"""A sheet can say whatever a form can: no field of an incident or of a person is forgotten."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from hrdtracker.incidents.drafts import Custody, IncidentDraft, Location
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft, Qualification
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.drafts.whole import WholeCharge, WholeHearing, WholeProceeding
from tests.intake.court_sheets import COURTS, cells
from tests.spec.sheets import Desk

EVERYTHING = """
type = { column = "type" }
when = "date"
narrative = ["told"]
tie = ["why"]
language = "km"
areas = { column = "area" }
held = { arrived = "arrived", place = ["police"] }
[place]
country = "country"
province = "province"
district = "district"
commune = "commune"
words = "town"
village = "village"
platform = "platform"
account = "account"
link = "link"
[[victims]]
column = "who"
sex = "sex"
age = "age"
remarks = ["job"]
category = "kind"
interpreter_language = "speaks"
count = "many"
"""
ROW = {
    "type": "arrest", "date": "2026-11-16", "told": "Two trucks came.", "why": "A strike.",
    "area": "judiciary", "country": "Cambodia", "province": "Phnom Penh",
    "district": "Chamkar Mon", "commune": "Tonle Basak", "town": "Gate", "village": "Village 3",
    "platform": "Facebook", "account": "demo", "link": "https://example.org/1",
    "arrived": "2026-11-16", "police": "Station", "who": "Demo A", "sex": "F", "age": "34",
    "job": "Sews", "kind": "lawyer", "speaks": "Bunong", "many": "3",
}  # fmt: skip
ABROAD = dict.fromkeys(("province", "district", "commune", "platform", "account", "link"), "")
ROWS = (ROW, ROW | ABROAD | {"country": "Thailand"})
NOT_OF_A_SHEET = {
    ("IncidentDraft", "urgency"): "what is in a list of the past is not urgent",
    ("IncidentDraft", "connection"): "the sources of the mapping say more: known_from",
    ("IncidentDraft", "send"): "what is imported is sent for review",
    ("IncidentDraft", "sending"): "a row is known by its id, not by the sending of a form",
    ("Custody", "lawyer_contacted"): "no list of the past that we know of says it",
    ("PersonDraft", "birth"): "lists tell ages",
    ("PersonDraft", "head_count_about"): "a number in a list is what it says",
    ("PersonDraft", "family_count"): "lists count people",
    ("PersonDraft", "family_count_about"): "lists count people",
    ("Victim", "known"): "nobody is taken for somebody known by a machine",
}
"""Fields that no mapping fills, with the reason."""
PARTS = (IncidentDraft, Location, Custody, Victim, PersonDraft)


def _filled(part: Any, parts: tuple[type, ...] = PARTS) -> Iterator[tuple[str, str]]:
    """Yield the fields of a draft and its parts that say something."""
    for each in fields(part):
        value = getattr(part, each.name)
        default = each.default if each.default_factory is MISSING else each.default_factory()
        if value != default:
            yield type(part).__name__, each.name
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner) and isinstance(inner, parts):
                yield from _filled(inner, parts)


def test_every_field_of_an_incident_and_of_a_person_is_filled_or_says_why_not(
    tmp_path: Path,
) -> None:
    drafts = [each.whole.draft for each in Desk(tmp_path).readings(EVERYTHING, *ROWS) if each.whole]
    assert len(drafts) == len(ROWS)
    filled = {field for draft in drafts for field in _filled(draft)} - {
        ("IncidentDraft", "sending")
    }
    declared = {(kind.__name__, each.name) for kind in PARTS for each in fields(kind)}
    assert declared - filled - NOT_OF_A_SHEET.keys() == set()
    assert NOT_OF_A_SHEET.keys() & filled == set(), "it is filled now"
    assert NOT_OF_A_SHEET.keys() - declared == set()


OF_COURTS = (
    *(WholeProceeding, WholeCharge, WholeHearing, ProceedingDraft, ChargeDraft, Qualification),
    *(OutcomeDraft, TitleDraft, HearingDraft),
)
NOT_OF_COURTS = {
    ("ChargeDraft", "sending"): "a row is known by its id, not by the sending of a form",
    ("OutcomeDraft", "sending"): "a row is known by its id, not by the sending of a form",
    ("TitleDraft", "sending"): "a row is known by its id, not by the sending of a form",
    ("HearingDraft", "sending"): "a row is known by its id, not by the sending of a form",
    ("OutcomeDraft", "qualification"): "what was requalified stays words",
    ("OutcomeDraft", "note"): "the note of a charge stands with the charge",
    ("Qualification", "offence_class"): "the list of articles says it",
    ("Qualification", "aggravated"): "no list that we know of says which tier is charged",
    ("TitleDraft", "proceeding"): "it is that of the row",
    ("TitleDraft", "ordered"): "no list that we know of tells a day of an order by itself",
    ("TitleDraft", "next_report_on"): "lists tell of what was",
    ("HearingDraft", "monitors"): "who of ours goes somewhere is not imported",
}
"""Fields that no mapping fills, with the reason."""


def test_every_field_of_what_the_courts_did_is_filled_or_says_why_not(tmp_path: Path) -> None:
    rows = [cells(), cells(article="", charge="Trespassing")]
    courts = [each.court for each in Desk(tmp_path).readings(COURTS, *rows) if each.court]
    assert len(courts) == len(rows)
    filled = {field for court in courts for field in _filled(court, OF_COURTS)}
    filled |= {("Qualification", "provision")}  # a law of another country is added in a database
    filled -= {field for field in filled if field[1] == "sending"}
    declared = {(kind.__name__, each.name) for kind in OF_COURTS for each in fields(kind)}
    assert declared - filled - NOT_OF_COURTS.keys() == set()
    assert NOT_OF_COURTS.keys() & filled == set(), "it is filled now"
    assert NOT_OF_COURTS.keys() - declared == set()
