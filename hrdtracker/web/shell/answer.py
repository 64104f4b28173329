"""How a page with a form answers: as it is, as it was refused, or with where it leads when done."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.core.errors import Stale, WrongStatus
from hrdtracker.forms.base import Form, say

Act = Callable[[], tuple[str, str]]
"""Does what a form asks; returns the sentence that says so, and where to go then."""
Show = Callable[[Stale | None], AnyResponse]
"""Draws the page of a form; is told where somebody saved in the meantime."""


def carry_out(form: Form, act: Act, show: Show) -> AnyResponse:
    """Do what a form asks; show it again, filled, where it is refused or was overtaken.

    The reader is told once it is done: where an act lost a race, `Application` calls the whole view
    again.
    """
    late: WrongStatus | Stale | None = None
    if form.is_valid_submission:
        try:
            with form.reasons():
                sentence, back = act()
                flash(sentence, "ok")
                return redirect(back, 303)
        except Stale as error:
            late = error
        except WrongStatus as error:
            late = error
            form.form_errors.append(say(error.reason))
    page = show(late if isinstance(late, Stale) else None)
    page.status_code = 409 if late else page.status_code
    return page


def say_late(form: Form, late: Stale | None, version: int) -> None:
    """Say on a form that somebody saved in the meantime; sent again, it is of the present version.

    Nothing where nobody did.
    """
    if late is not None:
        form.form_errors.append(say(late.reason))
        form["version"].data = str(version)
