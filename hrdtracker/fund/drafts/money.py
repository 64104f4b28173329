"""What a channel hands over about grants, rates, payments, and what accounts for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.money import NO_AMOUNT, Rate
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, required, too_long, unfit, unkeepable
from hrdtracker.fund.drafts.requests import LINE_MOST, NO_PERIOD, money
from hrdtracker.fund.model import Booking, ReportingMethod, Restriction, ReversalKind
from hrdtracker.fund.model.ledger import BY_HAND

CODE_MOST = 12
TITLE_MOST = 80
NO_LIST = N_("Choose a list. The average is worked out from the payments, and never typed.")
NO_SOURCE = N_("Write where the rate is from.")
NO_BANK_LINE = N_("Write which line of the bank statement shows it.")
NO_COUNT = N_("How many people: a whole number from 1.")
NO_PROOF = N_("Write the line of the bank that shows it.")
NO_BOOKING = N_("Choose what is booked.")
NO_CODE = N_("Write a code of 1 to 12 letters, digits and hyphens.")


def _code(name: str, code: str) -> Reasons:
    plain = code.replace("-", "")
    if len(code) <= CODE_MOST and plain.isascii() and plain.isalnum():
        return {}
    return {name: NO_CODE}


@dataclass(frozen=True)
class DonorDraft:
    """A donor: the code by which everybody knows it, and the name that few see."""

    code: str
    name: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        check(
            _code("code", self.code) | required("name", self.name, N_("Write a name."), LINE_MOST)
        )


@dataclass(frozen=True)
class GrantDraft:
    """A grant; amounts in the smallest unit of its currency. No `terms` of a kind: no limit."""

    code: str
    starts_on: date
    ends_on: date
    currency: str
    total: int
    reference: str = ""
    request_most: int | None = None
    retroactive: bool = False
    alternative_most: int | None = None
    fixed_rate: bool = False
    pooling_agreed_on: date | None = None
    pooling_agreement: str = ""
    rate_method: ReportingMethod = ReportingMethod.AVERAGE
    terms: Mapping[Restriction, frozenset[str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = _code("code", self.code) | money("total", self.total, self.currency)
        reasons |= unfit(
            {"reference": self.reference, "pooling_agreement": self.pooling_agreement}, LINE_MOST
        )
        if (self.pooling_agreed_on is None) != (not self.pooling_agreement.strip()):
            reasons["pooling_agreed_on"] = N_("Write the day and where it is written, or neither.")
        if self.ends_on < self.starts_on:
            reasons["ends_on"] = NO_PERIOD
        if self.request_most is not None and self.request_most <= 0:
            reasons["request_most"] = NO_AMOUNT
        if self.alternative_most is not None and self.alternative_most < 0:
            reasons["alternative_most"] = N_("The amount must not be below 0.")
        check(reasons)


class PromiseFate(StrEnum):
    """What becomes of a promise when the donor ends its grant."""

    KEPT = "kept"
    MOVED = "moved"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True)
class GrantEndDraft:
    """That a donor ends a grant: the day, why, and what becomes of promises, by request.

    `line` is where those go that are moved.
    """

    ended_on: date
    reason: str
    fates: Mapping[UUID, PromiseFate] = field(default_factory=lambda: MappingProxyType({}))
    line: UUID | None = None

    def __post_init__(self) -> None:
        check(required("reason", self.reason, N_("Write why.")))


@dataclass(frozen=True)
class LineDraft:
    """A line of a grant’s budget, in the smallest unit of the grant’s currency."""

    code: str
    title: str
    amount: int
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = _code("code", self.code) | money("amount", self.amount, "USD")
        reasons |= unkeepable({"title": self.title})
        check(
            reasons | required("title", self.title, N_("Write what the line is for."), TITLE_MOST)
        )


@dataclass(frozen=True)
class RateDraft:
    """What the bank gave for one unit of a currency on a day, and the line that proves it."""

    rate: Rate
    day: date
    source: str
    bank_line: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        line = required("bank_line", self.bank_line, NO_BANK_LINE, TITLE_MOST)
        check(_source(self.source) | unkeepable({"bank_line": self.bank_line}) | line)


@dataclass(frozen=True)
class TierRateDraft:
    """What one unit of a currency is worth where it is said who must decide; why it differs."""

    rate: Rate
    day: date
    source: str
    reason: str = ""
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = _source(self.source) | unkeepable({"reason": self.reason})
        check(reasons | too_long({"reason": self.reason}, TITLE_MOST))


@dataclass(frozen=True)
class ReportingRateDraft:
    """What a list says of a month, which some donors want in their reports."""

    rate: Rate
    month: date
    method: ReportingMethod
    source: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = _source(self.source)
        if self.method == ReportingMethod.AVERAGE:
            reasons["method"] = NO_LIST
        check(reasons)


def _source(source: str) -> Reasons:
    return unkeepable({"source": source}) | required("source", source, NO_SOURCE, TITLE_MOST)


@dataclass(frozen=True)
class ReleaseDraft:
    """That money left: on which day, what shows it, and how much where it was another amount.

    `again` is the amount typed a second time, where it is more than was prepared; `day_reason` is
    why it left on that day, where that is asked.
    """

    paid_on: date
    proof: str
    amount: int | None = None
    again: int | None = None
    day_reason: str = ""

    def __post_init__(self) -> None:
        reasons = required("proof", self.proof, N_("Write what shows that it left."), LINE_MOST)
        reasons |= unfit({"day_reason": self.day_reason}, TEXT_MOST)
        if self.amount is not None:
            reasons |= money("amount", self.amount, "USD")
        check(reasons)


@dataclass(frozen=True)
class ReceiptDraft:
    """That money arrived: on which day, by what channel (`contact_kind`) somebody said so."""

    received_on: date
    channel: str

    def __post_init__(self) -> None:
        reasons: Reasons = {}
        if not self.channel:
            reasons["channel"] = N_("Choose how they confirmed it.")
        check(reasons)


@dataclass(frozen=True)
class AcquittalDraft:
    """What accounts for a payment, in its currency: a document, or why one would endanger.

    A lump sum needs neither. `returned` is what came back unspent.
    """

    spent: int
    returned: int = 0
    document: str | None = None
    reference: str = ""
    dated: date | None = None
    alternative: bool = False
    danger: str = ""
    head_count: int | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"reference": self.reference, "danger": self.danger}, TEXT_MOST)
        if self.spent < 0 or self.returned < 0 or self.spent + self.returned == 0:
            reasons["spent"] = N_("Say what was spent and what came back.")
        if self.head_count is not None and self.head_count < 1:
            reasons["head_count"] = NO_COUNT
        if self.document and self.alternative:
            reasons["document"] = N_("Either a document, or a declaration in its place.")
        if self.document and not (self.reference.strip() and self.dated):
            reasons["reference"] = N_("Write the document’s reference and its date.")
        if self.alternative:
            reasons |= required("danger", self.danger, N_("Write whom a document would endanger."))
        check(reasons)


@dataclass(frozen=True)
class BackDraft:
    """That money which came back is there: since which day, and what shows it."""

    on: date
    proof: str

    def __post_init__(self) -> None:
        check(required("proof", self.proof, NO_PROOF, LINE_MOST))


@dataclass(frozen=True)
class ComplaintDraft:
    """What somebody complains of (`complaint_kind`), in words."""

    kind: str
    words: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = required("words", self.words, N_("Write what you were told."))
        check(reasons | ({} if self.kind else {"kind": N_("Choose what it is about.")}))


@dataclass(frozen=True)
class BookDraft:
    """Money that moved outside a request: from a donor and back, a fee, between bank and cash.

    `booking` is INCOME, REFUND, FEE or TRANSFER; a refund says what shows it. A transfer with
    `to_cash` brings bank money into the cash box, without it the other way.
    """

    booking: Booking
    amount: int
    currency: str
    on: date
    grant: UUID | None = None
    to_cash: bool = False
    proof: str = ""
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = money("amount", self.amount, self.currency)
        reasons |= unfit({"proof": self.proof}, LINE_MOST)
        if self.booking not in BY_HAND:
            reasons["booking"] = NO_BOOKING
        if self.booking == Booking.REFUND:
            reasons |= required("proof", self.proof, NO_PROOF, LINE_MOST)
        if self.booking in {Booking.INCOME, Booking.REFUND} and self.grant is None:
            reasons["grant"] = N_("Choose the grant that it belongs to.")
        check(reasons)


@dataclass(frozen=True)
class ReversalDraft:
    """Why an entry is reversed, and the colleague who saw it, too.

    Of money that came back: since when, and the line of the bank that shows it.
    """

    kind: ReversalKind
    reason: str
    seen_by: UUID | None
    back_on: date | None = None
    proof: str = ""
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = required("reason", self.reason, N_("Write why."))
        reasons |= unfit({"proof": self.proof}, LINE_MOST)
        if self.kind != ReversalKind.CAME_BACK and self.back_on is not None:
            reasons["back_on"] = N_("Only money that came back has such a day.")
        if self.kind == ReversalKind.CAME_BACK:
            if self.back_on is None:
                reasons["back_on"] = N_("Say on which day it was back.")
            reasons |= required("proof", self.proof, NO_PROOF, LINE_MOST)
        check(reasons)


@dataclass(frozen=True)
class ReportDraft:
    """Which grant (None: all) and which days a report is about."""

    since: date
    until: date
    grant: UUID | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        late: Reasons = {"until": NO_PERIOD}
        check(late if self.until < self.since else {})
