"""The rate at which a donor wants money of another currency told: of a list, or the average."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from sqlalchemy import or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.money import Money, Rate
from hrdtracker.fund.drafts.money import ReportingRateDraft
from hrdtracker.fund.model import (
    DonorGrant,
    ExchangeRate,
    RateKind,
    ReportingMethod,
)
from hrdtracker.fund.rules.exchanged import Exchanged, exchanged
from hrdtracker.fund.rules.rates import as_rate, new_rate

FINEST = 10_000
"""The average is a fraction of which one part is at most this: four decimals and more."""


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
    """Return the rate of each other currency in which a grant spent; None where a list lacks it."""
    spent = exchanged(grant, day)
    if grant.rate_method == ReportingMethod.AVERAGE:
        return average_rates(grant, spent)
    month = day.replace(day=1)
    listed = listed_rates(grant, [month])
    currencies = dict.fromkeys(part.spent.currency for part in spent)
    found = {currency: listed.get((currency, month)) for currency in currencies}
    return {currency: as_rate(row) if row else None for currency, row in found.items()}


def average_rates(grant: DonorGrant, spent: Iterable[Exchanged]) -> dict[str, Rate | None]:
    """Return what one unit of the grant’s currency came to, as it is shown, by currency."""
    return {
        currency: shown_average(grant, currency, worth) if worth else None
        for currency, worth in averages(spent).items()
    }


def averages(spent: Iterable[Exchanged]) -> dict[str, Fraction | None]:
    """Return what the smallest unit of each other currency took of the grant, in its smallest.

    By the weight of each payment. Where more came back than was spent, it is the average of that;
    None where one of the two sums is nothing, or only one is less than nothing.
    """
    sums: dict[str, tuple[int, int]] = {}
    for part in spent:
        before = sums.get(part.spent.currency, (0, 0))
        sums[part.spent.currency] = before[0] + part.spent.amount, before[1] + part.taken.amount
    return {
        currency: Fraction(taken, units) if units * taken > 0 else None
        for currency, (units, taken) in sums.items()
    }


def shown_average(grant: DonorGrant, currency: str, worth: Fraction) -> Rate:
    """Return an average as a rate that people read; what it converts is worked out exactly."""
    units = Fraction(Money(1, currency).major) / Fraction(Money(1, grant.currency).major)
    ratio = units / worth
    if ratio < 1:
        ratio = 1 / (1 / ratio).limit_denominator(FINEST)
    else:
        ratio = ratio.limit_denominator(FINEST)
    return Rate(grant.currency, currency, ratio.numerator, ratio.denominator)


def listed_rates(
    grant: DonorGrant, months: Iterable[date]
) -> Mapping[tuple[str, date], ExchangeRate]:
    """Return what the donor’s list says of some months, by the other currency and the month."""
    query = (
        select(ExchangeRate)
        .where(
            ExchangeRate.organisation_id == grant.organisation_id,
            ExchangeRate.method == grant.rate_method,  # no other kind has one
            ExchangeRate.day.in_(sorted(set(months))),
            or_(ExchangeRate.base == grant.currency, ExchangeRate.quote == grant.currency),
        )
        .order_by(ExchangeRate.id)
    )
    return {
        (rate.quote if rate.base == grant.currency else rate.base, rate.day): rate
        for rate in session().scalars(query)
    }
