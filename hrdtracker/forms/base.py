"""What every form has: our words for its faults, and the domain's reasons beside its fields."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

from flask import request
from flask_babel import get_locale, gettext, lazy_gettext, pgettext
from wtforms import BooleanField, FieldList, HiddenField, PasswordField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired

from hrdtracker.audit.receipts import SentOtherwise
from hrdtracker.core.errors import N_, Message, Refused, message
from hrdtracker.core.money import Money
from hrdtracker.core.numerals import say_number
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, as_typed, unkeepable
from hrdtracker.core.when.month import Month
from hrdtracker.people.letters import Letters

lazy = lazy_gettext
"""Translate when the page is made; the text itself is marked with N_."""
LONG_TEXT = TEXT_MOST
NEEDED = InputRequired(lazy(N_("Fill this in.")))
LINE = 300
NUMBER_DIGITS = 9
BUTTONS = ("keep",)
"""The buttons that say, beside sending, what becomes of what was typed."""
OWN_FIELDS = {"csrf_token", "submission_id", "_as", "_login", "_resume", "_code", "_passkey"}
"""What a page sends along by itself."""
UNSEEN = (HiddenField, PasswordField)
"""Fields of text that are not kept as they are."""
NUMBER_PLACE = re.compile(r"(%\(\w+\))d")


class _Sentence(str):
    """A sentence of WTForms, which puts its numbers in itself: in the reader's digits too."""

    __slots__ = ()

    def __mod__(self, values: Any) -> str:
        return _filled(str(self), values)


class _Words:
    """WTForms' own messages in the reader's language."""

    def gettext(self, text: str) -> str:
        return _Sentence(gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return _Sentence(gettext(one if count == 1 else many))


class Form(WTForm):  # type: ignore[misc] # WTForms has no types
    """A form of ours."""

    class Meta:
        """How WTForms finds its words."""

        def get_translations(self, _form: WTForm) -> _Words:
            """Return the catalogue of the page."""
            return _Words()

    @classmethod
    def received(cls, **values: Any) -> Self:
        """Return the form with what was sent, or with `values` where nothing was sent."""
        return cls(request.form if request.method == "POST" else None, **values)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Fill the fields; what was pasted from a word processor is kept as if it were typed."""
        super().process(*args, **kwargs)
        for field in self:
            is_text = isinstance(field, StringField) and not isinstance(field, UNSEEN)
            if is_text and isinstance(field.data, str):
                field.data = as_typed(field.data, one_line=not isinstance(field, TextAreaField))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a text that cannot be kept is refused beside its very field."""
        fits = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, StringField) and not isinstance(field, UNSEEN):
                for reason in unkeepable({"": field.data}).values():
                    field.errors, fits = [*field.errors, say(message(reason))], False
        return fits

    @property
    def is_valid_submission(self) -> bool:
        """Tell whether this form was sent and each field can be read."""
        return request.method == "POST" and bool(self.validate())

    @contextmanager
    def reasons(self) -> Iterator[None]:
        """Put what the domain refuses inside beside the fields it is about."""
        try:
            yield
        except Refused as refused:
            for name, reason in refused.reasons.items():
                text = say(reason)
                field = self._fields.get(name.split(".")[0])
                if field is None or field.type == "HiddenField":
                    self.form_errors.append(text)
                else:
                    field.errors = [*field.errors, text]


def secret_fields() -> frozenset[str]:
    """Return the names of all fields for a password: what is typed there never comes back."""
    return frozenset(name for form in _kinds_of(Form) for name in _passwords(form))


def _kinds_of(form: type[Form]) -> Iterator[type[Form]]:
    yield form
    for kind in form.__subclasses__():
        yield from _kinds_of(kind)


def _passwords(form: type[Form]) -> Iterator[str]:
    for name, field in vars(form).items():
        if isinstance(field, UnboundField) and issubclass(field.field_class, PasswordField):
            yield name


class CreateForm(Form):
    """A form that makes something; sent twice, it makes it once."""

    submission_id = HiddenField(default=lambda: uuid4().hex)

    def sending(self) -> Sending:
        """Return which sending of the form this is, for its receipt."""
        key = uid_or_none(self.submission_id.data) or uuid4()
        pressed = [name for name in BUTTONS if name in request.form]
        return Sending(key, _content(), ",".join(pressed))

    @contextmanager
    def reasons(self) -> Iterator[None]:
        """Put what the domain refuses beside the fields, and what was typed into SentOtherwise."""
        try:
            with super().reasons():
                yield
        except SentOtherwise as error:
            error.typed = typed(self)
            raise


