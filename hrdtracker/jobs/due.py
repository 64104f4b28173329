"""Who wants it gets a mail that something is due: never what, how much, where or for whom."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask_babel import force_locale, gettext
from sqlalchemy import select

from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.accounts.assignments import actors_of
from hrdtracker.accounts.due_mail import ask_for_due_mail, awaiting_due_mail, wants_due_mail
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.insight.hours import is_due
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease
from hrdtracker.outbox.model import Job

TEXT = N_("At least 1 thing is due in %(product)s. Sign in to see it.")
"""The same for one thing and for forty: a number would tell of a mass arrest."""
AHEAD = timedelta(hours=12)


def look(setting: Setting, _lease: Lease) -> Callable[[], None] | None:
    """Ask for a mail to each who wants one, had none for a while, and has something to do."""
    if setting.outside.mail is None:
        return None
    organisation = session().get_one(Organisation, setting.organisation_id)
    actors = actors_of(awaiting_due_mail(organisation, clock.now()))
    now = clock.now()
    due = {
        number for number, actor in actors.items() if is_due(actor, now, now + AHEAD, setting.zone)
    }
    return partial(ask_for_due_mail, setting.organisation_id, due) if due else None


def send(setting: Setting, lease: Lease) -> None:
    """Send the mail to whom the job is about, unless they want none any more.

    However often it is begun, it is the same mail: it always bears the name of its job.
    """
    server, user = setting.outside.mail, _reader(lease)
    if server is None or user is None or not wants_due_mail(user.id):
        return
    ring().load([user.data_key_id])
    if not user.mail:
        return
    with force_locale(user.language or setting.language):
        product = gettext(setting.product)
        text = gettext(TEXT, product=product)
    address, lines = user.mail, [text, setting.outside.address]
    job = session().get_one(Job, lease.job_id).uid
    name = session().info["vault"].fingerprint("mail", job.hex)[:32]
    session().rollback()  # no transaction stays open while the server answers
    server.send(address, product, "\n\n".join(filter(None, lines)) + "\n", name=name)


def _reader(lease: Lease) -> User | None:
    query = select(User).where(User.uid == lease.about, User.state == UserState.ACTIVE)
    return session().scalar(query)
