"""Builders for the fund: a grant with a line, and a request brought to any point of its life."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.calendar import today as day_of
from hrdtracker.accounts import proposals
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core.db import Base, session
from hrdtracker.core.errors import Refused
from hrdtracker.core.money import Rate
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import reversals
from hrdtracker.fund.budget import commitments, grants
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BackDraft,
    DonorDraft,
    GrantDraft,
    LineDraft,
    RateDraft,
    ReceiptDraft,
    ReleaseDraft,
    ReversalDraft,
    TierRateDraft,
)
from hrdtracker.fund.drafts.requests import (
    ItemDraft,
    RequestDraft,
    VerificationDraft,
)
from hrdtracker.fund.model import (
    BudgetLine,
    Decision,
    Declaration,
    DonorGrant,
    ExchangeRate,
    Instalment,
    Payment,
    RequestItem,
    RequestPerson,
    RequestRole,
    ReversalKind,
    SupportRequest,
    Transaction,
    Verification,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading import prior_support
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of, parts_of
from hrdtracker.fund.rules import rates, settings, tier_rates
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import Person
from tests import make

WORDS = {
    "need": "Rent for two months while he is held.",
    "risk_reasons": "He was followed twice.",
    "threats": "Calls at night.",
    "vulnerabilities": "Lives alone.",
    "capacities": "Neighbours who watch.",
    "tie": "He spoke for the workers.",
    "tried": "Nothing yet.",
    "asked_elsewhere": "Nobody.",
    "expected": "The family keeps its home.",
}
WHY = "Seen and true."
ACCOUNTS = count(1000)
"""Nobody in a test is paid into the account of another, unless it says so."""


def today() -> date:
    """Return the calendar day of the organisation."""
    return day_of(make.organisation().id)


def draft(amount: int = 100_00, **changes: Any) -> RequestDraft:
    """Return a full request over an amount of US cents, paid by mobile money to a wife."""
    values: dict[str, Any] = {
        "beneficiary": Victim(described=PersonDraft((NameDraft("Demo A"),), sex=Sex.MALE)),
        "payee": Victim(described=PersonDraft((NameDraft("Demo B"),), sex=Sex.FEMALE)),
        "items": (ItemDraft("family", amount, "Rent"),),
        "needed_by": today() + timedelta(days=5),
        "method": "mobile_money",
        "payee_details": f"Wing 097 {next(ACCOUNTS)} 321, Demo B",
        "risk_level": "medium",
        "words": WORDS,
        "consented_on": today(),
        **changes,
    }
    return RequestDraft(**values)


def short(amount: int = 60_00, **changes: Any) -> RequestDraft:
    """Return a short request: who, for what, how much, by when, how to pay."""
    words = {"need": "Food for the family until Friday."}
    return replace(draft(amount, **changes), short=True, words=words, risk_level=None)


def line(amount: int = 1_000_00, code: str = "L1", **changes: Any) -> BudgetLine:
    """Add a line to a new grant of a new donor."""
    return grants.add_line(
        make.actor("fund"), grant(amount, **changes), LineDraft(code, "Rent", amount)
    )


def grant(total: int = 1_000_00, **changes: Any) -> DonorGrant:
    """Add a grant of a new donor, running this year and the next."""
    who, code = make.actor("fund"), f"D-{uuid4().hex[:6]}"
    donor = grants.add_donor(who, make.organisation(), DonorDraft(code, "Donor"))
    values: dict[str, Any] = {
        "code": code,
        "starts_on": today() - timedelta(days=200),
        "ends_on": today() + timedelta(days=200),
        "currency": "USD",
        "total": total,
        **changes,
    }
    return grants.add_grant(who, donor, GrantDraft(**values))


def rate(numerator: int = 4100, base: str = "USD", quote: str = "KHR") -> None:
    """Let one unit of `base` be worth so much: for the levels, and what the bank gives."""
    day = today() - timedelta(days=60)
    bank_rate(numerator, day, base, quote)
    tier_rate(numerator, day, base, quote)


def bank_rate(numerator: int, day: date, base: str = "USD", quote: str = "KHR") -> ExchangeRate:
    """Record what the bank gave on a day."""
    draft = RateDraft(Rate(base, quote, numerator, 1), day, "NBC", "Line 1")
    return rates.record_rate(make.actor("finance"), make.organisation(), draft)


def tier_rate(numerator: int, day: date, base: str = "USD", quote: str = "KHR") -> ExchangeRate:
    """Let two people say at which rate it is said who must decide."""
    made = propose_rate("finance", numerator, day, WHY, base=base, quote=quote)
    proposal = proposals.waiting_for(made)
    assert proposal is not None
    proposals.confirm(make.actor("national"), proposal)
    return made


def propose_rate(
    who: str, numerator: int = 4000, day: date | None = None, reason: str = "", **pair: str
) -> ExchangeRate:
    """Propose what one US dollar is in riel, or another pair; of today unless said otherwise."""
    rate = Rate(**{"base": "USD", "quote": "KHR", **pair}, numerator=numerator, denominator=1)
    draft = TierRateDraft(rate, day or today(), "NBC", reason)
    return tier_rates.propose_tier_rate(make.actor(who), make.organisation(), draft)


def set_up(**changes: Any) -> None:
    """Change the settings of the fund; the board’s named person is “board”."""
    draft = settings.FundSettingsDraft(**{"board": make.user("board").uid, **changes})
    version = settings.settings_of(make.organisation().id).version or 0
    try:
        proposal = settings.change_settings(
            make.actor("admin"), make.organisation(), draft, version
        )
    except Refused:  # they are so already
        return
    proposals.confirm(make.actor("national"), proposal)


def drafted(amount: int = 100_00, who: str = "monitor", **changes: Any) -> SupportRequest:
    """Begin a request from a new case of the monitor’s."""
    case = make.case_of(make.incident(who))
    return requests.ask(make.actor(who), case, draft(amount, **changes))


def sent(amount: int = 100_00, who: str = "monitor", **changes: Any) -> SupportRequest:
    """Send a request."""
    request = drafted(amount, who, **changes)
    requests.submit(make.actor(who), request, request.version)
    return request


def no_tie(request: SupportRequest, *logins: str) -> None:
    """Let people say that they know nobody in a request."""
    for login in logins:
        if conflicts.has_declared(make.actor(login), request) is None:
            conflicts.declare(make.actor(login), request, knows=False)


def recommend(request: SupportRequest, who: str = "director") -> SupportRequest:
    """Verify and recommend a request."""
    no_tie(request, who)
    director = make.actor(who)
    decisions.verify(director, request, VerificationDraft(WHY, WHY, WHY), request.version)
    decisions.recommend(director, request, WHY, request.version)
    return request


def recommended(amount: int = 100_00, **changes: Any) -> SupportRequest:
    """Return a request that the director verified and recommended."""
    return recommend(sent(amount, **changes))


def approve(request: SupportRequest, *logins: str) -> SupportRequest:
    """Let people approve a request, one after the other."""
    for login in logins:
        no_tie(request, login)
        decisions.approve(make.actor(login), request, WHY, request.version)
    return request


def approved(amount: int = 100_00, **changes: Any) -> SupportRequest:
    """Return a request that all who must have approved."""
    return approved_by_all(recommended(amount, **changes))


def approved_by_all(request: SupportRequest) -> SupportRequest:
    """Let all who must approve a request."""
    who = {"officer": "fund", "director": "national", "board": "board"}
    return approve(request, *(who[each] for each in missing_approvals(request)))


def person_in(request: SupportRequest, part: RequestRole) -> Victim:
    """Return the first who has a part in a request, as one who is named again."""
    return Victim(known=session().get_one(Person, parts_of(request)[part][0]).uid)


def warnings(login: str, request: SupportRequest) -> list[str]:
    """Return what a decider is told of other requests."""
    return [str(message) for message in prior_support.overlaps(make.actor(login), request)]


def copies(
    request: SupportRequest, count: int, people: Sequence[Mapping[str, int]] = ()
) -> list[SupportRequest]:
    """Return more requests that say the same and were decided by the same people, all in one act.

    For tests that need many and prove nothing of how they came about. They are for the same people,
    or for `people` in turn, by their part.
    """
    make.load_keys(request)
    rows = [
        (model, _says(row))
        for model in (RequestItem, Instalment, RequestPerson, Verification, Decision, Declaration)
        for row in session().scalars(select(model).where(model.request_id == request.id))
    ]
    said, case = _says(request), session().get_one(Case, request.case_id)
    with authorised(make.actor("monitor"), Action.FUND_ASK, on=case):
        codes = [f"C-{requests.drawn(12)}" for _ in range(count)]
        made = [SupportRequest(**{**said, "code": code}) for code in codes]
        session().add_all(made)
        session().flush()
        for number, each in enumerate(made):
            whom = people[number % len(people)] if people else {}
            for model, row in rows:
                values = {**row, "request_id": each.id}
                if model is RequestPerson:
                    values["person_id"] = whom.get(row["part"], row["person_id"])
                session().add(model(**values))
    return made


def _says(row: Base) -> dict[str, Any]:
    names = {column.key.removesuffix("_sealed") for column in row.__table__.columns}
    return {name: getattr(row, name) for name in names - {"id", "uid", "version"}}


def committed(amount: int = 100_00, on: BudgetLine | None = None, **changes: Any) -> SupportRequest:
    """Return a request whose money is promised on a line."""
    request = approved(amount, **changes)
    where = on or line(amount * 10)
    commitments.commit(make.actor("fund"), request, where.uid, request.version)
    return request


def look_again(request: SupportRequest, uid: UUID, *, needed: bool = True) -> None:
    """Let the monitor say of an instalment that the person is there, and needs it or does not."""
    who, seen_version = make.actor("monitor"), request.version
    payments.check(who, request, uid, still_there=True, still_needed=needed, version=seen_version)


def prepared(request: SupportRequest, number: int = 0, key: UUID | None = None) -> Payment:
    """Look again at an instalment and prepare its payment."""
    one = instalments_of(request)[number]
    look_again(request, one.uid)
    return payments.prepare(make.actor("fund"), request, one.uid, Sending(key or uuid4()))


def release(payment: Payment, amount: int | None = None) -> Payment:
    """Let finance release a payment today."""
    told = ReleaseDraft(today(), "Transfer 4711", amount, again=amount)
    payments.release(make.actor("finance"), payment, told, payment.version)
    return payment


def take_back(
    entry: Transaction, kind: ReversalKind = ReversalKind.MISTYPED, **changes: Any
) -> Transaction:
    """Let finance reverse an entry; the auditor saw it, too."""
    values: dict[str, Any] = {"reason": WHY, "seen_by": make.user("auditor").uid, **changes}
    if kind == ReversalKind.CAME_BACK:
        values = {"back_on": today(), "proof": "Line 12", **values}
    told = ReversalDraft(kind, **values)
    return reversals.reverse(make.actor("finance"), make.organisation(), entry.uid, told)


def paid(amount: int = 100_00, on: BudgetLine | None = None, **changes: Any) -> SupportRequest:
    """Return a request whose every instalment has left."""
    request = committed(amount, on, **changes)
    for number in range(len(instalments_of(request))):
        release(prepared(request, number))
    return request


def receive(payment: Payment, who: str = "colleague_with_case") -> Payment:
    """Let somebody hear from the payee that it arrived."""
    told = ReceiptDraft(today(), "phone")
    login = "director" if who == "colleague_with_case" else who
    payments.receive(make.actor(login), payment, told, payment.version)
    return payment


def seen(payment: Payment) -> int:
    """Return the version of what accounts for a payment, as whoever acts on it sees it now."""
    return acquittals.version_of(acquittals.acquittal_of(payment))


def account(payment: Payment, **changes: Any) -> None:
    """Account for a payment by a transfer slip, and review it."""
    values: dict[str, Any] = {
        "spent": payment.amount,
        "document": "transfer_slip",
        "reference": "No. 1",
        "dated": today(),
        **changes,
    }
    acquittals.acquit(make.actor("monitor"), payment, AcquittalDraft(**values), seen(payment))
    if values.get("alternative"):
        acquittals.declare_spent(make.actor("director"), payment, seen(payment))
    acquittals.review(make.actor("fund"), payment, seen(payment))
    if values.get("returned"):
        back(payment)


def back(payment: Payment) -> None:
    """Let finance confirm that what came back is there."""
    acquittals.confirm_back(
        make.actor("finance"), payment, BackDraft(today(), "Line 7"), seen(payment)
    )


def closed(amount: int = 100_00, **changes: Any) -> SupportRequest:
    """Return a request brought to its end."""
    request = paid(amount, **changes)
    for payment in commitments.payments_of(request):
        account(receive(payment))
    acquittals.record_outcome(make.actor("director"), request, "yes", "They kept the house.")
    acquittals.close(make.actor("fund"), request, request.version)
    return request


def released_at_once(request: SupportRequest, *logins: str) -> SupportRequest:
    """Let some release a request in an emergency, one after the other; return it."""
    for login in logins:
        no_tie(request, login)
        emergency.release(make.actor(login), request, "Tonight.", request.version)
    return request


def ratify(request: SupportRequest, login: str, *, ratified: bool) -> None:
    """Let somebody say whether it was right to release it in an emergency."""
    no_tie(request, login)
    emergency.ratify(
        make.actor(login), request, ratified=ratified, reason=WHY, version=request.version
    )
