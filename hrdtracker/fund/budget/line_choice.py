"""Which line a request could stand on: what each has left, and what its grant does not allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.core.db import session
from hrdtracker.core.errors import Message, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.fund.budget.commitments import NOT_ENOUGH, in_currency_of
from hrdtracker.fund.budget.restrictions import Limits
from hrdtracker.fund.model import BudgetLine, DonorGrant, SupportRequest


@dataclass(frozen=True)
class LineChoice:
    """A line, what the request would take of it, and what speaks against it."""

    line: BudgetLine
    grant: DonorGrant
    takes: Money | None
    """None where nobody has recorded what the currency is worth."""
    against: Sequence[Message]

    @property
    def left(self) -> Money:
        """Return what may still be committed on it."""
        return Money(self.line.available, self.grant.currency)

    @property
    def fits(self) -> bool:
        """Tell whether nothing speaks against it."""
        return not self.against


def lines_for(actor: Actor, request: SupportRequest) -> list[LineChoice]:
    """Return the lines of grants that run now, those that fit first; the actor sees the grants."""
    day = today(request.organisation_id)
    query = (
        select(BudgetLine, DonorGrant)
        .join(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
        .where(
            policy.condition(actor, Action.FUND_DONOR_READ, DonorGrant),
            DonorGrant.runs_on(day),
        )
        .order_by(DonorGrant.code, BudgetLine.code)
    )
    rows = session().execute(query).all()
    limits = Limits(request, [grant for _, grant in rows])
    amounts = {grant.currency: _amount(grant, request) for _, grant in rows}
    choices = [_choice(limits, line, grant, amounts[grant.currency]) for line, grant in rows]
    return sorted(choices, key=lambda choice: not choice.fits)


def left_on(actor: Actor, line: BudgetLine, grant: DonorGrant) -> Money | None:
    """Return what may still be committed on a line, to whoever may see what the fund has."""
    if not policy.could(actor, Action.FUND_READ):
        return None
    return Money(line.available, grant.currency)


def _amount(grant: DonorGrant, request: SupportRequest) -> int | Message:
    """Return what a request takes of a grant, or why nobody knows."""
    try:
        return in_currency_of(grant, request)
    except WrongStatus as unknown:
        return unknown.reason


def _choice(
    limits: Limits, line: BudgetLine, grant: DonorGrant, amount: int | Message
) -> LineChoice:
    if isinstance(amount, Message):
        return LineChoice(line, grant, None, [amount])
    against, request = limits.objections(grant, amount), limits.request
    if line.id != request.line_id and amount > line.available:
        against.append(Message(NOT_ENOUGH))
    return LineChoice(line, grant, Money(amount, grant.currency), against)
