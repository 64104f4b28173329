"""What waits for a reviewer, and what a reviewer sees of what changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from hrdtracker.access.model import Office, Role, Scope, Sensitivity, UserState
from hrdtracker.accounts import roles
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core import clock, page
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, facts, lists, queries, reviewers, reviewing, service
from hrdtracker.incidents.drafts import (
    Assessment,
    InvolvementDraft,
    SourceDraft,
    VictimUpdate,
)
from hrdtracker.incidents.model import (
    Established,
    Finding,
    Incident,
    IncidentStatus,
    Urgency,
)
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


def test_a_half_made_assessment_is_kept_with_what_goes_back_and_counts_for_nothing_yet() -> None:
    incident, director = make.incident(), make.actor("director")
    [uid] = service.violations_of(incident)
    half = Assessment((uid,), Established.VERIFIED, 1, Finding.YES, final=False)
    decisions.return_incident(director, incident, "Who saw it?", incident.version, [half])
    row = service.violations_of(incident)[uid]
    assert (row.established, row.independent_sources, row.finding, row.right) == (
        "verified", 1, "yes", None,
    )  # fmt: skip
    with pytest.raises(Refused):
        Assessment((uid,), Established.VERIFIED, 1, Finding.YES)
    assert incident.reviewed_at is None


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
    assert _stuck("national") == [incident.id]
    assert reviewers.is_stuck(make.actor("monitor"), incident)
    for login in make.NAMES.keys() - {"national"}:
        assert _stuck(login) == []
        assert incident.uid not in _queue(login)


def test_a_national_director_who_is_shut_out_of_a_case_is_told_nothing_of_it() -> None:
    case = make.case_of(_stuck_incident())
    shut_out = BlockDraft(make.user("national").uid, "Family.")
    sharing.block(make.actor("director"), case, shut_out)
    assert _stuck("national") == []


def test_of_a_secret_case_the_national_director_is_told_no_code() -> None:
    restricted, secret = _stuck_incident(), _stuck_incident(Sensitivity.SECRET)
    told = {row.id: row.code for row in reviewers.stuck(make.actor("national"))}
    assert told == {restricted.id: make.case_of(restricted).code, secret.id: None}


@pytest.mark.parametrize("sensitivity", [Sensitivity.RESTRICTED, Sensitivity.SECRET])
def test_where_nobody_may_review_who_directs_the_case_adds_a_member_who_does(
    sensitivity: Sensitivity,
) -> None:
    incident = _stuck_incident(sensitivity)
    assert _helpers("national") == ({"director"}, {"director", "monitor"})
    member = MemberDraft(make.user("director2").uid, "Reviews it.", clock.now() + timedelta(days=7))
    sharing.add_member(make.actor("director"), make.case_of(incident), member)
    assert _queue("director2") == [incident.uid]
    assert _stuck("national") == []
    decisions.review_incident(make.actor("director2"), incident, [], incident.version)
    assert incident.status == IncidentStatus.REVIEWED


def test_where_who_directs_the_case_has_left_somebody_who_opens_it_is_made_a_director() -> None:
    incident = _stuck_incident()
    make.bring(make.user("director"), UserState.LEFT)
    assert _helpers("national") == (set(), {"monitor"})
    office = session().get_one(Scope, incident.scope_id).office_id
    role = roles.propose_role(
        make.actor("admin"), make.user("monitor"), Role.DIRECTOR, session().get_one(Office, office)
    )
    make.confirm("national", role)
    assert _helpers("national") == ({"monitor"}, {"monitor"})


def test_where_nobody_at_work_opens_the_case_nobody_can_help() -> None:
    _stuck_incident()
    for login in ("director", "monitor"):
        make.bring(make.user(login), UserState.LOCKED)
    assert _helpers("national") == (set(), set())


def test_who_can_help_with_many_incidents_is_asked_as_often_as_with_one() -> None:
    national = make.actor("national")
    _stuck_incident()
    few = _statements(lambda: reviewers.helpers_of(national, reviewers.stuck(national)))
    for _ in range(3):
        _stuck_incident()
    many = _statements(lambda: reviewers.helpers_of(national, reviewers.stuck(national)))
    assert many == few


def _helpers(login: str) -> tuple[set[str], set[str]]:
    """Return who may add a member, and who may open the case, of the one incident that is stuck."""
    actor = make.actor(login)
    (helpers,) = reviewers.helpers_of(actor, reviewers.stuck(actor)).values()
    names = {make.user(login).id: login for login in make.NAMES}
    return {names[user] for user in helpers.may_add}, {names[user] for user in helpers.may_open}


def _stuck(login: str) -> list[int]:
    return [row.id for row in reviewers.stuck(make.actor(login))]


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
    assert {"end_kind", "place_held", "perpetrator_type"} <= columns


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
    make.load_keys()  # of the organisation, as every page has it at hand
    assert _statements(lambda: queries.incident_details(monitor, incident.uid)) == 7


def test_a_list_that_fits_a_page_costs_one_statement() -> None:
    monitor = make.actor("monitor")
    for _ in range(3):
        make.incident()
    make.load_keys()
    assert _statements(lambda: lists.incidents(monitor, CaseFilter(), None)) == 1


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
    listed = lists.incidents(make.actor("director"), wanted, None)
    assert len(listed.rows) == listed.total == found


def test_pages_of_a_list_follow_each_other_without_loss_or_repetition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "PAGE_ROWS", 4)
    made = {make.incident(victims=(), connection=None).uid for _ in range(9)}
    monitor = make.actor("monitor")
    first = lists.incidents(monitor, CaseFilter(), None)
    second = lists.incidents(monitor, CaseFilter(), first.older)
    third = lists.incidents(monitor, CaseFilter(), second.older)
    assert [len(each.rows) for each in (first, second, third)] == [4, 4, 1]
    assert {row.uid for each in (first, second, third) for row in each.rows} == made
    assert (first.newer, third.older) == (None, None)
    back = lists.incidents(monitor, CaseFilter(), third.newer)
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
