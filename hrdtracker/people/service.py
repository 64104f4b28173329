"""Recording people, naming them in a case, and showing what is hidden."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation, Scope
from hrdtracker.audit.bulk_insert import Keep, add_all, add_many
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, DataKeyWrap, SealedRow, ring
from hrdtracker.core.sending import Sending
from hrdtracker.people.age_statements import keep_former
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.letters import letter
from hrdtracker.people.minors import may_have_been_minors, recorded_age
from hrdtracker.people.model import (
    CountingUnit,
    Person,
    PersonCategory,
    PersonName,
    PersonScope,
    PersonScopeDraft,
)
from hrdtracker.people.naming import SAY_WHY, ShownNames, show_names
from hrdtracker.people.writing import search_text

AS_SAID = {field.name for field in fields(PersonDraft) if hasattr(Person, field.name)} - {
    "age",
    "age_on",
}
"""What is kept of a draft as it says it, in the column of the same name."""
STAYS_ONE = N_("They may have been under 18, and stay one person. Record the group by itself.")


@idempotent
def record_person(actor: Actor, draft: PersonDraft, sending: Sending | None = None) -> Person:
    """Record a person who is in no case yet; only the actor sees them until then."""
    check_codes(draft)
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.PERSON_RECORD, within=organisation, sending=sending) as signature:
        compartment = session().get_one(Compartment, organisation.compartment_id)
        person = add_person(actor, draft, compartment)
        signature.about(person)
    return person


def edit_person(
    actor: Actor, person: Person, draft: PersonDraft, version: int, *, is_own_draft: bool = False
) -> None:
    """Change what is known of a person, names and categories included; raises Stale.

    An age under 18 that another takes the place of is kept beside it, as a dispute, and whose name
    is masked becomes no group, which has no age: but where it `is_own_draft`, which nobody else has
    read.
    """
    check_codes(draft)
    with authorised(actor, Action.PERSON_EDIT, on=person, version=version) as signature:
        if not is_own_draft:
            _check_stays_one(person, draft)
        former = recorded_age(person)
        _write(person, draft)
        if not is_own_draft:
            keep_former(actor, person, former)
        _follow_names(person, draft.names)
        _follow_categories(person, draft.categories)
        session().flush()
        if signature.changes:
            person.changed_at = clock.now()


def _check_stays_one(person: Person, draft: PersonDraft) -> None:
    if draft.unit != CountingUnit.PERSON and may_have_been_minors([person.id]):
        raise Refused({"unit": STAYS_ONE})


def reveal_names(actor: Actor, person: Person, reason: str | None = None) -> None:
    """Let the names of a person be shown; the trail keeps that they were, and a `reason`.

    Raises Refused where the person may have been under 18 and no reason was given lately.
    """
    with authorised(actor, Action.PERSON_REVEAL, within=person):
        if show_names(actor, [person.id], reason).masked:
            raise Refused({"reason": SAY_WHY})


def reveal_listed(actor: Actor, people: Iterable[int], reason: str | None = None) -> ShownNames:
    """Return the names of the people of one page of a list; the trail keeps it as one act.

    Whose names they were stands in the log of what was read. Of whoever may have been under 18 they
    are shown only for a `reason`.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.PERSON_REVEAL_LISTED, within=organisation):
        may = policy.allowed_ids(actor, Action.PERSON_REVEAL, Person, people)
        return show_names(actor, may, reason)


def check_codes(draft: PersonDraft) -> None:
    """Refuse codes that no list holds."""
    check_terms(
        {
            **declared_codes(Person.__tablename__, draft),
            **{f"names.{name.kind}": ("name_kind", name.kind) for name in draft.names},
            **{f"categories.{code}": ("defender_category", code) for code in draft.categories},
        }
    )


def add_person(actor: Actor, draft: PersonDraft, compartment: Compartment) -> Person:
    """Add a person with a key that `compartment` can unwrap. Inside an open door."""
    return add_people(actor, [draft], compartment)[0]


