"""How each draft of the fund is written: an act that does it, and another value for each field."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Rate
from hrdtracker.fund.books import reversals
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import ending, grants
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    BookDraft,
    ComplaintDraft,
    DonorDraft,
    GrantDraft,
    GrantEndDraft,
    LineDraft,
    RateDraft,
    ReceiptDraft,
    ReleaseDraft,
    ReportingRateDraft,
    ReversalDraft,
    TierRateDraft,
)
from hrdtracker.fund.drafts.requests import (
    DelegationDraft,
    InstalmentDraft,
    ItemDraft,
    RequestDraft,
    VerificationDraft,
)
from hrdtracker.fund.model import (
    Booking,
    Capacity,
    Donor,
    DonorGrant,
    Payment,
    ReportingMethod,
    Restriction,
    ReversalKind,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.rules import rates, reporting_rates, tier_rates
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope
from tests import fund, make
from tests.written import Act

SOMEBODY = Victim(described=PersonDraft((NameDraft("Demo C"),)))
DAY, YEAR = timedelta(days=1), timedelta(days=365)
STARTS = clock.now()


def _case() -> Case:
    return make.case_of(make.incident())


def _named(case: Case) -> Any:
    here = select(PersonScope.person_id).where(PersonScope.scope_id == case.scope_id)
    return session().get_one(Person, session().scalars(here).first()).uid


def _ask(case: Case, draft: RequestDraft) -> None:
    requests.ask(make.actor("monitor"), case, draft)


def _of_request(case: Case) -> dict[str, Any]:
    return {
        "short": True, "beneficiary": None, "payee": None, "carrier": SOMEBODY,
        "carrier_colleague": make.user("colleague").uid, "household": (_named(case),),
        "reimburses": True, "currency": "KHR", "items": (ItemDraft("legal", 100_00, "Rent"),),
        "instalments": (InstalmentDraft(fund.today(), 100_00, recoverable=True),),
        "needed_by": fund.today(), "method": "bank", "payee_details": "ABA 1",
        "urgency": "urgent", "risk_level": "high", "words": fund.WORDS | {"tried": "Asked."},
        "consented_on": fund.today() - timedelta(days=1),
    }  # fmt: skip


def _grant_draft(**changes: Any) -> GrantDraft:
    values: dict[str, Any] = {
        "code": "G-1", "starts_on": fund.today(), "ends_on": fund.today() + YEAR,
        "currency": "USD", "total": 1_000_00, **changes,
    }  # fmt: skip
    return GrantDraft(**values)


def _of_grant(_: Any) -> dict[str, Any]:
    return {
        "starts_on": fund.today() - YEAR, "ends_on": fund.today() + 2 * YEAR,
        "total": 900_00, "reference": "Our friends", "request_most": 100_00,
        "retroactive": True, "alternative_most": 50_00, "fixed_rate": True,
        "rate_method": ReportingMethod.INFOREURO,
        "terms": {Restriction.PROVINCE: frozenset({"12"})},
    }  # fmt: skip


def _change_grant(grant: DonorGrant, draft: GrantDraft) -> None:
    grants.change_grant(make.actor("fund"), grant, draft, grant.version)


def _verify(request: SupportRequest, draft: VerificationDraft) -> None:
    fund.no_tie(request, "director")
    decisions.verify(make.actor("director"), request, draft, request.version)


def _payment() -> Payment:
    return fund.prepared(fund.committed())


def _released() -> Payment:
    """Return a payment that left yesterday."""
    payment, yesterday = _payment(), fund.today() - timedelta(days=1)
    draft = ReleaseDraft(yesterday, "Transfer 1", day_reason="The slip came late.")
    payments.release(make.actor("finance"), payment, draft, payment.version)
    return payment


def _entry() -> Transaction:
    """Return the entry of a payment that left yesterday."""
    query = select(Transaction).where(Transaction.payment_id == _released().id)
    return session().scalars(query).one()


def _coming_back() -> Payment:
    """Return a payment that left yesterday, and of which a part came back."""
    payment = fund.receive(_released())
    _account(payment, _slip(spent=70_00, returned=30_00))
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    return payment


def _income() -> DonorGrant:
    """Return a grant of which 100 came."""
    grant = fund.grant()
    _book(grant, BookDraft(Booking.INCOME, 100_00, "USD", fund.today(), grant.uid))
    return grant


def _account(payment: Payment, draft: AcquittalDraft) -> None:
    acquittals.acquit(make.actor("monitor"), payment, draft, fund.seen(payment))


def _slip(**changes: Any) -> AcquittalDraft:
    values: dict[str, Any] = {
        "spent": 100_00, "document": "transfer_slip", "reference": "No. 1",
        "dated": fund.today(), **changes,
    }  # fmt: skip
    return AcquittalDraft(**values)


def _book(_: Any, draft: BookDraft) -> None:
    books.book(make.actor("finance"), make.organisation(), draft)


def _delegate(_: Any, draft: DelegationDraft) -> None:
    delegation.delegate(make.actor("national"), make.organisation(), draft)


FUND_ACTS = [
    Act("a request", _case, _ask, lambda _: fund.draft(payee_details="Wing 1"), _of_request),
    Act("an item", _case, lambda case, item: _ask(case, fund.draft(items=(item,))),
        lambda _: ItemDraft("prison_visit", 100_00),
        lambda _: {"support_type": "family", "each": 90_00, "what": "Rice", "quantity": 2,
                   "lump": True}),
    Act("an instalment", _case,
        lambda case, one: _ask(case, fund.draft(instalments=(one,))),
        lambda _: InstalmentDraft(fund.today(), 100_00),
        lambda _: {"due_on": fund.today() + timedelta(days=4), "recoverable": True}),
    Act("instalments in another currency", _case,
        lambda case, one: _ask(case, fund.draft(instalments=(one,))),
        lambda _: InstalmentDraft(fund.today(), 100_00, "KHR"),
        lambda _: {"amount": 90_00, "currency": "USD"}),
    Act("a verification", fund.sent,
        _verify,
        lambda _: VerificationDraft("Who", "What", "Why"),
        lambda _: {"identity": "1", "situation": "2", "need": "3", "referees": "4",
                   "documents": "5"}),
    Act("a delegation", lambda: None, _delegate,
        lambda _: DelegationDraft(make.user("director").uid, Capacity.DIRECTOR,
                                    STARTS, STARTS + 60 * DAY),
        lambda _: {"to": make.user("director2").uid, "starts_at": STARTS + DAY,
                   "ends_at": STARTS + 70 * DAY, "office": make.office("PNH").uid}),
    Act("a donor", lambda: uuid4().hex[:6],
        lambda _, draft: grants.add_donor(make.actor("fund"), make.organisation(), draft),
        lambda code: DonorDraft(f"D-{code}", "Donor"), lambda _: {"name": "Other"}),
    Act("a grant", fund.grant,
        lambda grant, draft: grants.add_grant(
            make.actor("fund"), session().get_one(Donor, grant.donor_id), draft),
        lambda _: _grant_draft(code=f"G-{uuid4().hex[:6]}"),
        lambda grant: _of_grant(grant) | {"currency": "KHR"}),
    Act("a grant anew", fund.grant, _change_grant, lambda grant: _grant_draft(code=grant.code),
        _of_grant),
    Act("the end of a grant", fund.grant,
        lambda grant, draft: ending.end_grant(make.actor("fund"), grant, draft, grant.version),
        lambda _: GrantEndDraft(fund.today(), "The donor withdrew."),
        lambda _: {"ended_on": fund.today() - DAY, "reason": "The donor closed."}),
    Act("a line", fund.grant,
        lambda grant, draft: grants.add_line(make.actor("fund"), grant, draft),
        lambda _: LineDraft("L1", "Rent", 500_00),
        lambda _: {"code": "L2", "title": "Food", "amount": 400_00}),
    Act("a rate", lambda: None,
        lambda _, draft: rates.record_rate(make.actor("finance"), make.organisation(), draft),
        lambda _: RateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "NBC", "Line 1"),
        lambda _: {"rate": Rate("USD", "KHR", 4200, 1), "source": "Bank", "bank_line": "Line 2",
                   "day": fund.today() - timedelta(days=1)}),
    Act("a rate for the levels", lambda: None,
        lambda _, draft: tier_rates.propose_tier_rate(
            make.actor("finance"), make.organisation(), draft),
        lambda _: TierRateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "NBC"),
        lambda _: {"rate": Rate("USD", "KHR", 4200, 1), "source": "Bank", "reason": "Fell.",
                   "day": fund.today() - timedelta(days=1)}),
    Act("a rate of a list", lambda: None,
        lambda _, draft: reporting_rates.record_reporting_rate(
            make.actor("finance"), make.organisation(), draft),
        lambda _: ReportingRateDraft(
            Rate("USD", "KHR", 4100, 1), fund.today(), ReportingMethod.MONTHLY, "UN"),
        lambda _: {"rate": Rate("USD", "KHR", 4200, 1), "source": "Bank",
                   "method": ReportingMethod.INFOREURO,
                   "month": fund.today().replace(day=1) - timedelta(days=1)}),
    Act("a release", _payment,
        lambda payment, draft: payments.release(
            make.actor("finance"), payment, draft, payment.version),
        lambda _: ReleaseDraft(fund.today(), "Transfer 1", day_reason="The slip came late."),
        lambda _: {"paid_on": fund.today() - timedelta(days=1), "proof": "Transfer 2",
                   "amount": 90_00, "day_reason": "He could not wait."}),
    Act("a reversal", _entry,
        lambda entry, draft: reversals.reverse(
            make.actor("finance"), make.organisation(), entry.uid, draft),
        lambda _: ReversalDraft(ReversalKind.CAME_BACK, "The account was closed.",
                                make.user("auditor").uid, fund.today(), "Line 12"),
        lambda _: {"reason": "It failed.", "seen_by": make.user("fund").uid, "proof": "Line 13",
                   "back_on": fund.today() - timedelta(days=1)}),
    Act("a receipt", _released,
        lambda payment, draft: payments.receive(
            make.actor("director"), payment, draft, payment.version),
        lambda _: ReceiptDraft(fund.today(), "phone"),
        lambda _: {"channel": "signal", "received_on": fund.today() - timedelta(days=1)}),
    Act("an account", _released, _account, lambda _: _slip(),
        lambda _: {"document": "acknowledgement", "reference": "No. 2", "head_count": 3,
                   "dated": fund.today() - timedelta(days=1)}),
    Act("money that is back", _coming_back,
        lambda payment, draft: acquittals.confirm_back(
            make.actor("finance"), payment, draft, fund.seen(payment)
        ),
        lambda _: BackDraft(fund.today(), "Line 1"),
        lambda _: {"on": fund.today() - timedelta(days=1), "proof": "Line 2"}),
    Act("a declaration", _released, _account,
        lambda _: AcquittalDraft(100_00, alternative=True, danger="They watch."),
        lambda _: {"danger": "They follow."}),
    Act("a complaint", fund.paid,
        lambda request, draft: acquittals.complain(make.actor("director"), request, draft),
        lambda _: ComplaintDraft("cut", "A tenth"), lambda _: {"kind": "abuse", "words": "More"}),
    Act("money from a donor", fund.grant, _book,
        lambda grant: BookDraft(Booking.INCOME, 100_00, "USD", fund.today(), grant.uid),
        lambda _: {"booking": Booking.FEE, "amount": 90_00,
                       "on": fund.today() - timedelta(days=1)}),
    Act("money that a donor has back", _income, _book,
        lambda grant: BookDraft(Booking.REFUND, 50_00, "USD", fund.today(), grant.uid,
                                proof="Line 1"),
        lambda _: {"proof": "Line 2"}),
    Act("money between bank and cash", lambda: None, _book,
        lambda _: BookDraft(Booking.TRANSFER, 100_00, "USD", fund.today()),
        lambda _: {"to_cash": True, "currency": "EUR", "grant": fund.grant().uid}),
]  # fmt: skip
