"""Who must decide on a request: by its amount, and by who is there and not concerned."""

from contextlib import suppress
from datetime import datetime, timedelta

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.calendar import today, zone_of
from hrdtracker.access.rule import every
from hrdtracker.access.rules import FUNDS_IT, ON_DIRECTED_CASE, TOOK_NO_PART
from hrdtracker.accounts.assignments import candidates
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.core.when.model import midnight
from hrdtracker.fund.capacity import COLUMN, NEEDS, needs
from hrdtracker.fund.model import (
    Capacity,
    ExchangeRate,
    FundSettings,
    RiskLevel,
    SupportRequest,
)
from hrdtracker.fund.rules.passing_on import next_holder, pass_on
from hrdtracker.fund.rules.plans import plan_of
from hrdtracker.fund.rules.rates import as_rate, tier_rate, tier_worth
from hrdtracker.fund.rules.same_people import left_beyond, support_besides
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.fund.workflow import BEFORE_DECISION
from hrdtracker.incidents.model import Urgency

DECIDES_AS = {
    Capacity.OFFICER: every(FUNDS_IT, TOOK_NO_PART),
    Capacity.DIRECTOR: every(ON_DIRECTED_CASE, TOOK_NO_PART),
}


def set_level(request: SupportRequest) -> None:
    """Say how high a request must go by itself, as it is sent: at the rate and amounts of that day.

    What others were granted is counted after it (`set_needs_anyway`): no refusal may tell of that.
    Nothing lowers it until the request is sent anew: no other rate, and no other settings. Raises
    WrongStatus where nobody knows what its currency is worth.
    """
    settings = settings_of(request.organisation_id)
    amount, rate = worth_today(request, settings)
    if request.reference_currency != settings.currency:
        request.other_amount = 0  # counted in another currency
    request.reference_amount, request.reference_currency = amount, settings.currency
    request.level_rate_id = rate.id if rate is not None else None
    request.fits_emergency = amount <= settings.emergency_most
    request.level = level_of(amount, settings)
    pass_on(request)
    _write_needs(request)


def level_of(amount: int, settings: FundSettings) -> Capacity:
    """Return how high an amount must go by the settings."""
    if amount > settings.director_most:
        return Capacity.BOARD
    return Capacity.DIRECTOR if amount > settings.officer_most else Capacity.OFFICER


def raise_level(request: SupportRequest) -> None:
    """Raise the level by all that left beyond what was prepared, or to the highest without a rate.

    What left meanwhile for the same people or payee counts with it, as where somebody approves. Its
    approvals stay as they are; whoever covers what is over decides as high.
    """
    currency = request.reference_currency or settings_of(request.organisation_id).currency
    try:
        count_others(request)
        own = SupportRequest.id == request.id
        more = left_beyond(request.organisation_id, currency, own)
        request.level = _level_with(request, more)
    except WrongStatus:
        request.level = Capacity.BOARD


def _level_with(request: SupportRequest, more: int = 0) -> Capacity:
    """Return the level of a request by its sum with others and `more`, by the amounts of today.

    So stricter settings raise it, and others lower nothing. What was weighed in another currency
    than the settings have now is weighed at the rate for the levels. Raises WrongStatus without a
    rate.
    """
    settings, order = settings_of(request.organisation_id), list(Capacity)
    before = _level_of(request)
    if before == Capacity.BOARD or request.reference_currency is None:
        return before
    money = Money(request.counted_amount + more, request.reference_currency)
    day = today(request.organisation_id)
    amount = tier_worth(money, settings.currency, request.organisation_id, day)
    return max(before, level_of(amount, settings), key=order.index)


def worth_today(request: SupportRequest, settings: FundSettings) -> tuple[int, ExchangeRate | None]:
    """Return what a request comes to in the currency of the settings, and the rate that says so.

    Raises WrongStatus where nobody knows; no rate, where it takes none.
    """
    if request.currency == settings.currency:
        return request.amount, None
    organisation, day = request.organisation_id, today(request.organisation_id)
    rate = tier_rate(organisation, request.currency, settings.currency, day)
    return as_rate(rate).convert(Money(request.amount, request.currency)).amount, rate


def set_needs(request: SupportRequest) -> None:
    """Write down who must approve a request: as high as its level, and by who is there now.

    What the same people or payee were granted lately counts with it.
    """
    pass_on(request)
    count_others(request)
    request.level = _level_with(request)
    _write_needs(request)


def set_needs_anyway(request: SupportRequest) -> None:
    """Write down who must approve where that cannot wait for a rate: what counted before counts.

    It is counted anew, or refused, before anybody approves.
    """
    pass_on(request)
    with suppress(WrongStatus):
        count_others(request)
        request.level = _level_with(request)
    _write_needs(request)


