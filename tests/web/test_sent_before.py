"""A form that comes twice with other content, from a slow line or from "back": nothing is lost."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access.model import Submission
from hrdtracker.cases.model import Case, CaseArea, Task
from hrdtracker.core.db import Base, session
from hrdtracker.fund.model import (
    Booking,
    Donor,
    ExchangeRate,
    RequestPerson,
    RequestStatus,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import Person, PersonName
from hrdtracker.web.words.stored import KINDS
from tests import fund, make
from tests.architecture.source import modules
from tests.web.browse import Browser
from tests.web.case_pages import LAND, case, hidden
from tests.web.fund_pages import request_at
from tests.web.somebody import in_unit


def made_by_forms() -> set[str]:
    """Return the classes of what a service makes that answers the same form again."""
    return {
        ast.unparse(function.returns)
        for module in modules("hrdtracker")
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef) and function.returns is not None
        if "idempotent" in map(ast.unparse, function.decorator_list)
    }


NEW = "/incidents/new"
ARREST = {"type": "arrest", "when": "16 November 2026", "narrative": "Two trucks came."}
REQUEST = {
    "beneficiary": "new",
    "beneficiary_name": "Canary Sophea",
    "support_type": "family",
    "amount": "60",
    "currency": "USD",
    "need": "Food.",
    "needed_by": "tomorrow",
    "urgency": "urgent",
    "payee": "same",
    "method": "mobile_money",
    "payee_details": "Wing 012 345 678",
    "consented_on": "today",
}
SENTENCE = "You sent this form before"
AT_ONCE = 4


def fresh(**data: str) -> dict[str, str]:
    """Return a form under a key of its own."""
    return {**data, "submission_id": uuid4().hex}


def count(app: Flask, model: type[Base]) -> int:
    return int(in_unit(app, lambda: session().scalar(select(func.count()).select_from(model))))


def incident(app: Flask) -> tuple[str, str]:
    """Return the status and the urgency of the one incident there is."""
    query = select(Incident.status, Incident.urgency)
    return tuple(in_unit(app, lambda: session().execute(query).one()))


def victims(app: Flask) -> list[str]:
    """Return the names of everybody on record, who must be the victims of the one incident."""

    def read() -> list[str]:
        named = session().scalars(select(Violation.victim_id)).all()
        people = session().scalars(select(Person).order_by(Person.id)).all()
        assert sorted(one.id for one in people) == sorted(one for one in named if one)
        make.load_keys(*people)
        names = session().scalars(select(PersonName).order_by(PersonName.person_id)).all()
        return [each.name or "" for each in names]

    return list(in_unit(app, read))


def send_as_another(browser: Browser) -> int:
    """Press the button of the page that keeps what was sent now as a record of its own."""
    forms = re.findall(r"<form.*?</form>", browser.page, re.DOTALL)
    form = next(each for each in forms if 'name="submission_id"' in each)
    fields = re.findall(r'<input type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"', form)
    target = re.search(r'action="([^"]*)"', form)
    assert target
    sent = {name: unescape(value) for name, value in fields}
    return browser.post(unescape(target[1]), sent).status_code


# The sender's own draft --------------------------------------------------------------------------


def test_a_draft_kept_on_a_slow_line_then_made_urgent_and_sent_is_urgent_and_sent(
    app: Flask,
) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    first = browser.post(NEW, {**form, "keep": "1"})
    second = browser.post(NEW, {**form, "urgent": "y"})
    assert (second.status_code, second.location) == (303, first.location)
    assert incident(app) == ("submitted", "urgent")
    browser.get(second.location)
    assert "Sent. A director reviews it." in browser.text


def test_the_sentence_is_of_what_is_stored_not_of_what_was_pressed(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    for pressed, sentence in (({"keep": "1"}, "Kept."), ({"keep": "1"}, "Kept."), ({}, "Sent.")):
        browser.get(browser.post(NEW, {**form, **pressed}).location)
        assert sentence in browser.text
    browser.get(browser.post(NEW, {**form, "keep": "1"}).location)
    assert "Sent. A director reviews it." in browser.text
    assert incident(app) == ("submitted", "normal")


def test_a_draft_that_was_sent_anew_answers_a_third_sending_with_the_same(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    browser.post(NEW, {**form, "keep": "1"})
    answers = [browser.post(NEW, {**form, "urgent": "y"}) for _ in range(3)]
    assert {(each.status_code, each.location) for each in answers} == {(303, answers[0].location)}
    assert count(app, Incident) == 1


def test_a_corrected_name_corrects_the_person_and_records_nobody_else(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST, areas="judiciary")
    browser.post(NEW, {**form, "who": "Demo A, F, 34\nDemo B, M, 29", "keep": "1"})
    changed = {"who": "Demo B, M, 29\nDemo C, F, 35", "connection": "witness", "areas": LAND}
    assert browser.post(NEW, {**form, **changed, "keep": "1"}).status_code == 303
    assert sorted(victims(app)) == ["Demo B", "Demo C"]
    assert count(app, Case) == 1
    assert in_unit(app, lambda: session().scalars(select(CaseArea.area)).all()) == [LAND]
    assert browser.post(NEW, {**form, **changed}).status_code == 303
    assert sorted(victims(app)) == ["Demo B", "Demo C"]


def test_a_draft_that_was_changed_since_is_not_written_over_by_an_old_form(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    page = browser.post(NEW, {**form, "keep": "1"}).location
    browser.get(f"{page}/edit")
    version = hidden(browser, "version")
    corrected = {"type": "threat", "when": "16 November 2026", "narrative": "Corrected later."}
    browser.post(f"{page}/edit", {**corrected, "version": version})
    for again in ({}, {"urgent": "y"}):
        assert browser.post(NEW, {**form, **again}).status_code == 409
        assert "Corrected later." in browser.text
        assert "Two trucks came." in browser.text
    assert incident(app)[0] == "draft"


def test_a_request_kept_and_then_corrected_and_sent_is_one_request_that_was_sent(
    app: Flask,
) -> None:
    browser = Browser(app, "monitor")
    path = f"/fund/requests/new?case={case(app).split('/')[2]}"
    form = fresh(**REQUEST)
    first = browser.post(path, {**form, "keep": "1"})
    people = count(app, Person)
    second = browser.post(path, {**form, "amount": "70", "beneficiary_name": "Canary Sophy"})
    assert (first.status_code, first.location) == (second.status_code, second.location)
    found = in_unit(app, lambda: session().scalars(select(SupportRequest)).one())
    assert (found.status, found.amount) == (RequestStatus.SUBMITTED, 70_00)
    assert (count(app, Person), count(app, RequestPerson)) == (people, 2)
    assert browser.post(path, {**form, "amount": "80"}).status_code == 409


# Everything else ---------------------------------------------------------------------------------


def test_what_was_sent_for_review_is_not_changed_by_other_content(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    page = browser.post(NEW, form).location
    assert browser.post(NEW, {**form, "narrative": "Three trucks came."}).status_code == 409
    assert SENTENCE in browser.text
    assert "Two trucks came." in browser.text
    assert "Three trucks came." in browser.text
    assert f'href="{page}/edit"' in browser.page
    assert count(app, Incident) == 1
    assert send_as_another(browser) == 303
    assert count(app, Incident) == 2


def test_a_draft_that_was_discarded_is_made_anew_with_one_press(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(**ARREST)
    page = browser.post(NEW, {**form, "keep": "1"}).location
    browser.post(f"{page}/discard")
    assert browser.post(NEW, {**form, "keep": "1"}).status_code == 409
    assert "has been deleted since" in browser.text
    assert "Two trucks came." in browser.text
    assert send_as_another(browser) == 303
    assert incident(app)[0] == "draft"


def test_a_fee_of_seven_that_comes_again_as_seventy_seven_is_asked_about(app: Flask) -> None:
    browser = Browser(app, "finance")
    form = fresh(booking="fee", amount="7", currency="USD", on="today")
    browser.post("/fund/ledger/book", form)
    assert browser.post("/fund/ledger/book", {**form, "amount": "77"}).status_code == 409
    assert "7.00 USD" in browser.text
    assert "77" in browser.text
    assert count(app, Transaction) == 1
    assert send_as_another(browser) == 303
    assert count(app, Transaction) == 2


def test_a_rate_that_comes_again_from_back_with_another_number_is_asked_about(app: Flask) -> None:
    browser = Browser(app, "finance")
    form = fresh(base="USD", quote="KHR", rate="4,100", day="today", source="NBC", bank_line="1")
    browser.post("/fund/rates/bank", form)
    assert browser.post("/fund/rates/bank", {**form, "rate": "4,200"}).status_code == 409
    assert "1 USD is 4,100 KHR" in browser.text
    assert "4,200" in browser.text
    assert count(app, ExchangeRate) == 1


def test_the_same_key_on_another_page_is_other_content(app: Flask) -> None:
    browser, form = Browser(app, "monitor"), fresh(what="Call the lawyer")
    here, there = case(app), case(app)
    assert browser.post(f"{here}/tasks/new", form).status_code == 303
    assert browser.post(f"{there}/tasks/new", form).status_code == 409
    assert "Call the lawyer" in browser.text
    assert count(app, Task) == 1


def test_the_same_key_of_somebody_else_is_a_key_of_its_own(app: Flask) -> None:
    form, address = fresh(what="Call the lawyer"), case(app)
    for who in ("monitor", "director"):
        assert Browser(app, who).post(f"{address}/tasks/new", form).status_code == 303
    assert count(app, Task) == 2


def test_nobody_reads_by_this_page_what_they_may_not_read(app: Flask) -> None:
    page, browser = request_at(app, fund.paid), Browser(app, "director")
    form = fresh(kind="cut", words="Canary: a part was kept.")
    assert browser.post(f"{page}/complaint", form).status_code == 303
    assert browser.post(f"{page}/complaint", {**form, "words": "Other."}).status_code == 409
    assert "Canary" not in browser.page
    assert "You may not read it here." in browser.text


def test_a_telephone_number_that_is_stored_stays_hidden_on_this_page(app: Flask) -> None:
    browser, address = Browser(app, "monitor"), case(app)
    person = in_unit(app, lambda: session().scalars(select(Person.uid)).first())
    path = f"{address}/people/{person}/contacts/new"
    form = fresh(kind="phone", value="012 345 678")
    assert browser.post(path, form).status_code == 303
    assert browser.post(path, {**form, "value": "098 765 432"}).status_code == 409
    assert "012 345 678" not in browser.page
    assert "098 765 432" in browser.page


def test_the_receipt_says_nothing_of_what_was_typed(app: Flask) -> None:
    forms = [fresh(what="Call the lawyer") for _ in range(2)]
    browser, address = Browser(app, "monitor"), case(app)
    for form in forms:
        browser.post(f"{address}/tasks/new", form)
    found = in_unit(app, lambda: session().scalars(select(Submission)).all())
    assert len({each.fingerprint for each in found}) == 2, "equal content must not look equal"
    assert {len(each.fingerprint or "") for each in found} == {64}


# At once -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path", "form", "model"),
    [
        ("monitor", NEW, ARREST, Incident),
        ("monitor", NEW, {**ARREST, "who": "Demo A, F, 34", "keep": "1"}, Person),
        ("monitor", "{case}/tasks/new", {"what": "Call"}, Task),
        ("monitor", "/fund/requests/new?case={case}", REQUEST, SupportRequest),
        ("monitor", "/people/new", {"names-0-name": "Xyz Uvw", "unit": "person"}, Person),
        ("fund", "/fund/donors/new", {"code": "D9", "name": "Sample"}, Donor),
        (
            "finance",
            "/fund/ledger/book",
            {"booking": "fee", "amount": "7", "currency": "USD", "on": "today"},
            Transaction,
        ),
    ],
)
def test_a_form_sent_several_times_at_once_makes_one_record_and_has_one_answer(
    app: Flask, who: str, path: str, form: dict[str, str], model: type[Base]
) -> None:
    if "{case}" in path:
        address = case(app)
        path = path.replace("={case}", f"={address.split('/')[2]}").replace("{case}", address)
    before, sent = count(app, model), fresh(**form)
    browsers = [Browser(app, who) for _ in range(AT_ONCE)]
    for each in browsers:
        each.get("/away")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda browser: browser.post(path, sent), browsers))
    assert {each.status_code for each in answers} == {303}
    assert len({each.location for each in answers}) == 1
    assert count(app, model) == before + 1


def test_a_draft_sent_several_times_at_once_with_other_content_is_changed_once(app: Flask) -> None:
    form = fresh(**ARREST, who="Demo A, F, 34")
    browsers = [Browser(app, "monitor") for _ in range(AT_ONCE)]
    browsers[0].post(NEW, {**form, "keep": "1"})
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = {**form, "urgent": "y", "who": "Demo B, F, 34"}
        answers = list(pool.map(lambda browser: browser.post(NEW, sent), browsers))
    assert {each.status_code for each in answers} == {303}
    assert len({each.location for each in answers}) == 1
    assert incident(app) == ("submitted", "urgent")
    assert victims(app) == ["Demo B"]


def test_another_witness_chosen_after_going_back_is_asked_about_and_nobody_is_asked_twice(
    app: Flask,
) -> None:
    def said() -> tuple[UUID, str, str]:
        fund.paid()
        booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
        entry = session().scalars(booked).one()
        fund.take_back(entry, ReversalKind.NEVER_LEFT, seen_by=make.user("director2").uid)
        return entry.uid, make.user("national").uid.hex, make.user("auditor").uid.hex

    entry, national, auditor = in_unit(app, said)
    browser, page = Browser(app, "finance"), f"/fund/reversals/{entry}/ask"
    form = {"submission_id": uuid4().hex}
    assert browser.post(page, {**form, "seen_by": national}).status_code == 303
    assert browser.post(page, {**form, "seen_by": auditor}).status_code == 409
    assert "You sent this form before" in browser.text
    assert count(app, Voucher) == 2


@pytest.mark.parametrize("kind", sorted(made_by_forms()))
def test_what_any_form_makes_is_said_where_the_form_comes_again_with_other_content(
    kind: str,
) -> None:
    tables = {
        mapper.class_.__name__: mapper.class_.__tablename__ for mapper in Base.registry.mappers
    }
    assert tables[kind] in KINDS
