"""What was imported, from the queue through its sample to the page of what was accepted with it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from hrdtracker.access.actor import Channel
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.incidents import imports, sampling
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.whole import Origin, WholeIncident
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
SAMPLE, OTHERS = 2, 3


def test_a_director_reviews_the_sample_one_by_one_and_accepts_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "SAMPLE", SAMPLE)
    in_unit(app, _imported)
    director = Browser(app, "director")
    director.get("/review")
    samples = _found(director, r'href="(/review/imported)"')
    director.get(samples)
    assert f"0 of {SAMPLE} of the sample reviewed" in director.text
    assert f"{OTHERS} others wait" in director.text
    assert "Accept the others" not in director.text

    for reviewed in range(1, SAMPLE + 1):
        review = _found(director, r'href="([^"]+sample=1)"')
        director.get(review)
        version = _found(director, r'name="version"[^>]*value="(\d+)"')
        director.post(review, {"version": version, "review": "1"}, follow_redirects=True)
        assert f"{reviewed} of {SAMPLE} of the sample reviewed" in director.text

    batch = _found(director, r'name="import" value="([0-9a-f]+)"')
    accept = _found(director, r'action="(/review/imported/accept)"')
    director.post(accept, {"import": batch}, follow_redirects=True)
    assert f"{OTHERS} incidents accepted by their sample." in director.text
    assert "No list waits" in director.text
    director.get("/incidents?review_kind=sample")
    assert f"{OTHERS} incidents" in director.text
    assert director.text.count("Accepted by a sample") > OTHERS


def _imported() -> None:
    """Take in a list of what happened long ago."""
    importer, day = make.actor("monitor", Channel.IMPORT), clock.today(make.ZONE)
    then = When.day(day - timedelta(days=400), make.ZONE, "then")
    number = imports.begin_import(importer, "a list")
    wholes = [
        WholeIncident(make.draft(occurred=then), Origin("a list", uuid4().hex, uuid4().hex))
        for _ in range(SAMPLE + OTHERS)
    ]
    log_together(importer, wholes, None, number)
    imports.finish_import(importer, number)


def _found(browser: Browser, pattern: str) -> str:
    """Return what the page holds at this pattern."""
    match = re.search(pattern, browser.page)
    assert match, f"no {pattern}"
    return match[1].replace("&amp;", "&")
