"""The pages of the law: what counts, who reviewed it, and changing it by two."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.actor import operator
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.two_people import open_up
from tests.web.admin_pages import CONFIRMS, LOOKS, SEEN, confirm_having_looked, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
RULE = "/rules/custody_base"
SAYS = "Custody ends 48 hours after"


@pytest.fixture(autouse=True)
def loaded(app: Flask) -> None:
    with inside(app):
        organisation = make.organisation()
        load_rules(operator(organisation.id), organisation)


def _version(app: Flask, key: str = "custody_base") -> LegalRuleVersion:
    with inside(app):
        return queries.versions(make.actor("legal"), key)[0]


def _change(app: Flask, login: str, **fields: str) -> Browser:
    """Propose another version, with all that the form shows but for some fields."""
    version = _version(app)
    browser = Browser(app, login)
    sent = {**_shown(version), **fields}
    assert browser.post(f"/rules/versions/{version.uid}/change", sent).location == "/confirmations"
    return browser


def _shown(version: LegalRuleVersion) -> dict[str, str]:
    cells = {
        {"from": "runs_from", "age_at": "which_age"}.get(k, k): v
        for k, v in version.cells().items()
    }
    return {"follows": "no", **cells}


def test_the_list_says_by_stage_what_counts_and_how_much_of_it_a_lawyer_reviewed(
    app: Flask,
) -> None:
    browser = Browser(app, "monitor")
    browser.get("/rules")
    assert "A lawyer reviewed 0 of 97." in browser.text
    assert "With the police" in browser.text
    assert SAYS in browser.text
    assert "48 hours" in browser.text
    assert "/rules/holidays" not in browser.page


def test_whoever_only_reads_finds_no_way_to_change_a_rule(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get(RULE)
    assert SAYS in browser.text
    assert "Propose another version" not in browser.text
    version = _version(app)
    assert browser.get(f"/rules/versions/{version.uid}/change").status_code == 404


def test_a_rule_that_there_is_not_is_not_found(app: Flask) -> None:
    assert Browser(app, "legal").get("/rules/nothing").status_code == 404


def test_a_lawyer_proposes_a_version_and_an_administrator_who_sees_the_difference_confirms(
    app: Flask,
) -> None:
    browser = _change(app, "legal", amount="36 hours")
    browser.get(RULE)
    assert "waits for a second person" in browser.text
    second = Browser(app, "admin")
    second.get("/confirmations")
    assert "How long: 48 hours → 36 hours" in second.text
    confirm_having_looked(app, "admin", "Another version of a rule")
    browser.get(RULE)
    assert "Version 2" in browser.text
    assert "How long: 48 hours → 36 hours" in browser.text
    assert "Proposed by Legal, confirmed by Admin 1" in browser.text


def test_what_does_not_hold_stands_beside_its_field_and_nothing_typed_is_lost(app: Flask) -> None:
    version = _version(app)
    browser = Browser(app, "admin")
    sent = {**_shown(version), "amount": "2 months", "note": "My note"}
    assert browser.post(f"/rules/versions/{version.uid}/change", sent).status_code == 422
    assert "months, years and shares of a term have no exact length" in browser.text
    assert "My note" in browser.page


def test_a_review_is_proposed_by_day_and_name_and_shown_once_it_is_confirmed(app: Flask) -> None:
    version = _version(app)
    browser = Browser(app, "legal")
    where = f"/rules/versions/{version.uid}/review"
    assert browser.post(where, {"reviewed_by": "A.", "reviewed_on": "some day"}).status_code == 422
    sent = {"reviewed_by": "Advocate A.", "reviewed_on": "10 November 2026"}
    assert browser.post(where, sent).status_code == 303
    confirm_having_looked(app, "admin", "A lawyer reviewed a rule")
    browser.get("/rules")
    assert "A lawyer reviewed 1 of 97." in browser.text
    assert "Reviewed by Advocate A., " in browser.text
    assert "10 November" in browser.text


def test_the_holidays_of_a_decree_are_typed_a_line_a_day_and_taken_away_by_another(
    app: Flask,
) -> None:
    browser = Browser(app, "legal")
    lines = "2027-01-01 New Year\n២០២៧-០១-០៧, Victory Day\n"
    wrong = {"decree": "Sub-decree 1", "days": "soon New Year"}
    assert browser.post("/rules/holidays", wrong).status_code == 422
    assert "is no day such as" in browser.text
    assert browser.post("/rules/holidays", {**wrong, "days": "2027-02-30 X"}).status_code == 422
    sent = {"decree": "Sub-decree 1", "days": lines}
    assert browser.post("/rules/holidays", sent).status_code == 303
    confirm_having_looked(app, "admin", "Sub-decree 1")
    browser.get("/rules/holidays")
    assert "Victory Day" in browser.text
    with inside(app):
        first = queries.holidays(make.actor("legal"))[-1]
    where = f"/rules/holidays/{first.uid}/take-away"
    assert Browser(app, "admin").post(where, {"decree": "Sub-decree 2"}).status_code == 303
    confirm_having_looked(app, "legal", "No public holiday any more")
    browser.get("/rules/holidays")
    assert "New Year ·" not in browser.text


def test_what_was_replaced_meanwhile_is_said_and_nothing_is_proposed(app: Flask) -> None:
    version = _version(app)
    _change(app, "legal", amount="36 hours")
    confirm_having_looked(app, "admin", "Another version of a rule")
    browser = Browser(app, "legal")
    sent = {**_shown(version), "amount": "40 hours"}
    assert browser.post(f"/rules/versions/{version.uid}/change", sent).status_code == 409
    assert "The rules changed meanwhile" in browser.text


def test_a_further_source_is_proposed_and_stands_beside_the_others_once_it_is_confirmed(
    app: Flask,
) -> None:
    version, browser = _version(app), Browser(app, "legal")
    address = f"/rules/versions/{version.uid}/source"
    assert browser.post(address, {"source": "text_read"}).status_code == 422
    sent = {"source": "text_read", "where": "Official gazette of 2007, page 12."}
    assert browser.post(address, sent).location == "/confirmations"
    confirm_having_looked(app, "admin", "Another version of a rule")
    after = _version(app)
    assert after.sources == f"{version.sources} | text_read"
    assert after.note.endswith("Official gazette of 2007, page 12.")
    browser.get(RULE)
    assert "The text of the law, read by whoever proposed this version" in browser.text


# Before it counts: whose limits it would move -----------------------------------------------------


@pytest.fixture
def held(app: Flask) -> Iterator[str]:
    """Let somebody be in custody whose limit rests on the rule; return the code of their case."""
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        with inside(app):
            incident = arrested(adult())
            arrive(incident)
            code = make.case_of(incident).code
        yield code


def _proposed(app: Flask, login: str = "legal", **fields: str) -> str:
    """Propose another length of custody; return the page of what it would move, for the other."""
    _change(app, login, **fields)
    browser = Browser(app, "admin" if login == "legal" else "legal")
    browser.get("/confirmations")
    assert not CONFIRMS.findall(browser.page)
    return str(LOOKS.findall(browser.page)[0])


def test_whoever_confirms_sees_first_that_few_or_many_would_move_and_of_nobody_hidden(
    app: Flask, held: str
) -> None:
    browser = Browser(app, "admin")
    browser.get(_proposed(app, amount="36 hours"))
    assert "It would move no limit in the cases that you read." in browser.text
    assert "limits of fewer than 5 people and groups, or of nobody." in browser.text
    assert held not in browser.text


def test_whoever_reads_the_case_sees_whose_limit_moves_by_how_much_and_why(
    app: Flask, held: str
) -> None:
    with inside(app):
        until = clock.now() + timedelta(days=30)
        case = session().scalars(select(Case).where(Case.code == held)).one()
        member = MemberDraft(make.user("legal").uid, "She follows it.", until)
        sharing.add_member(make.actor("director"), case, member)
    browser = Browser(app, "legal")
    browser.get(_proposed(app, "admin", amount="36 hours"))
    assert "1 limit would move in the cases that you read, of 1 person or group" in browser.text
    assert f"Police custody: {held}" in browser.text
    assert "12 h earlier" in browser.text
    assert SAYS in browser.text


@pytest.mark.usefixtures("held")
def test_a_change_that_moves_nobody_says_so(app: Flask) -> None:
    browser = Browser(app, "admin")
    browser.get(_proposed(app, note="Read again."))
    assert "It would move no limit in the cases that you read." in browser.text


@pytest.mark.usefixtures("held")
def test_nobody_confirms_a_change_of_the_law_without_having_looked(app: Flask) -> None:
    address = _proposed(app, amount="36 hours")
    browser = Browser(app, "admin")
    browser.get(address)
    confirm, seen = CONFIRMS.findall(browser.page)[0], SEEN.findall(browser.page)[0]
    assert browser.post(confirm).location == address
    assert browser.post(confirm, {"seen": str(int(seen) - 1)}).location == address
    assert not _version(app).amount.startswith("36")
    assert browser.post(confirm, {"seen": seen}).location == "/confirmations"
    assert _version(app).amount == "36 hours"
    assert browser.get(address).status_code == 404


def test_what_takes_two_and_is_no_change_of_the_law_moves_no_limit(app: Flask) -> None:
    with inside(app):
        uid = open_up().uid
    assert Browser(app, "admin").get(f"/rules/proposed/{uid}").status_code == 404
