"""The reviewer's queue and decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import NotAllowed, Stale
from hrdtracker.core.when.model import When
from hrdtracker.forms.base import version_of
from hrdtracker.forms.cases.access import MemberForm
from hrdtracker.forms.incidents.review import AssessmentFields, ReviewForm, right_choices
from hrdtracker.incidents import decisions, queries, reviewers, reviewing, service
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.queries import IncidentDetails, VictimLine
from hrdtracker.web.incidents.difference import WordedChange, say_differences
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_author

bp = Blueprint("review", __name__)


@dataclass(frozen=True)
class ReviewQueuePage:
    """What waits for a reviewer: rows with the dates of the incidents, and whether more wait."""

    rows: Sequence[tuple[Any, When]]
    has_more: bool


@dataclass(frozen=True)
class ReviewPage:
    """A reviewer's decision on one incident."""

    details: IncidentDetails
    author: str
    blocks: Sequence["ReviewBlock"]
    rights: Sequence[tuple[str, str]]
    differences: Sequence[WordedChange]
    is_stale: bool


@dataclass(frozen=True)
class AppointPage:
    """Who is let into a case to review there what nobody may review."""

    case: Case
    incident: Incident


@bp.get("/review")
@needs(Action.INCIDENT_REVIEW)
def queue() -> Response:
    """Show what waits for this reviewer, the most urgent first, then the oldest."""
    rows = reviewing.waiting(identity.actor())
    dated = [(row, queries.occurred(row)) for row in rows[: reviewing.WAITING_MOST]]
    page = ReviewQueuePage(dated, len(rows) > reviewing.WAITING_MOST)
    return show("incidents/review_queue.html", page)


@bp.route("/incidents/<uuid:uid>/review", methods=["GET", "POST"])
@needs(Action.INCIDENT_REVIEW)
def review(uid: UUID) -> Response:
    """Decide on an incident: reviewed with an assessment, or returned with a reason."""
    actor = identity.actor()
    details = _reviewable(uid)
    form = ReviewForm.received(version=str(details.incident.version))
    blocks = _blocks(details)

    def act() -> tuple[str, str]:
        return _decide(details, form, blocks), url_for("review.queue")

    def draw(late: Stale | None) -> Response:
        now = details if late is None else queries.incident_details(actor, uid)
        form.version.data = str(now.incident.version) if late else form.version.data
        return show("incidents/review.html", _page(now, blocks, is_stale=late is not None), form)

    return carry_out(form, act, draw)


def _page(details: IncidentDetails, blocks: list["ReviewBlock"], *, is_stale: bool) -> ReviewPage:
    incident = details.incident
    return ReviewPage(
        details,
        say_author(incident.recorded_by_id),
        blocks,
        right_choices(reader()),
        say_differences(reviewing.differences(identity.actor(), incident)),
        is_stale,
    )


@bp.route("/incidents/<uuid:uid>/reviewer", methods=["GET", "POST"])
@needs(Action.INCIDENT_APPOINT)
def appoint(uid: UUID) -> Response:
    """Let somebody into a case who reviews there what nobody else may."""
    actor = identity.actor()
    incident = service.fetch(actor, uid, Action.INCIDENT_APPOINT)
    able = colleagues(actor.organisation_id, Action.INCIDENT_REVIEW)
    form = MemberForm.received().offer(as_choices([user for user in able if user.uid != actor.uid]))

    def act() -> tuple[str, str]:
        decisions.appoint_reviewer(actor, incident, form.draft(reader()))
        done = gettext("They may open the case now, and review this incident.")
        return done, url_for("home.today")

    def draw(_late: Stale | None) -> Response:
        case = reviewers.case_of_stuck(actor, incident)
        return show("incidents/appoint.html", AppointPage(case, incident), form)

    return carry_out(form, act, draw)


def _reviewable(uid: UUID) -> IncidentDetails:
    """Return an incident that one may review; who may only read it is told so."""
    details = queries.incident_details(identity.actor(), uid)
    if Action.INCIDENT_REVIEW not in details.may:
        raise NotAllowed
    return details


def _decide(details: IncidentDetails, form: ReviewForm, blocks: list["ReviewBlock"]) -> str:
    """Return the incident or mark it as reviewed, as the pressed button says; say what was done."""
    actor, version = identity.actor(), version_of(form)
    if "return" in request.form:
        decisions.return_incident(actor, details.incident, form.reason.data or "", version)
        return str(gettext("Returned. Its author reads your reason first."))
    assessments = [block.read() for block in blocks if not block.is_empty()]
    decisions.review_incident(actor, details.incident, assessments, version)
    return str(gettext("Reviewed."))


class ReviewBlock(AssessmentFields):
    """One kind of act with the people to whom it was done."""

    def __init__(self, number: int, kind: str, lines: list[VictimLine]) -> None:
        first = lines[0].violation
        stored = {
            "established": first.established or "",
            "finding": first.finding or "",
            "right": first.right or "",
            "sources": "" if first.independent_sources is None else str(first.independent_sources),
        }
        super().__init__(number, [line.violation.uid for line in lines], stored)
        self.kind = kind
        self.lines = lines


def _blocks(details: IncidentDetails) -> list[ReviewBlock]:
    """Return the violations of an incident by type, and one by one where that was asked for."""
    one_by_one = "each" in request.args
    groups = [
        (kind, list(lines))
        for kind, lines in groupby(details.victims, key=lambda line: line.violation.type)
    ]
    if one_by_one:
        groups = [(kind, [line]) for kind, lines in groups for line in lines]
    return [ReviewBlock(number, kind, lines) for number, (kind, lines) in enumerate(groups)]
