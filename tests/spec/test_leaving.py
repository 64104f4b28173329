"""Somebody leaves: one act, at once; their work goes to directors, and then to a colleague."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker import leaving
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Grant, Scope, Sensitivity, User, UserState
from hrdtracker.accounts import passwords, proposals, sessions, staff
from hrdtracker.accounts.model import Password, Proposal
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
from hrdtracker.incidents.service import log_incident, submit
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make
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
    colleague = make.user("colleague").uid
    sharing.block(make.actor("director"), case, BlockDraft(colleague, "Knows the family"))
    _leaves(successor="colleague")
    _confirms("director")
    assert (_owner(case), _owner(other)) == ("director", "colleague")


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
