"""Saying on a page who is alleged to have done it: somebody on record, or a type and words."""

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.incidents.model import Involvement
from hrdtracker.people.drafts import NameDraft, PersonDraft
from hrdtracker.people.model import CountingUnit
from hrdtracker.people.service import record_person
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, last_entry, statements, version

pytestmark = pytest.mark.engines("sqlite")
COMPANY = "Demo Timber Company"
OFFERED = re.compile(r'<input[^>]*name="same_as"[^>]*value="([0-9a-f]{32})"[^>]*>')


def body(app: Flask, login: str = "monitor", *names: str) -> str:
    """Record a company that no case names yet, and return its uid."""
    drafts = tuple(NameDraft(name) for name in names or (COMPANY,))
    draft = PersonDraft(drafts, unit=CountingUnit.COMPANY)
    return str(in_unit(app, lambda: record_person(make.actor(login), draft).uid.hex))


def incident(app: Flask) -> str:
    """Log an incident as the monitor, and return its address."""
    return f"/incidents/{in_unit(app, lambda: make.incident().uid)}"


def form_of(browser: Browser, here: str, **typed: str) -> dict[str, str]:
    """Open the form, and return it filled in."""
    seen = version(browser, f"{here}/perpetrators/new")
    return {"version": seen, "perpetrator_type": "company", **typed}


def involved(app: Flask) -> list[tuple[bool, str | None]]:
    """Return of each alleged perpetrator whether they are on record, and the words."""

    def read() -> list[tuple[bool, str | None]]:
        rows = session().scalars(select(Involvement).order_by(Involvement.id)).all()
        ring().load(row.data_key_id for row in rows)
        return [(row.alleged_perpetrator_id is not None, row.words) for row in rows]

    found: list[tuple[bool, str | None]] = in_unit(app, read)
    return found


@pytest.mark.parametrize("typed", [COMPANY, "demo timber", "ដេម៉ូ ធីមប៊ើ"])
def test_without_script_a_body_on_record_is_offered_before_anything_is_saved(
    app: Flask, typed: str
) -> None:
    uid = body(app, "monitor", COMPANY, "ដេម៉ូ ធីមប៊ើ")
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=typed, degree="ordered", certainty="likely")
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 200
    assert "Possible" in browser.text
    assert "Not saved yet." in browser.text
    assert OFFERED.findall(browser.page) == [uid]
    assert f'value="{typed}"' in browser.page
    assert re.search(r'<option selected value="ordered"', browser.page)
    assert involved(app) == []
    assert last_entry(app) == ("person.search", "done", b"")


def test_who_is_chosen_is_tied_to_the_incident_and_shown_without_the_name(app: Flask) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=COMPANY, same_as=uid, same_as_words=COMPANY)
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    assert involved(app) == [(True, None)]
    for reader, page in [("monitor", here), ("director", here), ("director", here + "/review")]:
        other = Browser(app, reader)
        other.get(page)
        assert "B. (Company" in other.text
        assert f"/people/{UUID(uid)}" in other.page
        assert COMPANY not in other.page


def test_the_name_is_one_tap_away_and_the_case_says_what_they_are(app: Flask) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    browser.post(f"{here}/perpetrators/new", form_of(browser, here, same_as=uid))
    director = Browser(app, "director")
    director.get(here)
    reveal = re.search(
        r'action="(/people/[0-9a-f-]{36}/reveal\?case=[0-9a-f-]{36})"', director.page
    )
    assert reveal
    assert director.post(reveal.group(1)).status_code == 200
    assert COMPANY in director.text
    director.get(f"/cases/{reveal.group(1)[-36:]}")
    assert "Alleged perpetrator" in director.text


def test_all_pages_count_the_people_of_a_case_without_who_is_alleged_alone(app: Flask) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    browser.post(f"{here}/perpetrators/new", form_of(browser, here, same_as=uid))
    director = Browser(app, "director")
    director.get("/cases")
    (case,) = set(re.findall(r'href="(/cases/[0-9a-f-]{36})"', director.page))
    assert re.search(r'data-label="People">\s*1\s*<', director.page)
    director.get(case)
    assert "1 person, 1 incident" in director.text
    assert re.search(r'<h2 id="people">People <span class="count">1 \(\w', director.page)
    assert "Alleged perpetrator" in director.text
    director.get(f"{case}/people")
    assert re.search(r'<h1>People <span class="count">1 \(\w', director.page)
    assert f"/people/{UUID(uid)}" in director.page


def test_a_type_and_words_that_name_nobody_on_record_are_saved_at_once(app: Flask) -> None:
    body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words="Men in plain clothes")
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    form = form_of(browser, here)
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    assert involved(app) == [(False, "Men in plain clothes"), (False, None)]


def test_none_of_these_counts_for_the_words_it_was_said_of_and_no_others(app: Flask) -> None:
    body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=COMPANY, same_as="", same_as_words="Somebody else")
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 200
    assert involved(app) == []
    form["same_as_words"] = COMPANY
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    assert involved(app) == [(False, COMPANY)]


