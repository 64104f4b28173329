"""Who must decide on a request: by its amount, and by who is there and not concerned."""

from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Block, Membership, Scope, User, UserState
from hrdtracker.accounts.assignments import actors_of
from hrdtracker.accounts.sessions import in_force
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import Capacity, FundSettings, RiskLevel, SupportRequest
from hrdtracker.fund.rules.rates import worth
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.incidents.model import Urgency


def reference_amount(request: SupportRequest, settings: FundSettings) -> int:
    """Return the amount of a request in the currency of the settings; raises WrongStatus."""
    money = Money(request.amount, request.currency)
    return worth(money, settings.currency, request.organisation_id, today(request.organisation_id))


def set_needs(request: SupportRequest) -> None:
    """Write down what a request is worth, and who must approve it; raises WrongStatus.

    A fund officer always; a director from the first amount of the settings; the board’s named
    person from the second, and in place of whoever is not there or concerned.
    """
    settings = settings_of(request.organisation_id)
    amount = reference_amount(request, settings)
    request.reference_amount, request.reference_currency = amount, settings.currency
    capacities = {Capacity.OFFICER}
    if amount > settings.officer_most:
        capacities.add(Capacity.DIRECTOR)
    if amount > settings.director_most:
        capacities.add(Capacity.BOARD)
    for capacity in (Capacity.OFFICER, Capacity.DIRECTOR):
        if capacity in capacities and not somebody_can(capacity, request):
            capacities = capacities - {capacity} | {Capacity.BOARD}
    request.needs_officer = Capacity.OFFICER in capacities
    request.needs_director = Capacity.DIRECTOR in capacities
    request.needs_board = Capacity.BOARD in capacities


def _concerned(request: SupportRequest) -> set[int | None]:
    return {request.requested_by_id, request.verified_by_id}


def holds_capacity(capacity: Capacity) -> ColumnElement[bool]:
    """Return the condition that a membership lets somebody decide so."""
    if capacity == Capacity.OFFICER:
        return Membership.decides_on_money()
    return Membership.reviews()


def somebody_can(capacity: Capacity, request: SupportRequest) -> bool:
    """Tell whether anybody in this capacity neither asked nor verified nor is shut out.

    A director decides on what they direct: of a case that is not normal, its members and deciders.
    """
    shut_out = select(Block.id).where(
        Block.scope_id == request.scope_id,
        Block.user_id == User.id,
        or_(Block.ends_at.is_(None), Block.ends_at > clock.now()),
    )
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Scope, Scope.id == request.scope_id)
        .where(
            holds_capacity(capacity),
            in_force(clock.now()),
            User.state == UserState.ACTIVE,
            User.organisation_id == request.organisation_id,
            or_(Membership.office_id.is_(None), Membership.office_id == Scope.office_id),
            User.id.not_in([user_id for user_id in _concerned(request) if user_id is not None]),
            ~shut_out.exists(),
        )
    )
    users = session().scalars(query).unique().all()
    if capacity == Capacity.OFFICER:
        return bool(users)
    case = session().scalars(select(Case).where(Case.scope_id == request.scope_id)).one()
    actors = actors_of(users).values()
    return any(policy.allows(actor, Action.CASE_CLOSE, case) for actor in actors)


def decide_within(request: SupportRequest, settings: FundSettings) -> timedelta:
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
