"""People: the list, one person, who a name may belong to already, and how to reach somebody."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import is_known
from hrdtracker.cases import contacts
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.people import ContactForm, PersonForm, SearchForm
from hrdtracker.incidents import of_person
from hrdtracker.people import queries, service
from hrdtracker.people.lines import read_lines
from hrdtracker.people.model import Person
from hrdtracker.people.search import (
    PossiblePerson,
    offered,
    offered_for_each,
    possible_people,
)
from hrdtracker.web.people.pages import list_page, person_page, show_in_case
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.fields import coded_facts

bp = Blueprint("people", __name__)
LINES_MOST = 8
OFFERED = 4


@bp.get("/people")
@needs(Action.PERSON_READ)
def index() -> str:
    """List the people one may see, without their names."""
    return list_page(identity.actor())


@bp.post("/people/search")
@needs(Action.PERSON_SEARCH)
def search() -> Response:
    """Show who a name may belong to; the trail keeps that one looked."""
    form = SearchForm.received()
    found = None
    if form.is_valid_submission:
        found = possible_people(identity.actor(), form.name.data, limit=30)
    return answer("people/search.html", form, found=found)


def offers(
    actor: Actor, who: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[int, str, list[PossiblePerson]]]:
    """Return, for the first people of a list, their line, name, and who they may be already.

    Whoever was `chosen` as `same-N` for the N-th line is among them; raises NotFound where missing.
    """
    read = read_lines(who).people
    typed = [(number, line.name) for number, line in enumerate(read) if line.name][:LINES_MOST]
    names = [name for _, name in typed]
    kept = [chosen.get(f"same-{number}") for number, _ in typed]
    found = offered_for_each(actor, names, kept, OFFERED) if names else []
    return [(number, name, some) for (number, name), some in zip(typed, found, strict=True)]


@bp.post("/people/suggest")
@needs(Action.PERSON_SEARCH)
def suggest() -> str:
    """Offer, while people are typed one a line, who they may be; for the form that lists them."""
    lines = offers(identity.actor(), request.form.get("who", ""))
    return render_template("people/_suggest.html", lines=lines, chosen=request.form)


@bp.post("/people/possible")
@needs(Action.PERSON_SEARCH)
def possible() -> Response:
    """Offer, while somebody is named in words, who on record that may be; nothing for no words."""
    words, chosen = request.form.get("words", "").strip(), request.form.get("same_as")
    if not words:
        return Response(status=204)
    found = offered(identity.actor(), words, chosen)
    page = render_template("people/_possible.html", words=words, found=found, chosen=chosen)
    return Response(page, mimetype="text/html")


@bp.route("/people/new", methods=["GET", "POST"])
@needs(Action.PERSON_RECORD)
def new() -> Response:
    """Record somebody, after a look at who they may be already."""
    actor = identity.actor()
    form = PersonForm.received().offer(reader())
    same, found = request.form.get("same_as"), []
    if form.is_valid_submission:
        with form.reasons():
            draft = form.draft(reader())
            if same:
                person = policy.fetch(actor, Action.PERSON_READ, Person, same)
                return redirect(url_for("people.person", uid=person.uid), 303)
            if same is None and draft.names:
                found = possible_people(actor, draft.names[0].name)
            if not found or is_known(actor, form.sending()):
                person = service.record_person(actor, draft, form.sending())
                flash(gettext("Recorded. Only you see this until a case names them."), "ok")
                return redirect(url_for("people.person", uid=person.uid), 303)
    return answer("people/new.html", form, found=found)


@bp.get("/people/<uuid:uid>")
@needs(Action.PERSON_READ)
def person(uid: UUID) -> str:
    """Show one person: the names hidden, and where one may see them named."""
    actor = identity.actor()
    found = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    return person_page(actor, found)


@bp.post("/people/<uuid:uid>/reveal")
@needs(Action.PERSON_REVEAL)
def reveal(uid: UUID) -> str:
    """Show the names of one person, once; the trail keeps it, and the openings of the case too."""
    actor = identity.actor()
    found = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    service.reveal_names(actor, found)
    show_in_case(actor, found, request.values.get("case"))
    if "HX-Request" in request.headers:
        return render_template("people/_name.html", names=queries.card_of(found).names)
    return person_page(actor, found, names_shown=True)


@bp.route("/people/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.PERSON_EDIT)
def edit(uid: UUID) -> Response:
    """Change what is known of a person; names are shown here, and a stale save shows both."""
    actor = identity.actor()
    found = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    form = PersonForm.received(**PersonForm.values(queries.card_of(found))).offer(reader())

    def act() -> tuple[str, str]:
        service.edit_person(actor, found, form.draft(reader()), version_of(form))
        return gettext("Saved."), url_for("people.person", uid=uid)

    def show(late: Stale | None) -> Response:
        theirs = queries.card_of(found) if late else None
        form.version.data = str(found.version) if late else form.version.data
        listed = coded_facts(found)
        return answer("people/edit.html", form, person=found, theirs=theirs, listed=listed)

    return carry_out(form, act, show)


@bp.route("/cases/<uuid:uid>/people/<uuid:person_uid>/contacts/new", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def add_contact(uid: UUID, person_uid: UUID) -> Response:
    """Keep, in a case, how somebody named there can be reached."""
    actor = identity.actor()
    case = policy.fetch(actor, Action.CASE_READ, Case, uid)
    found = contacts.somebody_in(actor, case, person_uid)
    form = ContactForm.received().offer(reader())
    if form.is_valid_submission:
        with form.reasons():
            contacts.add_contact(actor, case, found, form.draft(reader()), form.sending())
            flash(gettext("Kept. Whoever may open the case sees it."), "ok")
            return redirect(url_for("people.person", uid=person_uid) + "#contacts", 303)
    return answer("people/contact.html", form, case=case, person=found)


@bp.route("/people/contacts/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.CONTACT_REVEAL)
def edit_contact(uid: UUID) -> Response:
    """Change how somebody can be reached; the number is shown here, a stale save shows both."""
    actor = identity.actor()
    contact, case = of_person.contact(actor, uid)
    form = ContactForm.received(**ContactForm.values(contact)).offer(reader())
    here = of_person.person_of(actor, contact)

    def act() -> tuple[str, str]:
        contacts.change_contact(actor, contact, form.draft(reader()), version_of(form))
        return gettext("Saved."), url_for("people.person", uid=here.uid) + "#contacts"

    def show(late: Stale | None) -> Response:
        theirs, of = of_person.contact(actor, uid) if late else (None, case)
        form.version.data = str(theirs.version) if theirs else form.version.data
        return answer("people/contact.html", form, case=of, person=here, theirs=theirs)

    return carry_out(form, act, show)


@bp.post("/people/contacts/<uuid:uid>/reveal")
@needs(Action.CONTACT_REVEAL)
def reveal_contact(uid: UUID) -> str:
    """Show one number or address, after its note; the trail keeps it, and the case's openings."""
    actor = identity.actor()
    contact, _ = of_person.contact(actor, uid)
    value = contacts.reveal_contact(actor, contact)
    if "HX-Request" in request.headers:
        return render_template("people/_value.html", value=value)
    return person_page(actor, of_person.person_of(actor, contact), contact_shown=uid)
