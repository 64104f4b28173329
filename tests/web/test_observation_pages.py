"""An observation on its pages: without a script, refused beside the field, confirmed, and few."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from hrdtracker.access.actor import operator
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings import observing
from hrdtracker.proceedings.checklists.load import SHIPPED, load_checklist
from hrdtracker.proceedings.drafts.proceedings import PartiesDraft
from hrdtracker.proceedings.model import Hearing, PartyRole
from hrdtracker.proceedings.parties import add_parties
from tests import courts, make, observations
from tests.web.browse import Browser
from tests.web.case_pages import hidden
from tests.web.somebody import in_unit, statements


def made(app: Flask, *ages: int | None, **changes: Any) -> str:
    """Return the address of an observation of the monitor."""
    return str(in_unit(app, lambda: f"/observations/{observations.observed(*ages, **changes).uid}"))


def hearing(app: Flask, **changes: Any) -> str:
    """Return the address of a hearing to which the monitor went."""

    def make_one() -> str:
        going = (make.user("monitor").uid,)
        proceeding = observations.proceeding_against(34)
        row: Hearing = observations.heard(proceeding, monitors=going, **changes)
        return f"/hearings/{row.uid}"

    return str(in_unit(app, make_one))


def answer(browser: Browser, address: str, key: str, **data: object) -> int:
    """Answer one question as a browser without a script does."""
    return browser.post(f"{address}/answers/{key}", {"version": "0", **data}).status_code


def fields(browser: Browser, key: str) -> list[str]:
    """Return the names of the fields in which one question is answered of each accused."""
    form = browser.page.split(f'id="q-{key}"')[1].split("</form>")[0]
    names = [part.split('"')[0] for part in form.split('name="answer')[1:]]
    return list(dict.fromkeys(f"answer{name}" for name in names))


def test_the_first_page_asks_who_went_there_what_they_observed(app: Flask) -> None:
    address, browser = hearing(app), Browser(app, "monitor")
    browser.get("/")
    assert "Fill in what you observed" in browser.page
    assert f'href="{address}#observed"' in browser.page
    begun = browser.post(f"{address}/observations").headers["Location"]
    browser.get("/")
    assert f'href="{begun}"' in browser.page
    browser.post(f"{begun.removesuffix('/answers')}/finish")
    browser.get("/")
    assert "What you observed" not in browser.text


def test_who_did_not_go_there_is_not_asked(app: Flask) -> None:
    hearing(app)
    browser = Browser(app, "colleague")
    browser.get("/")
    assert "What you observed" not in browser.text


def test_an_annex_that_opens_later_stands_on_the_first_page(app: Flask) -> None:
    def make_one() -> None:
        observing.finish(make.actor("monitor"), observations.observed(16))

    in_unit(app, make_one)
    browser = Browser(app, "monitor")
    browser.get("/")
    assert "Somebody may have been under 18" in browser.text


def _opens_no_annex(browser: Browser) -> None:
    browser.get("/")
    assert "Somebody may have been under 18" not in browser.text
    assert "What you observed" not in browser.text


@pytest.mark.parametrize("role", [PartyRole.WITNESS, PartyRole.CIVIL_PARTY])
def test_the_annex_is_about_the_accused_and_about_nobody_else_who_is_young(
    app: Flask, role: PartyRole
) -> None:
    def make_one() -> None:
        case, monitor = (
            courts.case_of(observations.proceeding_against(34, 16)),
            make.actor("monitor"),
        )
        adult, young = courts.people(case)
        proceeding = courts.opened(case, accused=(adult,))
        add_parties(monitor, proceeding, case, PartiesDraft(role, (Victim(young),)))
        observing.finish(monitor, observing.begin(monitor, observations.heard(proceeding)))

    in_unit(app, make_one)
    _opens_no_annex(Browser(app, "monitor"))


@pytest.mark.parametrize("is_finished", [True, False])
def test_who_was_not_let_in_is_asked_nothing_more_on_the_first_page(
    app: Flask,
    is_finished: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    def make_one() -> None:
        observation = observations.observed(16)
        observations.say(observation, "entry", "refused")
        if is_finished:
            observing.finish(make.actor("monitor"), observation)

    in_unit(app, make_one)
    _opens_no_annex(Browser(app, "monitor"))


def test_a_hearing_still_to_come_offers_no_observation(app: Flask) -> None:
    tomorrow = observations.soon(48)
    browser, address = Browser(app, "monitor"), hearing(app, starts=tomorrow)
    browser.get(address)
    assert "Fill in what you observed" not in browser.text
    assert browser.post(f"{address}/observations").status_code == 409


def test_each_question_is_answered_without_a_script_and_the_next_one_follows(app: Flask) -> None:
    address, browser = made(app, 34, 25), Browser(app, "monitor")
    browser.get(f"{address}/answers")
    first, second = fields(browser, "counsel")
    answered = browser.post(
        f"{address}/answers/counsel", {"version": "0", first: "chosen", second: "none"}
    )
    assert answered.headers["Location"] == f"{address}/answers#q-counsel_mandatory"
    browser.get(address)
    assert "A. A lawyer of their choice" in browser.text
    assert "B. No lawyer" in browser.text


def test_one_button_answers_for_everybody(app: Flask) -> None:
    address, browser = made(app, 34, 25), Browser(app, "monitor")
    assert answer(browser, address, "undue_delay", all="yes") == 303
    browser.get(address)
    assert "A. Yes , B. Yes" in browser.text


def test_hours_an_age_and_words_have_fields_of_their_own(app: Flask) -> None:
    address, browser = made(app, 16), Browser(app, "monitor")
    browser.get(f"{address}/answers")
    (age,), (outcome,) = fields(browser, "age"), fields(browser, "outcome")
    assert answer(browser, address, "duration", begins="8.30", ends="10:05", note="Ten min.") == 303
    assert answer(browser, address, "age", **{age: "16"}) == 303
    assert answer(browser, address, "outcome", **{outcome: "Six months.\nA fine."}) == 303
    browser.get(address)
    assert "08:30–10:05" in browser.text
    assert "Ten min." in browser.text
    assert "A. Six months. A fine." in browser.text


def written(browser: Browser, key: str) -> str:
    """Return the note that stands below one question."""
    control = browser.page.split(f'<textarea class="form-control" id="{key}-note')[1]
    return control.split(">", 1)[1].split("</textarea>")[0]


def test_a_note_stays_where_its_answer_cannot_be_read(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    refused = {"begins": "half past", "ends": "", "note": "The clock stood."}
    assert answer(browser, address, "duration", **refused) == 422
    assert written(browser, "duration") == "The clock stood."


def test_a_note_of_each_case_stays_where_somebody_answered_meanwhile(app: Flask) -> None:
    address, browser = made(app, 34), Browser(app, "monitor")
    browser.get(f"{address}/answers")
    form = browser.page.split('id="q-counsel"')[1].split("</form>")[0]
    name = "note" + form.split('name="note')[1].split('"')[0]
    assert answer(browser, address, "counsel", all="chosen", **{name: "Came late."}) == 303
    assert answer(browser, address, "counsel", all="none", **{name: "Never came."}) == 409
    assert written(browser, "counsel") == "Never came."
    assert answer(browser, address, "counsel", all="none") == 409
    assert written(browser, "counsel") == "Came late."


def test_the_words_of_who_was_not_let_in_stay_where_it_was_recorded_meanwhile(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    assert answer(browser, address, "entry", answer="refused") == 303
    assert answer(browser, address, "entry", answer="refused", note="“Not today.”") == 409
    assert written(browser, "entry") == "“Not today.”"


@pytest.mark.parametrize("alone", ["", "?alone=yes"])
def test_what_cannot_be_read_is_refused_beside_it_and_stays(app: Flask, alone: str) -> None:
    address, browser = made(app), Browser(app, "monitor")
    data = {"version": "0", "begins": "half past", "ends": ""}
    answered = browser.post(f"{address}/answers/duration{alone}", data)
    assert answered.status_code == 422
    assert "Write hours as 08:30" in browser.text
    assert alone or 'value="half past"' in browser.page


def test_an_answer_given_elsewhere_meanwhile_is_shown_beside_ones_own(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    assert answer(browser, address, "witnesses", answer="yes") == 303
    assert answer(browser, address, "witnesses", answer="no") == 409
    assert "Kept is: Yes." in browser.text
    assert hidden(browser, "version") == "0"
    form = browser.page.split('id="q-witnesses"')[1].split("</form>")[0]
    version = form.split('name="version" value="')[1].split('"')[0]
    assert answer(browser, address, "witnesses", answer="no", version=version) == 303


def test_the_script_is_told_how_the_question_stands(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    key = {"Submission-Id": "0" * 32}
    data = {"version": "0", "answer": "no"}
    answered = browser.post(f"{address}/answers/witnesses?alone=yes", data, headers=key)
    assert answered.headers["Submission-Id"] == "0" * 32
    assert 'data-version="1" data-answered="1"' in browser.page
    assert "<main" not in browser.page


def test_entry_refused_is_one_press_and_can_be_taken_back(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    assert answer(browser, address, "entry", answer="refused", note="Not today.") == 303
    browser.get(address)
    assert "Not let in. Not today." in browser.text
    assert "Fair and public hearing" in browser.text
    browser.get(f"{address}/answers")
    assert "You were not let in." in browser.text
    assert answer(browser, address, "entry", answer="allowed", version="1") == 303
    browser.get(address)
    assert "Not let in." not in browser.text


def test_a_question_that_is_none_is_not_found(app: Flask) -> None:
    assert answer(Browser(app, "monitor"), made(app), "moon", answer="no") == 404


def rights_of(browser: Browser) -> list[str]:
    """Return the names of the fields of the rights on a page."""
    return list(dict.fromkeys(re.findall(r'name="(right-[^"]+)"', browser.page)))


def chosen_in(browser: Browser, name: str) -> str | None:
    """Return what is chosen in a field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)" checked', browser.page)
    return found and found[1]


