"""Offices, lists of terms and settings, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Office, Organisation
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, queries, terms
from hrdtracker.accounts.model import Proposal
from hrdtracker.codelists import queries as lists
from hrdtracker.codelists.lookup import terms as current_terms
from hrdtracker.codelists.names import FIXED, NAMES
from hrdtracker.codelists.queries import Listed, TermPage
from hrdtracker.core import clock
from hrdtracker.core.errors import NotFound
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.admin import (
    LimitsForm,
    OfficeChangeForm,
    OfficeForm,
    SettingsForm,
    TermForm,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("organisation", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class OfficesPage:
    """The places of work."""

    offices: Sequence[Office]


@dataclass(frozen=True)
class OfficePage:
    """An office to change; none where one is to be opened."""

    office: Office | None


@dataclass(frozen=True)
class CodelistsPage:
    """Every list that people choose from."""

    lists: Sequence[Listed]


@dataclass(frozen=True)
class CodelistPage:
    """The terms of one list; their parents, to which `bar` narrows it, stand in the list `above`.

    Where the list is `fixed`, nothing can be changed.
    """

    name: str
    title: str
    terms: TermPage
    paging: Paging | None
    bar: FilterBar
    above: str
    fixed: bool


@dataclass(frozen=True)
class AddTermPage:
    """The list to which a term is to be added."""

    name: str
    title: str


@bp.get("/offices")
@needs(Action.OFFICE_CHANGE)
def offices() -> Response:
    """List the offices."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.OFFICE_CHANGE)
    return show("admin/offices.html", OfficesPage(queries.offices(actor)))


@bp.route("/offices/open", methods=["GET", "POST"])
@needs(Action.OFFICE_CHANGE)
def open_office() -> AnyResponse:
    """Open one more office."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.OFFICE_CHANGE)
    form = OfficeForm.received()
    if form.is_valid_submission:
        with form.reasons():
            office = organisations.open_office(actor, organisation, form.draft())
            flash(gettext("The office %(code)s is open.", code=office.code), "ok")
            return redirect(url_for("organisation.offices"), 303)
    return show("admin/office.html", OfficePage(None), form)


@bp.route("/offices/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.OFFICE_CHANGE)
def office(uid: UUID) -> AnyResponse:
    """Change an office."""
    actor = identity.actor()
    office = policy.fetch(actor, Action.OFFICE_CHANGE, Office, uid)
    form = OfficeChangeForm.received(
        name_en=office.name_en,
        name_km=office.name_km,
        open_to_monitors=office.open_to_monitors,
        keeps_typing=office.keeps_typing,
    )
    if form.is_valid_submission:
        with form.reasons():
            organisations.change_office(actor, office, form.changed(office))
            flash(_saved(office), "ok")
            return redirect(url_for("organisation.offices"), 303)
    return show("admin/office.html", OfficePage(office), form)


@bp.get("/codelists")
@needs(Action.TERM_CHANGE)
def codelists() -> Response:
    """List the lists of terms."""
    queries.own_organisation(identity.actor(), Action.TERM_CHANGE)
    by_title = sorted(lists.lists(), key=lambda listed: gettext(listed.title))
    return show("admin/codelists.html", CodelistsPage(by_title))


@bp.get("/codelists/<name>")
@needs(Action.TERM_CHANGE)
def codelist(name: str) -> Response:
    """Show the terms of one list, retired ones too."""
    queries.own_organisation(identity.actor(), Action.TERM_CHANGE)
    _check(name)
    parents = pick("parent", gettext("Belongs to"), _parents(name))
    bar = filter_bar("organisation.codelist", parents, name=name)
    terms = lists.terms_of(name, bar.chosen.get("parent"), request.args.get("skip"))
    page = CodelistPage(
        name=name,
        title=NAMES[name],
        terms=terms,
        paging=paging(terms.part, "organisation.codelist", name=name, **bar.chosen),
        bar=bar,
        above=lists.parent_list(name),
        fixed=name in FIXED,
    )
    return show("admin/codelist.html", page)


@bp.route("/codelists/<name>/add", methods=["GET", "POST"])
@needs(Action.TERM_CHANGE)
def add_term(name: str) -> AnyResponse:
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
    return show("admin/term.html", AddTermPage(name, NAMES[name]), form)


@bp.post("/codelists/<name>/<uuid:uid>/<any(retire, restore):turn>")
@needs(Action.TERM_CHANGE)
def turn_term(name: str, uid: UUID, turn: str) -> AnyResponse:
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
def settings() -> AnyResponse:
    """Change what the organisation sets for everybody."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.SETTINGS_CHANGE)
    form = SettingsForm.of(organisation, _first_day(organisation))
    if form.is_valid_submission:
        with form.reasons():
            proposal = organisations.change_settings(actor, organisation, form.draft(reader()))
            flash(_saved_settings(proposal), "ok")
            return redirect(url_for("organisation.settings"), 303)
    return show("admin/settings.html", form=form)


def _saved_settings(proposal: Proposal | None) -> str:
    """Say what is kept, and that to ask less of second factors takes a second person."""
    if proposal is None:
        return str(gettext("Saved."))
    less = gettext("To ask for second factors later or of fewer people takes a second person.")
    saved = gettext("Saved.")
    return f"{saved} {less}"


def _saved(office: Office) -> str:
    """Say what is kept, and what a second person has to confirm first."""
    if proposals.waiting_for(office, Action.OFFICE_OPEN_UP):
        opens = gettext("Its monitors read each other’s cases once a second person confirms it.")
        saved = gettext("Saved.")
        return f"{saved} {opens}"
    return str(gettext("Saved."))


@bp.route("/settings/reading", methods=["GET", "POST"])
@needs(Action.LIMITS_CHANGE)
def limits() -> AnyResponse:
    """Propose how much reading is usual, and how often one may search."""
    actor = identity.actor()
    organisation = queries.own_organisation(actor, Action.LIMITS_CHANGE)
    form = LimitsForm.of(organisation)
    if form.is_valid_submission:
        with form.reasons():
            organisations.change_limits(actor, organisation, form.draft())
            flash(gettext("Proposed. It counts once a second person confirms it."), "ok")
            return redirect(url_for("proposals.waiting"), 303)
    return show("admin/limits.html", form=form)


def _first_day(organisation: Organisation) -> str:
    """Return the day from which a second factor is needed, as the reader would type it."""
    day = clock.day_of(organisation.factors_by, ZoneInfo(organisation.zone))
    return say_day(day, locale())


def _check(name: str) -> None:
    if name not in NAMES:
        raise NotFound


def _parents(name: str) -> list[tuple[str, str]]:
    """Return the wider terms of a list to choose from; nothing where it has none."""
    if not lists.has_parents(name):
        return []
    above = lists.parent_list(name)
    words = current_terms().words(above)
    if above == name:
        words = [word for word in words if word.parent is None]
    return [(word.code, word.say(locale())) for word in words]
