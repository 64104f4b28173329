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
from hrdtracker.people.ages import WhyMasked
from hrdtracker.people.minors import may_have_been_minors
from hrdtracker.people.model import ConsentPurpose, CountingUnit, Person, PersonScope
from hrdtracker.people.naming import show_names
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import HeldUntil, to_be_freed
from hrdtracker.proceedings.clocks.subjects import ClockSubject, subjects_of

PURPOSE = ConsentPurpose.AUTHORITIES


@dataclass(frozen=True)
class Readable:
    """Somebody who is held, or some of a group, whose limit ends in time; with all that ends.

    `source` is the weakest of how we know where they are and by what right; None where one of
    these was never said. `masked` is why they may have been under 18 at anything that happened.
    """

    stay: Stay
    person: Person | None
    letter: str
    case: Case
    clocks: tuple[Clock, ...]
    people: int
    source: str | None
    masked: WhyMasked | None
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
        """Whether their name may be read: they said yes, and were surely grown up at all of it."""
        return self.has_name and self.consent.is_given and self.masked is None

    @property
    def is_minor(self) -> bool:
        """Whether something says that they may have been under 18."""
        return self.masked in {WhyMasked.SAID, WhyMasked.DISPUTED}

    @property
    def may_be_ticked(self) -> bool:
        """Whether they may be read out at all: whoever said no is not, not even as a number."""
        return not self.consent.is_refused


@dataclass(frozen=True)
class NamedPerson:
    """Somebody whose names are read out."""

    readable: Readable
    names: tuple[str, ...] = field(repr=False)


def people_of(some: Iterable[Readable]) -> int:
    """Return how many people these are; whoever is held in several cases is counted once."""
    heads = {one.person if one.has_name else one.stay: one.people for one in some}
    return sum(heads.values())


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
    subjects: dict[int | None, list[ClockSubject]] = {}
    for subject in subjects_of(whose):  # one for each proceeding in which they stand
        subjects.setdefault(subject.stay_id, []).append(subject)
    cases = _cases({scope for scope, _ in whose})
    letters = _letters({scope for scope, _ in whose})
    people = {person for _, person in whose if person is not None}
    consents = consents_of(actor, people, PURPOSE)
    minors = may_have_been_minors(people)
    return [
        _readable(
            some,
            subjects[number],
            cases[some[0].clock.scope_id],
            letters.get((some[0].clock.scope_id, some[0].clock.person_id or 0), ""),
            consents.get(some[0].clock.person_id or 0, NOT_ASKED),
            minors.get(some[0].clock.person_id or 0),
        )
        for number, some in found.items()
        if number in subjects
    ]


def _readable(  # noqa: PLR0913 - each says one thing of somebody
    some: Sequence[HeldUntil],
    subjects: Sequence[ClockSubject],
    case: Case,
    letter: str,
    consent: Consent,
    masked: WhyMasked | None,
) -> Readable:
    return Readable(
        some[0].stay,
        subjects[0].person,
        letter,
        case,
        tuple(one.clock for one in some),
        some[0].clock.people,
        weakest(source for subject in subjects for source in _sources(subject)),
        masked,
        consent,
    )


def _sources(subject: ClockSubject) -> Iterable[str | None]:
    """Yield how we know each fact that their limits rest on."""
    for known in subject.stays:
        yield known.stay.known_by
        if Stay.other_arrival.plain(known.stay) is not None:
            yield known.stay.other_known_by
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
        names = show_names(actor, may, None).names
    return [
        NamedPerson(one, tuple(name.name or "" for name in names[number]))
        for number, one in chosen.items()
        if number in names
    ]