@pytest.mark.parametrize("words", ["Something else", ""])
def test_who_was_chosen_stays_chosen_when_the_words_change(app: Flask, words: str) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=words, same_as=uid, same_as_words=COMPANY)
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    assert involved(app) == [(True, words or None)]


def test_what_is_refused_comes_back_with_the_choice_and_the_words(app: Flask) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=COMPANY, same_as=uid, same_as_words=COMPANY)
    refused = browser.post(f"{here}/perpetrators/new", {**form, "perpetrator_type": ""})
    assert refused.status_code == 422
    assert "Choose who is alleged to have done it." in browser.text
    _is_still_chosen(browser, uid)
    stale = browser.post(f"{here}/perpetrators/new", {**form, "version": "0"})
    assert stale.status_code == 409
    _is_still_chosen(browser, uid)
    assert involved(app) == []


def _is_still_chosen(browser: Browser, uid: str) -> None:
    (choice,) = [found for found in OFFERED.finditer(browser.page) if found.group(1) == uid]
    assert "checked" in choice.group()
    assert re.search(rf'<input[^>]*name="words"[^>]*value="{COMPANY}"', browser.page)


def test_what_is_missing_is_said_together_with_who_it_may_be(app: Flask) -> None:
    uid = body(app)
    here, browser = incident(app), Browser(app, "monitor")
    form = form_of(browser, here, words=COMPANY) | {"perpetrator_type": ""}
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 422
    assert OFFERED.findall(browser.page) == [uid]


def test_somebody_hidden_is_neither_offered_nor_tied_and_answered_like_nobody(app: Flask) -> None:
    hidden = body(app, "stranger")
    here, browser = incident(app), Browser(app, "monitor")
    answers = []
    for who in (hidden, uuid4().hex, "nonsense"):
        form = form_of(browser, here, words=COMPANY, same_as=who, same_as_words=COMPANY)
        answer = browser.post(f"{here}/perpetrators/new", form)
        answers.append((answer.status_code, re.sub(r'value="[^"]+"', "", browser.page)))
        asked = browser.post("/people/possible", {"words": "Else", "same_as": who})
        assert asked.status_code == 404
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]
    assert involved(app) == []
    form = form_of(browser, here, words=COMPANY)
    assert browser.post(f"{here}/perpetrators/new", form).status_code == 303
    assert involved(app) == [(False, COMPANY)]


# --- while it is typed ---------------------------------------------------------------------------


def test_who_it_may_be_is_offered_while_it_is_typed(app: Flask) -> None:
    uid = body(app)
    browser = Browser(app, "monitor")
    typed = {"words": f" {COMPANY} "}
    assert browser.post("/people/possible", typed).status_code == 200
    assert OFFERED.findall(browser.page) == [uid]
    assert f'name="same_as_words" value="{COMPANY}"' in browser.page
    assert "Company" in browser.text
    assert "None of these" in browser.text
    assert "<html" not in browser.page
    assert last_entry(app) == ("person.search", "done", b"")
    assert browser.get("/people/possible").status_code in {404, 405}


def test_a_choice_stays_while_the_words_change_and_shows_no_name_for_others(app: Flask) -> None:
    uid = body(app)
    browser = Browser(app, "monitor")
    browser.post("/people/possible", {"words": "Something else", "same_as": uid})
    assert OFFERED.findall(browser.page) == [uid]
    assert "The one you chose" in browser.text
    assert COMPANY not in browser.page


@pytest.mark.parametrize("typed", ["", "  "])
def test_no_words_ask_nothing_and_change_nothing(app: Flask, typed: str) -> None:
    browser = Browser(app, "monitor")
    before = last_entry(app)
    assert browser.post("/people/possible", {"words": typed}).status_code == 204
    assert last_entry(app) == before


@pytest.mark.parametrize("typed", ["\0", "x" * 50_000, "," * 5000, "<script>", "\ud800"])
def test_strange_words_offer_nobody(app: Flask, typed: str) -> None:
    browser = Browser(app, "monitor")
    sent = {"words": typed.encode("utf-8", "surrogatepass")}
    assert browser.post("/people/possible", sent).status_code == 200
    assert OFFERED.findall(browser.page) == []


def test_offering_many_costs_no_more_statements_than_offering_one(app: Flask) -> None:
    body(app)
    browser = Browser(app, "monitor")
    browser.post("/people/possible", {"words": COMPANY})
    one = statements(lambda: browser.post("/people/possible", {"words": COMPANY}))
    for _ in range(6):
        body(app)
    browser.post("/people/possible", {"words": COMPANY})
    many = statements(lambda: browser.post("/people/possible", {"words": COMPANY}))
    assert len(OFFERED.findall(browser.page)) == 7
    assert many == one


def test_a_role_without_case_work_is_offered_nobody(app: Flask) -> None:
    body(app)
    browser = Browser(app, "auditor")
    assert browser.post("/people/possible", {"words": COMPANY}).status_code == 403
