"""What waits for a reviewer, and what a reviewer sees of what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core import clock, page
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused
from hrdtracker.core.sending import Sending
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, facts, queries, reviewers, reviewing, service
from hrdtracker.incidents.drafts import InvolvementDraft, SourceDraft, VictimUpdate
from hrdtracker.incidents.model import Incident, IncidentStatus, Urgency
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


def test_the_national_director_s_queue_holds_what_every_office_sent() -> None:
    sent = make.incident("monitor"), make.incident("far_director")
    assert _queue("national") == [each.uid for each in sent]
    assert _queue("director") == [sent[0].uid]


def test_what_is_sent_in_a_restricted_case_waits_for_the_director_who_restricted_it() -> None:
    case = make.case_of(make.incident())
    sharing.set_sensitivity(make.actor("national"), case, Sensitivity.RESTRICTED, case.version)
    service.log_incident(make.actor("monitor"), make.draft(urgency=Urgency.CRITICAL), case)
    assert len(_queue("national")) == 2
    assert _queue("director") == []
    assert _stuck("national") == []


def _stuck_incident(sensitivity: Sensitivity = Sensitivity.RESTRICTED) -> Incident:
    """Return an incident in a closed circle, changed by the only one there who could review it."""
    incident = make.incident()
    case, director = make.case_of(incident), make.actor("director")
    sharing.set_sensitivity(director, case, sensitivity, case.version)
    service.edit_incident(director, incident, make.draft(victims=()), incident.version)
    return incident


def test_what_nobody_may_review_is_told_to_the_national_director_alone() -> None:
    incident = _stuck_incident()
    assert _stuck("national") == [incident.uid]
    assert not reviewers.has_reviewer(make.actor("monitor"), incident)
    for login in make.NAMES.keys() - {"national"}:
        assert _stuck(login) == []
        assert incident.uid not in _queue(login)


def test_a_national_director_who_is_shut_out_of_a_case_is_told_nothing_of_it() -> None:
    case = make.case_of(_stuck_incident())
    shut_out = BlockDraft(make.user("national").uid, "Family.")
    sharing.block(make.actor("director"), case, shut_out)
    assert _stuck("national") == []


def test_nobody_from_outside_lets_a_colleague_into_a_secret_case_alone() -> None:
    incident = _stuck_incident(Sensitivity.SECRET)
    assert _stuck("national") == [incident.uid]
    with pytest.raises(Refused):
        decisions.appoint_reviewer(make.actor("national"), incident, _appointed("director2"))
    session().rollback()
    assert _queue("director2") == []


def test_whoever_is_appointed_reviews_what_nobody_could() -> None:
    incident = _stuck_incident()
    decisions.appoint_reviewer(make.actor("national"), incident, _appointed("director2"))
    assert _queue("director2") == [incident.uid]
    assert _stuck("national") == []
    decisions.review_incident(make.actor("director2"), incident, [], incident.version)
    assert incident.status == IncidentStatus.REVIEWED


@pytest.mark.parametrize(
    "login",
    ["monitor", "colleague", "far_director", "director", "national"],
    ids=[
        "its author",
        "no director",
        "a director elsewhere",
        "one who wrote part of it",
        "oneself",
    ],
)
def test_nobody_is_appointed_who_could_not_review_it_even_then(login: str) -> None:
    incident = _stuck_incident()
    with pytest.raises(Refused) as refused:
        decisions.appoint_reviewer(make.actor("national"), incident, _appointed(login))
    assert "user" in refused.value.reasons
    session().rollback()
    assert _stuck("national") == [incident.uid]


def test_nobody_is_appointed_where_somebody_may_review_it() -> None:
    incident = make.incident()
    with pytest.raises(NotFound):
        decisions.appoint_reviewer(make.actor("national"), incident, _appointed("director2"))


def test_the_same_sending_appoints_once() -> None:
    incident = _stuck_incident()
    draft = replace(_appointed("director2"), sending=Sending(uuid4()))
    first = decisions.appoint_reviewer(make.actor("national"), incident, draft)
    assert decisions.appoint_reviewer(make.actor("national"), incident, draft) is first


def test_only_the_national_director_appoints() -> None:
    incident = _stuck_incident()
    with pytest.raises(NotAllowed):
        decisions.appoint_reviewer(make.actor("director2"), incident, _appointed("director2"))


def _appointed(login: str) -> MemberDraft:
    until = clock.now() + timedelta(days=7)
    return MemberDraft(make.user(login).uid, "Nobody else may review it.", until)


def _stuck(login: str) -> list[UUID]:
    return [row.uid for row in reviewers.stuck(make.actor(login))]


def test_a_first_review_shows_no_differences() -> None:
    assert reviewing.differences(make.actor("director"), make.incident()) == []


def test_a_reviewer_sees_what_changed_since_their_own_decision_and_nothing_else() -> None:
    incident = make.incident(narrative="No papers.")
    director, monitor = make.actor("director"), make.actor("monitor")
    decisions.return_incident(director, incident, "When?", incident.version)
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
    decisions.return_incident(director, incident, "Who saw it?", incident.version)
    draft = SourceDraft("witness", "likely_reliable", identity="Demo Witness", remarks="Wears red.")
    facts.add_source(make.actor("monitor"), incident, draft, incident.version)
    found = reviewing.differences(director, incident)
    assert "connection" in {each.column for each in found}
    assert "Demo Witness" not in repr(found)
    assert "Wears red." not in repr(found)


def test_what_happened_to_people_and_who_did_it_stand_in_the_difference() -> None:
    incident = make.incident()
    director, monitor = make.actor("director"), make.actor("monitor")
    decisions.return_incident(director, incident, "And then?", incident.version)
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
    assert _statements(lambda: queries.incident_details(monitor, incident.uid)) == 7


def test_a_list_that_fits_a_page_costs_one_statement() -> None:
    monitor = make.actor("monitor")
    for _ in range(3):
        make.incident()
    assert _statements(lambda: queries.incidents(monitor, CaseFilter(), None)) == 1


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CaseFilter(type="arrest"), 1),
        (CaseFilter(type="threat"), 1),
        (CaseFilter(province="12"), 2),
        (CaseFilter(province="17"), 0),
        (CaseFilter(status="submitted"), 2),
        (CaseFilter(office="PNH"), 2),
        (CaseFilter(office="SRP"), 0),
        (CaseFilter(area="land_and_natural_resources"), 1),
        (CaseFilter(start=When.day(make.DAY, make.ZONE).earliest), 2),
        (CaseFilter(start=When.day(make.DAY, make.ZONE).latest), 0),
        (CaseFilter(end=When.day(make.DAY, make.ZONE).earliest), 0),
    ],
)
def test_a_list_is_narrowed_by_what_its_filter_says(wanted: CaseFilter, found: int) -> None:
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
    first = queries.incidents(monitor, CaseFilter(), None)
    second = queries.incidents(monitor, CaseFilter(), first.older)
    third = queries.incidents(monitor, CaseFilter(), second.older)
    assert [len(each.rows) for each in (first, second, third)] == [4, 4, 1]
    assert {row.uid for each in (first, second, third) for row in each.rows} == made
    assert (first.newer, third.older) == (None, None)
    back = queries.incidents(monitor, CaseFilter(), third.newer)
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
