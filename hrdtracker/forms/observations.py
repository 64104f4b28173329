"""Forms of an observation: the answers to one question, and which rights are in question."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import request
from wtforms import HiddenField

from hrdtracker.core.text import as_typed
from hrdtracker.forms.base import Form, text_or_none, uid_or_none, version_of
from hrdtracker.proceedings.checklists.questions import SPAN, AnswerKind
from hrdtracker.proceedings.drafts.observations import AnswerDraft, Answered, Noted, RightDraft
from hrdtracker.proceedings.reading.observations import AskedQuestion, RightInQuestion

EVERYBODY = "all"
"""The buttons that answer the same of each accused."""
BEGINS, ENDS = "begins", "ends"


def name_of(field: str, uid: UUID | None) -> str:
    """Return what the field about an accused, or of a case, is called."""
    return field if uid is None else f"{field}-{uid.hex}"


class ObservedAnswerForm(Form):
    """All that is said to one question; the fields follow from whom it is asked of."""

    version = HiddenField()
    answer = HiddenField()
    note = HiddenField()

    def draft(self, asked: AskedQuestion) -> AnswerDraft:
        """Return the answers that were sent; one of nothing takes an answer back."""
        return AnswerDraft(
            asked.question.key,
            version_of(self),
            tuple(Answered(text, uid) for uid, text in self.answers(asked).items()),
            tuple(Noted(text, uid) for uid, text in self.notes(asked).items()),
        )

    def answers(self, asked: AskedQuestion) -> Mapping[UUID | None, str | None]:
        """Return what was sent about each accused, or about the hearing, as it was typed."""
        is_of_each = asked.question.is_of_each
        whom = [one.party.uid for one in asked.accused] if is_of_each else [None]
        return {uid: _said(asked, uid) for uid in whom if _is_there(asked, uid)}

    def notes(self, asked: AskedQuestion) -> Mapping[UUID | None, str | None]:
        """Return the note that was sent of each case, or of the hearing, as it was typed."""
        cases = [case.uid for case in asked.cases] if asked.question.is_of_each else [None]
        names = {uid: name_of("note", uid) for uid in cases}
        return {
            uid: _text(name, one_line=False) for uid, name in names.items() if name in request.form
        }


def _is_there(asked: AskedQuestion, uid: UUID | None) -> bool:
    """Tell whether the form was about somebody; a choice that nobody made is not sent at all."""
    is_choice = bool(asked.question.choices)
    names = (name_of(each, uid) for each in ("answer", BEGINS, ENDS))
    is_sent = any(name in request.form for name in names)
    return is_sent or (is_choice and EVERYBODY in request.form)


def _said(asked: AskedQuestion, uid: UUID | None) -> str | None:
    if asked.question.answer == AnswerKind.TIMES:
        hours = [_text(name_of(each, uid)) or "" for each in (BEGINS, ENDS)]
        return SPAN.join(hours) if any(hours) else None
    if asked.question.choices and EVERYBODY in request.form:
        return text_or_none(request.form[EVERYBODY])
    return _text(name_of("answer", uid), one_line=asked.question.answer != AnswerKind.TEXT)


def _text(name: str, *, one_line: bool = True) -> str | None:
    return text_or_none(as_typed(request.form.get(name, ""), one_line=one_line))


class RightsForm(Form):
    """Of each answer that is a concern: whether its right is in question."""

    rights = HiddenField()

    def drafts(self) -> list[RightDraft]:
        """Return what was said of each."""
        return list(_rights())

    def chosen(self) -> Mapping[str, bool]:
        """Return what was chosen, by the name of its field."""
        return {_field(draft.answer, draft.version): draft.in_question for draft in _rights()}


def _rights() -> Iterator[RightDraft]:
    for name, value in request.form.items():
        start, _, rest = name.partition("-")
        answer, _, version = rest.partition("-")
        uid = uid_or_none(answer) if start == "right" else None
        if uid is not None and version.isdecimal() and value in {"yes", "no"}:
            yield RightDraft(uid, int(version), in_question=value == "yes")


def right_name(right: RightInQuestion) -> str:
    """Return what the field about one answer, as it stands now, is called."""
    return _field(right.row.uid, right.row.version)


def _field(answer: UUID, version: int) -> str:
    return f"{name_of('right', answer)}-{version}"
