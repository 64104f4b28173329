"""What people see of requests: what waits for them, the queue, and the story of one request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, bindparam, case, cast, func, literal, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import passing
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.page import ListPart
from hrdtracker.core.seal import ring
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.model import (
    Acquittal,
    BudgetLine,
    Capacity,
    Complaint,
    Decision,
    Declaration,
    DonorGrant,
    ExchangeRate,
    Instalment,
    Payment,
    PaymentStatus,
    RequestItem,
    RequestStatus,
    SupportOutcome,
    SupportRequest,
    Verification,
)
from hrdtracker.fund.reading.changes import Changed, changed_since
from hrdtracker.fund.reading.reversals import PastPayment, accounts_taken_back, past_payments
from hrdtracker.fund.requests.content import instalments_of, items_of
from hrdtracker.fund.requests.people import RequestedPerson, people_of
from hrdtracker.fund.rules.plans import plan_of
from hrdtracker.fund.workflow import OF_INSTALMENT, ON_THE_WAY, PAYMENT, REQUEST, UNDECIDED

CASE_MOST = 200
OF_REQUEST = (
    Action.FUND_EDIT, Action.FUND_COMPLETE, Action.FUND_SUBMIT, Action.FUND_WITHDRAW,
    Action.FUND_IDENTIFY,
    Action.FUND_DECLARE, Action.FUND_VERIFY, Action.FUND_RECOMMEND, Action.FUND_RETURN,
    Action.FUND_REFUSE, Action.FUND_APPROVE, Action.FUND_EMERGENCY, Action.FUND_RATIFY,
    Action.FUND_LIFT, Action.FUND_COMMIT, Action.FUND_MOVE, Action.FUND_CANCEL,
    Action.FUND_CLOSE, Action.FUND_PREPARE, Action.FUND_CHECK, Action.FUND_OUTCOME,
    Action.FUND_COMPLAIN,
)  # fmt: skip
OF_PAYMENT = (
    Action.FUND_DROP, Action.FUND_REVEAL, Action.FUND_RELEASE, Action.FUND_COVER,
    Action.FUND_RECEIVE, Action.FUND_ACQUIT, Action.FUND_DECLARE_SPENT, Action.FUND_REVIEW,
    Action.FUND_ACCOUNT_RETURN, Action.FUND_PAYMENT_READ,
)  # fmt: skip
QUEUED = (
    RequestStatus.SUBMITTED, RequestStatus.VERIFYING, RequestStatus.RECOMMENDED,
    RequestStatus.APPROVED, RequestStatus.COMMITTED, RequestStatus.PART_PAID, RequestStatus.PAID,
)  # fmt: skip
LISTED = (
    SupportRequest.id, SupportRequest.uid, SupportRequest.code, SupportRequest.status,
    SupportRequest.short, SupportRequest.emergency, SupportRequest.amount,
    SupportRequest.currency, SupportRequest.urgency, SupportRequest.risk_level,
    SupportRequest.submitted_at, SupportRequest.decide_by, SupportRequest.needed_by,
    SupportRequest.payee_code, SupportRequest.requested_by_id, SupportRequest.households,
)  # fmt: skip
"""What a list shows of a request: nothing sealed."""
_UNDECIDED = SupportRequest.status.in_(UNDECIDED)
SOONEST = (
    case((_UNDECIDED, 0), else_=1),
    case((_UNDECIDED, SupportRequest.decide_by)),
    case((SupportRequest.status.in_(ON_THE_WAY), SupportRequest.needed_by)).asc().nulls_last(),
    SupportRequest.asked_at.desc(),
    SupportRequest.id.desc(),
)
"""The order of the queue."""
TYPES = (
    select(
        func.aggregate_strings(
            cast(RequestItem.position, String) + literal(":") + RequestItem.support_type, ","
        )
    )
    .where(RequestItem.request_id == SupportRequest.id)
    .scalar_subquery()
    .label("types")
)
"""What its money is for, each with its place: so that a list takes one statement."""
_EDITION = and_(
    Verification.request_id == SupportRequest.id, Verification.edition == SupportRequest.edition
)
_READERS = and_(
    Declaration.request_id == SupportRequest.id, Declaration.user_id == bindparam("reader")
)
BESIDE = (
    select(Case, BudgetLine, DonorGrant, Verification, SupportOutcome, ExchangeRate, Declaration)
    .select_from(SupportRequest)
    .join(Case, Case.id == SupportRequest.case_id)
    .outerjoin(BudgetLine, BudgetLine.id == SupportRequest.line_id)
    .outerjoin(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
    .outerjoin(Verification, _EDITION)
    .outerjoin(SupportOutcome, SupportOutcome.request_id == SupportRequest.id)
    .outerjoin(ExchangeRate, ExchangeRate.id == SupportRequest.level_rate_id)
    .outerjoin(Declaration, _READERS)
    .where(SupportRequest.id == bindparam("request"))
)
"""What stands beside a request once; put together once."""


@dataclass(frozen=True)
class PaymentStory:
    """A payment, its instalment, what accounts for it, and what the reader may do to it."""

    payment: Payment
    instalment: Instalment
    acquittal: Acquittal | None
    may: frozenset[Action]


@dataclass(frozen=True)
class RequestDetails:
    """A request on one page. Its sealed words can be read; names are masked until revealed."""

    request: SupportRequest
    case: Case
    case_may: set[Action]
    """What the reader may see of the case: all of it, its outline, or not even that it exists."""
    people: Sequence[RequestedPerson]
    items: Sequence[RequestItem]
    instalments: Sequence[Instalment]
    verification: Verification | None
    decisions: Sequence[Decision]
    asks: bool
    """Whether the reader asked for it: of who approves it they read nothing, here and below."""
    needed: Sequence[Capacity]
    payments: Sequence[PaymentStory]
    past: Sequence[PastPayment]
    """What had left and was reversed."""
    taken_back: Mapping[int, Sequence[Acquittal]]
    """By payment, what accounted for that."""
    outcome: SupportOutcome | None
    line: BudgetLine | None
    grant: DonorGrant | None
    """Whose line it is."""
    level_rate: ExchangeRate | None
    """The rate at which it was said who must decide, where it is asked for in another currency."""
    plan: SupportRequest | None
    """The plan from which it draws."""
    declared: bool | None
    may: frozenset[Action]
    hindered: Mapping[Action, str]
    """What the reader’s role allows and cannot be done now, and why."""
    of_instalment: Mapping[int, set[Action]]
    """What the reader may do to each instalment, by its number."""
    changed: Sequence[Changed]

    @property
    def hides_whether_stuck(self) -> bool:
        """Tell whether the reader is not to learn whether anybody can go on with it.

        Whoever asked is not, before it is decided: that nobody can may be so because of support
        that is hidden from them.
        """
        return self.asks and self.request.status in UNDECIDED

    @property
    def live_payments(self) -> dict[int, PaymentStory]:
        """Return the payments that were not dropped, by the number of their instalment."""
        return {
            paid.payment.instalment_id: paid
            for paid in self.payments
            if paid.payment.status != PaymentStatus.CANCELLED
        }


def queue(
    actor: Actor, status: RequestStatus | None = None, skip: str | None = None
) -> tuple[Sequence[Any], ListPart]:
    """Return requests under way that the actor may open, or those of one status, and which part.

    What waits for a decision comes first, then what waits for its money, the nearest deadline on
    top; of the rest the last one asked for. Rows have the columns in `LISTED`, `types`, and who
    asked as `User`.
    """
    statuses = QUEUED if status is None else (status,)
    of_few = set(statuses) <= set(QUEUED)
    matching = select(SupportRequest).where(
        policy.condition(actor, Action.FUND_REQUEST_READ, SupportRequest, of_few=of_few),
        SupportRequest.organisation_id == actor.organisation_id,
        SupportRequest.status.in_(statuses),
    )
    total = session().scalar(matching.with_only_columns(func.count())) or 0
    part = ListPart.at(skip, total)
    chosen = part.cut(matching.with_only_columns(SupportRequest.id).order_by(*SOONEST))
    query = (
        select(*LISTED, TYPES, User)
        .join(User, User.id == SupportRequest.requested_by_id)
        .where(SupportRequest.id.in_(chosen))
        .order_by(*SOONEST)
    )
    return session().execute(query).all(), part


def of_case(actor: Actor, case: Case) -> Sequence[Any]:
    """Return the requests of a case that the actor may open, the newest first."""
    query = (
        select(*LISTED, TYPES, User)
        .join(User, User.id == SupportRequest.requested_by_id)
        .where(
            SupportRequest.case_id == case.id,
            policy.condition(actor, Action.FUND_REQUEST_READ, SupportRequest, of_few=True),
        )
        .order_by(SupportRequest.asked_at.desc(), SupportRequest.id.desc())
        .limit(CASE_MOST)
    )
    return session().execute(query).all()


def fetch(actor: Actor, uid: UUID) -> SupportRequest:
    """Return a request that the actor may open, its words readable; raises NotFound."""
    request = policy.fetch(actor, Action.FUND_REQUEST_READ, SupportRequest, uid)
    ring().load([request.data_key_id])
    return request


def story(actor: Actor, uid: UUID) -> RequestDetails:
    """Return a request with all that belongs to it; raises NotFound."""
    request = fetch(actor, uid)
    case, line, grant, verification, outcome, level_rate, declaration = _beside(actor, request)
    asks = request.requested_by_id == actor.id
    decisions = select(Decision).where(Decision.request_id == request.id)
    if asks:  # how many approve it, and as what, would tell of support that is hidden from them
        decisions = decisions.where(Decision.capacity.is_(None))
    items, instalments, payments = items_of(request), instalments_of(request), _payments(request)
    offer = REQUEST.offers(actor, OF_REQUEST, request)
    past = past_payments(payment for payment, _ in payments)
    return RequestDetails(
        request=request,
        case=case,
        case_may=policy.allowed(actor, (Action.CASE_READ, Action.CASE_OUTLINE), case),
        people=people_of(request),
        items=items,
        instalments=instalments,
        verification=verification,
        decisions=session().scalars(decisions.order_by(Decision.at, Decision.id)).all(),
        asks=asks,
        needed=() if asks else missing_approvals(request),
        payments=_payment_stories(actor, payments, instalments),
        past=past,
        # an account is taken back with its payment alone
        taken_back=accounts_taken_back(payment for payment, _ in payments) if past else {},
        outcome=outcome,
        line=line,
        grant=grant,
        level_rate=level_rate,
        plan=plan_of(request),
        declared=declaration.knows if declaration else None,
        may=offer.may,
        hindered=offer.hindered,
        of_instalment=_of_instalments(actor, instalments, offer.may),
        changed=changed_since(actor, request, items, instalments),
    )


def _beside(actor: Actor, request: SupportRequest) -> Any:
    """Return what stands beside a request once or not at all, in one statement.

    Its case, line, grant, verification, outcome, the rate of its level, and what the actor answered
    when asked.
    """
    return session().execute(BESIDE, {"request": request.id, "reader": actor.id}).one()


def complaints(actor: Actor) -> Sequence[Complaint]:
    """Return the complaints that the actor may read, the unanswered first."""
    query = policy.visible(actor, Action.FUND_COMPLAINT_READ, Complaint)
    answered = Complaint.answered_at.is_not(None)
    rows = session().scalars(query.order_by(answered, Complaint.taken_at.desc())).all()
    ring().load(complaint.data_key_id for complaint in rows)
    return rows


def requests_of(actor: Actor, complaints: Iterable[Complaint]) -> dict[int, tuple[str, UUID]]:
    """Return code and uid of the requests that complaints are about, where the actor may open them.

    By the number of the request.
    """
    about = {complaint.request_id for complaint in complaints}
    query = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest)
    rows = session().scalars(query.where(SupportRequest.id.in_(about))) if about else ()
    return {request.id: (request.code, request.uid) for request in rows}


def _payments(request: SupportRequest) -> list[tuple[Payment, Acquittal | None]]:
    """Return the payments of a request, dropped ones too, with what accounts for them."""
    query = (
        select(Payment, Acquittal)
        .outerjoin(Acquittal, and_(Acquittal.payment_id == Payment.id, Acquittal.stands()))
        .where(Payment.request_id == request.id)
        .order_by(Payment.id)
    )
    return [(payment, acquittal) for payment, acquittal in session().execute(query)]


def _of_instalments(
    actor: Actor, instalments: Sequence[Instalment], may: frozenset[Action]
) -> dict[int, set[Action]]:
    """Return what can be done to each instalment, where anything can to some."""
    if not may & OF_INSTALMENT.keys():
        return {instalment.id: set() for instalment in instalments}
    return {
        number: able & may for number, able in passing(actor, OF_INSTALMENT, instalments).items()
    }


def _payment_stories(
    actor: Actor,
    payments: list[tuple[Payment, Acquittal | None]],
    instalments: Sequence[Instalment],
) -> list[PaymentStory]:
    by_id = {instalment.id: instalment for instalment in instalments}
    offers = PAYMENT.offers_each(actor, OF_PAYMENT, [payment for payment, _ in payments])
    return [
        PaymentStory(payment, by_id[payment.instalment_id], acquittal, offers[payment.id].may)
        for payment, acquittal in payments
    ]


def support_types(row: Any) -> list[str]:
    """Return what the money of a listed row is for, in the order of its items."""
    pairs = (item.split(":", 1) for item in (row.types or "").split(",") if item)
    return list(dict.fromkeys(code for _, code in sorted(pairs, key=lambda pair: int(pair[0]))))


def money_of(row: Any) -> Money:
    """Return the amount of a listed row."""
    return Money(row.amount, row.currency)
