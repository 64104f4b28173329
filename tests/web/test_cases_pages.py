"""Cases through the pages: the list, one case, outlines."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Sensitivity
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases import service, sharing, work
from hrdtracker.cases.drafts import BlockDraft, CaseDraft, TaskDraft
from hrdtracker.core.db import session
from hrdtracker.core.seal import Keyring
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.web.browse import Browser
from tests.web.case_pages import CLOSING, LAND, SUBPAGES, case, row
from tests.web.somebody import in_unit, openings, statements

pytestmark = pytest.mark.engines("sqlite")


# --- the list ------------------------------------------------------------------------------------


def test_the_list_calls_a_case_by_its_title_or_by_type_place_and_month(app: Flask) -> None:
    composed = case(app)
    titled = case(app)

    def give_title() -> None:
        found = row(titled)
        service.edit_case(make.actor("monitor"), found, CaseDraft("Strike line"), found.version)

    in_unit(app, give_title)
    browser = Browser(app, "monitor")
    assert browser.get("/cases").status_code == 200
    assert "2 cases" in browser.text
    assert "Arrest, Phnom Penh, November 2026" in browser.text
    assert "Strike line" in browser.text
    assert composed in browser.page


def test_a_composed_title_tells_no_month_that_nobody_told(app: Flask) -> None:
    unknown = case(app, occurred=When.unknown("long ago", make.ZONE))
    year = case(app, occurred=When.year(2020, make.ZONE, "2020"))
    browser = Browser(app, "monitor")
    browser.get(unknown)
    assert "<h1>Arrest, Phnom Penh</h1>" in browser.page
    browser.get(year)
    assert "<h1>Arrest, Phnom Penh, 2020</h1>" in browser.page


def test_the_filters_stand_in_the_address_and_can_be_taken_away(app: Flask) -> None:
    arrest, threat = case(app), case(app, type="threat")
    browser = Browser(app, "director")
    browser.get("/cases?type=threat&status=open&from=2026")
    assert threat in browser.page
    assert arrest not in browser.page
    assert 'href="/cases?status=open&amp;from=2026"' in browser.page
    assert "From 2026" in browser.text
    browser.get(f"/cases?owner={in_unit(app, lambda: make.user('director').uid.hex)}")
    assert "No case fits these filters" in browser.text


@pytest.mark.parametrize(
    "meaningless",
    [
        "type=invented", "status='", "area=%00", "owner=x", "owner=%2e%2e", "office=XXX",
        "from=nonsense", "to=%F0%9F%99%82", "page=AAAA", "page=nonsense", "x=y",
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_left_out(app: Flask, meaningless: str) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    assert browser.get(f"/cases?{meaningless}").status_code == 200
    assert address in browser.page
    assert "Clear all" not in browser.text


def test_an_empty_list_says_what_would_be_there(app: Flask) -> None:
    browser = Browser(app, "colleague")
    case(app, "monitor")
    browser.get("/cases")
    assert "No cases yet" in browser.text
    assert "0 cases" in browser.text


def test_the_list_takes_as_many_statements_for_one_case_as_for_twenty(app: Flask) -> None:
    case(app)
    browser = Browser(app, "director")
    browser.get("/cases")
    few = statements(lambda: browser.get("/cases"))
    for _ in range(19):
        case(app)
    most = 5 + 1  # to read, groups by their size too, and to note who read it
    assert statements(lambda: browser.get("/cases")) == few <= most


# --- one case ------------------------------------------------------------------------------------


def test_the_page_of_a_case_tells_what_it_holds_and_no_name(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    assert browser.get(address).status_code == 200
    code = in_unit(app, lambda: row(address).code)
    assert f"<title>Case {code} · " in browser.page
    for told in (
        "1 person, 1 incident",
        "Arrest: A.",
        "Two trucks came.",
        "Still missing",
        "F, 34",
    ):
        assert told in browser.text
    assert "Demo A" not in browser.page
    assert 'id="now"' in browser.page


def test_a_case_of_which_nothing_was_sent_is_there_for_its_owner_alone(app: Flask) -> None:
    here = case(app, "director", send=False)
    owner = Browser(app, "director")
    owner.get(here)
    code = re.search(r"[A-Z]{3}-\d{4}-\w{4}", owner.text)
    assert code
    assert "Everybody else Once something of it is sent" in owner.text
    owner.get(f"{here}/access")
    assert "Nothing of this case was sent yet" in owner.text
    assert "Give it to somebody else" not in owner.text
    assert owner.get(f"{here}/assign").status_code == 403
    for login in ("director2", "national", "fund"):
        other = Browser(app, login)
        assert other.get(here).status_code in {403, 404}
        other.get("/outlines" if login == "fund" else "/cases")
        assert code[0] not in other.page


def test_opening_a_case_is_noted_for_its_director_and_nobody_else(app: Flask) -> None:
    address = case(app)
    Browser(app, "monitor").get(address)
    director = Browser(app, "director")
    director.get(address)
    assert "Who has opened this" in director.text
    assert "Monitor. Open a case" in director.text
    assert director.get(f"{address}/openings").status_code == 200
    assert "Monitor. Open a case" in director.text
    monitor = Browser(app, "monitor")
    monitor.get(address)
    assert "Who has opened this" not in monitor.text
    assert monitor.get(f"{address}/openings").status_code == 403
    assert [each[0] for each in openings(app)].count("case.read") == 3


def test_who_read_of_a_case_in_a_list_or_beside_a_record_stands_apart(app: Flask) -> None:
    address = case(app)
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    monitor.get(address)
    (person,) = set(re.findall(r"/people/[0-9a-f-]{36}(?=\?|\")", monitor.page))
    monitor.get("/cases")
    monitor.get(person)
    director.get(f"{address}/openings")
    opened, elsewhere = director.text.split("Who has read of it elsewhere")
    assert "Monitor. Open a case" in opened
    assert "In a list" not in opened
    assert re.search(r"Monitor\. Open a case\. In a list of 1(?![\d.])", elsewhere)
    assert "Beside another record" in elsewhere
    director.get(address)
    assert "In a list" not in director.text


def test_showing_a_name_from_the_case_is_recorded_in_the_case(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "director")
    browser.get(address)
    reveal = re.search(r'action="(/people/[^"]+/reveal\?case=[^"]+)"', browser.page)
    assert reveal
    assert browser.post(reveal[1]).status_code == 200
    assert "Demo A" in browser.text
    browser.get(address)
    assert "Director. Show a name" not in browser.text, "one’s own reading displaces nobody’s"
    other = Browser(app, "director2")
    other.get(address)
    assert "Director. Show a name" in other.text


def test_each_missing_thing_leads_to_a_field_that_is_there(app: Flask) -> None:
    bare = Victim(described=PersonDraft((NameDraft("Demo A"),)))
    address = case(app, victims=(bare,), connection=None)
    browser = Browser(app, "monitor")
    browser.get(address)
    links = re.findall(r'<a href="([^"#]+)#([\w-]+)">Add<', browser.page)
    assert len(links) >= 9
    for path, field in links:
        assert browser.get(path).status_code == 200
        assert f'id="{field}"' in browser.page, (path, field)


@pytest.mark.parametrize("login", ["colleague", "stranger", "fund", "auditor", "admin", "nobody"])
def test_a_case_that_one_may_not_open_is_not_there_with_all_its_pages(
    app: Flask, login: str
) -> None:
    address = case(app, "monitor")
    browser, nowhere = Browser(app, login), f"/cases/{uuid4()}"
    expected = browser.get(nowhere).get_data()
    for page in ("", *(f"/{each}" for each in SUBPAGES)):
        answer = browser.get(f"{address}{page}")
        assert (answer.status_code, len(answer.get_data())) == (404, len(expected)), page


@pytest.mark.parametrize(
    ("page", "monitor", "director"),
    [
        ("edit", 200, 200),
        ("tasks/new", 200, 200),
        ("follow-ups/new", 200, 200),
        ("people", 200, 200),
        ("close", 403, 200),
        ("reopen", 403, 409),
        ("openings", 403, 200),
        ("access", 403, 200),
        ("assign", 403, 200),
        ("sensitivity", 403, 200),
        ("members/new", 403, 200),
        ("blocks/new", 403, 200),
    ],
)
def test_who_opens_which_page_of_an_open_case(
    app: Flask, page: str, monitor: int, director: int
) -> None:
    address = case(app, "monitor")
    assert Browser(app, "monitor").get(f"{address}/{page}").status_code == monitor
    assert Browser(app, "director").get(f"{address}/{page}").status_code == director


def test_a_page_that_was_refused_is_on_the_trail(app: Flask) -> None:
    address = case(app, "monitor")
    Browser(app, "monitor").get(f"{address}/close")
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
    last = in_unit(app, lambda: session().scalars(query).one())
    assert (last.action, last.outcome) == ("case.close", "refused")


def test_the_page_shows_only_the_buttons_that_lead_somewhere(app: Flask) -> None:
    address = case(app, "monitor")
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    monitor.get(address)
    director.get(address)
    assert f"{address}/close" in director.page
    assert f"{address}/close" not in monitor.page
    assert f"{address}/edit" in monitor.page
    assert f"{address}/access" not in monitor.page
    assert f"{address}/reopen" not in director.page


def test_one_page_takes_as_many_statements_for_1_person_as_for_30(app: Flask) -> None:
    few, many = (
        case(
            app,
            victims=tuple(
                Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(count)
            ),
        )
        for count in (1, 30)
    )
    browser = Browser(app, "director")
    browser.get(few)
    assert statements(lambda: browser.get(few)) == statements(lambda: browser.get(many))
    assert "People 30" in browser.text
    assert "Show all" in browser.text
    browser.get(f"{many}/people")
    assert "AD. •••••" in browser.text


def test_the_pages_speak_khmer(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "director")
    browser.post("/language", {"language": "km", "back": "/cases"})
    browser.get(address)
    assert '<html lang="km"' in browser.page
    assert "ការចាប់ខ្លួន ភ្នំពេញ ខែវិច្ឆិកា ឆ្នាំ២០២៦" in browser.text
    pages = ("/cases", *(f"{address}/{each}" for each in SUBPAGES if each != "reopen"))
    assert {browser.get(page).status_code for page in pages} == {200}


# --- outlines ------------------------------------------------------------------------------------


def test_a_whole_crawl_as_fund_officer_unseals_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, restricted = case(app), case(app)

    def fill() -> str:
        found, other = row(address), row(restricted)
        monitor, director = make.actor("monitor"), make.actor("director")
        service.edit_case(monitor, found, CaseDraft("Canary", frozenset({LAND})), found.version)
        work.add_task(monitor, found, TaskDraft("Canary"))
        sharing.block(director, found, BlockDraft(make.actor("colleague").uid, "Canary"))
        service.close_case(director, found, CLOSING, found.version)
        sharing.set_sensitivity(director, other, Sensitivity.RESTRICTED, other.version)
        return found.code

    code = in_unit(app, fill)
    opened: list[bytes] = []
    unseal = Keyring.unseal

    def counted(ring: Keyring, key_id: int, place: bytes, sealed: bytes) -> str:
        opened.append(place)
        return unseal(ring, key_id, place, sealed)

    browser = Browser(app, "fund")
    monkeypatch.setattr(Keyring, "unseal", counted)
    browser.get("/outlines")
    assert code in browser.text
    assert "1 case." in browser.text
    assert "Land and natural resources" in browser.text
    paths = [
        re.sub("<uuid:[^>]+>", address.split("/")[2], rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in {"static", "shell.styleguide"}
    ]
    for path in paths:
        browser.get(path)
        assert "Canary" not in browser.page, path
    assert len(paths) > 40
    assert [place for place in opened if not place.startswith(b"user_account\0")] == []
