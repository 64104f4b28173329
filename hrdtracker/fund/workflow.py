"""The arrows of a request and of a payment, and what else must hold; there are no others."""

from hrdtracker.access.action import Action
from hrdtracker.access.guard import GuardedWorkflow, Guards
from hrdtracker.core.workflow import Step
from hrdtracker.fund import guards as must
from hrdtracker.fund.model import Payment, PaymentStatus, RequestStatus, SupportRequest
from hrdtracker.fund.model.request import GRANTED

_S = RequestStatus
UNDECIDED = (_S.SUBMITTED, _S.VERIFYING, _S.RECOMMENDED)
"""Sent, and nothing decided."""
BEFORE_DECISION = (*UNDECIDED, _S.RETURNED)
"""Sent once, and nothing decided: it waits for whoever decides, or to be corrected."""
ALIVE = (*UNDECIDED, *GRANTED)
"""Sent, and not come to nothing."""
ON_THE_WAY = (_S.APPROVED, _S.COMMITTED)
"""Decided, and nothing paid."""

OF_REQUEST: Guards = {
    Action.FUND_EDIT: (must.NOTHING_DRAWN,),
    Action.FUND_COMPLETE: (must.OWES_THE_REST,),
    Action.FUND_SUBMIT: (must.INCIDENT_SENT,),
    Action.FUND_WITHDRAW: (must.NOTHING_DRAWN,),
    Action.FUND_VERIFY: (*must.FREE, must.NOT_IN_HASTE, must.NOT_OWN),
    Action.FUND_RECOMMEND: (
        must.NOT_IN_HASTE,
        must.NOT_OWN,
        must.VERIFIED_IT,
        must.SHORT_ENOUGH,
    ),
    Action.FUND_RETURN: must.FREE,
    Action.FUND_REFUSE: (
        *must.FREE,
        must.HAS_NOT_SIGNED,
        must.CAN_SIGN,
        must.NOT_BEING_CORRECTED,
    ),
    Action.FUND_APPROVE: (
        *must.FREE,
        must.NOT_IN_HASTE,
        must.PLAN_IS_APPROVED,
        must.HAS_NOT_SIGNED,
        must.CAN_SIGN,
    ),
    Action.FUND_EMERGENCY: (
        *must.FREE,
        must.NO_PLAN,
        must.PLAN_IS_APPROVED,
        must.WITHIN_CEILING,
        must.NOT_APPROVED_YET,
        must.HAS_NOT_SIGNED,
        must.CAN_RELEASE,
    ),
    Action.FUND_RATIFY: (*must.FREE, must.WAITS_FOR_RATIFICATION),
    Action.FUND_LIFT: (must.WAS_REFUSED, must.DID_NOT_SIGN_RELEASE),
    Action.FUND_COMMIT: (*must.FREE, must.NO_PLAN, must.PLAN_STANDS, must.NOT_REFUSED),
    Action.FUND_MOVE: (*must.FREE, must.NOTHING_PAID),
    Action.FUND_CANCEL: (*must.FREE, must.NO_PAYMENT),
    Action.FUND_PREPARE: (*must.FREE, must.NOT_REFUSED),
    Action.FUND_OUTCOME: (must.NOT_ASKED_YET,),
    Action.FUND_CLOSE: (must.OUTCOME_SAID, must.RATIFIED),
    Action.FUND_COMPLAIN: (must.WAS_SENT,),
}
OF_PAYMENT: Guards = {
    Action.FUND_REVEAL: (must.NOT_REFUSED_SINCE, *must.PAIRS, must.HAS_NOT_LEFT),
    Action.FUND_DROP: (must.HAS_NOT_LEFT,),
    Action.FUND_RELEASE: must.PAIRS,
    Action.FUND_COVER: (must.IS_OVER, must.COVERS_SO_MUCH, must.COVERS_FOR_BOARD),
    Action.FUND_ACQUIT: (must.NOT_REVIEWED,),
    Action.FUND_DECLARE_SPENT: (must.NEEDS_DECLARATION, must.DID_NOT_RECORD),
    Action.FUND_REVIEW: (
        must.IS_ACCOUNTED_FOR,
        must.HAS_ARRIVED,
        must.IS_DECLARED,
        must.DID_NOT_RECORD,
        must.DID_NOT_DECLARE,
    ),
    Action.FUND_ACCOUNT_RETURN: (must.CAN_BE_RETURNED, must.DID_NOT_RECORD),
    Action.FUND_BACK: (must.IS_COMING_BACK, must.DID_NOT_RECORD),
}
OF_INSTALMENT: Guards = {
    Action.FUND_CHECK: (must.NOT_BEING_PAID, must.NOTHING_SINCE),
    Action.FUND_PREPARE: (must.LOOKED_AGAIN, must.NOT_BEING_PAID),
}
"""What must hold of an instalment, besides what must of its request."""

