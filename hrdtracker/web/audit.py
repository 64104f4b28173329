"""The trail, for auditors: who did what and when, how often, and whether it was altered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import LABELS, Action
from hrdtracker.access.actor import NOBODY, Actor
from hrdtracker.accounts import queries
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.queries import Line, Sought
from hrdtracker.cases.codes import codes_of
from hrdtracker.core.declarations import record_labels
from hrdtracker.core.when.model import When
from hrdtracker.forms.audit import VerifyForm
from hrdtracker.incidents.queries import sent
from hrdtracker.people.queries import told
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.context import word
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.fields import term_of, title_of

bp = Blueprint("audit", __name__, url_prefix="/audit")
NAMES = ("who", "action", "outcome", "from", "to")


@bp.get("")
@needs(Action.TRAIL_READ)
def index() -> str:
    """Show the trail, the newest first."""
    actor = _auditor()
    chosen = _chosen()
    page = trail.entries(actor, _sought(chosen), _number("older"), _number("newer"))
    lines = _without_drafts(page.lines)
    people = queries.everybody(actor)
    choices = _choices(people)
    return render_template(
        "audit/index.html",
        page=page,
        lines=lines,
        chosen=chosen,
        chips=_chips(chosen, choices),
        choices=choices,
        people=people,
        holders=queries.holders(actor, {line.subject_uid for line in page.lines}),
        codes=codes_of(line.scope_id for line in page.lines),
        acts=LABELS,
        records=record_labels(),
        title=title_of,
        say=term_of,
        newer=_address(chosen, newer=page.newer) if page.newer else None,
        older=_address(chosen, older=page.older) if page.older else None,
    )


@bp.get("/figures")
@needs(Action.TRAIL_READ)
def figures() -> str:
    """Show how often each act was done in a period."""
    actor, chosen = _auditor(), _chosen()
    sought = _sought({name: chosen[name] for name in ("from", "to") if name in chosen})
    rows, unseen = trail.figures(actor, sought)
    return render_template(
        "audit/figures.html", rows=rows, unseen=unseen, chosen=chosen, acts=LABELS
    )


@bp.route("/verify", methods=["GET", "POST"])
@needs(Action.TRAIL_READ)
def verify() -> Response:
    """Check that nothing on the trail was altered, and show its head to keep elsewhere."""
    _auditor()
    form, verdict = VerifyForm.received(), None
    if form.is_valid_submission:
        with form.reasons():
            verdict = trail.verify(form.kept())
    return answer("audit/verify.html", form, verdict=verdict)


def _auditor() -> Actor:
    """Return who is here, if they may read the trail; else there is no such page."""
    actor = identity.actor()
    queries.own_organisation(actor, Action.TRAIL_READ)
    return actor


def _chosen() -> dict[str, str]:
    return {name: value for name in NAMES if (value := request.args.get(name, "").strip())}


def _sought(chosen: dict[str, str]) -> Sought:
    """Return the entries that the filters ask for; what is no filter is left out."""
    action, outcome = chosen.get("action"), chosen.get("outcome")
    return Sought(
        actor_uid=_uid(chosen.get("who")),
        action=action if action in set(Action) else None,
        outcome=outcome if outcome in set(Outcome) else None,
        since=_instant(chosen.get("from")),
        before=_instant(chosen.get("to"), ends=True),
    )


def _instant(told: str | None, *, ends: bool = False) -> datetime | None:
    when: When | None = reader().when(told) if told else None
    if when is None:
        return None
    return when.latest if ends else when.earliest


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _without_drafts(lines: Sequence[Line]) -> list[Line]:
    """Return entries without what was changed in a draft, which is its author’s alone."""
    incidents, contacts = _about(lines, "incident"), _about(lines, "contact")
    unsent = (incidents - sent(incidents)) | (contacts - told(contacts))
    return [
        replace(line, changes=(), more_changes=0) if line.subject_uid in unsent else line
        for line in lines
    ]


def _about(lines: Sequence[Line], kind: str) -> set[UUID]:
    """Return the records of one kind that entries are about."""
    return {line.subject_uid for line in lines if line.subject_uid and line.subject_type == kind}


def _choices(people: Mapping[UUID, str]) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers."""
    everybody = [(uid.hex, label) for uid, label in people.items()]
    return {
        "who": [*everybody, (NOBODY.hex, gettext("Nobody signed in, or the machine itself"))],
        "action": sorted(((act.value, gettext(LABELS[act])) for act in Action), key=lambda a: a[1]),
        "outcome": [(each.value, word(each)) for each in Outcome],
    }


def _chips(
    chosen: dict[str, str], choices: dict[str, list[tuple[str, str]]]
) -> list[dict[str, str]]:
    """Return each filter that is on, with the address of the list without it."""
    return [
        {
            "label": dict(choices.get(name, ())).get(value, value),
            "url": _address({key: each for key, each in chosen.items() if key != name}),
        }
        for name, value in chosen.items()
    ]


def _address(chosen: dict[str, str], **place: int | None) -> str:
    values: dict[str, Any] = {**chosen, **place}
    return url_for("audit.index", **values)
