"""How somebody can be reached: kept with one case, seen only there, and shown on the record."""

from datetime import date

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.access.policy import fetch
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases import contacts
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale
from hrdtracker.core.seal import ring
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.of_person import contacts_of
from hrdtracker.incidents.service import log_incident
from hrdtracker.people.drafts import ContactDraft, PersonDraft, Victim
from hrdtracker.people.model import Contact, Person, PersonScope
from hrdtracker.people.service import record_person
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
DRAFT = ContactDraft(
    "signal",
    "012 000 001",
    hours="18:00 to 20:00",
    name_to_use="Aunt",
    code_word="Mango",
    who_may_answer="The sister",
    never="Never the factory line",
    checked_on=date(2026, 11, 10),
)


def person_of(incident: Incident) -> Person:
    """Return the one victim of an incident."""
    query = select(Person).join(PersonScope, PersonScope.person_id == Person.id)
    return session().scalars(query.where(PersonScope.scope_id == incident.scope_id)).one()


def add(incident: Incident, login: str = "monitor", draft: ContactDraft = DRAFT) -> Contact:
    """Keep a contact of the victim with the case of an incident."""
    return contacts.add_contact(
        make.actor(login), make.case_of(incident), person_of(incident), draft
    )


def two_cases_of_one_person() -> tuple[Incident, Incident]:
    """Name one person in two cases: of a monitor, and (by the national director) of a stranger."""
    first = make.incident("monitor")
    person = person_of(first)
    make.load_keys(person)
    draft = make.draft(victims=(Victim(known=person.uid),))
    second = log_incident(make.actor("national"), draft, make.office(make.THERE))
    return first, second


def test_a_contact_keeps_the_number_and_everything_that_makes_it_safe() -> None:
    contact = add(make.incident())
    session().expire_all()
    kept = ContactDraft(
        contact.kind,
        contact.value,
        contact.hours,
        contact.name_to_use,
        contact.code_word,
        contact.who_may_answer,
        contact.never,
        contact.checked_on,
    )
    assert kept == DRAFT


def test_a_contact_lies_sealed_under_the_key_of_its_case() -> None:
    incident = make.incident()
    contact = add(incident)
    assert contact.data_key_id == make.case_of(incident).data_key_id
    sealed = [getattr(contact, f"{column}_sealed") for column in DRAFT.words()]
    assert b"012 000" not in b"".join(sealed)
    assert b"Mango" not in b"".join(sealed)


def test_somebody_who_is_not_in_the_case_gets_no_contact_there() -> None:
    outsider = record_person(make.actor("monitor"), PersonDraft())
    case = make.case_of(make.incident())
    with pytest.raises(NotFound):
        contacts.add_contact(make.actor("monitor"), case, outsider, DRAFT)
    assert session().scalar(select(func.count()).select_from(Contact)) == 0


def test_a_kind_that_no_list_holds_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        add(make.incident(), draft=ContactDraft("pigeon", "Coop 3"))
    assert set(refused.value.reasons) == {"kind"}


def test_contacts_are_seen_only_through_the_case_that_keeps_them() -> None:
    first, second = two_cases_of_one_person()
    here = add(first)
    there = contacts.add_contact(
        make.actor("far_director"), make.case_of(second), person_of(second), DRAFT
    )
    person = person_of(first)
    assert found("monitor", person) == [here.id]
    assert found("far_director", person) == [there.id]
    assert found("national", person) == [there.id, here.id]


def found(login: str, person: Person) -> list[int]:
    """Return which contacts of a person somebody sees, the latest first."""
    return [line.contact.id for line in contacts_of(make.actor(login), person)]


def opens(login: str, contact: Contact) -> bool:
    """Tell whether somebody of the cast can open a contact whose address they know."""
    try:
        return fetch(make.actor(login), Action.CONTACT_READ, Contact, contact.uid) is contact
    except NotFound:
        return False


def test_a_contact_is_missing_for_whoever_may_not_read_its_case() -> None:
    contact = add(make.incident("monitor"))
    readers = {login for login in make.NAMES if opens(login, contact)}
    assert readers == {"monitor", "director", "director2", "national"}


def test_showing_a_number_returns_it_and_stands_on_the_trail_of_its_case() -> None:
    contact = add(make.incident())
    session().info.pop("ring")
    assert contacts.reveal_contact(make.actor("director"), contact) == "012 000 001"
    entry = _last()
    assert (entry.action, entry.outcome) == ("contact.reveal", "done")
    assert (entry.subject_uid, entry.scope_id) == (contact.uid, contact.scope_id)


def test_a_number_is_not_shown_to_who_may_not_read_the_case_and_the_attempt_is_kept() -> None:
    contact = add(make.incident())
    with pytest.raises(NotAllowed):
        contacts.reveal_contact(make.actor("stranger"), contact)
    assert (_last().action, _last().outcome) == ("contact.reveal", "refused")


def test_a_contact_is_changed_from_the_version_that_was_seen() -> None:
    contact = add(make.incident())
    version = contact.version
    contacts.change_contact(make.actor("director"), contact, ContactDraft("phone", "1"), version)
    assert (contact.kind, contact.value, contact.code_word) == ("phone", "1", None)
    with pytest.raises(Stale):
        contacts.change_contact(make.actor("monitor"), contact, DRAFT, version)
    ring().load([contact.data_key_id])
    assert contact.value == "1"


def test_a_contact_of_another_office_is_not_changed() -> None:
    contact = add(make.incident())
    with pytest.raises(NotAllowed):
        contacts.change_contact(make.actor("stranger"), contact, DRAFT, contact.version)


def test_a_new_contact_in_one_case_does_not_show_on_the_person_in_another() -> None:
    first, second = two_cases_of_one_person()
    person = person_of(second)
    version, changed_at = person.version, person.changed_at
    add(first)
    session().expire_all()
    assert (person.version, person.changed_at) == (version, changed_at)


def test_the_trail_of_a_contact_holds_no_readable_number() -> None:
    add(make.incident())
    entry = _last()
    assert (entry.action, entry.subject_type) == ("case.extend", "contact")
    assert b"value_sealed" in entry.payload
    assert b"012 000" not in entry.payload


def _last() -> AuditEntry:
    return session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
