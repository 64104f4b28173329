"""Forty people are taken and thirty-one released: on a page that works without script."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyAct
from hrdtracker.people.drafts import Birth, NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit, Person
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
SYLLABLES = ("Ba", "Ra", "Lo", "Ti", "Su", "Ne", "Ko", "Va")
NAMES = [f"{one}{other} {other}{one}" for one in SYLLABLES for other in SYLLABLES if one != other][
    :40
]
OPTION = re.compile(r'<input[^>]*name="stays"[^>]*>')
CAME, LEFT = "yesterday 06:20", "yesterday 17:30"


def taken(app: Flask, names: list[str], *groups: PersonDraft) -> str:
    """Return the address of the page of a case whose people were arrested yesterday."""

    def make_one() -> str:
        named = [PersonDraft((NameDraft(name),), birth=Birth(1996)) for name in names]
        victims = tuple(Victim(described=person) for person in (*named, *groups))
        day = clock.today(make.ZONE) - timedelta(days=1)
        incident = make.incident(occurred=When.day(day, make.ZONE, "yesterday"), victims=victims)
        return f"/cases/{make.case_of(incident).uid}/custody"

    return str(in_unit(app, make_one))


def ticked(browser: Browser) -> list[str]:
    boxes = [box for box in OPTION.findall(browser.page) if "checked" in box]
    return [re.findall(r'value="(\w+)"', box)[0] for box in boxes]


def everybody(browser: Browser) -> list[str]:
    return [re.findall(r'value="(\w+)"', box)[0] for box in OPTION.findall(browser.page)]


def hidden(browser: Browser, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)
    assert found
    return found[1]


def send(browser: Browser, page: str, button: str, **said: Any) -> Any:
    own = {name: hidden(browser, name) for name in ("submission_id", "looked", "when_asked")}
    return browser.post(page, {**own, **said, button: "1"})


def record(browser: Browser, page: str, **said: Any) -> None:
    """Look at what would be recorded, and record it."""
    send(browser, page, "look", **said)
    assert "What you record" in browser.text
    answer = send(browser, page, "record", **said)
    assert answer.status_code == 303
    browser.get(page)


def test_forty_arrive_and_thirty_one_are_released_by_their_names(app: Flask) -> None:
    page, browser = taken(app, NAMES), Browser(app, "monitor")
    browser.get(page)
    assert "40 of 40 held" in browser.text
    assert not any(name in browser.text for name in NAMES)
    record(browser, page, stays=everybody(browser), what="arrived", when=CAME)
    assert "40 of 40 still held" in browser.text
    send(browser, page, "read", who="\n".join([*NAMES[:31], "Xavier Zorro"]))
    assert "31 lines name one person each surely" in browser.text
    assert "Xavier Zorro" in browser.text
    chosen = ticked(browser)
    assert len(chosen) == 31
    released = {"stays": chosen, "what": "released_on_promise", "when": LEFT}
    send(browser, page, "look", **released)
    assert "31 people: Released on a promise" in browser.text
    assert "9 of 40 stay held" in browser.text
    record(browser, page, **released)
    assert "9 of 40 still held" in browser.text
    browser.get(page.removesuffix("/custody"))
    assert "31 people: Released on a promise" in browser.text


def test_another_hour_by_another_source_is_looked_at_kept_explained_and_taken_back(
    app: Flask,
) -> None:
    page, browser = taken(app, NAMES[:1]), Browser(app, "monitor")
    browser.get(page)
    record(browser, page, stays=everybody(browser), what="arrived", when=CAME, known_by="family")
    later = {"what": "arrived", "when": "yesterday 08:20", "stays": everybody(browser)}
    assert send(browser, page, "look", **later).status_code == 422
    assert "If another source says another hour, say how we know it." in browser.text
    send(browser, page, "look", **later, known_by="police")
    assert "For 1 person an hour is on record: both are kept" in browser.text
    record(browser, page, **later, known_by="police")
    browser.get(page.replace("/custody", "/court"))
    why = next(
        link
        for link, text in re.findall(r'href="(/clocks/[^"]+)"[^>]*>([^<]*)', browser.page)
        if "Police custody" in text
    )
    assert "Another source says another hour" in browser.get(why).text
    browser.get(page)
    undo = re.findall(r'action="([^"]*/undo)"', browser.page)[0]
    assert browser.post(unescape(undo)).status_code == 303
    assert "Another source says another hour" not in browser.get(why).text


def test_names_are_shown_once_on_record_and_not_again_at_each_step(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    send(browser, page, "names")
    assert all(name in browser.text for name in NAMES[:3])
    send(browser, page, "look", stays=everybody(browser), what="released", when=LEFT)
    assert NAMES[0] in browser.text
    query = select(AuditEntry.action).where(AuditEntry.action == "person.reveal")
    assert len(in_unit(app, lambda: session().scalars(query).all())) == 1


def test_what_was_not_looked_at_is_not_recorded(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    people = everybody(browser)
    send(browser, page, "look", stays=people, what="released", when=LEFT)
    answer = send(browser, page, "record", stays=people[:1], what="released", when=LEFT)
    assert answer.status_code == 200
    assert "2 of 3 stay held" in browser.text
    browser.get(page)
    assert "3 of 3 held" in browser.text


def test_a_release_before_the_arrival_is_refused_beside_its_field_and_nothing_is_lost(
    app: Flask,
) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    record(browser, page, stays=everybody(browser), what="arrived", when=LEFT)
    people = everybody(browser)
    said = {"stays": people[:2], "what": "released", "when": CAME, "held": "Municipal police"}
    assert send(browser, page, "look", **said).status_code == 422
    assert "this is before they arrived" in browser.text
    assert ticked(browser) == people[:2]
    assert 'value="Municipal police"' in browser.page
    assert f'value="{CAME}"' in browser.page


def test_what_was_recorded_is_taken_back_with_one_button(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    record(browser, page, stays=everybody(browser), what="released", when=LEFT)
    assert "Take it back for 3 people" in browser.text
    action = re.findall(r'action="([^"]*/undo)"', browser.page)[0]
    assert browser.post(unescape(action)).status_code == 303
    browser.get(page)
    assert "Taken back for 3" in browser.text
    assert "3 of 3 held" in browser.text


def test_of_a_group_it_is_asked_how_many(app: Flask) -> None:
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
    page, browser = taken(app, [], group), Browser(app, "monitor")
    browser.get(page)
    (whole,) = everybody(browser)
    record(
        browser, page, stays=[whole], what="released", when=LEFT, **{f"head_count-{whole}": "31"}
    )
    assert "9 of 40" in browser.text


def test_an_incident_leads_to_its_own_people(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page.removesuffix("/custody"))
    incident = re.findall(r"/incidents/([0-9a-f-]{36})", browser.page)[0]
    browser.get(f"/incidents/{incident}")
    assert f"{page}?incident={incident}" in browser.page
    browser.get(f"{page}?incident={incident}")
    assert len(everybody(browser)) == 3


def test_an_address_that_names_no_incident_is_not_found(app: Flask) -> None:
    page, browser = taken(app, NAMES[:1]), Browser(app, "monitor")
    assert browser.get(f"{page}?incident=none").status_code == 404


def test_the_same_form_sent_twice_is_recorded_once(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    said = {"stays": everybody(browser), "what": "released", "when": LEFT}
    send(browser, page, "look", **said)
    sent = {name: hidden(browser, name) for name in ("submission_id", "looked", "when_asked")}
    answers = [browser.post(page, {**sent, **said, "record": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    count = select(func.count()).select_from(CustodyAct)
    assert in_unit(app, lambda: session().scalar(count)) == 1


def test_other_people_under_the_same_key_are_not_dropped_without_a_word(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    people = everybody(browser)
    said = {"stays": people[:2], "what": "released", "when": LEFT}
    send(browser, page, "look", **said)
    key = hidden(browser, "submission_id")
    send(browser, page, "record", **said)
    browser.get(page)
    other = {"stays": people[2:], "what": "released", "when": LEFT, "submission_id": key}
    send(browser, page, "look", **other)
    answer = browser.post(
        page, {**other, "looked": hidden(browser, "looked"), "when_asked": "", "record": "1"}
    )
    assert answer.status_code == 409
    assert "Released" in browser.text


# --- who is not of the case, not held, or one of a group ------------------------------------------


def fields(browser: Browser, start: str) -> dict[str, list[str]]:
    """Return the radio buttons whose name begins so: what each can be answered with."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        rf'type="radio" name="({start}\d+)"[^>]*value="([^"]*)"', browser.page
    ):
        found.setdefault(name, []).append(value)
    return found


def test_whoever_was_not_found_comes_to_the_case_in_the_same_sending(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    said: dict[str, Any] = {
        "who": f"{NAMES[0]}\nXavier Zorro, M, 44",
        "what": "released",
        "when": LEFT,
    }
    send(browser, page, "read", **said)
    ((name, values),) = fields(browser, "add-").items()
    assert values == ["", "new"]
    said |= {"stays": ticked(browser), name: "new", f"{name}-name": "Xavier Zorro"}
    send(browser, page, "look", **said)
    assert "1 person comes to the case with it" in browser.text
    assert "2 of 4 stay held" in browser.text
    assert "Record it for 2 people" in browser.text
    assert f'name="{name}" id="{name}-1" value="new" checked' in browser.page
    assert send(browser, page, "record", **said).status_code == 303
    browser.get(page)
    assert "2 of 4 still held" in browser.text
    assert "Xavier Zorro" in browser.text


def test_whoever_was_not_found_is_left_out_unless_somebody_says_more(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    said = {"who": "Xavier Zorro", "what": "released", "when": LEFT}
    send(browser, page, "read", **said)
    send(
        browser,
        page,
        "look",
        **said,
        stays=everybody(browser),
        **{"add-0": "", "add-0-name": "Xavier Zorro"},
    )
    assert "Record it for 2 people" in browser.text
    stale = {"add-0": "new", "add-0-name": "Somebody Else"}
    send(browser, page, "look", **said, stays=everybody(browser), **stale)
    assert "Record it for 2 people" in browser.text


def test_somebody_on_record_elsewhere_is_offered_and_not_made_twice(app: Flask) -> None:
    taken(app, ["Xavier Zorro"])
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    send(browser, page, "read", who="Xavier Zorro")
    ((name, values),) = fields(browser, "add-").items()
    assert len(values) == 3
    assert "On record: Xavier Zorro" in browser.text
    said = {"who": "Xavier Zorro", "what": "released", "when": LEFT, name: values[2]}
    record(browser, page, **said, **{f"{name}-name": "Xavier Zorro"})
    assert "2 of 3" in browser.text
    browser.get("/people?q=Xavier")
    query = select(func.count()).select_from(Person)
    assert in_unit(app, lambda: session().scalar(query)) == 3


def test_somebody_may_be_named_as_one_of_a_group(app: Flask) -> None:
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
    page, browser = taken(app, [], group), Browser(app, "monitor")
    browser.get(page)
    send(browser, page, "read", who="Xavier Zorro")
    ((name, values),) = fields(browser, "add-").items()
    (of_group,) = [value for value in values if value.startswith("group:")]
    said = {"who": "Xavier Zorro", "what": "released", "when": LEFT, name: of_group}
    record(browser, page, **said, **{f"{name}-name": "Xavier Zorro"})
    assert "39 of 40" in browser.text


def test_whoever_was_released_already_is_named_with_the_hour_and_not_ticked(app: Flask) -> None:
    page, browser = taken(app, NAMES[:3]), Browser(app, "monitor")
    browser.get(page)
    people = everybody(browser)
    record(browser, page, stays=people[:1], what="released_on_promise", when=LEFT)
    send(browser, page, "read", who="\n".join(NAMES[:3]))
    assert "2 lines name one person each surely" in browser.text
    assert len(ticked(browser)) == 2
    assert re.search(r"is not held, and not ticked: .*Released on a promise.*17:30", browser.text)
    gone = [uid for uid in everybody(browser) if uid not in ticked(browser)]
    assert send(browser, page, "look", stays=gone, what="released", when=LEFT).status_code == 422
    assert "released already" in browser.text


def test_names_are_read_with_titles_invisible_signs_and_in_either_order(app: Flask) -> None:
    names = ["Sok Chanthou", "ដេម៉ូ រ៉ាសូ", "Keo Sophea", "Demo Kela", "Demo Kela"]
    page, browser = taken(app, names), Browser(app, "monitor")
    browser.get(page)
    pasted = ["Mr Chanthou\u200b Sok", "លោក ដេម៉ូ\u200bរ៉ាសូ", "Ms. KEO  Sophea, F, 30", "Demo Kela"]
    send(browser, page, "read", who="\n".join(pasted))
    assert len(ticked(browser)) == 3
    ((_, values),) = fields(browser, "alike-").items()
    assert len(values) == 3


def test_whom_nobody_ticks_nothing_is_recorded_of(app: Flask) -> None:
    page, browser = taken(app, NAMES[:2]), Browser(app, "monitor")
    browser.get(page)
    assert send(browser, page, "look", what="released", when=LEFT).status_code == 422
    assert "Tick the people whom this is about." in browser.text


def test_where_nobody_is_named_the_page_leads_to_the_log_whoever_may_log(app: Flask) -> None:
    def threatened() -> UUID:
        case = make.case_of(make.incident(type="threat", victims=()))
        until = clock.now() + timedelta(days=30)
        member = MemberDraft(make.user("legal").uid, "She follows the case.", until)
        sharing.add_member(make.actor("director"), case, member)
        return case.uid

    case = in_unit(app, threatened)
    monitor, legal = Browser(app, "monitor"), Browser(app, "legal")
    for browser in (monitor, legal):
        browser.get(f"/cases/{case}/custody")
        assert "Nobody is held, as far as is recorded" in browser.text
        assert 'name="stays"' not in browser.page
    log = f"/incidents/new?case={case}"
    assert f'href="{log}"' in monitor.page
    assert monitor.get(log).status_code == 200
    assert "/incidents/new" not in legal.page
    assert "/incidents/new" not in legal.get(f"/cases/{case}").text
