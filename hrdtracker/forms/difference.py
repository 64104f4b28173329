"""Where two fillings of one form differ: what is being sent, and what somebody kept meanwhile."""

from collections.abc import Iterable
from typing import Any

from wtforms import FieldList, Form, StringField

from hrdtracker.forms.base import UNSEEN, shown, typed


def differences(mine: Form, theirs: Form, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the fields of these names that say something else in `theirs`: label, and what."""
    return [
        (str(mine[name].label.text), _words(theirs[name]))
        for name in names
        if name in mine
        and not isinstance(mine[name], UNSEEN)
        and _content(mine[name]) != _content(theirs[name])
    ]


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
