"""Figures of courts: each person once, of the cases one reads alone, as a plain count has them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine

from hrdtracker.access.actor import operator
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.custody.states import Confirmation
from hrdtracker.insight.courts.charged import IN_WORDS, charge_figures
from hrdtracker.insight.courts.counting import (
    WITHOUT_AREA,
    CourtFilter,
    certainly_within,
    how_many,
    perhaps_within,
)
from hrdtracker.insight.courts.detained import (
    DetentionState,
    TitleRow,
    detention_figures,
    detentions_of,
)
from hrdtracker.insight.courts.held import held_figures
from hrdtracker.insight.courts.people import people_behind
from hrdtracker.insight.courts.rights import hearings_of, rights_figures
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.drafts import ReviewDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.service import propose_review
from hrdtracker.proceedings.model import Hearing, TitleKind
from tests import clocks, court_world, courts, make
from tests.observations import confirm, observed, say
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("unit")
ALL = CourtFilter()
DIRECTORS = ("director", "far_director", "national")
WORLDS = 2
DETENTION = TitleKind.PRETRIAL_DETENTION
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def figures(login: str, chosen: CourtFilter = ALL) -> Any:
    return charge_figures(make.actor(login), chosen)


# Against a plain count ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(WORLDS))
def test_every_number_is_what_a_plain_count_of_the_records_gives(number: int) -> None:
    random = Random(number)
    world = court_world.some_world(random)
    for login in DIRECTORS:
        scopes = world.scopes(login)
        found, actor = figures(login), make.actor(login)
        assert {row.person_id for row in found.rows} == court_world.charged_people(scopes)
        for article, rows in found.by_article().items():
            assert how_many(rows) == len(court_world.charged_people(scopes, article))
        detained = detention_figures(actor, ALL)
        people = {one.rows[0].person_id for one in detained.detentions}
        assert people == court_world.detained_people(scopes)
        states = [len(detained.of(state)) for state in DetentionState]
        assert sum(states) == len(detained.detentions)
        assert held_figures(actor, ALL).people == court_world.held_people(scopes)


def test_two_directors_of_two_offices_see_only_theirs_and_a_secret_case_its_readers() -> None:
    world = court_world.some_world(Random(5))
    here, there, secret = world.cases[0][0], world.cases[2][0], world.cases[1][0]
    seen = {login: {row.scope_id for row in figures(login).rows} for login in DIRECTORS}
    assert here.scope_id in seen["director"] - seen["far_director"]
    assert there.scope_id in seen["far_director"] - seen["director"]
    assert secret.scope_id in seen["director"]
    assert secret.scope_id not in seen["national"] | seen["far_director"]


# Nobody is counted twice -------------------------------------------------------------------------


def again(person: Any, login: str = "monitor") -> Case:
    """Name somebody who is known in another case."""
    return make.case_of(make.incident(login, victims=(Victim(known=person),)))


def test_somebody_in_two_cases_and_two_proceedings_is_one_person() -> None:
    first = courts.case_with(1)
    (person,) = courts.people(first)
    second = again(person)
    for case in (first, second):
        courts.charged(courts.opened(case))
    found = figures("director")
    assert (len(found.rows), found.people) == (2, 1)
    assert held_figures(make.actor("director"), ALL).people == 1
    (line,) = people_behind(make.actor("director"), [found.rows])
    assert {one.code for one in line.cases} == {first.code, second.code}


def test_of_a_group_the_most_counts_that_one_case_says() -> None:
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    case = make.case_of(make.incident(occurred=today, victims=(Victim(described=group),)))
    (whole,) = people_in(case.scope_id)
    assert whole.person
    again(whole.person.uid)
    now = When.minute(clock.now(), make.ZONE, "now")
    draft = ManyDraft(
        stays=(whole.uid,), kind=CustodyEvent.ENDED, happened=now,
        end_kind="released_on_promise", counts={whole.uid: 31},
    )  # fmt: skip
    service.record(make.actor("monitor"), case, draft)
    assert held_figures(make.actor("director"), ALL).people == 40
    rows = held_figures(make.actor("director"), ALL).rows
    assert sorted(row.people for row in rows) == [9, 40]
    assert how_many(row for row in rows if row.scope_id == case.scope_id) == 9


def test_a_person_counts_once_under_an_article_and_under_each_of_two() -> None:
    proceeding = courts.opened(courts.case_with(2))
    courts.charged(proceeding)
    courts.charged(proceeding, charged=courts.on(18))
    courts.charged(proceeding, qualification=Qualification(words="Something else"))
    parts = figures("director").by_article()
    assert {code: how_many(rows) for code, rows in parts.items()} == {"kh_cc_495": 2, IN_WORDS: 2}
    assert list(parts)[-1] == IN_WORDS
    assert figures("director").people == 2


def test_the_unnamed_each_count() -> None:
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    for _ in range(2):
        make.incident(occurred=today, victims=(Victim(),))
    assert held_figures(make.actor("director"), ALL).people == 2


# Time, area, place -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earliest", "latest", "certainly", "perhaps"),
    [
        (FIRST, FIRST + DAY, True, True),
        (FIRST - DAY, FIRST, False, False),
        (FIRST - DAY, FIRST + DAY, False, True),
        (FIRST + 9 * DAY, FIRST + 10 * DAY, True, True),
        (FIRST + 9 * DAY, FIRST + 11 * DAY, False, True),
        (FIRST + 10 * DAY, FIRST + 11 * DAY, False, False),
        (None, None, False, True),
    ],
)
def test_what_certainly_was_in_a_time_counts_and_what_may_have_been_stands_beside_it(
    earliest: datetime | None, latest: datetime | None, *, certainly: bool, perhaps: bool
) -> None:
    span = FIRST, FIRST + 10 * DAY
    assert certainly_within(earliest, latest, *span) == certainly
    assert perhaps_within(earliest, latest, *span) == perhaps


def test_a_charge_of_which_only_the_year_is_known_is_in_no_month_and_is_told_besides() -> None:
    courts.charged(courts.opened(courts.case_with(1)), charged=When.year(2026, make.ZONE, "2026"))
    month = CourtFilter(FIRST, FIRST + 31 * DAY)
    found = figures("director", month)
    assert (len(found.rows), len(found.undated)) == (0, 1)
    assert figures("director").people == 1


def test_figures_are_narrowed_to_an_area_a_province_and_an_office() -> None:
    courts.charged(courts.opened(courts.case_with(1)))
    (areas,) = {row.areas for row in figures("national").rows}
    area = areas[0] if areas else WITHOUT_AREA
    for chosen, count in (
        (CourtFilter(area=area), 1),
        (CourtFilter(area="women" if area != "women" else "youth"), 0),
        (CourtFilter(area=WITHOUT_AREA), int(not areas)),
        (CourtFilter(province="12"), 1),
        (CourtFilter(province="17"), 0),
        (CourtFilter(office=make.HERE), 1),
        (CourtFilter(office=make.THERE), 0),
    ):
        assert figures("national", chosen).people == count, chosen


# Over a reviewed limit ---------------------------------------------------------------------------


def over(login: str = "director") -> int:
    return held_figures(make.actor(login), ALL).over


def reviewed() -> None:
    """Let a lawyer have reviewed the rule of 48 hours."""
    organisation = make.organisation()
    load_rules(operator(organisation.id), organisation)
    legal = make.actor("legal")
    rule = next(each for each in queries.rules(legal) if each.key == "custody_base")
    proposal = propose_review(legal, rule, ReviewDraft("Advocate A.", date(2026, 11, 10)))
    make.confirm_law("admin", proposal)


def test_only_what_a_lawyer_reviewed_is_ever_counted_as_over() -> None:
    clocks.arrive(clocks.arrested(clocks.adult("Demo A"), clocks.adult("Demo B")))
    with time_machine.travel(clocks.ARRIVED + timedelta(hours=49), tick=False):
        assert over() == 0


@pytest.mark.parametrize(
    ("hours", "login", "count"),
    [
        (49, "director", 2),
        (47, "director", 0),
        (49, "far_director", 0),
        (9 * 24, "director", 0),
    ],
)
def test_whoever_is_held_over_a_reviewed_limit_counts_while_somebody_heard_of_them(
    hours: int, login: str, count: int
) -> None:
    reviewed()
    clocks.arrive(clocks.arrested(clocks.adult("Demo A"), clocks.adult("Demo B")))
    with time_machine.travel(clocks.ARRIVED + timedelta(hours=hours), tick=False):
        assert over(login) == count


def test_those_of_whom_nothing_was_heard_for_a_week_are_held_on_record() -> None:
    clocks.arrive(clocks.arrested(clocks.adult("Demo A"), clocks.adult("Demo B")))
    with time_machine.travel(clocks.ARRIVED + timedelta(days=9), tick=False):
        assert how_many(_heard(Confirmation.UNKNOWN)) == 2


def _heard(state: Confirmation) -> Any:
    return held_figures(make.actor("director"), ALL).heard(state)


# How long ----------------------------------------------------------------------------------------


def title(
    begin: int | None, end: int | None = None, *, ended: bool | None = None, scope: int = 1
) -> TitleRow:
    """Return a ground of detention from a day after the first to another; None is not known."""
    began = FIRST + begin * DAY if begin is not None else None
    until = FIRST + end * DAY if end is not None else None
    return TitleRow(
        scope, 1, CountingUnit.PERSON, began, began and began + DAY,
        until is not None if ended is None else ended, until, until and until + DAY,
    )  # fmt: skip


ENDED, RUNNING, UNKNOWN = DetentionState
NOW = FIRST + 100 * DAY


@pytest.mark.parametrize(
    ("rows", "is_free", "lengths"),
    [
        ([title(0, 10)], True, [(ENDED, 10)]),
        ([title(0)], False, [(RUNNING, 100)]),
        ([title(0)], True, [(UNKNOWN, None)]),
        ([title(0, ended=True)], False, [(UNKNOWN, None)]),
        ([title(None, 10)], True, [(UNKNOWN, None)]),
        ([title(0, 10), title(0, 10, scope=2)], True, [(ENDED, 10)]),
        ([title(0, 10), title(5, 20, scope=2)], True, [(ENDED, 20)]),
        ([title(0, 10), title(11, 20)], True, [(ENDED, 20)]),
        ([title(0, 10), title(30, 40)], True, [(ENDED, 10), (ENDED, 10)]),
        ([title(0, 10), title(5)], False, [(RUNNING, 100)]),
        ([title(0, 10), title(0, scope=2)], True, [(ENDED, 10)]),
        ([title(0), title(30, 40)], True, [(UNKNOWN, None), (ENDED, 10)]),
        ([title(0, 10), title(None)], True, [(ENDED, 10)]),
        ([title(None), title(None, scope=2)], True, [(UNKNOWN, None)]),
    ],
)
def test_what_several_records_say_of_one_detention_is_one(
    rows: list[TitleRow], *, is_free: bool, lengths: list[Any]
) -> None:
    with time_machine.travel(NOW, tick=False):
        found = detentions_of(rows, is_free=is_free)
    assert [(one.state, one.days) for one in found] == lengths


def test_what_goes_on_is_counted_until_now_and_is_not_in_the_middle_of_what_ended() -> None:
    for end in (20, 24, 30):
        case = courts.case_with(1)
        courts.held(case, kind=DETENTION, began=courts.on(10), ended=courts.on(end))
    courts.held(courts.case_with(1), kind=DETENTION, began=courts.on(1))
    spread = detention_figures(make.actor("director"), ALL).spread(DetentionState.ENDED)
    assert spread
    assert (spread.count, spread.middle, spread.shortest, spread.longest) == (3, 14, 10, 20)


def test_a_detention_without_an_end_of_somebody_who_is_held_nowhere_is_of_unknown_length() -> None:
    case = courts.case_with(1)
    courts.held(case, kind=DETENTION, began=courts.on(10))
    actor = make.actor("director")
    assert len(detention_figures(actor, ALL).of(DetentionState.RUNNING)) == 1
    (row,) = people_in(case.scope_id)
    now = When.minute(clock.now(), make.ZONE, "now")
    draft = ManyDraft(
        stays=(row.uid,), kind=CustodyEvent.ENDED, happened=now, end_kind="released_on_promise"
    )
    service.record(make.actor("monitor"), case, draft)
    assert len(detention_figures(actor, ALL).of(DetentionState.UNKNOWN)) == 1


# Rights in question ------------------------------------------------------------------------------


def in_question(**changes: Any) -> Hearing:
    """Observe a hearing of somebody, and confirm that there was no adequate time."""
    observation = observed(34, **changes)
    say(observation, "adequate_time", "no")
    confirm(observation, "yes")
    return session().get_one(Hearing, observation.hearing_id)


def test_rights_in_question_are_counted_by_right_narrowed_by_case_and_time() -> None:
    for _ in range(2):
        in_question()
    actor = make.actor("director")
    found = rights_figures(actor, ALL)
    assert {hearings_of(some) for some in found.by_right().values()} == {2}
    assert not rights_figures(make.actor("far_director"), ALL).answers
    for chosen, count in (
        (CourtFilter(office=make.THERE), 0),
        (CourtFilter(office=make.HERE), 2),
        (CourtFilter(end=FIRST), 0),
        (CourtFilter(start=FIRST), 2),
    ):
        assert hearings_of(rights_figures(actor, chosen).answers) == count, chosen


# What it costs -----------------------------------------------------------------------------------


def test_figures_take_as_many_statements_for_many_cases_as_for_one() -> None:
    def read() -> None:
        actor = make.actor("director")
        held_figures(actor, ALL)
        charge_figures(actor, ALL)
        detention_figures(actor, ALL)
        rights_figures(actor, ALL)

    case = courts.case_with(2)
    courts.charged(courts.opened(case))
    courts.held(case, kind=DETENTION)
    read()
    one = counted(read)
    for _ in range(3):
        case = courts.case_with(2)
        courts.charged(courts.opened(case))
        courts.held(case, kind=DETENTION)
    session().expire_all()
    assert counted(read) == one
