"""What must hold now for an act of the fund, each with the sentence that says why it cannot be."""

from typing import Any

from sqlalchemy import Exists, Select, and_, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import Guard
from hrdtracker.access.rule import Condition, Model, OnItsCase
from hrdtracker.access.rules import (
    BEGUN,
    DID_NOT_APPROVE,
    DID_NOT_ASK,
    NAMED_BY_BOARD,
    ON_DIRECTED_CASE,
)
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.fund.capacity import can_sign, signs, wanted
from hrdtracker.fund.drafts.requests import IN_FULL
from hrdtracker.fund.model import (
    Acquittal,
    Capacity,
    Declaration,
    EmergencyRelease,
    FundSettings,
    Payment,
    PaymentStatus,
    RequestStatus,
    ReversalKind,
    SupportOutcome,
    SupportRequest,
    Voucher,
)
from hrdtracker.fund.model.request import PROMISED, STOPPED

FIRST_SAY = N_("First say whether you know the people of this request.")
OTHERS = N_("Somebody else must decide on this now.")
TOO_LATE = WrongStatus.default
LIVE = Payment.is_live()
NOT_TWICE = N_("Somebody else must do this.")
Where = SQLCoreOperations[bool]


def _some(model: Model, row: Model, *conditions: Where) -> Exists:
    """Return the condition that there is such a row beside the record that is asked about."""
    return select(row.id).where(*conditions).correlate(model).exists()


def _settings(model: Model, *conditions: Where) -> Exists:
    """Return the condition that the settings say so; where nobody changed any, they do not."""
    return _some(
        model, FundSettings, FundSettings.organisation_id == model.organisation_id, *conditions
    )


def _setting(model: Model, column: InstrumentedAttribute[Any]) -> Any:
    """Return the value of a setting, or what it is where nobody changed any."""
    setting = select(column).where(FundSettings.organisation_id == model.organisation_id)
    default: Any = FundSettings.__table__.c[column.key].default
    return func.coalesce(setting.correlate(model).scalar_subquery(), literal(default.arg))


# About the people ---------------------------------------------------------------------------------


def _declared(actor: Actor, model: Model, *conditions: Where) -> Exists:
    mine = (Declaration.request_id == model.id, Declaration.user_id == actor.id)
    return _some(model, Declaration, *mine, *conditions)


HAS_ANSWERED = Guard(FIRST_SAY, _declared, asked_first=True)
KNOWS_NOBODY = Guard(
    N_("You said that you know somebody in this request."),
    # the few that somebody knows are looked up first, for a list
    lambda actor, model: model.id.not_in(
        select(Declaration.request_id).where(Declaration.user_id == actor.id, Declaration.knows)
    ),
)
FREE = (KNOWS_NOBODY, HAS_ANSWERED)

# About deciding ----------------------------------------------------------------------------------

NOT_IN_HASTE = Guard(
    N_("An emergency release is under way: sign it, or return the request."),
    lambda _actor, model: ~model.emergency,
)
NOT_OWN = Guard(
    N_("Who asks for it does not verify it."),
    lambda actor, model: or_(
        DID_NOT_ASK.where(actor, model), _settings(model, FundSettings.requester_may_verify)
    ),
)
VERIFIED_IT = Guard(
    N_("Whoever verified it recommends it."), lambda actor, model: model.verified_by_id == actor.id
)
BOARD_IS_THERE = Guard(
    N_("The board must decide on this, and has named nobody. Ask an administrator."),
    lambda _actor, model: or_(
        ~model.needs_board,
        _settings(
            model,
            FundSettings.board_id.is_not(None),
            model.took_no_part(FundSettings.board_id),
        ),
    ),
)
HAS_NOT_SIGNED = Guard(
    N_("You have approved it already; somebody else must, too."), DID_NOT_APPROVE.where
)
CAN_SIGN = Guard(OTHERS, can_sign)

# About an emergency ------------------------------------------------------------------------------


