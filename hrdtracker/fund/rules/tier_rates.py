"""The rate that says who must decide: one a month for two currencies, and two people want it."""

from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, WrongStatus
from hrdtracker.fund.drafts.money import TierRateDraft
from hrdtracker.fund.model import ExchangeRate, RateKind
from hrdtracker.fund.rules.rates import as_rate, new_rate, newest
from hrdtracker.fund.rules.settings import RULES_CHANGED, settings_of

FARTHEST = Fraction(5, 100)
"""Farther from the last one, a rate needs a reason."""
FAR = N_("This is more than 5 % away from the last rate of these currencies: write why.")
TWICE = N_("These currencies have a rate of this month already: write why it needs another.")
TOO_OLD = N_("A rate for the levels counts for %(days)s days: this one is older.")


@idempotent
def propose_tier_rate(
    actor: Actor, organisation: Organisation, draft: TierRateDraft
) -> ExchangeRate:
    """Propose what a currency is worth where it is said who must decide; raises Refused.

    It counts once a second person confirms it. What waits of the same currencies is proposed anew.
    """
    with authorised(
        actor, Action.FUND_TIER_RATE, within=organisation, sending=draft.sending
    ) as signature:
        rate = new_rate(actor, RateKind.TIER, draft.rate, draft.day)
        rate.source, rate.reason = draft.source.strip(), draft.reason.strip() or None
        _check_age(rate)
        last = newest(RateKind.TIER, organisation.id, (rate.base, rate.quote))
        against = needs_reason(rate, last)
        if against and rate.reason is None:
            raise Refused({"reason": against})
        for waiting in waiting_rates(organisation.id, rate):
            proposals.supersede(Action.FUND_TIER_RATE, waiting)
        session().add(rate)
        session().flush()
        signature.about(rate)
        proposals.propose(actor, Action.FUND_TIER_RATE, rate, _as_proposed(rate, last))
    return rate


def _as_proposed(rate: ExchangeRate, last: ExchangeRate | None) -> ProposedChange:
    """Return what the second person is to see of a rate, and beside which last one."""
    return ProposedChange(
        {
            "rate": asdict(as_rate(rate)),
            "day": rate.day.isoformat(),
            "source": rate.source,
            "reason": rate.reason,
            "last": asdict(as_rate(last)) if last else None,
            "percent": f"{float(distance(rate, last)) * 100:+.1f}" if last else None,
        }
    )


def needs_reason(rate: ExchangeRate, last: ExchangeRate | None) -> str | None:
    """Return why a rate is not confirmed without a reason, beside the last one that counts."""
    if last is None:
        return None
    if abs(distance(rate, last)) > FARTHEST:
        return FAR
    same_month = (last.day.year, last.day.month) == (rate.day.year, rate.day.month)
    return TWICE if same_month else None


def distance(rate: ExchangeRate, last: ExchangeRate) -> Fraction:
    """Return by which part of the last one a rate differs from it."""
    now, before = (Fraction(each.numerator, each.denominator) for each in (rate, last))
    return now / (before if last.base == rate.base else 1 / before) - 1


def waiting_rates(organisation_id: int, like: ExchangeRate | None = None) -> list[ExchangeRate]:
    """Return what waits for a second person, of the same two currencies where one is given."""
    query = (
        select(ExchangeRate)
        .join(Proposal, Proposal.subject_uid == ExchangeRate.uid)
        .where(
            ExchangeRate.organisation_id == organisation_id,
            Proposal.waits(clock.now()),
        )
        .order_by(ExchangeRate.id)
    )
    if like is not None:
        query = query.where(ExchangeRate.between(like.base, like.quote))
    return list(session().scalars(query))


def _check_age(rate: ExchangeRate) -> None:
    days = settings_of(rate.organisation_id).rate_days
    if rate.day < today(rate.organisation_id) - timedelta(days=days):
        raise Refused({"day": Message(TOO_OLD, {"days": days})})


@consequence(Action.FUND_TIER_RATE, RULES_CHANGED)
class TierRateCounts:
    """A rate at which two people say who must decide."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it count; raises WrongStatus where another than the last came to count meanwhile."""
        rate = rate_of(proposal)
        last = newest(RateKind.TIER, rate.organisation_id, (rate.base, rate.quote))
        if _as_proposed(rate, last).values != proposal.values:
            raise WrongStatus(N_("Another rate counts since. Propose yours anew."))
        rate.counts_since = clock.now()

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let it never count; raises WrongStatus where it does: two want another one then.

        Else whoever decides could go back to an earlier rate alone, and so to a lower level.
        """
        if proposal.effective_at is not None:
            raise WrongStatus(N_("A second person decides on this."))


def rate_of(proposal: Proposal) -> ExchangeRate:
    """Return the rate that an act is about: nothing but that act changes it."""
    query = select(ExchangeRate).where(ExchangeRate.uid == proposal.subject_uid)
    return session().scalars(query).one()
