"""Who may open a case: owner, sensitivity, members, those shut out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases import sharing
from hrdtracker.cases.case_file import Standing, WhoMayOpen, standing_for, who_may_open
from hrdtracker.cases.drafts import BLOCKED_FOR
from hrdtracker.cases.openers import is_narrower
from hrdtracker.cases.service import fetch
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import version_of
from hrdtracker.forms.cases.access import AssignForm, BlockForm, MemberForm, SensitivityForm
from hrdtracker.web.cases.answer import act_on_case
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, today, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import case_title, say_last_day
from hrdtracker.web.words.proposals import say_what_waits

bp = Blueprint("case_access", __name__, url_prefix="/cases")


@dataclass(frozen=True)
class CaseAccessPage:
    """Who may open a case; until when, by the number of each membership and of each block.

    `waits` says of the case and of each block, by uid, what of it waits for a second person.
    """

    standing: Standing
    title: str
    who: WhoMayOpen
    last_days: Mapping[int, str]
    shut_until: Mapping[int, str]
    waits: Mapping[UUID, str]


@bp.get("/<uuid:uid>/access")
@needs(Action.CASE_MEMBERS)
def access(uid: UUID) -> Response:
    """Show who may open a case, and lead to every change of it."""
    standing = standing_for(identity.actor(), uid, Action.CASE_MEMBERS)
    who = who_may_open(standing)
    last_days = {member.id: say_last_day(member.ends_at) for member in who.members}
    shut_until = {block.id: say_last_day(block.ends_at) for block in who.blocks}
    waits = {proposal.subject_uid: say_what_waits(proposal) for proposal in who.waiting}
    page = CaseAccessPage(standing, case_title(standing.case), who, last_days, shut_until, waits)
    return show("cases/access.html", page)


@bp.route("/<uuid:uid>/assign", methods=["GET", "POST"])
@needs(Action.CASE_ASSIGN)
def assign(uid: UUID) -> AnyResponse:
    """Give a case to another colleague of its office."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_ASSIGN)
    others = colleagues(actor.organisation_id, Action.CASE_BEGIN, standing.scope.office_id)
    form = AssignForm.received(version=str(standing.case.version))
    form.offer(as_choices(user for user in others if user.id != standing.scope.owner_id))

    def act() -> str:
        sharing.assign(actor, standing.case, form.chosen(), version_of(form))
        return str(gettext("The case has a new owner."))

    return act_on_case(standing, form, act, "cases/assign.html")


@bp.route("/<uuid:uid>/sensitivity", methods=["GET", "POST"])
@needs(Action.CASE_SENSITIVITY)
def sensitivity(uid: UUID) -> AnyResponse:
    """Say how sensitive a case is."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_SENSITIVITY)
    now = standing.scope.sensitivity
    others = [(str(grade), word(grade)) for grade in Sensitivity if grade != now]
    form = SensitivityForm.received(version=str(standing.case.version)).offer(others)

    def act() -> str:
        sharing.set_sensitivity(actor, standing.case, form.chosen(), version_of(form))
        if is_narrower(form.chosen(), than=now):
            return str(gettext("It holds at once; unless a second person confirms it, for a day."))
        return str(gettext("It holds once a second person confirms it."))

    return act_on_case(standing, form, act, "cases/sensitivity.html")


@bp.route("/<uuid:uid>/members/new", methods=["GET", "POST"])
@needs(Action.CASE_MEMBERS)
def add_member(uid: UUID) -> AnyResponse:
    """Let a colleague open a case for a time."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_MEMBERS)
    others = colleagues(actor.organisation_id, Action.CASE_READ)
    form = MemberForm.received()
    form.offer(as_choices(user for user in others if user.id != standing.scope.owner_id))

    def act() -> str:
        sharing.add_member(actor, standing.case, form.draft(reader()))
        return str(gettext("They may open the case now."))

    return act_on_case(standing, form, act, "cases/member.html", after="case_access.access")


@bp.post("/<uuid:uid>/members/<uuid:grant_uid>/end")
@needs(Action.CASE_MEMBERS)
def end_member(uid: UUID, grant_uid: UUID) -> AnyResponse:
    """End a membership now."""
    actor = identity.actor()
    sharing.end_member(actor, fetch(actor, uid), grant_uid)
    flash(gettext("They may no longer open the case."), "ok")
    return redirect(url_for("case_access.access", uid=uid), 303)


@bp.route("/<uuid:uid>/blocks/new", methods=["GET", "POST"])
@needs(Action.CASE_BLOCK)
def add_block(uid: UUID) -> AnyResponse:
    """Shut a person out of a case."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_BLOCK)
    others = colleagues(actor.organisation_id, Action.CASE_OUTLINE)
    form = BlockForm.received(ends_on=say_day(today() + BLOCKED_FOR, locale()))
    form.offer(as_choices(user for user in others if user.id != actor.id))

    def act() -> str:
        sharing.block(actor, standing.case, form.draft(reader()))
        return str(gettext("They are shut out; unless a second person confirms it, for a day."))

    return act_on_case(standing, form, act, "cases/block.html", after="case_access.access")


@bp.post("/<uuid:uid>/blocks/<uuid:block_uid>/end")
@needs(Action.CASE_UNBLOCK)
def end_block(uid: UUID, block_uid: UUID) -> AnyResponse:
    """Let somebody in again, as far as their roles reach."""
    actor = identity.actor()
    if sharing.end_block(actor, fetch(actor, uid), block_uid):
        flash(gettext("They are no longer shut out."), "ok")
    else:
        flash(gettext("They are let in again once a second person confirms it."), "ok")
    return redirect(url_for("case_access.access", uid=uid), 303)