def _could_release(actor: Actor, model: Model) -> Condition:
    """Return the condition that the actor begins a release, joins it, or is the third to sign."""
    first = signs(actor, model, {Capacity.OFFICER: true(), Capacity.DIRECTOR: true()})
    third = wanted(model, Capacity.BOARD)  # whoever may decide
    joins = and_(model.emergency, or_(can_sign(actor, model), third))
    return or_(joins, and_(~model.emergency, first))


def _release(model: Model, *conditions: Where) -> Exists:
    return _some(model, EmergencyRelease, EmergencyRelease.request_id == model.id, *conditions)


def _signed_by(actor: Actor) -> Condition:
    return or_(
        EmergencyRelease.officer_id == actor.id,
        EmergencyRelease.director_id == actor.id,
        EmergencyRelease.third_id == actor.id,
    )


REFUSED = and_(EmergencyRelease.ratified.is_(False), EmergencyRelease.lifted_at.is_(None))
"""A release that was not ratified, for which two people need a third since."""
UNRATIFIED = and_(EmergencyRelease.stands(), EmergencyRelease.ratified.is_(None))
"""A release that waits for somebody to say whether it was right."""
WITHIN_CEILING = Guard(
    N_("This is too much for an emergency release."),
    lambda _actor, model: and_(
        model.fits_emergency,
        model.reference_currency == _setting(model, FundSettings.currency),
        model.reference_amount <= _setting(model, FundSettings.emergency_most),
    ),
)
NOT_APPROVED_YET = Guard(
    N_("Somebody has approved it already: approve it, too."),
    lambda _actor, model: or_(
        model.emergency,
        and_(
            model.approved_by_id.is_(None),
            model.director_approved_by_id.is_(None),
            model.board_approved_by_id.is_(None),
        ),
    ),
)
CAN_RELEASE = Guard(OTHERS, _could_release)
WAITS_FOR_RATIFICATION = Guard(
    TOO_LATE,
    # the few that wait are looked up first, for a list
    lambda _actor, model: model.id.in_(select(EmergencyRelease.request_id).where(UNRATIFIED)),
)
RATIFIED = Guard(
    N_("The emergency release is still to be ratified."),
    lambda _actor, model: ~_release(model, UNRATIFIED),
)
WAS_REFUSED = Guard(TOO_LATE, lambda _actor, model: _release(model, REFUSED))
DID_NOT_SIGN_RELEASE = Guard(
    OTHERS, lambda actor, model: ~_release(model, REFUSED, _signed_by(actor))
)
NOT_REFUSED = Guard(
    N_("This emergency release was not ratified: nothing more is paid."),
    lambda _actor, model: (
        ~_release(model, EmergencyRelease.stands(), EmergencyRelease.ratified.is_(False))
    ),
)

# About the way of a request ----------------------------------------------------------------------


def _no_payment(_actor: Actor, model: Model) -> Condition:
    """Return the condition that no payment of it was prepared, or all were dropped."""
    return ~_some(model, Payment, Payment.request_id == model.id, LIVE)


def _has_outcome(_actor: Actor, model: Model) -> Condition:
    return _some(model, SupportOutcome, SupportOutcome.request_id == model.id)


def _leaves_open(model: Model) -> Condition:
    """Return the condition that it is short and leaves open what no plan has said for it."""
    columns = model.__table__.c
    answers = (columns.get(f"{name}_sealed", columns.get(name)) for name in IN_FULL)
    return and_(
        model.short, model.plan_id.is_(None), or_(*(column.is_(None) for column in answers))
    )


def _owes_the_rest(_actor: Actor, model: Model) -> Condition:
    """Return the condition that it leaves something open, was sent, and stands."""
    return and_(_leaves_open(model), model.status.not_in(STOPPED))


