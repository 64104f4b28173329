"""The trail's pages, for auditors only."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.cases.contacts import add_contact
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import discard, log_incident, submit, violations_of
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from tests import make
from tests.make import Cast
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
PAGES = ("/audit", "/audit/figures", "/audit/verify")
CANARY = "Canary words of a narrative"


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield


@pytest.fixture
def code(app: Flask) -> str:
    """Return the code of a case in which an incident was logged."""
    with _inside(app):
        return make.case_of(make.incident(narrative=CANARY)).code


def _hide(app: Flask, code: str) -> None:
    with _inside(app):
        case = session().query(Case).filter_by(code=code).one()
        sharing.set_sensitivity(make.actor("director"), case, Sensitivity.RESTRICTED, case.version)


def _draft_in(code: str, *victims: Victim, login: str = "monitor") -> Incident:
    """Add a draft to a case."""
    case = session().query(Case).filter_by(code=code).one()
    make.load_keys(case)
    told = make.draft(type="threat", victims=victims, send=False)
    return log_incident(make.actor(login), told, case)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["admin", "monitor", "director", "national", "fund", "nobody"])
def test_the_trail_is_closed_to_everybody_else(app: Flask, who: str, path: str) -> None:
    browser = Browser(app, who)
    assert browser.get(path).status_code == 403
    assert browser.post("/audit/verify").status_code == 403


def test_an_auditor_reads_who_did_what_in_which_normal_case(app: Flask, code: str) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert f"Log an incident Monitor · {code} · Incident" in browser.text
    assert "In words – changed, sealed" in browser.text
    assert "Incident: What happened – Arrest" in browser.text


def test_no_identity_and_no_narrative_stands_on_the_page(app: Flask, code: str) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert CANARY not in browser.page
    assert "Demo A" not in browser.page
    assert "Factory gate" not in browser.page


def test_of_a_hidden_case_neither_code_nor_act_nor_actor_is_shown(app: Flask, code: str) -> None:
    _hide(app, code)
    with _inside(app):
        incident = _draft_in(code, login="director")
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert "Something was done in a case that is not shown here." in browser.text
    assert f"Log an incident Director · {code}" not in browser.text
    assert str(incident.uid) not in browser.page
    assert f"Set how sensitive a case is Director · {code}" in browser.text, "nobody hides that"
    browser.get("/audit?action=case.extend")
    assert "not shown here" not in browser.text


def test_what_a_draft_says_stands_on_the_page_only_once_it_was_sent(app: Flask, code: str) -> None:
    with _inside(app):
        uid = _draft_in(code).uid
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert f"Log an incident Monitor · {code} · Incident" in browser.text
    assert f"Add to a case Monitor · {code} · Incident" in browser.text
    assert "What happened – Threat" not in browser.text
    with _inside(app):
        submit(make.actor("monitor"), session().query(Incident).filter_by(uid=uid).one())
    browser.get("/audit")
    assert "What happened – Threat" in browser.text


def test_that_somebody_can_be_reached_stands_on_the_page_once_something_sent_names_them(
    app: Flask, code: str
) -> None:
    with _inside(app):
        incident = _draft_in(code, Victim(described=PersonDraft((NameDraft("Demo B"),))))
        (violation,) = violations_of(incident).values()
        person = session().get_one(Person, violation.victim_id)
        phone = ContactDraft("phone", "012 345 678")
        add_contact(make.actor("monitor"), make.case_of(incident), person, phone)
        uid = incident.uid
    browser = Browser(app, "auditor")
    browser.get("/audit?action=case.extend")
    assert "Kind – Telephone" not in browser.text
    with _inside(app):
        submit(make.actor("monitor"), session().query(Incident).filter_by(uid=uid).one())
    browser.get("/audit?action=case.extend")
    assert "Kind – Telephone" in browser.text


def test_what_a_discarded_draft_said_never_stands_on_the_page(app: Flask, code: str) -> None:
    with _inside(app):
        discard(make.actor("monitor"), _draft_in(code))
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert "Discard a draft Monitor" in browser.text
    assert "threat" not in browser.text.casefold()


def test_a_role_s_entry_says_whose_role_it_is(app: Flask) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit?action=proposal.confirm")
    said = "Confirm as the second person Admin2 · What takes two people: Far Director"
    assert said in browser.text


def test_the_filters_stand_in_the_address_and_can_be_taken_off(app: Flask, cast: Cast) -> None:
    browser = Browser(app, "auditor")
    browser.get(f"/audit?who={cast.users['admin'].hex}&action=user.invite&from=2001")
    assert "Invite a user Admin 1" in browser.text
    assert "Confirm as the second person Admin2" not in browser.text
    assert 'href="/audit?action=user.invite&amp;from=2001"' in browser.page


@pytest.mark.parametrize(
    "query",
    [
        "who=x", "who=%00", "action=%00", "action=case.eat", "outcome='", "from=gibberish",
        "to=%00", "older=x", "older=99999999999999999999", "newer=-1", "older=0",
    ],
)  # fmt: skip
def test_a_filter_that_is_none_gives_no_fault(app: Flask, query: str) -> None:
    assert Browser(app, "auditor").get(f"/audit?{query}").status_code == 200


def test_older_entries_stand_on_the_next_page_and_the_way_back_too(app: Flask) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert ">Older" in browser.page
    while 'href="/audit?older=' in browser.page:
        older = browser.page.split('href="/audit?older=')[1].split('"')[0]
        browser.get(f"/audit?older={older}")
    assert "no. 1 " in browser.text
    assert 'href="/audit?newer=' in browser.page


def test_figures_say_how_often_each_act_was_done(app: Flask) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit/figures")
    assert f"Invite a user {len(make.NAMES)}" in browser.text


def test_the_trail_is_checked_and_its_head_shown(app: Flask) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit/verify")
    assert browser.post("/audit/verify", {"head": ""}).status_code == 200
    assert "The trail holds" in browser.text


def test_a_head_that_was_kept_is_compared(app: Flask) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit/verify")
    browser.post("/audit/verify", {"head": f"9999:{'00' * 32}"})
    assert "entries were cut off its end" in browser.text


@pytest.mark.parametrize("head", ["nonsense", "1:2", "\x00", "x" * 101])
def test_a_head_that_is_none_is_said_beside_the_field(app: Flask, head: str) -> None:
    browser = Browser(app, "auditor")
    browser.get("/audit/verify")
    assert browser.post("/audit/verify", {"head": head}).status_code == 422
    assert 'id="head-error"' in browser.page


def test_an_entry_that_was_altered_is_named_on_the_page(app: Flask) -> None:
    with _inside(app):
        raw = session().connection().connection.driver_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute("DROP TRIGGER audit_entry_refuses_update")
        cursor.execute("UPDATE audit_entry SET payload = X'' WHERE seq = 5")
        cursor.execute("COMMIT")
    browser = Browser(app, "auditor")
    browser.get("/audit/verify")
    browser.post("/audit/verify", {"head": ""})
    assert "entry 5 is not as it was written" in browser.text


def test_somebody_who_looks_for_what_is_not_theirs_leaves_a_refusal(app: Flask, code: str) -> None:
    with _inside(app):
        uid = session().query(Case).filter_by(code=code).one().uid
    Browser(app, "stranger").get(f"/cases/{uid}")
    browser = Browser(app, "auditor")
    browser.get("/audit?outcome=refused")
    assert "Open a case Refused Stranger" in browser.text
