"""One day in court: its page, what became of it, and who goes there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext, pgettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import readers
from hrdtracker.core.errors import NotFound, Stale
from hrdtracker.forms.base import Form, read_version, uid_or_none, version_of
from hrdtracker.forms.hearings import ConclusionForm, HearingEditForm, HearingForm, MonitorForm
from hrdtracker.proceedings import hearings
from hrdtracker.proceedings.confirming import seen_as
from hrdtracker.proceedings.model import Hearing, HearingStatus, Proceeding
from hrdtracker.proceedings.observing import why_not
from hrdtracker.proceedings.reading.hearings import (
    HearingLine,
    first_case,
    hearing_line,
    hearings_of,
)
from hrdtracker.proceedings.reading.observed import ObservedHearing, observed_at
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.confirmed import StillSo, is_old, say_confirmed
from hrdtracker.web.words.hearings import (
    HearingWords,
    hearing_words,
    say_day_of,
    say_term,
    say_where,
)
from hrdtracker.web.words.observed import ObservedWords, observed_words

bp = Blueprint("hearings", __name__)
RECORDS = needs(Action.PROCEEDING_RECORD)


@dataclass(frozen=True)
class ProceedingHearings:
    """The hearings of one proceeding, the next first."""

    proceeding: Proceeding
    case: Case
    lines: Sequence[tuple[str, HearingWords]]
    may_record: bool


@dataclass(frozen=True)
class HearingPage:
    """One hearing: when, where, what became of it, who goes, and what may be done."""

    line: HearingLine
    title: str
    where: str
    facts: Sequence[tuple[str, str | None]]
    is_open: bool
    may_record: bool
    confirmed: str
    still_so: StillSo | None
    observed: Sequence[ObservedWords]
    observe: str


@dataclass(frozen=True)
class HearingFormPage:
    """The hearing, or the case, that a form is about; `back` is the way back."""

    title: str
    back: str
    case: Case


@bp.get("/proceedings/<uuid:uid>/hearings")
@needs(Action.PROCEEDING_READ)
def of_proceeding(uid: UUID) -> Response:
    """Show the hearings of one proceeding."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_READ, Proceeding, uid)
    lines = [(say_day_of(line), hearing_words(line)) for line in hearings_of(actor, row)]
    may = policy.allows(actor, Action.PROCEEDING_RECORD, row)
    page = ProceedingHearings(row, first_case(actor, row), lines, may)
    return show("hearings/proceeding.html", page)


@bp.route("/proceedings/<uuid:uid>/hearings/new", methods=["GET", "POST"])
@RECORDS
def add(uid: UUID) -> AnyResponse:
    """Record a hearing, past or to come, and who goes there."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_RECORD, Proceeding, uid)
    case = first_case(actor, row)
    form = HearingForm.received(court=row.court or "", monitors=[])
    form.offer(reader(), as_choices(readers(actor, case)))

    def act() -> tuple[str, str]:
        made = hearings.add_hearing(actor, row, form.draft(reader()))
        return gettext("The hearing is kept."), url_for("hearings.hearing", uid=made.uid)

    back = url_for("hearings.of_proceeding", uid=uid)
    page = HearingFormPage(gettext("Add a hearing"), back, case)
    return carry_out(form, act, lambda _: show("hearings/new.html", page, form))


@bp.get("/hearings/<uuid:uid>")
@needs(Action.PROCEEDING_READ)
def hearing(uid: UUID) -> Response:
    """Show one hearing."""
    actor = identity.actor()
    line = hearing_line(actor, uid)
    may = policy.allows(actor, Action.PROCEEDING_RECORD, line.hearing)
    seen = observed_at(actor, [line.hearing.id])[line.hearing.id]
    page = HearingPage(
        line,
        say_day_of(line),
        say_where(line),
        _facts(line),
        line.is_open,
        may_record=may,
        confirmed=begin(say_confirmed(line.hearing)),
        still_so=_still_so(line) if may else None,
        observed=[observed_words(one) for one in seen],
        observe=_observe(actor, line, seen) if may else "",
    )
    form = _monitor_form(actor, line) if may and line.is_open else MonitorForm().offer([])
    return show("hearings/hearing.html", page, form)


def _still_so(line: HearingLine) -> StillSo | None:
    """Return how a hearing to come is confirmed, where nobody confirmed it for a day."""
    if not line.is_open or not is_old(line.hearing):
        return None
    url = url_for("confirming.hearing", uid=line.hearing.uid)
    return StillSo(url, seen_as([line.hearing]))


def _observe(actor: Actor, line: HearingLine, seen: Sequence[ObservedHearing]) -> str:
    """Return what the button says that leads to one’s own observation; nothing too early."""
    if any(one.observer.id == actor.id for one in seen):
        return str(gettext("Go on with what you observed"))
    return "" if why_not(line.hearing) else str(gettext("Fill in what you observed"))


def _monitor_form(actor: Actor, line: HearingLine) -> MonitorForm:
    there = {user.id for user in line.monitors}
    free = [user for user in readers(actor, line.case) if user.id not in there]
    return MonitorForm().offer(as_choices(free))


@bp.route("/hearings/<uuid:uid>/edit", methods=["GET", "POST"])
@RECORDS
def edit(uid: UUID) -> AnyResponse:
    """Change when and where a hearing is."""
    actor = identity.actor()
    line = hearing_line(actor, uid)
    row = line.hearing
    present = row.starts
    form = HearingEditForm.received(**HearingEditForm.values(row, locale())).offer(reader())

    def act() -> str:
        hearings.change_hearing(actor, row, form.facts(reader(), present), version_of(form))
        return str(gettext("Saved."))

    return _answer(line, form, act, "hearings/edit.html", gettext("Change the hearing"))


@bp.route("/hearings/<uuid:uid>/conclude", methods=["GET", "POST"])
@RECORDS
def conclude(uid: UUID) -> AnyResponse:
    """Say what became of a hearing."""
    actor = identity.actor()
    line = hearing_line(actor, uid)
    row = line.hearing
    form = ConclusionForm.received(version=str(row.version), defence_agreed="").offer(reader())
    task = gettext("Ask the clerk of the court when the hearing goes on")

    def act() -> str:
        hearings.conclude(actor, row, form.draft(reader(), task), version_of(form))
        return str(gettext("Saved."))

    return _answer(line, form, act, "hearings/conclude.html", gettext("What became of it"))


@bp.post("/hearings/<uuid:uid>/again")
@RECORDS
def again(uid: UUID) -> AnyResponse:
    """Say that a hearing is still to come after all."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_RECORD, Hearing, uid)
    hearings.take_back(actor, row, read_version(request.form.get("version")))
    flash(gettext("It is to come again."), "ok")
    return _to(uid)


