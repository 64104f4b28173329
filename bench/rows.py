"""One case of the invented data with all that hangs on it, as the rows that keep it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from bench import mapping
from bench.clock_rows import Said, clock_rows, court_rows, stay_row
from bench.dataset import Actor, Event
from bench.staff import LONG_AGO, Desk
from hrdtracker.access.model import Grant, Scope, Sensitivity
from hrdtracker.cases.model import Case, CaseArea, CaseStatus, FollowUp, Task
from hrdtracker.codelists.files import read_list
from hrdtracker.core.db import Base
from hrdtracker.core.seal import Compartment, DataKey, DataKeyWrap, Keyring
from hrdtracker.core.when.model import Precision, midnight
from hrdtracker.custody.model import Stay
from hrdtracker.incidents.model import (
    Established,
    Finding,
    Incident,
    IncidentStatus,
    IncidentWriter,
    Involvement,
    PlaceKind,
    ReviewKind,
    Source,
    SourceSupport,
    Urgency,
    Violation,
)
from hrdtracker.people.letters import letter
from hrdtracker.people.model import (
    Contact,
    CountingUnit,
    Person,
    PersonCategory,
    PersonName,
    PersonScope,
)
from hrdtracker.proceedings.clocks.model import Clock

ARRESTS = tuple(row.code for row in read_list("incident_type") if "opens" in row.extra)
ZONE = ZoneInfo("Asia/Phnom_Penh")
Row = dict[str, Any]
RESTRICTED_EVERY, SECRET_EVERY, MEMBER_EVERY, CLOSED_EVERY = 50, 200, 97, 3
ORDER: tuple[type[Base], ...] = (
    *(Compartment, DataKey, DataKeyWrap, Scope, Grant, Person, PersonName, PersonCategory),
    *(Case, CaseArea, Task, FollowUp, PersonScope, Contact, Incident, IncidentWriter, Violation),
    *(Stay, Clock, Involvement, Source, SourceSupport),
)
"""The tables, each after those that it points to."""


@dataclass
class Batch:
    """Rows that wait to be written, by table, and the trail's entries about them."""

    rows: dict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    entries: list[Row] = field(default_factory=list)

    def add(self, model: type[Base], **values: Any) -> None:
        """Let a row wait."""
        self.rows[model].append(values)


def at_noon(day: date) -> datetime:
    """Return an instant on a day."""
    return datetime.combine(day, time(12), UTC)


def seal(ring: Keyring, key: int, model: type[Base], uid: UUID, **texts: str | None) -> Row:
    """Return texts as their sealed columns hold them."""
    return {
        f"{name}_sealed": None
        if text is None
        else ring.seal(key, f"{model.__tablename__}\0{name}_sealed\0{uid.hex}".encode(), text)
        for name, text in texts.items()
    }


def wrap(batch: Batch, ring: Keyring, key: int, compartment: Compartment) -> None:
    """Let a compartment unwrap a key."""
    made = ring.wrap(key, compartment)
    batch.add(
        DataKeyWrap,
        data_key_id=key,
        compartment_id=compartment.id,
        kek_version=made.kek_version,
        wrapped=made.wrapped,
    )


def add_person(batch: Batch, ring: Keyring, organisation: int, actor: Actor, by: int) -> int:
    """Add the rows of a person and return the number of the key that seals them."""
    key, uid, name_uid = ring.create().id, uuid4(), uuid4()
    recorded = at_noon(actor.day)
    batch.add(DataKey, id=key)
    batch.add(
        Person,
        id=actor.id,
        uid=uid,
        organisation_id=organisation,
        data_key_id=key,
        unit=CountingUnit.PERSON,
        sex=mapping.SEX[actor.sex],
        age=mapping.MINOR if actor.age == "Minor" else mapping.ADULT,
        age_on=actor.day,
        recorded_by_id=by,
        recorded_at=recorded,
        changed_at=recorded,
        version=1,
        head_count_about=False,
        family_count_about=False,
        **seal(ring, key, Person, uid, remarks=f"{actor.comments}. {actor.bio}"),
    )
    batch.add(
        PersonName,
        uid=name_uid,
        person_id=actor.id,
        data_key_id=key,
        kind="as_told",
        position=0,
        **seal(ring, key, PersonName, name_uid, name=actor.name),
    )
    batch.add(PersonCategory, person_id=actor.id, category=mapping.CATEGORIES[actor.occupation])
    return key


