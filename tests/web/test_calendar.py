"""One’s hours in one’s own calendar: “appointment” and the hour; the address is in no log."""

import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update
from waitress import wasyncore
from waitress.adjustments import Adjustments

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Membership, Office, Role, UserState
from hrdtracker.accounts import service, staff
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import side_transaction
from hrdtracker.cases import work
from hrdtracker.cases.drafts import FollowUpDraft, TaskDraft
from hrdtracker.cli import listening
from hrdtracker.core.db import session
from hrdtracker.core.standstill import standstill
from hrdtracker.core.when.model import When
from hrdtracker.lockdown import service as lockdown
from hrdtracker.proceedings import hearings
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from tests import courts, make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.security.dump import everything
from tests.web.browse import Browser
from tests.web.proofs import OLD
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
NOW = ARRIVED + timedelta(hours=1)
ADDRESS = re.compile(r'value="http://localhost(/calendar/([0-9a-f]{64})\.ics)"')
STRANGE = f"/calendar/{'0' * 64}.ics"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def address(app: Flask, login: str = "monitor") -> str:
    """Make an address for somebody’s calendar, and return it."""
    browser = Browser(app, login)
    browser.get("/account/calendar")
    assert browser.post("/account/calendar/address").status_code == 200
    assert 'value="/account/calendar"' in browser.page, "where a change of language leads"
    found = ADDRESS.search(browser.page)
    assert found
    return found[1]


def asked(app: Flask, path: str, network: str = "192.0.2.1") -> Any:
    """Ask as a telephone would: without a cookie, from some network."""
    return app.test_client().get(path, environ_overrides={"REMOTE_ADDR": network})


def events(app: Flask, path: str) -> list[Any]:
    answer = asked(app, path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.get_data()).walk("VEVENT"))


def busy() -> None:
    """Let the monitor have a hearing, a visit, a task and a limit, whose words are canaries."""
    incident = arrested(adult("Canary Dara"))
    arrive(incident)
    case, actor = make.case_of(incident), make.actor("monitor")
    proceeding = courts.opened(case)
    court = When.minute(NOW + timedelta(days=2), make.ZONE)
    uid = make.user("monitor").uid
    hearings.add_hearing(
        actor, proceeding, HearingDraft(court, "trial", room="Canary room", monitors=(uid,))
    )
    visit = FollowUpDraft("visit", NOW + timedelta(days=3), timed=True, note="Canary visit")
    work.add_follow_up(actor, case, visit)
    day = (NOW + timedelta(days=4)).astimezone(make.ZONE).date()
    work.add_task(actor, case, TaskDraft("Canary task", day, uid))
    later = day + timedelta(days=30)
    work.add_task(actor, case, TaskDraft("Canary later", later, uid))


# --- what it shows --------------------------------------------------------------------------------


def test_an_entry_says_appointment_and_the_hour_and_nothing_else(app: Flask) -> None:
    in_unit(app, busy)
    found = events(app, address(app))
    assert {str(event["SUMMARY"]) for event in found} == {"Appointment"}
    assert {frozenset(event.keys()) for event in found} == {
        frozenset({"UID", "DTSTAMP", "DTSTART", "SUMMARY"})
    }
    starts = [event["DTSTART"].dt for event in found]
    assert NOW + timedelta(days=2) in starts
    assert NOW + timedelta(days=3) in starts
    assert (NOW + timedelta(days=4)).astimezone(make.ZONE).date() in starts
    assert ARRIVED + timedelta(hours=48) in starts, "the limit of a case of theirs"
    assert len(starts) == 4, "what is due in a month is not in it yet"


def test_it_has_no_word_of_a_record_and_no_name_of_one(app: Flask) -> None:
    in_unit(app, busy)
    text = asked(app, address(app)).get_data(as_text=True)
    assert "Canary" not in text
    assert not re.search(r"PNH-2026-|[0-9a-f]{8}-[0-9a-f]{4}-|hrdtracker|Daybook|http", text)
    assert "X-WR" not in text


