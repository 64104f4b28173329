"""Where two fillings of one form differ: what is being sent, and what somebody kept meanwhile."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from wtforms import FieldList, Form, StringField

from hrdtracker.core.errors import N_
from hrdtracker.forms.base import UNSEEN, shown, typed

NOT_SHOWN = N_("What is kept is not shown here. Saving keeps what you typed.")


def differences(mine: Form, theirs: Form, names: Collection[str]) -> list[tuple[str, str]]:
    """Return the fields that say something else in `theirs`: label, and what.

    Of a field that is none of these names its page never shows what is kept: whatever was typed
    there may be something else.
    """
    return [
        (str(field.label.text), text)
        for field in mine
        if not isinstance(field, UNSEEN)
        and (text := _kept(field, theirs[field.name], is_shown=field.name in names)) is not None
    ]


def _kept(field: Any, other: Any, *, is_shown: bool) -> str | None:
    """Return what is kept for a field, in words; None where that is what was typed."""
    if is_shown:
        return _words(other) if _content(field) != _content(other) else None
    return str(gettext(NOT_SHOWN)) if _words(field) else None


def _content(field: Any) -> object:
    """Return what a field says, however its lines end and in whatever order it is ticked."""
    if isinstance(field, FieldList):
        return _words(field)
    if isinstance(field.data, list):
        return sorted(field.data)
    if isinstance(field.data, str):
        return field.data.replace("\r\n", "\n").strip()
    return field.data or ""


def _words(field: Any) -> str:
    """Return what a field says as its page shows it; of a list, the rows that are filled in."""
    if not isinstance(field, FieldList):
        return shown(field)
    rows = (entry.form for entry in field if _is_filled(entry.form))
    return "\n".join(", ".join(text for _, text in typed(row)) for row in rows)


def _is_filled(row: Form) -> bool:
    texts = (field for field in row if isinstance(field, StringField))
    return any(field.data for field in texts if not isinstance(field, UNSEEN))
