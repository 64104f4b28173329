"""A request for support of an invented case, with what was found out and decided, as rows."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from bench.rows import CaseRows, Row
from bench.staff import Staff
from hrdtracker.core.db import Base
from hrdtracker.fund.model import (
    Acquittal,
    Capacity,
    Decision,
    Declaration,
    Instalment,
    Payment,
    PaymentMethod,
    Posting,
    RequestItem,
    RequestPerson,
    RequestRole,
    RequestStatus,
    RiskLevel,
    SupportOutcome,
    SupportRequest,
    Transaction,
    Verdict,
    Verification,
)

INSTALMENTS, USD = 2, "USD"
LIVE_EVERY, REFUSED_EVERY = 8, 40
YEAR, MONTH, WEEK = timedelta(days=360), timedelta(days=30), timedelta(days=7)
FUND_ORDER: tuple[type[Base], ...] = (
    *(SupportRequest, RequestPerson, RequestItem, Instalment, Declaration, Verification, Decision),
    *(Payment, Acquittal, SupportOutcome, Transaction, Posting),
)
"""The tables of the fund, each after those that it points to."""
WORDS = ("risk_reasons", "threats", "vulnerabilities", "capacities", "tie", "need", "expected")
SAID = "He was followed twice to his house, and there were calls at night."
TYPES = ("relocation", "family", "legal", "medical")


class Step(IntEnum):
    """How far a request has come."""

    DRAFT = 0
    SENT = 1
    VERIFIED = 2
    RECOMMENDED = 3
    APPROVED = 4
    COMMITTED = 5
    PART_PAID = 6
    PAID = 7
    ACQUITTED = 8
    CLOSED = 9


_S = RequestStatus
LIVE = (
    (_S.DRAFT, Step.DRAFT),
    (_S.SUBMITTED, Step.SENT),
    (_S.RETURNED, Step.SENT),
    (_S.VERIFYING, Step.VERIFIED),
    (_S.RECOMMENDED, Step.RECOMMENDED),
    (_S.APPROVED, Step.APPROVED),
    (_S.COMMITTED, Step.COMMITTED),
    (_S.PART_PAID, Step.PART_PAID),
    (_S.PAID, Step.PAID),
    (_S.ACQUITTED, Step.ACQUITTED),
)


@dataclass
class Fund:
    """What the requests have in common: whose money it is, and what has become of it so far."""

    staff: Staff
    now: datetime
    total: int
    lines: tuple[tuple[int, int], ...]
    """The lines from which they are paid, each with its grant."""
    booked: int
    """The number of the transaction that was booked last."""
    committed: Counter[int] = field(default_factory=Counter)
    spent: Counter[int] = field(default_factory=Counter)


class RequestRows:
    """Writes the rows of one request until it is decided, as far as it has come."""

    def __init__(self, fund: Fund, case: CaseRows, number: int) -> None:
        self.fund, self.case, self.batch, self.number = fund, case, case.batch, number
        self.status, self.step = _stands(number)
        self.ended = self.status in {_S.CLOSED, _S.REFUSED}
        began = YEAR - (YEAR - MONTH) * (number / fund.total)
        self.at = fund.now - (began if self.ended else WEEK - timedelta(hours=number % 100))
        self.amount = 100_00 + number % 30 * 10_00
        self.line, self.grant = fund.lines[number % len(fund.lines)]
        self.request = case.common()
        self.duties: Row = {
            "requested_by_id": case.owner,
            "verified_by_id": self.once(Step.VERIFIED, case.desk.director),
            "approved_by_id": self.once(Step.APPROVED, fund.staff.fund),
            "director_approved_by_id": None,
            "board_approved_by_id": None,
        }

    def add(self) -> None:
        """Add the request and what hangs on it."""
        self._add_request()
        self._add_what_it_says()
        self._add_decisions()

    def once(self, step: Step, value: Any) -> Any:
        """Return a value where the request has come so far, else nothing."""
        return value if self.step >= step else None

    def hour(self, hours: int) -> datetime:
        """Return when something happened: so many hours after it was asked."""
        return self.at + timedelta(hours=hours)

    def row(self, model: type[Base], **texts: str) -> Row:
        """Return what every row has that hangs on a case, and its sealed texts."""
        row = self.case.common()
        return self.case.sealed(model, row, **texts) if texts else row

    def _plain(self) -> Row:
        row = self.case.common()
        return {name: row[name] for name in ("uid", "scope_id")}

    def _add_request(self) -> None:
        texts = {**dict.fromkeys(WORDS, SAID), "payee_details": "Wing 012 345 678"}
        self.batch.add(
            SupportRequest,
            **self.case.sealed(SupportRequest, self.request, **texts),
            **self.duties,
            id=self.number,
            organisation_id=self.fund.staff.organisation.id,
            case_id=self.case.number,
            code=f"F-{self.at.year}-{self.number:05}",
            status=self.status,
            short=False,
            edition=int(self.step > Step.DRAFT),
            asked_at=self.at,
            changed_at=self.hour(int(self.step)),
            submitted_at=self.once(Step.SENT, self.at),
            decide_by=self.once(Step.SENT, self.at + WEEK),
            recommended_at=self.once(Step.RECOMMENDED, self.hour(3)),
            approved_at=self.once(Step.APPROVED, self.hour(4)),
            committed_at=self.once(Step.COMMITTED, self.hour(5)),
            ended_at=self.hour(9) if self.ended else None,
            currency=USD,
            amount=self.amount,
            needed_by=(self.at + WEEK).date(),
            method=PaymentMethod.MOBILE_MONEY,
            payee_code=f"P-{self.number:05}",
            carrier_id=None,
            reimburses=False,
            urgency="normal",
            risk_level=RiskLevel.MEDIUM,
            consented_on=self.at.date(),
            level=self.once(Step.SENT, Capacity.OFFICER),
            emergency=False,
            needs_officer=self.step > Step.DRAFT,
            needs_director=False,
            needs_board=False,
            line_id=self.once(Step.COMMITTED, self.line),
            committed=self.once(Step.COMMITTED, self.amount),
            version=1,
        )
        if self.step > Step.DRAFT:
            self.sign("fund.submit", self.case.owner, self.at)

    def _add_what_it_says(self) -> None:
        """Add its people, its items, its instalments, and who said that they know nobody."""
        named = list(self.case.named)
        for part, person in ((RequestRole.BENEFICIARY, named[0]), (RequestRole.PAYEE, named[-1])):
            self.batch.add(RequestPerson, request_id=self.number, person_id=person, part=part)
        self.batch.add(
            RequestItem,
            **self.row(RequestItem, what="Two months of rent"),
            request_id=self.number,
            position=0,
            support_type=TYPES[self.number % len(TYPES)],
            quantity=1,
            each=self.amount,
            amount=self.amount,
            lump=False,
        )
        for place in range(INSTALMENTS):
            self._add_instalment(place)
        asked = (Step.VERIFIED, self.case.desk.director), (Step.APPROVED, self.fund.staff.fund)
        for user in [user for step, user in asked if self.step >= step]:
            row = {**self._plain(), "request_id": self.number, "user_id": user}
            self.batch.add(Declaration, **row, knows=False, at=self.at)

    def _add_instalment(self, place: int) -> None:
        looked = self.step >= Step.COMMITTED + place
        self.batch.add(
            Instalment,
            **self._plain(),
            id=self.part(place),
            request_id=self.number,
            number=place + 1,
            due_on=(self.at + WEEK * (place + 1)).date(),
            currency=USD,
            amount=self.amount // INSTALMENTS,
            recoverable=False,
            checked_at=self.hour(5) if looked else None,
            checked_by_id=self.case.owner if looked else None,
            still_there=True if looked else None,
            still_needed=True if looked else None,
        )

    def part(self, place: int) -> int:
        """Return the number of an instalment, and of its payment."""
        return (self.number - 1) * INSTALMENTS + place + 1

    def _add_decisions(self) -> None:
        director, officer = self.case.desk.director, self.fund.staff.fund
        if self.step >= Step.VERIFIED:
            texts = dict.fromkeys(("identity", "situation", "need"), "Seen and true.")
            row = {**self.row(Verification, **texts), "request_id": self.number, "edition": 1}
            self.batch.add(Verification, **row, verified_by_id=director, at=self.hour(2))
        if self.step >= Step.RECOMMENDED:
            self._decide(Verdict.RECOMMENDED, None, director, 3)
        if self.step >= Step.APPROVED:
            self._decide(Verdict.APPROVED, Capacity.OFFICER, officer, 4)
        if self.status in {_S.REFUSED, _S.RETURNED}:
            self._decide(Verdict(self.status), None, officer, 4)

    def _decide(self, verdict: Verdict, capacity: Capacity | None, who: int, hours: int) -> None:
        self.batch.add(
            Decision,
            **self.row(Decision, reason="Within the line."),
            request_id=self.number,
            verdict=verdict,
            capacity=capacity,
            edition=1,
            digest="0" * 64,
            decided_by_id=who,
            stands_in_for_id=None,
            at=self.hour(hours),
            voided_at=None,
        )
        self.sign("fund.approve", who, self.hour(hours))

    def sign(self, action: str, who: int, at: datetime) -> None:
        """Let the trail tell of it."""
        self.case.sign(action, who, at, "support_request", self.request["uid"])


def _stands(number: int) -> tuple[RequestStatus, Step]:
    """Return where a request stands: one in eight is under way, in every status alike."""
    if number % LIVE_EVERY == 0:
        return LIVE[number // LIVE_EVERY % len(LIVE)]
    if number % REFUSED_EVERY == 1:
        return _S.REFUSED, Step.SENT
    return _S.CLOSED, Step.CLOSED
