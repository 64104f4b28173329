"""The arrows of a request and of a payment: what leads where, and nothing else does."""

from hrdtracker.access.action import Action
from hrdtracker.core.workflow import Step, Workflow
from hrdtracker.fund.model import PaymentStatus, RequestStatus

_S = RequestStatus
UNDECIDED = (_S.SUBMITTED, _S.VERIFYING, _S.RECOMMENDED)
"""Sent, and nothing decided."""
ON_THE_WAY = (_S.APPROVED, _S.COMMITTED)
"""Decided, and nothing paid."""

REQUEST = Workflow(
    _S.DRAFT,
    (
        Step(Action.FUND_EDIT, _S.DRAFT, _S.DRAFT),
        Step(Action.FUND_EDIT, _S.RETURNED, _S.RETURNED),
        # A change of what was sent sends it anew: what was decided on it is void.
        *(Step(Action.FUND_EDIT, each, _S.SUBMITTED) for each in (*UNDECIDED, _S.APPROVED)),
        Step(Action.FUND_SUBMIT, _S.DRAFT, _S.SUBMITTED),
        Step(Action.FUND_SUBMIT, _S.RETURNED, _S.SUBMITTED),
        *(
            Step(Action.FUND_WITHDRAW, each, _S.WITHDRAWN)
            for each in (_S.DRAFT, _S.RETURNED, *UNDECIDED, _S.APPROVED)
        ),
        Step(Action.FUND_VERIFY, _S.SUBMITTED, _S.VERIFYING),
        Step(Action.FUND_VERIFY, _S.VERIFYING, _S.VERIFYING),
        Step(Action.FUND_RECOMMEND, _S.VERIFYING, _S.RECOMMENDED),
        *(Step(Action.FUND_RETURN, each, _S.RETURNED) for each in (*UNDECIDED, _S.APPROVED)),
        *(Step(Action.FUND_REFUSE, each, _S.REFUSED) for each in UNDECIDED),
        Step(Action.FUND_APPROVE, _S.RECOMMENDED, _S.RECOMMENDED),
        Step(Action.FUND_APPROVE, _S.RECOMMENDED, _S.APPROVED),
        *(
            Step(Action.FUND_EMERGENCY, each, to)
            for each in UNDECIDED
            for to in (each, _S.APPROVED)
        ),
        # Somebody who took part knows the people after all: others begin anew.
        *(
            Step(Action.FUND_DECLARE, each, _S.SUBMITTED)
            for each in (_S.VERIFYING, _S.RECOMMENDED, _S.APPROVED)
        ),
        Step(Action.FUND_COMMIT, _S.APPROVED, _S.COMMITTED),
        Step(Action.FUND_CANCEL, _S.APPROVED, _S.CANCELLED),
        Step(Action.FUND_CANCEL, _S.COMMITTED, _S.CANCELLED),
        *(Step(Action.FUND_MOVE, each, each) for each in (_S.COMMITTED, _S.PART_PAID, _S.PAID)),
        Step(Action.FUND_PREPARE, _S.COMMITTED, _S.COMMITTED),
        Step(Action.FUND_PREPARE, _S.PART_PAID, _S.PART_PAID),
        Step(Action.FUND_CHECK, _S.COMMITTED, _S.COMMITTED),
        Step(Action.FUND_CHECK, _S.PART_PAID, _S.PART_PAID),
        Step(Action.FUND_CHECK, _S.PART_PAID, _S.PAID),
        Step(Action.FUND_RELEASE, _S.COMMITTED, _S.PART_PAID),
        Step(Action.FUND_RELEASE, _S.COMMITTED, _S.PAID),
        Step(Action.FUND_RELEASE, _S.PART_PAID, _S.PART_PAID),
        Step(Action.FUND_RELEASE, _S.PART_PAID, _S.PAID),
        # A transfer that came back.
        *(
            Step(Action.FUND_REVERSE, each, to)
            for each in (_S.PART_PAID, _S.PAID)
            for to in (_S.PART_PAID, _S.COMMITTED)
        ),
        Step(Action.FUND_REVIEW, _S.PAID, _S.ACQUITTED),
        Step(Action.FUND_CLOSE, _S.ACQUITTED, _S.CLOSED),
    ),
)

_P = PaymentStatus

PAYMENT = Workflow(
    _P.PREPARED,
    (
        Step(Action.FUND_DROP, _P.PREPARED, _P.CANCELLED),
        Step(Action.FUND_RELEASE, _P.PREPARED, _P.PAID),
        Step(Action.FUND_REVERSE, _P.PAID, _P.CANCELLED),
        Step(Action.FUND_RECEIVE, _P.PAID, _P.RECEIVED),
    ),
)
