"""A code that no list holds is refused beside its field, whoever writes it and wherever."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.cases import contacts, service, work
from hrdtracker.cases.drafts import CaseDraft, ClosingDraft, FollowUpDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.incidents import batch, decisions, facts
from hrdtracker.incidents import service as incidents
from hrdtracker.incidents.drafts import (
    Assessment,
    IncidentDraft,
    InvolvementDraft,
    SourceDraft,
    VictimUpdate,
    ViolationDraft,
)
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people import service as people
from hrdtracker.people.drafts import ContactDraft, NameDraft, PersonDraft
from hrdtracker.people.model import Contact, Person
from tests import make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
NONE = "no such code"
AREAS = {f"areas.{NONE}"}
PHONE = ContactDraft("phone", "012 345 678")
OF_PERSON = PersonDraft(
    (NameDraft("Demo A", NONE),), categories=frozenset({NONE}), interpreter_language=NONE
)


def _victim(incident: Incident) -> Person:
    uids = [row.victim_id for row in incidents.violations_of(incident).values()]
    return session().get_one(Person, uids[0])


def _edit_case(incident: Incident) -> None:
    case = make.case_of(incident)
    draft = CaseDraft(areas=frozenset({NONE}))
    service.edit_case(make.actor("director"), case, draft, case.version)


def _close(incident: Incident, outcome: str, area: str) -> None:
    case, draft = make.case_of(incident), ClosingDraft(outcome, "It ended.", frozenset({area}))
    service.close_case(make.actor("director"), case, draft, case.version)


def _follow_up(incident: Incident) -> None:
    draft = FollowUpDraft(NONE, clock.now() + timedelta(days=1), timed=True)
    work.add_follow_up(make.actor("monitor"), make.case_of(incident), draft)


def _contact(incident: Incident, kind: str = NONE) -> Contact:
    draft, case = ContactDraft(kind, "012 345 678"), make.case_of(incident)
    return contacts.add_contact(make.actor("monitor"), case, _victim(incident), draft)


def _change_contact(incident: Incident) -> None:
    contact = _contact(incident, "phone")
    draft = ContactDraft(NONE, "012 345 678")
    contacts.change_contact(make.actor("monitor"), contact, draft, contact.version)


def _edit_incident(incident: Incident) -> None:
    draft = make.draft(type=NONE, victims=())
    incidents.edit_incident(make.actor("monitor"), incident, draft, incident.version)


def _renew(incident: Incident) -> None:
    batch.renew(make.actor("monitor"), incident, make.draft(type=NONE, victims=()), "")


def _import(draft: IncidentDraft, **known: Any) -> None:
    told = WholeIncident(draft, Origin("a list", "1", "1"), **known)
    batch.log_together(make.actor("monitor"), [told])


def _assess(incident: Incident) -> None:
    uids = tuple(incidents.violations_of(incident))
    half_made = Assessment(uids, None, None, None, NONE, final=False)
    director, version = make.actor("director"), incident.version
    decisions.return_incident(director, incident, "When was it?", version, [half_made])


def _violation(incident: Incident) -> None:
    draft = ViolationDraft(NONE)
    facts.add_violation(make.actor("monitor"), incident, draft, incident.version)


def _update(incident: Incident) -> None:
    update = VictimUpdate(tuple(incidents.violations_of(incident)), NONE)
    facts.update_victims(make.actor("monitor"), incident, update, incident.version)


def _source(incident: Incident) -> None:
    draft = SourceDraft(NONE, NONE, NONE)
    facts.add_source(make.actor("monitor"), incident, draft, incident.version)


def _involvement(incident: Incident) -> None:
    draft = InvolvementDraft(NONE, None, NONE, NONE)
    facts.add_involvement(make.actor("monitor"), incident, draft, incident.version)


def _edit_person(incident: Incident) -> None:
    person = _victim(incident)
    people.edit_person(make.actor("monitor"), person, OF_PERSON, person.version)


SAID_OF_PERSON = {f"names.{NONE}", f"categories.{NONE}", "interpreter_language"}
ACTS: dict[Callable[[Incident], object], set[str]] = {
    _edit_case: AREAS,
    (lambda incident: _close(incident, NONE, "judiciary")): {"outcome"},
    (lambda incident: _close(incident, "released", NONE)): AREAS,
    _follow_up: {"kind"},
    _contact: {"kind"},
    _change_contact: {"kind"},
    (lambda _: make.incident(type=NONE, connection=NONE)): {"type", "connection"},
    _edit_incident: {"type"},
    _renew: {"type"},
    (lambda _: _import(make.draft(type=NONE))): {"type"},
    (lambda _: _import(make.draft(), more_types=(NONE,), status_at_end=NONE)): {
        "status.0",
        "type.1",
    },
    _assess: {"right"},
    _violation: {"type"},
    _update: {"status"},
    _source: {"connection", "reliability", "material"},
    _involvement: {"perpetrator_type", "degree", "certainty"},
    (lambda _: people.record_person(make.actor("monitor"), OF_PERSON)): SAID_OF_PERSON,
    _edit_person: SAID_OF_PERSON,
}


def test_a_code_that_no_list_holds_is_refused_beside_its_field() -> None:
    incident = make.incident()
    assert {act: make.refused(partial(act, incident)) for act in ACTS} == ACTS
    assert session().scalars(select(Incident.type)).all() == ["arrest"]
