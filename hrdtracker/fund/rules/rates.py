"""What one currency is worth in another, and what for: recorded with its source, never invented."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today, zone_of
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, WrongStatus
from hrdtracker.core.money import Money, Rate
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.drafts.money import RateDraft
from hrdtracker.fund.model import DonorGrant, ExchangeRate, Payment, RateKind, SupportRequest
from hrdtracker.fund.rules.settings import settings_of

MUCH = 10**12
"""An amount at which two rates differ where they do at all."""
NO_RATE = {
    RateKind.TIER: N_(
        "There is no rate between %(one)s and %(other)s of the last %(days)s days that two people "
        "want: a finance officer or an administrator proposes one. Until then, ask in %(other)s."
    ),
    RateKind.BOOKING: N_(
        "There is no rate of the bank between %(one)s and %(other)s of the last %(days)s days: a "
        "finance officer must record one first."
    ),
}
"""Why money cannot be changed, and who must see to it."""


@idempotent
def record_rate(actor: Actor, organisation: Organisation, draft: RateDraft) -> ExchangeRate:
    """Record what the bank gave on a day, with the line that proves it; Refused for a day to come.

    Money is charged at it. It says of no request who must decide.
    """
    with authorised(
        actor, Action.FUND_RATE_RECORD, within=organisation, sending=draft.sending
    ) as signature:
        rate = new_rate(actor, RateKind.BOOKING, draft.rate, draft.day)
        rate.source, rate.bank_line = draft.source.strip(), draft.bank_line.strip()
        rate.counts_since = rate.recorded_at
        session().add(rate)
        session().flush()
        signature.about(rate)
    return rate


def new_rate(actor: Actor, kind: RateKind, rate: Rate, day: date) -> ExchangeRate:
    """Return a rate as the actor records it; raises Refused for a day that has not come."""
    if day > today(actor.organisation_id):
        raise Refused({"day": IN_FUTURE})
    return ExchangeRate(
        organisation_id=actor.organisation_id,
        kind=kind,
        base=rate.base,
        quote=rate.quote,
        numerator=rate.numerator,
        denominator=rate.denominator,
        day=day,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def recorded(organisation: Organisation, kind: RateKind, most: int = 20) -> Sequence[ExchangeRate]:
    """Return the rates of a kind that count and were recorded last, the newest day first."""
    query = (
        select(ExchangeRate)
        .where(
            ExchangeRate.organisation_id == organisation.id,
            ExchangeRate.kind == kind,
            ExchangeRate.counts_since.is_not(None),
        )
        .order_by(ExchangeRate.day.desc(), ExchangeRate.id.desc())
        .limit(most)
    )
    return session().scalars(query).all()


def newest(
    kind: RateKind,
    organisation_id: int,
    pair: tuple[str, str],
    day: date | None = None,
    known: datetime | None = None,
) -> ExchangeRate | None:
    """Return the newest rate of a kind between two currencies that counts, up to a day.

    `known` is when it counted already: one that was recorded later for that day is left out.
    """
    query = select(ExchangeRate).where(
        ExchangeRate.organisation_id == organisation_id,
        ExchangeRate.kind == kind,
        ExchangeRate.counts_since.is_not(None),
        ExchangeRate.between(*pair),
    )
    if day is not None:
        query = query.where(ExchangeRate.day <= day)
    if known is not None:
        query = query.where(ExchangeRate.counts_since <= known)
    return session().scalar(
        query.order_by(ExchangeRate.day.desc(), ExchangeRate.id.desc()).limit(1)
    )


def tier_rate(organisation_id: int, one: str, other: str, day: date) -> ExchangeRate:
    """Return the rate that says on a day who must decide; raises WrongStatus without a fresh one.

    Two people want it. No other kind ever says who must decide: whoever records a rate alone, or
    typed an instalment in another currency, would set the limit of a request.
    """
    return _fresh(RateKind.TIER, organisation_id, (one, other), day)


def booking_rate(organisation_id: int, one: str, other: str, day: date) -> ExchangeRate:
    """Return what the bank gave last up to a day; raises WrongStatus without a fresh one."""
    return _fresh(RateKind.BOOKING, organisation_id, (one, other), day)


def promise_rate(
    organisation_id: int, one: str, other: str, day: date, known: datetime | None = None
) -> ExchangeRate:
    """Return the rate at which money is promised on a day; raises WrongStatus without one.

    Before money is changed there is no bank’s rate of it: what the bank gave last is the nearest to
    what will be charged, and what two people want for the levels says whether it can be right. The
    dearer counts: whoever records a rate alone promises no large sum as a small one.
    """
    rates: list[ExchangeRate] = []
    unknown: WrongStatus | None = None
    for kind in (RateKind.BOOKING, RateKind.TIER):
        try:
            rates.append(_fresh(kind, organisation_id, (one, other), day, known))
        except WrongStatus as error:
            unknown = unknown or error
    if unknown is not None and not rates:
        raise unknown
    return max(rates, key=lambda rate: as_rate(rate).convert(Money(MUCH, one)).amount)


def charge_rate(
    payment: Payment, request: SupportRequest, grant: DonorGrant, paid_on: date
) -> ExchangeRate:
    """Return the rate at which a payment is charged to its grant; raises WrongStatus.

    What the bank gave last, up to the day on which it was paid; that of the promise, where the
    donor fixed it so: whatever is recorded for that day later.
    """
    pair = payment.organisation_id, payment.currency, grant.currency
    if grant.fixed_rate and request.committed_at is not None:
        promised_on = clock.day_of(request.committed_at, zone_of(payment.organisation_id))
        return promise_rate(*pair, promised_on, request.committed_at)
    return booking_rate(*pair, paid_on)


def _fresh(
    kind: RateKind,
    organisation_id: int,
    pair: tuple[str, str],
    day: date,
    known: datetime | None = None,
) -> ExchangeRate:
    settings = settings_of(organisation_id)
    days = settings.rate_days if kind == RateKind.TIER else settings.booking_days
    rate = newest(kind, organisation_id, pair, day, known)
    if rate is None or rate.day < day - timedelta(days=days):
        one, other = pair
        raise WrongStatus(Message(NO_RATE[kind], {"one": one, "other": other, "days": days}))
    return rate


def as_rate(row: ExchangeRate) -> Rate:
    """Return a recorded rate as one that converts."""
    return Rate(row.base, row.quote, row.numerator, row.denominator)


def tier_worth(money: Money, currency: str, organisation_id: int, day: date) -> int:
    """Return what money is worth where it is said who must decide; raises WrongStatus."""
    if money.currency == currency:
        return money.amount
    return as_rate(tier_rate(organisation_id, money.currency, currency, day)).convert(money).amount


def promised_worth(money: Money, currency: str, organisation_id: int, day: date) -> int:
    """Return what money comes to where it is promised in a currency; raises WrongStatus."""
    if money.currency == currency:
        return money.amount
    rate = promise_rate(organisation_id, money.currency, currency, day)
    return as_rate(rate).convert(money).amount
