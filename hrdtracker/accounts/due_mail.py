"""Who wants a mail when something is due: off at first, and at most one in a set time."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.accounts.model import DueMail
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.service import enqueue


def wants_due_mail(user_id: int) -> bool:
    """Tell whether somebody wants a mail when something is due."""
    return session().get(DueMail, user_id) is not None


def switch_due_mail(user_id: int, *, on: bool) -> None:
    """Keep whether somebody wants it; inside an open door."""
    row = session().get(DueMail, user_id)
    if on and row is None:
        session().add(DueMail(user_id=user_id))
    elif not on and row is not None:
        session().delete(row)


def awaiting_due_mail(organisation: Organisation, moment: datetime) -> list[User]:
    """Return the active users who want such a mail, gave an address, and had none for a while."""
    before = moment - timedelta(hours=organisation.due_mail_hours)
    query = (
        select(User)
        .join(DueMail, DueMail.user_id == User.id)
        .where(
            User.organisation_id == organisation.id,
            User.state == UserState.ACTIVE,
            User.has_mail(),
            or_(DueMail.asked_at.is_(None), DueMail.asked_at <= before),
        )
        .order_by(User.id)
    )
    return list(session().scalars(query))


def ask_for_due_mail(organisation_id: int, users: Collection[int]) -> None:
    """Ask for a mail to each of these who still awaits one; inside an open door.

    That it was asked for and the job that sends it are one act: neither is lost or there twice.
    """
    organisation = session().get_one(Organisation, organisation_id)
    for user in awaiting_due_mail(organisation, clock.now()):
        if user.id in users:
            session().get_one(DueMail, user.id).asked_at = clock.now()
            enqueue(JobKind.DUE_MAIL, user.uid)
