"""How a page with one form about a case before the courts answers."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.cases.case_file import Named
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form
from hrdtracker.proceedings.model import Proceeding
from hrdtracker.web.people.offers import OfferedLines
from hrdtracker.web.shell.answer import carry_out, say_late
from hrdtracker.web.shell.context import number, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_letter, say_size
from hrdtracker.web.words.courts import say_proceeding


@dataclass(frozen=True)
class CourtFormPage:
    """Where a form about a case before the courts belongs: the way back, and what that is."""

    back: str
    label: str
    offers: OfferedLines


def of_proceeding(proceeding: Proceeding, offers: OfferedLines | None = None) -> CourtFormPage:
    """Return the page of a form about a proceeding."""
    back = url_for("proceedings.proceeding", uid=proceeding.uid)
    return CourtFormPage(back, say_proceeding(proceeding), offers or OfferedLines())


def of_case(case: Case) -> CourtFormPage:
    """Return the page of a form about a case."""
    return CourtFormPage(url_for("cases.case", uid=case.uid), case.code, OfferedLines())


def answer(
    form: Form,
    act: Callable[[], tuple[str, str]],
    template: str,
    page: Callable[[], CourtFormPage],
    version: int = 0,
) -> AnyResponse:
    """Do what a form asks; show it again, filled, where it is refused or was overtaken.

    `version` is that of the record as it is now, where the form changes one.
    """

    def draw(late: Stale | None) -> Response:
        say_late(form, late, version)
        return show(template, page(), form)

    return carry_out(form, act, draw)


def named_choices(people: list[Named]) -> list[tuple[str, str]]:
    """Return the people of a case as choices: the letter, and what tells them apart."""
    return [(each.person.uid.hex, _named(each)) for each in people]


def _named(each: Named) -> str:
    person = each.person
    age = number(person.age) if person.age is not None else ""
    facts = ", ".join(filter(None, (word(person.sex), age, say_size(person))))
    letter = say_letter(each.letter)
    return f"{letter}. ({facts})" if facts else f"{letter}."
