"""Who read whom and how much: shown to who answers for it, and told where it is unusual."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity, User, UserState
from hrdtracker.accounts.drafts import ReadingLimits
from hrdtracker.audit.access_log import latest_openers, openings_of
from hrdtracker.audit.model import AuditEntry, Opening
from hrdtracker.authorised import authorised, flush_deferred, note_reading
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import NotFound
from hrdtracker.core.seal import DataKey, ring
from hrdtracker.fund.model import Donor
from hrdtracker.incidents.model import Incident
from hrdtracker.insight.model import UnusualReading
from hrdtracker.insight.readings import (
    ReadByUser,
    figures,
    person_readings,
    read_by_user,
    user_read,
)
from hrdtracker.insight.tally import Tally
from hrdtracker.jobs import reading
from hrdtracker.jobs.setting import Outside, Setting
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.queries import unseen
from hrdtracker.outbox.leases import Lease
from hrdtracker.people.model import Person
from hrdtracker.people.search import offered, possible_for_each, possible_people
from hrdtracker.people.search_limit import HOUR, PARTS, TooManySearches
from tests import fund, make

DAY = timedelta(days=1)
unit = pytest.mark.usefixtures("unit")
HUGE = 100_000


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """Let it be so much later inside."""
    with clock.as_of(clock.now() + by):
        yield


def limit(**most: int) -> None:
    """Let the organisation set these limits of reading, and none that anybody reaches."""
    none = ReadingLimits(*[HUGE] * 7)
    make.change_limits(replace(none, **most))


def read(login: str, *records: Any, verb: Action = Action.CASE_READ, about: Any = None) -> None:
    """Let somebody open a page that shows sealed words of some records, perhaps about one."""
    actor = make.actor(login)
    if about is not None:
        policy.fetch(actor, verb, type(about), about.uid)
    for record in records:
        ring().shown[record.data_key_id] = None
    note_reading(actor, verb)
    flush_deferred()


def a_case(login: str = "monitor") -> tuple[Case, Person]:
    """Let somebody log an incident; return its case and the person in it."""
    case = make.case_of(make.incident(login))
    person = session().scalars(select(Person).order_by(Person.id.desc())).first()
    assert person
    return case, person


def seen_by(login: str, of: str = "monitor", days: int = 7) -> ReadByUser:
    """Return what the page of a colleague's readings says to somebody."""
    actor = make.actor(login)
    user = user_read(actor, make.user(of).uid)
    since = clock.now() - timedelta(days=days)
    return read_by_user(actor, user, since, make.ZONE, {"people": None, "cases": None})


def refused(login: str = "monitor") -> bool:
    """Let somebody look for a name, and tell whether they must wait."""
    try:
        possible_people(make.actor(login), "Demo")
    except TooManySearches:
        return True
    return False


# What a page was about ----------------------------------------------------------------------------


def _last_line() -> tuple[str, str]:
    line = session().scalars(select(Opening).order_by(Opening.id.desc())).first()
    assert line
    return line.action, line.subject_type


@unit
@pytest.mark.engines("sqlite")
def test_a_page_is_about_the_record_that_was_fetched_first() -> None:
    case, _ = a_case()
    director = make.actor("director")
    incident = session().scalars(select(Incident)).one()
    policy.fetch(director, Action.CASE_READ, Case, case.uid)
    policy.fetch(director, Action.INCIDENT_READ, Incident, incident.uid)
    assert incident.data_key_id == case.data_key_id
    read("director", incident)
    assert _last_line() == (Action.CASE_READ, Case.__tablename__)


@unit
@pytest.mark.engines("sqlite")
def test_a_colleague_whose_page_shows_a_donor_is_not_what_was_read() -> None:
    donor = session().get_one(Donor, fund.grant().donor_id)
    read("national", donor, verb=Action.USER_READ, about=make.user("monitor"))
    assert _last_line() == (Action.USER_READ, DataKey.__tablename__)


# Searches ----------------------------------------------------------------------------------------


@unit
def test_who_looks_too_often_waits_and_nobody_else_does() -> None:
    a_case()
    limit(searches_hour=12)
    assert [refused() for _ in range(14)] == [False] * 12 + [True] * 2
    assert offered(make.actor("monitor"), "Demo") == [], "a form is kept as it is"
    assert not refused("director")
    looked = select(func.count()).where(AuditEntry.action == Action.PERSON_SEARCH)
    assert session().scalar(looked) == 13, "what was not looked for is not on the trail"
    with later(HOUR + HOUR / PARTS):
        assert not refused()


