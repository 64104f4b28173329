"""What the pages about people show: the list with its filters, and one person with all links."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.contacts import somebody_in
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.forms.people import SearchForm
from hrdtracker.incidents.of_person import links_of
from hrdtracker.people import queries
from hrdtracker.people.model import Person
from hrdtracker.web.shell.context import locale, zone
from hrdtracker.web.shell.filters import filter_bar, pick
from hrdtracker.web.words.cases import case_title
from hrdtracker.web.words.fields import coded_facts

SEXES = {
    "F": N_("Female"),
    "M": N_("Male"),
    "X": N_("Other, as stated"),
    "unknown": N_("Not known"),
}
UNITS = {"person": N_("One person"), "group": N_("Group")}
ACTS = (Action.PERSON_EDIT, Action.PERSON_REVEAL)


def list_page(actor: Actor) -> str:
    """Return the page of people that the address asks for."""
    bar = filter_bar(
        "people.index",
        pick(
            "category", gettext("What they defend"), terms().choices("defender_category", locale())
        ),
        pick("sex", gettext("Sex, as they state it"), _said(SEXES)),
        pick("unit", gettext("One person or a group"), _said(UNITS)),
    )
    found = queries.people(actor, queries.PersonFilter(**bar.chosen), request.args.get("page"))
    return render_template(
        "people/index.html",
        page=found.page,
        people=[(row, clock.day_of(row.recorded_at, zone())) for row in found.page.rows],
        categories=found.categories,
        bar=bar,
        form=SearchForm(),
    )


def _said(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, gettext(label)) for code, label in labels.items()]


def person_page(
    actor: Actor, person: Person, *, names_shown: bool = False, contact_shown: UUID | None = None
) -> str:
    """Return the page of one person; what was asked for and put on record is shown."""
    links = links_of(actor, person, request.args.get("cases"), request.args.get("incidents"))
    here = url_for("people.person", uid=person.uid)
    return render_template(
        "people/person.html",
        person=person,
        card=queries.card_of(person),
        listed=coded_facts(person),
        links=links,
        titles={row.Case.id: case_title(row.Case) for row in links.cases.rows},
        may=policy.allowed(actor, ACTS, person),
        names_shown=names_shown,
        contact_shown=contact_shown,
        turns={
            f"{name}_{way}": f"{here}?{urlencode({name: token})}#{name}"
            for name, page in (("cases", links.cases), ("incidents", links.incidents))
            for way, token in (("newer", page.newer), ("older", page.older))
            if token
        },
    )


def show_in_case(actor: Actor, person: Person, case_uid: str | None) -> None:
    """Let what is shown of somebody be an opening of the case on whose page it was asked for."""
    if case_uid:
        case = policy.fetch(actor, Action.CASE_READ, Case, case_uid)
        somebody_in(actor, case, person.uid)
