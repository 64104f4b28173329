"""What one currency is worth in another: recorded with its day and source, never invented."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, WrongStatus
from hrdtracker.core.money import Money, Rate
from hrdtracker.fund.drafts.money import RateDraft
from hrdtracker.fund.model import ExchangeRate


@idempotent
def record_rate(actor: Actor, organisation: Organisation, draft: RateDraft) -> ExchangeRate:
    """Record what a currency was worth on a day; the newest of a day counts."""
    with authorised(
        actor, Action.FUND_RATE_RECORD, within=organisation, sending=draft.sending
    ) as signature:
        rate = ExchangeRate(
            organisation_id=organisation.id,
            base=draft.rate.base,
            quote=draft.rate.quote,
            numerator=draft.rate.numerator,
            denominator=draft.rate.denominator,
            day=draft.day,
            source=draft.source.strip(),
            recorded_by_id=actor.id,
            recorded_at=clock.now(),
        )
        session().add(rate)
        session().flush()
        signature.about(rate)
    return rate


def recorded(organisation: Organisation, most: int = 30) -> Sequence[ExchangeRate]:
    """Return the rates recorded last, those of the newest day first."""
    query = (
        select(ExchangeRate)
        .where(ExchangeRate.organisation_id == organisation.id)
        .order_by(ExchangeRate.day.desc(), ExchangeRate.id.desc())
        .limit(most)
    )
    return session().scalars(query).all()


def rate_on(organisation_id: int, one: str, other: str, day: date) -> ExchangeRate:
    """Return the newest rate between two currencies up to a day; raises WrongStatus without one."""
    pairs = (
        and_(ExchangeRate.base == one, ExchangeRate.quote == other),
        and_(ExchangeRate.base == other, ExchangeRate.quote == one),
    )
    query = (
        select(ExchangeRate)
        .where(ExchangeRate.organisation_id == organisation_id, ExchangeRate.day <= day)
        .where(or_(*pairs))
        .order_by(ExchangeRate.day.desc(), ExchangeRate.id.desc())
        .limit(1)
    )
    rate = session().scalar(query)
    if rate is None:
        says = N_("There is no rate between %(one)s and %(other)s yet: record one first.")
        raise WrongStatus(Message(says, {"one": one, "other": other}))
    return rate


def as_rate(row: ExchangeRate) -> Rate:
    """Return a recorded rate as one that converts."""
    return Rate(row.base, row.quote, row.numerator, row.denominator)


def worth(money: Money, currency: str, organisation_id: int, day: date) -> int:
    """Return what money is worth in a currency, in its smallest unit; raises WrongStatus."""
    if money.currency == currency:
        return money.amount
    rate = as_rate(rate_on(organisation_id, money.currency, currency, day))
    return rate.convert(money).amount
