"""What is said of somebody’s age: by whom, by which document, and what was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.ages import AgeForm
from hrdtracker.forms.people import birth_text
from hrdtracker.people import age_statements
from hrdtracker.people.age_statements import ReadStatement
from hrdtracker.people.ages import SaidAge, WhyMasked
from hrdtracker.people.drafts import Birth
from hrdtracker.people.minors import may_have_been_minors
from hrdtracker.people.model import Person
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import by_at

bp = Blueprint("person_ages", __name__, url_prefix="/people")


@dataclass(frozen=True)
class StatementLine:
    """One thing that was said of an age, how it is known, and who recorded it."""

    uid: UUID
    said: str
    how: str
    is_document: bool
    note: str
    recorded: str
    taken_back: str
    may_take_back: bool


@dataclass(frozen=True)
class AgesPage:
    """All that is said of somebody’s age, and whether they are masked."""

    person: Person
    recorded: str
    masked: WhyMasked | None
    statements: Sequence[StatementLine]


@bp.route("/<uuid:uid>/age", methods=["GET", "POST"])
@needs(Action.PERSON_EDIT)
def ages(uid: UUID) -> AnyResponse:
    """Show what is said of an age, and keep what somebody else says of it."""
    actor = identity.actor()
    person = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    form = AgeForm.received().offer(reader())
    if form.is_valid_submission:
        with form.reasons():
            age_statements.add_statement(actor, person, form.draft(reader()), form.sending())
            flash(gettext("Kept. The youngest age that counts decides."), "ok")
            return redirect(url_for("person_ages.ages", uid=uid), 303)
    return _page(actor, person, form)


@bp.post("/<uuid:uid>/age/<uuid:statement_uid>/take-back")
@needs(Action.PERSON_EDIT)
def take_back(uid: UUID, statement_uid: UUID) -> AnyResponse:
    """Take back what a colleague wrote of an age by mistake."""
    actor = identity.actor()
    person = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    age_statements.take_back(actor, person, statement_uid)
    flash(gettext("Taken back. It stays on the trail."), "ok")
    return redirect(url_for("person_ages.ages", uid=uid), 303)


def _page(actor: Actor, person: Person, form: AgeForm) -> Response:
    statements = age_statements.statements_of(person)
    page = AgesPage(
        person,
        _recorded(person),
        may_have_been_minors([person.id]).get(person.id),
        [_line(actor, one) for one in statements],
    )
    return show("people/ages.html", page, form)


def _recorded(person: Person) -> str:
    birth = Birth.read(person.birth_date)
    if birth is not None:
        return say_age(SaidAge(birth))
    if person.age is None or person.age_on is None:
        return ""
    return say_age(SaidAge(None, person.age, person.age, person.age_on))


def _line(actor: Actor, one: ReadStatement) -> StatementLine:
    row = one.row
    return StatementLine(
        row.uid,
        say_age(one.said),
        terms().label("age_evidence", row.known_by, locale()),
        one.is_document,
        row.note or "",
        by_at(one.recorder.display_name, row.recorded_at),
        by_at(one.taker.display_name, row.taken_back_at) if one.taker is not None else "",
        row.taken_back_at is None and row.recorded_by_id != actor.id,
    )


def say_age(said: SaidAge) -> str:
    """Return what was said of an age: “15 to 17 on 20 November 2026”, “Born March 2009”."""
    if said.birth is not None:
        return str(gettext("Born %(when)s", when=birth_text(said.birth)))
    on = say_day(said.on, locale())
    if said.least == said.most:
        return str(gettext("%(age)s, on %(day)s", age=number(said.least), day=on))
    values = {"least": number(said.least), "most": number(said.most), "day": on}
    return str(gettext("%(least)s to %(most)s, on %(day)s", **values))
