"""Somebody leaves: one act of one person, at once and for good; what was theirs goes to others.

Nobody gains by it: a case goes at once only to a director who may give it to somebody already, and
to a colleague who takes over once a second person confirms it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import (
    Block,
    Grant,
    Membership,
    Scope,
    Sensitivity,
    User,
    UserState,
    in_force,
)
from hrdtracker.accounts import proposals, staff
from hrdtracker.accounts.assignments import NO_COLLEAGUE, candidates, colleagues
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Task
from hrdtracker.cases.sharing import end_now
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.locks import LOCK
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.requests import service as requests
from hrdtracker.incidents.handing_over import hand_over_unfinished, offices_of_unfinished
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind


def successors(user: User) -> list[User]:
    """Return the colleagues who could take over: who works in an office where the user ever did."""
    offices = select(Membership.office_id).where(Membership.user_id == user.id).distinct()
    able = {
        colleague.id: colleague
        for office_id in session().scalars(offices)
        for colleague in colleagues(user.organisation_id, Action.CASE_BEGIN, office_id)
    }
    able.pop(user.id, None)
    return list(able.values())


def let_go(actor: Actor, user: User, successor: UUID | None = None) -> None:
    """Let a user go: all they could do ends now, and what was theirs is a director’s.

    Raises Refused, WrongStatus. `successor` takes it over once a second person confirms it; so does
    a director what no director had.
    """
    with authorised(actor, Action.USER_LEAVE, on=user):
        chosen = _chosen(user, successor)
        staff.let_go(actor, user)
        delegation.end_all_of(user)
        requests.end_unsent_of(user)
        _end_grants(user)
        directed = _hand_to_directors(user)
        _hand_over_tasks(user)
        _tell_directors(user)
        _propose(actor, user, chosen, directed if chosen else [])


def name_successor(actor: Actor, user: User, successor: UUID | None = None) -> None:
    """Name anew who takes over what of somebody who left nobody has taken over yet.

    Raises Refused, WrongStatus.
    """
    with authorised(actor, Action.USER_SUCCEED, on=user):
        if user.state != UserState.LEFT:
            raise WrongStatus
        while proposals.waiting_for(user, Action.USER_SUCCEED):
            proposals.supersede(Action.USER_SUCCEED, user)
        _propose(actor, user, _chosen(user, successor), _not_taken_over(user))


def _tell_directors(user: User) -> None:
    """Tell whoever may see what the user opened."""
    able = candidates(user.organisation_id, Action.READINGS_READ)
    directors = policy.who_may(able, Action.READINGS_READ, user)
    notices.tell(directors, NoticeKind.COLLEAGUE_LEFT, about=user)


def _chosen(user: User, successor: UUID | None) -> int | None:
    """Return the number of whoever is to take over, if anybody; raises Refused."""
    if successor is None:
        return None
    for colleague in successors(user):
        if colleague.uid == successor:
            return colleague.id
    raise Refused({"successor": NO_COLLEAGUE})


def _end_grants(user: User) -> None:
    for grant in session().scalars(select(Grant).where(Grant.user_id == user.id)):
        end_now(grant)


def _hand_to_directors(user: User) -> list[Scope]:
    """Give each case to a director who may give it to somebody already; return those given.

    A case that is not normal so goes to whoever decided that; an office’s own director comes first.
    """
    given: list[Scope] = []
    able = candidates(user.organisation_id, Action.CASE_ASSIGN)
    for director in sorted(able, key=lambda each: (each.works_everywhere, each.id)):
        theirs = policy.visible(director, Action.CASE_ASSIGN, Scope).where(
            Scope.owner_id == user.id
        )
        for scope in _locked(theirs):
            scope.owner_id = director.id
            given.append(scope)
    return given


def _hand_over_tasks(user: User) -> None:
    """Give the open tasks of a user to whoever owns the case now."""
    query = (
        select(Task, Scope.owner_id)
        .join(Scope, Scope.id == Task.scope_id)
        .where(Task.assigned_to_id == user.id, Task.done_at.is_(None))
    )
    for task, owner_id in session().execute(query).all():
        task.assigned_to_id = owner_id


def _locked(query: Select[Scope]) -> Sequence[Scope]:
    """Return cases as they are now; nobody else changes them before this transaction ends."""
    anew = query.order_by(Scope.id).with_for_update(**LOCK)
    return session().scalars(anew.execution_options(populate_existing=True)).all()


# A colleague takes over --------------------------------------------------------------------------


def _propose(actor: Actor, user: User, chosen: int | None, directed: Iterable[Scope]) -> None:
    """Propose, office by office, who takes over what a director keeps meanwhile, and what nobody.

    The colleague who is chosen where they work there, and a director where not.
    """
    alone = session().scalars(select(Scope).where(Scope.owner_id == user.id))
    unfinished = offices_of_unfinished(user.id)
    offices: dict[int, dict[str, int]] = {office_id: {} for office_id in unfinished}
    for scope in (*directed, *alone):
        offices.setdefault(scope.office_id, {})[scope.uid.hex] = scope.owner_id
    for office_id, owners in offices.items():
        successor = _successor_in(office_id, user, chosen)
        cases = {uid: owner for uid, owner in owners.items() if owner != successor}
        if successor is not None and (cases or office_id in unfinished):
            change = ProposedChange({"cases": cases}, user_id=successor, office_id=office_id)
            with authorised(actor, Action.USER_SUCCEED, within=user):
                proposals.propose(actor, Action.USER_SUCCEED, user, change)


def _successor_in(office_id: int, user: User, chosen: int | None) -> int | None:
    """Return who is to take over in an office: whoever is chosen, or else one of its directors."""
    organisation_id = user.organisation_id
    able = colleagues(organisation_id, Action.CASE_BEGIN, office_id)
    if chosen in {colleague.id for colleague in able}:
        return chosen
    directors = colleagues(organisation_id, Action.CASE_ASSIGN, office_id)
    return directors[0].id if directors else None


def _not_taken_over(user: User) -> list[Scope]:
    """Return the cases that somebody was to take over, and that their director still keeps."""
    earlier = select(Proposal).where(
        Proposal.subject_uid == user.uid, Proposal.action == Action.USER_SUCCEED
    )
    cases = (case for proposal in session().scalars(earlier).all() for case in _cases(proposal))
    return [scope for scope, owner in cases if scope.owner_id == owner]


@consequence(Action.USER_SUCCEED)
class SuccessorOwns:
    """The cases of somebody who left, with the colleague who takes them over."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Give the colleague what still waits for it, with open tasks and what is to finish.

        A case that is not normal leaves whoever decided so by their own word alone.
        """
        able = colleagues(proposal.organisation_id, Action.CASE_BEGIN, proposal.office_id)
        if proposal.user_id not in {colleague.id for colleague in able}:
            raise WrongStatus(N_("This colleague does not work there any more."))
        user_id, shut_out = _who_left(proposal), _scopes_closed_to(proposal.user_id)
        for scope, owner_id in _cases(proposal):
            decides = scope.sensitivity != Sensitivity.NORMAL and owner_id != user_id
            is_free = scope.owner_id == owner_id and scope.id not in shut_out
            if is_free and (not decides or proposal.decided_by_id == owner_id):
                _give(scope, proposal.user_id)
        hand_over_unfinished(user_id, user_id, proposal.office_id)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Give the directors back what the colleague still has of it."""
        if proposal.effective_at is None or proposal.user_id is None:
            return
        user_id = _who_left(proposal)
        for scope, owner_id in _cases(proposal):
            if scope.owner_id == proposal.user_id and owner_id != user_id:
                _give(scope, owner_id)
        hand_over_unfinished(user_id, proposal.user_id, proposal.office_id)


def _cases(proposal: Proposal) -> list[tuple[Scope, int]]:
    """Return the cases that an act is about, locked, each with who owned it at the time."""
    owners = cast("Mapping[str, int]", proposal.values["cases"])
    uids = [UUID(uid) for uid in owners]
    return [
        (scope, owners[scope.uid.hex])
        for scope in _locked(select(Scope).where(Scope.uid.in_(uids)))
    ]


def _scopes_closed_to(user_id: int | None) -> set[int]:
    blocks = Block.user_id == user_id, in_force(Block, clock.now())
    return set(session().scalars(select(Block.scope_id).where(*blocks)))


def _who_left(proposal: Proposal) -> int:
    return session().scalars(select(User.id).where(User.uid == proposal.subject_uid)).one()


def _give(scope: Scope, user_id: int) -> None:
    """Give a case, and the open tasks of its owner in it, to somebody else."""
    tasks = select(Task).where(
        Task.scope_id == scope.id,
        Task.assigned_to_id == scope.owner_id,
        Task.done_at.is_(None),
    )
    for task in session().scalars(tasks):
        task.assigned_to_id = user_id
    scope.owner_id = user_id
