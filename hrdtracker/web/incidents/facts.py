"""What is added to an incident later: people and what became of them, sources, perpetrators."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import colleagues
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form, version_of
from hrdtracker.forms.incidents.facts import (
    InvolvementForm,
    PeopleForm,
    SourceForm,
    ViolationForm,
)
from hrdtracker.incidents import facts, queries
from hrdtracker.incidents.model import Incident, Source
from hrdtracker.incidents.queries import IncidentPage
from hrdtracker.people.search import PossiblePerson, offered
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import with_what

bp = Blueprint("incident_facts", __name__, url_prefix="/incidents")
NEEDED = needs(Action.INCIDENT_EDIT)


@bp.route("/<uuid:uid>/people", methods=["GET", "POST"])
@NEEDED
def people(uid: UUID) -> Response:
    """Say in one go what has happened to several people."""
    page = queries.incident_page(identity.actor(), uid)
    form = _open(PeopleForm, page).offer(reader(), _violations(page))
    return _finish(
        page,
        form,
        "incidents/people.html",
        lambda actor, found: facts.update_victims(
            actor, found, form.update(reader()), version_of(form)
        ),
    )


@bp.route("/<uuid:uid>/violations/new", methods=["GET", "POST"])
@NEEDED
def violation(uid: UUID) -> Response:
    """Add one more type of act."""
    page = queries.incident_page(identity.actor(), uid)
    form = _open(ViolationForm, page).offer(reader(), _victims(page))
    return _finish(
        page,
        form,
        "incidents/violation.html",
        lambda actor, found: facts.add_violation(
            actor, found, form.draft(reader(), request.form), version_of(form)
        ),
    )


@bp.route("/<uuid:uid>/sources/new", methods=["GET", "POST"])
@NEEDED
def source(uid: UUID) -> Response:
    """Add how we know."""
    actor = identity.actor()
    page = queries.incident_page(actor, uid)
    form = _open(SourceForm, page).offer(reader(), _violations(page), colleagues(actor))
    return _finish(
        page,
        form,
        "incidents/source.html",
        lambda actor, found: facts.add_source(actor, found, form.draft(), version_of(form)),
    )


@bp.route("/<uuid:uid>/perpetrators/new", methods=["GET", "POST"])
@NEEDED
def perpetrator(uid: UUID) -> Response:
    """Add who is alleged to have done it, after a look at who on record that may be."""
    actor = identity.actor()
    page = queries.incident_page(actor, uid)
    form = _open(InvolvementForm, page).offer(reader())

    @cache
    def look() -> list[PossiblePerson]:
        return offered(actor, form.named, form.same_as.data)

    if form.is_valid_submission and not form.says_who and look():
        with form.reasons():
            form.draft()
        return _show(page, form, "incidents/perpetrator.html", offered=look(), asks=True)
    return _finish(
        page,
        form,
        "incidents/perpetrator.html",
        lambda actor, found: facts.add_involvement(actor, found, form.draft(), version_of(form)),
        lambda: {"offered": look()},
    )


@bp.post("/sources/<uuid:uid>/identity")
@needs(Action.SOURCE_IDENTIFY)
def show_source(uid: UUID) -> str:
    """Show who a source is, to its author and those named for it; the trail keeps that."""
    actor = identity.actor()
    found = policy.fetch(actor, Action.SOURCE_IDENTIFY, Source, uid)
    page = queries.incident_page(actor, queries.incident_uid(found))
    who, remarks = facts.show_source(actor, found)
    return render_template(
        "incidents/identity.html", page=page, source=found, who=who, remarks=remarks
    )


def _open(kind: type[Form], page: IncidentPage) -> Any:
    return kind.received(version=str(page.incident.version))


def _finish(
    page: IncidentPage,
    form: Form,
    template: str,
    save: Callable[[Actor, Incident], object],
    more: Callable[[], dict[str, object]] = dict,
) -> Response:
    """Save what was sent, or show the form; a stale one comes back filled, with what changed.

    `more` returns what else the template needs, asked only where it is shown.
    """
    actor, uid = identity.actor(), page.incident.uid

    def act() -> tuple[str, str]:
        save(actor, page.incident)
        return gettext("Saved."), url_for("incidents.incident", uid=uid)

    def show(late: Stale | None) -> Response:
        now = page if late is None else queries.incident_page(actor, uid)
        form.version.data = str(now.incident.version) if late else form.version.data
        return _show(now, form, template, stale=late is not None, **more())

    return carry_out(form, act, show)


def _show(page: IncidentPage, form: Form, template: str, **values: Any) -> Response:
    return answer(template, form, page=page, incident=page.incident, **values)


def _violations(page: IncidentPage) -> list[tuple[str, str]]:
    """Return each violation as a choice: the letter of the victim, and what was done."""
    return [
        (
            line.violation.uid.hex,
            with_what(line.letter or "?", _kind(line.violation.type) + _facts(line)),
        )
        for line in page.victims
    ]


def _victims(page: IncidentPage) -> list[tuple[str, str]]:
    """Return each victim of the incident once, as a choice."""
    found = {
        line.person.uid.hex: f"{line.letter}{_facts(line)}" for line in page.victims if line.person
    }
    return list(found.items())


def _kind(code: str) -> str:
    return terms().label("incident_type", code, locale())


def _facts(line: queries.VictimLine) -> str:
    person = line.person
    if person is None:
        return ""
    age = number(person.age) if person.age is not None else ""
    told = ", ".join(each for each in (word(person.sex), age) if each)
    return f" ({told})" if told else ""