INCIDENT_SENT = Guard(
    N_("First send the incident of this case."), OnItsCase(BEGUN, of_few=True).where
)
WAS_SENT = Guard(
    N_("This request was not sent yet."), lambda _actor, model: model.submitted_at.is_not(None)
)
NOTHING_PAID = Guard(N_("Something was paid from its line already: it stays there."), _no_payment)
NO_PAYMENT = Guard(N_("A payment is under way: drop it first."), _no_payment)
NOT_ASKED_YET = Guard(TOO_LATE, lambda actor, model: ~_has_outcome(actor, model))
OUTCOME_SAID = Guard(N_("Nobody has asked yet whether it helped."), _has_outcome)
OWES_THE_REST = Guard(TOO_LATE, _owes_the_rest)
NOT_BEING_CORRECTED = Guard(
    N_("It was returned: whoever asked for it corrects it, or takes it back."),
    lambda _actor, model: or_(
        model.status != RequestStatus.RETURNED, model.stuck_since.is_not(None)
    ),
)
SHORT_ENOUGH = Guard(
    N_("Other support to the same people counts: first the rest of the short request is said."),
    lambda _actor, model: or_(
        and_(
            model.reference_currency == _setting(model, FundSettings.currency),
            model.reference_amount + model.other_amount <= _setting(model, FundSettings.short_most),
        ),
        ~_leaves_open(model),
    ),
)

# About a plan ------------------------------------------------------------------------------------


def _plan_is(model: Model, *statuses: RequestStatus) -> Condition:
    """Return the condition that a request draws from no plan, or from one that stands so."""
    plan = aliased(SupportRequest)
    stands = (plan.id == model.plan_id, plan.status.in_([str(status) for status in statuses]))
    return or_(model.plan_id.is_(None), _some(model, plan, *stands))


NO_PLAN = Guard(
    N_("A plan is not paid itself: each household draws from it."),
    lambda _actor, model: model.households.is_(None),
)
NOTHING_DRAWN = Guard(
    N_("Households have drawn from this plan already: it is ended, not changed."),
    lambda _actor, model: model.drawn == 0,
)
PLAN_IS_APPROVED = Guard(
    N_("Its plan is not approved, or has ended: nothing is drawn from it now."),
    lambda _actor, model: _plan_is(model, RequestStatus.APPROVED),
)
PLAN_STANDS = Guard(
    PLAN_IS_APPROVED.refusal,
    # what was drawn before it ended stays drawn; not what was drawn on a decision that is void
    lambda _actor, model: _plan_is(model, RequestStatus.APPROVED, RequestStatus.CANCELLED),
)

# About an instalment -----------------------------------------------------------------------------

LOOKED_AGAIN = Guard(
    N_("First somebody looks again: is the person still there, is it still needed?"),
    lambda _actor, model: and_(model.still_there.is_(True), model.still_needed.is_(True)),
)
NOT_BEING_PAID = Guard(
    N_("This instalment is being paid already."),
    lambda _actor, model: ~_some(model, Payment, Payment.instalment_id == model.id, LIVE),
)


def _nothing_since(_actor: Actor, model: Model) -> Condition:
    """Return the condition that its request is being paid, or that nothing followed this answer."""
    same = and_(model.given_back.is_not(None), SupportRequest.changed_at == model.checked_at)
    being_paid = SupportRequest.status.in_(PROMISED)
    mine = SupportRequest.id == model.request_id
    return _some(model, SupportRequest, mine, or_(being_paid, same))


NOTHING_SINCE = Guard(N_("Something was done since: it is no longer taken back."), _nothing_since)

# About a payment ---------------------------------------------------------------------------------


def _payments_with(condition: Where) -> Select[Any]:
    """Return the payments whose acquittal is so: the few are looked up first, for a list."""
    return select(Acquittal.payment_id).where(condition, Acquittal.stands())