@unit
def test_an_hour_is_counted_in_its_parts_and_ends() -> None:
    limit(searches_hour=12)
    begin = datetime(2027, 1, 4, 3, 0, 30, tzinfo=make.ZONE)
    answers = []
    for minutes in (0, 5, 15, 25, 35, 45, 55, 59, 61, 121):
        with clock.as_of(begin + timedelta(minutes=minutes)):
            answers.append([refused(), refused()].count(True))
    assert answers == [0, 0, 0, 0, 0, 0, 2, 2, 0, 0]
    with clock.as_of(begin + timedelta(minutes=121)):
        assert [refused() for _ in range(12)].count(True) == 2, "a part is used again, and counts"


@unit
def test_a_long_list_of_names_counts_for_what_it_is() -> None:
    limit(searches_hour=10)
    possible_for_each(make.actor("monitor"), ["Ly"] * 91)
    assert refused()


def test_no_more_searches_pass_than_the_limit_however_many_come_at_once(app: Flask) -> None:
    with app.app_context(), unit_of_work(make.open_session(app)):
        limit(searches_hour=10)

    def look(_number: int) -> int:
        with app.app_context(), unit_of_work(make.open_session(app)):
            return [refused() for _ in range(4)].count(False)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(look, range(6))) == 10


# Who has read unusually much ---------------------------------------------------------------------


def look() -> list[tuple[str, str]]:
    """Let the worker look who read unusually much; return who and what it was, if somebody new."""
    made, before = make.organisation(), session().scalar(select(func.max(UnusualReading.id))) or 0
    ring().load([made.data_key_id])
    write = reading.look(Setting.of(made, Outside()), cast("Lease", None))
    if write is not None:
        with authorised(make.actor("admin"), Action.USER_INVITE, within=made):
            write()
    query = select(User.login, UnusualReading.measure).join(User, User.id == UnusualReading.user_id)
    rows = session().execute(query.where(UnusualReading.id > before).order_by(UnusualReading.id))
    return [(login, measure) for login, measure in rows]


def told(*logins: str) -> list[str]:
    """Return those of some people who are told of something."""
    kind = NoticeKind.UNUSUAL_READING
    told_of = {login: {notice.kind for notice in unseen(make.actor(login))} for login in logins}
    return [login for login, kinds in told_of.items() if kind in kinds]


@unit
@pytest.mark.parametrize(
    ("measure", "most"),
    [("pages_hour", 10), ("people_hour", 10), ("cases_hour", 10), ("searches_hour", 10)],
)
def test_each_limit_that_is_reached_is_noticed_and_nothing_below_it(
    measure: str, most: int
) -> None:
    limit(**{measure: most})
    pairs = [a_case() for _ in range(10)]
    for case, person in pairs[:9]:
        read("monitor", case, person)
        refused()
    assert look() == []
    read("monitor", *pairs[9])
    refused()
    assert look() == [("monitor", measure)]
    assert look() == [], "once a day"


@unit
def test_what_is_read_twice_counts_once_but_as_a_page() -> None:
    limit(cases_day=10, pages_day=30)
    case, _ = a_case()
    for _ in range(12):
        read("monitor", case)
    assert look() == []


@unit
def test_directors_of_the_office_and_auditors_are_told_and_a_director_not_of_herself() -> None:
    limit(pages_hour=10)
    case, _ = a_case()
    for _ in range(10):
        read("monitor", case)
    assert look() == [("monitor", "pages_hour")]
    watchers = ("director", "director2", "national", "auditor")
    everybody = (*watchers, "monitor", "colleague", "far_director", "fund", "admin")
    assert told(*everybody) == list(watchers)
    assert [line.user.login for line in figures(make.actor("auditor")).unusual] == ["monitor"]
    assert figures(make.actor("far_director")).unusual == []
    for _ in range(10):
        read("far_director", case)
    assert look() == [("far_director", "pages_hour")]
    assert told("far_director") == [], "others learn it, not she alone"
    assert len(unseen(make.actor("auditor"))) == 2
    assert figures(make.actor("far_director")).unusual == []
    for number in range(10):
        with later(timedelta(days=1, seconds=number)):
            read("monitor", case)
    with later(timedelta(days=1, seconds=20)):
        assert look() == [("monitor", "pages_hour")], "and once on each day"


@unit
def test_where_nobody_else_answers_for_a_director_s_reading_the_board_is_told() -> None:
    limit(pages_hour=10)
    case, _ = a_case()
    make.bring(make.user("auditor"), UserState.LEFT)
    for _ in range(10):
        read("national", case)
    assert look() == [("national", "pages_hour")]
    assert told("second", "director", "national", "admin") == []
    assert [line.kind for line in unseen(make.actor("second"))] == [NoticeKind.UNUSUAL_UNSEEN]
    assert unseen(make.actor("board")) == []


