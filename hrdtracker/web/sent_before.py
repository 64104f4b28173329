"""A form that came twice with different content: both are shown, and nothing typed is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask, Response, request

from hrdtracker.audit.receipts import SentOtherwise
from hrdtracker.forms.base import OWN_FIELDS
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.background import note_answer
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.stored import Stored, stored


@dataclass(frozen=True)
class SentBeforePage:
    """What the form made (none where that is gone), what was typed now, and the form to send anew.

    `typed` are labels and values; `fields` and `target` are the form.
    """

    stored: Stored | None
    typed: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, str]]
    target: str


def set_up(app: Flask) -> None:
    """Answer such a form with what is stored, what was sent now, and two ways on."""

    @app.errorhandler(SentOtherwise)
    def answer(error: SentOtherwise) -> Response:
        note_answer()
        fields = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in OWN_FIELDS
        ]
        page = SentBeforePage(
            stored=stored(identity.actor(), error.made) if error.made else None,
            typed=error.typed,
            fields=[*fields, ("submission_id", uuid4().hex)],
            target=request.full_path,
        )
        return show("shell/sent_before.html", page, status=409)