def _content() -> str:
    """Return what was sent and where to, in one order; without what differs from page to page."""
    fields = [
        (name, value.replace("\r\n", "\n"))
        for name, value in request.form.items(multi=True)
        if name not in OWN_FIELDS and name not in BUTTONS
    ]
    return json.dumps([request.path, sorted(request.args.items(multi=True)), sorted(fields)])


def typed(form: WTForm) -> list[tuple[str, str]]:
    """Return what was typed or chosen, each under its label; what is empty is left out."""
    pairs: list[tuple[str, str]] = []
    for field in form:
        if isinstance(field, FieldList):
            pairs += [pair for entry in field for pair in typed(entry.form)]
        elif not isinstance(field, UNSEEN) and (text := shown(field)):
            pairs.append((str(field.label.text), text))
    return pairs


def shown(field: Any) -> str:
    """Return what a field holds as its page shows it: a choice by its words."""
    data = field.data if isinstance(field.data, list) else [field.data]
    if isinstance(field, BooleanField):
        return str(pgettext("fact", "Yes")) if field.data else ""
    words = dict(getattr(field, "choices", None) or ())
    return ", ".join(str(words.get(value, value)) for value in data if value)


def say(reason: Message) -> str:
    """Return a reason in the reader's language, and its numbers in the reader's digits."""
    return _filled(str(gettext(reason.text)), reason.values)


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its values: numbers and letters as the reader sees them."""
    if not values:
        return text
    words = {name: _in_words(value) for name, value in values.items()}
    return NUMBER_PLACE.sub(r"\1s", text) % words


def _in_words(value: object) -> object:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, Letters | Month):
        return value.said(str(get_locale()))
    return say_number(value, str(get_locale())) if isinstance(value, int | Money) else value


def text_or_none(value: str | None) -> str | None:
    """Return what was typed without space around it, or None where that is nothing."""
    cleaned = (value or "").strip()
    return cleaned or None


YES, NO = "yes", "no"


def yes_or_no() -> list[tuple[str, str]]:
    """Return the two answers to a question."""
    return [(YES, gettext(N_("Yes"))), (NO, gettext(N_("No")))]


def yes_no_or_none(value: str | None) -> bool | None:
    """Return what was answered; None where nobody knows, or nothing was chosen."""
    return {YES: True, NO: False}.get(value or "")


Kept = TypeVar("Kept")


def unchanged(stored: Kept | None, shown: str, typed: str | None) -> Kept | None:
    """Return what is stored where it still stands in the field as it was shown, else None.

    So “yesterday” stays the day that it was, on whichever day something else is changed.
    """
    return stored if (typed or "").strip() == shown.strip() else None


def number_or_none(value: str | None, reason: str, field: str) -> int | None:
    """Return a whole number in Latin or Khmer digits; raises Refused where it is none."""
    text = (value or "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > NUMBER_DIGITS:
        raise Refused({field: reason})
    return int(text)


def uid_or_none(text: str | None) -> UUID | None:
    """Return the uid that was chosen, or that stands in an address; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def uid_chosen(text: str | None, reason: str, field: str) -> UUID:
    """Return the uid that was chosen; raises Refused where none was."""
    uid = uid_or_none(text)
    if uid is None:
        raise Refused({field: reason})
    return uid


def version_of(form: "Any") -> int:
    """Return the version that the person saw; 0, which is always stale, where it is no number."""
    return read_version(form.version.data)


def read_version(text: str | None) -> int:
    """Return the version that was sent; 0, which is always stale, where it is no number."""
    text = text or ""
    return int(text) if text.isdecimal() and len(text) <= NUMBER_DIGITS else 0


Chosen = TypeVar("Chosen", bound=StrEnum)


def member(kind: type[Chosen], value: str | None, otherwise: Chosen) -> Chosen:
    """Return the member of an enum that was chosen, or `otherwise` where it is none."""
    try:
        return kind(value) if value else otherwise
    except ValueError:
        return otherwise