@unit
def test_a_day_ends_at_midnight_where_the_office_is_and_is_looked_at_once_more_after_it() -> None:
    limit(pages_day=10)
    case, _ = a_case()
    midnight = datetime(2027, 1, 5, tzinfo=make.ZONE)
    for number in range(18):
        with clock.as_of(midnight + timedelta(seconds=60 * (number - 9) + 30)):
            read("monitor", case)
    with clock.as_of(midnight + timedelta(minutes=10)):
        assert look() == [], "nine and a half minutes of each day"
    with clock.as_of(midnight - timedelta(minutes=30)):
        read("monitor", case)
    with clock.as_of(midnight + timedelta(minutes=10)):
        assert look() == [("monitor", "pages_day")]
        assert session().scalars(select(UnusualReading.day)).all() == [midnight.date() - DAY]


# Whom somebody has opened ------------------------------------------------------------------------


@unit
def test_a_director_sees_whom_a_colleague_opened_and_no_trace_of_what_she_may_not_know() -> None:
    case, person = a_case()
    far, stranger = a_case("stranger")
    hidden, secret = a_case("stranger")
    sharing.set_sensitivity(make.actor("far_director"), hidden, Sensitivity.SECRET, hidden.version)
    read("monitor", case, person, about=case)
    read("monitor", far, stranger, hidden, secret)
    seen = seen_by("director")
    assert [line.person.id for line in seen.people] == [person.id]
    assert [line.case.id for line in seen.cases] == [case.id]
    assert [day.tally for day in seen.days] == [Tally(pages=2, people=1, cases=1)]
    assert seen.outlines == 0
    nation = seen_by("national")
    assert {line.case.id for line in nation.cases} == {case.id, far.id}
    assert [day.tally for day in nation.days] == [Tally(pages=2, people=2, cases=2)]
    numbers = seen_by("auditor")
    assert (numbers.people, numbers.cases, numbers.outlines) == ([], [], 0)
    assert [day.tally for day in numbers.days] == [Tally(pages=2, people=3, cases=3)]
    assert figures(make.actor("director")).colleagues[0].tally == Tally(2, 1, 1)
    for login in ("far_director", "monitor", "fund", "admin"):
        with pytest.raises(NotFound):
            seen_by(login)


@unit
def test_a_restricted_case_is_counted_as_an_outline_and_days_before_are_left_out() -> None:
    case, person = a_case()
    sharing.set_sensitivity(make.actor("director2"), case, Sensitivity.RESTRICTED, case.version)
    read("monitor", case, person)
    seen = seen_by("director")
    assert (seen.cases, seen.people, seen.outlines) == ([], [], 1)
    with later(timedelta(days=8)):
        assert seen_by("director").outlines == 0
        assert seen_by("director", days=9).outlines == 1


# Who has opened somebody -------------------------------------------------------------------------


def openers(login: str, person: Person) -> list[str]:
    """Return who has opened a person, as somebody is shown it."""
    found = person_readings(make.actor(login), person, None)
    return [found.labels[opened.actor_id] for opened in found.page.rows]


@unit
def test_who_opened_a_person_is_shown_through_the_cases_that_one_may_open() -> None:
    case, person = a_case()
    read("monitor", case, person, about=case)
    read("colleague", person)
    read("far_director", person)
    assert openers("director", person) == ["Monitor"], "the others came through no case of hers"
    member = MemberDraft(make.user("colleague").uid, "Helps", clock.now() + timedelta(days=9))
    sharing.add_member(make.actor("director"), case, member)
    assert openers("director", person) == ["Colleague", "Monitor"]
    assert openers("far_director", person) == []


@unit
def test_ones_own_look_at_who_has_read_pushes_nothing_out() -> None:
    case, person = a_case()
    read("monitor", case, person, about=case)
    director = make.actor("director")
    for _ in range(40):
        read("director", case, verb=Action.CASE_OPENINGS, about=case)
        read("director", case, person, verb=Action.READINGS_OF_PERSON)
    assert [each.actor_id for each in openings_of(director, case.scope_id, None).rows] == [
        make.user("monitor").id
    ]
    assert openers("director", person) == ["Monitor"]
    other = openings_of(make.actor("director2"), case.scope_id, None)
    assert other.rows[0].actor_id == director.id, "another director sees that she looked"


@unit
def test_nobody_pushes_a_reading_out_by_reading_on() -> None:
    case, person = a_case()
    read("colleague", case, person, about=None)
    read("monitor", case, about=case)
    for _ in range(35):
        read("director2", case, about=case)
    director = make.actor("director")
    latest = latest_openers(director, case.scope_id, 6)
    labels = [make.user(login).id for login in ("director2", "monitor")]
    assert [each.actor_id for each in latest] == labels
    first = openings_of(director, case.scope_id, None)
    rest = openings_of(director, case.scope_id, first.older)
    assert (first.total, len(first.rows), len(rest.rows)) == (36, 30, 6)
    assert rest.rows[-1].actor_id == make.user("monitor").id
