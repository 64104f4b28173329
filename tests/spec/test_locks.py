"""Many at once on PostgreSQL: nobody waits without need, and nothing is lost."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.model import Office
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.drafts import OfficeDraft, UserDraft
from hrdtracker.app import create_app
from hrdtracker.audit import chain
from hrdtracker.authorised import after_request_write, authorised, carry_out
from hrdtracker.cases.contacts import add_contact
from hrdtracker.cli import schema
from hrdtracker.cli.stop import Stop
from hrdtracker.core import clock
from hrdtracker.core.db import Base, session, unit_of_work
from hrdtracker.core.errors import Overtaken, Refused, Stale
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.locks import lock
from hrdtracker.core.money import Rate
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import grants
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.money import BookDraft, DonorDraft, ReportingRateDraft, TierRateDraft
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Booking, Capacity, ClosedMonth, ReportingMethod
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.rules import reporting_rates, tier_rates
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft
from hrdtracker.people.model import Person
from hrdtracker.people.search import possible_people
from hrdtracker.people.service import record_person, reveal_names
from tests import fund, make
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("postgresql")
FORMS, WRITERS = 35, 7
WHO_WAITS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
HELD = ("organisation", "office", "user_account", "person", "case_file", "donor")
"""The tables of what the acts below stand under."""


@contextlib.contextmanager
def _held_by_another(given: Settings) -> Iterator[None]:
    """Let somebody change every row that an act could stand under, and not come to an end."""
    address = given.database_url.replace("+psycopg", "")
    with psycopg.connect(address) as other, other.cursor() as cursor:
        for table in HELD:
            cursor.execute(f"SELECT 1 FROM {table} FOR NO KEY UPDATE")
        yield
        other.rollback()


def _impatient() -> None:
    """Let the acts that follow wait for nobody."""
    connection = session().connection().connection.driver_connection
    assert connection is not None
    connection.execute("SET lock_timeout = '1s'")
    connection.commit()


def _name_somebody() -> None:
    person = session().scalars(select(Person)).first()
    assert person is not None
    case = make.case_of(session().scalars(select(Incident)).one())
    add_contact(make.actor("monitor"), case, person, ContactDraft("phone", "012 345 678"))


def _delegate() -> None:
    begins, to = clock.now(), make.user("director2").uid
    stands_in = DelegationDraft(to, Capacity.DIRECTOR, begins, begins + timedelta(days=2))
    delegation.delegate(make.actor("national"), make.organisation(), stands_in)


ADDS: dict[str, Callable[[], object]] = {
    "an incident": make.incident,
    "incidents of a sheet": lambda: log_together(
        make.actor("monitor"), [WholeIncident(make.draft(), Origin("a list", "1", "1"))]
    ),
    "a person": lambda: record_person(make.actor("monitor"), PersonDraft((NameDraft("Demo C"),))),
    "a contact": _name_somebody,
    "an office": lambda: organisations.open_office(
        make.actor("admin"), make.organisation(), OfficeDraft("KPC", "Kampong Cham", "កំពង់ចាម")
    ),
    "a user": lambda: staff.invite(
        make.actor("admin"), make.organisation(), UserDraft("late", "Late")
    ),
    "a session": lambda: sessions.begin(make.user("monitor"), "Test"),
    "a donor": lambda: grants.add_donor(
        make.actor("fund"), make.organisation(), DonorDraft("D9", "Donor")
    ),
    "a rate": lambda: fund.bank_rate(4100, fund.today()),
    "a rate of a list": lambda: reporting_rates.record_reporting_rate(
        make.actor("finance"),
        make.organisation(),
        ReportingRateDraft(
            Rate("USD", "KHR", 4100, 1), fund.today(), ReportingMethod.MONTHLY, "UN"
        ),
    ),
    "a rate for the levels": lambda: tier_rates.propose_tier_rate(
        make.actor("finance"),
        make.organisation(),
        TierRateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "Bank"),
    ),
    "a booking": lambda: books.book(
        make.actor("finance"),
        make.organisation(),
        BookDraft(Booking.FEE, 100, "USD", fund.today()),
    ),
    "a stand-in": _delegate,
    "a request": lambda: requests.ask(
        make.actor("monitor"),
        make.case_of(session().scalars(select(Incident)).one()),
        fund.draft(),
    ),
    "a search": lambda: possible_people(make.actor("monitor"), "Demo"),
    "a look": lambda: reveal_names(make.actor("monitor"), session().scalars(select(Person)).one()),
}


@pytest.mark.parametrize("what", ADDS)
def test_what_only_adds_something_waits_for_nobody_who_holds_what_it_stands_under(
    what: str, unit: None, given: Settings
) -> None:
    make.incident()
    _impatient()
    with _held_by_another(given):
        ADDS[what]()


Work = Callable[[int], Any]


def _at_once(app: Flask, work: Work, count: int = 2) -> list[Any]:
    """Do something several times at once, each in a unit of work of its own."""

    def one(number: int) -> Any:
        with app.app_context(), unit_of_work(make.open_session(app)):
            try:
                return work(number)
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def _rename_both(codes: tuple[str, str], meet: Barrier) -> None:
    """Rename two offices in this order, once the other one has taken the first of theirs."""
    first, second = (make.office(code) for code in codes)
    with authorised(make.actor("admin"), Action.OFFICE_CHANGE, on=first):
        first.name_en += "+"
        with contextlib.suppress(Exception):
            meet.wait(2)
        lock(second)
        second.name_en += "+"


def test_two_acts_that_wait_for_each_other_are_both_carried_out(
    app: Flask, given: Settings
) -> None:
    orders, meet = ((make.HERE, make.THERE), (make.THERE, make.HERE)), Barrier(2)
    _at_once(app, lambda number: carry_out(lambda: _rename_both(orders[number], meet)))
    with app.app_context(), unit_of_work(make.open_session(app)):
        names = set(session().scalars(select(Office.name_en)))
        assert names == {"Phnom Penh++", "Siem Reap++"}
        assert chain.verify().holds


@pytest.mark.usefixtures("given")
def test_a_code_that_two_take_at_the_same_moment_is_refused_to_one_with_the_sentence(
    app: Flask,
) -> None:
    meet = Barrier(2)

    def open_one(_number: int) -> str:
        def act() -> str:
            draft = OfficeDraft("KPC", "Kampong Cham", "កំពង់ចាម", sending=Sending(uuid4()))
            with contextlib.suppress(Exception):
                meet.wait(2)
            return organisations.open_office(make.actor("admin"), make.organisation(), draft).code

        return carry_out(act)

    answers = _at_once(app, open_one)
    assert [each for each in answers if each == "KPC"] == ["KPC"]
    (refused,) = (each for each in answers if isinstance(each, Refused))
    assert refused.reasons.keys() == {"code"}


@pytest.mark.usefixtures("unit")
def test_an_act_that_lost_every_race_ends_and_leaves_nothing_behind() -> None:
    tries = []

    def lose() -> None:
        tries.append(make.office(make.HERE))
        after_request_write(lambda: None)
        raise Overtaken

    with pytest.raises(Overtaken):
        carry_out(lose)
    assert len(tries) == 4
    assert len({id(each) for each in tries}) == 4, "each try fetched the record anew"
    assert len(session().info["later"]) == 1, "what is written at the end is written once"


@pytest.mark.usefixtures("unit")
def test_what_was_committed_is_not_done_again() -> None:
    tries = []

    def act() -> None:
        tries.append(make.incident())
        raise Overtaken

    with pytest.raises(Overtaken):
        carry_out(act)
    assert len(tries) == 1


@pytest.mark.usefixtures("given")
def test_of_35_forms_of_one_person_at_once_none_is_lost(app: Flask) -> None:
    browsers = [Browser(app, "monitor") for _ in range(WRITERS)]
    with app.app_context(), unit_of_work(make.open_session(app)):
        case = make.case_of(make.incident()).uid
    for browser in browsers:
        browser.get("/away")

    def send(browser: Browser) -> list[int]:
        path = f"/incidents/new?case={case}"
        form = {"type": "arrest", "when": "16 November 2026", "who": "Demo A, F, 34"}
        form["same-0-name"] = "Demo A"  # asked already who that may be
        return [
            browser.post(path, {**form, "submission_id": uuid4().hex}).status_code
            for _ in range(FORMS // WRITERS)
        ]

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [status for statuses in pool.map(send, browsers) for status in statuses]
    assert answers == [303] * FORMS
    assert _count(app, Incident) == FORMS + 1
    with app.app_context(), unit_of_work(make.open_session(app)):
        assert chain.verify().holds


def test_a_form_that_ends_a_deadlock_is_done_again_and_says_so_once(
    app: Flask, given: Settings
) -> None:
    address = given.database_url.replace("+psycopg", "")
    with (
        psycopg.connect(address, autocommit=True) as watch,
        psycopg.connect(address) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        watch.execute("ALTER DATABASE copy SET deadlock_timeout = '3s'")  # of the form alone
        other.execute("SET deadlock_timeout = '100s'")
        browser = Browser(app, "monitor")
        with app.app_context(), unit_of_work(make.open_session(app)):
            path = f"/incidents/new?case={make.case_of(make.incident()).uid}"
        browser.get("/away")
        other.execute("SELECT 1 FROM scope FOR NO KEY UPDATE")
        form = {"type": "arrest", "when": "16 November 2026", "who": "Demo A, F, 34"}
        form["same-0-name"] = "Demo A"  # asked already who that may be
        sent = pool.submit(browser.post, path, form)
        while not watch.execute(WHO_WAITS).fetchall():
            assert not sent.done(), "it never waited"
        other.execute("SELECT 1 FROM case_file FOR NO KEY UPDATE")
        assert not sent.done(), "each waited for the other"
        other.rollback()
        answer = sent.result()
    assert answer.status_code == 303
    assert _count(app, Incident) == 2
    browser.get(answer.location)
    assert browser.text.count("Sent. A director reviews it.") == 1


@pytest.mark.usefixtures("given")
def test_a_month_closes_only_once_everything_that_is_being_booked_in_it_is(app: Flask) -> None:
    booked, go_on = Event(), Event()

    def work(number: int) -> None:
        finance, organisation = make.actor("finance"), make.organisation()
        last = fund.today().replace(day=1) - timedelta(days=1)
        if number:
            assert booked.wait(60)
            books.close_month(finance, organisation, last)
            return
        with authorised(finance, Action.FUND_BOOK, within=organisation):
            books.book(finance, organisation, BookDraft(Booking.FEE, 5, "USD", last))
            booked.set()
            assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool:
        both = pool.submit(_at_once, app, work)
        assert booked.wait(60)
        time.sleep(0.3)
        assert _count(app, ClosedMonth) == 0
        go_on.set()
        both.result(60)
    assert _count(app, ClosedMonth) == 1


def _count(app: Flask, model: type[Base]) -> int:
    with app.app_context(), unit_of_work(make.open_session(app)):
        return session().scalar(select(func.count()).select_from(model)) or 0


def test_a_role_that_is_set_to_another_isolation_stops_the_start(
    given: Settings, root: RootKey
) -> None:
    other = "options=-c%20default_transaction_isolation%3Dserializable"
    app = create_app(Settings(given.instance, f"{given.database_url}&{other}"), root)
    with pytest.raises(Stop, match="“serializable”, and hrdtracker needs “read committed”"):
        schema.check_isolation(app)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            shown = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
        engine.dispose()
    assert shown == "read committed", "and no act runs in it even so"


@pytest.mark.usefixtures("unit")
def test_a_stale_save_is_refused_and_not_done_again() -> None:
    tries, case, director = [], make.case_of(make.incident()), make.actor("director")

    def act() -> None:
        tries.append(1)
        with authorised(director, Action.CASE_EDIT, on=case, version=0):
            pass

    with pytest.raises(Stale):
        carry_out(act)
    assert tries == [1]
