"""To whom a request passes where nobody of its office may go on with it: as the rules answer."""

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.rules import FUND_ITSELF, FUND_OF_ANOTHER, FUND_OF_DIRECTOR
from hrdtracker.accounts.assignments import candidates
from hrdtracker.core.db import session
from hrdtracker.fund.model import Acquittal, Payment, SupportRequest
from hrdtracker.fund.workflow import UNDECIDED

IN_ORDER = (FUND_ITSELF, FUND_OF_ANOTHER, FUND_OF_DIRECTOR)
"""A fund officer of its office; or else one of another office, or else a national director."""


def pass_on(request: SupportRequest) -> None:
    """Pass a request on where nobody of its office holds the fund for it; back where one does.

    Inside an open door.
    """
    holder = next_holder(request)
    if request.passed_to_id == holder:
        return
    request.passed_to_id = holder
    for payment in session().scalars(select(Payment).where(Payment.request_id == request.id)):
        payment.passed_to_id = holder
    session().flush()


def next_holder(request: SupportRequest) -> int | None:
    """Return who holds the fund for a request where nobody of its office may, if anybody.

    Whoever has it keeps it as long as they may, and can do what is next.
    """
    actors, but = candidates(request.organisation_id, Action.FUND_COMMIT), _accounted(request)
    for rule in IN_ORDER:
        able = policy.whom_it_fits(actors, rule, request) - but
        if able:
            return None if rule is FUND_ITSELF else _of(able, request)
    return None


def _of(able: set[int], request: SupportRequest) -> int:
    return request.passed_to_id if request.passed_to_id in able else min(able)


def _accounted(request: SupportRequest) -> set[int]:
    """Return who recorded or declared an account that waits for its review: others review it."""
    if request.status in UNDECIDED:
        return set()
    query = select(Acquittal.recorded_by_id, Acquittal.declared_by_id).where(
        Acquittal.request_id == request.id, Acquittal.is_to_review(), Acquittal.stands()
    )
    return {number for row in session().execute(query) for number in row if number is not None}
