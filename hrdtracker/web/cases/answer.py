"""How a page with one form about a case answers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from hrdtracker.cases.case_file import Standing
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.words.cases import case_title


def to_case(uid: UUID, part: str = "") -> Response:
    """Send the reader back to the case, or to a part of its page."""
    return redirect(url_for("cases.case", uid=uid) + part, 303)


def carry_out(
    held: Standing, form: Form, act: Callable[[], str], template: str, **values: Any
) -> Response:
    """Do what a form asks; show it again, filled, where it is refused or was overtaken.

    `act` does it and returns the sentence that says so.
    """
    stale = False
    if form.is_valid_submission:
        try:
            with form.reasons():
                flash(act(), "ok")
                return to_case(held.case.uid)
        except Stale:
            stale = True
            form.version.data = str(held.case.version)
    page = answer(
        template,
        form,
        held=held,
        case=held.case,
        title=case_title(held.case),
        stale=stale,
        **values,
    )
    page.status_code = 409 if stale else page.status_code
    return page
