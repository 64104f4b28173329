"""An observation: its questions, answered one by one, what they say, and what is in question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.errors import NotFound, Stale
from hrdtracker.forms.base import say
from hrdtracker.forms.observations import ObservedAnswerForm, RightsForm, right_name
from hrdtracker.proceedings import observing
from hrdtracker.proceedings.model import Hearing, TrialObservation
from hrdtracker.proceedings.reading.observations import (
    AskedQuestion,
    ObservationDetails,
    observation_details,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.background import note_answer
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.checklists import PARTS, say_rights, say_short
from hrdtracker.web.words.hearings import say_day_of, say_where
from hrdtracker.web.words.observations import (
    NoteField,
    QuestionView,
    question_view,
    say_answer,
    say_progress,
)

bp = Blueprint("observations", __name__)
ALONE = "alone"
"""In the address of what the script sends: the answer is about this question alone."""


@dataclass(frozen=True)
class AnsweringPage:
    """Every question of an observation; `first` is shown before one was chosen.

    There is none where all are about accused of whom the reader sees nobody. `entry` asks whether
    the observer was let in.
    """

    details: ObservationDetails
    title: str
    questions: Sequence[QuestionView]
    first: str
    progress: str
    entry: QuestionView


@dataclass(frozen=True)
class AnsweredQuestion:
    """The answer to a script that sent one question: how it stands now, and how far all is."""

    question: QuestionView
    details: ObservationDetails
    progress: str


@dataclass(frozen=True)
class AnswerLine:
    """A question in the words of what was answered: about all, or about each of the accused."""

    number: str
    title: str
    said: Sequence[tuple[str, str]]
    notes: Sequence[NoteField]


@dataclass(frozen=True)
class ProposedRightLine:
    """An answer that is a concern: which right, about whom; `name` says it, `said` what was."""

    name: str
    right: str
    what: str
    said: str
    by: str


@dataclass(frozen=True)
class ObservationPage:
    """What somebody observed: how far it is, what is in question, every answer by its part."""

    details: ObservationDetails
    title: str
    where: str
    progress: str
    rights: Sequence[ProposedRightLine]
    parts: Sequence[tuple[str, Sequence[AnswerLine]]]
    refused_note: str


@bp.post("/hearings/<uuid:uid>/observations")
@needs(Action.PROCEEDING_RECORD)
def begin(uid: UUID) -> AnyResponse:
    """Begin one’s own observation of a hearing, or go on with it."""
    actor = identity.actor()
    hearing = policy.fetch(actor, Action.PROCEEDING_RECORD, Hearing, uid)
    made = observing.begin(actor, hearing)
    return redirect(url_for("observations.answering", uid=made.uid), 303)


@bp.get("/observations/<uuid:uid>/answers")
@needs(Action.OBSERVATION_ANSWER)
def answering(uid: UUID) -> Response:
    """Show every question of one’s own observation, to be answered one by one."""
    actor = identity.actor()
    policy.fetch(actor, Action.OBSERVATION_ANSWER, TrialObservation, uid)
    return show("hearings/answering.html", _answering(observation_details(actor, uid)))


@bp.post("/observations/<uuid:uid>/answers/<key>")
@needs(Action.OBSERVATION_ANSWER)
def answer(uid: UUID, key: str) -> AnyResponse:
    """Keep the answers to one question; a script is told how it stands, a browser goes on."""
    actor = identity.actor()
    observation = policy.fetch(actor, Action.OBSERVATION_ANSWER, TrialObservation, uid)
    details = observation_details(actor, uid)
    asked, form = details.find(key), ObservedAnswerForm.received()
    if asked is None:
        raise NotFound
    try:
        with form.reasons():
            observing.answer(actor, observation, form.draft(asked))
    except Stale as late:
        form.form_errors.append(say(late.reason))
        return _refused(observation_details(actor, uid), key, form, is_late=True)
    if form.errors:
        return _refused(details, key, form)
    return _answered(observation_details(actor, uid), key)


@bp.post("/observations/<uuid:uid>/finish")
@needs(Action.OBSERVATION_ANSWER)
def finish(uid: UUID) -> AnyResponse:
    """Say that nothing more is to be answered for now."""
    actor = identity.actor()
    observation = policy.fetch(actor, Action.OBSERVATION_ANSWER, TrialObservation, uid)
    observing.finish(actor, observation)
    flash(gettext("Finished. Now say which rights are in question."), "ok")
    return _to(uid)


@bp.get("/observations/<uuid:uid>")
@needs(Action.PROCEEDING_READ)
def observation(uid: UUID) -> Response:
    """Show what somebody observed, and what is in question after it."""
    return show("hearings/observation.html", _page(observation_details(identity.actor(), uid)))


@bp.post("/observations/<uuid:uid>/rights")
@needs(Action.OBSERVATION_CONFIRM)
def confirm(uid: UUID) -> AnyResponse:
    """Say of each right that the answers propose whether it is in question."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.OBSERVATION_CONFIRM, TrialObservation, uid)
    form = RightsForm.received()
    with form.reasons():
        observing.confirm(actor, row, form.drafts())
    if form.errors:
        page = _page(observation_details(actor, uid), form)
        return show("hearings/observation.html", page, form)
    flash(gettext("Saved."), "ok")
    return _to(uid)


