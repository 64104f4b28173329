"""A page gets one object: frozen, whole, and the only thing of the page that its template sees."""

from flask import Response, render_template

from hrdtracker.forms.base import Form


def show(
    template: str, page: object = None, form: Form | None = None, status: int | None = None
) -> Response:
    """Return the page that `template` draws of `page` and, where it has one, of its form.

    `page` is a frozen dataclass: what a channel without pages would answer with; none where the
    form is the whole page. The status is 422 where something in the form was refused, unless
    another is given. Raises TypeError for anything else, so that no view hands over loose names.
    """
    declared = getattr(page, "__dataclass_params__", None)
    if page is not None and not (declared and declared.frozen):
        raise TypeError(f"a page is a frozen dataclass, not {type(page).__name__}")
    refused = form is not None and form.errors
    return Response(
        render_template(template, page=page, form=form), status or (422 if refused else 200)
    )
