"""How a page with a form answers: as it is, or as it was refused."""

from typing import Any

from flask import Response, render_template

from hrdtracker.forms.base import Form


def answer(template: str, form: Form, **values: Any) -> Response:
    """Return the page; with status 422 where something in the form was refused."""
    status = 422 if form.errors or form.form_errors else 200
    return Response(render_template(template, form=form, **values), status)
