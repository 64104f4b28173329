"""Who may be read out to an authority tonight: only people held, each with their word about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.cases.consent import NOT_ASKED, Consent, consents_of
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.custody.model import Stay
from hrdtracker.people.model import ConsentPurpose, CountingUnit, Person, PersonScope
from hrdtracker.people.naming import names_of
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import HeldUntil, to_be_freed
from hrdtracker.proceedings.clocks.subjects import ClockSubject, facts_of, subjects_of
from hrdtracker.proceedings.limits.ages import youngest

GROWN_UP = 18
PURPOSE = ConsentPurpose.AUTHORITIES


@dataclass(frozen=True)
class Readable:
    """Somebody who is held, or some of a group, whose limit ends in time; with all that ends.

    `source` is the weakest of how we know where they are and by what right; None where one of
    these was never said. `is_minor` is whether they may have been under 18 at anything of it.
    """

    stay: Stay
    person: Person | None
    letter: str
    case: Case
    clocks: tuple[Clock, ...]
    people: int
    source: str | None
    is_minor: bool
    consent: Consent

    @property
    def key(self) -> UUID:
        """What ticks them."""
        return self.stay.uid

    @property
    def has_name(self) -> bool:
        """Whether they are one person, of whom names may be on record."""
        return self.person is not None and self.person.unit == CountingUnit.PERSON

    @property
    def may_be_named(self) -> bool:
        """Whether their name may be read: they said yes, and were grown up at all of it."""
        return self.has_name and self.consent.is_given and not self.is_minor

    @property
    def may_be_ticked(self) -> bool:
        """Whether they may be read out at all: whoever said no is not, not even as a number."""
        return not self.consent.is_refused


@dataclass(frozen=True)
class NamedPerson:
    """Somebody whose names are read out."""

    readable: Readable
    names: tuple[str, ...] = field(repr=False)


def readable(actor: Actor, until: datetime) -> Sequence[Readable]:
    """Return who may be read out, of those the actor reads, the soonest limit first.

    As many statements for forty people as for one.
    """
    found: dict[int, list[HeldUntil]] = {}
    for one in to_be_freed(actor, until):
        found.setdefault(one.stay.id, []).append(one)
    if not found:
        return ()
    whose = {(one[0].clock.scope_id, one[0].clock.person_id) for one in found.values()}
    subjects = {subject.stay_id: subject for subject in subjects_of(whose)}
    cases = _cases({scope for scope, _ in whose})
    letters = _letters({scope for scope, _ in whose})
    consents = consents_of(actor, {person for _, person in whose if person is not None}, PURPOSE)
    return [
        _readable(some, subjects[number], cases, letters, consents)
        for number, some in found.items()
        if number in subjects
    ]


def _readable(
    some: Sequence[HeldUntil],
    subject: ClockSubject,
    cases: Mapping[int, Case],
    letters: Mapping[tuple[int, int], str],
    consents: Mapping[int, Consent],
) -> Readable:
    first = some[0].clock
    number = first.person_id or 0
    least = youngest(facts_of(subject)) if subject.person else None
    return Readable(
        some[0].stay,
        subject.person,
        letters.get((first.scope_id, number), ""),
        cases[first.scope_id],
        tuple(one.clock for one in some),
        first.people,
        weakest(_sources(subject)),
        is_minor=least is not None and least < GROWN_UP,
        consent=consents.get(number, NOT_ASKED),
    )


def _sources(subject: ClockSubject) -> Iterable[str | None]:
    """Yield how we know each fact that their limits rest on."""
    yield from (known.stay.known_by for known in subject.stays)
    yield from (title.known_by for title in subject.court.titles)


def weakest(sources: Iterable[str | None]) -> str | None:
    """Return the weakest of some sources, as the list orders them; None where one was not said."""
    order = [term.code for term in terms().every("how_known")]
    found = list(sources)
    said = [code for code in found if code in order]
    if not said or len(said) < len(found):
        return None
    return max(said, key=order.index)


def _cases(scopes: Collection[int]) -> Mapping[int, Case]:
    query = select(Case).where(Case.scope_id.in_(scopes))
    return {case.scope_id: case for case in session().scalars(query)}


def _letters(scopes: Collection[int]) -> Mapping[tuple[int, int], str]:
    query = select(PersonScope.scope_id, PersonScope.person_id, PersonScope.letter)
    rows = session().execute(query.where(PersonScope.scope_id.in_(scopes)))
    return {(scope, person): letter for scope, person, letter in rows}


def read_names(actor: Actor, until: datetime, ticked: Collection[UUID]) -> Sequence[NamedPerson]:
    """Return the names of those ticked who said yes; the trail keeps it as one act.

    Whose names they were stands in the log of what was read. It is asked anew who is held and what
    each said: nobody who was released or refused since is named.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.CLOCK_READ_OUT, within=organisation):
        chosen = {
            one.person.id: one
            for one in readable(actor, until)
            if one.key in ticked and one.may_be_named and one.person is not None
        }
        may = policy.allowed_ids(actor, Action.PERSON_REVEAL, Person, chosen)
        names = names_of(may)
    return [
        NamedPerson(one, tuple(name.name or "" for name in names[number]))
        for number, one in chosen.items()
        if number in names
    ]