def _write_needs(request: SupportRequest) -> None:
    capacities = _capacities(request, _level_of(request))
    for capacity, column in NEEDS.items():
        setattr(request, column, capacity in capacities)


def raise_needs(request: SupportRequest) -> bool:
    """Count anew what others were granted meanwhile; tell whether more must approve for it.

    Nobody is taken out of those who must: a level never falls here.
    """
    if not count_others(request):
        return False
    before = needs(request)
    request.level = _level_with(request)
    for capacity in _capacities(request, _level_of(request)):
        setattr(request, NEEDS[capacity], True)
    session().flush()
    return needs(request) != before


def count_others(request: SupportRequest) -> bool:
    """Write down what the same people or payee were granted besides; tell whether it is more now.

    It never falls while a request stands, whatever its author takes back or sends anew: only
    somebody else who returns the request lets it be counted from nothing. It is counted in the
    currency in which the request was weighed; raises WrongStatus where no rate leads there.
    """
    settings, before = settings_of(request.organisation_id), request.other_amount
    request.other_amount = max(before, support_besides(request, settings))
    return request.other_amount > before


def needs_are_open(request: SupportRequest) -> bool:
    """Tell whether who must approve can still be written anew: nothing is decided.

    Not of an emergency: it takes the same two as before.
    """
    return request.status in BEFORE_DECISION and not request.emergency


def passing_on_helps(request: SupportRequest) -> bool:
    """Tell whether somebody else would hold what is stuck, or decide on it, were it passed on."""
    if next_holder(request) != request.passed_to_id:
        return True
    if not needs_are_open(request):
        return False
    level = _level_of(request)
    with suppress(WrongStatus):
        level = _level_with(request)
    return _capacities(request, level) != set(needs(request))


def _level_of(request: SupportRequest) -> Capacity:
    return Capacity(request.level or Capacity.BOARD)


def _capacities(request: SupportRequest, level: Capacity) -> set[Capacity]:
    """Return as what somebody must approve a request of this level.

    A fund officer always; a director and the board’s named person as high as it must go; that
    person also in place of whoever is not there or concerned.
    """
    order = list(Capacity)
    capacities = set(order[: order.index(level) + 1]) - _decided_with_plan(request)
    for capacity in (Capacity.OFFICER, Capacity.DIRECTOR):
        if capacity in capacities and not somebody_can(capacity, request):
            capacities = capacities - {capacity} | {Capacity.BOARD}
    return capacities


def _decided_with_plan(request: SupportRequest) -> set[Capacity]:
    """Return whose approval of a request its plan has already; a fund officer looks at each.

    Whoever decided on the plan decided on nothing that they ask for, verify or carry themself.
    """
    plan = plan_of(request)
    took_part = request.took_part()
    return {
        capacity
        for capacity in (needs(plan) if plan is not None else ())
        if capacity != Capacity.OFFICER and getattr(plan, COLUMN[capacity]) not in took_part
    }


def somebody_can(capacity: Capacity, request: SupportRequest) -> bool:
    """Tell whether anybody may decide in this capacity who did not ask, verify or carry."""
    actors = candidates(request.organisation_id, Action.FUND_APPROVE)
    return bool(policy.whom_it_fits(actors, DECIDES_AS[capacity], request))


def decide_by(request: SupportRequest, sent_at: datetime, settings: FundSettings) -> datetime:
    """Return until when a request is decided: as urgency and risk ask, never after it is needed.

    What is needed on a day is decided in its last minute at the latest.
    """
    by = sent_at + _decide_within(request, settings)
    if request.needed_by is None:
        return by
    day_after = request.needed_by + timedelta(days=1)
    ends = midnight(day_after, zone_of(request.organisation_id)) - timedelta(minutes=1)
    return min(by, ends)


def _decide_within(request: SupportRequest, settings: FundSettings) -> timedelta:
    """Return how long a decision may take: the shorter of what urgency and risk ask."""
    by_urgency = {Urgency.CRITICAL: settings.critical_hours, Urgency.URGENT: settings.high_hours}
    by_risk = {RiskLevel.CRITICAL: settings.critical_hours, RiskLevel.HIGH: settings.high_hours}
    hours = min(
        by_urgency.get(Urgency(request.urgency), settings.normal_hours),
        by_risk.get(RiskLevel(request.risk_level), settings.normal_hours)
        if request.risk_level
        else settings.normal_hours,
    )
    return timedelta(hours=hours)
