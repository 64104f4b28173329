"""Users and their roles, for administrators; confirmations, for directors too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts import queries, staff
from hrdtracker.accounts.queries import RoleLine, UserLine, Waiting
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import Page
from hrdtracker.forms.admin import InviteForm, RoleForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import office_name, word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("admin", __name__)
TO_STATE = (UserState.LOCKED, UserState.ACTIVE, UserState.LEFT)


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
    """One user and their roles; `own` where that is whoever reads it."""

    user: User
    roles: Sequence[RoleLine]
    own: bool


@dataclass(frozen=True)
class ConfirmationsPage:
    """The roles that whoever is here may confirm."""

    roles: Sequence[Waiting]


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
            membership = staff.propose_role(actor, user, role, office, ends_at, form.sending())
            flash(_since_when(membership), "ok")
            return redirect(url_for("admin.user", uid=uid), 303)
    roles = queries.roles_of([user.id]).get(user.id, [])
    return show("admin/user.html", UserPage(user, roles, own=user.id == actor.id), form)


@bp.post("/admin/users/<uuid:uid>/code")
@needs(Action.USER_CHANGE)
def new_code(uid: UUID) -> Response:
    """Make a new code for a user, and show it once."""
    user = _user(uid)
    return show("admin/code.html", CodePage(user, staff.invite_again(identity.actor(), user)))


@bp.post("/admin/users/<uuid:uid>/state")
@needs(Action.USER_CHANGE)
def state(uid: UUID) -> AnyResponse:
    """Lock, unlock or let go a user."""
    user = _user(uid)
    state = next((state for state in TO_STATE if state == request.form.get("state")), None)
    if state is None:
        raise NotFound
    staff.set_state(identity.actor(), user, state)
    flash(gettext("%(who)s: %(state)s.", who=user.login, state=word(user.state)), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.post("/admin/users/<uuid:uid>/roles/<uuid:role>/end")
@needs(Action.ROLE_PROPOSE)
def end_role(uid: UUID, role: UUID) -> AnyResponse:
    """End a role now."""
    user = _user(uid)
    staff.end_role(identity.actor(), user, queries.membership(user, role))
    flash(gettext("The role has ended."), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.get("/confirmations")
@needs(Action.ROLE_CONFIRM)
def confirmations() -> Response:
    """Show the roles that a second person is to confirm, to whoever may."""
    roles = queries.waiting(identity.actor())
    return show("admin/confirmations.html", ConfirmationsPage(roles))


@bp.post("/confirmations/<uuid:uid>/<any(confirm, decline):answer>")
@needs(Action.ROLE_CONFIRM)
def decide(uid: UUID, answer: str) -> AnyResponse:
    """Confirm a role that another person proposed for a third one, or decline it."""
    actor = identity.actor()
    membership = policy.fetch(actor, Action.ROLE_CONFIRM, Membership, uid)
    if answer == "confirm":
        staff.confirm_role(actor, membership)
        flash(gettext("The role is confirmed, and counts from now on."), "ok")
    else:
        staff.decline_role(actor, membership)
        flash(gettext("The role is declined."), "ok")
    return redirect(url_for("admin.confirmations"), 303)


def _user(uid: UUID) -> User:
    return policy.fetch(identity.actor(), Action.USER_CHANGE, User, uid)


def _since_when(membership: Membership) -> str:
    """Say from when a role counts that was just given."""
    if membership.alone:
        sentence = gettext("Nobody else could confirm it, so the role counts from now on.")
    elif queries.waits(membership):
        sentence = gettext("The role counts once another administrator or a director confirms it.")
    else:
        sentence = gettext("The role counts from now on.")
    return str(sentence)