@bp.post("/hearings/<uuid:uid>/monitors")
@RECORDS
def send(uid: UUID) -> AnyResponse:
    """Let somebody go to a hearing, instead of somebody else where one is named."""
    actor = identity.actor()
    line = hearing_line(actor, uid)
    form = MonitorForm.received().offer([])

    def act() -> tuple[str, str]:
        instead_of = uid_or_none(form.instead_of.data)
        user = hearings.send_monitor(actor, line.hearing, form.chosen(), instead_of)
        where = url_for("hearings.hearing", uid=uid)
        return gettext("%(who)s goes there.", who=user.display_name), where

    page = HearingFormPage(say_day_of(line), url_for("hearings.hearing", uid=uid), line.case)
    form.offer(as_choices(readers(actor, line.case)))
    return carry_out(form, act, lambda _: show("hearings/monitor.html", page, form))


@bp.post("/hearings/<uuid:uid>/monitors/end")
@RECORDS
def relieve(uid: UUID) -> AnyResponse:
    """Let somebody go to a hearing no more."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_RECORD, Hearing, uid)
    user = uid_or_none(request.form.get("monitor"))
    if user is None:
        raise NotFound
    hearings.relieve_monitor(actor, row, user)
    flash(gettext("Done."), "ok")
    return _to(uid)


def _to(uid: UUID) -> AnyResponse:
    return redirect(url_for("hearings.hearing", uid=uid), 303)


def _answer(
    line: HearingLine, form: Form, act: Callable[[], str], template: str, title: str
) -> AnyResponse:
    """Do what a form about a hearing asks, and go back to it."""
    back = url_for("hearings.hearing", uid=line.hearing.uid)

    def form_page(late: Stale | None) -> Response:
        say_late(form, late, line.hearing.version)
        return show(template, HearingFormPage(title, back, line.case), form)

    return carry_out(form, lambda: (act(), back), form_page)


def _facts(line: HearingLine) -> list[tuple[str, str | None]]:
    """Return what is known of a hearing; of an adjournment, who asked and whether all agreed."""
    row = line.hearing
    pairs = [
        (gettext("Kind"), say_term("hearing_kind", row.kind)),
        (gettext("Court"), say_term("court", row.court)),
        (gettext("Room"), row.room),
        (gettext("Judge"), row.judge),
        (gettext("How we know"), say_term("how_known", row.known_by)),
    ]
    if row.status == HearingStatus.ADJOURNED:
        agreed = None if row.defence_agreed is None else _yes_or_no(is_so=row.defence_agreed)
        pairs += [
            (
                gettext("Who asked for the adjournment"),
                say_term("adjournment_request", row.asked_by),
            ),
            (gettext("The defence agreed"), agreed),
        ]
    if row.reason:
        pairs.append((gettext("Why"), row.reason))
    return [*pairs, *([(gettext("Note"), row.note)] if row.note else [])]


def _yes_or_no(*, is_so: bool) -> str:
    return str(pgettext("fact", "Yes") if is_so else pgettext("fact", "No"))
