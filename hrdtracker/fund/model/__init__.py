"""Every table of the protection fund, by topic."""

from hrdtracker.fund.model.acquittal import Acquittal, Complaint, SupportOutcome
from hrdtracker.fund.model.decision import (
    Capacity,
    Decision,
    Delegation,
    EmergencyRelease,
    Verdict,
    Verification,
)
from hrdtracker.fund.model.disclosure import Disclosure, DisclosureKind
from hrdtracker.fund.model.grant import (
    BudgetLine,
    Donor,
    DonorGrant,
    ExchangeRate,
    FundSettings,
    GrantState,
    GrantTerm,
    RateKind,
    ReportingMethod,
    Restriction,
)
from hrdtracker.fund.model.ledger import Booking, ClosedMonth, LedgerAccount, Posting, Transaction
from hrdtracker.fund.model.method import PaymentMethod
from hrdtracker.fund.model.payment import Payment, PaymentStatus
from hrdtracker.fund.model.request import (
    Declaration,
    Instalment,
    RequestItem,
    RequestPerson,
    RequestRole,
    RequestStatus,
    RiskLevel,
    SupportRequest,
)
from hrdtracker.fund.model.voucher import ReversalKind, Voucher

__all__ = [
    "Acquittal",
    "Booking",
    "BudgetLine",
    "Capacity",
    "ClosedMonth",
    "Complaint",
    "Decision",
    "Declaration",
    "Delegation",
    "Disclosure",
    "DisclosureKind",
    "Donor",
    "DonorGrant",
    "EmergencyRelease",
    "ExchangeRate",
    "FundSettings",
    "GrantState",
    "GrantTerm",
    "Instalment",
    "LedgerAccount",
    "Payment",
    "PaymentMethod",
    "PaymentStatus",
    "Posting",
    "RateKind",
    "ReportingMethod",
    "RequestItem",
    "RequestPerson",
    "RequestRole",
    "RequestStatus",
    "Restriction",
    "ReversalKind",
    "RiskLevel",
    "SupportOutcome",
    "SupportRequest",
    "Transaction",
    "Verdict",
    "Verification",
    "Voucher",
]
