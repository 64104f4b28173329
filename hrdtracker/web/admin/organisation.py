"""Offices, lists of terms and settings, for administrators."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Office
from hrdtracker.accounts import queries, staff, terms
from hrdtracker.codelists import queries as lists
from hrdtracker.codelists.lookup import terms as held_terms
from hrdtracker.codelists.names import FIXED, NAMES
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.admin import OfficeChangeForm, OfficeForm, SettingsForm, TermForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.paging import paging
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("organisation", __name__, url_prefix="/admin")


@bp.get("/offices")
@needs(Action.OFFICE_CHANGE)
def offices() -> str:
    """List the offices."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.OFFICE_CHANGE)
    return render_template("admin/offices.html", offices=queries.offices(actor))


@bp.route("/offices/open", methods=["GET", "POST"])
@needs(Action.OFFICE_CHANGE)
def open_office() -> Response:
    """Open one more office."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.OFFICE_CHANGE)
    form = OfficeForm.received()
    if form.is_valid_submission:
        with form.reasons():
            made = staff.open_office(actor, organisation, form.draft())
            flash(gettext("The office %(code)s is open.", code=made.code), "ok")
            return redirect(url_for("organisation.offices"), 303)
    return answer("admin/office.html", form, office=None)


@bp.route("/offices/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.OFFICE_CHANGE)
def office(uid: UUID) -> Response:
    """Change an office."""
    actor = identity.actor()
    found = policy.fetch(actor, Action.OFFICE_CHANGE, Office, uid)
    form = OfficeChangeForm.received(
        name_en=found.name_en, name_km=found.name_km, open_to_monitors=found.open_to_monitors
    )
    if form.is_valid_submission:
        with form.reasons():
            staff.change_office(actor, found, form.changed(found))
            flash(gettext("Saved."), "ok")
            return redirect(url_for("organisation.offices"), 303)
    return answer("admin/office.html", form, office=found)


@bp.get("/codelists")
@needs(Action.TERM_CHANGE)
def codelists() -> str:
    """List the lists of terms."""
    queries.own_organisation(identity.actor(), Action.TERM_CHANGE)
    found = sorted(lists.lists(), key=lambda one: gettext(NAMES[one.name]))
    return render_template("admin/codelists.html", lists=found, names=NAMES, fixed=FIXED)


@bp.get("/codelists/<name>")
@needs(Action.TERM_CHANGE)
def codelist(name: str) -> str:
    """Show the terms of one list, retired ones too."""
    queries.own_organisation(identity.actor(), Action.TERM_CHANGE)
    _check(name)
    parent = request.args.get("parent", "")
    parents = _parents(name)
    chosen = parent if parent in dict(parents) else None
    page = lists.terms_of(name, chosen, request.args.get("skip"))
    return render_template(
        "admin/codelist.html",
        name=name,
        title=NAMES[name],
        page=page,
        paging=paging(page.part, "organisation.codelist", name=name, parent=chosen),
        parents=parents,
        parent=chosen,
        above=lists.parent_list(name),
        fixed=name in FIXED,
    )


@bp.route("/codelists/<name>/add", methods=["GET", "POST"])
@needs(Action.TERM_CHANGE)
def add_term(name: str) -> Response:
    """Add a term to a list."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.TERM_CHANGE)
    _check(name)
    form = TermForm.received().offer([("", gettext("Nothing wider")), *_parents(name)])
    if form.is_valid_submission:
        with form.reasons():
            terms.add_term(actor, organisation, name, form.draft())
            flash(gettext("The term is added and can be chosen."), "ok")
            return redirect(url_for("organisation.codelist", name=name), 303)
    return answer("admin/term.html", form, name=name, title=NAMES[name])


@bp.post("/codelists/<name>/<uuid:uid>/<any(retire, restore):turn>")
@needs(Action.TERM_CHANGE)
def turn_term(name: str, uid: UUID, turn: str) -> Response:
    """Stop offering a term, or offer it again."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.TERM_CHANGE)
    term = lists.find_term(name, uid)
    if turn == "retire":
        terms.retire_term(actor, organisation, term)
        flash(gettext("Retired: records that use it read as before."), "ok")
    else:
        terms.restore_term(actor, organisation, term)
        flash(gettext("The term can be chosen again."), "ok")
    parent = request.form.get("parent") or None
    back = url_for("organisation.codelist", name=name, parent=parent, skip=request.form.get("skip"))
    return redirect(back, 303)


@bp.route("/settings", methods=["GET", "POST"])
@needs(Action.SETTINGS_CHANGE)
def settings() -> Response:
    """Change what the organisation sets for everybody."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.SETTINGS_CHANGE)
    form = SettingsForm.of(organisation)
    if form.is_valid_submission:
        with form.reasons():
            staff.change_settings(actor, organisation, form.draft())
            flash(gettext("Saved."), "ok")
            return redirect(url_for("organisation.settings"), 303)
    return answer("admin/settings.html", form)


def _check(name: str) -> None:
    if name not in NAMES:
        raise NotFound


def _parents(name: str) -> list[tuple[str, str]]:
    """Return the wider terms of a list to choose from; nothing where it has none."""
    if not lists.has_parents(name):
        return []
    above = lists.parent_list(name)
    words = held_terms().words(above)
    if above == name:
        words = [each for each in words if each.parent is None]
    return [(each.code, each.say(locale())) for each in words]
