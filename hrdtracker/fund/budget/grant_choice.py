"""The grant that somebody chose from a list: one they may see, or none."""

from uuid import UUID

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.fund.model import DonorGrant


def chosen_grant(actor: Actor, uid: UUID | None) -> DonorGrant | None:
    """Return a grant that the actor sees, None where none was chosen; raises Refused."""
    if uid is None:
        return None
    query = policy.visible(actor, Action.FUND_DONOR_READ, DonorGrant)
    grant = session().scalar(query.where(DonorGrant.uid == uid))
    if grant is None:
        raise Refused({"grant": N_("Choose a grant of the list.")})
    return grant
