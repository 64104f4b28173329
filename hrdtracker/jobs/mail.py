"""A mail that says that there is something new, and to sign in: no name, no case, no kind."""

from flask_babel import force_locale, gettext
from sqlalchemy import select

from hrdtracker.access.model import User, UserState
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.jobs.setting import Setting
from hrdtracker.notices.queries import has_unseen
from hrdtracker.outbox.leases import Lease

TEXT = N_("There is something new for you in %(product)s. Sign in to read it.")


def send(setting: Setting, lease: Lease) -> None:
    """Send the mail to whom the job is about; not where nothing is new any more, or no address."""
    server, user = setting.outside.mail, _reader(lease)
    if server is None or user is None or not has_unseen(user.id):
        return
    ring().load([user.data_key_id])
    if not user.mail:
        return
    with force_locale(user.language or setting.language):
        product = gettext(setting.product)
        text = gettext(TEXT, product=product)
    address, lines = user.mail, [text, setting.outside.address]
    session().rollback()  # no transaction stays open while the server answers
    server.send(address, product, "\n\n".join(filter(None, lines)) + "\n")


def _reader(lease: Lease) -> User | None:
    query = select(User).where(User.uid == lease.about, User.state == UserState.ACTIVE)
    return session().scalar(query)