class CaseRows:
    """Writes the rows of one case into a batch."""

    def __init__(self, batch: Batch, ring: Keyring, desk: Desk, number: int) -> None:
        self.batch, self.ring, self.desk, self.number = batch, ring, desk, number
        self.key = ring.create().id
        self.owner = desk.monitors[number // len(desk.monitors) % len(desk.monitors)]
        self.named: dict[int, str] = {}
        self.compartment, self.sensitivity = desk.compartment, Sensitivity.NORMAL

    def add(self, events: Sequence[Event], label: int) -> None:
        """Add the case, and then its incidents."""
        first = events[0]
        self._add_scope()
        self._add_case(first)
        for code in {mapping.area(label), mapping.area(first.labels[0])}:
            self.batch.add(CaseArea, case_id=self.number, area=code)
        for event in events:
            self._name(event)
            self._add_incident(event)
        self._add_work(first)

    def common(self) -> Row:
        """Return what every row has that hangs on the case."""
        return {"uid": uuid4(), "scope_id": self.number, "data_key_id": self.key}

    def sealed(self, model: type[Base], row: Row, **texts: str | None) -> Row:
        """Return a row with texts under the key of the case."""
        return {**row, **seal(self.ring, self.key, model, row["uid"], **texts)}

    def _add_scope(self) -> None:
        if self.number % SECRET_EVERY == 0:
            self.sensitivity = Sensitivity.SECRET
            self.compartment = Compartment()
            self.compartment.id = 1000 + self.number
            self.batch.add(Compartment, id=self.compartment.id, uid=self.compartment.uid)
        elif self.number % RESTRICTED_EVERY == 0:
            self.sensitivity = Sensitivity.RESTRICTED
        self.batch.add(DataKey, id=self.key)
        wrap(self.batch, self.ring, self.key, self.compartment)
        self.batch.add(
            Scope,
            id=self.number,
            uid=uuid4(),
            organisation_id=self.desk.office.organisation_id,
            office_id=self.desk.office.id,
            owner_id=self.owner,
            sensitivity=self.sensitivity,
            decider_id=None if self.sensitivity == Sensitivity.NORMAL else self.desk.director,
            compartment_id=self.compartment.id,
            begun_at=LONG_AGO,
        )
        if self.number % MEMBER_EVERY == 0:
            row = self.common()
            self.batch.add(
                Grant,
                **self.sealed(Grant, row, reason="Knows the family."),
                user_id=self.desk.monitors[0],
                granted_by_id=self.desk.director,
                starts_at=LONG_AGO,
                ends_at=None,
            )

    def _add_case(self, first: Event) -> None:
        earliest, latest = _ends(first)
        recorded = at_noon(first.documented)
        closed = self.number % CLOSED_EVERY == 0
        self.batch.add(
            Case,
            **self.sealed(Case, self.common(), title=first.title),
            id=self.number,
            organisation_id=self.desk.office.organisation_id,
            code=f"{self.desk.office.code}-{first.documented.year}-{self.number:06}",
            status=CaseStatus.CLOSED if closed else CaseStatus.OPEN,
            opened_at=recorded,
            closed_at=recorded + timedelta(days=90) if closed else None,
            outcome="resolved" if closed else None,
            lead_type=mapping.kind(first.type),
            lead_province=mapping.place(first.locations[0])[0],
            lead_at=earliest,
            lead_latest=latest,
            lead_precision=Precision.DAY,
            changed_at=recorded,
            version=1,
        )

    def _name(self, event: Event) -> None:
        for person, _ in event.actors:
            if person not in self.named:
                self.named[person] = letter(len(self.named))
                self.batch.add(
                    PersonScope,
                    person_id=person,
                    scope_id=self.number,
                    letter=self.named[person],
                )

    def _add_incident(self, event: Event) -> None:
        earliest, latest = _ends(event)
        recorded, status = at_noon(event.documented), mapping.status(event)
        province, district, commune = mapping.place(event.locations[0])
        reviewed = status == IncidentStatus.REVIEWED
        urgent = "urgent" in event.tags
        row = self.common()
        self.batch.add(
            Incident,
            **self.sealed(
                Incident,
                row,
                narrative=event.text,
                link=event.link,
                place=event.title,
                tie=event.comments,
                occurred_as_told=event.first_day.isoformat(),
                returned_reason=event.comments if status == IncidentStatus.RETURNED else None,
            ),
            id=event.id,
            case_id=self.number,
            type=mapping.kind(event.type),
            status=status,
            urgency=Urgency.URGENT if urgent else Urgency.NORMAL,
            urgency_rank=int(urgent),
            occurred_earliest=earliest,
            occurred_latest=latest,
            occurred_precision=Precision.DAY,
            occurred_zone=ZONE.key,
            occurred_sort=earliest,
            place_kind=PlaceKind.CAMBODIA,
            province=province,
            district=district,
            commune=commune,
            language="en",
            recorded_by_id=self.owner,
            recorded_at=recorded,
            submitted_at=None if status == IncidentStatus.DRAFT else recorded,
            reviewed_at=recorded + timedelta(days=7) if reviewed else None,
            reviewed_by_id=self.desk.director if reviewed else None,
            review_kind=ReviewKind.EACH if reviewed else None,
            changed_at=recorded,
            version=1,
        )
        self.batch.add(IncidentWriter, incident_id=event.id, user_id=self.owner)
        for position, (person, _) in enumerate(event.actors):
            self._add_violation(event, event.id * 2 + position, person, reviewed=reviewed)
        self._add_what_is_known(event)
        self.sign("incident.log", self.owner, recorded, "incident", row["uid"])

    def _add_violation(self, event: Event, number: int, person: int, *, reviewed: bool) -> None:
        self.batch.add(
            Violation,
            **self.common(),
            id=number,
            incident_id=event.id,
            type=mapping.kind(event.type),
            victim_id=person,
            established=Established.CORROBORATED if reviewed else None,
            independent_sources=1 if reviewed else None,
            finding=Finding.YES if reviewed else None,
            right=mapping.pick("right", event.type) if reviewed else None,
            assessed_by_id=self.desk.director if reviewed else None,
            assessed_at=at_noon(event.documented) if reviewed else None,
        )
        if mapping.kind(event.type) in ARRESTS:
            self._add_stay(event, number, person)

    def _add_stay(self, event: Event, number: int, person: int) -> None:
        recorded = at_noon(event.documented)
        is_draft = mapping.status(event) == IncidentStatus.DRAFT
        stay = stay_row(_ends(event)[0], recorded, person, self.owner, is_draft=is_draft)
        self.batch.add(Stay, **self.common(), **stay, id=number, violation_id=number)
        if not is_draft:
            for row in clock_rows(recorded, self.number, person, number):
                self.batch.add(Clock, **row)
            said = Said(self.owner, recorded)
            for model, row in court_rows(
                number, self.common, self.desk.office.organisation_id, person, said
            ):
                self.batch.add(model, **row)

    def _add_what_is_known(self, event: Event) -> None:
        """Add who is alleged to have done it, and the source."""
        self.batch.add(
            Involvement,
            **self.sealed(Involvement, self.common(), words=event.comments),
            incident_id=event.id,
            perpetrator_type=mapping.pick("perpetrator_type", event.type),
            degree="suspected",
            certainty="possible",
        )
        self.batch.add(
            Source,
            **self.sealed(Source, self.common(), identity=f"Source {event.source}"),
            id=event.id,
            incident_id=event.id,
            letter="A",
            connection=mapping.pick("source_connection", event.source),
            reliability="likely_reliable",
            recorded_by_id=self.owner,
            recorded_at=at_noon(event.documented),
        )
        for position in range(len(event.actors)):
            self.batch.add(SourceSupport, source_id=event.id, violation_id=event.id * 2 + position)

    def _add_work(self, first: Event) -> None:
        """Add a task, a follow-up and a way to reach the first person."""
        recorded = at_noon(first.documented)
        self.batch.add(
            Task,
            **self.sealed(Task, self.common(), what=first.title),
            due_on=first.documented + timedelta(days=30),
            assigned_to_id=self.owner,
            set_by_id=self.desk.director,
            set_at=recorded,
            done_at=recorded,
            done_by_id=self.owner,
        )
        self.batch.add(
            FollowUp,
            **self.sealed(FollowUp, self.common(), note=first.comments),
            kind="call",
            at=recorded,
            timed=True,
            recorded_by_id=self.owner,
            recorded_at=recorded,
        )
        self.batch.add(
            Contact,
            **self.sealed(
                Contact, self.common(), value="+855 00 000 000", never="Never call at night."
            ),
            person_id=first.actors[0][0],
            kind="phone",
            recorded_by_id=self.owner,
            recorded_at=recorded,
            version=1,
        )

    def sign(self, action: str, by: int, at: datetime, kind: str, uid: UUID) -> None:
        """Let the trail tell of an act."""
        self.batch.entries.append(
            {
                "at": at,
                "actor_uid": UUID(int=by),
                "organisation_id": self.desk.office.organisation_id,
                "channel": "import",
                "action": action,
                "outcome": "done",
                "subject_type": kind,
                "subject_uid": uid,
                "scope_id": self.number,
                "sensitivity": self.sensitivity,
                "payload": b"",
            }
        )


def _ends(event: Event) -> tuple[datetime, datetime]:
    return (
        midnight(event.first_day, ZONE),
        midnight(event.last_day + timedelta(days=1), ZONE),
    )
