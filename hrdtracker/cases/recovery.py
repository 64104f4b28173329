"""The way into a case that nobody, or only one person, can open: one proposes, another confirms."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Grant, Office, Scope, Sensitivity
from hrdtracker.accounts import proposals
from hrdtracker.accounts.assignments import candidates, colleagues
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import NO_RECOVERY_REASON, REASON_MOST
from hrdtracker.cases.model import Case
from hrdtracker.cases.openers import ENOUGH, openers
from hrdtracker.cases.sharing import end_now
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import ring
from hrdtracker.core.text import check, required

LET_IN_FOR = timedelta(days=7)
ENOUGH_OPEN_IT = N_("Two people at work or more can open this case. Ask them.")


def recover(actor: Actor, scope: Scope, reason: str) -> Proposal:
    """Propose to be let into a case for seven days that at most one person can open."""
    check(required("reason", reason, NO_RECOVERY_REASON, REASON_MOST))
    with authorised(actor, Action.CASE_RECOVER, on=scope):
        if len(openers(scope)) >= ENOUGH:
            raise WrongStatus(ENOUGH_OPEN_IT)
        if awaited([scope]):
            raise WrongStatus(N_("A second person is asked already."))
        case = session().scalars(select(Case).where(Case.scope_id == scope.id)).one()
        ring().load([case.data_key_id])
        moment = clock.now()
        grant = Grant(
            scope_id=scope.id,
            data_key_id=case.data_key_id,
            user_id=actor.id,
            granted_by_id=actor.id,
            starts_at=moment,
            ends_at=moment,
            reason=reason.strip(),
        )
        session().add(grant)
        session().flush()
        change = ProposedChange(user_id=actor.id, office_id=scope.office_id, scope_id=scope.id)
        return proposals.propose(actor, Action.CASE_RECOVER, grant, change)


def awaited(scopes: Iterable[Scope]) -> set[int]:
    """Return of which cases a second person is asked already whether somebody is let in."""
    query = select(Proposal.scope_id).where(
        Proposal.scope_id.in_([scope.id for scope in scopes]),
        Proposal.action == Action.CASE_RECOVER,
        Proposal.status == ProposalStatus.WAITS,
        Proposal.lapses_at > clock.now(),
    )
    return {number for number in session().scalars(query) if number is not None}


def office_of(scope: Scope) -> Office:
    """Return the office of a case."""
    return session().get_one(Office, scope.office_id)


@consequence(Action.CASE_RECOVER)
class CaseRecovered:
    """A director who opens a case for seven days; where nobody says who else does, they do."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let the director in; raises WrongStatus where enough others can open it by now."""
        scope = session().get_one(Scope, proposal.scope_id)
        lock(scope)
        if len(openers(scope)) >= ENOUGH:
            raise WrongStatus(ENOUGH_OPEN_IT)
        grant = _grant_of(proposal)
        grant.starts_at = clock.now()
        grant.ends_at = grant.starts_at + LET_IN_FOR
        able = candidates(scope.organisation_id, Action.CASE_MEMBERS)
        if not policy.who_may(able, Action.CASE_MEMBERS, scope):
            scope.decider_id = grant.user_id

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """End the seven days; whoever says by now who opens the case goes on saying so."""
        end_now(_grant_of(proposal))


def _grant_of(proposal: Proposal) -> Grant:
    return session().scalars(select(Grant).where(Grant.uid == proposal.subject_uid)).one()


def opened_by_too_few(actor: Actor) -> list[tuple[Scope, Office, int]]:
    """Return the cases that fewer than two can open, for who may be let in; and how many can.

    The policy is asked of those alone that may be such: what is not normal, and what lies in an
    office that fewer than two direct.
    """
    query = (
        select(Scope, Office)
        .join(Office, Office.id == Scope.office_id)
        .where(policy.condition(actor, Action.CASE_RECOVER, Scope))
        .where(or_(Scope.sensitivity != Sensitivity.NORMAL, Scope.office_id.in_(_thin(actor))))
        .order_by(Scope.id)
    )
    rows = session().execute(query).all()
    able = candidates(actor.organisation_id, Action.CASE_READ)
    may = policy.who_may_each(able, Action.CASE_READ, Scope, [scope.id for scope, _ in rows])
    counted = [(scope, office, len(may[scope.id])) for scope, office in rows]
    return [line for line in counted if line[2] < ENOUGH]


def to_be_told(organisation_id: int) -> list[int]:
    """Return the numbers of those who may be let into a case that too few can open."""
    able = candidates(organisation_id, Action.CASE_RECOVER)
    return [director.id for director in able if opened_by_too_few(director)]


def _thin(actor: Actor) -> list[int]:
    """Return the offices that fewer than two people at work direct."""
    organisation = actor.organisation_id
    query = select(Office.id).where(Office.organisation_id == organisation)
    return [
        number
        for number in session().scalars(query)
        if len(colleagues(organisation, Action.CASE_CLOSE, number)) < ENOUGH
    ]
