"""How each draft of the work is written: an act that does it, and another value for each field."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hrdtracker.access.model import FactorsFor, Office
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import staff, terms
from hrdtracker.accounts.drafts import OfficeDraft, ReadingLimits, SettingsDraft, UserDraft
from hrdtracker.cases import contacts, service, sharing, work
from hrdtracker.cases.drafts import (
    BlockDraft,
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    MemberDraft,
    TaskDraft,
)
from hrdtracker.cases.model import Case
from hrdtracker.codelists.drafts import TermDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.when.model import When
from hrdtracker.custody import bail as custody_bail
from hrdtracker.custody import steps as custody_steps
from hrdtracker.custody.drafts import AddedPerson, BailDraft, StepsDraft
from hrdtracker.custody.model import CustodyEvent, CustodyStep
from hrdtracker.custody.people import people_in
from hrdtracker.incidents import decisions, facts
from hrdtracker.incidents import service as incidents
from hrdtracker.incidents.drafts import (
    Assessment,
    Custody,
    InvolvementDraft,
    Location,
    SourceDraft,
    VictimUpdate,
    ViolationDraft,
)
from hrdtracker.incidents.model import Established, Finding, Incident, PlaceKind, Urgency, Violation
from hrdtracker.people import age_statements
from hrdtracker.people import service as people
from hrdtracker.people.ages import AgeDraft, SaidAge
from hrdtracker.people.drafts import Birth, ContactDraft, NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.at_once import service as at_once
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.written import Act

LAND, COURTS = frozenset({"land_and_natural_resources"}), frozenset({"judiciary"})
DEFENDER = frozenset({"lawyer"})
NEXT_MONTH = clock.now() + timedelta(days=30)
TOMORROW = clock.now() + timedelta(days=1)
LATER = When.day(date(2026, 11, 17), make.ZONE, "17 November")
TODAY = When.day(date(2026, 12, 1), make.ZONE, "1 December")


def _case() -> Case:
    return make.case_of(make.incident())


def _victim(incident: Incident) -> Person:
    query = select(Violation.victim_id).where(Violation.incident_id == incident.id)
    return session().get_one(Person, session().scalars(query).first())


def _contact() -> Any:
    incident = make.incident()
    case = make.case_of(incident)
    return contacts.add_contact(
        make.actor("monitor"), case, _victim(incident), ContactDraft("phone", "012")
    )


def _stays(incident: Incident) -> tuple[UUID, ...]:
    return tuple(row.uid for row in people_in(incident.scope_id))


def _on_bail(incident: Incident) -> tuple[Case, UUID]:
    """Return a case and where somebody of it was until they were released on bail."""
    case, stays = make.case_of(incident), _stays(incident)[:1]
    draft = ManyDraft(
        kind=CustodyEvent.ENDED, happened=TODAY, stays=stays, end_kind="released_on_bail"
    )
    at_once.record(make.actor("monitor"), case, draft)
    return case, stays[0]


def _violations(incident: Incident) -> tuple[Any, ...]:
    return tuple(incidents.violations_of(incident))


def _two() -> Incident:
    """Return an incident with two victims."""
    described = [PersonDraft((NameDraft(name),)) for name in ("Demo A", "Demo B")]
    return make.incident(victims=tuple(Victim(described=each) for each in described))


def _two_and_a_group() -> Incident:
    """Return an incident with two victims, and a group of about forty."""
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40)
    described = [*(PersonDraft((NameDraft(name),)) for name in ("Demo A", "Demo B")), group]
    return make.incident(victims=tuple(Victim(described=each) for each in described))


def _person(draft: PersonDraft | None = None) -> Person:
    return people.record_person(make.actor("monitor"), draft or ONE)


def _edit_incident(incident: Incident, draft: Any) -> None:
    incidents.edit_incident(make.actor("monitor"), incident, draft, incident.version)


ONE = PersonDraft((NameDraft("Demo A"),), age=34, age_on=make.DAY)
OF_PERSON = {
    "names": (NameDraft("Demo B"),),
    "sex": Sex.FEMALE,
    "age": 35,
    "age_on": date(2026, 1, 2),
    "birth": Birth(1990),
    "categories": DEFENDER,
    "interpreter_language": "cmo",
    "remarks": "Speaks softly.",
}
GROUP = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=20)
OF_GROUP = {
    "unit": CountingUnit.FAMILY,
    "head_count": 21,
    "head_count_about": True,
    "family_count": 5,
    "family_count_about": True,
}
REACHED = {
    "kind": "signal", "value": "013", "hours": "Evenings", "name_to_use": "Aunt",
    "code_word": "Rain", "who_may_answer": "Sister", "never": "At work",
    "checked_on": make.DAY,
}  # fmt: skip
OF_PLACE = {
    "kind": PlaceKind.UNKNOWN, "province": "08", "words": "Market", "village": "Village 3",
    "district": "1201", "country": "th", "platform": "facebook", "account": "demo",
    "link": "https://example.org/1",
}  # fmt: skip
OF_INCIDENT = {
    "type": "threat", "occurred": LATER, "narrative": "Three trucks.", "language": "km",
    "tie": "A strike.", "urgency": Urgency.URGENT,
    "place": Location(PlaceKind.ONLINE), "victims": (Victim(described=ONE), Victim(described=ONE)),
    "custody": Custody(lawyer_contacted="yes"),
}  # fmt: skip
LOGGED = {"connection": "victim", "areas": LAND, "send": False}

ACTS = [
    Act("a person", lambda: None, lambda _, draft: _person(draft), lambda _: ONE,
        lambda _: OF_PERSON),
    Act("a group", lambda: None, lambda _, draft: _person(draft), lambda _: GROUP,
        lambda _: OF_GROUP),
    Act("a person anew", _person,
        lambda person, draft: people.edit_person(
            make.actor("monitor"), person, draft, person.version),
        lambda _: ONE, lambda _: OF_PERSON),
    Act("a group anew", lambda: _person(GROUP),
        lambda person, draft: people.edit_person(
            make.actor("monitor"), person, draft, person.version),
        lambda _: GROUP, lambda _: OF_GROUP),
    Act("what is said of an age", _person,
        lambda person, draft: age_statements.add_statement(
            make.actor("monitor"), person, draft),
        lambda _: AgeDraft(SaidAge(None, 15, 17, make.DAY), "family"),
        lambda _: {"said": SaidAge(Birth(2009)), "known_by": "police", "note": "An aunt."}),
    Act("a name", lambda: None, lambda _, name: _person(PersonDraft((name,))),
        lambda _: NameDraft("Demo A"), lambda _: {"name": "Demo B", "kind": "nickname"}),
    Act("a birth", lambda: None, lambda _, birth: _person(PersonDraft(birth=birth)),
        lambda _: Birth(1990, 3, 12), lambda _: {"year": 1991, "month": 4, "day": 13}),
    Act("a victim", _person, lambda _, victim: make.incident(victims=(victim,)),
        lambda _: Victim(), lambda person: {"known": person.uid, "described": ONE}),
    Act("a contact", make.incident,
        lambda incident, draft: contacts.add_contact(
            make.actor("monitor"), make.case_of(incident), _victim(incident), draft),
        lambda _: ContactDraft("phone", "012"), lambda _: REACHED),
    Act("a contact anew", _contact,
        lambda contact, draft: contacts.change_contact(
            make.actor("monitor"), contact, draft, contact.version),
        lambda _: ContactDraft("phone", "012"), lambda _: REACHED),
    Act("an incident", lambda: None,
        lambda _, draft: incidents.log_incident(make.actor("monitor"), draft),
        lambda _: make.draft(), lambda _: OF_INCIDENT | LOGGED),
    Act("an incident anew", make.incident, _edit_incident, lambda _: make.draft(victims=()),
        lambda _: {k: v for k, v in OF_INCIDENT.items() if k != "victims"}
        | {"victims": (Victim(described=ONE),)}),
    Act("a place", lambda: None, lambda _, place: make.incident(place=place),
        lambda _: Location(PlaceKind.CAMBODIA, "12"), lambda _: OF_PLACE),
    Act("a commune", make.incident,
        lambda incident, place: _edit_incident(incident, make.draft(place=place)),
        lambda _: Location(PlaceKind.CAMBODIA, "12", "1201"), lambda _: {"commune": "120101"}),
    Act("custody", lambda: None, lambda _, custody: make.incident(custody=custody),
        lambda _: Custody(),
        lambda _: {"arrived": LATER, "place_held": "Station", "lawyer_contacted": "yes"}),
    Act("an assessment", _two,
        lambda incident, draft: decisions.review_incident(
            make.actor("director"), incident, [draft], incident.version),
        lambda incident: Assessment(_violations(incident)[:1], Established.CORROBORATED, 2,
                                    Finding.YES, "liberty_and_security"),
        lambda incident: {
            "violations": _violations(incident), "established": Established.VERIFIED,
            "independent_sources": 3, "finding": Finding.UNDETERMINED, "right": "life",
        }),
    Act("what happened since", _two,
        lambda incident, draft: facts.update_victims(
            make.actor("monitor"), incident, draft, incident.version),
        lambda incident: VictimUpdate(_violations(incident)[:1], "held"),
        lambda incident: {
            "violations": _violations(incident), "status_at_end": "released", "arrived": LATER,
            "place_held": "Station",
        }),
    Act("one more violation", make.incident,
        lambda incident, draft: facts.add_violation(
            make.actor("monitor"), incident, draft, incident.version),
        lambda _: ViolationDraft("threat"),
        lambda _: {"type": "arrest", "victims": (Victim(described=ONE),)}),
    Act("what happened to many", _two,
        lambda incident, draft: at_once.record(
            make.actor("monitor"), make.case_of(incident), draft),
        lambda incident: ManyDraft(
            CustodyEvent.ENDED, TODAY, _stays(incident)[:1], end_kind="released"),
        lambda incident: {
            "happened": LATER, "stays": _stays(incident), "end_kind": "released_on_bail",
            "place_held": "Station", "prison": "cc1", "known_by": "lawyer",
            "added": (AddedPerson(Victim(described=ONE)),),
        }),
    Act("somebody added to many", _two_and_a_group,
        lambda incident, draft: at_once.record(
            make.actor("monitor"), make.case_of(incident),
            ManyDraft(
                CustodyEvent.ENDED, TODAY, _stays(incident)[:1], end_kind="released",
                added=(draft,))),
        lambda _: AddedPerson(Victim(described=ONE)),
        lambda incident: {
            "who": Victim(described=PersonDraft((NameDraft("Demo C"),))),
            "group": _stays(incident)[-1],
        }),
    Act("what was done for them", _two,
        lambda incident, draft: custody_steps.record_steps(
            make.actor("monitor"), make.case_of(incident), draft),
        lambda incident: StepsDraft(
            _stays(incident)[:1], {CustodyStep.LAWYER_SEEN: TODAY}),
        lambda incident: {
            "stays": _stays(incident), "known_by": "lawyer",
            "steps": {CustodyStep.MEDICAL_VISIT: TODAY},
        }),
    Act("the terms of bail", lambda: _on_bail(_two()),
        lambda had, draft: custody_bail.record_bail(
            make.actor("monitor"), had[0], had[1], draft, 0),
        lambda _: BailDraft(Money(500, "USD"), conditions="Home"),
        lambda _: {
            "bail": Money(700, "USD"), "paid_by": "family", "conditions": "Reports",
            "known_by": "lawyer",
        }),
    Act("a source", _two,
        lambda incident, draft: facts.add_source(
            make.actor("monitor"), incident, draft, incident.version),
        lambda _: SourceDraft("witness"),
        lambda incident: {
            "connection": "victim", "reliability": "unsure", "material": "letter",
            "identity": "Aunt", "remarks": "By phone.", "supports": _violations(incident)[:1],
            "readers": (make.user("colleague").uid,),
        }),
    Act("an involvement", make.incident,
        lambda incident, draft: facts.add_involvement(
            make.actor("monitor"), incident, draft, incident.version),
        lambda _: InvolvementDraft("police"),
        lambda incident: {
            "perpetrator_type": "company", "words": "Unit 4", "degree": "ordered",
            "certainty": "likely", "violation": _violations(incident)[0],
            "alleged_perpetrator": _person().uid,
        }),
    Act("a case anew", _case,
        lambda case, draft: service.edit_case(make.actor("monitor"), case, draft, case.version),
        lambda _: CaseDraft(),
        lambda _: {"title": "Strike", "areas": LAND, "next_look_on": date(2027, 2, 1)}),
    Act("the end of a case", _case,
        lambda case, draft: service.close_case(make.actor("director"), case, draft, case.version),
        lambda _: ClosingDraft("released", "All were.", LAND),
        lambda _: {"outcome": "settled", "reason": "They agreed.", "areas": COURTS}),
    Act("a member", _case,
        lambda case, draft: sharing.add_member(make.actor("director"), case, draft),
        lambda _: MemberDraft(make.user("colleague").uid, "Why", NEXT_MONTH),
        lambda _: {"user": make.user("stranger").uid, "reason": "Because",
                   "ends_at": NEXT_MONTH + timedelta(days=1)}),
    Act("a block", _case,
        lambda case, draft: sharing.block(make.actor("director"), case, draft),
        lambda _: BlockDraft(make.user("colleague").uid, "Why", ends_at=NEXT_MONTH),
        lambda _: {"user": make.user("stranger").uid, "reason": "Because",
                   "ends_at": NEXT_MONTH + timedelta(days=1), "held_back": True}),
    Act("a task", _case, lambda case, draft: work.add_task(make.actor("monitor"), case, draft),
        lambda _: TaskDraft("Call"),
        lambda _: {"what": "Write", "due_on": date(2027, 2, 1),
                   "assignee": make.user("director").uid}),
    Act("a follow-up", _case,
        lambda case, draft: work.add_follow_up(make.actor("monitor"), case, draft),
        lambda _: FollowUpDraft("call", NEXT_MONTH, timed=True),
        lambda _: {"kind": "visit", "at": NEXT_MONTH + timedelta(days=1), "timed": False,
                   "note": "At the gate."}),
    Act("a user", lambda: uuid4().hex[:8],
        lambda _, draft: staff.invite(make.actor("admin"), make.organisation(), draft),
        lambda login: UserDraft(f"u{login}", "Label"),
        lambda _: {"label": "Other label"}),
    Act("an office anew", lambda: session().scalars(select(Office)).first(),
        lambda office, draft: organisations.change_office(make.actor("admin"), office, draft),
        lambda office: OfficeDraft(office.code, office.name_en, office.name_km),
        lambda _: {"name_en": "Other", "name_km": "ផ្សេង", "open_to_monitors": True,
                   "keeps_typing": False}),
    Act("the settings", make.organisation,
        lambda made, draft: organisations.change_settings(make.actor("admin"), made, draft),
        lambda made: SettingsDraft(made.name, made.product, made.language, made.zone,
                                   FactorsFor(made.factors_for), made.factors_by,
                                   made.due_mail_hours),
        lambda _: {"name": "Other", "product": "Notes", "language": "km", "zone": "Asia/Tokyo",
                   "factors_for": FactorsFor.EVERYBODY, "factors_by": TOMORROW,
                   "due_mail_hours": 48}),
    Act("the limits of reading", make.organisation,
        lambda made, draft: organisations.change_limits(make.actor("admin"), made, draft),
        lambda _: ReadingLimits(*range(100, 107)),
        lambda _: {field.name: 4711 for field in fields(ReadingLimits)}),
    Act("a term", lambda: uuid4().hex[:8],
        lambda _, draft: terms.add_term(
            make.actor("admin"), make.organisation(), "commune", draft),
        lambda word: TermDraft(f"Land {word}", f"ដី {word}", "0102"),
        lambda _: {"parent": "0103"}),
]  # fmt: skip
