"""The seized phone: whom one directs or administers, and the button that ends all of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import proposals, queries, sessions, staff
from hrdtracker.accounts.queries import ColleagueLine, RoleLine
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("colleagues", __name__, url_prefix="/colleagues")


@dataclass(frozen=True)
class ColleaguesPage:
    """Whose accounts the reader may lock, and how much waits for the reader’s word."""

    lines: Sequence[ColleagueLine]
    to_confirm: int


@dataclass(frozen=True)
class Locking:
    """A lock that one person put on: until when, and who makes it last."""

    until: datetime | None
    seconds: Sequence[str]
    may_confirm: bool


@dataclass(frozen=True)
class ColleaguePage:
    """A colleague, and where they are signed in; `locking` where nobody has confirmed a lock yet.

    `warns` is whether the reader may see whom they opened; `own` whether it is the reader.
    """

    user: User
    roles: Sequence[RoleLine]
    sessions: int
    locking: Locking | None
    warns: bool
    own: bool


@bp.get("")
@needs(Action.USER_LOCK)
def index() -> Response:
    """List the colleagues whose accounts the reader may lock."""
    actor = identity.actor()
    waiting = len(queries.to_confirm(actor))
    return show("admin/colleagues.html", ColleaguesPage(queries.colleagues_to_lock(actor), waiting))


@bp.get("/<uuid:uid>")
@needs(Action.USER_LOCK)
def colleague(uid: UUID) -> Response:
    """Show where a colleague is signed in, and the button; once it is pressed, what to do next."""
    actor = identity.actor()
    user = policy.fetch(actor, Action.USER_LOCK, User, uid)
    page = ColleaguePage(
        user=user,
        roles=queries.roles_of([user.id]).get(user.id, []),
        sessions=len(sessions.alive(user.id)),
        locking=_locking(actor, user),
        warns=policy.allows(actor, Action.READINGS_COUNT, user),
        own=user.id == actor.id,
    )
    return show("admin/colleague.html", page)


@bp.post("/<uuid:uid>/end")
@needs(Action.USER_LOCK)
def end(uid: UUID) -> AnyResponse:
    """Lock a colleague’s account, which ends all that they are signed in with."""
    actor = identity.actor()
    staff.lock_user(actor, policy.fetch(actor, Action.USER_LOCK, User, uid))
    return redirect(url_for("colleagues.colleague", uid=uid), 303)


def _locking(actor: Actor, user: User) -> Locking | None:
    """Return the lock on an account that waits for its second person, if there is one."""
    proposal = proposals.waiting_for(user, Action.USER_LOCK)
    if proposal is None:
        return None
    may_confirm = policy.allows(actor, Action.PROPOSAL_CONFIRM, proposal)
    return Locking(proposal.lapses_at, queries.seconds_of(proposal), may_confirm)
