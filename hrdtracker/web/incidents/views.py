"""Logging an incident, reading it, changing it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.cases.case_creation import offices_of_work
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import Stale
from hrdtracker.core.when.parse import was_understood
from hrdtracker.forms.base import version_of
from hrdtracker.forms.incidents.log import EditForm, LogForm
from hrdtracker.forms.reader import chosen_people
from hrdtracker.incidents import queries, service
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.reviewers import has_reviewer
from hrdtracker.incidents.workflow import INCIDENT
from hrdtracker.people.lines import read_lines, summary
from hrdtracker.web.incidents.list import list_page
from hrdtracker.web.people.views import offers
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import office_name
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_author

bp = Blueprint("incidents", __name__, url_prefix="/incidents")


@bp.get("")
@needs(Action.INCIDENT_READ)
def index() -> str:
    """List the incidents that one may read."""
    return list_page(identity.actor())


@bp.route("/new", methods=["GET", "POST"])
@needs(Action.INCIDENT_LOG)
def log() -> Response:
    """Log an incident, in a case or as the first of one."""
    actor = identity.actor()
    case = _case(request.args.get("case"))
    offices = [] if case else offices_of_work(actor)
    form = LogForm.received().offer(reader(), [(each.code, office_name(each)) for each in offices])
    if form.is_valid_submission:
        with form.reasons():
            draft = form.draft(reader(), request.form, send="keep" not in request.form)
            office = next((each for each in offices if each.code == form.office.data), None)
            incident = service.log_incident(actor, draft, case or office)
            flash(_said(incident), "ok")
            return redirect(url_for("incidents.incident", uid=incident.uid), 303)
    said = {"read": _read(form), **_offered(form)}
    return answer("incidents/log.html", form, case=case, offices=offices, **said)


@bp.get("/<uuid:uid>")
@needs(Action.INCIDENT_READ)
def incident(uid: UUID) -> str:
    """Show one incident with all that belongs to it."""
    actor = identity.actor()
    page = queries.incident_page(actor, uid)
    return render_template(
        "incidents/incident.html",
        page=page,
        incident=page.incident,
        can=_can(page),
        second=has_reviewer(actor, page.incident),
        author=say_author(page.incident.recorded_by_id),
    )


@bp.route("/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.INCIDENT_EDIT)
def edit(uid: UUID) -> Response:
    """Change what an incident says; a stale save shows both versions."""
    actor = identity.actor()
    found = queries.incident_page(actor, uid).incident
    form = EditForm.received(**_values(found)).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), request.form, found.occurred)
        service.edit_incident(actor, found, draft, version_of(form))
        return gettext("Saved."), url_for("incidents.incident", uid=uid)

    def show(late: Stale | None) -> Response:
        theirs = queries.incident_page(actor, uid).incident if late else None
        form.version.data = str(theirs.version) if theirs else form.version.data
        return answer("incidents/edit.html", form, incident=found, theirs=theirs)

    if "look" in request.form and form.is_valid_submission:
        return show(None)
    return carry_out(form, act, show)


@bp.post("/<uuid:uid>/send")
@needs(Action.INCIDENT_SUBMIT)
def send(uid: UUID) -> Response:
    """Send an incident for review."""
    actor = identity.actor()
    service.submit(actor, service.fetch(actor, uid))
    flash(gettext("Sent. A director reviews it."), "ok")
    return redirect(url_for("incidents.incident", uid=uid), 303)


@bp.route("/<uuid:uid>/discard", methods=["GET", "POST"])
@needs(Action.INCIDENT_DISCARD)
def discard(uid: UUID) -> Response | str:
    """Delete one's own draft, after a sentence that says so."""
    actor = identity.actor()
    found = service.fetch(actor, uid)
    if request.method == "GET":
        return render_template("incidents/discard.html", incident=found)
    service.discard(actor, found)
    flash(gettext("The draft is deleted."), "ok")
    return redirect(url_for("home.today"), 303)


@bp.post("/read/when")
@needs(Action.INCIDENT_LOG)
def read_when() -> str:
    """Say how a date was understood, while it is typed."""
    told = next((request.form[name] for name in ("when", "arrived") if name in request.form), "")
    when = reader().when(told)
    return render_template("incidents/_when.html", when=when, understood=was_understood(when))


@bp.post("/read/who")
@needs(Action.INCIDENT_LOG)
def read_who() -> str:
    """Say how a list of people was understood, while it is typed."""
    read = read_lines(request.form.get("who", ""))
    return render_template("incidents/_who.html", read=read, counts=summary(read))


def _case(uid: str | None) -> Case | None:
    return policy.fetch(identity.actor(), Action.CASE_READ, Case, uid) if uid else None


def _said(incident: Incident) -> str:
    """Say how an incident that was just handed in stands now."""
    is_draft = service.draft_of(incident) is not None
    return str(gettext("Kept.") if is_draft else gettext("Sent. A director reviews it."))


def _read(form: LogForm) -> dict[str, object]:
    """Return how what was typed is understood, for a page that comes back."""
    if not form.when.data:
        return {}
    when = reader().when(form.when.data)
    return {"when": when, "understood": was_understood(when)}


def _offered(form: LogForm) -> dict[str, Any]:
    """Return who was offered for the people typed, with what was chosen, for a page come back."""
    if not any(name.startswith("same-") for name in request.form):
        return {"lines": [], "chosen": {}}
    who, chosen = form.who.data or "", chosen_people(form.who.data, request.form)
    return {"lines": offers(identity.actor(), who, chosen), "chosen": chosen}


def _values(found: Incident) -> dict[str, object]:
    """Return what an incident says now, as the form shows it."""
    names = (
        "type", "urgency", "place_kind", "province", "district", "commune", "village", "country",
        "platform", "account", "link", "place", "narrative", "language", "tie", "version",
    )  # fmt: skip
    values: dict[str, object] = {name: getattr(found, name) or "" for name in names}
    told = found.occurred.as_told if found.occurred else ""
    return {**values, "when": told, "lawyer": found.lawyer_contacted or ""}


def _can(page: queries.IncidentPage) -> dict[str, bool]:
    """Return which buttons the page shows: open to this status, and allowed to this person."""
    acts = INCIDENT.open_to(page.incident) & page.may
    return {
        "edit": Action.INCIDENT_EDIT in acts,
        "review": Action.INCIDENT_REVIEW in acts,
        "submit": Action.INCIDENT_SUBMIT in acts,
        "discard": Action.INCIDENT_DISCARD in acts,
    }
