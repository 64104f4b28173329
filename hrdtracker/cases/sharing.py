"""Who may open a case: its owner, its members, how sensitive it is, and who is shut out."""

from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Select, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import (
    Block,
    Grant,
    NamedInCases,
    Office,
    Scope,
    Sensitivity,
    User,
    in_force,
)
from hrdtracker.accounts import proposals
from hrdtracker.accounts.assignments import NO_COLLEAGUE, colleagues
from hrdtracker.accounts.model import Plain, Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import BLOCKED_MOST, HELD_BACK_FOR, BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.cases.openers import is_narrower
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring

Row = TypeVar("Row", Grant, Block)


def assign(actor: Actor, case: Case, owner: UUID, version: int) -> None:
    """Give a case to a colleague who works in its office; the former owner keeps no key to it."""
    with authorised(actor, Action.CASE_ASSIGN, on=case, version=version):
        scope = session().get_one(Scope, case.scope_id)
        chosen = _choose(actor, Action.CASE_BEGIN, owner, "owner", scope.office_id)
        if _present(Block, case, chosen.id):
            raise Refused({"owner": N_("This colleague is shut out of the case. Choose another.")})
        scope.owner_id = chosen.id
        case.changed_at = clock.now()


def set_sensitivity(actor: Actor, case: Case, sensitivity: Sensitivity, version: int) -> None:
    """Say whom a case is for; whoever decides that it is not normal is its deciding director.

    For fewer it is at once, until a second person confirms it or it lapses; for more once a second
    person confirms it. What nobody confirmed yet is taken back by whoever did it.
    """
    with authorised(actor, Action.CASE_SENSITIVITY, on=case, version=version):
        scope = session().get_one(Scope, case.scope_id)
        if sensitivity == scope.sensitivity:
            raise Refused({"sensitivity": N_("It is so already.")})
        waiting = proposals.waiting_for(case, Action.CASE_SENSITIVITY)
        before = str(waiting.values["was"]) if waiting else scope.sensitivity
        if waiting is not None and sensitivity == before:
            _give_back(actor, waiting)
        elif is_narrower(sensitivity, than=before):
            _propose_grade(actor, Action.CASE_SENSITIVITY, case, (before, sensitivity))
        else:
            with authorised(actor, Action.CASE_EASE, within=case):
                _propose_grade(actor, Action.CASE_EASE, case, (scope.sensitivity, sensitivity))


def _propose_grade(actor: Actor, action: Action, case: Case, grades: tuple[str, str]) -> None:
    """Propose that a case goes from one sensitivity to another, in place of what waits."""
    scope = session().get_one(Scope, case.scope_id)
    proposals.supersede(action, case)
    values = {"was": grades[0], "sensitivity": grades[1], "decider": scope.decider_id}
    change = ProposedChange(values, office_id=scope.office_id, scope_id=scope.id)
    proposals.propose(actor, action, case, change)


def _give_back(actor: Actor, waiting: Proposal) -> None:
    """Undo what narrowed and waits: whoever did it takes it back, any other refuses it."""
    end = proposals.take_back if waiting.proposed_by_id == actor.id else proposals.refuse
    end(actor, waiting)


@idempotent
def add_member(actor: Actor, case: Case, draft: MemberDraft) -> Grant:
    """Let a colleague open a case until an instant."""
    with authorised(actor, Action.CASE_MEMBERS, on=case, sending=draft.sending) as signature:
        if draft.ends_at <= clock.now():
            raise Refused({"ends_on": N_("The end must lie in the future.")})
        user = _choose(actor, Action.CASE_READ, draft.user, "user")
        if _present(Block, case, user.id):
            raise Refused({"user": N_("This colleague is shut out of the case. Choose another.")})
        if _present(Grant, case, user.id):
            raise Refused({"user": N_("This colleague is a member already.")})
        grant = Grant(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            user_id=user.id,
            granted_by_id=actor.id,
            starts_at=clock.now(),
            ends_at=draft.ends_at,
            reason=draft.reason.strip(),
        )
        signature.made = grant
        _keep(case, grant)
    return grant


def end_member(actor: Actor, case: Case, uid: UUID) -> None:
    """End a grant now; raises NotFound for one of another case."""
    with authorised(actor, Action.CASE_MEMBERS, on=case):
        _end(_row(Grant, case, uid), case)


