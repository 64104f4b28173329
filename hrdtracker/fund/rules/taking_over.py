"""Who holds the fund for a request where nobody of its office may: as the rules answer."""

from collections.abc import Collection

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.rules import FUND_ITSELF, FUND_OF_ANOTHER, FUND_OF_DIRECTOR
from hrdtracker.accounts.assignments import candidates
from hrdtracker.core.db import session
from hrdtracker.fund.model import Payment, SupportRequest

IN_ORDER = (FUND_ITSELF, FUND_OF_ANOTHER, FUND_OF_DIRECTOR)
"""A fund officer of its office; or else one of another office, or else a national director."""


def pass_on(request: SupportRequest, but: Collection[int] = ()) -> bool:
    """Pass a request on where nobody of its office holds the fund for it; back where one does.

    Tell whether anybody does. Whoever has it keeps it as long as they may. `but` are those who
    cannot do what is next. Inside an open door.
    """
    actors = candidates(request.organisation_id, Action.FUND_COMMIT)
    for rule in IN_ORDER:
        able = policy.whom_it_fits(actors, rule, request) - set(but)
        if able:
            holder = None if rule is FUND_ITSELF else _of(able, request)
            _name(request, holder)
            return True
    _name(request, None)
    return False


def _of(able: set[int], request: SupportRequest) -> int:
    return request.passed_to_id if request.passed_to_id in able else min(able)


def _name(request: SupportRequest, holder: int | None) -> None:
    """Write down who holds it, in the request and in each of its payments."""
    if request.passed_to_id == holder:
        return
    request.passed_to_id = holder
    for payment in session().scalars(select(Payment).where(Payment.request_id == request.id)):
        payment.passed_to_id = holder
    session().flush()
