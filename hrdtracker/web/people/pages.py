"""What the pages about people show: the list with its filters, and one person with all links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.contacts import somebody_in
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_
from hrdtracker.core.page import Page
from hrdtracker.forms.people import NameReasonForm, SearchForm
from hrdtracker.incidents.of_person import Links, links_of, traces
from hrdtracker.people import queries
from hrdtracker.people.model import Person, PersonName
from hrdtracker.people.naming import ShownNames, still_masked
from hrdtracker.people.queries import ListedPeople, ListedPerson
from hrdtracker.web.people.hidden import HiddenNames, hidden_names
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.cases import case_title
from hrdtracker.web.words.fields import coded_facts
from hrdtracker.web.words.people import say_trace

SEXES = {
    "F": N_("Female"),
    "M": N_("Male"),
    "X": N_("Other, as stated"),
    "unknown": N_("Not known"),
}
UNITS = {"person": N_("One person"), "group": N_("Group")}


@dataclass(frozen=True)
class PeopleList:
    """A part of the list of people, what narrows it, and its place in the list."""

    listed: ListedPeople
    bar: FilterBar
    token: str | None

    @property
    def ids(self) -> list[int]:
        """The numbers of the people in it."""
        return [row.id for row in self.listed.page.rows]


@dataclass(frozen=True)
class PersonRow:
    """Somebody in the list: what is known without a name; the names, where they were asked for."""

    row: ListedPerson
    categories: tuple[str, ...]
    trace: str
    names: tuple[PersonName, ...]


@dataclass(frozen=True)
class PeoplePage:
    """A part of the people one may see, what narrows the list, where its names can be asked for."""

    part: Page[PersonRow]
    bar: FilterBar
    names_url: str
    names_shown: bool
    hidden: HiddenNames | None


@dataclass(frozen=True)
class Turns:
    """Where the newer and the older part of a list on a page are."""

    newer: str | None
    older: str | None


@dataclass(frozen=True)
class PersonPage:
    """One person, and where one may see them named; titles are by the number of the case."""

    card: queries.Card
    coded: list[tuple[str, str]]
    links: Links
    titles: Mapping[int, str]
    may_edit: bool
    may_see_openings: bool
    names_shown: bool
    hidden: HiddenNames | None
    """Where the names take a reason."""
    contact_shown: UUID | None
    cases: Turns
    incidents: Turns


def read_list() -> PeopleList:
    """Return the part of the list of people that the address asks for."""
    bar = filter_bar(
        "people.index",
        pick(
            "category", gettext("What they defend"), terms().choices("defender_category", locale())
        ),
        pick("sex", gettext("Sex, as they state it"), _choices(SEXES)),
        pick("unit", gettext("One person or a group"), _choices(UNITS)),
    )
    criteria, token = queries.PersonFilter(**bar.chosen), request.args.get("page")
    return PeopleList(queries.people(identity.actor(), criteria, token), bar, token)


def list_page(people: PeopleList, shown: ShownNames | None = None) -> Response:
    """Return the page of people, with their names where they were asked for and put on record."""
    listed = people.listed
    seen = traces(identity.actor(), people.ids)
    rows = [
        PersonRow(
            row,
            listed.categories.get(row.id, ()),
            say_trace(seen[row.id], row.recorded_at),
            shown.names.get(row.id, ()) if shown else (),
        )
        for row in listed.page.rows
    ]
    here: dict[str, Any] = {**people.bar.chosen, "page": people.token}
    page = PeoplePage(
        listed.page.with_rows(rows),
        people.bar,
        url_for("people.reveal_listed", **here),
        shown is not None,
        hidden_names(shown.masked) if shown else None,
    )
    return show("people/index.html", page, SearchForm())


def _choices(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, gettext(label)) for code, label in labels.items()]


def person_page(
    actor: Actor,
    person: Person,
    *,
    names_shown: bool = False,
    contact_shown: UUID | None = None,
    why: NameReasonForm | None = None,
) -> Response:
    """Return the page of one person; what was asked for and put on record is shown.

    `why` is the form in which no reason was given for a name that takes one.
    """
    hidden = None if names_shown else hidden_names(still_masked(actor, [person.id]))
    links = links_of(actor, person, request.args.get("cases"), request.args.get("incidents"))
    may = policy.allowed(actor, (Action.PERSON_EDIT, Action.READINGS_OF_PERSON), person)
    page = PersonPage(
        card=queries.card_of(person),
        coded=coded_facts(person),
        links=links,
        titles={row.case.id: case_title(row.case) for row in links.cases.rows},
        may_edit=Action.PERSON_EDIT in may,
        may_see_openings=Action.READINGS_OF_PERSON in may,
        names_shown=names_shown,
        hidden=replace(hidden, form=why) if hidden and why else hidden,
        contact_shown=contact_shown,
        cases=_turns(person, "cases", links.cases),
        incidents=_turns(person, "incidents", links.incidents),
    )
    return show("people/person.html", page, why)


def _turns(person: Person, name: str, part: Page[Any]) -> Turns:
    def to(token: str | None) -> str | None:
        here = url_for("people.person", uid=person.uid)
        return f"{here}?{urlencode({name: token})}#{name}" if token else None

    return Turns(to(part.newer), to(part.older))


def show_in_case(actor: Actor, person: Person, case_uid: str | None) -> None:
    """Let what is shown of somebody be an opening of the case on whose page it was asked for."""
    if case_uid:
        case = policy.fetch(actor, Action.CASE_READ, Case, case_uid)
        somebody_in(actor, case, person.uid)
