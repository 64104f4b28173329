"""What a court did about many people, and of some of a group, on the page of many."""

import re
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from hrdtracker.people.drafts import NameDraft, PersonDraft
from hrdtracker.people.model import CountingUnit
from tests.web.browse import Browser
from tests.web.test_many_pages import LEFT, NAMES, everybody, record, send, taken, ticked

pytestmark = pytest.mark.engines("sqlite")
CHARGE = {"what": "charged", "proceeding": "new", "stage": "prosecutor", "provision": "kh_cc_495"}


def test_many_are_charged_and_detained_in_a_proceeding_that_is_opened_once(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    said = {**CHARGE, "decided_by": "prosecutor", "alleged": "yesterday", "when": "today"}
    send(browser, page, "look", **said, stays=everybody(browser)[:2])
    assert "2 people: Charged" in browser.text
    assert "art. 495" in browser.text
    assert "3 of 3 stay held" in browser.text
    record(browser, page, **said, stays=everybody(browser)[:2])
    browser.get(page.removesuffix("/custody"))
    assert "2 people: Charged" in browser.text
    proceeding = re.findall(r"/proceedings/([0-9a-f-]{36})", browser.page)[0]
    own = f"{page}?proceeding={proceeding}"
    browser.get(f"/proceedings/{proceeding}")
    assert own in browser.page
    browser.get(own)
    people = everybody(browser)
    assert len(people) == 2
    chosen = UUID(proceeding).hex
    assert f'<option selected value="{chosen}"' in browser.page
    detained = {"what": "detained", "proceeding": chosen, "when": "today", "prison": "cc1"}
    record(browser, own, **detained, stays=people[:1])
    assert "1 person: Detained by order of a judge" in browser.text


def test_a_charge_without_article_or_proceeding_is_refused_beside_them(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    said = {"what": "charged", "when": "today", "stays": everybody(browser)}
    assert send(browser, page, "look", **said).status_code == 422
    assert "Choose the proceeding, or open one." in browser.text
    assert "Choose the law and article, or write them." in browser.text
    assert len(ticked(browser)) == 2


def test_what_cannot_be_suspended_of_a_sentence_is_refused_beside_its_field(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    court = {"proceeding": "new", "stage": "trial", "decided_by": "first_instance"}
    said = {"what": "sentenced", "when": "today", "suspended_years": "3", **court}
    assert send(browser, page, "look", **said, stays=everybody(browser)).status_code == 422
    assert '<a href="#suspended_years">' in browser.page


def test_of_a_group_it_is_said_before_and_after_how_many_stay_held(app: Flask) -> None:
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=12)
    page, browser = taken(app, [], group), Browser(app, "monitor")
    browser.get(page)

    def looked(count: int, place: int, **said: str) -> dict[str, Any]:
        whom = everybody(browser)[place]
        some = {**said, "stays": [whom], f"head_count-{whom}": str(count), "when": LEFT}
        send(browser, page, "look", **some)
        return some

    court = {"proceeding": "new", "stage": "trial", "decided_by": "first_instance"}
    looked(3, 0, what="acquittal", is_released="y", **court)
    assert "9 of 12 stay held" in browser.text
    released = looked(4, 0, what="released")
    assert "8 of 12 stay held" in browser.text
    record(browser, page, **released)
    assert "8 of 12" in browser.text
    arrived = looked(1, -1, what="arrived")
    assert "9 of 12 stay held" in browser.text
    record(browser, page, **arrived)
    assert "9 of 12" in browser.text


def test_what_a_court_did_is_taken_back_with_one_button(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    record(browser, page, **CHARGE, when="today", stays=everybody(browser))
    assert "Take it back for 2 people" in browser.text
    action = re.findall(r'action="([^"]*/undo)"', browser.page)[0]
    assert browser.post(unescape(action)).status_code == 303
    browser.get(page.removesuffix("/custody"))
    assert "2 people: Charged" not in browser.text


def test_a_proceeding_that_is_not_of_the_case_narrows_to_nobody(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(f"{page}?proceeding={uuid4()}")
    assert everybody(browser) == []
