"""The reviewer's queue and decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import as_choices, labels
from hrdtracker.audit.history import last_actor
from hrdtracker.core.errors import NotAllowed, Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.incidents.review import AssessmentFields, ReviewForm, right_choices
from hrdtracker.incidents import decisions, queries, reviewing, sampling
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.queries import IncidentDetails, VictimLine
from hrdtracker.web.incidents.difference import say_differences
from hrdtracker.web.incidents.list import (
    case_filter,
    imported_field,
    province_field,
    type_field,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import SavedMeanwhile, saved_meanwhile
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import say_author
from hrdtracker.web.words.fields import WordedChange
from hrdtracker.web.words.incidents import IncidentLine, incident_line
from hrdtracker.web.words.stuck import StuckLine, stuck_lines

bp = Blueprint("review", __name__)


@dataclass(frozen=True)
class ReviewQueuePage:
    """A part of what waits for a reviewer, what narrows it, and what nobody may review."""

    lines: Sequence[IncidentLine]
    total: int
    bar: FilterBar
    paging: Paging | None
    has_imported: bool
    stuck: Sequence[StuckLine]


@dataclass(frozen=True)
class ReturnedReason:
    """Why an incident was returned before; `who` wrote it, nobody where it was the reader."""

    who: str
    words: str = field(repr=False)


@dataclass(frozen=True)
class ReviewPage:
    """A reviewer's decision on one incident."""

    details: IncidentDetails
    author: str
    blocks: Sequence["ReviewBlock"]
    rights: Sequence[tuple[str, str]]
    differences: Sequence[WordedChange]
    returned: ReturnedReason | None
    saved: SavedMeanwhile | None


@bp.get("/review")
@needs(Action.INCIDENT_REVIEW)
def queue() -> Response:
    """Show what waits for this reviewer, the most urgent first; then what nobody may review."""
    actor = identity.actor()
    bar = filter_bar(
        "review.queue",
        pick("author", gettext("Who logged it"), as_choices(reviewing.authors(actor))),
        type_field(),
        province_field(),
        imported_field(),
    )
    rows, part = reviewing.queue(actor, case_filter(bar), request.args.get("skip"))
    page = ReviewQueuePage(
        lines=[incident_line(row, sent=True) for row in rows],
        total=part.total,
        bar=bar,
        paging=paging(part, "review.queue", **bar.chosen),
        has_imported=sampling.is_offered(actor),
        stuck=stuck_lines(actor),
    )
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
        back = "samples.index" if "sample" in request.args else "review.queue"
        return _decide(details, form, blocks), url_for(back)

    def draw(late: Stale | None) -> Response:
        now = details if late is None else queries.incident_details(actor, uid)
        form.version.data = str(now.incident.version) if late else form.version.data
        saved = saved_meanwhile(actor, uid, late)
        return show("incidents/review.html", _page(now, blocks, saved), form)

    return carry_out(form, act, draw)


def _page(
    details: IncidentDetails, blocks: list["ReviewBlock"], saved: SavedMeanwhile | None
) -> ReviewPage:
    incident = details.incident
    return ReviewPage(
        details,
        say_author(incident.recorded_by_id),
        blocks,
        right_choices(reader()),
        say_differences(reviewing.differences(identity.actor(), incident)),
        _returned(incident),
        saved,
    )


def _returned(incident: Incident) -> ReturnedReason | None:
    """Return why an incident was returned before, with who wrote that."""
    if not incident.returned_reason:
        return None
    reviewer = last_actor((Action.INCIDENT_RETURN,), incident.uid)
    is_reader = reviewer == identity.actor().uid
    names = labels([reviewer]) if reviewer and not is_reader else {}
    who = "" if is_reader else next(iter(names.values()), gettext("A reviewer"))
    return ReturnedReason(who, incident.returned_reason)


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
        return _return(details, form, blocks)
    assessments = [block.read() for block in blocks if not block.is_empty()]
    decisions.review_incident(actor, details.incident, assessments, version)
    return str(gettext("Reviewed."))


def _return(details: IncidentDetails, form: ReviewForm, blocks: list["ReviewBlock"]) -> str:
    """Return the incident with what was assessed so far; say what of that could not be kept."""
    actor, reason = identity.actor(), form.reason.data or ""
    half_made = [block.read(final=False) for block in blocks if not block.is_empty()]
    decisions.return_incident(actor, details.incident, reason, version_of(form), half_made)
    done = gettext("Returned. Its author reads your reason first; what you assessed is kept.")
    if any(block.lacks_sources for block in blocks):
        lost = gettext("How far it is established is kept once its sources are counted.")
        return f"{done} {lost}"
    return str(done)


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
