"""In what order a reviewer’s queue stands, how it is narrowed, and what it says of each."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core import clock, page
from hrdtracker.core.when.model import When
from hrdtracker.incidents import facts, lists, reviewing, service
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.drafts import Location, VictimUpdate
from hrdtracker.incidents.model import Incident, PlaceKind, Urgency
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.people.sizes import Count, Size
from tests import make
from tests.web.somebody import statements

pytestmark = pytest.mark.usefixtures("unit")


def people(count: int) -> tuple[Victim, ...]:
    return tuple(Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(count))


def imported(days_ago: int, **changes: Any) -> Incident:
    """Return an incident from a list of others, of a day so long ago."""
    day = clock.today(make.ZONE) - timedelta(days=days_ago)
    draft = make.draft(**{"occurred": When.day(day, make.ZONE, "then"), **changes})
    whole = WholeIncident(draft, Origin("a list", uuid4().hex, uuid4().hex))
    return log_together(make.actor("monitor"), [whole])[0]


def test_equally_urgent_the_one_with_most_people_held_comes_first_then_who_is_held_longest() -> (
    None
):
    threat = make.incident(type="threat", victims=people(4))
    one = make.incident(victims=people(1))
    three = make.incident(victims=people(3))
    earlier = When.day(make.DAY - timedelta(days=2), make.ZONE, "14 November")
    longer = make.incident(type="detention", victims=people(3), occurred=earlier)
    assert queue_of("director") == [longer.uid, three.uid, one.uid, threat.uid]
    assert [row.held for row in reviewing.waiting(make.actor("director"))] == [3, 3, 1, 0]


def test_a_group_counts_with_its_heads_and_somebody_unnamed_as_one() -> None:
    group = PersonDraft((NameDraft("Families"),), unit=CountingUnit.COMMUNITY, head_count=12)
    make.incident(victims=(Victim(described=group),))
    make.incident(victims=())
    rows, _ = reviewing.queue(make.actor("director"), CaseFilter(), None)
    assert [(row.size.people.number, row.held) for row in rows] == [(12, 12), (1, 1)]


def test_families_are_listed_as_families_with_the_people_in_them_where_somebody_said_how_many() -> (
    None
):
    families = PersonDraft(unit=CountingUnit.COMMUNITY, family_count=120, family_count_about=True)
    counted = replace(families, head_count=500, head_count_about=True)
    make.incident(victims=(Victim(described=families), Victim(described=counted), *people(1)))
    [listed] = lists.incidents(make.actor("director"), CaseFilter(), None).rows
    assert listed.size == Size(people=Count(1), families=Count(240, is_about=True))


def test_who_is_released_or_was_only_threatened_is_not_held() -> None:
    incident = make.incident(victims=people(3))
    first, second, _ = service.violations_of(incident)
    monitor = make.actor("monitor")
    facts.update_victims(
        monitor, incident, VictimUpdate((first,), status_at_end="released"), incident.version
    )
    facts.update_victims(
        monitor, incident, VictimUpdate((second,), status_at_end="held_trial"), incident.version
    )
    [row], _ = reviewing.queue(make.actor("director"), CaseFilter(), None)
    assert (row.size.people.number, row.held) == (3, 2)


def test_since_when_somebody_is_held_is_the_day_they_arrived_where_it_is_known() -> None:
    incident = make.incident(victims=people(1))
    [violation] = service.violations_of(incident)
    arrived = When.day(make.DAY + timedelta(days=1), make.ZONE, "17 November")
    update = VictimUpdate((violation,), arrived=arrived)
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)
    [row] = reviewing.waiting(make.actor("director"))
    assert row.held_since == arrived.earliest


def test_what_was_imported_and_is_past_comes_after_all_else_however_many_it_says_are_held() -> None:
    past = imported(400, victims=people(9), urgency=Urgency.CRITICAL)
    undated = imported(0, occurred=When.unknown("not known", str(make.ZONE)))
    threat = make.incident(type="threat")
    assert queue_of("director") == [threat.uid, past.uid, undated.uid]
    held = {row.uid: row.held for row in reviewing.waiting(make.actor("director"))}
    assert held[past.uid] == 0


def test_what_was_imported_of_this_week_comes_where_any_other_would() -> None:
    threat, arrest = make.incident(type="threat"), imported(1)
    assert queue_of("director") == [arrest.uid, threat.uid]


def test_after_a_large_import_a_fresh_arrest_is_on_the_first_page() -> None:
    log_together(
        make.actor("monitor"),
        [
            WholeIncident(make.draft(victims=()), Origin("a list", uuid4().hex, uuid4().hex))
            for _ in range(page.PAGE_ROWS + 2)
        ],
    )
    with_days_between = clock.now() + timedelta(days=30)
    with time_machine.travel(with_days_between, tick=False):
        fresh = make.incident(victims=())
        rows, part = reviewing.queue(make.actor("director"), CaseFilter(), None)
        last, _ = reviewing.queue(make.actor("director"), CaseFilter(), str(page.PAGE_ROWS))
    assert (rows[0].uid, len(rows), part.total) == (fresh.uid, page.PAGE_ROWS, page.PAGE_ROWS + 3)
    assert len(last) == 3
    assert not {row.uid for row in rows} & {row.uid for row in last}


def test_the_queue_is_narrowed_by_author_type_province_and_origin() -> None:
    actor, mine, theirs = make.actor("director"), make.incident(), make.incident("colleague")
    threat, listed = make.incident(type="threat"), imported(1)
    elsewhere = make.incident(place=Location(PlaceKind.CAMBODIA, "17"))

    def queue(**criteria: Any) -> set[UUID]:
        return {row.uid for row in reviewing.queue(actor, CaseFilter(**criteria), None)[0]}

    everything = {row.uid for row in (mine, theirs, threat, listed, elsewhere)}
    assert queue() == everything
    assert queue(author=make.user("colleague").uid) == {theirs.uid}
    assert queue(type="threat") == {threat.uid}
    assert queue(province="17") == {elsewhere.uid}
    assert queue(imported=True) == {listed.uid}
    assert queue(imported=False) == everything - {listed.uid}
    assert [user.login for user in reviewing.authors(actor)] == ["colleague", "monitor"]


def test_a_part_of_the_queue_takes_two_statements_however_much_waits() -> None:
    actor = make.actor("director")
    make.load_keys()
    make.incident()
    few = statements(lambda: reviewing.queue(actor, CaseFilter(), None))
    for _ in range(6):
        make.incident()
    assert statements(lambda: reviewing.queue(actor, CaseFilter(), None)) == few <= 2


def queue_of(login: str) -> list[UUID]:
    """Return what waits for somebody, in its order."""
    return [row.uid for row in reviewing.waiting(make.actor(login))]
