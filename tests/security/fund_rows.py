"""The fund in the world of the law: in each case requests in several hands, and what follows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from hrdtracker.access.model import Organisation, User
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.fund.disclosures.content import ToldNumbers
from hrdtracker.fund.model import (
    Acquittal,
    BudgetLine,
    ClosedMonth,
    Complaint,
    Decision,
    Declaration,
    Delegation,
    Disclosure,
    DisclosureKind,
    Donor,
    DonorGrant,
    EmergencyRelease,
    ExchangeRate,
    FundSettings,
    GrantTerm,
    Instalment,
    Payment,
    Posting,
    RequestItem,
    RequestPerson,
    SupportOutcome,
    SupportRequest,
    Transaction,
    Verification,
    Voucher,
)
from hrdtracker.people.model import Person
from tests import make
from tests.security.rows import filled, keep, sealed

DAY = date(2026, 1, 31)
HOUR = timedelta(hours=1)
STAND_IN = "state_active"
"""A monitor who decides while the fund officer is away."""


def fund_of(organisation: Organisation) -> dict[str, Entity]:
    """Add a donor, a grant and a line; in an open door."""
    about = {"organisation_id": organisation.id}
    donor = sealed(Donor, organisation.data_key_id, **about, code="D")
    keep(donor)
    grant = sealed(
        DonorGrant, organisation.data_key_id, **about, donor_id=donor.id, code="G", total=10**6,
        currency="USD", pooling_agreed_on=DAY,
    )  # fmt: skip
    keep(grant)
    line = filled(BudgetLine, **about, grant_id=grant.id, code="L", amount=10**6)
    keep(line, GrantTerm(grant_id=grant.id, restriction="area", code="judiciary"))
    rows = {"donor": donor, "grant": grant, "line": line, "book_voucher": _of_no_case(organisation)}
    return {**rows, **_reports(grant)}


def _of_no_case(organisation: Organisation) -> Voucher:
    """Add a reversal that belongs to no case, of which the auditor is said to have seen it."""
    about, third = {"organisation_id": organisation.id}, make.user("state_left")
    day = DAY + timedelta(days=9)
    booked = filled(Transaction, **about, booking="fee", booked_on=day, booked_by_id=third.id)
    keep(booked)
    row: Voucher = sealed(
        Voucher, organisation.data_key_id, **about, transaction_id=booked.id, kind="mistyped",
        written_by_id=third.id, seen_by_id=make.user("auditor").id,
        witnessed=None, witnessed_at=None, replaced_at=None,
    )  # fmt: skip
    keep(row)
    return row


def _reports(grant: DonorGrant) -> dict[str, Entity]:
    """Add what the donor of a grant was told of its money and of the people it helped."""
    about = {
        "organisation_id": grant.organisation_id,
        "grant_id": grant.id,
        "donor_id": grant.donor_id,
        "since": DAY.replace(day=1),
        "until": DAY,
        "numbers": ToldNumbers("USD").as_text(),
        "prepared_by_id": make.user("fund").id,
        "told_at": clock.now(),
        "dropped_at": None,
    }
    of_none = {**about, "grant_id": None, "donor_id": None}
    told = {
        f"told_{kind}": filled(
            Disclosure, **(of_none if kind == DisclosureKind.COURTS else about), kind=kind
        )
        for kind in DisclosureKind
    }
    keep(*told.values())
    return told


def settings_and_rates(organisation: Organisation, by: User) -> Delegation:
    """Add the settings with the board’s person, a rate, a closed month and two delegations.

    Returns the one that the fund officer gave.
    """
    about = {"organisation_id": organisation.id}
    moment = clock.now()
    given = Delegation(
        **about,
        from_id=make.user("fund").id,
        to_id=make.user("fund2").id,
        capacity="officer",
        office_id=make.office(make.HERE).id,
        starts_at=moment - HOUR,
        ends_at=moment + timedelta(days=3650),
        confirmed_at=moment,
    )
    keep(
        given,
        FundSettings(**about, board_id=make.user("board").id),
        filled(
            ExchangeRate,
            **about,
            kind="booking",
            base="USD",
            quote="KHR",
            recorded_by_id=by.id,
            bank_line="Line 1",
            counts_since=moment,
        ),
        filled(ClosedMonth, **about, until=DAY, closed_by_id=by.id),
        Delegation(
            **about,
            from_id=make.user("fund2").id,
            to_id=make.user(STAND_IN).id,
            capacity="officer",
            office_id=make.office(make.HERE).id,
            starts_at=moment - HOUR,
            ends_at=moment + timedelta(days=3650),
            confirmed_at=moment,
        ),
    )
    return given


class FundBuilder:
    """Makes what the fund keeps in one case; in an open door."""

    def __init__(self, case: Case, person: Person, owner: User, who: User) -> None:
        self.case, self.person, self.owner, self.who = case, person, owner, who
        self.other = make.user("nobody")
        self.third = make.user("state_left")
        self.moment = clock.now()
        lines = select(BudgetLine).where(BudgetLine.organisation_id == case.organisation_id)
        self.line = session().scalars(lines).one()
        self.number = 0
        self.inside: dict[str, Any] = {"scope_id": case.scope_id}
        self.locked: dict[str, Any] = {**self.inside, "key_id": case.data_key_id}

    def rows(self) -> Iterator[tuple[str, Entity]]:
        """Yield requests that different people asked for, verified, approved; and what follows."""
        yield "request", self.request()
        yield "request_draft", self.request(status="draft", needs_board=False)
        verified = self.request(verified_by_id=self.who.id, **self.by_other())
        yield "request_verified", verified
        yield "payment_verified", self.payment(verified)
        approved = self.request(approved_by_id=self.who.id, **self.by_other())
        yield "request_approved", approved
        carried = self.request(carrier_id=self.who.id, **self.by_other())
        yield "request_carried", carried
        self.work(carried)
        passed = self.request(passed_to_id=self.who.id, **self.by_other())
        yield "request_passed", passed
        yield "payment_passed", self.payment(passed)
        free = self.request(**self.by_other())
        yield "request_free", free
        payment = self.payment(free)
        yield "payment", payment
        yield "payment_over", self.payment(free, over=1)
        yield "payment_asked", self.payment(self.request(requested_by_id=self.who.id))
        yield "payment_approved", self.payment(approved)
        yield "payment_carried", self.payment(carried, carrier_id=self.who.id)
        yield "payment_released", self.released(self.request(**self.by_other()))
        yield from self.ends(free, payment)
        yield "complaint_carried", self.complaint(carried)

    def by_other(self) -> dict[str, int]:
        """Return that somebody else asked for it."""
        return {"requested_by_id": self.other.id}

    def request(self, **values: Any) -> SupportRequest:
        """Add a request that waits for a decision; the owner of the case asked for it."""
        self.number += 1
        about: dict[str, Any] = {
            "organisation_id": self.case.organisation_id,
            "case_id": self.case.id,
            "code": f"F-{self.case.id}-{self.number}",
            "status": "recommended",
            "edition": 1,
            "amount": 100_00,
            "submitted_at": self.moment,
            "decide_by": self.moment,
            "recommended_at": self.moment,
            "requested_by_id": self.owner.id,
            "verified_by_id": self.third.id,
            "level": "board",
            "needs_officer": True,
            "needs_board": True,
            **values,
        }
        row: SupportRequest = sealed(SupportRequest, self.locked["key_id"], **self.inside, **about)
        keep(row)
        return row

    def work(self, request: SupportRequest) -> None:
        """Add what is done on a request."""
        about = {"request_id": request.id}
        keep(
            RequestPerson(**about, person_id=self.person.id, part="beneficiary"),
            sealed(
                RequestItem, self.locked["key_id"], **self.inside, **about, position=0,
                support_type="family", quantity=1, each=5, amount=5,
            ),
            sealed(
                Verification, self.locked["key_id"], **self.inside, **about, edition=1,
                verified_by_id=self.third.id,
            ),
            sealed(
                Decision, self.locked["key_id"], **self.inside, **about, verdict="recommended",
                decided_by_id=self.third.id,
            ),
            filled(Declaration, **self.inside, **about, user_id=self.third.id, knows=False),
            filled(
                EmergencyRelease, **self.inside, **about, officer_id=self.third.id,
                director_id=self.other.id,
            ),
        )  # fmt: skip

    def payment(self, request: SupportRequest, **values: Any) -> Payment:
        """Add a prepared payment of a request."""
        self.number += 1
        instalment = filled(
            Instalment, **self.inside, request_id=request.id, number=self.number, currency="USD"
        )
        keep(instalment)
        about: dict[str, Any] = {
            "organisation_id": self.case.organisation_id,
            "request_id": request.id,
            "instalment_id": instalment.id,
            "line_id": self.line.id,
            "code": f"T-{self.case.id}-{self.number}",
            "currency": "USD",
            "method": "cash",
            "payee_code": "P-1",
            "prepared_by_id": self.third.id,
            **request.duties(),
            **values,
        }
        row: Payment = sealed(Payment, self.locked["key_id"], **self.inside, **about)
        keep(row)
        return row

    def released(self, request: SupportRequest) -> Payment:
        """Add a payment that `who` released."""
        return self.payment(
            request,
            status="paid",
            paid_on=DAY,
            released_at=self.moment,
            released_by_id=self.who.id,
            charged=1,
        )

    def complaint(self, request: SupportRequest) -> Complaint:
        """Add a complaint about a request."""
        row: Complaint = sealed(
            Complaint, self.locked["key_id"], **self.inside, request_id=request.id, kind="cut",
            taken_by_id=self.third.id,
        )  # fmt: skip
        keep(row)
        return row

    def ends(self, request: SupportRequest, payment: Payment) -> Iterator[tuple[str, Entity]]:
        """Add what accounts for a payment, an entry in the books, an outcome, a complaint."""
        about = {"request_id": request.id}
        keep(
            sealed(
                Acquittal, self.locked["key_id"], **self.inside, **about, payment_id=payment.id,
                spent=1, recorded_by_id=self.third.id,
            ),
            sealed(
                SupportOutcome, self.locked["key_id"], **self.inside, **about, outcome="yes",
                requested_by_id=self.other.id, collected_by_id=self.third.id,
            ),
        )  # fmt: skip
        booked = self.booked(request)
        yield "transaction", booked
        yield "voucher_other", self.voucher(booked, payment, self.other)
        yield "voucher", self.voucher(self.booked(request), payment, self.who)
        yield "complaint", self.complaint(request)

    def booked(self, request: SupportRequest) -> Transaction:
        """Add an entry in the books."""
        booked: Transaction = filled(
            Transaction, **self.inside, request_id=request.id, booking="commitment",
            organisation_id=self.case.organisation_id,
            booked_on=DAY + timedelta(days=9), booked_by_id=self.third.id,
        )  # fmt: skip
        keep(booked)
        keep(
            *(
                filled(
                    Posting, transaction_id=booked.id, number=number, account=account,
                    currency="USD", amount=amount, line_id=self.line.id,
                )
                for number, account, amount in ((1, "line", -1), (2, "commitments", 1))
            )
        )  # fmt: skip
        return booked

    def voucher(self, booked: Transaction, payment: Payment, seen_by: User) -> Voucher:
        """Add why an entry is reversed, and who is named as having seen that."""
        row: Voucher = sealed(
            Voucher, self.locked["key_id"], scope_id=self.case.scope_id,
            organisation_id=self.case.organisation_id, transaction_id=booked.id,
            payment_id=payment.id, kind="never_left", written_by_id=self.third.id,
            replaced_at=None,
            seen_by_id=seen_by.id, witnessed=None, witnessed_at=None,
        )  # fmt: skip
        keep(row)
        return row