def test_rights_in_question_are_confirmed_one_by_one_and_stand_on_hearing_and_case(
    app: Flask,
) -> None:
    address, browser = made(app, 34, 25), Browser(app, "monitor")
    answer(browser, address, "adequate_time", all="no")
    browser.get(address)
    names = rights_of(browser)
    assert len(names) == 2
    sent = {names[0]: "yes", names[1]: "no"}
    assert browser.post(f"{address}/rights", sent).status_code == 303
    browser.get(address)
    assert "Said by Monitor" in browser.text
    page = browser.page.split('class="crumb" href="')[1].split('"')[0]
    browser.get(page)
    assert "In question: Time and means to prepare A." in browser.text
    case = in_unit(app, lambda: str(observations.last_case().uid))
    for login in ("monitor", "director", "national"):
        reader = Browser(app, login)
        reader.get(f"/cases/{case}/court")
        assert "In question: Time and means to prepare A." in reader.text


def test_what_is_no_concern_any_more_is_refused_in_words(app: Flask) -> None:
    address, browser = made(app), Browser(app, "monitor")
    browser.get(address)
    answered = browser.post(f"{address}/rights", {f"right-{'0' * 32}-1": "yes"})
    assert answered.status_code == 422
    assert "Look again at what is in question." in browser.text