def test_forty_limits_at_one_hour_are_one_entry(app: Flask) -> None:
    def many() -> None:
        arrive(arrested(*(adult(f"Demo {number}") for number in range(40))))

    in_unit(app, many)
    assert len(events(app, address(app))) == 1


def test_the_same_hour_keeps_its_name_from_one_reading_to_the_next_and_in_no_other_calendar(
    app: Flask,
) -> None:
    in_unit(app, busy)
    path = address(app)
    names = [str(event["UID"]) for event in events(app, path)]
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert [str(event["UID"]) for event in events(app, path)] == names
    assert not set(names) & {str(event["UID"]) for event in events(app, address(app))}


def test_it_shows_only_what_its_owner_may_read_now(app: Flask) -> None:
    in_unit(app, busy)
    director, colleague = address(app, "director"), address(app, "colleague")
    assert events(app, director) == []
    assert events(app, colleague) == []


def test_it_speaks_the_language_of_its_owner(app: Flask) -> None:
    in_unit(app, busy)
    in_unit(app, lambda: service.set_preferences(make.actor("monitor"), "km", None))
    assert {str(event["SUMMARY"]) for event in events(app, address(app))} == {"ការណាត់ជួប"}


# --- it is off, secret and mortal -----------------------------------------------------------------


def test_it_is_off_until_somebody_makes_an_address_and_ends_as_they_say(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account/calendar")
    assert "There is an address" not in browser.text
    path = address(app)
    assert asked(app, path).status_code == 200
    browser.get("/account/calendar")
    assert "There is an address since" in browser.text
    assert not ADDRESS.search(browser.page), "it is shown once"
    assert browser.post("/account/calendar/end").status_code == 303
    assert asked(app, path).status_code == 404


def test_a_new_address_ends_the_one_before(app: Flask) -> None:
    first, second = address(app), address(app)
    assert first != second
    assert [asked(app, path).status_code for path in (first, second)] == [404, 200]


def _lock() -> None:
    staff.lock_user(make.actor("admin"), make.user("monitor"))


def _new_code() -> None:
    staff.invite_again(make.actor("admin"), make.user("monitor"))


def _leave() -> None:
    make.bring(make.user("monitor"), UserState.LEFT)


def _other_role() -> None:
    office = session().scalars(select(Office).where(Office.code == make.HERE)).one()
    make.role_given("monitor", Role.FUND_OFFICER, office)


def _role_runs_out() -> None:
    number = make.user("monitor").id
    until = {"ends_at": NOW - timedelta(minutes=1), "starts_at": NOW - timedelta(days=1)}
    statement = update(Membership).where(Membership.user_id == number).values(**until)
    side_transaction(lambda: session().connection().execute(statement))


def _sign_out_elsewhere() -> None:
    service.sign_out_elsewhere(make.actor("monitor"), 0)


def _unlock_the_house() -> None:
    organisation = make.organisation()
    lockdown.unlock_everything(operator(organisation.id), organisation, "", NOW)


@pytest.mark.parametrize(
    "act",
    [_lock, _new_code, _leave, _other_role, _role_runs_out, _sign_out_elsewhere, _unlock_the_house],
    ids=lambda act: act.__name__,
)
def test_the_address_dies_with_a_lock_a_reset_another_role_or_the_account(
    app: Flask, act: Any
) -> None:
    path = address(app)
    assert asked(app, path).status_code == 200
    in_unit(app, act)
    assert asked(app, path).status_code == 404


def test_whatever_is_not_there_looks_alike(app: Flask) -> None:
    dead = address(app)
    address(app)

    def body(path: str) -> str:
        answer = asked(app, path)
        assert answer.status_code == 404
        page = re.sub(r'name="csrf_token"\s+value="[^"]*"', "", answer.get_data(as_text=True))
        return page.replace(path, "")

    pages = [body(path) for path in (dead, STRANGE, "/calendar/x.ics", "/calendars/x.ics")]
    assert len(set(pages)) == 1


def test_it_opens_nothing_else(app: Flask) -> None:
    secret = address(app).split("/")[2].removesuffix(".ics")
    client = app.test_client()
    client.set_cookie("day", secret)
    assert client.get("/cases").status_code == 302
    assert client.get(f"/calendar/{secret}.ics").status_code == 200
    assert client.get("/").status_code == 302
    assert client.post(f"/calendar/{secret}.ics").status_code == 405


def test_an_older_database_that_waits_answers_no_calendar(app: Flask) -> None:
    path = address(app)
    in_unit(app, lambda: standstill().begin("elsewhere", lambda: True))
    try:
        assert asked(app, path).status_code == 404
    finally:
        in_unit(app, lambda: standstill().begin("elsewhere", lambda: False))


def test_whoever_tries_addresses_waits_and_nobody_else_does(app: Flask) -> None:
    path = address(app)
    for number in range(25):
        assert asked(app, f"/calendar/{number:064x}.ics", "198.51.100.7").status_code == 404
    assert asked(app, path, "198.51.100.7").status_code == 404, "not heard for a while"
    assert asked(app, path, "192.0.2.1").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=20), tick=False):
        assert asked(app, path, "198.51.100.7").status_code == 200


