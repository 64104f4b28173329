"""A form of the fund that is sent twice, as when a line broke, makes one record."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Base, Entity, session
from hrdtracker.core.money import Rate
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.budget import grants
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.disclosures import service as disclosures
from hrdtracker.fund.drafts.money import (
    AcquittalDraft,
    BookDraft,
    ComplaintDraft,
    DonorDraft,
    GrantDraft,
    LineDraft,
    RateDraft,
    ReportDraft,
    ReportingRateDraft,
    TierRateDraft,
)
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import (
    Booking,
    Capacity,
    Donor,
    DonorGrant,
    Payment,
    ReportingMethod,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.rules import rates, reporting_rates, tier_rates
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
Act = Callable[[Sending], Entity]


def _delegate(sending: Sending) -> Entity:
    begins, to = clock.now(), make.user("director2").uid
    ends = begins + timedelta(days=2)
    draft = DelegationDraft(to, Capacity.DIRECTOR, begins, ends, sending=sending)
    return delegation.delegate(make.actor("national"), make.organisation(), draft)


def _add_grant(sending: Sending) -> Entity:
    donor = session().scalars(select(Donor)).one()
    day = fund.today()
    draft = GrantDraft("G-2", day, day, "USD", 5_00, sending=sending)
    return grants.add_grant(make.actor("fund"), donor, draft)


def _add_line(sending: Sending) -> Entity:
    grant = session().scalars(select(DonorGrant).where(DonorGrant.code == "G-2")).one()
    return grants.add_line(make.actor("fund"), grant, LineDraft("L2", "Food", 1, sending=sending))


def _acquit(sending: Sending) -> Entity:
    payment = session().scalars(select(Payment)).one()
    slip = AcquittalDraft(
        100_00, document="transfer_slip", reference="1", dated=fund.today(), sending=sending
    )
    return acquittals.acquit(make.actor("monitor"), payment, slip, fund.seen(payment))


def _complain(sending: Sending) -> Entity:
    request = session().scalars(select(SupportRequest)).one()
    draft = ComplaintDraft("cut", "He kept some of it.", sending)
    return acquittals.complain(make.actor("director"), request, draft)


def _record_rate(sending: Sending) -> Entity:
    draft = RateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "NBC", "Line 1", sending)
    return rates.record_rate(make.actor("finance"), make.organisation(), draft)


def _propose_rate(sending: Sending) -> Entity:
    draft = TierRateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "NBC", sending=sending)
    return tier_rates.propose_tier_rate(make.actor("finance"), make.organisation(), draft)


def _record_list(sending: Sending) -> Entity:
    rate = Rate("USD", "KHR", 4100, 1)
    draft = ReportingRateDraft(rate, fund.today(), ReportingMethod.MONTHLY, "UN", sending)
    return reporting_rates.record_reporting_rate(make.actor("finance"), make.organisation(), draft)


def _book(sending: Sending) -> Entity:
    draft = BookDraft(Booking.FEE, 5, "USD", fund.today(), sending=sending)
    return books.book(make.actor("finance"), make.organisation(), draft)


def _reverse(sending: Sending) -> Entity:
    fees = select(Transaction).where(Transaction.booking == Booking.FEE)
    return fund.take_back(session().scalars(fees).one(), sending=sending)


def _report_money(sending: Sending) -> Entity:
    until = fund.today().replace(day=1) - timedelta(days=1)
    grant = session().scalars(select(DonorGrant).order_by(DonorGrant.id)).first()
    assert grant is not None
    draft = ReportDraft(until.replace(day=1), until, grant.uid, sending)
    return disclosures.prepare_money(make.actor("finance"), make.organisation(), draft)


def _add_donor(sending: Sending) -> Entity:
    draft = DonorDraft("D-2", "Donor", sending)
    return grants.add_donor(make.actor("fund"), make.organisation(), draft)


def _ask(sending: Sending) -> Entity:
    case = session().scalars(select(Case)).one()
    return requests.ask(make.actor("monitor"), case, fund.short(sending=sending))


ACTS: tuple[Act, ...] = (
    _delegate, _record_rate, _record_list, _propose_rate, _add_grant, _add_line, _add_donor, _book,
    _reverse, _report_money, _acquit, _complain, _ask,
)  # fmt: skip


def test_a_form_that_is_sent_twice_makes_one_record() -> None:
    fund.paid()
    for act in ACTS:
        sending = Sending(uuid4())
        made = act(sending)
        before = _count(type(made)), _count(AuditEntry)
        assert act(sending) is made, act.__name__
        assert (_count(type(made)), _count(AuditEntry)) == before, act.__name__


def test_an_instalment_whose_form_was_sent_twice_is_prepared_once() -> None:
    request, sending = fund.committed(), Sending(uuid4())
    (only,) = instalments_of(request)
    who = make.actor("monitor")
    payments.check(
        who, request, only.uid, still_there=True, still_needed=True, version=request.version
    )
    first, again = (
        payments.prepare(make.actor("fund"), request, only.uid, sending) for _ in range(2)
    )
    assert first is again


def _count(model: type[Base]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0
