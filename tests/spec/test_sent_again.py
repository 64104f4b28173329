"""The same sending of a form makes one record, whatever it makes; the answer is that record."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.accounts import terms
from hrdtracker.cases import contacts, sharing, work
from hrdtracker.cases.drafts import BlockDraft, FollowUpDraft, MemberDraft, TaskDraft
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.sending import Sending
from hrdtracker.incidents import facts
from hrdtracker.incidents.drafts import InvolvementDraft, SourceDraft, ViolationDraft
from hrdtracker.incidents.model import Incident
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft
from hrdtracker.people.model import Person
from hrdtracker.people.service import record_person
from tests import make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
MONTH = timedelta(days=30)


def _member(incident: Incident, sending: Sending) -> Entity:
    draft = MemberDraft(make.user("stranger").uid, "Helps", clock.now() + MONTH, sending)
    return sharing.add_member(make.actor("director"), make.case_of(incident), draft)


def _block(incident: Incident, sending: Sending) -> Entity:
    draft = BlockDraft(make.user("director2").uid, "A cousin", sending)
    return sharing.block(make.actor("director"), make.case_of(incident), draft)


def _task(incident: Incident, sending: Sending) -> Entity:
    draft = TaskDraft("Call the court", sending=sending)
    return work.add_task(make.actor("monitor"), make.case_of(incident), draft)


def _follow_up(incident: Incident, sending: Sending) -> Entity:
    draft = FollowUpDraft("call", clock.now(), timed=True, sending=sending)
    return work.add_follow_up(make.actor("monitor"), make.case_of(incident), draft)


def _contact(incident: Incident, sending: Sending) -> Entity:
    draft, person = ContactDraft("phone", "012 345 678"), session().scalars(select(Person)).first()
    assert person is not None
    case = make.case_of(incident)
    return contacts.add_contact(make.actor("monitor"), case, person, draft, sending)


def _violation(incident: Incident, sending: Sending) -> Entity:
    draft = ViolationDraft("threat", sending=sending)
    return facts.add_violation(make.actor("monitor"), incident, draft, incident.version)


def _source(incident: Incident, sending: Sending) -> Entity:
    draft = SourceDraft("witness", sending=sending)
    return facts.add_source(make.actor("monitor"), incident, draft, incident.version)


def _involvement(incident: Incident, sending: Sending) -> Entity:
    draft = InvolvementDraft("police", sending=sending)
    return facts.add_involvement(make.actor("monitor"), incident, draft, incident.version)


def _person(_incident: Incident, sending: Sending) -> Entity:
    return record_person(make.actor("monitor"), PersonDraft((NameDraft("Demo C"),)), sending)


def _incident(_incident: Incident, sending: Sending) -> Entity:
    return make.incident(sending=sending)


def _term(_incident: Incident, sending: Sending) -> Entity:
    draft = TermDraft("Land survey", "ការវាស់វែងដី", sending=sending)
    return terms.add_term(make.actor("admin"), make.organisation(), "incident_type", draft)


ADDS: tuple[Callable[[Incident, Sending], Entity], ...] = (
    _member, _block, _task, _follow_up, _contact, _violation, _source, _involvement, _person,
    _incident, _term,
)  # fmt: skip


def test_what_is_sent_twice_is_made_once() -> None:
    incident = make.incident()
    sendings = {add: Sending(uuid4(), "typed") for add in ADDS}
    first = {add: add(incident, sending) for add, sending in sendings.items()}
    again = {add: add(incident, sending) for add, sending in sendings.items()}
    assert [add.__name__ for add in ADDS if first[add] is not again[add]] == []