def add_people(
    actor: Actor, drafts: Sequence[PersonDraft], compartment: Compartment, keep: Keep = add_all
) -> list[Person]:
    """Add several people, in as few statements as one. Inside an open door."""
    moment = clock.now()
    keys = [ring().create() for _ in drafts]
    people = [
        Person(
            organisation_id=actor.organisation_id,
            data_key_id=key.id,
            recorded_by_id=actor.id,
            recorded_at=moment,
            changed_at=moment,
        )
        for key in keys
    ]
    for person, draft in zip(people, drafts, strict=True):
        _write(person, draft)
    add_many(keys)
    keep(people)
    wraps = [ring().wrap(key.id, compartment) for key in keys]
    described = list(zip(people, drafts, strict=True))
    names = [name for person, draft in described for name in _names(person, draft)]
    categories = [
        PersonCategory(person_id=person.id, category=code)
        for person, draft in described
        for code in draft.categories
    ]
    add_many([*wraps, *names, *categories])
    return people


def name_in_case(
    people: Sequence[Person],
    scope: Scope,
    unwrapped: Sequence[Person] = (),
    *,
    draft_of: int | None,
    is_new: bool = False,
) -> None:
    """Name people in a case: a letter for each, and their keys for its compartment.

    Inside an open door. Who is named there already keeps the letter: nobody, where the case
    `is_new`. `draft_of` is whose draft names them: nobody else knows of it until something that was
    sent does too. The keys of `unwrapped` are known to be there.
    """
    if not is_new:
        lock(scope)  # two who name somebody at once would give them the same letter
    there = select(PersonScope).where(PersonScope.scope_id == scope.id)
    named = {} if is_new else {place.person_id: place for place in session().scalars(there)}
    new = [person for person in people if person.id not in named]
    added = [
        PersonScope(
            person_id=person.id,
            scope_id=scope.id,
            letter=letter(position),
            is_told=draft_of is None,
        )
        for position, person in enumerate(new, start=len(named))
    ]
    add_many(added)
    before = [named[person.id] for person in people if person.id in named]
    if draft_of is None:
        _tell(before)
    else:
        _tell_author(draft_of, scope, [p for p in (*before, *added) if not p.is_told])
    let_unwrap([person for person in new if person not in unwrapped], scope.compartment_id)


def tell(scope: Scope, person_ids: Collection[int]) -> None:
    """Let everybody who reads a case know that it names these people. Inside an open door."""
    here = PersonScope.scope_id == scope.id
    _tell(session().scalars(select(PersonScope).where(here, PersonScope.person_id.in_(person_ids))))


def _tell(places: Iterable[PersonScope]) -> None:
    for place in places:
        place.is_told = True


def _tell_author(author_id: int, scope: Scope, places: Iterable[PersonScope]) -> None:
    """Note whose draft names people whom nothing that was sent names there."""
    query = select(PersonScopeDraft.person_id).where(
        PersonScopeDraft.scope_id == scope.id, PersonScopeDraft.author_id == author_id
    )
    noted = set(session().scalars(query))
    add_many(
        PersonScopeDraft(person_id=person_id, scope_id=scope.id, author_id=author_id)
        for person_id in {place.person_id for place in places} - noted
    )


def victims(
    actor: Actor,
    named: Sequence[Victim],
    scope: Scope,
    *,
    draft_of: int | None,
    is_new: bool = False,
) -> list[Person]:
    """Return the people whom an incident names, recording the new ones. Inside an open door.

    Known people are fetched by the policy: nobody is linked who may not be seen. `draft_of` is the
    user whose draft the incident is. `is_new` says that the act has just opened the case, so that
    nobody is named there yet.
    """
    compartment = ring().compartment(scope.compartment_id)
    described = [victim.described for victim in named if victim.known is None and victim.described]
    added = add_people(actor, described, compartment)
    fresh = iter(added)
    people = [
        next(fresh)
        if victim.known is None
        else policy.fetch(actor, Action.PERSON_READ, Person, victim.known)
        for victim in named
        if victim.known or victim.described
    ]
    name_in_case(people, scope, added, draft_of=draft_of, is_new=is_new)
    return people


def redescribe(
    actor: Actor,
    named: Sequence[Victim],
    former: Sequence[Person],
    scope: Scope,
    written: tuple[datetime, datetime],
) -> list[Victim]:
    """Return `named`, where a draft describes people anew with those whom it recorded, corrected.

    `former` are those whom the draft named; it was begun and last changed at the instants of
    `written`. Nobody is corrected who was on record before, was changed by something else, or is
    named by it. Inside an open door.
    """
    elsewhere = select(PersonScope.person_id).where(
        PersonScope.person_id.in_([person.id for person in former]),
        or_(PersonScope.is_told, PersonScope.scope_id != scope.id),
    )
    others = set(session().scalars(elsewhere))
    own = [
        person
        for person in former
        if person.recorded_by_id == actor.id
        and person.recorded_at >= written[0]
        and (person.version == 1 or person.changed_at <= written[1])
        and person.id not in others
    ]
    drafts = [victim.described for victim in named if victim.described]
    people = iter(_pair(drafts, own))
    return [
        _correct(actor, victim, next(people)) if victim.described else victim for victim in named
    ]