PREPARED_BY_ANOTHER = Guard(
    N_("Who prepared a payment does not release it."),
    lambda actor, model: or_(
        model.prepared_by_id != actor.id, _settings(model, FundSettings.preparer_may_release)
    ),
)
VERIFIED_BY_ANOTHER = Guard(
    N_("Who verified a request does not release its money."),
    lambda actor, model: or_(
        model.verified_by_id.is_distinct_from(actor.id),
        _settings(model, FundSettings.verifier_may_release),
    ),
)
PAIRS = (PREPARED_BY_ANOTHER, VERIFIED_BY_ANOTHER)
NOT_REFUSED_SINCE = Guard(
    NOT_REFUSED.refusal,
    lambda _actor, model: (
        ~_some(
            model,
            EmergencyRelease,
            EmergencyRelease.request_id == model.request_id,
            EmergencyRelease.stands(),
            EmergencyRelease.ratified.is_(False),
        )
    ),
)
HAS_NOT_LEFT = Guard(
    N_("It has left: record it as it was. It is neither paid again nor dropped."),
    lambda _actor, model: (
        ~_some(
            model,
            Voucher,
            Voucher.payment_id == model.id,
            Voucher.kind == ReversalKind.MISTYPED,
        )
    ),
)
IS_OVER = Guard(TOO_LATE, lambda _actor, model: model.is_over())


def _goes_to(model: Model, capacity: Capacity) -> Condition:
    """Return the condition that all that left of a payment’s request is decided as high as this."""
    own = SupportRequest.id == model.request_id
    return _some(model, SupportRequest, own, SupportRequest.level == capacity)


COVERS_SO_MUCH = Guard(
    N_("With this it is more than a fund officer decides alone: a director covers it."),
    lambda actor, model: or_(
        _goes_to(model, Capacity.OFFICER),
        ON_DIRECTED_CASE.where(actor, model),
        NAMED_BY_BOARD.where(actor, model),
    ),
)
COVERS_FOR_BOARD = Guard(
    N_(
        "With this it is so much that the board decides: whom it named covers it. If it has named "
        "nobody, ask an administrator."
    ),
    lambda actor, model: or_(~_goes_to(model, Capacity.BOARD), NAMED_BY_BOARD.where(actor, model)),
)
NOT_REVIEWED = Guard(
    TOO_LATE,
    # most are reviewed: one is looked up by its payment
    lambda _actor, model: (
        ~_some(
            model,
            Acquittal,
            Acquittal.payment_id == model.id,
            Acquittal.stands(),
            ~Acquittal.unreviewed(),
        )
    ),
)
NEEDS_DECLARATION = Guard(
    TOO_LATE,
    lambda _actor, model: model.id.in_(_payments_with(Acquittal.undeclared())),
)
DID_NOT_RECORD = Guard(
    NOT_TWICE,
    lambda actor, model: model.id.not_in(_payments_with(Acquittal.recorded_by_id == actor.id)),
)
IS_ACCOUNTED_FOR = Guard(
    N_("Nothing accounts for this payment yet."),
    lambda _actor, model: model.id.in_(_payments_with(Acquittal.is_to_review())),
)
IS_COMING_BACK = Guard(
    TOO_LATE, lambda _actor, model: model.id.in_(_payments_with(Acquittal.is_coming_back()))
)
CAN_BE_RETURNED = Guard(
    TOO_LATE,
    lambda actor, model: or_(
        IS_ACCOUNTED_FOR.where(actor, model), IS_COMING_BACK.where(actor, model)
    ),
)
HAS_ARRIVED = Guard(
    N_("Nobody has confirmed yet that this money arrived."),
    lambda _actor, model: model.status == PaymentStatus.RECEIVED,
)
IS_DECLARED = Guard(
    N_("A second colleague must declare it first."),
    lambda _actor, model: model.id.not_in(_payments_with(Acquittal.undeclared())),
)
DID_NOT_DECLARE = Guard(
    NOT_TWICE,
    lambda actor, model: model.id.not_in(_payments_with(Acquittal.declared_by_id == actor.id)),
)