REQUEST = GuardedWorkflow(
    SupportRequest,
    _S.DRAFT,
    (
        Step(Action.FUND_EDIT, _S.DRAFT, _S.DRAFT),
        Step(Action.FUND_EDIT, _S.RETURNED, _S.RETURNED),
        # A change of what was sent sends it anew: what was decided on it is void.
        *(Step(Action.FUND_EDIT, status, _S.SUBMITTED) for status in (*UNDECIDED, _S.APPROVED)),
        Step(Action.FUND_SUBMIT, _S.DRAFT, _S.SUBMITTED),
        Step(Action.FUND_SUBMIT, _S.RETURNED, _S.SUBMITTED),
        *(
            Step(Action.FUND_WITHDRAW, status, _S.WITHDRAWN)
            for status in (_S.DRAFT, _S.RETURNED, *UNDECIDED, _S.APPROVED)
        ),
        Step(Action.FUND_VERIFY, _S.SUBMITTED, _S.VERIFYING),
        Step(Action.FUND_VERIFY, _S.VERIFYING, _S.VERIFYING),
        Step(Action.FUND_RECOMMEND, _S.VERIFYING, _S.RECOMMENDED),
        *(Step(Action.FUND_RETURN, status, _S.RETURNED) for status in (*UNDECIDED, _S.APPROVED)),
        # Of what was returned, only where whoever asked can correct it no more.
        *(Step(Action.FUND_REFUSE, status, _S.REFUSED) for status in (*UNDECIDED, _S.RETURNED)),
        Step(Action.FUND_APPROVE, _S.RECOMMENDED, _S.APPROVED),
        *(Step(Action.FUND_EMERGENCY, status, _S.APPROVED) for status in UNDECIDED),
        # Somebody who took part knows the people after all: others begin anew.
        *(Step(Action.FUND_DECLARE, status, _S.SUBMITTED) for status in (*UNDECIDED, _S.APPROVED)),
        Step(Action.FUND_COMMIT, _S.APPROVED, _S.COMMITTED),
        Step(Action.FUND_CANCEL, _S.APPROVED, _S.CANCELLED),
        Step(Action.FUND_CANCEL, _S.COMMITTED, _S.CANCELLED),
        *(
            Step(Action.FUND_MOVE, status, status)
            for status in (_S.COMMITTED, _S.PART_PAID, _S.PAID)
        ),
        Step(Action.FUND_PREPARE, _S.COMMITTED, _S.COMMITTED),
        Step(Action.FUND_PREPARE, _S.PART_PAID, _S.PART_PAID),
        Step(Action.FUND_CHECK, _S.COMMITTED, _S.COMMITTED),
        Step(Action.FUND_CHECK, _S.PART_PAID, _S.PART_PAID),
        # The rest is not needed: all that left may be accounted for already.
        Step(Action.FUND_CHECK, _S.PART_PAID, _S.PAID),
        Step(Action.FUND_CHECK, _S.PART_PAID, _S.ACQUITTED),
        # That was a mistake: nothing was done since.
        Step(Action.FUND_CHECK, _S.PAID, _S.PART_PAID),
        Step(Action.FUND_CHECK, _S.ACQUITTED, _S.PART_PAID),
        Step(Action.FUND_RELEASE, _S.COMMITTED, _S.PART_PAID),
        Step(Action.FUND_RELEASE, _S.COMMITTED, _S.PAID),
        Step(Action.FUND_RELEASE, _S.PART_PAID, _S.PART_PAID),
        Step(Action.FUND_RELEASE, _S.PART_PAID, _S.PAID),
        # A transfer that came back.
        *(
            Step(Action.FUND_REVERSE, status, to)
            for status in (_S.PART_PAID, _S.PAID)
            for to in (_S.PART_PAID, _S.COMMITTED)
        ),
        Step(Action.FUND_REVIEW, _S.PAID, _S.ACQUITTED),
        Step(Action.FUND_BACK, _S.PAID, _S.ACQUITTED),
        *(Step(Action.FUND_OUTCOME, status, status) for status in (_S.PAID, _S.ACQUITTED)),
        Step(Action.FUND_CLOSE, _S.ACQUITTED, _S.CLOSED),
    ),
    OF_REQUEST,
)

_P = PaymentStatus

PAYMENT = GuardedWorkflow(
    Payment,
    _P.PREPARED,
    (
        Step(Action.FUND_REVEAL, _P.PREPARED, _P.PREPARED),
        Step(Action.FUND_DROP, _P.PREPARED, _P.CANCELLED),
        Step(Action.FUND_RELEASE, _P.PREPARED, _P.PAID),
        Step(Action.FUND_REVERSE, _P.PAID, _P.CANCELLED),
        # It left, and was recorded wrongly.
        Step(Action.FUND_REVERSE, _P.PAID, _P.PREPARED),
        Step(Action.FUND_RECEIVE, _P.PAID, _P.RECEIVED),
        Step(Action.FUND_ACQUIT, _P.PAID, _P.PAID),
        Step(Action.FUND_ACQUIT, _P.RECEIVED, _P.RECEIVED),
    ),
    OF_PAYMENT,
)
