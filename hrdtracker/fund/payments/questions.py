"""What is asked once more before it is kept that money left: so much more, or on such a day?

What left is a fact and is always kept; but a zero too many and a wrong year are ordinary slips.
"""

from datetime import date, datetime, timedelta

from hrdtracker.access.calendar import today, zone_of
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.money import Money
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.drafts.money import ReleaseDraft
from hrdtracker.fund.model import DonorGrant, SupportRequest

LONG_AGO = timedelta(days=60)
"""Older is asked about: such a payment is seldom recorded only now."""
AGAIN = N_("%(prepared)s was prepared. If more left, type here again how much.")
DIFFERS = N_("This is not what you typed above. Type there and here how much left.")
UNSENT = N_("The request was sent only after that day. Correct the day, or say why.")
NOT_RETROACTIVE = N_(
    "The request was sent only after that day, and its grant does not pay what was spent before."
    " Correct the day, or say why."
)
UNAPPROVED = N_("The request was approved only after that day. Correct the day, or say why.")
OLD = N_("That day is more than %(days)d days ago. Correct the day, or say why.")


def check_amount(draft: ReleaseDraft, prepared: Money) -> None:
    """Refuse more than was prepared, unless the same amount was typed twice."""
    left = draft.amount or prepared.amount
    if left > prepared.amount and draft.again != left:
        asked = Message(AGAIN, {"prepared": prepared})
        raise Refused({"again": asked if draft.again is None else DIFFERS})


def check_day(draft: ReleaseDraft, request: SupportRequest, grant: DonorGrant) -> None:
    """Refuse a day to come; and, without a reason, one before the approval or long ago."""
    if draft.paid_on > today(request.organisation_id):
        raise Refused({"paid_on": IN_FUTURE})
    question = _question(draft.paid_on, request, grant)
    if question is not None and not draft.day_reason.strip():
        raise Refused({"day_reason": question})


def _question(day: date, request: SupportRequest, grant: DonorGrant) -> Message | str | None:
    def before(moment: datetime | None) -> bool:
        return moment is not None and day < clock.day_of(moment, zone_of(request.organisation_id))

    if before(request.submitted_at):
        return UNSENT if grant.retroactive else NOT_RETROACTIVE
    if before(request.approved_at):
        return UNAPPROVED
    if today(request.organisation_id) - day > LONG_AGO:
        return Message(OLD, {"days": LONG_AGO.days})
    return None
