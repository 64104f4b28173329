"""Cases through the pages: the list, one case, what is decided about it, outlines."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit.model import Entry
from hrdtracker.cases import service, sharing, work
from hrdtracker.cases.drafts import BlockDraft, CaseDraft, ClosingDraft, TaskDraft
from hrdtracker.cases.model import Case, FollowUp, Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import Keyring
from hrdtracker.core.when import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, openings, statements

pytestmark = pytest.mark.engines("sqlite")
LAND = "land_and_natural_resources"
CLOSING = ClosingDraft("released", "All were released.", frozenset({LAND}))
SUBPAGES = (
    "edit",
    "close",
    "reopen",
    "people",
    "openings",
    "access",
    "assign",
    "sensitivity",
    "members/new",
    "blocks/new",
    "tasks/new",
    "follow-ups/new",
)


def case(app: Flask, login: str = "monitor", **changes: object) -> str:
    """Return the address of a new case of somebody of the cast."""
    return in_unit(app, lambda: f"/cases/{make.case_of(make.incident(login, **changes)).uid}")  # type: ignore[no-any-return]


def row(address: str) -> Case:
    """Return the case behind an address."""
    return session().scalars(select(Case).where(Case.uid == UUID(address.split("/")[2]))).one()


def hidden(browser: Browser, name: str) -> str:
    """Return the value of a hidden field of the page that is open."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)
    assert found, name
    return found[1]


def send(browser: Browser, path: str, **data: object) -> int:
    """Open a form, fill it in and send it; return the status."""
    browser.get(path)
    for name in ("version", "submission_id"):
        if f'name="{name}"' in browser.page:
            data.setdefault(name, hidden(browser, name))
    return browser.post(path, data).status_code


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
    assert statements(lambda: browser.get("/cases")) == few <= 4


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


def test_showing_a_name_from_the_case_is_recorded_in_the_case(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "director")
    browser.get(address)
    reveal = re.search(r'action="(/people/[^"]+/reveal\?case=[^"]+)"', browser.page)
    assert reveal
    assert browser.post(reveal[1]).status_code == 200
    assert "Demo A" in browser.text
    browser.get(address)
    assert "Director. Show a name" in browser.text


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
    query = select(Entry).order_by(Entry.seq.desc()).limit(1)
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
    assert "All 30" in browser.text
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


# --- changing ------------------------------------------------------------------------------------


