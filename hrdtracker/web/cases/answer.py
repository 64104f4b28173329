"""How a page with one form about a case answers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from hrdtracker.cases.case_file import Standing
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.words.cases import case_title


def to_case(uid: UUID, part: str = "") -> Response:
    """Send the reader back to the case, or to a part of its page."""
    return redirect(url_for("cases.case", uid=uid) + part, 303)


def act_on_case(
    held: Standing,
    form: Form,
    act: Callable[[], str],
    template: str,
    after: str = "cases.case",
    **values: Any,
) -> Response:
    """Do what a form about a case asks, and go back to the case.

    `act` does it and returns the sentence that says so; `after` is the page that then shows it.
    """
    case = held.case

    def done() -> tuple[str, str]:
        return act(), url_for(after, uid=case.uid)

    def show(late: Stale | None) -> Response:
        if late is not None:
            form.version.data = str(case.version)
        shown = {"held": held, "case": case, "title": case_title(case), "stale": late is not None}
        return answer(template, form, **shown, **values)

    return carry_out(form, done, show)
