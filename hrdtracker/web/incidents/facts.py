"""What is added to an incident later: people and what became of them, sources, perpetrators."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
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
from hrdtracker.forms.reader import uids
from hrdtracker.incidents import facts, queries
from hrdtracker.incidents.model import Incident, Source
from hrdtracker.incidents.queries import IncidentDetails
from hrdtracker.people.search import offered
from hrdtracker.web.people.offers import OfferedLines, OfferedPeople, ask_who, offers_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import SavedMeanwhile, saved_meanwhile
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import with_what

bp = Blueprint("incident_facts", __name__, url_prefix="/incidents")
NEEDED = needs(Action.INCIDENT_EDIT)


@dataclass(frozen=True)
class AddFactPage:
    """One thing that is added to an incident, and who changed that meanwhile."""

    incident: Incident
    saved: SavedMeanwhile | None = None


@dataclass(frozen=True, kw_only=True)
class ViolationPage(AddFactPage):
    """One more type of act, and who on record the people typed may be."""

    offers: OfferedLines


@dataclass(frozen=True, kw_only=True)
class PerpetratorPage(AddFactPage):
    """Who is alleged to have done it; `asks` where somebody offered may be them."""

    offer: OfferedPeople
    asks: bool = False


@dataclass(frozen=True)
class SourceIdentityPage:
    """Who a source is, shown once to those who may know."""

    incident: Incident
    source: Source
    who: str | None = field(repr=False)
    remarks: str | None = field(repr=False)


@bp.route("/<uuid:uid>/people", methods=["GET", "POST"])
@NEEDED
def people(uid: UUID) -> Response:
    """Say in one go what has happened to several people."""
    details = queries.incident_details(identity.actor(), uid)
    form = _open(PeopleForm, details, **PeopleForm.begun(request.args)).offer(
        reader(), _violations(details)
    )
    return _finish(
        details,
        form,
        "incidents/people.html",
        lambda actor, incident: facts.update_victims(
            actor, incident, form.update(reader()), version_of(form)
        ),
    )


@bp.post("/<uuid:uid>/held")
@needs(Action.INCIDENT_CONFIRM_HELD)
def confirm_held(uid: UUID) -> Response:
    """Say that people are still held: those who are named, or all of whom the incident says so."""
    actor = identity.actor()
    incident = policy.fetch(actor, Action.INCIDENT_READ, Incident, uid)
    named = request.form.getlist("person")
    facts.confirm_held(actor, incident, uids(named) if named else None)
    flash(gettext("Noted: still held, confirmed now."), "ok")
    return redirect(_after_confirming(incident), 303)


@bp.route("/<uuid:uid>/violations/new", methods=["GET", "POST"])
@NEEDED
def violation(uid: UUID) -> Response:
    """Add one more type of act."""
    actor = identity.actor()
    details = queries.incident_details(actor, uid)
    form = _open(ViolationForm, details).offer(reader(), _victims(details))
    if form.is_valid_submission and (
        asked := ask_who(actor, form.who.data, request.form, form.sending())
    ):
        page = ViolationPage(details.incident, offers=asked)
        return show("incidents/violation.html", page, form)
    return _finish(
        details,
        form,
        "incidents/violation.html",
        lambda actor, incident: facts.add_violation(
            actor, incident, form.draft(reader(), request.form), version_of(form)
        ),
        lambda incident, saved: ViolationPage(
            incident, saved, offers=offers_of(actor, form.who.data, request.form)
        ),
    )


@bp.route("/<uuid:uid>/sources/new", methods=["GET", "POST"])
@NEEDED
def source(uid: UUID) -> Response:
    """Add how we know."""
    actor = identity.actor()
    details = queries.incident_details(actor, uid)
    form = _open(SourceForm, details).offer(reader(), _violations(details), colleagues(actor))
    return _finish(
        details,
        form,
        "incidents/source.html",
        lambda actor, incident: facts.add_source(actor, incident, form.draft(), version_of(form)),
    )


@bp.route("/<uuid:uid>/perpetrators/new", methods=["GET", "POST"])
@NEEDED
def perpetrator(uid: UUID) -> Response:
    """Add who is alleged to have done it, after a look at who on record that may be."""
    actor = identity.actor()
    details = queries.incident_details(actor, uid)
    form = _open(InvolvementForm, details).offer(reader())

    @cache
    def offer() -> OfferedPeople:
        words, chosen = form.named, form.same_as.data
        return OfferedPeople(words, offered(actor, words, chosen), chosen)

    if form.is_valid_submission and not form.says_who and offer().people:
        with form.reasons():
            form.draft()
        page = PerpetratorPage(details.incident, offer=offer(), asks=True)
        return show("incidents/perpetrator.html", page, form)
    return _finish(
        details,
        form,
        "incidents/perpetrator.html",
        lambda actor, incident: facts.add_involvement(
            actor, incident, form.draft(), version_of(form)
        ),
        lambda incident, saved: PerpetratorPage(incident, saved, offer=offer()),
    )


@bp.post("/sources/<uuid:uid>/identity")
@needs(Action.SOURCE_IDENTIFY)
def show_source(uid: UUID) -> Response:
    """Show who a source is, to its author and those named for it; the trail keeps that."""
    actor = identity.actor()
    source = policy.fetch(actor, Action.SOURCE_IDENTIFY, Source, uid)
    incident = queries.incident_details(actor, queries.incident_uid(source)).incident
    page = SourceIdentityPage(incident, source, *facts.show_source(actor, source))
    return show("incidents/identity.html", page)


def _after_confirming(incident: Incident) -> str:
    """Return the page from which it was said, as the address tells."""
    if request.args.get("back") == "today":
        return url_for("home.today")
    if request.args.get("back") == "case":
        return url_for("cases.case", uid=queries.case_of(incident).uid, _anchor="people")
    return url_for("incidents.incident", uid=incident.uid, _anchor="people")


def _open(kind: type[Form], details: IncidentDetails, **begun: Any) -> Any:
    return kind.received(version=str(details.incident.version), **begun)


def _finish(
    details: IncidentDetails,
    form: Form,
    template: str,
    save: Callable[[Actor, Incident], object],
    compose: Callable[[Incident, SavedMeanwhile | None], AddFactPage] = AddFactPage,
) -> Response:
    """Save what was sent, or show the form; a stale one comes back filled, with what changed.

    `compose` returns the page of an incident, with who saved it meanwhile; it is asked only where
    that is shown.
    """
    actor, uid = identity.actor(), details.incident.uid

    def act() -> tuple[str, str]:
        save(actor, details.incident)
        return gettext("Saved."), url_for("incidents.incident", uid=uid)

    def draw(late: Stale | None) -> Response:
        now = details if late is None else queries.incident_details(actor, uid)
        form.version.data = str(now.incident.version) if late else form.version.data
        return show(template, compose(now.incident, saved_meanwhile(actor, uid, late)), form)

    return carry_out(form, act, draw)


def _violations(details: IncidentDetails) -> list[tuple[str, str]]:
    """Return each violation as a choice: the letter of the victim, and what was done."""
    return [
        (
            line.violation.uid.hex,
            with_what(say_letter(line.letter) or "?", _kind(line.violation.type) + _facts(line)),
        )
        for line in details.victims
    ]


def _victims(details: IncidentDetails) -> list[tuple[str, str]]:
    """Return each victim of the incident once, as a choice."""
    victims = {
        line.person.uid.hex: f"{say_letter(line.letter)}{_facts(line)}"
        for line in details.victims
        if line.person
    }
    return list(victims.items())


def _kind(code: str) -> str:
    return terms().label("incident_type", code, locale())


def _facts(line: queries.VictimLine) -> str:
    person = line.person
    if person is None:
        return ""
    age = number(person.age) if person.age is not None else ""
    facts_known = ", ".join(filter(None, (word(person.sex), age)))
    return f" ({facts_known})" if facts_known else ""
