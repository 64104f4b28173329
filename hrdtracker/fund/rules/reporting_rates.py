"""The rate at which a donor wants money of another currency told: of a list, or the average."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.money import Money, Rate
from hrdtracker.fund.drafts.money import ReportingRateDraft
from hrdtracker.fund.model import (
    BudgetLine,
    DonorGrant,
    ExchangeRate,
    Payment,
    RateKind,
    ReportingMethod,
)
from hrdtracker.fund.rules.rates import as_rate, new_rate

FINEST = 10_000
"""The average is a fraction with at most this below the line: four decimals and more."""


@idempotent
def record_reporting_rate(
    actor: Actor, organisation: Organisation, draft: ReportingRateDraft
) -> ExchangeRate:
    """Record what a list says of a month; Refused for a month that has not begun."""
    with authorised(
        actor, Action.FUND_RATE_RECORD, within=organisation, sending=draft.sending
    ) as signature:
        rate = new_rate(actor, RateKind.REPORTING, draft.rate, draft.month.replace(day=1))
        rate.source, rate.method = draft.source.strip(), draft.method
        rate.counts_since = rate.recorded_at
        session().add(rate)
        session().flush()
        signature.about(rate)
    return rate


def reporting_rates(grant: DonorGrant, day: date) -> Mapping[str, Rate | None]:
    """Return the rate of each other currency in which a grant paid; None where a list lacks it."""
    paid = _paid(grant, day)
    if grant.rate_method == ReportingMethod.AVERAGE:
        return {currency: _average(grant, *sums) for currency, sums in paid.items()}
    return {currency: _of_list(grant, currency, day) for currency in paid}


def _paid(grant: DonorGrant, day: date) -> dict[str, tuple[Money, int]]:
    """Return what left in each other currency up to a day, and what it took from the grant."""
    query = (
        select(Payment.currency, func.sum(Payment.amount), func.sum(Payment.charged))
        .join(BudgetLine, BudgetLine.id == Payment.line_id)
        .where(
            BudgetLine.grant_id == grant.id,
            Payment.currency != grant.currency,
            Payment.rate_id.is_not(None),
            Payment.charged.is_not(None),
            Payment.paid_on <= day,
        )
        .group_by(Payment.currency)
        .order_by(Payment.currency)
    )
    return {
        currency: (Money(int(amount), currency), int(charged or 0))
        for currency, amount, charged in session().execute(query)
    }


def _average(grant: DonorGrant, paid: Money, charged: int) -> Rate | None:
    """Return what one unit of the grant’s currency came to, by the weight of each payment."""
    taken = Money(charged, grant.currency)
    if not taken.major:
        return None
    ratio = (Fraction(paid.major) / Fraction(taken.major)).limit_denominator(FINEST)
    return Rate(grant.currency, paid.currency, ratio.numerator, ratio.denominator)


def _of_list(grant: DonorGrant, currency: str, day: date) -> Rate | None:
    """Return what the donor’s list says of the month of a day."""
    query = (
        select(ExchangeRate)
        .where(
            ExchangeRate.organisation_id == grant.organisation_id,
            ExchangeRate.kind == RateKind.REPORTING,
            ExchangeRate.method == grant.rate_method,
            ExchangeRate.day == day.replace(day=1),
            ExchangeRate.between(grant.currency, currency),
        )
        .order_by(ExchangeRate.id.desc())
        .limit(1)
    )
    rate = session().scalar(query)
    return as_rate(rate) if rate is not None else None
