"""A monitor logs an incident, a director reviews it."""

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.policy import allowed, visible
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, Stale, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.incidents import decisions, service
from hrdtracker.incidents.drafts import Assessment
from hrdtracker.incidents.model import Established, Finding, Incident, IncidentStatus, Violation
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope
from tests import make

pytestmark = pytest.mark.usefixtures("unit")


def test_logging_a_first_incident_opens_a_case_that_its_author_owns() -> None:
    incident = make.incident()
    case = make.case_of(incident)
    assert incident.status == IncidentStatus.SUBMITTED
    assert case.code.startswith("PNH-2026-")
    assert (case.lead_type, case.lead_province, case.status) == ("arrest", "12", "open")


def test_what_is_identity_or_narrative_lies_sealed_in_the_database() -> None:
    incident = make.incident(narrative="Two trucks came.")
    assert incident.narrative == "Two trucks came."
    column = Incident.__table__.c.narrative_sealed
    sealed = session().scalar(select(column).where(Incident.id == incident.id))
    assert sealed is not None
    assert b"trucks" not in sealed


def test_each_victim_has_a_violation_and_a_letter_in_the_case() -> None:
    people = tuple(
        Victim(described=PersonDraft((NameDraft(f"Demo {name}"),))) for name in ("A", "B", "C")
    )
    incident = make.incident(victims=people)
    letters = session().scalars(
        select(PersonScope.letter).where(PersonScope.scope_id == incident.scope_id)
    )
    assert sorted(letters) == ["A", "B", "C"]
    assert len(service.violations_of(incident)) == 3


def test_an_incident_with_nobody_named_has_one_violation_against_somebody_unknown() -> None:
    incident = make.incident(victims=())
    (only,) = service.violations_of(incident).values()
    assert only.victim_id is None


@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("monitor", True),
        ("director", True),
        ("director2", True),
        ("national", True),
        ("colleague", False),
        ("stranger", False),
        ("far_director", False),
        ("fund", False),
        ("auditor", False),
        ("admin", False),
        ("nobody", False),
    ],
)
def test_who_reads_an_incident_of_a_normal_case(login: str, may: bool) -> None:  # noqa: FBT001
    incident = make.incident("monitor")
    query = visible(make.actor(login), Action.INCIDENT_READ, Incident)
    assert (session().scalar(query.where(Incident.id == incident.id)) is not None) is may


@pytest.mark.parametrize(
    ("login", "may"),
    [("monitor", True), ("director", False), ("national", False), ("colleague", False)],
)
def test_a_draft_is_read_by_its_author_alone(login: str, may: bool) -> None:  # noqa: FBT001
    incident = make.incident("monitor", send=False)
    query = visible(make.actor(login), Action.INCIDENT_READ, Incident)
    assert (session().scalar(query.where(Incident.id == incident.id)) is not None) is may


@pytest.mark.parametrize(
    ("login", "may"),
    [("director", True), ("director2", True), ("national", True), ("monitor", False)],
)
def test_who_may_review_what_a_monitor_wrote(login: str, may: bool) -> None:  # noqa: FBT001
    incident = make.incident("monitor")
    acts = allowed(make.actor(login), [Action.INCIDENT_REVIEW, Action.INCIDENT_RETURN], incident)
    assert acts == ({Action.INCIDENT_REVIEW, Action.INCIDENT_RETURN} if may else set())


def test_nobody_reviews_what_they_wrote_whatever_role_they_hold() -> None:
    incident = make.incident("director")
    with pytest.raises(NotAllowed):
        decisions.review_incident(make.actor("director"), incident, [], incident.version)
    decisions.review_incident(make.actor("director2"), incident, [], incident.version)
    assert incident.status == IncidentStatus.REVIEWED


def test_whoever_changed_part_of_it_may_not_review_it_any_more() -> None:
    incident = make.incident("monitor")
    service.edit_incident(
        make.actor("director"), incident, make.draft(victims=()), incident.version
    )
    with pytest.raises(NotAllowed):
        decisions.review_incident(make.actor("director"), incident, [], incident.version)


