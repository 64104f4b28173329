"""The list of cases, outlines, and one case as its page shows it: who sees what, at what cost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import mine, queries, service, sharing, work
from hrdtracker.cases.case_file import CaseFile, case_file
from hrdtracker.cases.drafts import (
    BlockDraft,
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    MemberDraft,
    TaskDraft,
)
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import CaseFilter, outlines
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import PAGE_ROWS
from hrdtracker.core.seal import Keyring
from hrdtracker.core.when.model import When
from hrdtracker.incidents import facts
from hrdtracker.incidents.case_view import CaseHistory, cases, story
from hrdtracker.incidents.drafts import InvolvementDraft, Location, SourceDraft, VictimUpdate
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.incidents.model import Incident, PlaceKind
from hrdtracker.incidents.service import log_incident, violations_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
LAND = "land_and_natural_resources"
CLOSING = ClosingDraft("released", "All were released.", frozenset({LAND}))


def case_of(login: str = "monitor", **changes: object) -> Case:
    """Return a new case of somebody of the cast."""
    return make.case_of(make.incident(login, **changes))


def statements(act: Callable[[], object]) -> list[str]:
    """Return the statements that an act sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return sent


def codes(login: str, **wanted: object) -> list[str]:
    """Return the codes of the cases that somebody's list shows."""
    rows = cases(make.actor(login), CaseFilter(**wanted), None).rows  # type: ignore[arg-type]
    return [row.case.code for row in rows]


# The list ---------------------------------------------------------------------------------------


def test_the_list_shows_what_one_may_read_the_latest_first() -> None:
    older = case_of(occurred=When.day(date(2026, 3, 1), make.ZONE))
    newer = case_of(occurred=When.day(date(2026, 11, 1), make.ZONE))
    case_of("stranger")
    assert codes("monitor") == codes("director") == [newer.code, older.code]
    assert codes("fund") == codes("colleague") == []
    assert len(codes("national")) == 3


def test_each_filter_narrows_the_list() -> None:
    land = case_of()
    service.edit_case(make.actor("monitor"), land, CaseDraft(areas=frozenset({LAND})), land.version)
    threat = case_of(type="threat")
    kandal = case_of(place=Location(PlaceKind.CAMBODIA, "08"))
    old = case_of(occurred=When.day(date(2020, 5, 5), make.ZONE))
    closed = case_of()
    service.close_case(make.actor("director"), closed, CLOSING, closed.version)
    there = case_of("stranger")
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    assert set(codes("national", area=LAND)) == {land.code, closed.code}
    assert codes("national", type="threat") == [threat.code]
    assert codes("national", province="08") == [kandal.code]
    assert codes("national", status="closed") == [closed.code]
    assert codes("national", start=start, end=end) == [old.code]
    assert codes("national", office=make.THERE) == [there.code]
    assert codes("national", owner=make.user("stranger").uid) == [there.code]
    assert codes("national", area=LAND, status="open") == [land.code]


def test_a_row_says_whose_the_case_is_how_many_people_it_names_and_what_is_next() -> None:
    case, monitor = case_of(), make.actor("monitor")
    work.add_task(monitor, case, TaskDraft("Call", date(2027, 1, 1)))
    soon = work.add_task(monitor, case, TaskDraft("Ask", date(2026, 12, 1)))
    tomorrow = clock.now() + timedelta(days=1)
    work.add_follow_up(monitor, case, FollowUpDraft("visit", tomorrow, timed=True))
    service.edit_case(monitor, case, CaseDraft("Strike line"), case.version)
    session().info.pop("ring")
    make.load_keys()
    (row,) = cases(make.actor("director"), CaseFilter(), None).rows
    assert (row.case.title, row.owner.label, row.sensitivity) == (
        "Strike line",
        "Monitor",
        "normal",
    )
    assert (row.people, row.due_on, row.planned_at) == (1, soon.due_on, tomorrow)


def test_the_list_of_a_secret_case_opens_its_title_for_who_may_read_it() -> None:
    case = case_of()
    service.edit_case(make.actor("monitor"), case, CaseDraft("Strike line"), case.version)
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
    session().info.pop("ring")
    (row,) = cases(make.actor("monitor"), CaseFilter(), None).rows
    assert row.case.title == "Strike line"
    assert codes("national") == []


def test_a_list_takes_two_statements_however_long() -> None:
    one, *_ = [case_of(victims=(), connection=None) for _ in range(PAGE_ROWS + 2)]
    service.edit_case(make.actor("monitor"), one, CaseDraft("Title"), one.version)
    for login in ("monitor", "director", "national"):
        actor = make.actor(login)
        session().info.pop("ring", None)
        page = cases(actor, CaseFilter(), None)
        assert (len(page.rows), page.total) == (PAGE_ROWS, PAGE_ROWS + 2)
        assert len(statements(lambda: cases(actor, CaseFilter(), None))) == 2  # noqa: B023
        assert len(statements(lambda: cases(actor, CaseFilter(), page.older))) <= 2  # noqa: B023


