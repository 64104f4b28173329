"""The reviewer's queue and decision."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.core.errors import NotAllowed, Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.cases.access import MemberForm
from hrdtracker.forms.incidents.review import AssessmentFields, ReviewForm, right_choices
from hrdtracker.incidents import decisions, queries, reviewers, reviewing, service
from hrdtracker.incidents.queries import IncidentPage, VictimLine
from hrdtracker.web.incidents.difference import say_differences
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_author

bp = Blueprint("review", __name__)


@bp.get("/review")
@needs(Action.INCIDENT_REVIEW)
def queue() -> str:
    """Show what waits for this reviewer, the most urgent first, then the oldest."""
    rows = reviewing.waiting(identity.actor())
    return render_template(
        "incidents/review_queue.html",
        rows=[(row, queries.occurred(row)) for row in rows[: reviewing.WAITING_MOST]],
        more=len(rows) > reviewing.WAITING_MOST,
    )


@bp.route("/incidents/<uuid:uid>/review", methods=["GET", "POST"])
@needs(Action.INCIDENT_REVIEW)
def review(uid: UUID) -> Response:
    """Decide on an incident: reviewed with an assessment, or returned with a reason."""
    actor = identity.actor()
    page = _reviewable(uid)
    form = ReviewForm.received(version=str(page.incident.version))
    blocks = _blocks(page)

    def act() -> tuple[str, str]:
        return _decide(page, form, blocks), url_for("review.queue")

    def show(late: Stale | None) -> Response:
        now = page if late is None else queries.incident_page(actor, uid)
        form.version.data = str(now.incident.version) if late else form.version.data
        return _show(now, form, blocks, is_stale=late is not None)

    return carry_out(form, act, show)


def _show(
    page: IncidentPage, form: ReviewForm, blocks: list["ReviewBlock"], *, is_stale: bool
) -> Response:
    actor = identity.actor()
    differences = say_differences(reviewing.differences(actor, page.incident))
    author = say_author(page.incident.recorded_by_id)
    shown = {"page": page, "blocks": blocks, "rights": right_choices(reader()), "stale": is_stale}
    return answer("incidents/review.html", form, differences=differences, author=author, **shown)


@bp.route("/incidents/<uuid:uid>/reviewer", methods=["GET", "POST"])
@needs(Action.INCIDENT_APPOINT)
def appoint(uid: UUID) -> Response:
    """Let somebody into a case who reviews there what nobody else may."""
    actor = identity.actor()
    incident = service.fetch(actor, uid, Action.INCIDENT_APPOINT)
    able = colleagues(actor.organisation_id, Action.INCIDENT_REVIEW)
    form = MemberForm.received().offer(as_choices([each for each in able if each.uid != actor.uid]))

    def act() -> tuple[str, str]:
        decisions.appoint_reviewer(actor, incident, form.draft(reader()))
        done = gettext("They may open the case now, and review this incident.")
        return done, url_for("home.today")

    def show(_late: Stale | None) -> Response:
        case = reviewers.case_of_stuck(actor, incident)
        return answer("incidents/appoint.html", form, case=case, incident=incident)

    return carry_out(form, act, show)


def _reviewable(uid: UUID) -> IncidentPage:
    """Return an incident that one may review; who may only read it is told so."""
    page = queries.incident_page(identity.actor(), uid)
    if Action.INCIDENT_REVIEW not in page.may:
        raise NotAllowed
    return page


def _decide(page: IncidentPage, form: ReviewForm, blocks: list["ReviewBlock"]) -> str:
    """Return the incident or mark it as reviewed, as the pressed button says; say what was done."""
    actor, version = identity.actor(), version_of(form)
    if "return" in request.form:
        decisions.return_incident(actor, page.incident, form.reason.data or "", version)
        return str(gettext("Returned. Its author reads your reason first."))
    found = [block.read() for block in blocks if not block.is_empty()]
    decisions.review_incident(actor, page.incident, found, version)
    return str(gettext("Reviewed."))


class ReviewBlock(AssessmentFields):
    """One kind of act with the people to whom it was done."""

    def __init__(self, number: int, kind: str, lines: list[VictimLine]) -> None:
        first = lines[0].violation
        held = {
            "established": first.established or "",
            "finding": first.finding or "",
            "right": first.right or "",
            "sources": "" if first.independent_sources is None else str(first.independent_sources),
        }
        super().__init__(number, [line.violation.uid for line in lines], held)
        self.kind = kind
        self.lines = lines


def _blocks(page: IncidentPage) -> list[ReviewBlock]:
    """Return the violations of an incident by type, and one by one where that was asked for."""
    one_by_one = "each" in request.args
    groups = [
        (kind, list(lines))
        for kind, lines in groupby(page.victims, key=lambda line: line.violation.type)
    ]
    if one_by_one:
        groups = [(kind, [line]) for kind, lines in groups for line in lines]
    return [ReviewBlock(number, kind, lines) for number, (kind, lines) in enumerate(groups)]
