"""People: the list, one person, who a name may belong to already, and how to reach somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import is_known
from hrdtracker.cases import contacts
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import say, version_of
from hrdtracker.forms.people import ContactForm, NameReasonForm, PersonForm, SearchForm
from hrdtracker.forms.reader import chosen_people
from hrdtracker.incidents import of_person
from hrdtracker.people import queries, service
from hrdtracker.people.model import Person
from hrdtracker.people.naming import still_masked
from hrdtracker.people.search import PossiblePerson, offered, possible_people
from hrdtracker.people.search_limit import TooManySearches, why_wait
from hrdtracker.web.people.hidden import reason_given
from hrdtracker.web.people.offers import OfferedLines, OfferedPeople, offer_lines
from hrdtracker.web.people.pages import list_page, person_page, read_list, show_in_case
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import Conflict, conflict
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("people", __name__)


@dataclass(frozen=True)
class PersonSearchPage:
    """Who a name may belong to; None where nothing was looked for."""

    possible: Sequence[PossiblePerson] | None


@dataclass(frozen=True)
class NewPersonPage:
    """A person or a group to record, after who they may be already."""

    possible: Sequence[PossiblePerson]


@dataclass(frozen=True)
class EditPersonPage:
    """What is known of a person, how many names, and what somebody saved of it meanwhile."""

    person: Person
    names: int
    saved: Conflict | None


@dataclass(frozen=True)
class ContactPage:
    """How somebody can be reached, and what somebody saved of it meanwhile."""

    case: Case
    person: Person
    saved: Conflict | None = None


@dataclass(frozen=True)
class ShownContact:
    """A number or address, once it was asked for."""

    value: str | None = field(repr=False)


@bp.get("/people")
@needs(Action.PERSON_READ)
def index() -> Response:
    """List the people one may see, without their names."""
    return list_page(read_list())


@bp.post("/people/names")
@needs(Action.PERSON_REVEAL_LISTED)
def reveal_listed() -> Response:
    """Show the names of one page of the list, once; the trail keeps it as one act."""
    people = read_list()
    return list_page(people, service.reveal_listed(identity.actor(), people.ids, reason_given()))


@bp.post("/people/search")
@needs(Action.PERSON_SEARCH)
def search() -> Response:
    """Show who a name may belong to; the trail keeps that one looked."""
    form = SearchForm.received()
    possible, status = None, None
    if form.is_valid_submission:
        try:
            possible = possible_people(identity.actor(), form.name.data, limit=30)
        except TooManySearches as error:
            form.form_errors.append(say(error.reason))
            status = 429
    return show("people/search.html", PersonSearchPage(possible), form, status)


@bp.post("/people/suggest")
@needs(Action.PERSON_SEARCH)
def suggest() -> Response:
    """Offer, while people are typed one a line, who they may be; for the form that lists them."""
    who = request.form.get("who", "")
    chosen = chosen_people(who, request.form)
    actor = identity.actor()
    lines = offer_lines(actor, who, chosen)
    wait = _why_wait(actor, is_empty=not any(line.people for line in lines))
    return show("people/_suggest.html", OfferedLines(lines, chosen, wait=wait))


@bp.post("/people/possible")
@needs(Action.PERSON_SEARCH)
def possible() -> Response:
    """Offer, while somebody is named in words, who on record that may be; nothing for no words."""
    words, chosen = request.form.get("words", "").strip(), request.form.get("same_as")
    if not words:
        return Response(status=204)
    actor = identity.actor()
    people = offered(actor, words, chosen)
    wait = _why_wait(actor, is_empty=not people)
    return show("people/_possible.html", OfferedPeople(words, people, chosen, wait))


def _why_wait(actor: Actor, *, is_empty: bool) -> str:
    """Say why nobody is offered, where that is because looking must wait."""
    reason = why_wait(actor) if is_empty else None
    return say(reason) if reason else ""


@bp.route("/people/new", methods=["GET", "POST"])
@needs(Action.PERSON_RECORD)
def new() -> Response:
    """Record somebody, after a look at who they may be already."""
    actor = identity.actor()
    form = PersonForm.received().offer(reader())
    same, possible = request.form.get("same_as"), list[PossiblePerson]()
    if form.is_valid_submission:
        with form.reasons():
            draft = form.draft(reader())
            if same:
                person = policy.fetch(actor, Action.PERSON_READ, Person, same)
                return redirect(url_for("people.person", uid=person.uid), 303)
            if same is None and draft.names:
                possible = offered(actor, draft.names[0].name)
            if not possible or is_known(actor, form.sending()):
                person = service.record_person(actor, draft, form.sending())
                flash(gettext("Recorded. Only you see this until a case names them."), "ok")
                return redirect(url_for("people.person", uid=person.uid), 303)
    return show("people/new.html", NewPersonPage(possible), form)


@bp.get("/people/<uuid:uid>")
@needs(Action.PERSON_READ)
def person(uid: UUID) -> Response:
    """Show one person: the names hidden, and where one may see them named."""
    actor = identity.actor()
    return person_page(actor, policy.fetch(actor, Action.PERSON_READ, Person, uid))


@bp.post("/people/<uuid:uid>/reveal")
@needs(Action.PERSON_REVEAL)
def reveal(uid: UUID) -> Response:
    """Show the names of one person, once; the trail keeps it, and the openings of the case too."""
    actor = identity.actor()
    person = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    form = NameReasonForm.received().offer(reader())
    with form.reasons():
        service.reveal_names(actor, person, reason_given())
    show_in_case(actor, person, request.values.get("case"))
    if form.errors:
        return person_page(actor, person, why=form)
    if "HX-Request" in request.headers:
        return show("people/_name.html", queries.card_of(person))
    return person_page(actor, person, names_shown=True)


@bp.route("/people/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.PERSON_EDIT)
def edit(uid: UUID) -> Response:
    """Change what is known of a person, names where they may be shown; a stale save shows both."""
    actor = identity.actor()
    person = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    card, shown = queries.card_of(person), not still_masked(actor, [person.id])
    form = PersonForm.received(**PersonForm.values(card, names_shown=shown)).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), card, names_shown=shown)
        service.edit_person(actor, person, draft, version_of(form))
        return gettext("Saved."), url_for("people.person", uid=uid)

    def draw(late: Stale | None) -> Response:
        saved = None
        if late is not None:
            now = PersonForm.values(queries.card_of(person), names_shown=shown)
            saved = conflict(actor, uid, form, now, lambda theirs: theirs.offer(reader()))
        return show("people/edit.html", EditPersonPage(person, len(card.names), saved), form)

    return carry_out(form, act, draw)


@bp.route("/cases/<uuid:uid>/people/<uuid:person_uid>/contacts/new", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def add_contact(uid: UUID, person_uid: UUID) -> Response:
    """Keep, in a case, how somebody named there can be reached."""
    actor = identity.actor()
    case = policy.fetch(actor, Action.CASE_READ, Case, uid)
    person = contacts.somebody_in(actor, case, person_uid)
    form = ContactForm.received().offer(reader())
    if form.is_valid_submission:
        with form.reasons():
            contacts.add_contact(actor, case, person, form.draft(reader()), form.sending())
            flash(gettext("Kept. Whoever may open the case sees it."), "ok")
            return redirect(url_for("people.person", uid=person_uid) + "#contacts", 303)
    return show("people/contact.html", ContactPage(case, person), form)


@bp.route("/people/contacts/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.CONTACT_REVEAL)
def edit_contact(uid: UUID) -> Response:
    """Change how somebody can be reached; the number is shown here, a stale save shows both."""
    actor = identity.actor()
    contact, case = of_person.contact(actor, uid)
    form = ContactForm.received(**ContactForm.values(contact)).offer(reader())
    person = of_person.person_of(actor, contact)

    def act() -> tuple[str, str]:
        contacts.change_contact(actor, contact, form.draft(reader()), version_of(form))
        return gettext("Saved."), url_for("people.person", uid=person.uid) + "#contacts"

    def draw(late: Stale | None) -> Response:
        saved, kept_in = None, case
        if late is not None:
            current, kept_in = of_person.contact(actor, uid)
            now = ContactForm.values(current)
            saved = conflict(actor, uid, form, now, lambda theirs: theirs.offer(reader()))
        return show("people/contact.html", ContactPage(kept_in, person, saved), form)

    return carry_out(form, act, draw)


@bp.post("/people/contacts/<uuid:uid>/reveal")
@needs(Action.CONTACT_REVEAL)
def reveal_contact(uid: UUID) -> Response:
    """Show one number or address, after its note; the trail keeps it, and the case's openings."""
    actor = identity.actor()
    contact, _ = of_person.contact(actor, uid)
    value = contacts.reveal_contact(actor, contact)
    if "HX-Request" in request.headers:
        return show("people/_value.html", ShownContact(value))
    return person_page(actor, of_person.person_of(actor, contact), contact_shown=uid)
