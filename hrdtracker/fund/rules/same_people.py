"""Which requests are for the same people or pay the same payee, and what they come to together."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, or_, select

from hrdtracker.access.calendar import today
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import (
    FundSettings,
    Instalment,
    Payment,
    RequestPerson,
    RequestRole,
    SupportRequest,
)
from hrdtracker.fund.model.payment import LEFT
from hrdtracker.fund.model.request import GRANTED
from hrdtracker.fund.rules.rates import tier_worth
from hrdtracker.fund.rules.same_account import same_account
from hrdtracker.fund.workflow import ALIVE, UNDECIDED

HELPED = (RequestRole.BENEFICIARY, RequestRole.HOUSEHOLD)
SUPPORTED = (*HELPED, RequestRole.PAYEE)
"""Whose support adds up; whoever carries the money for many is not helped by it."""


def same_people(
    request: SupportRequest, parts: Iterable[RequestRole] = tuple(RequestRole)
) -> ColumnElement[bool]:
    """Return the condition that another request shares somebody who has one of `parts` in both."""
    codes = [str(part) for part in parts]
    mine = select(RequestPerson.person_id).where(
        RequestPerson.request_id == request.id, RequestPerson.part.in_(codes)
    )
    shared = select(RequestPerson.request_id).where(
        RequestPerson.person_id.in_(mine), RequestPerson.part.in_(codes)
    )
    return and_(SupportRequest.id.in_(shared), *_another(request))


def adds_up(request: SupportRequest) -> ColumnElement[bool]:
    """Return the condition that another request supports the same people or pays the same payee.

    A colleague who is paid back is known by their account, as everywhere in the fund. Plans name
    nobody: those of one case add up.
    """
    if request.households is not None:
        plans = and_(
            SupportRequest.case_id == request.case_id, SupportRequest.households.is_not(None)
        )
        return and_(plans, *_another(request))
    repaid: ColumnElement[bool] = false()
    if request.reimburses:
        repaid = and_(
            SupportRequest.reimburses, SupportRequest.requested_by_id == request.requested_by_id
        )
    return or_(same_people(request, SUPPORTED), and_(repaid, *_another(request)))


def support_besides(request: SupportRequest, settings: FundSettings) -> int:
    """Return what the same people, payee or account were granted lately, in its own currency.

    That is the currency in which it was weighed, whatever the settings say since. Every request of
    the organisation is looked at, whoever may read it. What was sent earlier and is not decided
    counts, so that of two that are decided at once one counts the other; and what left beyond what
    was approved. Raises WrongStatus without a rate.
    """
    currency = request.reference_currency or settings.currency
    which = _together(request, _counts(request, settings))
    beyond = left_beyond(request.organisation_id, currency, *which)
    return _worth(currency, which) + beyond


def emergencies_besides(request: SupportRequest, settings: FundSettings) -> int:
    """Return what of it was released in emergencies, or is about to be; raises WrongStatus.

    What was granted in the usual way was verified: it keeps nobody from help tonight.
    """
    lately = or_(
        SupportRequest.status.in_([str(status) for status in UNDECIDED]),
        SupportRequest.approved_at > adds_up_since(settings),
    )
    alive = SupportRequest.status.in_([str(status) for status in ALIVE])
    which = _together(request, and_(SupportRequest.emergency, alive, lately))
    return _worth(settings.currency, which)


def _together(request: SupportRequest, counts: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Return the conditions that another request counts, and is for the same or paid the same."""
    same = SupportRequest.id.in_(same_account(request, counts))
    return [or_(adds_up(request), same), counts]


def _worth(currency: str, which: Sequence[ColumnElement[bool]]) -> int:
    """Return what others for the same people come to; raises WrongStatus."""
    query = select(
        SupportRequest.organisation_id,
        SupportRequest.amount,
        SupportRequest.currency,
        SupportRequest.reference_amount,
        SupportRequest.reference_currency,
    ).where(*which)
    return sum(worth_of(row, currency) for row in session().execute(query))


def worth_of(row: SupportRequest | Row[*tuple[Any, ...]], currency: str) -> int:
    """Return what a request is worth in a currency; raises WrongStatus without a rate.

    As it was weighed, where it was in this currency; else today, by what it was weighed as: of two
    currencies that the settings had one after the other, somebody knows the rate.
    """
    if row.reference_amount is not None and row.reference_currency == currency:
        return int(row.reference_amount)
    money, day = Money(row.amount, row.currency), today(row.organisation_id)
    if row.reference_currency is not None and row.currency != currency:
        money = Money(row.reference_amount or 0, row.reference_currency)
    return tier_worth(money, currency, row.organisation_id, day)


def left_beyond(organisation_id: int, currency: str, *which: ColumnElement[bool]) -> int:
    """Return what left for some requests beyond what was prepared, covered or not.

    In that currency; raises WrongStatus without a rate.
    """
    query = (
        select(Payment.amount - Instalment.amount, Payment.currency)
        .join(Instalment, Instalment.id == Payment.instalment_id)
        .join(SupportRequest, SupportRequest.id == Payment.request_id)
        .where(*which, Payment.status.in_(LEFT), Payment.amount > Instalment.amount)
    )
    day = today(organisation_id)
    return sum(
        tier_worth(Money(beyond, of), currency, organisation_id, day)
        for beyond, of in session().execute(query)
    )


def _another(request: SupportRequest) -> tuple[ColumnElement[bool], ...]:
    return (
        SupportRequest.organisation_id == request.organisation_id,
        SupportRequest.id != request.id,
    )


def adds_up_since(settings: FundSettings) -> datetime:
    """Return since when what was granted counts together."""
    return clock.now() - timedelta(days=settings.adding_days)


def _counts(request: SupportRequest, settings: FundSettings) -> ColumnElement[bool]:
    """Return the condition that a request was granted lately, or is undecided and came first."""
    since = adds_up_since(settings)
    granted = SupportRequest.status.in_([str(status) for status in GRANTED])
    undecided = SupportRequest.status.in_([str(status) for status in UNDECIDED])
    first = or_(
        SupportRequest.submitted_at < request.submitted_at,
        and_(SupportRequest.submitted_at == request.submitted_at, SupportRequest.id < request.id),
    )
    return or_(
        and_(granted, SupportRequest.approved_at > since),
        and_(undecided, SupportRequest.submitted_at > since, first),
    )