@idempotent
def block(actor: Actor, case: Case, draft: BlockDraft) -> Block:
    """Shut a person out of a case, whatever role or grant they hold; not oneself.

    At once, and for longer than a day only where a second person confirms it. Somebody shut out
    already is shut out for longer so.
    """
    with authorised(actor, Action.CASE_BLOCK, on=case, sending=draft.sending) as signature:
        if draft.user == actor.uid:
            raise Refused({"user": N_("Somebody else must shut you out.")})
        user = _choose(actor, Action.CASE_OUTLINE, draft.user, "user")
        _check_end(draft.ends_at)
        if any(row.ends_at is None or row.ends_at >= draft.ends_at for row in _shut(case, user.id)):
            raise Refused({"user": N_("This colleague is shut out already.")})
        shut = Block(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            user_id=user.id,
            blocked_by_id=actor.id,
            starts_at=clock.now(),
            ends_at=draft.ends_at,
            reason=draft.reason.strip(),
            told_from=clock.now() + HELD_BACK_FOR if draft.held_back else None,
        )
        signature.made = shut
        _keep(case, shut)
        session().flush()
        proposals.propose(actor, Action.CASE_BLOCK, shut, _about(case, user.id))
    return shut


def end_block(actor: Actor, case: Case, uid: UUID) -> bool:
    """Let somebody in again, as far as their roles reach, once a second person confirms it.

    What nobody has confirmed yet ends at once; tells whether it did. Raises NotFound.
    """
    with authorised(actor, Action.CASE_UNBLOCK, on=case):
        row = _row(Block, case, uid)
        unconfirmed = proposals.waiting_for(row, Action.CASE_BLOCK)
        if unconfirmed is not None:
            _give_back(actor, unconfirmed)
        elif proposals.waiting_for(row, Action.CASE_UNBLOCK):
            raise WrongStatus
        else:
            proposals.propose(actor, Action.CASE_UNBLOCK, row, _about(case, row.user_id))
    return unconfirmed is not None


def _about(case: Case, user_id: int | None = None) -> ProposedChange:
    office_id = session().get_one(Scope, case.scope_id).office_id
    return ProposedChange(user_id=user_id, office_id=office_id, scope_id=case.scope_id)


def _check_end(ends_at: datetime) -> None:
    """Raise Refused where a block would end in the past, or after more than a year."""
    if ends_at <= clock.now():
        raise Refused({"ends_on": N_("The end must lie in the future.")})
    if ends_at > clock.now() + BLOCKED_MOST:
        raise Refused({"ends_on": N_("At most a year. It can be shut again then.")})


def _shut(case: Case, user_id: int) -> list[Block]:
    """Return what shuts somebody out of a case, and ever did."""
    query = select(Block).where(Block.scope_id == case.scope_id, Block.user_id == user_id)
    return list(session().scalars(query))


def _choose(
    actor: Actor, action: Action, uid: UUID, field: str, office_id: int | None = None
) -> User:
    """Return the colleague with this uid who could do `action`; raises Refused beside `field`."""
    for user in colleagues(actor.organisation_id, action, office_id):
        if user.uid == uid:
            return user
    raise Refused({field: NO_COLLEAGUE})


def _present(kind: type[Row], case: Case, user_id: int) -> bool:
    """Tell whether a user holds such a grant, or such a block stands against them, now."""
    query = select(kind.id).where(
        kind.scope_id == case.scope_id, kind.user_id == user_id, in_force(kind, clock.now())
    )
    return session().scalar(query) is not None


def _keep(case: Case, row: Grant | Block) -> None:
    session().add(row)
    case.changed_at = clock.now()


def _row(kind: type[Row], case: Case, uid: UUID) -> Row:
    """Return a grant or block of a case that is in force; raises NotFound or WrongStatus."""
    row = session().scalar(select(kind).where(kind.uid == uid, kind.scope_id == case.scope_id))
    if row is None:
        raise NotFound
    if row.ends_at is not None and row.ends_at <= clock.now():
        raise WrongStatus(N_("This has ended already."))
    return row


def _end(row: Grant | Block, case: Case) -> None:
    end_now(row)
    case.changed_at = clock.now()


def end_now(row: Grant | Block) -> None:
    """End a grant or block, unless it has ended before. Inside an open door."""
    moment = clock.now()
    if row.ends_at is None or row.ends_at > moment:
        row.ends_at = max(moment, row.starts_at)


# What follows once it is confirmed, refused, taken back or lapsed --------------------------------


