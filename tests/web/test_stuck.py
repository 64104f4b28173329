"""What nobody may review, from the first page that tells of it to the page of the review."""

import re
from uuid import uuid4

import pytest
from flask import Flask

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.incidents import service
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


def test_who_is_told_asks_who_is_named_and_the_new_member_reviews_it(app: Flask) -> None:
    incident = in_unit(app, _stuck)
    told = Browser(app, "national")
    told.get("/")
    told.get(_link(told, "#stuck"))
    assert "Ask Director to add another director" in told.text

    asked = Browser(app, "director")
    asked.get(incident)
    asked.get(_link(asked, "/access"))
    form = _link(asked, "/members/new")
    asked.get(form)
    member = in_unit(app, lambda: make.user("director2").uid.hex)
    sent = {"user": member, "reason": "Wrote no part of it.", "ends_on": "in 3 months"}
    added = asked.post(form, {**sent, "submission_id": uuid4().hex}, follow_redirects=True)
    assert added.status_code == 200
    assert "Wrote no part of it." in asked.text

    told.get("/review")
    assert "Nobody may review these" not in told.text
    reviewer = Browser(app, "director2")
    reviewer.get("/review")
    review = _link(reviewer, "/review")
    reviewer.get(review)
    version = re.search(r'name="version"[^>]*value="(\d+)"', reviewer.page)
    assert version
    reviewed = reviewer.post(review, {"version": version[1], "review": "1"}, follow_redirects=True)
    assert reviewed.status_code == 200
    reviewer.get(incident)
    assert "Reviewed" in reviewer.text


def _stuck() -> str:
    """Return the address of an incident whose only possible reviewer wrote part of it."""
    incident = make.incident()
    case, director = make.case_of(incident), make.actor("director")
    sharing.set_sensitivity(director, case, Sensitivity.RESTRICTED, case.version)
    service.edit_incident(director, incident, make.draft(victims=()), incident.version)
    return f"/incidents/{incident.uid}"


def _link(browser: Browser, ending: str) -> str:
    """Return where the first link of the page leads whose address ends so."""
    link = re.search(rf'href="(/[^"]+{re.escape(ending)})"', browser.page)
    assert link, f"no link to {ending}"
    return link[1]