def _to(uid: UUID) -> AnyResponse:
    return redirect(url_for("observations.observation", uid=uid), 303)


def _answering(details: ObservationDetails, instead: QuestionView | None = None) -> AnsweringPage:
    """Return the page of all questions, one of them `instead` as it was typed and refused."""
    views = [question_view(each) for each in details.asked]
    if instead is not None:
        views = [instead if view.id == instead.id else view for view in views]
    first = next((view.id for view in views if not view.is_answered), views[0].id if views else "")
    entry = question_view(details.entry)
    return AnsweringPage(
        details,
        say_day_of(details.line),
        views,
        instead.id if instead else first,
        say_progress(details),
        instead if instead and instead.id == entry.id else entry,
    )


def _answered(details: ObservationDetails, key: str) -> AnyResponse:
    """Answer what was kept: the question to a script, the next one to a browser."""
    asked = details.find(key)
    if ALONE in request.args and asked is not None:
        note_answer()
        page = AnsweredQuestion(question_view(asked), details, say_progress(details))
        return show("hearings/answered.html", page)
    if details.is_refused:
        return _to(details.observation.uid)
    keys = [each.question.key for each in details.asked]
    following = [*keys[keys.index(key) + 1 :], key] if key in keys else keys
    anchor = f"q-{following[0]}" if following else None
    address = url_for("observations.answering", uid=details.observation.uid, _anchor=anchor)
    return redirect(address, 303)


def _refused(
    details: ObservationDetails, key: str, form: ObservedAnswerForm, *, is_late: bool = False
) -> Response:
    """Show a question again with what was typed and why it was not kept."""
    asked = details.find(key)
    if asked is None:
        raise NotFound
    faults = [*form.form_errors, *(str(one) for field in form for one in field.errors)]
    view = question_view(asked, form, faults, is_late=is_late)
    status = 409 if is_late else 422
    if ALONE in request.args:
        note_answer()
        page = AnsweredQuestion(view, details, say_progress(details))
        return show("hearings/answered.html", page, status=status)
    return show("hearings/answering.html", _answering(details, view), status=status)


def _page(details: ObservationDetails, form: RightsForm | None = None) -> ObservationPage:
    parts: dict[str, list[AnswerLine]] = {}
    for each in details.asked:
        if each.is_touched:
            parts.setdefault(gettext(PARTS[each.question.part]), []).append(_line(each))
    return ObservationPage(
        details,
        say_day_of(details.line),
        say_where(details.line),
        say_progress(details),
        _rights(details, form.chosen() if form else {}),
        list(parts.items()),
        details.entry.note() or "",
    )


def _line(asked: AskedQuestion) -> AnswerLine:
    question = asked.question
    said_of = [
        (f"{say_letter(one.letter)}.", say_answer(question, asked.said(one.place)))
        for one in asked.accused
    ]
    if not question.is_of_each:
        said_of = [("", say_answer(question, asked.said()))]
    notes = [note for note in question_view(asked).notes if note.value]
    return AnswerLine(number(question.number), say_short(question), said_of, notes)


def _rights(details: ObservationDetails, chosen: Mapping[str, bool]) -> list[ProposedRightLine]:
    return [
        ProposedRightLine(
            right_name(each),
            say_rights(each.question),
            ", ".join(
                filter(
                    None,
                    (
                        f"{say_letter(each.accused.letter)}." if each.accused else "",
                        say_short(each.question),
                        say_answer(each.question, each.row.answer),
                    ),
                )
            ),
            {True: "yes", False: "no", None: ""}[chosen.get(right_name(each), each.in_question)],
            each.said_by.display_name if each.said_by else "",
        )
        for each in details.rights
    ]
