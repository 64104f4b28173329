"""The trail, for auditors: who did what and when, how often, and whether it was altered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext, pgettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import NOBODY, Actor
from hrdtracker.accounts import queries
from hrdtracker.audit import queries as trail
from hrdtracker.audit.checkpoint import ChainVerification, ReadingVerification
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.queries import Changed, Sought, TrailLine, TrailPage
from hrdtracker.cases.codes import codes_of
from hrdtracker.core.declarations import record_labels
from hrdtracker.forms.audit import CheckpointForm
from hrdtracker.incidents.queries import sent_incidents
from hrdtracker.people.queries import sent_contacts
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import word
from hrdtracker.web.shell.filters import FilterBar, FilterField, filter_bar, period_fields, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import with_what
from hrdtracker.web.words.acts import say_act
from hrdtracker.web.words.fields import term_of, title_of

bp = Blueprint("audit", __name__, url_prefix="/audit")


@dataclass(frozen=True)
class ChangeLine:
    """What an act made of one column; whom or what a `reference` names is not said, nor what is
    `sealed`."""

    what: str
    before: object
    after: object
    sealed: bool
    reference: bool


@dataclass(frozen=True)
class EntryLine:
    """One entry of the trail in words: `who` did what, in which `case`, to what it was done."""

    entry: TrailLine
    who: str
    act: str
    case: str
    subject: str
    changes: Sequence[ChangeLine]


@dataclass(frozen=True)
class AuditPage:
    """The trail, the newest first, and what it is narrowed by."""

    part: TrailPage
    lines: Sequence[EntryLine]
    bar: FilterBar


@dataclass(frozen=True)
class AuditFiguresPage:
    """How often each act ended in each way, and how many acts are not shown."""

    rows: Sequence[tuple[str, str, int]]
    unseen: int
    bar: FilterBar


@dataclass(frozen=True)
class VerificationPage:
    """Whether the trail, and the log of who read what, are as they were written.

    Nothing until it is checked.
    """

    verdict: ChainVerification | None
    readings: ReadingVerification | None


@bp.get("")
@needs(Action.TRAIL_READ)
def index() -> Response:
    """Show the trail, the newest first."""
    actor = _auditor()
    people = queries.everybody(actor)
    bar = filter_bar("audit.index", *_filters(people), *period_fields())
    part = trail.entries(actor, _sought(bar), _number("older"), _number("newer"))
    holders = queries.holders(actor, {line.subject_uid for line in part.lines})
    lines = _say_entries(part.lines, {**holders, **people})
    return show("audit/index.html", AuditPage(part, lines, bar))


@bp.get("/figures")
@needs(Action.TRAIL_READ)
def figures() -> Response:
    """Show how often each act was done in a period."""
    bar = filter_bar("audit.figures", *period_fields())
    counts, unseen = trail.figures(_auditor(), _sought(bar))
    rows = [(say_act(action), outcome, count) for action, outcome, count in counts]
    return show("audit/figures.html", AuditFiguresPage(rows, unseen, bar))


@bp.route("/verify", methods=["GET", "POST"])
@needs(Action.TRAIL_READ)
def verify() -> Response:
    """Check that nothing on the trail was altered, and show its head to keep elsewhere."""
    _auditor()
    form, verdict, readings = CheckpointForm.received(), None, None
    if form.is_valid_submission:
        with form.reasons():
            verdict, readings = trail.verify(form.kept()), trail.verify_readings()
    return show("audit/verify.html", VerificationPage(verdict, readings), form)


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


def _say_entries(entries: Sequence[TrailLine], names: Mapping[UUID, str]) -> list[EntryLine]:
    """Return entries in words; without what was changed in a draft, which is its author’s alone."""
    incidents, contacts = _about(entries, "incident"), _about(entries, "contact")
    unsent = (incidents - sent_incidents(incidents)) | (contacts - sent_contacts(contacts))
    codes, records = codes_of(entry.scope_id for entry in entries), record_labels()
    return [
        EntryLine(
            entry=entry,
            who=_name(names, entry.actor_uid),
            act=say_act(entry.action),
            case=codes.get(entry.scope_id or 0, ""),
            subject=_say_subject(entry, names, records),
            changes=[
                _say_change(change, records)
                for change in entry.changes
                if entry.subject_uid not in unsent
            ],
        )
        for entry in entries
    ]


def _say_subject(entry: TrailLine, names: Mapping[UUID, str], records: Mapping[str, str]) -> str:
    """Return to what something was done: nothing where somebody did it to themself."""
    if entry.subject_type not in records or entry.subject_uid == entry.actor_uid:
        return ""
    return with_what(gettext(records[entry.subject_type]), _name(names, entry.subject_uid))


def _say_change(change: Changed, records: Mapping[str, str]) -> ChangeLine:
    table, column = change.table, change.column
    before, after = (term_of(table, column, value) for value in (change.before, change.after))
    what = title_of(table, column)
    if table in records:
        what = with_what(gettext(records[table]), what)
    return ChangeLine(what, before, after, change.sealed, reference=column.endswith("_id"))


def _name(names: Mapping[UUID, str], uid: UUID | None) -> str:
    return names.get(uid, "") if uid is not None else ""


def _about(lines: Sequence[TrailLine], kind: str) -> set[UUID]:
    """Return the records of one kind that entries are about."""
    return {line.subject_uid for line in lines if line.subject_uid and line.subject_type == kind}


def _filters(people: Mapping[UUID, str]) -> tuple[FilterField, ...]:
    """Return what the trail can be narrowed by, besides a period."""
    everybody = [(uid.hex, label) for uid, label in people.items()]
    machine = (NOBODY.hex, gettext("Nobody signed in, or the machine itself"))
    acts = sorted(((act.value, say_act(act)) for act in Action), key=lambda a: a[1])
    return (
        pick("who", gettext("Who"), [*everybody, machine]),
        pick("action", pgettext("act", "What"), acts),
        pick(
            "outcome",
            gettext("How it ended"),
            [(outcome.value, word(outcome)) for outcome in Outcome],
        ),
    )
