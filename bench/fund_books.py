"""The money of the invented cases: its grants, payments and books, as rows."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from sqlalchemy import select, update

from bench.fund_rows import INSTALMENTS, MONTH, USD, WEEK, YEAR, Fund, RequestRows, Step
from bench.rows import ZONE, CaseRows
from bench.staff import Staff
from hrdtracker.access.model import Organisation, User
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.fund.budget.grants import add_donor, add_grant, add_line
from hrdtracker.fund.drafts.money import DonorDraft, GrantDraft, LineDraft
from hrdtracker.fund.model import (
    Acquittal,
    Booking,
    BudgetLine,
    LedgerAccount,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Posting,
    SupportOutcome,
    Transaction,
)

REQUESTS, PER_CASE_MOST = 5000, 5
DONORS = ("AZ", "BY")
TITLES = ("Relocation", "Family and prison", "Lawyers and courts", "Medical help")
LINE_CENTS = 5_000_000_00
OUTCOMES = ("yes", "partly", "no")
Leg = tuple[LedgerAccount, int, int | None]
"""An account, an amount on it, and the line to which it belongs."""


def open_grants(staff: Staff) -> Iterable[tuple[int, int]]:
    """Open two grants with four lines each, as the pages do; yield each line with its grant."""
    officer = actor_of(session().get_one(User, staff.fund))
    organisation, today = session().get_one(Organisation, staff.organisation.id), clock.today(ZONE)
    for code in DONORS:
        donor = add_donor(officer, organisation, DonorDraft(code, f"Donor {code}"))
        total, ends = LINE_CENTS * len(TITLES), (today - 2 * YEAR, today + YEAR)
        grant = add_grant(officer, donor, GrantDraft(f"{code}-1", *ends, USD, total))
        for number, title in enumerate(TITLES, start=1):
            line = add_line(officer, grant, LineDraft(f"L{number}", title, LINE_CENTS))
            yield line.id, grant.id


class FundRows:
    """Writes the requests of one case after the other."""

    def __init__(self, staff: Staff, cases: int) -> None:
        total, lines = min(REQUESTS, PER_CASE_MOST * cases), tuple(open_grants(staff))
        last = session().scalar(select(Transaction.id).order_by(Transaction.id.desc())) or 0
        self.cases, self.fund = cases, Fund(staff, clock.now(), total, lines, last)

    def add(self, case: CaseRows) -> None:
        """Add the requests that fall to a case to the rows that wait."""
        first = self.fund.total * (case.number - 1) // self.cases
        for number in range(first, self.fund.total * case.number // self.cases):
            PaidRows(self.fund, case, number + 1).add()

    def settle(self) -> None:
        """Let the lines say what was promised and spent of them; inside a transaction."""
        for line, _ in self.fund.lines:
            values = {"committed": self.fund.committed[line], "spent": self.fund.spent[line]}
            wanted = update(BudgetLine).where(BudgetLine.id == line).values(**values)
            session().connection().execute(wanted)


class PaidRows(RequestRows):
    """Writes the rows of one request, its money too."""

    def add(self) -> None:
        """Add the request and what hangs on it."""
        super().add()
        if self.step >= Step.COMMITTED:
            self.fund.committed[self.line] += self.amount
            promise = (
                (LedgerAccount.COMMITMENTS, self.amount, self.line),
                (LedgerAccount.LINE, -self.amount, self.line),
            )
            self._book(Booking.COMMITMENT, None, self.hour(5).astimezone(ZONE).date(), promise)
        for place in range(INSTALMENTS):
            self._add_payment(place)
        if self.step == Step.CLOSED:
            self._add_outcome()

    def _add_payment(self, place: int) -> None:
        """Add the payment of an instalment that was prepared, and what became of it."""
        if self.step < Step.COMMITTED + place or (self.step == Step.COMMITTED and self.number % 16):
            return
        paid = self.step > Step.COMMITTED + place
        amount, done = self.amount // INSTALMENTS, self.step >= Step.ACQUITTED
        arrived = done or (self.step == Step.PAID and place == 0)
        number, on = self.part(place), self.hour(24 * place + 6).astimezone(ZONE).date()
        status = PaymentStatus.PAID if paid else PaymentStatus.PREPARED
        self.batch.add(
            Payment,
            **self.row(Payment, proof="Transfer 4711"),
            **self.duties,
            id=number,
            organisation_id=self.fund.staff.organisation.id,
            request_id=self.number,
            instalment_id=number,
            line_id=self.line,
            code=f"T-{number:07}",
            key=uuid4(),
            status=PaymentStatus.RECEIVED if arrived else status,
            currency=USD,
            amount=amount,
            method=PaymentMethod.MOBILE_MONEY,
            payee_code=f"P-{self.number:05}",
            carrier_id=None,
            due_on=(self.at + WEEK * (place + 1)).date(),
            prepared_at=self.hour(6),
            prepared_by_id=self.fund.staff.fund,
            released_at=self.hour(7) if paid else None,
            released_by_id=self.fund.staff.finance if paid else None,
            paid_on=on if paid else None,
            charged=amount if paid else None,
            over=0,
            account_by=on + MONTH if paid else None,
            received_on=on if arrived else None,
            confirmed_to_id=self.case.desk.director if arrived else None,
            confirmed_by="phone" if arrived else None,
            version=1,
        )
        if paid:
            self._add_spending(number, amount, on, arrived=arrived, reviewed=done)

    def _add_spending(
        self, number: int, amount: int, on: date, *, arrived: bool, reviewed: bool
    ) -> None:
        self.fund.spent[self.line] += amount
        legs = (
            (LedgerAccount.LINE, amount, self.line),
            (LedgerAccount.COMMITMENTS, -amount, self.line),
            (LedgerAccount.SPENT, amount, self.line),
            (LedgerAccount.BANK, -amount, None),
        )
        self._book(Booking.PAYMENT, number, on, legs)
        self.sign("fund.release", self.fund.staff.finance, self.hour(7))
        if arrived:
            self.batch.add(
                Acquittal,
                **self.row(Acquittal, reference="No. 1"),
                request_id=self.number,
                payment_id=number,
                spent=amount,
                returned=0,
                document="transfer_slip",
                dated=on,
                alternative=False,
                recorded_by_id=self.case.owner,
                recorded_at=self.hour(8),
                reviewed_by_id=self.fund.staff.fund if reviewed else None,
                reviewed_at=self.hour(9) if reviewed else None,
                version=1,
            )

    def _add_outcome(self) -> None:
        self.batch.add(
            SupportOutcome,
            **self.row(SupportOutcome, words="They kept the house."),
            request_id=self.number,
            requested_by_id=self.case.owner,
            outcome=OUTCOMES[self.number % len(OUTCOMES)],
            collected_by_id=self.case.desk.director,
            collected_at=self.hour(9),
        )

    def _book(
        self,
        booking: Booking,
        payment: int | None,
        on: date,
        legs: Iterable[Leg],
    ) -> None:
        self.fund.booked += 1
        self.batch.add(
            Transaction,
            id=self.fund.booked,
            uid=uuid4(),
            organisation_id=self.fund.staff.organisation.id,
            booking=booking,
            booked_on=on,
            booked_at=self.hour(7),
            booked_by_id=self.fund.staff.finance if payment else self.fund.staff.fund,
            scope_id=self.case.number,
            request_id=self.number,
            payment_id=payment,
        )
        for number, (account, amount, line) in enumerate(legs, start=1):
            row = {"account": account, "amount": amount, "currency": USD, "line_id": line}
            row |= {"transaction_id": self.fund.booked, "number": number, "grant_id": self.grant}
            self.batch.add(Posting, **row)
