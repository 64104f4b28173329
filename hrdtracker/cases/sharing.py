"""Who may open a case: its owner, its members, how sensitive it is, and who is shut out."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block, Grant, Office, Scope, Sensitivity, User
from hrdtracker.accounts.assignments import NO_COLLEAGUE, colleagues
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring
from hrdtracker.people.model import Person, PersonScope

Row = TypeVar("Row", Grant, Block)


def assign(actor: Actor, case: Case, owner: UUID, version: int) -> None:
    """Give a case to a colleague who works in its office; the former owner keeps no key to it."""
    with authorised(actor, Action.CASE_ASSIGN, on=case, version=version):
        scope = session().get_one(Scope, case.scope_id)
        chosen = _choose(actor, Action.CASE_READ, owner, "owner", scope.office_id)
        if _present(Block, case, chosen.id):
            raise Refused({"owner": N_("This colleague is shut out of the case. Choose another.")})
        scope.owner_id = chosen.id
        case.changed_at = clock.now()


def set_sensitivity(actor: Actor, case: Case, sensitivity: Sensitivity, version: int) -> None:
    """Say whom a case is for; whoever decides that it is not normal is its deciding director.

    The keys of a secret case, and of people named nowhere else, move to a compartment of its own.
    """
    with authorised(actor, Action.CASE_SENSITIVITY, on=case, version=version):
        scope = session().get_one(Scope, case.scope_id)
        if sensitivity == scope.sensitivity:
            raise Refused({"sensitivity": N_("It is so already.")})
        scope.sensitivity = sensitivity
        scope.decider_id = None if sensitivity == Sensitivity.NORMAL else actor.id
        _move(case, scope, _compartment(scope))
        case.changed_at = clock.now()


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
        _end(Grant, case, uid)


@idempotent
def block(actor: Actor, case: Case, draft: BlockDraft) -> Block:
    """Shut a person out of a case, whatever role or grant they hold; not oneself."""
    with authorised(actor, Action.CASE_BLOCK, on=case, sending=draft.sending) as signature:
        if draft.user == actor.uid:
            raise Refused({"user": N_("Somebody else must shut you out.")})
        user = _choose(actor, Action.CASE_OUTLINE, draft.user, "user")
        if _present(Block, case, user.id):
            raise Refused({"user": N_("This colleague is shut out already.")})
        shut = Block(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            user_id=user.id,
            blocked_by_id=actor.id,
            starts_at=clock.now(),
            reason=draft.reason.strip(),
        )
        signature.made = shut
        _keep(case, shut)
    return shut


def end_block(actor: Actor, case: Case, uid: UUID) -> None:
    """Let somebody in again as far as their roles reach; raises NotFound."""
    with authorised(actor, Action.CASE_BLOCK, on=case):
        _end(Block, case, uid)


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


def in_force(kind: type[Row], moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a grant or block has not ended at a moment."""
    return or_(kind.ends_at.is_(None), kind.ends_at > moment)


def _keep(case: Case, row: Grant | Block) -> None:
    session().add(row)
    case.changed_at = clock.now()


def _end(kind: type[Row], case: Case, uid: UUID) -> None:
    row = session().scalar(select(kind).where(kind.uid == uid, kind.scope_id == case.scope_id))
    if row is None:
        raise NotFound
    moment = clock.now()
    if row.ends_at is not None and row.ends_at <= moment:
        raise WrongStatus(N_("This has ended already."))
    row.ends_at = max(moment, row.starts_at)
    case.changed_at = moment


# Keys --------------------------------------------------------------------------------------------


def _compartment(scope: Scope) -> Compartment:
    """Return whose keys open the case: its office’s, or a compartment of its own if secret."""
    office = session().get_one(Office, scope.office_id)
    if scope.sensitivity != Sensitivity.SECRET:
        return session().get_one(Compartment, office.compartment_id)
    if scope.compartment_id != office.compartment_id:
        return session().get_one(Compartment, scope.compartment_id)
    own = Compartment()
    session().add(own)
    session().flush()
    return own


def _move(case: Case, scope: Scope, target: Compartment) -> None:
    """Let only `target` unwrap the case’s key, and people’s keys whoever names them."""
    if scope.compartment_id == target.id:
        return
    scope.compartment_id = target.id
    session().flush()
    missing = {case.data_key_id: {target.id}, **_holders(scope)}
    ring().load(missing)
    for wrap in session().scalars(select(DataKeyWrap).where(DataKeyWrap.data_key_id.in_(missing))):
        if wrap.compartment_id in missing[wrap.data_key_id]:
            missing[wrap.data_key_id].discard(wrap.compartment_id)
        else:
            session().delete(wrap)
    numbers = set().union(*missing.values())
    compartments = {
        compartment.id: compartment
        for compartment in session().scalars(select(Compartment).where(Compartment.id.in_(numbers)))
    }
    session().add_all(
        ring().wrap(key_id, compartments[number])
        for key_id, compartment_ids in missing.items()
        for number in compartment_ids
    )


def _holders(scope: Scope) -> dict[int, set[int]]:
    """Return, for the key of each person named in a case, the compartments of all their cases."""
    named = select(PersonScope.person_id).where(PersonScope.scope_id == scope.id)
    query = (
        select(Person.data_key_id, Scope.compartment_id)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .join(Scope, Scope.id == PersonScope.scope_id)
        .where(Person.id.in_(named))
    )
    holders: dict[int, set[int]] = {}
    for key_id, compartment_id in session().execute(query):
        holders.setdefault(key_id, set()).add(compartment_id)
    return holders
