"""The rules, in sentences: what is asked of a person and a record before anything is done."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, false, or_, select, true

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import (
    Block,
    Grant,
    Membership,
    Office,
    Role,
    Scope,
    Sensitivity,
    User,
    in_force,
)
from hrdtracker.access.rule import (
    Condition,
    Leaf,
    Model,
    OnItsCase,
    SomewhereNamed,
    either,
    every,
)
from hrdtracker.core.db import present


def _known(holds: bool) -> Condition:  # noqa: FBT001
    """Return what is known of the actor before any row is read, so that AND and OR fold it away."""
    return true() if holds else false()


def _is_one_of(offices: Collection[int | None], place: Any) -> Condition:
    """Return the condition that a place is one of some offices; without any it folds away."""
    here: Condition = place.in_(offices)
    return here if offices else false()


def _has_in_force(model: type[Grant] | type[Block], actor: Actor) -> Condition:
    """Return the condition that the actor has a grant or block of the scope which is in force.

    Looked up in each scope for somebody who may see most cases, and else listed once: PostgreSQL
    expects half of all scopes on such a list, which is wrong where most cases are read.
    """
    theirs = select(model.scope_id).where(
        model.user_id == actor.id,
        model.starts_at <= present(),
        in_force(model, present()),
    )
    if actor.sees_most_cases:
        return theirs.where(model.scope_id == Scope.id).exists()
    return Scope.id.in_(theirs)


def _in_my_offices(actor: Actor, role: Role, model: Model) -> Condition:
    """Return the condition that a case lies in an office of the role, or that it is the office."""
    place = Office.id if model is Office else Scope.office_id
    return true() if actor.everywhere(role) else _is_one_of(actor.offices(role), place)


def holds(*roles: Role) -> Leaf:
    """Return the rule that the actor holds one of `roles` somewhere."""
    words = " or ".join(role.value for role in roles)
    return Leaf(f"is a {words}", lambda actor, _: _known(actor.holds(*roles)))


# About the actor alone ---------------------------------------------------------------------------

WORKS_ON_CASES = holds(Role.MONITOR, Role.DIRECTOR, Role.LEGAL_OFFICER)
CARRIES_CASES = holds(Role.MONITOR, Role.DIRECTOR)
"""Not a legal officer, who works on a case only while they are its member."""
LOGS_MEANWHILE = Leaf(
    "is to be a monitor once a second person confirms it",
    lambda actor, _: _known(bool(actor.logs_in)),
)
IS_LEGAL_OFFICER = holds(Role.LEGAL_OFFICER)
IS_DIRECTOR = holds(Role.DIRECTOR)
IS_AUDITOR = holds(Role.AUDITOR)
IS_ADMINISTRATOR = holds(Role.ADMINISTRATOR)
IS_OPERATOR = Leaf("holds the machine", lambda actor, _: _known(actor.operator))
IS_WORKER = Leaf("does the work in the background", lambda actor, _: _known(actor.is_worker))
IS_ONESELF = Leaf("is the very person", lambda actor, model: model.id == actor.id)
IS_OWN = Leaf("it belongs to the very person", lambda actor, model: model.user_id == actor.id)


def _of_own_organisation(actor: Actor, model: Model) -> Condition:
    column = model.id if model.__tablename__ == "organisation" else model.organisation_id
    same: Condition = column == actor.organisation_id
    return same


OF_OWN_ORGANISATION = Leaf("belongs to the actor’s organisation", _of_own_organisation)

# About a case ------------------------------------------------------------------------------------


def _works_in(actor: Actor, model: Model) -> Condition:
    """Return the condition on offices in whose cases the actor works."""
    if actor.everywhere(Role.MONITOR) or actor.everywhere(Role.DIRECTOR):
        return true()
    return _is_one_of(actor.offices(Role.MONITOR) | actor.offices(Role.DIRECTOR), model.id)


def _logs_in(actor: Actor, model: Model) -> Condition:
    """Return the condition on offices in which the actor logs until a role is confirmed."""
    return true() if None in actor.logs_in else _is_one_of(actor.logs_in, model.id)


WORKS_IN_IT = Leaf("works on the cases of the office", _works_in)
LOGS_IN_IT = Leaf("logs in the office until a role is confirmed", _logs_in)
BEGUN = Leaf("something of the case was sent", lambda _actor, _: Scope.begun_at.is_not(None))
OWNS = Leaf("owns the case", lambda actor, _: Scope.owner_id == actor.id)
IS_MEMBER = Leaf("is a member of the case", lambda actor, _: _has_in_force(Grant, actor))
NOT_SHUT_OUT = Leaf(
    "is not shut out of the case, as everybody is where it was withdrawn",
    lambda actor, _: and_(Scope.withdrawn_at.is_(None), ~_has_in_force(Block, actor)),
)
NORMAL = Leaf("the case is normal", lambda _actor, _: Scope.sensitivity == Sensitivity.NORMAL)
NOT_SECRET = Leaf(
    "the case is no secret", lambda _actor, _: Scope.sensitivity != Sensitivity.SECRET
)
DECIDED_ON_IT = Leaf("decided how sensitive it is", lambda actor, _: Scope.decider_id == actor.id)
DIRECTS_ITS_OFFICE = Leaf(
    "is a director of its office or the national one",
    lambda actor, model: _in_my_offices(actor, Role.DIRECTOR, model),
)
MONITORS_ITS_OFFICE = Leaf(
    "is a monitor of its office", lambda actor, model: _in_my_offices(actor, Role.MONITOR, model)
)
FUNDS_ITS_OFFICE = Leaf(
    "is a fund officer of its office",
    lambda actor, model: _in_my_offices(actor, Role.FUND_OFFICER, model),
)
FINANCES_ITS_OFFICE = Leaf(
    "is a finance officer of its office",
    lambda actor, model: _in_my_offices(actor, Role.FINANCE_OFFICER, model),
)
OFFICE_IS_OPEN = Leaf(
    "the office lets its monitors read its normal cases",
    lambda _actor, _: (
        select(Office.id).where(Office.id == Scope.office_id, Office.open_to_monitors).exists()
    ),
)

READS_CASE = every(
    OF_OWN_ORGANISATION,
    NOT_SHUT_OUT,
    WORKS_ON_CASES,
    either(
        every(CARRIES_CASES, OWNS),
        every(
            BEGUN,
            either(
                IS_MEMBER,
                every(NORMAL, DIRECTS_ITS_OFFICE),
                every(NORMAL, MONITORS_ITS_OFFICE, OFFICE_IS_OPEN),
                every(DECIDED_ON_IT, DIRECTS_ITS_OFFICE),
            ),
        ),
    ),
)
DIRECTS_CASE = every(READS_CASE, DIRECTS_ITS_OFFICE)
SAYS_WHO_OPENS = every(DIRECTS_CASE, either(OWNS, NORMAL, DECIDED_ON_IT))
"""Not a director who was only let in: a member reads the case, and says not who else does."""
OUTLINES_CASE = every(
    OF_OWN_ORGANISATION,
    NOT_SHUT_OUT,
    either(
        every(
            BEGUN,
            either(every(NORMAL, FUNDS_ITS_OFFICE), every(NOT_SECRET, DIRECTS_ITS_OFFICE)),
        ),
        READS_CASE,
    ),
)

# About what hangs on a case ----------------------------------------------------------------------

WROTE_IT = Leaf("wrote part of it", lambda actor, model: model.written_by(actor.id))
DID_NOT_WRITE_IT = Leaf("wrote no part of it", lambda actor, model: ~model.written_by(actor.id))
OBSERVED_IT = Leaf("observed it", lambda actor, model: model.observer_id == actor.id)
RECORDED_IT = Leaf("recorded it", lambda actor, model: model.recorded_by_id == actor.id)
SENT = Leaf("it is no draft", lambda _actor, model: model.status != "draft")
DRAFT = Leaf("it is a draft", lambda _actor, model: model.status == "draft")
NAMED_FOR_IT = Leaf("is named for it", lambda actor, model: model.named_for(actor.id))
NAMED_FOR_ALL = Leaf(
    "it is not only somebody else’s draft that names them there",
    lambda actor, model: model.told_to(actor.id),
)
IN_NO_CASE_YET = Leaf("is in no case yet", lambda _actor, model: ~model.in_any_scope())

ON_READABLE_CASE = OnItsCase(READS_CASE)
READS_INCIDENT = every(ON_READABLE_CASE, either(SENT, RECORDED_IT))
READS_WHO_IS_NAMED = every(ON_READABLE_CASE, NAMED_FOR_ALL)
READS_PERSON = either(
    SomewhereNamed(READS_WHO_IS_NAMED),
    every(OF_OWN_ORGANISATION, WORKS_ON_CASES, RECORDED_IT, IN_NO_CASE_YET),
)

# About money -------------------------------------------------------------------------------------


def _approved_no_part(actor: Actor, model: Model) -> Condition:
    approvers = (model.approved_by_id, model.director_approved_by_id, model.board_approved_by_id)
    return and_(*(column.is_distinct_from(actor.id) for column in approvers))


ASKED_FOR_IT = Leaf("asked for it", lambda actor, model: model.requested_by_id == actor.id)
DID_NOT_ASK = Leaf("did not ask for it", lambda actor, model: model.requested_by_id != actor.id)
DID_NOT_VERIFY = Leaf(
    "did not verify it", lambda actor, model: model.verified_by_id.is_distinct_from(actor.id)
)
DID_NOT_APPROVE = Leaf("approved no part of it", _approved_no_part)
DID_NOT_RELEASE = Leaf(
    "did not release it", lambda actor, model: model.released_by_id.is_distinct_from(actor.id)
)
DOES_NOT_CARRY = Leaf(
    "does not carry the money", lambda actor, model: model.carrier_id.is_distinct_from(actor.id)
)
TOOK_NO_PART = every(DID_NOT_ASK, DID_NOT_VERIFY, DOES_NOT_CARRY)
"""Whoever asked for the money, verified the request or carries the cash decides nothing of it."""
NAMED_AS_WITNESS = Leaf(
    "is named as having seen it, too", lambda actor, model: model.seen_by_id == actor.id
)
OF_NO_CASE = Leaf("belongs to no case", lambda _actor, model: model.scope_id.is_(None))
NOT_CONCERNED = Leaf("it is not about them", lambda actor, model: ~model.concerns(actor.id))
NAMED_BY_BOARD = Leaf("the board named them for it", lambda actor, model: model.for_board(actor.id))
STANDS_IN = Leaf(
    "stands in for who decides on it",
    lambda actor, model: model.stood_in_by(actor.id, present()),
)
PASSED_TO_THEM = Leaf(
    "it was passed on to them", lambda actor, model: model.passed_to_id == actor.id
)
DIRECTS_EVERYWHERE = Leaf(
    "directs the whole organisation", lambda actor, _: _known(actor.everywhere(Role.DIRECTOR))
)
FUNDS_EVERYWHERE = Leaf(
    "is a fund officer of the whole organisation",
    lambda actor, _: _known(actor.everywhere(Role.FUND_OFFICER)),
)

REACHABLE = every(OF_OWN_ORGANISATION, NOT_SHUT_OUT)
ON_REACHABLE_CASE = OnItsCase(REACHABLE)
RECOVERS_CASE = every(REACHABLE, BEGUN, DIRECTS_EVERYWHERE)
ON_DIRECTED_CASE = OnItsCase(DIRECTS_CASE)
ON_FUNDED_CASE = OnItsCase(every(REACHABLE, FUNDS_ITS_OFFICE))
ON_FINANCED_CASE = OnItsCase(every(REACHABLE, FINANCES_ITS_OFFICE))
ON_CASE_OF_OFFICE = OnItsCase(every(REACHABLE, DIRECTS_ITS_OFFICE))
"""Of every case of the office, whoever reads it: what the office owes, and not what it says."""
IS_OFFICER = holds(Role.FUND_OFFICER)
FUNDS_IT = either(ON_FUNDED_CASE, every(ON_REACHABLE_CASE, IS_OFFICER, PASSED_TO_THEM))
HOLDS_ITS_FUND = either(
    ON_FUNDED_CASE,
    every(ON_REACHABLE_CASE, either(IS_OFFICER, DIRECTS_EVERYWHERE), PASSED_TO_THEM),
)
ASKER = every(WORKS_ON_CASES, ASKED_FOR_IT)
DECIDER = every(SENT, either(HOLDS_ITS_FUND, ON_DIRECTED_CASE, NAMED_BY_BOARD, STANDS_IN))
ASKS = every(ON_REACHABLE_CASE, ASKER)
MAY_DECIDE = every(ON_REACHABLE_CASE, DECIDER)
READS_REQUEST = every(ON_REACHABLE_CASE, either(ASKER, DECIDER))
VERIFIES = every(ON_DIRECTED_CASE, SENT, DOES_NOT_CARRY)
ANSWERS = every(MAY_DECIDE, DID_NOT_ASK)
DECIDES = every(MAY_DECIDE, TOOK_NO_PART)
RATIFIES = every(MAY_DECIDE, DID_NOT_ASK, DID_NOT_APPROVE, DOES_NOT_CARRY)
HOLDS_FUND = every(HOLDS_ITS_FUND, SENT, DID_NOT_ASK)
COVERS = every(
    ON_REACHABLE_CASE,
    either(HOLDS_ITS_FUND, ON_DIRECTED_CASE, NAMED_BY_BOARD),
    TOOK_NO_PART,
    DID_NOT_RELEASE,
)
RELEASES = every(ON_FINANCED_CASE, DID_NOT_ASK, DID_NOT_APPROVE)
HELPS_WITH_IT = either(ON_READABLE_CASE, HOLDS_ITS_FUND)
FUND_ITSELF = every(ON_FUNDED_CASE, DID_NOT_ASK, DOES_NOT_CARRY)
FUND_OF_ANOTHER = every(ON_REACHABLE_CASE, IS_OFFICER, TOOK_NO_PART)
FUND_OF_DIRECTOR = every(ON_REACHABLE_CASE, DIRECTS_EVERYWHERE, DID_NOT_ASK, DOES_NOT_CARRY)
"""Who may hold the fund for a request: of its office, of another office, or everywhere."""
HEARS_COMPLAINTS = every(
    ON_REACHABLE_CASE, either(DIRECTS_EVERYWHERE, NAMED_BY_BOARD), NOT_CONCERNED
)
IS_FINANCE = holds(Role.FINANCE_OFFICER)
TELLS_MONEY = Leaf("it tells of money alone", lambda _actor, model: model.kind == "money")
KNOWS_FIGURES = every(
    OF_OWN_ORGANISATION,
    holds(Role.DIRECTOR, Role.FUND_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR),
)
KEEPS_THE_BOOKS = every(OF_OWN_ORGANISATION, IS_FINANCE)

# About users, and what takes a second person -----------------------------------------------------


def _has_seat_in_my_office(actor: Actor, model: Model) -> Condition:
    if actor.everywhere(Role.DIRECTOR):
        return true()
    here = _is_one_of(actor.offices(Role.DIRECTOR), Membership.office_id)
    seats = select(Membership.id).where(Membership.user_id == model.id, here)
    return seats.exists() if actor.offices(Role.DIRECTOR) else false()


def _directs_there(actor: Actor, model: Model) -> Condition:
    return _is_one_of(actor.offices(Role.DIRECTOR), model.office_id)


def _works_there(actor: Actor, model: Model) -> Condition:
    if actor.everywhere(Role.DIRECTOR) or actor.everywhere(Role.MONITOR):
        return _of_own_organisation(actor, model)
    offices = actor.offices(Role.DIRECTOR) | actor.offices(Role.MONITOR)
    return _is_one_of(offices, model.office_id)


def _is_the_other_of_the_two(actor: Actor, model: Model) -> Condition:
    """Return the condition that a legal officer proposed it to an administrator, or the reverse."""
    pairs = (
        (Role.ADMINISTRATOR, Role.LEGAL_OFFICER),
        (Role.LEGAL_OFFICER, Role.ADMINISTRATOR),
    )
    held = [
        select(Membership.id)
        .where(
            Membership.user_id == model.proposed_by_id,
            Membership.role == proposer,
            Membership.counts(present()),
        )
        .correlate(model)
        .exists()
        for own, proposer in pairs
        if actor.holds(own)
    ]
    return or_(*held) if held else false()


def _let_in_by_somebody_else(actor: Actor, model: Model) -> Condition:
    """Return the condition that neither of the two made the code with which the other came in."""
    controlled = select(User.id).where(
        or_(
            and_(User.id == actor.id, User.let_in_by_id == model.proposed_by_id),
            and_(User.id == model.proposed_by_id, User.let_in_by_id == actor.id),
        )
    )
    return ~controlled.exists()


def _shuts_them_out(actor: Actor, model: Model) -> Condition:
    """Return the condition that a block stands against the actor now, who was told of it."""
    return and_(
        model.user_id == actor.id,
        in_force(model, present()),
        or_(model.told_from.is_(None), model.told_from <= present()),
    )


def _did_not_shut_them_out(actor: Actor, model: Model) -> Condition:
    """Return the condition that an act is about no block which the actor put up."""
    theirs = select(Block.id).where(Block.uid == model.subject_uid, Block.blocked_by_id == actor.id)
    return ~theirs.exists()


def _is_not_held_back(_actor: Actor, model: Model) -> Condition:
    """Return the condition that an act is about no block that is held back from whom it is for."""
    unknown = select(Block.id).where(Block.uid == model.subject_uid, Block.told_from > present())
    return ~unknown.exists()


COLLEAGUE = Leaf("works in an office the actor directs", _has_seat_in_my_office)
PROPOSED_IT = Leaf("proposed it", lambda actor, model: model.proposed_by_id == actor.id)
PROPOSED_BY_ANOTHER = Leaf(
    "somebody else proposed it",
    lambda actor, model: model.proposed_by_id.is_distinct_from(actor.id),
)
LET_IN_BY_SOMEBODY_ELSE = Leaf(
    "neither made the code with which the other came in", _let_in_by_somebody_else
)
FOR_SOMEBODY_ELSE = Leaf(
    "it is for somebody else", lambda actor, model: model.user_id.is_distinct_from(actor.id)
)
WAS_TOLD = Leaf("was told of it", lambda actor, model: model.was_told(actor.id))
WAITS_FOR_NOBODY = Leaf(
    "nobody could confirm it, and it counts by waiting",
    lambda _actor, model: model.counts_from.is_not(None),
)
CONCERNS_THEM = Leaf("it is for them", lambda actor, model: model.user_id == actor.id)
LAWYER_AND_ADMINISTRATOR = Leaf(
    "is a legal officer where an administrator proposed it, or the reverse",
    _is_the_other_of_the_two,
)
WORKS_THERE = Leaf("works in the office it is about", _works_there)
DIRECTS_THERE = Leaf("directs the office it is about", _directs_there)
IS_SECOND = holds(Role.SECOND)
SHUTS_THEM_OUT = Leaf("it shuts them out of a case, and they know of it", _shuts_them_out)
DID_NOT_SHUT_THEM_OUT = Leaf("it is not they who shut them out", _did_not_shut_them_out)
NOT_HELD_BACK = Leaf("nothing is held back from whom it is for", _is_not_held_back)
ADMINISTERS = every(OF_OWN_ORGANISATION, IS_ADMINISTRATOR)
ADMINISTERS_OR_OPERATES = either(ADMINISTERS, IS_OPERATOR)