def test_what_a_list_can_be_narrowed_to_takes_two_statements() -> None:
    actor = make.actor("national")
    make.load_keys()
    found = statements(lambda: queries.choices(actor))
    offices, owners = queries.choices(actor)
    assert len(found) == 2
    assert [office.code for office in offices] == [make.HERE, make.THERE]
    assert {user.login for user in owners} == {
        "monitor",
        "colleague",
        "director",
        "director2",
        "national",
        "stranger",
        "far_director",
        "legal",
    }


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("login", ["monitor", "director", "national"])
@pytest.mark.parametrize(
    "wanted",
    [
        CaseFilter(area=LAND),
        CaseFilter(type="arrest"),
        CaseFilter(status="open"),
        CaseFilter(province="12"),
        CaseFilter(office=make.HERE),
        CaseFilter(start=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2021, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_filter_reads_a_whole_table(login: str, wanted: CaseFilter) -> None:
    plan = explained(make.actor(login), wanted)
    assert plan
    assert [step for step in plan if step.startswith("SCAN") and " USING " not in step] == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("login", ["monitor", "director", "national"])
def test_the_filter_by_owner_reads_no_whole_table(login: str) -> None:
    plan = explained(make.actor(login), CaseFilter(owner=make.user("monitor").uid))
    assert [step for step in plan if step.startswith("SCAN") and " USING " not in step] == []


def explained(actor: Actor, wanted: CaseFilter) -> list[str]:
    """Return how SQLite goes about the list: its plan, without the reading of what it made."""
    sent: list[tuple[str, object]] = []

    def note(_one: object, _two: object, statement: str, values: object, *_: object) -> None:
        sent.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        cases(actor, wanted, None)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    steps = []
    for statement, values in sent:
        rows = session().connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        steps += [row[3] for row in rows]
    return [step for step in steps if step != "SCAN anon_1"]  # what was counted, already narrowed


# Outlines ---------------------------------------------------------------------------------------


def test_an_outline_tells_code_areas_province_and_status_and_nothing_else() -> None:
    case = case_of()
    service.edit_case(
        make.actor("monitor"), case, CaseDraft("Title", frozenset({LAND})), case.version
    )
    (row,) = outlines(make.actor("fund"), CaseFilter(), None).rows
    assert vars(row) == {"code": case.code, "areas": (LAND,), "province": "12", "status": "open"}


def test_outlines_leave_out_what_is_not_normal_and_other_offices() -> None:
    normal, restricted, secret = case_of(), case_of(), case_of()
    case_of("stranger")
    director = make.actor("director")
    sharing.set_sensitivity(director, restricted, Sensitivity.RESTRICTED, restricted.version)
    sharing.set_sensitivity(director, secret, Sensitivity.SECRET, secret.version)
    page = outlines(make.actor("fund"), CaseFilter(), None)
    assert [row.code for row in page.rows] == [normal.code]
    assert page.total == 1


def test_outlines_are_not_narrowed_by_what_they_do_not_tell() -> None:
    case = case_of("monitor")
    actor = make.actor("fund")
    hidden = CaseFilter(
        type="threat",
        owner=make.user("stranger").uid,
        office=make.THERE,
        start=datetime(2050, 1, 1, tzinfo=UTC),
    )
    assert [row.code for row in outlines(actor, hidden, None).rows] == [case.code]
    assert outlines(actor, CaseFilter(province="08"), None).rows == []


def test_outlines_are_paged_and_unseal_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [case_of(victims=(), connection=None).code for _ in range(PAGE_ROWS + 3)]
    opened: list[object] = []
    unseal = Keyring.unseal

    def counted(ring: Keyring, key_id: int, place: bytes, sealed: bytes) -> str:
        opened.append(place)
        return unseal(ring, key_id, place, sealed)

    monkeypatch.setattr(Keyring, "unseal", counted)
    actor = make.actor("fund")
    first = outlines(actor, CaseFilter(), None)
    rest = outlines(actor, CaseFilter(), first.older)
    back = outlines(actor, CaseFilter(), rest.newer)
    assert [row.code for row in (*first.rows, *rest.rows)] == made[::-1]
    assert [row.code for row in back.rows] == [row.code for row in first.rows]
    assert opened == []


# One case ---------------------------------------------------------------------------------------


def page_of(login: str, case: Case) -> tuple[CaseFile, CaseHistory]:
    """Return everything that the page of a case shows to somebody of the cast."""
    actor = make.actor(login)
    file = case_file(actor, case.uid)
    told = story(actor, file.standing.case)
    case_facts(file, told)
    return file, told


def fill(case: Case, people: int) -> None:
    """Let a case grow: incidents, people, sources, perpetrators, tasks, follow-ups, members."""
    director = make.actor("director")
    for number in range(people):
        victim = Victim(
            described=PersonDraft((NameDraft(f"Demo {number}"),), categories=frozenset({"union"}))
        )
        incident = log_incident(director, make.draft(victims=(victim,)), case)
        facts.add_source(director, incident, SourceDraft("witness"), incident.version)
        facts.add_involvement(director, incident, InvolvementDraft("police"), incident.version)
        work.add_task(director, case, TaskDraft(f"Call {number}"))
        work.add_follow_up(director, case, FollowUpDraft("call", clock.now(), timed=True))


def opening(actor: Actor, uid: UUID) -> int:
    """Return how many statements the page of a case takes with nothing loaded yet."""
    session().rollback()
    session().info.pop("ring")
    return len(statements(lambda: story(actor, case_file(actor, uid).standing.case)))


def test_the_page_of_a_case_takes_as_many_statements_for_1_person_as_for_30() -> None:
    small, large = case_of(), case_of()
    fill(small, 1)
    fill(large, 29)
    director = make.actor("director")
    month = clock.now() + timedelta(days=30)
    for case in (small, large):
        sharing.add_member(director, case, MemberDraft(make.actor("stranger").uid, "Why", month))
        sharing.block(director, case, BlockDraft(make.actor("colleague").uid, "Why"))
    counts = [opening(director, case.uid) for case in (small, large)]
    assert counts[0] == counts[1] <= 14
    file, told = page_of("director", large)
    assert (len(file.people), len(told.happenings), len(file.tasks)) == (30, 30, 29)


def test_people_stand_in_the_order_of_their_letters_with_what_is_known_last_of_them() -> None:
    victims = tuple(
        Victim(described=PersonDraft((NameDraft(f"Demo {number}"),))) for number in range(28)
    )
    case = case_of(victims=victims)
    file, told = page_of("monitor", case)
    assert [each.letter for each in file.people][24:] == ["Y", "Z", "AA", "AB"]
    assert {told.fates[each.person.id].root for each in file.people} == {"held"}


def test_a_later_incident_that_says_what_became_of_somebody_is_what_is_known_last() -> None:
    case = case_of(type="threat")
    (named,) = page_of("monitor", case)[0].people
    released = make.draft(
        type="threat",
        occurred=When.day(date(2026, 11, 20), make.ZONE),
        victims=(Victim(known=named.person.uid),),
    )
    later = log_incident(make.actor("monitor"), released, case)
    assert page_of("monitor", case)[1].fates[named.person.id].happening.incident.id == later.id
    first = session().scalars(select(Incident).order_by(Incident.id).limit(1)).one()
    held = VictimUpdate(tuple(violations_of(first)), status_at_end="held_trial")
    facts.update_victims(make.actor("monitor"), first, held, first.version)
    fate = page_of("monitor", case)[1].fates[named.person.id]
    assert (fate.happening.incident.id, fate.root) == (first.id, "held")


@pytest.mark.parametrize("login", ["colleague", "stranger", "fund", "auditor", "admin"])
def test_the_page_of_a_case_that_one_may_not_read_is_not_found(login: str) -> None:
    case = case_of("monitor")
    with pytest.raises(NotFound):
        case_file(make.actor(login), case.uid)


def test_only_a_director_learns_who_opened_it_and_who_is_shut_out() -> None:
    case = case_of("monitor")
    sharing.block(make.actor("director"), case, BlockDraft(make.actor("colleague").uid, "A cousin"))
    assert [each.reason for each in case_file(make.actor("director"), case.uid).blocks] == [
        "A cousin"
    ]
    assert case_file(make.actor("monitor"), case.uid).blocks == []


@pytest.mark.parametrize(
    ("hours", "timed", "is_planned"),
    [
        (1, True, True),
        (-1, True, False),
        (-1, False, True),
        (-23, False, True),
        (-25, False, False),
    ],
)
def test_what_is_planned_without_an_hour_is_to_come_all_its_day(
    hours: int,
    timed: bool,  # noqa: FBT001 - a column of the table
    is_planned: bool,  # noqa: FBT001 - a column of the table
) -> None:
    moment = clock.now() + timedelta(hours=hours)
    case, monitor = case_of(), make.actor("monitor")
    follow_up = work.add_follow_up(monitor, case, FollowUpDraft("court", moment, timed))
    (listed,) = cases(monitor, CaseFilter(), None).rows
    assert follow_up.is_to_come(clock.now()) == is_planned
    assert (listed.planned_at is not None) == is_planned
    assert (mine.planned(monitor, 9) != []) == is_planned
