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
from hrdtracker.fund.model.grant import (
    BudgetLine,
    Donor,
    DonorGrant,
    ExchangeRate,
    FundSettings,
    GrantState,
    GrantTerm,
    Restriction,
)
from hrdtracker.fund.model.ledger import Account, Booking, ClosedMonth, Posting, Transaction
from hrdtracker.fund.model.payment import Payment, PaymentMethod, PaymentStatus
from hrdtracker.fund.model.request import (
    Declaration,
    Instalment,
    Part,
    RequestItem,
    RequestPerson,
    RequestStatus,
    RiskLevel,
    SupportRequest,
)

__all__ = [
    "Account",
    "Acquittal",
    "Booking",
    "BudgetLine",
    "Capacity",
    "ClosedMonth",
    "Complaint",
    "Decision",
    "Declaration",
    "Delegation",
    "Donor",
    "DonorGrant",
    "EmergencyRelease",
    "ExchangeRate",
    "FundSettings",
    "GrantState",
    "GrantTerm",
    "Instalment",
    "Part",
    "Payment",
    "PaymentMethod",
    "PaymentStatus",
    "Posting",
    "RequestItem",
    "RequestPerson",
    "RequestStatus",
    "Restriction",
    "RiskLevel",
    "SupportOutcome",
    "SupportRequest",
    "Transaction",
    "Verdict",
    "Verification",
]
