"""How a page with one form about a case answers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.cases.case_file import Standing
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import SavedMeanwhile, saved_meanwhile
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.cases import case_title


@dataclass(frozen=True)
class CaseFormPage:
    """The case that a form is about, and who saved it in the meantime."""

    standing: Standing
    title: str
    saved: SavedMeanwhile | None


def to_case(uid: UUID, fragment: str = "") -> AnyResponse:
    """Send the reader back to the case, or to a part of its page."""
    return redirect(url_for("cases.case", uid=uid) + fragment, 303)


def act_on_case(
    standing: Standing,
    form: Form,
    act: Callable[[], str],
    template: str,
    after: str = "cases.case",
) -> AnyResponse:
    """Do what a form about a case asks, and go back to the case.

    `act` does it and returns the sentence that says so; `after` is the page that then shows it.
    """
    case = standing.case

    def done() -> tuple[str, str]:
        return act(), url_for(after, uid=case.uid)

    def form_page(late: Stale | None) -> Response:
        if late is not None:
            form.version.data = str(case.version)
        saved = saved_meanwhile(identity.actor(), case.uid, late)
        return show(template, CaseFormPage(standing, case_title(case), saved), form)

    return carry_out(form, done, form_page)
