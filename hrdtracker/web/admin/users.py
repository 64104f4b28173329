"""Users and their roles, for administrators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker import leaving
from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role, User, UserState
from hrdtracker.accounts import proposals, queries, roles, staff
from hrdtracker.accounts.queries import RoleLine, UserLine
from hrdtracker.core.errors import N_, NotFound
from hrdtracker.core.page import Page
from hrdtracker.forms.admin import InviteForm, LeaveForm, RoleForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import office_name, word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("admin", __name__)
NEW_START = "new_start"
CHANGES: Mapping[str, tuple[Callable[[Actor, User], object], str]] = MappingProxyType(
    {
        UserState.LOCKED.value: (
            staff.lock_user,
            N_("The account is locked. It opens again in 24 hours unless somebody confirms."),
        ),
        UserState.ACTIVE.value: (
            staff.unlock_user,
            N_("The account opens once a second person confirms it."),
        ),
        NEW_START: (
            partial(staff.unlock_user, new_start=True),
            N_("The account opens once a second person confirms it. Then make a new code."),
        ),
    }
)
"""To which state a button brings a user, how, and what is said then."""


@dataclass(frozen=True)
class UsersPage:
    """Some users, the newest first; `part` says which."""

    lines: Sequence[UserLine]
    part: Page[Any]
    bar: FilterBar


@dataclass(frozen=True)
class CodePage:
    """The code of a user, shown this once."""

    user: User
    code: str


@dataclass(frozen=True)
class UserPage:
    """One user and their roles; `own` where that is whoever reads it.

    `unlocks` where a second person is to unlock the account.
    """

    user: User
    roles: Sequence[RoleLine]
    own: bool
    unlocks: bool


@dataclass(frozen=True)
class LeavePage:
    """Somebody who is to leave, or has left."""

    user: User


@bp.get("/admin/users")
@needs(Action.USER_INVITE)
def users() -> Response:
    """List the users, those in one state where it is asked for."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.USER_INVITE)
    states = [(state.value, word(state)) for state in UserState]
    bar = filter_bar("admin.users", pick("state", gettext("State"), states))
    lines, part = queries.users(actor, bar.chosen.get("state"), request.args.get("page"))
    return show("admin/users.html", UsersPage(lines, part, bar))


@bp.route("/admin/users/invite", methods=["GET", "POST"])
@needs(Action.USER_INVITE)
def invite() -> Response:
    """Make a user, and show their code once."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.USER_INVITE)
    form = InviteForm.received()
    if form.is_valid_submission:
        with form.reasons():
            user, code = staff.invite(actor, organisation, form.draft())
            return show("admin/code.html", CodePage(user, code))
    return show("admin/invite.html", form=form)


@bp.route("/admin/users/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.USER_CHANGE)
def user(uid: UUID) -> AnyResponse:
    """Show a user; give them a role."""
    actor, user = identity.actor(), _user(uid)
    offices = queries.offices(actor)
    form = RoleForm.received().offer(
        [(role.value, word(role)) for role in Role],
        [("", gettext("All offices")), *((office.code, office_name(office)) for office in offices)],
    )
    if form.is_valid_submission:
        with form.reasons():
            role, ends_at = Role(form.role.data), form.ends_at(reader())
            office = next((place for place in offices if place.code == form.office.data), None)
            roles.propose_role(actor, user, role, office, ends_at, form.sending())
            flash(gettext("The role counts once a second person confirms it."), "ok")
            return redirect(url_for("admin.user", uid=uid), 303)
    lines = queries.roles_of([user.id]).get(user.id, [])
    waits = proposals.waiting_for(user, Action.USER_UNLOCK) is not None
    return show("admin/user.html", UserPage(user, lines, user.id == actor.id, waits), form)


@bp.post("/admin/users/<uuid:uid>/code")
@needs(Action.USER_RESET)
def new_code(uid: UUID) -> Response:
    """Make a new code for a user, and show it once."""
    user = _user(uid)
    return show("admin/code.html", CodePage(user, staff.invite_again(identity.actor(), user)))


@bp.post("/admin/users/<uuid:uid>/factors")
@needs(Action.FACTOR_CLEAR)
def clear_factors(uid: UUID) -> AnyResponse:
    """Propose to take away the second factors of a user who lost them."""
    staff.clear_factors(identity.actor(), _user(uid))
    flash(gettext("Proposed. It counts once a second person confirms it."), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.post("/admin/users/<uuid:uid>/state")
@needs(Action.USER_CHANGE)
def state(uid: UUID) -> AnyResponse:
    """Lock a user, or propose to unlock one."""
    user = _user(uid)
    change = CHANGES.get(request.form.get("state", ""))
    if change is None:
        raise NotFound
    act, sentence = change
    act(identity.actor(), user)
    flash(gettext(sentence), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.route("/admin/users/<uuid:uid>/leave", methods=["GET", "POST"])
@needs(Action.USER_LEAVE)
def leave(uid: UUID) -> AnyResponse:
    """Let a user go, and say who takes over from them."""
    user = policy.fetch(identity.actor(), Action.USER_LEAVE, User, uid)
    return _with_successor(user, leaving.let_go, gettext("This user has left, for good."))


@bp.route("/admin/users/<uuid:uid>/successor", methods=["GET", "POST"])
@needs(Action.USER_SUCCEED)
def successor(uid: UUID) -> AnyResponse:
    """Say anew who takes over from somebody who left."""
    user = policy.fetch(identity.actor(), Action.USER_SUCCEED, User, uid)
    sentence = gettext("Proposed. It counts once a second person confirms it.")
    return _with_successor(user, leaving.name_successor, sentence)


def _with_successor(
    user: User, act: Callable[[Actor, User, UUID | None], None], sentence: str
) -> AnyResponse:
    """Ask who takes over from a user, and do it."""
    colleagues = leaving.successors(user)
    form = LeaveForm.received().offer([(one.uid.hex, one.display_name) for one in colleagues])
    if form.is_valid_submission:
        with form.reasons():
            act(identity.actor(), user, form.chosen())
            flash(sentence, "ok")
            return redirect(url_for("admin.user", uid=user.uid), 303)
    return show("admin/leave.html", LeavePage(user), form)


@bp.post("/admin/users/<uuid:uid>/roles/<uuid:role>/end")
@needs(Action.ROLE_END)
def end_role(uid: UUID, role: UUID) -> AnyResponse:
    """End a role now."""
    user = _user(uid)
    roles.end_role(identity.actor(), user, queries.membership(user, role))
    flash(gettext("The role has ended. It comes back in 24 hours unless somebody confirms."), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


def _user(uid: UUID) -> User:
    return policy.fetch(identity.actor(), Action.USER_CHANGE, User, uid)