def _pair(drafts: Sequence[PersonDraft], people: list[Person]) -> list[Person | None]:
    """Return, for each draft, whom it describes: by a name, else whoever is left, in order."""
    pairs: list[Person | None] = []
    for draft in drafts:
        named = (
            person for person in people for name in draft.names if is_name_of(person, name.name)
        )
        pairs.append(next(named, None))
        people = [person for person in people if person is not pairs[-1]]
    left = iter(people)
    return [pair or next(left, None) for pair in pairs]


def _correct(actor: Actor, victim: Victim, person: Person | None) -> Victim:
    if person is None or victim.described is None:
        return victim
    edit_person(actor, person, victim.described, person.version, is_own_draft=True)
    return Victim(known=person.uid)


def is_name_of(person: Person, text: str) -> bool:
    """Tell whether a text is a name that is kept of a person, and says no more."""
    ring().load([person.data_key_id])
    names = session().scalars(select(PersonName).where(PersonName.person_id == person.id))
    return search_text(text) in {search_text(name.name or "") for name in names}


def _write(person: Person, draft: PersonDraft) -> None:
    """Lay what a draft says into a person; an age without its day is of today."""
    for name in AS_SAID:
        setattr(person, name, getattr(draft, name))
    if draft.age is None:
        person.age_on = None
    elif draft.age_on or draft.age != person.age:
        person.age_on = draft.age_on or today(person.organisation_id)
    person.age = draft.age
    person.birth_date = str(draft.birth) if draft.birth else None


def _names(person: Person, draft: PersonDraft) -> list[PersonName]:
    return [
        _name(person, name, position)
        for position, name in enumerate(draft.names)
        if name.name.strip()
    ]


def _name(person: Person, draft: NameDraft, position: int) -> PersonName:
    return PersonName(
        person_id=person.id,
        data_key_id=person.data_key_id,
        kind=draft.kind,
        position=position,
        name=draft.name.strip(),
    )


def _follow_names(person: Person, drafts: Iterable[NameDraft]) -> None:
    """Bring the names of a person in line with the drafts; a name that stays keeps its row."""
    query = select(PersonName).where(PersonName.person_id == person.id)
    pool = list(session().scalars(query.order_by(PersonName.position, PersonName.id)))
    written = [draft for draft in drafts if draft.name.strip()]
    rows = [_take(pool, draft.name.strip()) for draft in written]
    for position, (draft, same) in enumerate(zip(written, rows, strict=True)):
        row = same or (pool.pop(0) if pool else None)
        if row is None:
            session().add(_name(person, draft, position))
        else:
            row.kind, row.position, row.name = draft.kind, position, draft.name.strip()
    for row in pool:
        session().delete(row)


def _take(pool: list[PersonName], name: str) -> PersonName | None:
    """Take the row of this very name out of the pool."""
    row = next((kept for kept in pool if kept.name == name), None)
    if row is not None:
        pool.remove(row)
    return row


def _follow_categories(person: Person, categories: frozenset[str]) -> None:
    query = select(PersonCategory).where(PersonCategory.person_id == person.id)
    present = {row.category: row for row in session().scalars(query)}
    for code in present.keys() - categories:
        session().delete(present[code])
    session().add_all(
        PersonCategory(person_id=person.id, category=code) for code in categories - present.keys()
    )


def let_unwrap(records: Sequence[SealedRow], compartment_id: int) -> None:
    """Wrap the keys of records for a compartment that does not hold them yet. In an open door."""
    keys = {record.data_key_id for record in records}
    if not keys:
        return
    wrapped = select(DataKeyWrap.data_key_id).where(
        DataKeyWrap.data_key_id.in_(keys), DataKeyWrap.compartment_id == compartment_id
    )
    missing = keys - set(session().scalars(wrapped))
    if missing:
        ring().load(missing)
        compartment = session().get_one(Compartment, compartment_id)
        session().add_all(ring().wrap(key, compartment) for key in missing)
