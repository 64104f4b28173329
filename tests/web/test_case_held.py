"""The page of a case while people are held: it stays urgent, and paper shows each of them."""

import re

import pytest
from flask import Flask

from hrdtracker.incidents import decisions, facts
from hrdtracker.incidents.drafts import VictimUpdate
from hrdtracker.incidents.model import Urgency
from hrdtracker.incidents.service import violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.web.browse import Browser
from tests.web.case_pages import LAND, send
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
EIGHT = tuple(Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(8))


def reviewed_case(app: Flask, status: str) -> str:
    """Return the address of a case of eight people whose urgent arrest was reviewed."""

    def arrest() -> str:
        incident = make.incident(victims=EIGHT, urgency=Urgency.URGENT)
        update = VictimUpdate(tuple(violations_of(incident)), status)
        facts.update_victims(make.actor("monitor"), incident, update, incident.version)
        decisions.review_incident(make.actor("director"), incident, [], incident.version)
        return f"/cases/{make.case_of(incident).uid}"

    return str(in_unit(app, arrest))


@pytest.mark.parametrize(("status", "pressing"), [("held_trial", True), ("released", False)])
def test_a_case_is_urgent_as_long_as_somebody_is_held(
    app: Flask,
    status: str,
    pressing: bool,  # noqa: FBT001 - a column of the table
) -> None:
    browser = Browser(app, "director")
    browser.get(reviewed_case(app, status))
    head = browser.page.partition("</h1>")[0]
    assert ("badge--urgent" in head) == pressing


def test_paper_shows_the_people_whom_the_screen_leaves_to_another_page(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get(reviewed_case(app, "held"))
    on_paper = re.findall(r'class="print-only">(\w)\. ', browser.page)
    assert on_paper == ["G", "H"]
    assert "Demo" not in browser.page.partition("<main")[2]


def test_closing_says_beside_the_outcome_who_is_still_held(app: Flask) -> None:
    address, director = reviewed_case(app, "held"), Browser(app, "director")
    closing = {"outcome": "released", "reason": "All are free.", "areas": [LAND]}
    assert send(director, f"{address}/close", **closing) == 422
    assert "A., B., C., D., E., F., G., H.: still held" in director.text
    assert "All are free." in director.page
    director.post("/language", {"language": "km"})
    assert send(director, f"{address}/close", **closing) == 422
    assert "ក., ខ., គ., ឃ., ង., ច., ឆ., ជ." in director.text


def test_whom_nobody_knows_is_not_taken_for_everybody(app: Flask) -> None:
    def arrest() -> str:
        return str(make.incident(victims=EIGHT[:2]).uid)

    browser = Browser(app, "monitor")
    incident = in_unit(app, arrest)
    assert browser.post(f"/incidents/{incident}/held", {"person": "nobody"}).status_code == 409
    assert browser.post(f"/incidents/{incident}/held", {}).status_code == 303
