"""How people can be reached safely: kept with the case that found it out, and seen only there."""

from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.sending import Sending
from hrdtracker.people.drafts import ContactDraft
from hrdtracker.people.model import Contact, Person, PersonScope


@idempotent
def add_contact(
    actor: Actor, case: Case, person: Person, draft: ContactDraft, sending: Sending | None = None
) -> Contact:
    """Keep, in a case, how somebody named there can be reached; raises NotFound for others."""
    check_terms({"kind": ("contact_kind", draft.kind)})
    with authorised(actor, Action.CASE_EXTEND, within=case, sending=sending) as signature:
        if not is_named_in(actor, person, case):
            raise NotFound
        contact = new_contact(actor, case, person, draft)
        session().add(contact)
        session().flush()
        signature.about(contact)
    return contact


def new_contact(actor: Actor, case: Case, person: Person, draft: ContactDraft) -> Contact:
    """Return how somebody can be reached, as a draft says it; still to be added."""
    contact = Contact(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        person_id=person.id,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
    _write(contact, draft)
    return contact


def change_contact(actor: Actor, contact: Contact, draft: ContactDraft, version: int) -> None:
    """Change how somebody can be reached; raises Stale."""
    check_terms({"kind": ("contact_kind", draft.kind)})
    with authorised(actor, Action.CASE_EDIT, on=contact, version=version):
        _write(contact, draft)


def reveal_contact(actor: Actor, contact: Contact) -> str | None:
    """Return the number or address; the trail keeps that it was shown."""
    with authorised(actor, Action.CONTACT_REVEAL, within=contact):
        return contact.value


def somebody_in(actor: Actor, case: Case, uid: UUID) -> Person:
    """Return a person whom this case names; raises NotFound for everybody else."""
    person = policy.fetch(actor, Action.PERSON_READ, Person, uid)
    if not is_named_in(actor, person, case):
        raise NotFound
    return person


def is_named_in(actor: Actor, person: Person, case: Case) -> bool:
    """Tell whether a person is named in this case, as far as the actor may know."""
    query = select(PersonScope.letter).where(
        PersonScope.person_id == person.id,
        PersonScope.scope_id == case.scope_id,
        PersonScope.told_to(actor.id),
    )
    return session().scalar(query) is not None


def _write(contact: Contact, draft: ContactDraft) -> None:
    contact.kind, contact.checked_on = draft.kind, draft.checked_on
    for column, text in draft.words().items():
        setattr(contact, column, text)
