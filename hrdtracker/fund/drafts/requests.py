"""What a channel hands over about a request for support, and what is decided on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.money import CURRENCIES, MOST, NO_AMOUNT, TOO_LARGE
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, required, unfit
from hrdtracker.fund.model import Capacity
from hrdtracker.people.drafts import Victim

LINE_MOST = 300
ITEMS_MOST = 50
INSTALMENTS_MOST = 36
QUANTITY_MOST = 100_000
HOUSEHOLD_MOST = 30
ABSENT_MOST = timedelta(days=90)
"""How long somebody stands in before they are named anew."""
HOUSEHOLDS_MOST = 10_000
WORDS = (
    "risk_reasons", "threats", "vulnerabilities", "capacities", "tie", "need", "tried",
    "asked_elsewhere", "expected", "exit_plan",
)  # fmt: skip
"""What a request says in words, by the columns that keep it."""
IN_FULL: dict[str, str] = {
    "risk_level": N_("Choose how high the risk is."),
    "risk_reasons": N_("Write why the risk is so high."),
    "threats": N_("Write what the threats are."),
    "vulnerabilities": N_("Write what makes the person vulnerable."),
    "capacities": N_("Write what protects the person already."),
    "tie": N_("Write why the person is at risk because of their human-rights work."),
    "tried": N_("Write what was tried already, or that nothing was."),
    "asked_elsewhere": N_("Write who else was asked and what they answered, or that nobody was."),
    "expected": N_("Write what should be better afterwards."),
}
"""What a request says unless it is short, and the sentence where it does not."""
NO_HOUSEHOLDS = N_("For how many households: a whole number from 1 to 10,000.")
NO_PERIOD = N_("The end comes after the beginning.")
TOO_LONG = N_("Somebody stands in for 90 days at most; then you name them anew.")
NO_QUANTITY = N_("How many: a whole number from 1.")
TOO_LATE = N_("The first instalment is paid after the day by which it is needed.")
NO_REASON = N_("Write why, in a sentence.")
WRONG_CURRENCY = N_("Choose a currency of the list.")


def check_reason(reason: str, otherwise: str = NO_REASON) -> None:
    """Raise Refused where the reason of a decision is missing, too long, or cannot be kept."""
    check(required("reason", reason, otherwise))


def money(name: str, amount: int, currency: str) -> Reasons:
    """Return the reason against an amount that is not more than 0, or too large."""
    if currency not in CURRENCIES:
        return {name: WRONG_CURRENCY}
    if not 0 < amount <= MOST:
        return {name: NO_AMOUNT}
    return {}


@dataclass(frozen=True)
class ItemDraft:
    """One line of what is asked for; `each` in the smallest unit of the request’s currency."""

    support_type: str
    each: int
    what: str = ""
    quantity: int = 1
    lump: bool = False

    @property
    def amount(self) -> int:
        """Return what the line comes to."""
        return self.quantity * self.each


@dataclass(frozen=True)
class InstalmentDraft:
    """A part of the money, due on a day; `recoverable` is a deposit or bail."""

    due_on: date
    amount: int
    currency: str = "USD"
    recoverable: bool = False


@dataclass(frozen=True)
class RequestDraft:
    """A request as far as it is known: anything may be missing until it is sent.

    People are chosen among those of the case (`Victim(known=uid)`) or described and then named in
    it; one and the same `Victim` is one person. `words` maps the names in `WORDS` to texts. A plan
    is for `households`, each with the same items; what draws from one names that `plan`.
    """

    short: bool = False
    beneficiary: Victim | None = None
    payee: Victim | None = None
    carrier: Victim | None = None
    carrier_colleague: UUID | None = None
    household: tuple[UUID, ...] = ()
    reimburses: bool = False
    currency: str = "USD"
    items: tuple[ItemDraft, ...] = ()
    instalments: tuple[InstalmentDraft, ...] = ()
    needed_by: date | None = None
    method: str | None = None
    payee_details: str | None = None
    urgency: str = "normal"
    risk_level: str | None = None
    words: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    consented_on: date | None = None
    households: int | None = None
    plan_until: date | None = None
    plan: UUID | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({**self.words, "payee_details": self.payee_details}, TEXT_MOST)
        reasons |= self._wrong_plan()
        if self.currency not in CURRENCIES:
            reasons["currency"] = WRONG_CURRENCY
        if len(self.items) > ITEMS_MOST:
            reasons["items"] = N_("These are too many lines for one request.")
        if len(self.instalments) > INSTALMENTS_MOST:
            reasons["instalments"] = N_("These are too many instalments for one request.")
        if len(self.household) > HOUSEHOLD_MOST:
            reasons["household"] = N_("These are too many people for one household.")
        check(reasons | self._wrong_items() | self._wrong_instalments())

    @property
    def amount(self) -> int:
        """Return what all lines come to."""
        return sum(item.amount for item in self.items)

    def _wrong_plan(self) -> Reasons:
        if self.households is None:
            return {}
        reasons: Reasons = {}
        if not 0 < self.households <= HOUSEHOLDS_MOST:
            reasons["households"] = NO_HOUSEHOLDS
        elif any(item.quantity % self.households for item in self.items):
            reasons["items"] = N_("Each household of a plan has the same.")
        if self.plan_until is None:
            reasons["plan_until"] = N_("Say until which day households may draw.")
        return reasons

    def _wrong_items(self) -> Reasons:
        reasons: Reasons = {}
        for number, item in enumerate(self.items):
            place = f"items.{number}"
            reasons |= unfit({f"{place}.what": item.what}, LINE_MOST)
            if not 0 < item.quantity <= QUANTITY_MOST:
                reasons[f"{place}.quantity"] = NO_QUANTITY
            else:
                reasons |= money(f"{place}.each", item.each, self.currency)
            if not item.support_type:
                reasons[f"{place}.support_type"] = N_("Choose what the money is for.")
        if not reasons and self.amount > MOST:
            reasons["items"] = TOO_LARGE
        return reasons

    def _wrong_instalments(self) -> Reasons:
        reasons: Reasons = {}
        for number, instalment in enumerate(self.instalments):
            reasons |= money(f"instalments.{number}.amount", instalment.amount, instalment.currency)
        same = all(instalment.currency == self.currency for instalment in self.instalments)
        total = sum(instalment.amount for instalment in self.instalments)
        if self.instalments and same and not reasons and total != self.amount:
            reasons["instalments"] = N_("The instalments do not add up to the total.")
        if (
            self.instalments
            and self.needed_by
            and all(part.due_on > self.needed_by for part in self.instalments)
        ):
            reasons.setdefault("instalments", TOO_LATE)
        return reasons


@dataclass(frozen=True)
class VerificationDraft:
    """What was found out: who it is, what happens, what is needed; referees; documents seen."""

    identity: str
    situation: str
    need: str
    referees: str = ""
    documents: str = ""

    def __post_init__(self) -> None:
        reasons = required("identity", self.identity, N_("Write how you know who it is."))
        reasons |= required("situation", self.situation, N_("Write how you know what happens."))
        reasons |= required("need", self.need, N_("Write how you know that it is needed."))
        check(reasons | unfit({"referees": self.referees, "documents": self.documents}, TEXT_MOST))


@dataclass(frozen=True)
class DelegationDraft:
    """Who decides in one’s absence: as what, in which office (None: all of one’s own)."""

    to: UUID
    capacity: Capacity
    starts_at: datetime
    ends_at: datetime
    office: UUID | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons: Reasons = {}
        if self.ends_at <= self.starts_at:
            reasons["ends_at"] = NO_PERIOD
        elif self.ends_at - self.starts_at > ABSENT_MOST:
            reasons["ends_at"] = TOO_LONG
        if self.capacity == Capacity.BOARD:
            reasons["capacity"] = N_("Whom the board names stands in the settings of the fund.")
        check(reasons)
