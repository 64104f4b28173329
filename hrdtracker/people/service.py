"""Recording people, naming them in a case, and showing what is hidden."""

from collections.abc import Sequence

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, Scope
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.model import Person, PersonCategory, PersonName, PersonScope

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def record_person(actor: Actor, organisation: Organisation, draft: PersonDraft) -> Person:
    """Record a person who is in no case yet; only the actor sees them until then."""
    with authorised(actor, Action.PERSON_RECORD, on=organisation) as signature:
        person = add_person(
            actor, draft, session().get_one(Compartment, organisation.compartment_id)
        )
        signature.about(person)
    return person


def add_person(actor: Actor, draft: PersonDraft, compartment: Compartment) -> Person:
    """Add a person with a key that `compartment` can unwrap. Inside an open door."""
    return add_people(actor, [draft], compartment)[0]


def add_people(
    actor: Actor, drafts: Sequence[PersonDraft], compartment: Compartment
) -> list[Person]:
    """Add several people, in as few statements as one. Inside an open door."""
    moment, made = clock.now(), []
    for draft in drafts:
        key = ring().create()
        session().add(key)
        made.append(
            Person(
                organisation_id=actor.organisation_id,
                data_key_id=key.id,
                unit=draft.unit,
                head_count=draft.head_count,
                head_count_about=draft.head_count_about,
                sex=draft.sex,
                birth_date=draft.birth_date.isoformat() if draft.birth_date else None,
                age=draft.age,
                age_on=(draft.age_on or moment.date()) if draft.age is not None else None,
                remarks=draft.remarks,
                recorded_by_id=actor.id,
                recorded_at=moment,
                changed_at=moment,
            )
        )
    session().add_all(made)
    session().flush()
    for person, draft in zip(made, drafts, strict=True):
        session().add(ring().wrap(person.data_key_id, compartment))
        _add_names(person, draft)
        session().add_all(
            PersonCategory(person_id=person.id, category=code) for code in draft.categories
        )
    return made


def name_in_case(people: Sequence[Person], scope: Scope) -> None:
    """Name people in a case: a letter for each, and their keys for its compartment.

    Inside an open door; who is named there already stays as they are.
    """
    ids = [person.id for person in people]
    there = select(PersonScope.person_id).where(
        PersonScope.scope_id == scope.id, PersonScope.person_id.in_(ids)
    )
    named = set(session().scalars(there))
    taken = session().scalar(
        select(func.count()).select_from(PersonScope).where(PersonScope.scope_id == scope.id)
    )
    new = [person for person in people if person.id not in named]
    for position, person in enumerate(new, start=taken or 0):
        session().add(PersonScope(person_id=person.id, scope_id=scope.id, letter=letter(position)))
    _let_unwrap(new, scope.compartment_id)


def victims(actor: Actor, wanted: Sequence[Victim], scope: Scope) -> list[Person]:
    """Return the people whom an incident names, recording the new ones. Inside an open door.

    Known people are fetched by the policy: nobody is linked who may not be seen.
    """
    compartment = session().get_one(Compartment, scope.compartment_id)
    described = [each.described for each in wanted if each.known is None and each.described]
    fresh = iter(add_people(actor, described, compartment) if described else ())
    people = [
        next(fresh)
        if each.known is None
        else policy.fetch(actor, Action.PERSON_READ, Person, each.known)
        for each in wanted
        if each.known or each.described
    ]
    name_in_case(people, scope)
    return people


def letter(position: int) -> str:
    """Return the letter that stands for the person named at this position: A … Z, AA, AB …"""
    if position < len(ALPHABET):
        return ALPHABET[position]
    return letter(position // len(ALPHABET) - 1) + ALPHABET[position % len(ALPHABET)]


def _add_names(person: Person, draft: PersonDraft) -> None:
    for position, each in enumerate(draft.names):
        if each.name.strip():
            session().add(
                PersonName(
                    person_id=person.id,
                    data_key_id=person.data_key_id,
                    kind=each.kind,
                    position=position,
                    name=each.name.strip(),
                )
            )


def _let_unwrap(people: Sequence[Person], compartment_id: int) -> None:
    """Wrap the keys of people for a compartment that does not hold them yet."""
    keys = {person.data_key_id for person in people}
    session().flush()
    held = select(DataKeyWrap.data_key_id).where(
        DataKeyWrap.data_key_id.in_(keys), DataKeyWrap.compartment_id == compartment_id
    )
    missing = keys - set(session().scalars(held))
    if missing:
        ring().load(missing)
        compartment = session().get_one(Compartment, compartment_id)
        session().add_all(ring().wrap(key, compartment) for key in missing)