@consequence(Action.CASE_SENSITIVITY)
class CaseNarrowed:
    """A case that is for fewer people."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let whoever did it be the director who decided."""
        case, scope = _locked(proposal)
        _grade(case, scope, proposal.values["sensitivity"], proposal.proposed_by_id)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let the case be for whom it was."""
        case, scope = _locked(proposal)
        _grade(case, scope, proposal.values["was"], proposal.values["decider"])


@consequence(Action.CASE_EASE)
class CaseEased:
    """A case that is for more people."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let them; raises WrongStatus where it is no longer what was to be eased."""
        case, scope = _locked(proposal)
        if scope.sensitivity != proposal.values["was"]:
            raise WrongStatus(N_("Meanwhile somebody decided otherwise. Propose it anew."))
        proposals.supersede(Action.CASE_SENSITIVITY, case)
        _grade(case, scope, proposal.values["sensitivity"], scope.decider_id)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave the case as it is: until it is confirmed nothing has changed."""


@consequence(Action.CASE_BLOCK)
class PersonShutOut:
    """Somebody who does not open a case: the block itself says so, from its start to its end."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Keep the block as it is."""

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """End it, and hold nothing of it back any more, even where its time is over."""
        case, _ = _locked(proposal)
        row = session().scalars(select(Block).where(Block.uid == proposal.subject_uid)).one()
        _end_block(row, case)


@consequence(Action.CASE_APPEAL)
@consequence(Action.CASE_UNBLOCK)
class PersonLetInAgain:
    """Somebody who opens a case again, as far as their roles reach."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """End all that shuts them out of it."""
        case, _ = _locked(proposal)
        for row in _shut(case, proposal.user_id or 0):
            _end_block(row, case)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Leave them shut out: until it is confirmed nothing has changed."""


def _end_block(row: Block, case: Case) -> None:
    """End a block, with all that still waits about it; nothing of it is held back any more."""
    for action in (Action.CASE_BLOCK, Action.CASE_UNBLOCK, Action.CASE_APPEAL):
        proposals.supersede(action, row)
    row.told_from = None
    _end(row, case)


def _locked(proposal: Proposal) -> tuple[Case, Scope]:
    """Return the case of an act, and whose it is, as they are now; nobody else changes them yet."""
    case = session().scalars(select(Case).where(Case.scope_id == proposal.scope_id)).one()
    scope = session().get_one(Scope, case.scope_id)
    lock(case)
    lock(scope)
    return case, scope


def _grade(case: Case, scope: Scope, grade: Plain, decider: Plain) -> None:
    """Say how sensitive a case is and who decided that; move the keys accordingly.

    Those of a secret case, and of all that no other case names, go to a compartment of its own.
    """
    scope.sensitivity = str(grade)
    scope.decider_id = None if grade == Sensitivity.NORMAL else cast("int", decider)
    _move(case, scope, _compartment(scope))
    case.changed_at = clock.now()


# Keys --------------------------------------------------------------------------------------------


def _compartment(scope: Scope) -> Compartment:
    """Return whose keys are to open the case: its office’s, or a new compartment’s if secret."""
    if scope.sensitivity != Sensitivity.SECRET:
        office = session().get_one(Office, scope.office_id)
        return session().get_one(Compartment, office.compartment_id)
    own = Compartment()
    session().add(own)
    session().flush()
    return own


def _move(case: Case, scope: Scope, target: Compartment) -> None:
    """Let only `target` unwrap the case’s key; and others’ too what other cases name as well."""
    if scope.compartment_id == target.id:
        return
    scope.compartment_id = target.id
    session().flush()
    holders = {case.data_key_id: {target.id}, **_holders(scope)}
    ring().load(holders)
    for wrap in session().scalars(select(DataKeyWrap).where(DataKeyWrap.data_key_id.in_(holders))):
        session().delete(wrap)
    session().flush()
    session().add_all(
        ring().wrap(key_id, session().get_one(Compartment, number))
        for key_id, numbers in holders.items()
        for number in numbers
    )


def _holders(scope: Scope) -> dict[int, set[int]]:
    """Return, for the key of all that a case names with others, the compartments of these cases."""
    holders: dict[int, set[int]] = {}
    for model in NamedInCases.__subclasses__():
        for key_id, compartment_id in session().execute(_named_with(model, scope)):
            holders.setdefault(key_id, set()).add(compartment_id)
    return holders


def _named_with(model: Any, scope: Scope) -> Select[Any]:
    """Return the query of the keys of such records of a case, a line for each case of theirs."""
    place, number = model.place_of_naming(), model.number_there()
    return (
        select(model.data_key_id, Scope.compartment_id)
        .join(place, number == model.number_here())
        .join(Scope, Scope.id == place.scope_id)
        .where(model.number_here().in_(select(number).where(place.scope_id == scope.id)))
    )