def test_an_incident_is_returned_with_a_reason_corrected_sent_and_reviewed() -> None:
    monitor, director = make.actor("monitor"), make.actor("director")
    incident = make.incident("monitor")
    decisions.return_incident(director, incident, "When did they arrive?", incident.version)
    assert incident.status == IncidentStatus.RETURNED
    service.edit_incident(
        monitor, incident, make.draft(victims=(), narrative="At 9."), incident.version
    )
    assert incident.status == IncidentStatus.RETURNED
    service.submit(monitor, incident)
    decisions.review_incident(director, incident, _found(incident), incident.version)
    assert incident.status == IncidentStatus.REVIEWED
    (violation,) = service.violations_of(incident).values()
    assert (violation.established, violation.finding) == ("corroborated", "yes")


@pytest.mark.parametrize("reason", ["  ", "x" * 4001, "nul \0", "half \ud83d"])
def test_returning_without_a_fit_reason_is_refused_and_changes_nothing(reason: str) -> None:
    incident = make.incident()
    with pytest.raises(Refused) as refused:
        decisions.return_incident(make.actor("director"), incident, reason, incident.version)
    assert set(refused.value.reasons) == {"reason"}
    session().expire_all()
    assert incident.status == IncidentStatus.SUBMITTED


def test_a_reviewed_incident_whose_facts_change_goes_back_to_submitted() -> None:
    incident = make.incident()
    decisions.review_incident(make.actor("director"), incident, _found(incident), incident.version)
    service.edit_incident(
        make.actor("monitor"), incident, make.draft(victims=(), type="threat"), incident.version
    )
    assert incident.status == IncidentStatus.SUBMITTED
    assert incident.reviewed_by_id is None


def test_a_draft_cannot_be_reviewed() -> None:
    incident = make.incident(send=False)
    with pytest.raises(NotAllowed):
        decisions.review_incident(make.actor("director"), incident, [], incident.version)


def test_what_is_reviewed_cannot_be_reviewed_again() -> None:
    incident = make.incident()
    decisions.review_incident(make.actor("director"), incident, [], incident.version)
    with pytest.raises(WrongStatus):
        decisions.review_incident(make.actor("director2"), incident, [], incident.version)


def test_saving_an_older_version_is_refused_as_stale() -> None:
    incident = make.incident()
    seen = incident.version
    service.edit_incident(make.actor("monitor"), incident, make.draft(victims=()), seen)
    with pytest.raises(Stale):
        service.edit_incident(make.actor("director"), incident, make.draft(victims=()), seen)


def test_discarding_a_draft_deletes_it_and_the_trail_says_so() -> None:
    incident = make.incident(send=False)
    service.discard(make.actor("monitor"), incident)
    assert session().scalar(select(func.count()).select_from(Incident)) == 0
    assert session().scalar(select(func.count()).select_from(Violation)) == 0
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert last.action == "incident.discard"


def test_what_was_sent_is_not_discarded() -> None:
    incident = make.incident()
    with pytest.raises(NotAllowed):
        service.discard(make.actor("monitor"), incident)


def test_a_person_whom_one_may_not_see_cannot_be_linked() -> None:
    make.incident("stranger")
    hidden = session().scalars(select(Person.uid)).one()
    with pytest.raises(Exception, match="nothing here"):
        make.incident("monitor", victims=(Victim(known=hidden),))
    assert session().scalar(select(func.count()).select_from(Incident)) == 1


def test_an_unknown_date_is_sorted_by_the_day_it_was_recorded() -> None:
    incident = make.incident(occurred=When.unknown("a while ago", make.ZONE))
    assert incident.occurred_sort == incident.recorded_at
    assert incident.occurred is not None
    assert incident.occurred.as_told == "a while ago"


def test_a_code_that_no_list_holds_is_refused_beside_its_field() -> None:
    with pytest.raises(Refused) as refused:
        make.incident(type="party")
    assert set(refused.value.reasons) == {"type"}


def _found(incident: Incident) -> list[Assessment]:
    uids = tuple(service.violations_of(incident))
    return [Assessment(uids, Established.CORROBORATED, 2, Finding.YES, "liberty_and_security")]