def test_what_was_chosen_of_the_other_rights_stays_where_one_is_no_concern_any_more(
    app: Flask,
) -> None:
    address, browser = made(app, 34), Browser(app, "monitor")
    answer(browser, address, "adequate_time", all="no")
    browser.get(address)
    (name,) = rights_of(browser)
    sent = {name: "no", f"right-{'0' * 32}-1": "yes"}
    assert browser.post(f"{address}/rights", sent).status_code == 422
    assert chosen_in(browser, name) == "no"


def test_a_page_that_was_overtaken_shows_what_a_colleague_said_and_changes_nothing(
    app: Flask,
) -> None:
    address, browser = made(app, 34, 25), Browser(app, "monitor")
    answer(browser, address, "adequate_time", all="no")
    browser.get(address)
    first, second = rights_of(browser)
    assert Browser(app, "director").post(f"{address}/rights", {first: "no"}).status_code == 303
    assert browser.post(f"{address}/rights", {first: "yes", second: "yes"}).status_code == 422
    assert "Look again at what is in question." in browser.text
    assert [chosen_in(browser, name) for name in rights_of(browser)] == ["no", "yes"]


@pytest.mark.parametrize("login", ["director", "national"])
def test_a_colleague_reads_and_confirms_and_answers_nothing(app: Flask, login: str) -> None:
    address = made(app)
    answer(Browser(app, "monitor"), address, "witnesses", answer="no")
    browser = Browser(app, login)
    browser.get(address)
    assert "Save what is in question" in browser.text
    assert "Go on answering" not in browser.text
    assert browser.get(f"{address}/answers").status_code == 404


def test_pages_of_ten_accused_are_as_many_statements_as_of_one(app: Flask) -> None:
    def cost(address: str, page: Callable[[Browser, str], object]) -> int:
        browser = Browser(app, "monitor")
        page(browser, address)
        return statements(lambda: page(browser, address))

    few, many = made(app, 34), made(app, *[34] * 10)
    for page in (
        lambda browser, address: browser.get(address),
        lambda browser, address: browser.get(f"{address}/answers"),
        lambda browser, address: answer(browser, address, "counsel", all="none"),
    ):
        assert cost(few, page) == cost(many, page)


def test_where_all_questions_are_about_accused_and_nobody_is_seen_nothing_is_asked(
    app: Flask, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines[1:] if ",accused," in line or line.startswith("entry,")]
    own.write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")

    def make_one() -> str:
        organisation, monitor = make.organisation(), make.actor("monitor")
        proceeding = courts.opened(courts.case_with(1), accused=())
        hearing = observations.heard(proceeding)
        load_checklist(operator(organisation.id), organisation, own)
        return f"/observations/{observing.begin(monitor, hearing).uid}"

    address, browser = in_unit(app, make_one), Browser(app, "monitor")
    assert browser.get(f"{address}/answers").status_code == 200
    assert "0 of 0 answered" in browser.text
    assert answer(browser, address, "entry", answer="allowed") == 303
    assert browser.post(f"{address}/finish").status_code == 303
    assert browser.get(address).status_code == 200


def test_the_annex_is_looked_for_in_a_few_statements(app: Flask) -> None:
    def finish(*ages: int) -> None:
        observing.finish(make.actor("monitor"), observations.observed(*ages))

    browser = Browser(app, "monitor")
    in_unit(app, lambda: finish(34))
    browser.get("/")
    before = statements(lambda: browser.get("/"))
    for _ in range(3):
        in_unit(app, lambda: finish(34, 25))
    assert statements(lambda: browser.get("/")) == before
