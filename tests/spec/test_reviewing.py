"""What waits for a reviewer, and what a reviewer sees of what changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from hrdtracker.core import page
from hrdtracker.core.when.model import When
from hrdtracker.incidents import facts, queries, reviewing, service
from hrdtracker.incidents.drafts import InvolvementDraft, SourceDraft, VictimUpdate
from hrdtracker.incidents.model import Urgency
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.service import record_person
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def test_the_most_urgent_comes_first_then_what_waits_longest() -> None:
    old = make.incident()
    new = make.incident()
    urgent = make.incident(urgency=Urgency.URGENT)
    critical = make.incident(urgency=Urgency.CRITICAL)
    assert _queue("director") == [critical.uid, urgent.uid, old.uid, new.uid]


def test_a_director_s_queue_holds_neither_drafts_nor_what_they_wrote() -> None:
    make.incident(send=False)
    make.incident("director")
    assert _queue("director") == []


def test_what_another_office_sent_waits_for_its_own_director() -> None:
    theirs = make.incident("stranger")
    assert _queue("director") == []
    assert _queue("far_director") == [theirs.uid]


def test_the_national_director_s_queue_holds_what_nobody_in_the_office_could_review() -> None:
    waiting_in_office = make.incident("monitor")
    written_by_the_only_director = make.incident("far_director")
    assert _queue("national") == [written_by_the_only_director.uid]
    assert waiting_in_office.uid in _queue("director")


def test_where_nobody_at_all_could_review_it_there_is_no_second_reader() -> None:
    incident = make.incident("far_director")
    assert reviewing.has_second_reader(incident)
    service.edit_incident(
        make.actor("national"), incident, make.draft(victims=()), incident.version
    )
    assert not reviewing.has_second_reader(incident)


def test_a_first_review_shows_no_differences() -> None:
    assert reviewing.differences(make.actor("director"), make.incident()) == []


def test_a_reviewer_sees_what_changed_since_their_own_decision_and_nothing_else() -> None:
    incident = make.incident(narrative="No papers.")
    director, monitor = make.actor("director"), make.actor("monitor")
    service.return_incident(director, incident, "When?", incident.version)
    changed = make.draft(victims=(), narrative="They arrived at nine.")
    service.edit_incident(monitor, incident, changed, incident.version)
    found = reviewing.differences(director, incident)
    assert [(each.column, each.before, each.after) for each in found] == [
        ("narrative", "No papers.", "They arrived at nine.")
    ]
    assert reviewing.differences(make.actor("director2"), incident) == []


def test_a_difference_names_a_new_source_but_never_who_it_is() -> None:
    incident = make.incident()
    director = make.actor("director")
    service.return_incident(director, incident, "Who saw it?", incident.version)
    draft = SourceDraft("witness", "likely_reliable", identity="Demo Witness", remarks="Wears red.")
    facts.add_source(make.actor("monitor"), incident, draft, incident.version)
    found = reviewing.differences(director, incident)
    assert "connection" in {each.column for each in found}
    assert "Demo Witness" not in repr(found)
    assert "Wears red." not in repr(found)


def test_what_happened_to_people_and_who_did_it_stand_in_the_difference() -> None:
    incident = make.incident()
    director, monitor = make.actor("director"), make.actor("monitor")
    service.return_incident(director, incident, "And then?", incident.version)
    everybody = tuple(service.violations_of(incident))
    update = VictimUpdate(everybody, "released", place_held="Municipal police")
    facts.update_victims(monitor, incident, update, incident.version)
    facts.add_involvement(monitor, incident, InvolvementDraft("police"), incident.version)
    columns = {each.column for each in reviewing.differences(director, incident)}
    assert {"status_at_end", "place_held", "perpetrator_type"} <= columns


@pytest.mark.parametrize(
    "count", [1, 12], ids=["with one person", "with twelve people, sources and perpetrators"]
)
def test_the_page_of_an_incident_costs_the_same_however_much_hangs_on_it(count: int) -> None:
    people = tuple(
        Victim(described=PersonDraft((NameDraft(f"Demo {number}"),))) for number in range(count)
    )
    incident = make.incident(victims=people)
    monitor = make.actor("monitor")
    for _ in range(count):
        facts.add_source(monitor, incident, SourceDraft("witness"), incident.version)
        body = record_person(monitor, PersonDraft((NameDraft("Demo Company"),)))
        alleged = InvolvementDraft("company", alleged_perpetrator=body.uid)
        facts.add_involvement(monitor, incident, alleged, incident.version)
    assert _statements(lambda: queries.incident_page(monitor, incident.uid)) == 7


def test_a_list_that_fits_a_page_costs_one_statement() -> None:
    monitor = make.actor("monitor")
    for _ in range(3):
        make.incident()
    assert _statements(lambda: queries.incidents(monitor, queries.Filter(), None)) == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (queries.Filter(type="arrest"), 1),
        (queries.Filter(type="threat"), 1),
        (queries.Filter(province="12"), 2),
        (queries.Filter(province="17"), 0),
        (queries.Filter(status="submitted"), 2),
        (queries.Filter(office="PNH"), 2),
        (queries.Filter(office="SRP"), 0),
        (queries.Filter(owner="monitor"), 2),
        (queries.Filter(area="land_and_natural_resources"), 1),
        (queries.Filter(start=When.day(make.DAY, make.ZONE).earliest), 2),
        (queries.Filter(start=When.day(make.DAY, make.ZONE).latest), 0),
        (queries.Filter(end=When.day(make.DAY, make.ZONE).earliest), 0),
    ],
)
def test_a_list_is_narrowed_by_what_its_filter_says(wanted: queries.Filter, found: int) -> None:
    make.incident(areas=frozenset({"land_and_natural_resources"}))
    make.incident(type="threat")
    listed = queries.incidents(make.actor("director"), wanted, None)
    assert len(listed.rows) == listed.total == found


def test_pages_of_a_list_follow_each_other_without_loss_or_repetition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "PAGE_ROWS", 4)
    made = {make.incident(victims=(), connection=None).uid for _ in range(9)}
    monitor = make.actor("monitor")
    first = queries.incidents(monitor, queries.Filter(), None)
    second = queries.incidents(monitor, queries.Filter(), first.older)
    third = queries.incidents(monitor, queries.Filter(), second.older)
    assert [len(each.rows) for each in (first, second, third)] == [4, 4, 1]
    assert {row.uid for each in (first, second, third) for row in each.rows} == made
    assert (first.newer, third.older) == (None, None)
    back = queries.incidents(monitor, queries.Filter(), third.newer)
    assert [row.uid for row in back.rows] == [row.uid for row in second.rows]


def _queue(login: str) -> list[UUID]:
    return [row.uid for row in reviewing.waiting(make.actor(login))]


def _statements(work: Callable[[], Any]) -> int:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return len(counted)
