"""The trail, for auditors: who did what and when, how often, and whether it was altered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import LABELS, Action
from hrdtracker.access.actor import NOBODY, Actor
from hrdtracker.accounts import queries
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.queries import Sought, TrailLine
from hrdtracker.cases.codes import codes_of
from hrdtracker.core.declarations import record_labels
from hrdtracker.forms.audit import CheckpointForm
from hrdtracker.incidents.queries import sent
from hrdtracker.people.queries import told
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.context import word
from hrdtracker.web.shell.filters import FilterBar, FilterField, filter_bar, period_fields, pick
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.fields import term_of, title_of

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@needs(Action.TRAIL_READ)
def index() -> str:
    """Show the trail, the newest first."""
    actor = _auditor()
    people = queries.everybody(actor)
    bar = filter_bar("audit.index", *_filters(people), *period_fields())
    page = trail.entries(actor, _sought(bar), _number("older"), _number("newer"))
    lines = _without_drafts(page.lines)
    return render_template(
        "audit/index.html",
        page=page,
        lines=lines,
        bar=bar,
        people=people,
        holders=queries.holders(actor, {line.subject_uid for line in page.lines}),
        codes=codes_of(line.scope_id for line in page.lines),
        acts=LABELS,
        records=record_labels(),
        title=title_of,
        say=term_of,
    )


@bp.get("/figures")
@needs(Action.TRAIL_READ)
def figures() -> str:
    """Show how often each act was done in a period."""
    bar = filter_bar("audit.figures", *period_fields())
    rows, unseen = trail.figures(_auditor(), _sought(bar))
    return render_template("audit/figures.html", rows=rows, unseen=unseen, bar=bar, acts=LABELS)


@bp.route("/verify", methods=["GET", "POST"])
@needs(Action.TRAIL_READ)
def verify() -> Response:
    """Check that nothing on the trail was altered, and show its head to keep elsewhere."""
    _auditor()
    form, verdict = CheckpointForm.received(), None
    if form.is_valid_submission:
        with form.reasons():
            verdict = trail.verify(form.kept())
    return answer("audit/verify.html", form, verdict=verdict)


def _auditor() -> Actor:
    """Return who is here, if they may read the trail; else there is no such page."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.TRAIL_READ)
    return actor


def _sought(bar: FilterBar) -> Sought:
    """Return the entries that the filters ask for."""
    since, before = bar.period()
    return Sought(
        actor_uid=bar.uid("who"),
        action=bar.chosen.get("action"),
        outcome=bar.chosen.get("outcome"),
        since=since,
        before=before,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _without_drafts(lines: Sequence[TrailLine]) -> list[TrailLine]:
    """Return entries without what was changed in a draft, which is its author’s alone."""
    incidents, contacts = _about(lines, "incident"), _about(lines, "contact")
    unsent = (incidents - sent(incidents)) | (contacts - told(contacts))
    return [
        replace(line, changes=(), more_changes=0) if line.subject_uid in unsent else line
        for line in lines
    ]


def _about(lines: Sequence[TrailLine], kind: str) -> set[UUID]:
    """Return the records of one kind that entries are about."""
    return {line.subject_uid for line in lines if line.subject_uid and line.subject_type == kind}


def _filters(people: Mapping[UUID, str]) -> tuple[FilterField, ...]:
    """Return what the trail can be narrowed by, besides a period."""
    everybody = [(uid.hex, label) for uid, label in people.items()]
    machine = (NOBODY.hex, gettext("Nobody signed in, or the machine itself"))
    acts = sorted(((act.value, gettext(LABELS[act])) for act in Action), key=lambda a: a[1])
    return (
        pick("who", gettext("Who"), [*everybody, machine]),
        pick("action", gettext("What"), acts),
        pick("outcome", gettext("How it ended"), [(each.value, word(each)) for each in Outcome]),
    )
