"""Lock now: the one button for the moment somebody comes, and what must be true before it is there.

Who can unlock stands nowhere on it: the page may be open on a phone that was taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.accounts.queries import own_organisation
from hrdtracker.core import keyfile
from hrdtracker.core.when.say import say_instant
from hrdtracker.lockdown import queries, service
from hrdtracker.lockdown.queries import LockLine
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.closed import Premises
from hrdtracker.web.shell.context import locale, today, zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin

bp = Blueprint("lockdown", __name__, url_prefix="/lock")


@dataclass(frozen=True)
class LockdownPage:
    """Whether the button is there, how many have proved that they can unlock, and past locks.

    `past` are pairs: when everything was locked, and by whom and until when.
    """

    may_lock: bool
    proved: int
    past: Sequence[tuple[str, str]]


@bp.get("")
@needs(Action.SERVER_LOCK)
def index() -> Response:
    """Show the button, or why it is not there."""
    actor = identity.actor()
    organisation = own_organisation(actor, Action.SERVER_LOCK)
    proved = queries.proved(queries.key_holders(organisation, _lock_names()))
    past = [_past(line) for line in queries.past_locks(actor)]
    page = LockdownPage(proved >= queries.PROVERS, proved, past)
    return show("admin/lockdown.html", page)


@bp.post("/now")
@needs(Action.SERVER_LOCK)
def lock() -> Response:
    """Lock everything: this is the last page that is answered."""
    actor = identity.actor()
    organisation = own_organisation(actor, Action.SERVER_LOCK)
    service.lock_everything(actor, organisation, _lock_names())
    _premises().lock_file.put()
    return show("admin/locked.html")


def _premises() -> Premises:
    premises: Premises = g.premises
    return premises


def _lock_names() -> frozenset[str]:
    """Return the locks of the key file that lies on this machine."""
    return keyfile.lock_names(_premises().key_file)


def _past(line: LockLine) -> tuple[str, str]:
    who = line.locked_by.display_name if line.locked_by else gettext("At the machine itself")
    until = line.unlocked_at
    return (
        begin(say_instant(line.locked_at, zone(), locale(), today())),
        gettext(
            "%(who)s · opened again %(at)s",
            who=who,
            at=say_instant(until, zone(), locale(), today()),
        )
        if until
        else who,
    )
