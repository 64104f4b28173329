"""Users and their roles, for administrators; confirmations, for directors too."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts import queries, staff
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.admin import InviteForm, RoleForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.context import office_name, word
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("admin", __name__)
TO_STATE = (UserState.LOCKED, UserState.ACTIVE, UserState.LEFT)


@bp.get("/admin/users")
@needs(Action.USER_INVITE)
def users() -> str:
    """List the users, those in one state where it is asked for."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.USER_INVITE)
    state = request.args.get("state", "")
    wanted = state if state in set(UserState) else None
    lines, page = queries.users(actor, wanted, request.args.get("page"))
    return render_template(
        "admin/users.html", lines=lines, page=page, states=list(UserState), wanted=wanted
    )


@bp.route("/admin/users/invite", methods=["GET", "POST"])
@needs(Action.USER_INVITE)
def invite() -> Response | str:
    """Make a user, and show their code once."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.USER_INVITE)
    form = InviteForm.received()
    if form.is_valid_submission:
        with form.reasons():
            made, code = staff.invite(actor, organisation, form.draft())
            return render_template("admin/code.html", user=made, code=code)
    return answer("admin/invite.html", form)


@bp.route("/admin/users/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.USER_CHANGE)
def user(uid: UUID) -> Response:
    """Show a user; give them a role."""
    actor, found = identity.actor(), _user(uid)
    places = queries.offices(actor)
    form = RoleForm.received().offer(
        [(role.value, word(role)) for role in Role],
        [("", gettext("All offices")), *((place.code, office_name(place)) for place in places)],
    )
    if form.is_valid_submission:
        with form.reasons():
            role, ends_at = Role(form.role.data), form.ends_at(reader())
            place = next((each for each in places if each.code == form.office.data), None)
            held = staff.propose_role(actor, found, role, place, ends_at, form.sending())
            flash(_said(held), "ok")
            return redirect(url_for("admin.user", uid=uid), 303)
    roles = queries.roles_of([found.id]).get(found.id, [])
    return answer("admin/user.html", form, user=found, roles=roles, own=found.id == actor.id)


@bp.post("/admin/users/<uuid:uid>/code")
@needs(Action.USER_CHANGE)
def new_code(uid: UUID) -> Response | str:
    """Make a new code for a user, and show it once."""
    found = _user(uid)
    code = staff.invite_again(identity.actor(), found)
    return render_template("admin/code.html", user=found, code=code)


@bp.post("/admin/users/<uuid:uid>/state")
@needs(Action.USER_CHANGE)
def state(uid: UUID) -> Response:
    """Lock, unlock or let go a user."""
    found = _user(uid)
    wanted = next((each for each in TO_STATE if each == request.form.get("state")), None)
    if wanted is None:
        raise NotFound
    staff.set_state(identity.actor(), found, wanted)
    flash(gettext("%(who)s: %(state)s.", who=found.login, state=word(found.state)), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.post("/admin/users/<uuid:uid>/roles/<uuid:role>/end")
@needs(Action.ROLE_PROPOSE)
def end_role(uid: UUID, role: UUID) -> Response:
    """End a role now."""
    found = _user(uid)
    staff.end_role(identity.actor(), found, queries.membership(found, role))
    flash(gettext("The role has ended."), "ok")
    return redirect(url_for("admin.user", uid=uid), 303)


@bp.get("/confirmations")
@needs(Action.ROLE_CONFIRM)
def confirmations() -> str:
    """Show the roles that a second person is to confirm, to whoever may."""
    return render_template("admin/confirmations.html", rows=queries.waiting(identity.actor()))


@bp.post("/confirmations/<uuid:uid>/<any(confirm, decline):answer>")
@needs(Action.ROLE_CONFIRM)
def decide(uid: UUID, answer: str) -> Response:
    """Confirm a role that another person proposed for a third one, or decline it."""
    actor = identity.actor()
    held = policy.fetch(actor, Action.ROLE_CONFIRM, Membership, uid)
    if answer == "confirm":
        staff.confirm_role(actor, held)
        flash(gettext("The role is confirmed, and counts from now on."), "ok")
    else:
        staff.decline_role(actor, held)
        flash(gettext("The role is declined."), "ok")
    return redirect(url_for("admin.confirmations"), 303)


def _user(uid: UUID) -> User:
    return policy.fetch(identity.actor(), Action.USER_CHANGE, User, uid)


def _said(held: Membership) -> str:
    """Say from when a role counts that was just given."""
    if held.alone:
        told = gettext("Nobody else could confirm it, so the role counts from now on.")
    elif queries.waits(held):
        told = gettext("The role counts once another administrator or a director confirms it.")
    else:
        told = gettext("The role counts from now on.")
    return str(told)