def test_a_telephone_that_goes_on_asking_at_a_dead_address_keeps_nobody_out(app: Flask) -> None:
    dead = address(app)
    path = address(app)
    for _ in range(40):
        assert asked(app, dead).status_code == 404
    assert asked(app, path).status_code == 200


def test_whoever_makes_an_address_shows_who_they_are_and_is_told(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account/calendar")
    with time_machine.travel(NOW + OLD, tick=False):
        assert browser.post("/account/calendar/address").status_code == 401
        assert not ADDRESS.search(browser.page)
    address(app)
    browser.get("/")
    assert "An address was made at which a calendar sees when you have appointments" in browser.text


# --- where the address is not ---------------------------------------------------------------------


def test_the_address_is_in_no_log_no_page_and_no_row(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    path = address(app)
    secret = path.split("/")[2].removesuffix(".ics")
    asked(app, path)
    browser = Browser(app, "monitor")
    pages = [
        browser.get(place, headers={"Referer": f"http://localhost{path}"}).get_data(as_text=True)
        for place in (
            "/account/calendar",
            "/",
            "/account",
            f"/calendar/{secret[:-1]}.ics",
            f"{path}x",
        )
    ]
    pages.append(browser.post(path).get_data(as_text=True))
    in_unit(app, _role_runs_out)
    dead = asked(app, path)
    pages.append(dead.get_data(as_text=True))
    out = capfd.readouterr()
    assert not any(secret[:-1] in page for page in pages)
    assert secret[:-1] not in caplog.text + out.out + out.err
    kept = in_unit(app, lambda: b"".join(everything(session().connection())))
    assert secret[:-1].encode() not in kept
    assert asked(app, path).headers["Cache-Control"].startswith("no-store")


def test_a_real_server_logs_no_address_not_even_of_a_request_that_was_broken_off(
    app: Flask,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Adjustments, "listen", ["127.0.0.1:8080"])  # it looks its default up
    caplog.set_level(logging.DEBUG)
    path = address(app)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = listening.server_of(app, listener, tls=False)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        for whole in (True, False):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                line.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
                )
                if whole:
                    answer = b"".join(iter(lambda: line.recv(65536), b""))
                    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        server.task_dispatcher.shutdown()
        with contextlib.suppress(OSError):  # the thread woke before, and has closed it
            server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))
        thread.join(5)
    out = capfd.readouterr()
    assert path.split("/")[2][:60] not in caplog.text + out.out + out.err


def test_the_hour_is_told_without_the_zone_of_the_office(app: Flask) -> None:
    in_unit(app, busy)
    starts = [event["DTSTART"].dt for event in events(app, address(app))]
    hours = [start for start in starts if isinstance(start, datetime)]
    assert hours
    assert {start.utcoffset() for start in hours} == {timedelta()}


def test_the_trail_says_that_an_address_was_made(app: Flask) -> None:
    address(app)
    acts = select(AuditEntry).where(AuditEntry.action == Action.FEED_OPEN)
    (entry,) = in_unit(app, lambda: session().scalars(acts).all())
    assert entry.payload == b"" or b"calendar_feed" not in entry.payload
