"""A case is changed, closed and reopened; what is to be done in it is kept with it."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.policy import allowed
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases import service, sharing, work
from hrdtracker.cases.case_file import standing_of
from hrdtracker.cases.drafts import (
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    MemberDraft,
    TaskDraft,
)
from hrdtracker.cases.model import Case, CaseArea, CaseStatus, FollowUp, Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.incidents import decisions
from hrdtracker.incidents.model import IncidentStatus
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
LAND, JUDICIARY = "land_and_natural_resources", "judiciary"
CLOSING = ClosingDraft("released", "All were released.", frozenset({LAND}))
VISIT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


def case_of(login: str = "monitor") -> Case:
    """Return a new case of somebody of the cast."""
    return make.case_of(make.incident(login))


def closed() -> Case:
    """Return a case that the director has closed."""
    case = case_of()
    service.close_case(make.actor("director"), case, CLOSING, case.version)
    return case


def areas(case: Case) -> set[str]:
    """Return the areas of a case."""
    return set(session().scalars(select(CaseArea.area).where(CaseArea.case_id == case.id)))


def count(kind: type[Task] | type[FollowUp]) -> int:
    """Return how many such rows there are."""
    return session().scalar(select(func.count()).select_from(kind)) or 0


def last_entry() -> AuditEntry:
    """Return the latest entry of the trail."""
    return session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()


# Who may ----------------------------------------------------------------------------------------

EXTEND = {Action.CASE_READ, Action.CASE_EDIT, Action.CASE_EXTEND}
DECIDE = {
    Action.CASE_ASSIGN,
    Action.CASE_CLOSE,
    Action.CASE_REOPEN,
    Action.CASE_SENSITIVITY,
    Action.CASE_MEMBERS,
    Action.CASE_BLOCK,
    Action.CASE_OPENINGS,
}
OUTLINE = {Action.CASE_OUTLINE}


@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("monitor", OUTLINE | EXTEND),
        ("director", OUTLINE | EXTEND | DECIDE),
        ("director2", OUTLINE | EXTEND | DECIDE),
        ("national", OUTLINE | EXTEND | DECIDE),
        ("fund", OUTLINE),
        ("colleague", set()),
        ("stranger", set()),
        ("far_director", set()),
        ("auditor", set()),
        ("admin", set()),
        ("nobody", set()),
    ],
)
def test_who_may_do_what_to_a_normal_case_of_a_monitor(login: str, may: set[Action]) -> None:
    case = case_of("monitor")
    assert allowed(make.actor(login), OUTLINE | EXTEND | DECIDE, case) == may


def test_a_page_offers_only_what_the_status_of_the_case_is_open_to() -> None:
    director = make.actor("director")
    before = standing_of(director, case_of().uid).may
    after = standing_of(director, closed().uid).may
    assert before >= {Action.CASE_CLOSE, Action.CASE_EDIT}
    assert Action.CASE_REOPEN not in before
    assert after >= {Action.CASE_REOPEN, Action.CASE_EDIT}
    assert Action.CASE_CLOSE not in after


# Changing ---------------------------------------------------------------------------------------


def test_the_title_the_areas_and_the_next_look_are_kept_and_the_title_lies_sealed() -> None:
    case = case_of()
    draft = CaseDraft("Strike line", frozenset({LAND, JUDICIARY}), date(2027, 2, 1))
    service.edit_case(make.actor("monitor"), case, draft, case.version)
    session().expire_all()
    assert (case.title, case.next_look_on) == ("Strike line", date(2027, 2, 1))
    assert b"Strike" not in (Case.title.ciphertext(case) or b"Strike")
    assert areas(case) == {LAND, JUDICIARY}


def test_areas_that_are_no_longer_chosen_go() -> None:
    case, monitor = case_of(), make.actor("monitor")
    service.edit_case(monitor, case, CaseDraft(areas=frozenset({LAND})), case.version)
    service.edit_case(monitor, case, CaseDraft(areas=frozenset({JUDICIARY})), case.version)
    assert areas(case) == {JUDICIARY}


def test_an_area_that_no_list_holds_is_refused() -> None:
    case = case_of()
    with pytest.raises(Refused):
        service.edit_case(
            make.actor("monitor"), case, CaseDraft(areas=frozenset({"x"})), case.version
        )


def test_saving_an_older_version_is_refused_as_stale_and_keeps_what_was_saved() -> None:
    case = case_of()
    seen = case.version
    service.edit_case(make.actor("monitor"), case, CaseDraft("Theirs"), seen)
    with pytest.raises(Stale):
        service.edit_case(make.actor("director"), case, CaseDraft("Mine"), seen)
    session().expire_all()
    assert case.title == "Theirs"


def test_changing_areas_alone_makes_a_new_version() -> None:
    case = case_of()
    seen = case.version
    draft = CaseDraft(areas=frozenset({LAND}))
    service.edit_case(make.actor("monitor"), case, draft, seen)
    assert case.version == seen + 1


def test_saving_what_is_there_already_makes_no_new_version() -> None:
    case = case_of()
    seen = case.version
    service.edit_case(make.actor("monitor"), case, CaseDraft(), seen)
    assert case.version == seen


@pytest.mark.parametrize("title", ["x" * 201, "nul\0", "half \ud83d"])
def test_a_title_that_cannot_be_kept_is_refused_beside_its_field(title: str) -> None:
    with pytest.raises(Refused) as refused:
        CaseDraft(title)
    assert set(refused.value.reasons) == {"title"}


# Closing and reopening --------------------------------------------------------------------------


def test_a_case_is_closed_with_its_outcome_reason_and_areas() -> None:
    case = closed()
    session().expire_all()
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "released")
    assert case.closing_reason == "All were released."
    assert case.closed_at is not None
    assert areas(case) == {LAND}


@pytest.mark.parametrize(
    ("outcome", "reason", "chosen", "field"),
    [
        ("", "Why", {LAND}, "outcome"),
        ("released", "  ", {LAND}, "reason"),
        ("released", "x" * 2001, {LAND}, "reason"),
        ("released", "Why", set(), "areas"),
    ],
)
def test_closing_without_an_answer_is_refused_beside_its_field(
    outcome: str, reason: str, chosen: set[str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        ClosingDraft(outcome, reason, frozenset(chosen))
    assert set(refused.value.reasons) == {field}


def test_an_outcome_that_no_list_holds_is_refused() -> None:
    case = case_of()
    draft = ClosingDraft("victory", "Why", frozenset({LAND}))
    with pytest.raises(Refused):
        service.close_case(make.actor("director"), case, draft, case.version)


def test_a_monitor_does_not_close_even_an_own_case_and_the_attempt_is_on_the_trail() -> None:
    case = case_of("monitor")
    with pytest.raises(NotAllowed):
        service.close_case(make.actor("monitor"), case, CLOSING, case.version)
    session().expire_all()
    assert case.status == CaseStatus.OPEN
    assert (last_entry().action, last_entry().outcome) == ("case.close", "refused")


def test_a_closed_case_is_not_closed_again() -> None:
    case = closed()
    with pytest.raises(WrongStatus):
        service.close_case(make.actor("director"), case, CLOSING, case.version)


def test_a_closed_case_keeps_at_least_one_area() -> None:
    case = closed()
    with pytest.raises(Refused):
        service.edit_case(make.actor("director"), case, CaseDraft("Title"), case.version)
    session().expire_all()
    assert (case.title, areas(case)) == (None, {LAND})


def test_reopening_takes_the_outcome_away_and_the_trail_keeps_it() -> None:
    case = closed()
    service.reopen_case(make.actor("director"), case, case.version)
    session().expire_all()
    assert case.status == CaseStatus.REOPENED
    assert (case.closed_at, case.outcome, case.closing_reason) == (None, None, None)
    assert b'"outcome":["released",null]' in last_entry().payload


def test_an_open_case_is_not_reopened() -> None:
    case = case_of()
    with pytest.raises(WrongStatus):
        service.reopen_case(make.actor("director"), case, case.version)


# Tasks ------------------------------------------------------------------------------------------


def test_a_task_without_an_assignee_is_for_whoever_sets_it_and_makes_a_new_version() -> None:
    case, monitor = case_of(), make.actor("monitor")
    seen = case.version
    task = work.add_task(monitor, case, TaskDraft("Call the family", date(2026, 11, 18)))
    assert (task.assigned_to_id, task.what) == (monitor.id, "Call the family")
    assert case.version == seen + 1


@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("director", True),
        ("national", True),
        ("colleague", False),
        ("stranger", False),
        ("fund", False),
        ("admin", False),
    ],
)
def test_a_task_is_given_only_to_who_can_open_the_case(login: str, may: bool) -> None:  # noqa: FBT001
    case, assignee = case_of("monitor"), make.actor(login)
    draft = TaskDraft("Call", assignee=assignee.uid)
    if may:
        assert work.add_task(make.actor("monitor"), case, draft).assigned_to_id == assignee.id
    else:
        with pytest.raises(Refused) as refused:
            work.add_task(make.actor("monitor"), case, draft)
        assert set(refused.value.reasons) == {"assignee"}
        assert count(Task) == 0


def test_a_task_for_nobody_we_know_is_refused() -> None:
    with pytest.raises(Refused):
        work.add_task(make.actor("monitor"), case_of(), TaskDraft("Call", assignee=uuid4()))


def test_a_task_is_done_once_by_anybody_who_may_add_to_the_case() -> None:
    case = case_of()
    open_one, task = (
        work.add_task(make.actor("monitor"), case, TaskDraft(what)) for what in ("Write", "Call")
    )
    work.finish_task(make.actor("director"), case, task.uid)
    assert (task.done_by_id, task.done_at is not None) == (make.actor("director").id, True)
    assert open_one.done_at is None
    with pytest.raises(WrongStatus):
        work.finish_task(make.actor("monitor"), case, task.uid)


def test_a_task_of_another_case_is_not_found_here() -> None:
    case, other = case_of(), case_of()
    task = work.add_task(make.actor("monitor"), other, TaskDraft("Call"))
    with pytest.raises(NotFound):
        work.finish_task(make.actor("monitor"), case, task.uid)


def test_who_cannot_open_the_case_cannot_add_to_it() -> None:
    case = case_of("monitor")
    with pytest.raises(NotAllowed):
        work.add_task(make.actor("colleague"), case, TaskDraft("Call"))
    assert count(Task) == 0


def test_a_member_adds_to_a_case() -> None:
    case, colleague = case_of("monitor"), make.actor("colleague")
    grant = MemberDraft(colleague.uid, "Knows the family", clock.now() + timedelta(days=30))
    sharing.add_member(make.actor("director"), case, grant)
    assert work.add_task(colleague, case, TaskDraft("Call")).assigned_to_id == colleague.id


# Follow-ups -------------------------------------------------------------------------------------


def test_a_follow_up_never_reopens_a_review() -> None:
    incident = make.incident()
    case = make.case_of(incident)
    decisions.review_incident(make.actor("director"), incident, [], incident.version)
    work.add_follow_up(make.actor("monitor"), case, FollowUpDraft("call", VISIT, timed=False))
    session().expire_all()
    assert incident.status == IncidentStatus.REVIEWED


def test_the_note_of_a_follow_up_lies_sealed() -> None:
    draft = FollowUpDraft("call", VISIT, timed=True, note="Turned away")
    follow_up = work.add_follow_up(make.actor("monitor"), case_of(), draft)
    assert follow_up.note == "Turned away"
    assert b"Turned" not in (FollowUp.note.ciphertext(follow_up) or b"Turned")


def test_a_kind_of_follow_up_that_no_list_holds_is_refused() -> None:
    with pytest.raises(Refused):
        work.add_follow_up(
            make.actor("monitor"), case_of(), FollowUpDraft("party", VISIT, timed=True)
        )
