"""Logging an incident, reading it, changing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Office
from hrdtracker.access.policy import could
from hrdtracker.cases.case_creation import offices_of_work
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import NotAllowed, Stale
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import was_understood
from hrdtracker.forms.base import version_of
from hrdtracker.forms.incidents.log import EditForm, LogForm
from hrdtracker.forms.reader import group_draft
from hrdtracker.incidents import queries, service
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.reviewers import is_stuck
from hrdtracker.incidents.workflow import INCIDENT
from hrdtracker.people.lines import LineCounts, Problem, read_lines, summary
from hrdtracker.web.incidents.list import list_page
from hrdtracker.web.people.offers import ATTACH, OfferedLines, ask_who, offers_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import Conflict, conflict
from hrdtracker.web.shell.context import number, office_name
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_groups
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_author

bp = Blueprint("incidents", __name__, url_prefix="/incidents")
DATES = (
    "when",
    "arrived",
    "began",
    "ended",
    "ordered",
    "charged",
    "alleged",
    "decided",
    "pronounced",
    "notified",
    "filed",
)
"""The fields whose date is read while it is typed, whatever the form."""


@dataclass(frozen=True)
class LogPage:
    """An incident on one screen; `when` and `offers` are how a page that comes back was read."""

    case: Case | None
    chooses_office: bool
    when: When | None
    offers: OfferedLines


@dataclass(frozen=True)
class IncidentButtons:
    """Which buttons an incident's page shows: open to its status, and allowed to the reader."""

    edit: bool
    review: bool
    submit: bool
    discard: bool
    let_in: bool
    confirm: bool


@dataclass(frozen=True)
class IncidentPage:
    """One incident with all that hangs on it."""

    details: queries.IncidentDetails
    can: IncidentButtons
    is_stuck: bool
    author: str


@dataclass(frozen=True)
class EditIncidentPage:
    """Everything an incident says, and what somebody saved of it meanwhile."""

    incident: Incident
    saved: Conflict | None
    offers: OfferedLines


@dataclass(frozen=True)
class DiscardPage:
    """The sentence before a draft is deleted."""

    incident: Incident


@dataclass(frozen=True)
class DateReading:
    """How a date that is being typed was understood."""

    when: When
    is_understood: bool
    is_to_come: bool


@dataclass(frozen=True)
class PeopleReading:
    """How a list of people that is being typed was understood."""

    counts: LineCounts
    groups: str
    doubts: Sequence[Problem]
    problems: Sequence[Problem]


@bp.get("")
@needs(Action.INCIDENT_READ)
def index() -> Response:
    """List the incidents that one may read."""
    return list_page(identity.actor())


@bp.route("/new", methods=["GET", "POST"])
@needs(Action.INCIDENT_LOG)
def log() -> Response:
    """Log an incident, in a case or as the first of one."""
    actor = identity.actor()
    case = _case(request.args.get("case"))
    form = LogForm.received().offer(reader())
    asked = None
    if ATTACH not in request.form and form.is_valid_submission:
        with form.reasons():
            draft = form.draft(reader(), request.form, send="keep" not in request.form)
            asked = ask_who(actor, form.who.data, request.form, form.sending())
            if asked is None:
                incident = service.log_incident(actor, draft, case or _chosen_office(form))
                flash(_say_stored(incident, form), "ok")
                return redirect(_page_of(incident), 303)
    offices = [] if case else _offered_offices(form)
    offers = asked or offers_of(actor, form.who.data, request.form)
    page = LogPage(case, len(offices) > 1, _when(form), offers)
    return show("incidents/log.html", page, form)


@bp.get("/<uuid:uid>")
@needs(Action.INCIDENT_READ)
def incident(uid: UUID) -> Response:
    """Show one incident with all that belongs to it."""
    actor = identity.actor()
    details = queries.incident_details(actor, uid)
    can = _can(details)
    stuck = not can.review and is_stuck(actor, details.incident)
    page = IncidentPage(details, can, stuck, say_author(details.incident.recorded_by_id))
    return show("incidents/incident.html", page)


