"""Invented people and what was done to them: as many, and as unevenly, as an organisation keeps.

Every run invents the same ones. Each became a news item; some stand in a second case that is
secret, and some were paid by the fund.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.files import read_list
from hrdtracker.core import clock
from hrdtracker.core.db import Base, session
from hrdtracker.core.seal import Compartment, ring
from hrdtracker.core.when.model import When, sort_at
from hrdtracker.custody.model import Stay
from hrdtracker.custody.told import HELD
from hrdtracker.fund.model import RequestPerson, RequestRole, SupportRequest
from hrdtracker.incidents.custody import arrest_codes
from hrdtracker.incidents.model import Incident, PlaceKind, Violation
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import Person, PersonCategory, PersonScope
from hrdtracker.proceedings.clocks.recount import count_anew
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    ChargeStep,
    Hearing,
    HearingStatus,
    Judgment,
    Party,
    PartyRole,
    Proceeding,
    ProceedingScope,
)
from tests import make

PEOPLE, YEARS = 300, 3
SECRET_EVERY, PAID_EVERY = 8, 6
BEGIN = datetime(2023, 11, 1, tzinfo=UTC)
HELD_FOR = timedelta(days=90)
SEXES = (Sex.MALE, Sex.MALE, Sex.MALE, Sex.FEMALE, Sex.FEMALE)
LANGUAGES = (*(None,) * 19, "cmo")


@dataclass(frozen=True)
class NewsItem:
    """What a news item, or somebody who was there, says of one person and what was done to them."""

    person: int
    what: str
    at: datetime
    commune: str
    sex: str
    age: int
    category: str
    speaks: str | None = None

    @property
    def is_held_still(self) -> bool:
        """Whether whoever was arrested is held when the disk is taken: only who was lately."""
        return self.at > BEGIN + timedelta(days=YEARS * 365) - HELD_FOR

    @property
    def charged_at(self) -> datetime:
        """When whoever was arrested was charged: two days after."""
        return self.at + timedelta(days=2)

    @property
    def judged_at(self) -> datetime:
        """When a court decided: some months after, on a day that differs from case to case."""
        return self.at + timedelta(days=90 + self.person * 37 % 120)

    @property
    def months(self) -> int:
        """To how long they were sentenced."""
        return 6 + self.person * 7 % 19

    @property
    def article(self) -> str:
        """As what they were charged."""
        return ("kh_cc_495", "kh_cc_411", "kh_cc_217", "kh_cc_423")[self.person % 4]


@dataclass(frozen=True)
class _Records:
    """The rows of one person, of their case, and of what belongs to it."""

    person: Person
    scope: Scope
    case: Case
    item: NewsItem


def _keys(count: int) -> list[int]:
    keys = [ring().create() for _ in range(count)]
    add_many(keys)
    return [key.id for key in keys]


class Population:
    """Writes the invented people into the database; `items` are what the news said of them."""

    def __init__(self) -> None:
        self._chance = random.Random(20261129)
        self._monitor, self._director = make.user("monitor"), make.user("director")
        self._office = make.office(make.HERE)
        self._communes = [row.code for row in read_list("commune")]
        self._chance.shuffle(self._communes)
        self._types = [row.code for row in read_list("incident_type")]
        self._categories = [row.code for row in read_list("defender_category")]
        self.items: list[NewsItem] = []

    def write(self) -> None:
        """Write everybody, each with a case, an incident and a violation."""
        with authorised(operator(make.organisation().id), Action.ORGANISATION_SET_UP, on=None):
            people = [self._person(key) for key in _keys(PEOPLE)]
            add_many(people)
            self.items = [self._item(person) for person in people]
            add_many(
                PersonCategory(person_id=item.person, category=item.category) for item in self.items
            )
            first = list(zip(people, self.items, strict=True))
            self._cases(first, Sensitivity.NORMAL)
            self._cases(first[::SECRET_EVERY], Sensitivity.SECRET)

    def _person(self, key: int) -> Person:
        age = min(90, max(15, round(self._chance.gauss(38, 12))))
        return Person(
            organisation_id=self._office.organisation_id,
            data_key_id=key,
            sex=self._chance.choice(SEXES),
            age=age,
            age_on=self._day().date(),
            interpreter_language=self._chance.choice(LANGUAGES),
            recorded_by_id=self._monitor.id,
            recorded_at=BEGIN,
            changed_at=BEGIN,
        )

    def _day(self) -> datetime:
        return BEGIN + timedelta(minutes=self._chance.randrange(YEARS * 365 * 24 * 60))

    def _item(self, person: Person) -> NewsItem:
        return NewsItem(
            person.id,
            self._unevenly(self._types),
            self._day(),
            self._unevenly(self._communes),
            str(person.sex),
            person.age or 0,
            self._unevenly(self._categories),
            person.interpreter_language,
        )

    def _unevenly(self, codes: Sequence[str]) -> str:
        """Return one code; the second is half as frequent as the first, and so on."""
        weights = list(accumulate(1 / (place + 1) for place in range(len(codes))))
        return self._chance.choices(codes, cum_weights=weights)[0]

    def _cases(self, people: Sequence[tuple[Person, NewsItem]], sensitivity: Sensitivity) -> None:
        """Open a case about each; the secret ones tell of something else than the news."""
        compartments = [Compartment() for _ in people]
        add_many(compartments)
        scopes = [self._scope(sensitivity, compartment) for compartment in compartments]
        add_many(scopes)
        told = [
            item if sensitivity == Sensitivity.NORMAL else self._item(person)
            for person, item in people
        ]
        cases = [
            self._case(scope, item, key)
            for scope, item, key in zip(scopes, told, _keys(len(told)), strict=True)
        ]
        add_many(cases)
        records = [
            _Records(person, scope, case, item)
            for (person, _), scope, case, item in zip(people, scopes, cases, told, strict=True)
        ]
        self._contents(records)
        if sensitivity == Sensitivity.NORMAL:
            self._paid(records[::PAID_EVERY])

    def _scope(self, sensitivity: Sensitivity, compartment: Compartment) -> Scope:
        return Scope(
            organisation_id=self._office.organisation_id,
            office_id=self._office.id,
            owner_id=self._monitor.id,
            sensitivity=sensitivity,
            decider_id=None if sensitivity == Sensitivity.NORMAL else self._director.id,
            compartment_id=compartment.id,
        )

    def _case(self, scope: Scope, item: NewsItem, key: int) -> Case:
        when = When.minute(item.at, make.ZONE)
        return Case(
            scope_id=scope.id,
            data_key_id=key,
            organisation_id=self._office.organisation_id,
            code=f"C-{scope.id:06}",
            opened_at=item.at,
            lead_type=item.what,
            lead_province=item.commune[:2],
            lead_at=sort_at(when, item.at),
            lead_latest=when.latest,
            lead_precision=when.precision,
            changed_at=item.at,
        )

    def _contents(self, records: Sequence[_Records]) -> None:
        incidents = [self._incident(each.case, each.item) for each in records]
        add_many(incidents)
        rows: list[Base] = []
        for each, incident in zip(records, incidents, strict=True):
            inside: dict[str, Any] = {
                "scope_id": each.scope.id,
                "data_key_id": incident.data_key_id,
            }
            rows.append(
                Violation(
                    **inside, incident_id=incident.id, type=incident.type, victim_id=each.person.id
                )
            )
        add_many(rows)
        arrested = [
            (row, each)
            for row, each in zip(rows, records, strict=True)
            if isinstance(row, Violation) and row.type in arrest_codes()
        ]
        add_many(self._stay(row, each) for row, each in arrested)
        self._before_court([each for _, each in arrested])
        add_many(
            PersonScope(person_id=each.person.id, scope_id=each.scope.id, letter="A")
            for each in records
        )

    def _before_court(self, records: Sequence[_Records]) -> None:
        """Charge whoever was arrested, hold them by order of a judge, and let a court decide."""
        proceedings = [self._proceeding(each) for each in records]
        add_many(proceedings)
        add_many(
            ProceedingScope(proceeding_id=row.id, scope_id=each.scope.id)
            for row, each in zip(proceedings, records, strict=True)
        )
        parties = [
            Party(
                **self._said(each),
                proceeding_id=row.id,
                person_id=each.person.id,
                role=PartyRole.ACCUSED,
            )
            for row, each in zip(proceedings, records, strict=True)
        ]
        add_many(parties)
        charges = [
            Charge(**self._said(each), party_id=party.id)
            for party, each in zip(parties, records, strict=True)
        ]
        add_many(charges)
        add_many(
            ChargeOutcome(
                **self._said(each),
                charge_id=charge.id,
                kind=ChargeStep.ADDED,
                decided=When.minute(each.item.charged_at, make.ZONE),
                provision=each.item.article,
                offence_class="misdemeanour",
                least="6 months",
                most="2 years",
            )
            for charge, each in zip(charges, records, strict=True)
        )
        add_many(
            Hearing(
                data_key_id=row.data_key_id,
                proceeding_id=row.id,
                kind="trial",
                status=HearingStatus.HELD,
                starts=When.minute(each.item.judged_at, make.ZONE),
                court=row.court,
                recorded_by_id=self._monitor.id,
                recorded_at=each.item.judged_at,
            )
            for row, each in zip(proceedings, records, strict=True)
        )
        add_many(
            Judgment(
                **self._said(each),
                party_id=party.id,
                pronounced=When.minute(each.item.judged_at, make.ZONE),
                pronounced_by="first_instance",
                prison_months=each.item.months,
            )
            for party, each in zip(parties, records, strict=True)
        )
        session().flush()
        count_anew({(each.scope.id, each.person.id) for each in records}, clock.now())

    def _proceeding(self, each: _Records) -> Proceeding:
        return Proceeding(
            data_key_id=each.case.data_key_id,
            organisation_id=self._office.organisation_id,
            stage="trial",
            court=f"first_instance_{each.item.commune[:2]}",
            recorded_by_id=self._monitor.id,
            recorded_at=each.item.at,
            changed_at=each.item.at,
        )

    def _said(self, each: _Records) -> dict[str, Any]:
        return {
            "scope_id": each.scope.id,
            "data_key_id": each.case.data_key_id,
            "recorded_by_id": self._monitor.id,
            "recorded_at": each.item.at,
        }

    def _stay(self, violation: Violation, each: _Records) -> Stay:
        return Stay(
            scope_id=violation.scope_id,
            data_key_id=violation.data_key_id,
            person_id=each.person.id,
            violation_id=violation.id,
            situation=HELD,
            began=When.minute(each.item.at, make.ZONE),
            since=each.item.at,
            **({} if each.item.is_held_still else self._ended(each.item)),
            recorded_by_id=self._monitor.id,
            recorded_at=each.item.at,
            changed_at=each.item.at,
        )

    def _ended(self, item: NewsItem) -> dict[str, Any]:
        """Return that somebody was released two days after, as most were."""
        ended = When.minute(item.at + timedelta(days=2), make.ZONE)
        return {"ended": ended, "end_kind": "released_on_promise"}

    def _incident(self, case: Case, item: NewsItem) -> Incident:
        when = When.minute(item.at, make.ZONE)
        return Incident(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            case_id=case.id,
            type=item.what,
            occurred=when,
            occurred_sort=sort_at(when, item.at),
            place_kind=PlaceKind.CAMBODIA,
            province=item.commune[:2],
            district=item.commune[:4],
            commune=item.commune,
            recorded_by_id=self._monitor.id,
            recorded_at=item.at + timedelta(days=self._chance.randrange(1, 8)),
            changed_at=item.at,
        )

    def _paid(self, records: Sequence[_Records]) -> None:
        requests = [
            SupportRequest(
                scope_id=each.scope.id,
                data_key_id=each.case.data_key_id,
                organisation_id=self._office.organisation_id,
                case_id=each.case.id,
                code=f"R-{each.case.code}",
                asked_at=each.item.at,
                changed_at=each.item.at,
                requested_by_id=self._monitor.id,
                amount=50_000,
                payee_code=f"P-{each.person.id:06}",
            )
            for each in records
        ]
        add_many(requests)
        add_many(
            RequestPerson(request_id=request.id, person_id=each.person.id, part=part)
            for request, each in zip(requests, records, strict=True)
            for part in (RequestRole.BENEFICIARY, RequestRole.PAYEE)
        )
