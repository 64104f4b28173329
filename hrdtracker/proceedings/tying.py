"""A proceeding comes to concern a further case; where that lets others read it, it takes two."""

from typing import Any

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.accounts import proposals
from hrdtracker.accounts.assignments import candidates
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.cases.openers import GRADES, openers
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.people.service import let_unwrap
from hrdtracker.proceedings.guarding import must_go_on
from hrdtracker.proceedings.model import Proceeding, ProceedingScope

CONCERNS_ALREADY = N_("It concerns this case already.")
WAITS_ALREADY = N_("That it concerns a further case waits for a second person already.")
OTHERS_LEARN = N_(
    "Since this was proposed it has changed who would read the proceeding, or who may confirm it. "
    "Refuse it; then it can be proposed anew."
)


def concern_case(actor: Actor, proceeding: Proceeding, case: Case) -> Proposal | None:
    """Tie a proceeding to a further case: whoever reads that one reads the proceeding from then on.

    At once where nobody learns of it who does not read it today; else once a director of a case it
    concerns confirms it: then what waits is returned. Raises WrongStatus where it concerns the case
    already, or something waits.
    """
    with (
        authorised(actor, Action.PROCEEDING_RECORD, within=proceeding),
        authorised(actor, Action.PROCEEDING_RECORD, on=case),
    ):
        must_go_on(proceeding)
        _check_new(proceeding, case.scope_id)
        learn = _who_would_learn(proceeding, session().get_one(Scope, case.scope_id))
        if not learn:
            let_concern(proceeding, case)
            return None
        if proposals.waiting_for(proceeding, Action.PROCEEDING_TIE):
            raise WrongStatus(WAITS_ALREADY)
        with authorised(actor, Action.PROCEEDING_TIE, within=proceeding):
            giving = _most_sensitive(proceeding)
            values: dict[str, Any] = {"to": case.scope_id, "readers": sorted(learn)}
            change = ProposedChange(values, office_id=giving.office_id, scope_id=giving.id)
            return proposals.propose(actor, Action.PROCEEDING_TIE, proceeding, change)


def let_concern(proceeding: Proceeding, case: Case) -> None:
    """Let a proceeding concern a case, and the case’s compartment hold its key; in an open door."""
    add_many([ProceedingScope(proceeding_id=proceeding.id, scope_id=case.scope_id)])
    let_unwrap([proceeding], session().get_one(Scope, case.scope_id).compartment_id)
    case.changed_at = clock.now()


def _check_new(proceeding: Proceeding, scope_id: int) -> None:
    there = select(ProceedingScope.scope_id).where(
        ProceedingScope.proceeding_id == proceeding.id, ProceedingScope.scope_id == scope_id
    )
    if session().scalar(there) is not None:
        raise WrongStatus(CONCERNS_ALREADY)


def _who_would_learn(proceeding: Proceeding, scope: Scope) -> set[int]:
    """Return the numbers of those who open the further case, and do not read the proceeding."""
    able = candidates(scope.organisation_id, Action.PROCEEDING_READ)
    return openers(scope) - policy.who_may(able, Action.PROCEEDING_READ, proceeding)


def _most_sensitive(proceeding: Proceeding) -> Scope:
    """Return the case whose directors say whether others may read a proceeding."""
    query = (
        select(Scope)
        .join(ProceedingScope, ProceedingScope.scope_id == Scope.id)
        .where(ProceedingScope.proceeding_id == proceeding.id)
        .order_by(Scope.id)
    )
    grades = [str(grade) for grade in GRADES]
    return max(session().scalars(query), key=lambda scope: grades.index(scope.sensitivity))


@consequence(Action.PROCEEDING_TIE)
class ProceedingTied:
    """A proceeding that concerns a further case."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it; raises WrongStatus where it was joined, or is another tie than was told of."""
        proceeding, case = _locked(proposal)
        must_go_on(proceeding)
        _check_new(proceeding, case.scope_id)
        _check_as_told(proposal, proceeding, session().get_one(Scope, case.scope_id))
        let_concern(proceeding, case)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave it as it is: until it is confirmed nothing has changed."""


def _check_as_told(proposal: Proposal, proceeding: Proceeding, scope: Scope) -> None:
    """Raise WrongStatus where others would learn than was told, or another case gives its word."""
    values: dict[str, Any] = dict(proposal.values)
    others = _who_would_learn(proceeding, scope) - set(values["readers"])
    if others or _most_sensitive(proceeding).id != proposal.scope_id:
        raise WrongStatus(OTHERS_LEARN)


def _locked(proposal: Proposal) -> tuple[Proceeding, Case]:
    """Return a proceeding and its further case as they are now; nobody else changes them yet."""
    found = select(Proceeding).where(Proceeding.uid == proposal.subject_uid)
    proceeding = session().scalars(found).one()
    case = session().scalars(select(Case).where(Case.scope_id == proposal.values["to"])).one()
    lock(case)
    lock(proceeding)
    return proceeding, case