def test_the_areas_and_the_next_look_are_changed(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    sent = send(
        browser,
        f"{address}/edit",
        title="Strike line",
        areas=[LAND],
        next_look_on="in 3 months",
    )
    assert sent == 303
    browser.get(address)
    assert "<h1>Strike line</h1>" in browser.page
    assert "Land and natural resources" in browser.text
    assert "Look at it again" in browser.text


def test_a_stale_save_shows_both_versions_and_loses_neither(app: Flask) -> None:
    address = case(app)
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    mine.get(f"{address}/edit")
    seen = hidden(mine, "version")
    assert send(theirs, f"{address}/edit", title="Their title", areas=[LAND]) == 303
    answer = mine.post(f"{address}/edit", {"version": seen, "title": "My title"})
    assert answer.status_code == 409
    assert "Saved meanwhile" in mine.text
    assert "Their title" in mine.text
    assert 'value="My title"' in mine.page
    assert "Land and natural resources" in mine.text
    fresh = hidden(mine, "version")
    assert fresh != seen
    again = mine.post(f"{address}/edit", {"version": fresh, "title": "My title", "areas": [LAND]})
    assert again.status_code == 303
    mine.get(address)
    assert "<h1>My title</h1>" in mine.page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "x" * 201, "200"),
        ("title", "a\0b", "characters that cannot be kept"),
        ("next_look_on", "soonish", "Write one day"),
        ("next_look_on", "16 November 2020", "This day is past"),
        ("areas", "invented", "not in the list"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence_beside_its_field(
    app: Flask, field: str, typed: str, said: str
) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    assert send(browser, f"{address}/edit", **{"title": "Kept words", field: typed}) == 422
    assert said in browser.text
    assert in_unit(app, lambda: row(address).title_sealed) is None


def test_a_next_look_that_is_past_does_not_stop_another_change(app: Flask) -> None:
    address = case(app)

    def plan() -> None:
        found = row(address)
        draft = CaseDraft(next_look_on=date(2020, 1, 1))
        service.edit_case(make.actor("monitor"), found, draft, found.version)

    in_unit(app, plan)
    browser = Browser(app, "monitor")
    browser.get(f"{address}/edit")
    assert (
        send(
            browser,
            f"{address}/edit",
            title="New title",
            next_look_on=hidden(browser, "next_look_on"),
        )
        == 303
    )


# --- closing -------------------------------------------------------------------------------------


def test_a_case_is_closed_and_opened_again(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    closing = {"outcome": "released", "reason": "All are free.", "areas": [LAND]}
    assert send(director, f"{address}/close", **closing) == 303
    director.get(address)
    assert "This case is closed: Released" in director.text
    assert "All are free." in director.text
    assert director.get(f"{address}/close").status_code == 409
    assert send(director, f"{address}/reopen") == 303
    director.get(address)
    assert "Reopened" in director.text


def test_closing_without_an_area_is_refused_beside_the_field(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    assert send(director, f"{address}/close", outcome="released", reason="All are free.") == 422
    assert "at least one area" in director.text
    assert 'id="areas-error"' in director.page
    assert "All are free." in director.text


def test_a_decision_about_an_older_version_comes_back_filled(app: Flask) -> None:
    address = case(app)
    director = Browser(app, "director")
    director.get(f"{address}/close")
    seen = hidden(director, "version")
    send(Browser(app, "monitor"), f"{address}/edit", title="New title")
    sent = {"version": seen, "outcome": "released", "reason": "All are free.", "areas": [LAND]}
    assert director.post(f"{address}/close", sent).status_code == 409
    assert "Somebody saved this case after you opened it" in director.text
    assert "All are free." in director.text
    sent["version"] = hidden(director, "version")
    assert director.post(f"{address}/close", sent).status_code == 303


# --- tasks and follow-ups ------------------------------------------------------------------------


def test_a_task_is_added_for_a_colleague_and_marked_as_done(app: Flask) -> None:
    address = case(app)
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    chosen = in_unit(app, lambda: make.user("director").uid.hex)
    task = {"what": "Call the family of A.", "due_on": "tomorrow", "assignee": chosen}
    assert send(monitor, f"{address}/tasks/new", **task) == 303
    director.get(address)
    assert "Call the family of A." in director.text
    done = re.search(r'action="([^"]+/done)"', director.page)
    assert done
    assert director.post(done[1]).status_code == 303
    director.get(address)
    assert "Mark as done" not in director.text
    assert director.post(done[1]).status_code == 409


def test_only_who_can_open_the_case_is_offered_for_a_task(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get(f"{case(app)}/tasks/new")
    offered = set(re.findall(r'<option[^>]*value="\w+">([^<]+)<', browser.page))
    assert offered == {"Director", "Director2", "Monitor", "National"}


def test_sending_a_task_twice_makes_one(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    browser.get(f"{address}/tasks/new")
    sent = {"what": "Call", "submission_id": hidden(browser, "submission_id")}
    assert browser.post(f"{address}/tasks/new", sent).status_code == 303
    assert browser.post(f"{address}/tasks/new", sent).status_code == 303
    assert len(in_unit(app, lambda: session().scalars(select(Task)).all())) == 1


def test_a_follow_up_of_the_past_and_a_planned_one_stand_on_the_timeline(app: Flask) -> None:
    address = case(app)
    browser = Browser(app, "monitor")
    path = f"{address}/follow-ups/new"
    assert send(browser, path, kind="visit", when="yesterday 11:20", note="Turned away.") == 303
    coming = (clock.now() + timedelta(days=20)).strftime("%Y-%m-%d")
    assert send(browser, path, kind="court", when=coming) == 303
    browser.get(address)
    before, after = browser.text.split("Now, ", 1)
    assert "At court" in before
    assert "Visit Turned away." in after
    rows = in_unit(app, lambda: session().scalars(select(FollowUp).order_by(FollowUp.id)).all())
    assert [each.timed for each in rows] == [True, False]


@pytest.mark.parametrize("when", ["", "about noon", "March", "12 to 14 March", "x" * 400])
def test_a_follow_up_needs_a_day_or_an_hour(app: Flask, when: str) -> None:
    browser = Browser(app, "monitor")
    assert send(browser, f"{case(app)}/follow-ups/new", kind="visit", when=when) == 422
    assert "when-error" in browser.page


def test_a_day_is_read_back_while_it_is_typed(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/cases")
    browser.post("/cases/read/day", {"due_on": "1 January 2030"})
    assert "Tuesday 1 January 2030" in browser.text
    browser.post("/cases/read/day", {"ends_on": "soonish"})
    assert "no single day" in browser.text
    browser.post("/cases/read/moment", {"when": "1 January 2030 08:30"})
    assert "08:30" in browser.text


# --- who may open it -----------------------------------------------------------------------------


def test_a_director_gives_access_takes_it_and_shuts_out(app: Flask) -> None:
    address = case(app, "monitor")
    director, colleague = Browser(app, "director"), Browser(app, "colleague")
    chosen = in_unit(app, lambda: make.user("colleague").uid.hex)
    member = {"user": chosen, "reason": "Knows the family", "ends_on": "in 1 month"}
    assert colleague.get(address).status_code == 404
    assert send(director, f"{address}/members/new", **member) == 303
    assert colleague.get(address).status_code == 200
    director.get(f"{address}/access")
    assert "Knows the family" in director.text
    end = re.search(r'action="([^"]+/members/[^"]+/end)"', director.page)
    assert end
    assert director.post(end[1]).status_code == 303
    assert colleague.get(address).status_code == 404
    monitor = in_unit(app, lambda: make.user("monitor").uid.hex)
    shut = {"user": monitor, "reason": "A cousin of the accused"}
    assert send(director, f"{address}/blocks/new", **shut) == 303
    assert Browser(app, "monitor").get(address).status_code == 404
    director.get(f"{address}/access")
    let_in = re.search(r'action="([^"]+/blocks/[^"]+/end)"', director.page)
    assert let_in
    assert director.post(let_in[1]).status_code == 303
    assert Browser(app, "monitor").get(address).status_code == 200


def test_a_director_assigns_the_case_and_makes_it_secret(app: Flask) -> None:
    address = case(app, "monitor")
    director = Browser(app, "director")
    chosen = in_unit(app, lambda: make.user("colleague").uid.hex)
    assert send(director, f"{address}/assign", owner=chosen) == 303
    assert Browser(app, "colleague").get(address).status_code == 200
    assert Browser(app, "monitor").get(address).status_code == 404
    assert send(director, f"{address}/sensitivity", sensitivity="secret") == 303
    assert Browser(app, "national").get(address).status_code == 404
    director.get(address)
    assert "Secret" in director.text


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("assign", {"owner": ""}),
        ("assign", {"owner": "nobody"}),
        ("sensitivity", {"sensitivity": "top"}),
        ("members/new", {"user": "x", "reason": "Why", "ends_on": "in 1 month"}),
        ("members/new", {"user": str(uuid4()), "reason": "Why", "ends_on": "in 1 month"}),
        ("members/new", {"user": str(uuid4()), "reason": "Why", "ends_on": "yesterday"}),
        ("blocks/new", {"user": "", "reason": ""}),
        ("tasks/new", {"what": "Call", "assignee": "x"}),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(
    app: Flask, page: str, sent: dict[str, str]
) -> None:
    director = Browser(app, "director")
    assert send(director, f"{case(app)}/{page}", **sent) == 422
    assert "Something needs correcting" in director.text


def test_office_owner_and_status_are_never_taken_from_the_request(app: Flask) -> None:
    address = case(app, "monitor")
    stranger = in_unit(app, lambda: make.user("stranger").id)
    forged = {
        "title": "Title",
        "status": "closed",
        "owner_id": str(stranger),
        "owner": str(stranger),
        "office_id": "2",
        "sensitivity": "secret",
    }
    assert send(Browser(app, "monitor"), f"{address}/edit", **forged) == 303

    def look() -> tuple[str, int, str]:
        found = row(address)
        scope = session().get_one(Scope, found.scope_id)
        return (found.status, scope.owner_id, scope.sensitivity)

    assert in_unit(app, look) == ("open", in_unit(app, lambda: make.user("monitor").id), "normal")


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
    assert opened == []
