"""Which currencies are used and lack a rate of this month that says who must decide."""

from sqlalchemy import ColumnElement, or_, select, union

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.accounts.model import Proposal
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.fund.model import (
    DonorGrant,
    ExchangeRate,
    RateKind,
    SupportRequest,
)
from hrdtracker.fund.model.request import ENDED
from hrdtracker.fund.rules.settings import settings_of


def currencies_without_rate(actor: Actor) -> list[str]:
    """Return the currencies of requests and grants under way that lack a rate of this month.

    Nothing for whoever cannot propose one. A draft counts, too: without a rate it is never sent.
    What waits for a second person is not wanted again.
    """
    if not policy.could(actor, Action.FUND_TIER_RATE):
        return []
    organisation, day = actor.organisation_id, today(actor.organisation_id)
    used = union(
        select(SupportRequest.currency).where(
            SupportRequest.organisation_id == organisation, SupportRequest.status.not_in(ENDED)
        ),
        select(DonorGrant.currency).where(
            DonorGrant.organisation_id == organisation, DonorGrant.runs_on(day)
        ),
    )
    ours = settings_of(organisation).currency
    wanted = set(session().scalars(used)) - {ours}
    return sorted(wanted - _with_rate(organisation, ours)) if wanted else []


def _with_rate(organisation: int, ours: str) -> set[str]:
    """Return the currencies that have a rate of this month to that of the settings, or soon."""
    query = select(ExchangeRate.base, ExchangeRate.quote).where(
        ExchangeRate.organisation_id == organisation,
        ExchangeRate.kind == RateKind.TIER,
        ExchangeRate.day >= today(organisation).replace(day=1),
        or_(ExchangeRate.counts_since.is_not(None), _waits()),
    )
    pairs = [{base, quote} for base, quote in session().execute(query)]
    return {other for pair in pairs if ours in pair for other in pair - {ours}}


def _waits() -> ColumnElement[bool]:
    waiting = select(Proposal.id).where(
        Proposal.subject_uid == ExchangeRate.uid, Proposal.waits(clock.now())
    )
    return waiting.exists()
