"""A form that came twice with different content: both are shown, and nothing typed is lost."""

from uuid import uuid4

from flask import Flask, Response, render_template, request

from hrdtracker.audit.receipts import SentOtherwise
from hrdtracker.forms.base import OWN_FIELDS
from hrdtracker.web.shell import identity
from hrdtracker.web.words.stored import stored


def set_up(app: Flask) -> None:
    """Answer such a form with what is stored, what was sent now, and two ways on."""

    @app.errorhandler(SentOtherwise)
    def answer(error: SentOtherwise) -> Response:
        fields = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in OWN_FIELDS
        ]
        page = render_template(
            "shell/sent_before.html",
            stored=stored(identity.actor(), error.made) if error.made else None,
            typed=error.typed,
            fields=[*fields, ("submission_id", uuid4().hex)],
            target=request.full_path,
        )
        return Response(page, 409)
