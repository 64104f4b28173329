"""Somebody leaves: one act, at once; their work goes to directors, and then to a colleague."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker import leaving
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Grant, Role, Scope, Sensitivity, User, UserState
from hrdtracker.accounts import passwords, proposals, sessions, staff
from hrdtracker.accounts.model import Password, Proposal, ProposalStatus
from hrdtracker.cases import sharing, work
from hrdtracker.cases.drafts import BlockDraft, MemberDraft, TaskDraft
from hrdtracker.cases.model import Case, Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity
from hrdtracker.incidents.decisions import return_incident
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import edit_incident, log_incident, submit
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import fund, make
from tests.two_people import waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]


def _case(login: str = "monitor", *, send: bool = True) -> Case:
    return make.case_of(make.incident(login, send=send))


def _secret(decider: str = "director2") -> Case:
    case = _case()
    sharing.set_sensitivity(make.actor(decider), case, Sensitivity.SECRET, case.version)
    return case


def _owner(case: Case) -> str:
    return session().get_one(User, session().get_one(Scope, case.scope_id).owner_id).login


def _leaves(login: str = "monitor", successor: str | None = None, by: str = "admin") -> None:
    uid = make.user(successor).uid if successor else None
    leaving.let_go(make.actor(by), make.user(login), uid)


def _assignee(task: Task) -> str:
    return session().get_one(User, task.assigned_to_id).login


def _proposal(login: str = "monitor") -> Proposal:
    return waiting(make.user(login), Action.USER_SUCCEED)


def _confirms(login: str) -> None:
    proposals.confirm(make.actor(login), _proposal())


def _reads(login: str, case: Case) -> bool:
    return policy.allows(make.actor(login), Action.CASE_READ, case)


def _draft_of(case: Case) -> Incident:
    return session().scalars(select(Incident).where(Incident.case_id == case.id)).one()


def _let_in(login: str, case: Case, by: str = "director") -> None:
    until = clock.now() + timedelta(days=9)
    sharing.add_member(make.actor(by), case, MemberDraft(make.user(login).uid, "Helps", until))


# What ends ---------------------------------------------------------------------------------------


def test_who_leaves_is_out_everywhere_and_for_good() -> None:
    code = staff.invite_again(make.actor("admin"), make.user("monitor"))
    staff.accept(code, "seven grey herons wade")
    make.confirm("national", make.user("monitor"))
    token = sessions.begin(make.user("monitor"), "Test")
    _let_in("monitor", _case("colleague"))
    _leaves()
    assert sessions.identify(token) is None
    assert make.user("monitor").state == UserState.LEFT
    assert session().get_one(Password, make.user("monitor").id).hash == passwords.VOID
    assert session().scalars(select(Grant.ends_at <= clock.now())).one()
    with pytest.raises(WrongStatus):
        _leaves()


def test_nothing_ends_for_those_who_stay() -> None:
    case = _case()
    _let_in("stranger", case)
    _let_in("colleague", case)
    _leaves("colleague")
    assert _reads("stranger", case)


def test_whom_a_leaver_stands_in_for_and_who_does_for_them_ends() -> None:
    now, here = clock.now(), make.office(make.HERE).uid
    draft = DelegationDraft(
        make.user("director2").uid, Capacity.DIRECTOR, now, now + timedelta(days=9), here
    )
    delegation.delegate(make.actor("director"), make.organisation(), draft)
    _leaves("director2")
    assert delegation.stand_ins(make.actor("director")) == []


def test_the_directors_of_the_office_are_told() -> None:
    _leaves()
    told = select(User.login).join(Notice, Notice.user_id == User.id)
    left = told.where(Notice.kind == NoticeKind.COLLEAGUE_LEFT)
    assert set(session().scalars(left)) == {"director", "director2", "national"}


# What goes to a director at once -----------------------------------------------------------------


def test_cases_and_open_tasks_are_a_director_s_at_once() -> None:
    case = _case()
    work.add_task(make.actor("monitor"), case, TaskDraft("Call the court"))
    _leaves(successor="colleague")
    assert _owner(case) == "director"
    assert session().scalars(select(Task.assigned_to_id)).one() == make.user("director").id


def test_of_the_tasks_only_those_go_on_that_are_open_and_theirs() -> None:
    cases = {"monitor": _case(), "stranger": _case("stranger"), "colleague": _case("colleague")}
    for case in cases.values():
        _let_in("monitor", case, by="national")
    monitor, by_login = make.actor("monitor"), {}
    for login, case in cases.items():
        assignee = make.user("national" if login == "stranger" else "monitor").uid
        by_login[login] = work.add_task(monitor, case, TaskDraft("Call", assignee=assignee))
    done = work.add_task(monitor, cases["monitor"], TaskDraft("Write"))
    work.finish_task(monitor, cases["monitor"], done.uid)
    _leaves(successor="colleague")
    _confirms("director")
    assert [_assignee(task) for task in by_login.values()] == ["colleague", "national", "colleague"]
    assert _assignee(done) == "monitor"


def test_a_case_takes_no_other_task_with_it_to_a_colleague() -> None:
    case, other, director = _case(), _case("colleague"), make.actor("director")
    kept = work.add_task(director, other, TaskDraft("Call the court"))
    given = work.add_task(director, case, TaskDraft("Call", assignee=make.user("director2").uid))
    done = work.add_task(director, case, TaskDraft("Write"))
    work.finish_task(director, case, done.uid)
    _leaves(successor="colleague")
    _confirms("director2")
    assert [_assignee(task) for task in (kept, given, done)] == [
        "director",
        "director2",
        "director",
    ]


def test_a_task_in_somebody_else_s_case_is_its_owner_s() -> None:
    case = _case("colleague")
    _let_in("monitor", case)
    task = TaskDraft("Call the court", assignee=make.user("monitor").uid)
    work.add_task(make.actor("director"), case, task)
    _leaves()
    assert session().scalars(select(Task.assigned_to_id)).one() == make.user("colleague").id


def test_a_secret_case_goes_to_who_decided_so_and_to_nobody_else() -> None:
    case = _secret()
    _leaves()
    assert _owner(case) == "director2"
    assert not _reads("director", case)
    assert proposals.waiting_for(make.user("monitor"), Action.USER_SUCCEED) is None


def test_a_case_never_goes_to_who_is_shut_out_of_it() -> None:
    case = _case()
    director = make.user("director").uid
    sharing.block(make.actor("director2"), case, BlockDraft(director, "Knows the family"))
    _leaves()
    assert _owner(case) == "director2"


def test_a_secret_case_whose_decider_is_gone_is_nobody_s_until_two_say_whose() -> None:
    case = _secret()
    make.bring(make.user("director2"), UserState.LEFT)
    _leaves()
    assert not any(_reads(login, case) for login in ("director", "national", "colleague"))
    proposal = _proposal()
    proposals.confirm(make.actor("national"), proposal)
    assert _owner(case) == session().get_one(User, proposal.user_id).login == "director"


# What goes to a colleague by the word of two -----------------------------------------------------


def test_a_director_who_is_to_take_over_and_has_it_already_is_not_asked_for() -> None:
    _case()
    _leaves(successor="director")
    assert proposals.waiting_for(make.user("monitor"), Action.USER_SUCCEED) is None


def test_where_nobody_is_left_to_take_over_the_case_waits() -> None:
    case = _case("stranger")
    for login in ("far_director", "national"):
        make.bring(make.user(login), UserState.LOCKED)
    _leaves("stranger")
    assert _owner(case) == "stranger"
    assert proposals.waiting_for(make.user("stranger"), Action.USER_SUCCEED) is None


def test_what_nobody_directs_in_an_office_where_the_colleague_does_not_work_is_a_director_s() -> (
    None
):
    make.role_given("monitor", Role.MONITOR, make.office(make.THERE))
    draft = make.draft(send=False)
    case = make.case_of(log_incident(make.actor("monitor"), draft, make.office(make.THERE)))
    _leaves(successor="colleague")
    _confirms("national")
    assert _owner(case) == "far_director"


def test_a_colleague_owns_them_once_a_director_confirms_it() -> None:
    case = _case()
    work.add_task(make.actor("monitor"), case, TaskDraft("Call the court"))
    _leaves(successor="colleague")
    assert not _reads("colleague", case)
    with pytest.raises(NotAllowed):
        _confirms("admin2")
    _confirms("director")
    assert _owner(case) == "colleague"
    assert session().scalars(select(Task.assigned_to_id)).one() == make.user("colleague").id


def test_a_secret_case_leaves_who_decided_so_by_their_own_word_alone() -> None:
    case, plain = _secret(), _case()
    _leaves(successor="colleague")
    _confirms("national")
    assert (_owner(case), _owner(plain)) == ("director2", "colleague")
    leaving.name_successor(make.actor("admin"), make.user("monitor"), make.user("colleague").uid)
    _confirms("director2")
    assert _owner(case) == "colleague"


def test_who_decided_that_a_case_is_secret_may_give_it_on_with_the_others() -> None:
    case = _secret()
    _leaves(successor="colleague")
    _confirms("director2")
    assert _owner(case) == "colleague"


def test_a_colleague_who_does_not_want_them_gives_them_back_to_the_director() -> None:
    case = _case()
    _leaves(successor="colleague")
    proposal = _proposal()
    proposals.confirm(make.actor("national"), proposal)
    proposals.stop(make.actor("colleague"), proposal)
    assert _owner(case) == "director"


def test_what_a_director_gave_on_meanwhile_stays_where_it_is() -> None:
    case = _case()
    _leaves(successor="colleague")
    owner = make.user("director2").uid
    sharing.assign(make.actor("director"), case, owner, case.version)
    _confirms("director")
    assert _owner(case) == "director2"


def test_a_colleague_who_is_shut_out_takes_all_but_that_case_over() -> None:
    case, other = _case(), _case()
    for login, about in (("colleague", case), ("director2", other)):
        draft = BlockDraft(make.user(login).uid, "Knows the family")
        sharing.block(make.actor("director"), about, draft)
    _leaves(successor="colleague")
    _confirms("director")
    assert (_owner(case), _owner(other)) == ("director", "colleague")


def test_what_a_colleague_gave_on_or_had_from_nobody_does_not_go_back() -> None:
    case, alone = _case(), _case(send=False)
    _leaves(successor="colleague")
    proposal = _proposal()
    proposals.confirm(make.actor("national"), proposal)
    owner = make.user("director2").uid
    sharing.assign(make.actor("director"), case, owner, case.version)
    proposals.stop(make.actor("colleague"), proposal)
    assert (_owner(case), _owner(alone)) == ("director2", "colleague")


def test_a_refusal_moves_nothing() -> None:
    case = _case()
    _let_in("colleague", case)
    incident = log_incident(make.actor("colleague"), make.draft(), into=case)
    return_incident(make.actor("director"), incident, "When was it?", incident.version)
    edit_incident(make.actor("monitor"), incident, make.draft(victims=()), incident.version)
    _leaves(successor="colleague")
    proposals.refuse(make.actor("director"), _proposal())
    assert incident.recorded_by_id == make.user("colleague").id


def test_a_colleague_who_leaves_meanwhile_takes_nothing_over() -> None:
    case = _case()
    _leaves(successor="colleague")
    _leaves("colleague")
    with pytest.raises(WrongStatus):
        _confirms("director")
    assert _owner(case) == "director"


def test_a_refused_colleague_is_followed_by_another() -> None:
    case = _case()
    _leaves(successor="colleague")
    proposals.refuse(make.actor("director"), _proposal())
    leaving.name_successor(make.actor("admin"), make.user("monitor"), make.user("director2").uid)
    _confirms("director")
    assert _owner(case) == "director2"


def test_another_colleague_is_named_in_the_place_of_the_first_for_what_is_not_given_on() -> None:
    gone, case, others = _case(), _case(), _case("colleague")
    for state in (UserState.LOCKED, UserState.ACTIVE):
        make.bring(make.user("monitor"), state)
    make.activate(make.user("monitor"))
    _leaves("colleague", successor="monitor")
    _leaves(successor="director2")
    first = _proposal()
    sharing.assign(make.actor("director"), gone, make.user("national").uid, gone.version)
    leaving.name_successor(make.actor("admin"), make.user("monitor"), make.user("director2").uid)
    assert first.status == ProposalStatus.TAKEN_BACK
    _confirms("director")
    assert [_owner(each) for each in (gone, case, others)] == ["national", "director2", "director"]


def test_nobody_takes_over_from_somebody_who_is_here() -> None:
    with pytest.raises(WrongStatus):
        leaving.name_successor(make.actor("admin"), make.user("monitor"))


def test_only_who_works_in_the_same_office_takes_over() -> None:
    with pytest.raises(Refused):
        _leaves(successor="stranger")
    assert make.user("monitor").state == UserState.ACTIVE


# Drafts ------------------------------------------------------------------------------------------


def test_nobody_reads_a_draft_until_a_second_person_confirms_who_takes_it_over() -> None:
    case = _case(send=False)
    _leaves()
    assert not any(_reads(login, case) for login in ("director", "director2", "national"))
    _confirms("national")
    draft = _draft_of(case)
    assert policy.allows(make.actor("director"), Action.INCIDENT_READ, draft)
    submit(make.actor("director"), draft)
    assert not policy.allows(make.actor("director"), Action.INCIDENT_REVIEW, draft)
    assert policy.allows(make.actor("director2"), Action.INCIDENT_REVIEW, draft)


def test_a_draft_in_somebody_else_s_case_goes_to_its_owner() -> None:
    case = _case("colleague")
    _let_in("monitor", case)
    draft = log_incident(make.actor("monitor"), make.draft(send=False), into=case)
    _leaves()
    _confirms("national")
    assert draft.recorded_by_id == make.user("colleague").id


def test_what_came_back_to_a_leaver_comes_to_whoever_takes_over() -> None:
    incident = make.incident()
    return_incident(make.actor("director"), incident, "When was it?", incident.version)
    _leaves(successor="colleague")
    _confirms("director")
    assert incident.recorded_by_id == make.user("colleague").id
    submit(make.actor("colleague"), incident)


def test_a_draft_goes_back_with_its_case() -> None:
    case = _case()
    draft = log_incident(make.actor("monitor"), make.draft(send=False), into=case)
    _leaves(successor="colleague")
    proposal = _proposal()
    proposals.confirm(make.actor("national"), proposal)
    assert draft.recorded_by_id == make.user("colleague").id
    proposals.stop(make.actor("colleague"), proposal)
    assert draft.recorded_by_id == make.user("director").id


def test_a_request_that_somebody_who_leaves_never_sent_ends_with_them() -> None:
    unsent, sent, other = fund.drafted(), fund.sent(), fund.drafted(who="colleague")
    _leaves()
    assert [each.status for each in (unsent, sent, other)] == ["withdrawn", "submitted", "draft"]
    assert unsent.ended_at is not None