@bp.route("/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.INCIDENT_EDIT)
def edit(uid: UUID) -> Response:
    """Change what an incident says; a stale save shows both versions."""
    actor = identity.actor()
    incident = queries.incident_details(actor, uid).incident
    form = EditForm.received(**_values(incident)).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), request.form, incident.occurred)
        service.edit_incident(actor, incident, draft, version_of(form))
        return gettext("Saved."), url_for("incidents.incident", uid=uid)

    asked = ask_who(actor, form.who.data, request.form) if form.is_valid_submission else None

    def draw(late: Stale | None) -> Response:
        saved = None
        if late is not None:
            now = _values(queries.incident_details(actor, uid).incident)
            saved = conflict(actor, uid, form, now, lambda theirs: theirs.offer(reader()))
        offers = asked or offers_of(actor, form.who.data, request.form)
        return show("incidents/edit.html", EditIncidentPage(incident, saved, offers), form)

    if asked or ("look" in request.form and form.is_valid_submission):
        return draw(None)
    return carry_out(form, act, draw)


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
def discard(uid: UUID) -> Response:
    """Delete one's own draft, after a sentence that says so."""
    actor = identity.actor()
    incident = service.fetch(actor, uid)
    if request.method == "GET":
        return show("incidents/discard.html", DiscardPage(incident))
    service.discard(actor, incident)
    flash(gettext("The draft is deleted."), "ok")
    return redirect(url_for("home.today"), 303)


@bp.post("/read/when")
@needs(Action.INCIDENT_LOG)
def read_when() -> Response:
    """Say how a date was understood, while it is typed."""
    words = next((request.form[name] for name in DATES if name in request.form), "")
    when = reader().when(words)
    page = DateReading(when, was_understood(when), reader().is_to_come(when))
    return show("incidents/_when.html", page)


@bp.post("/read/who")
@needs(Action.INCIDENT_LOG)
def read_who() -> Response:
    """Say how a list of people was understood, while it is typed."""
    lines = read_lines(request.form.get("who", ""))
    groups = say_groups([group_draft(line) for line in lines.groups])
    page = PeopleReading(summary(lines), groups, lines.doubts, lines.problems)
    return show("incidents/_who.html", page)


def _case(uid: str | None) -> Case | None:
    return policy.fetch(identity.actor(), Action.CASE_READ, Case, uid) if uid else None


def _offered_offices(form: LogForm) -> list[Office]:
    """Return the offices for a new case, which the form offers from now on.

    Raises NotAllowed where there is none: a legal officer logs in the cases they were let into.
    """
    offices = offices_of_work(identity.actor())
    if not offices:
        raise NotAllowed
    form.office.choices = [(office.code, office_name(office)) for office in offices]
    return offices


def _chosen_office(form: LogForm) -> Office | None:
    """Return the office that was chosen; None where there was no choice."""
    code = form.office.data
    offices = _offered_offices(form) if code else []
    return next((office for office in offices if office.code == code), None)


def _page_of(incident: Incident) -> str:
    """Return where an incident is read; who logs until a role is confirmed reads none yet."""
    if could(identity.actor(), Action.INCIDENT_READ):
        return url_for("incidents.incident", uid=incident.uid)
    flash(gettext("You read it once a second person has confirmed your role."), "warn")
    return url_for("home.today")


def _say_stored(incident: Incident, form: LogForm) -> str:
    """Say how an incident that was just handed in stands now, and what is only kept in words."""
    is_draft = service.draft_of(incident) is not None
    stored = gettext("Kept.") if is_draft else gettext("Sent. A director reviews it.")
    doubts = len(read_lines(form.who.data or "").doubts)
    if not doubts:
        return str(stored)
    in_words = ngettext(
        "%(count)s line of people is kept in your words: look at it on their page.",
        "%(count)s lines of people are kept in your words: look at them on their pages.",
        doubts,
        count=number(doubts),
    )
    return f"{stored} {in_words}"


def _when(form: LogForm) -> When | None:
    """Return how the date that was typed is understood, for a page that comes back."""
    return reader().when(form.when.data) if form.when.data else None


def _values(incident: Incident) -> dict[str, object]:
    """Return what an incident says now, as the form shows it."""
    names = (
        "type", "urgency", "place_kind", "province", "district", "commune", "village", "country",
        "platform", "account", "link", "place", "narrative", "language", "tie", "version",
    )  # fmt: skip
    values: dict[str, object] = {name: getattr(incident, name) or "" for name in names}
    when = incident.occurred.as_told if incident.occurred else ""
    return {**values, "when": when, "lawyer": incident.lawyer_contacted or ""}


def _can(details: queries.IncidentDetails) -> IncidentButtons:
    acts = INCIDENT.open_to(details.incident) & details.may
    return IncidentButtons(
        edit=Action.INCIDENT_EDIT in acts,
        review=Action.INCIDENT_REVIEW in acts,
        submit=Action.INCIDENT_SUBMIT in acts,
        discard=Action.INCIDENT_DISCARD in acts,
        let_in=Action.CASE_MEMBERS in details.may,
        confirm=Action.INCIDENT_CONFIRM_HELD in details.may,
    )
