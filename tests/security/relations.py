"""Every relation that somebody can have to a case, and a case for it with one of everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Grant, Office, Organisation, Scope, Sensitivity, User
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases.model import Case, CaseArea, FollowUp, Task
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.seal import Compartment, SealedRow
from hrdtracker.custody.model import Bail, CustodyAct, CustodyEvent, Stay, StayStep
from hrdtracker.incidents.model import (
    Incident,
    IncidentStatus,
    IncidentWriter,
    Involvement,
    Source,
    SourceReader,
    SourceSupport,
    Violation,
)
from hrdtracker.people.ages import SaidAge
from hrdtracker.people.drafts import Birth
from hrdtracker.people.model import (
    AgeStatement,
    ConsentStatement,
    Contact,
    NameReason,
    Person,
    PersonCategory,
    PersonName,
    PersonScope,
    PersonScopeDraft,
)
from hrdtracker.proceedings.clocks.model import Clock, ClockDispute, ClockStanding
from hrdtracker.proceedings.rules.model import Confidence, RuleKind
from tests import make
from tests.security.fund_rows import FundBuilder
from tests.security.proceeding_rows import proceeding_of
from tests.security.rows import BORN, filled, keep, new_compartment, new_key, sealed, span

NORMAL, RESTRICTED, SECRET = Sensitivity.NORMAL, Sensitivity.RESTRICTED, Sensitivity.SECRET
YOUNG = "mdl"
"""For which roles whoever a case names may have been under 18, and is masked."""
PRESENT, PAST, COMING = (-1, 1), (-2, -1), (1, 2)
"""From and until, in years from now."""
DAY = timedelta(days=1)
ZONE = "Asia/Phnom_Penh"
TIE = '{"to": 0, "readers": [1]}'
COUNT = '{"clock": "police_custody", "because": null}'
"""What is proposed of a proceeding and of a limit, as a page says it."""


@dataclass(frozen=True)
class Relation:
    """How a case and somebody stand to each other; `owner` is a user name, "" for themselves."""

    office: str = make.HERE
    owner: str = "colleague"
    sensitivity: Sensitivity = NORMAL
    decided: bool = False
    member: tuple[int, int] | None = None
    blocked: tuple[int, int] | None = None
    begun: bool = True
    """Whether something of the case was sent."""


RELATIONS = {
    "own": Relation(owner=""),
    "member": Relation(make.THERE, "stranger", member=PRESENT),
    "past_member": Relation(make.THERE, "stranger", member=PAST),
    "coming_member": Relation(make.THERE, "stranger", member=COMING),
    "office": Relation(),
    "open_office": Relation("OPN", "open_colleague"),
    "other_office": Relation(make.THERE, "stranger"),
    "other_open": Relation("OPN", "open_colleague"),
    "blocked": Relation(owner="", member=PRESENT, blocked=PRESENT),
    "past_block": Relation(owner="", blocked=PAST),
    "restricted": Relation(sensitivity=RESTRICTED),
    "own_restricted": Relation(owner="", sensitivity=RESTRICTED),
    "member_restricted": Relation(sensitivity=RESTRICTED, member=PRESENT),
    "open_restricted": Relation("OPN", "open_colleague", RESTRICTED),
    "decided": Relation(sensitivity=RESTRICTED, decided=True),
    "decided_elsewhere": Relation(make.THERE, "stranger", RESTRICTED, decided=True),
    "secret": Relation(sensitivity=SECRET),
    "named": Relation(sensitivity=SECRET, member=PRESENT),
    "decided_secret": Relation(sensitivity=SECRET, decided=True),
    "unsent": Relation(begun=False),
    "own_unsent": Relation(owner="", begun=False),
    "member_unsent": Relation(member=PRESENT, begun=False),
    "foreign": Relation("FOR", "foreigner"),
    "own_foreign": Relation("FOR", ""),
}


def add_person(of: Organisation, by: User, compartment: Compartment) -> Person:
    """Add a person in no case, with a name; in an open door."""
    made: Person = sealed(
        Person, new_key(compartment), organisation_id=of.id, sex="F", recorded_by_id=by.id
    )
    keep(made)
    keep(
        sealed(PersonName, made.data_key_id, person_id=made.id, kind="as_told", position=0),
        PersonCategory(person_id=made.id, category="land"),
    )
    return made


class CaseBuilder:
    """Makes the cases for one role, the letter of which begins their codes; in an open door."""

    def __init__(self, letter: str, home: Organisation) -> None:
        self.letter = letter
        self.home = home
        self.moment = clock.now()
        self.number = 0

    def case(self, how: Relation, who: User) -> Iterator[tuple[str, Entity]]:
        """Add a case to which `who` stands so, and yield each kind of record in it."""
        office = make.office(how.office)
        owner = make.user(how.owner) if how.owner else who
        decider = who if how.decided else make.user("director2")
        scope, compartment = self._scope(how, office, owner, decider)
        inside: dict[str, Any] = {"scope_id": scope.id, "key_id": new_key(compartment)}
        if how.member:
            member: Any = span(how.member)
            self._add(Grant, inside, user_id=who.id, granted_by_id=decider.id, **member)
        case = self._case(scope, inside)
        yield "scope", scope
        yield "case", case
        yield from self._acts(scope, inside, who)
        if how.blocked:
            blocked: Any = span(how.blocked)
            shut = {"user_id": who.id, "blocked_by_id": decider.id}
            yield "own_block", self._add(Block, inside, **shut, **blocked)
        yield from self._work(inside, owner)
        told = dict(self._incidents(inside, case, owner, who))
        yield from told.items()
        person = cast(Person, told["person"])
        yield from proceeding_of(case, person, owner, compartment)
        yield from FundBuilder(case, person, owner, who).rows()

    def _scope(
        self, how: Relation, office: Office, owner: User, decider: User
    ) -> tuple[Scope, Compartment]:
        compartment = session().get_one(Compartment, office.compartment_id)
        if how.sensitivity == SECRET:
            compartment = new_compartment()
        scope = Scope(
            organisation_id=office.organisation_id,
            office_id=office.id,
            owner_id=owner.id,
            sensitivity=how.sensitivity,
            decider_id=None if how.sensitivity == NORMAL else decider.id,
            compartment_id=compartment.id,
            begun_at=self.moment if how.begun else None,
        )
        keep(scope)
        return scope, compartment

    def _case(self, scope: Scope, inside: dict[str, Any]) -> Case:
        self.number += 1
        case: Case = sealed(
            Case,
            **inside,
            organisation_id=scope.organisation_id,
            code=f"{self.letter}XX-2026-{self.number:04}",
            opened_at=self.moment,
            lead_type="arrest",
            lead_province="12",
            lead_at=self.moment,
            lead_precision="day",
        )
        case.closing_reason = None
        keep(case)
        keep(CaseArea(case_id=case.id, area="judiciary"))
        return case

    def _acts(
        self, scope: Scope, inside: dict[str, Any], who: User
    ) -> Iterator[tuple[str, Entity]]:
        """Add acts about the case that take two, proposed by somebody who looks at nothing."""
        nobody, now = make.user("nobody"), cast(Any, span(PRESENT))
        theirs = self._add(Block, inside, user_id=nobody.id, blocked_by_id=who.id, **now)
        untold = self._add(Block, inside, user_id=who.id, blocked_by_id=nobody.id, **self._untold())
        yield "own_block", untold
        yield "case_act", self._act(scope, Action.CASE_BLOCK, theirs)
        yield "recovery_act", self._act(scope, Action.CASE_RECOVER, theirs)
        yield "unblock_act", self._act(scope, Action.CASE_UNBLOCK, theirs)
        yield "appeal_act", self._act(scope, Action.CASE_APPEAL, theirs)
        yield "tie_act", self._act(scope, Action.PROCEEDING_TIE, theirs, change=TIE)
        yield "replace_act", self._act(scope, Action.CLOCK_REPLACE, theirs, change=COUNT)
        yield "untold_act", self._act(scope, Action.CASE_BLOCK, untold, user_id=who.id)

    def _untold(self) -> dict[str, Any]:
        """Return when a block stood that is over, and of which nobody was told yet."""
        return {**span(PAST), "told_from": self.moment + DAY}

    def _act(self, scope: Scope, action: Action, subject: Entity, **values: Any) -> Proposal:
        nobody = make.user("nobody")
        is_home = scope.organisation_id == nobody.organisation_id
        made = Proposal(
            organisation_id=scope.organisation_id,
            action=action,
            subject_type=subject.__tablename__,
            subject_uid=subject.uid,
            office_id=scope.office_id,
            scope_id=scope.id,
            proposed_by_id=(nobody if is_home else make.user("foreign_admin")).id,
            proposed_at=self.moment,
            lapses_at=self.moment + DAY,
            **{"change": "{}", **values},
        )
        keep(made)
        return made

    def _add(self, model: type[SealedRow], inside: dict[str, Any], **values: Any) -> Any:
        row = sealed(model, **inside, **values)
        keep(row)
        return row

    def _work(self, inside: dict[str, Any], owner: User) -> Iterator[tuple[str, Entity]]:
        one, other = make.user("director2").id, make.user("nobody").id  # they look at nothing
        now: Any = span(PRESENT)
        yield "grant", self._add(Grant, inside, user_id=one, granted_by_id=owner.id, **now)
        yield "block", self._add(Block, inside, user_id=other, blocked_by_id=owner.id, **now)
        yield "task", self._add(Task, inside, assigned_to_id=owner.id, set_by_id=owner.id)
        yield "follow_up", self._add(FollowUp, inside, kind="call", recorded_by_id=owner.id)

    def _incidents(
        self, inside: dict[str, Any], case: Case, owner: User, who: User
    ) -> Iterator[tuple[str, Entity]]:
        sent = self._incident(inside, case, owner)
        helped = self._incident(inside, case, owner)
        if who.id != owner.id:
            keep(IncidentWriter(incident_id=helped.id, user_id=who.id))
        yield "incident", sent
        yield "helped", helped
        yield from self._draft(inside, case, owner)
        yield from self._details(inside, sent, owner, who)

    def _draft(
        self, inside: dict[str, Any], case: Case, owner: User
    ) -> Iterator[tuple[str, Entity]]:
        """Add a draft, and somebody whom nothing else in the case names."""
        unsent = {"status": IncidentStatus.DRAFT, "submitted_at": None}
        draft = self._incident(inside, case, owner, **unsent)
        compartment = session().get_one(Compartment, self.home.compartment_id)
        person = add_person(self.home, owner, compartment)
        about: Any = {"person_id": person.id, "scope_id": inside["scope_id"]}
        keep(filled(PersonScope, **about, letter="B", is_told=False))
        keep(PersonScopeDraft(**about, author_id=owner.id))
        drafted = {"incident_id": draft.id, "type": "arrest", "victim_id": person.id}
        violation = self._add(Violation, inside, **drafted)
        by = {"recorded_by_id": owner.id}
        stay = {"situation": "held", "standing": "drafted", "person_id": person.id}
        self._add(Stay, inside, **by, **stay, violation_id=violation.id)
        yield "draft", draft
        yield "draft_person", person
        yield "draft_contact", self._add(Contact, inside, person_id=person.id, kind="phone", **by)

    def _age(self, person: Person, owner: User) -> AgeStatement:
        """Dispute the age of somebody, and say that their name was shown before."""
        by: Any = {"person_id": person.id, "known_by": "family", "recorded_by_id": owner.id}
        made: AgeStatement = sealed(AgeStatement, person.data_key_id, **by)
        young = SaidAge(None, 15, 17, self.moment.date())
        made.said = str(young if self.letter in YOUNG else SaidAge(Birth.read(BORN)))
        keep(made)
        shown: Any = {"shown_to_id": owner.id, "shown_at": self.moment - 2 * DAY}
        keep(filled(NameReason, person_id=person.id, reason="who", **shown))
        return made

    def _custody(
        self, inside: dict[str, Any], violation: Violation, owner: User
    ) -> tuple[CustodyAct, Stay]:
        """Add where the victim of a violation is held, and the act that said so."""
        by: Any = {"recorded_by_id": owner.id, "prison": "cc1", "known_by": "lawyer"}
        at: dict[str, Any] = {"earliest": self.moment - 2 * DAY, "latest": self.moment - DAY}
        at |= {"precision": "day", "zone": ZONE}
        happened = {f"happened_{part}": value for part, value in at.items()}
        act = self._add(CustodyAct, inside, **by, **happened, kind=CustodyEvent.ARRIVED)
        began = {f"began_{part}": value for part, value in at.items()}
        row: Stay = self._add(
            Stay,
            inside,
            **by,
            **began,
            person_id=violation.victim_id,
            violation_id=violation.id,
            situation="held",
            began_with_id=act.id,
            recorded_at=act.recorded_at,
            changed_at=act.recorded_at,
        )
        done: Any = {"stay_id": row.id, "kind": "family_informed", "known_by": "family"}
        terms: Any = {"stay_id": row.id, "paid_by": "family", "conditions": "Home"}
        self._add(Bail, inside, recorded_by_id=owner.id, recorded_at=act.recorded_at, **terms)
        self._add(StayStep, inside, recorded_by_id=owner.id, **happened, **done)
        return act, row

    def _clock(self, inside: dict[str, Any], stay: Stay, owner: User) -> Clock:
        """Add the limit of custody; the count that ends the act finds it, and keeps its uid."""
        whose = {"scope_id": stay.scope_id, "person_id": stay.person_id, "stay_id": stay.id}
        row: Clock = filled(
            Clock,
            **whose,
            clock="police_custody",
            kind=RuleKind.LATEST,
            standing=ClockStanding.RUNS,
            confidence=Confidence.DISPUTED,
            people=1,
        )
        keep(row)
        ended: Any = {"ended_at": self.moment, "ended_by_id": owner.id}
        about: Any = {"person_id": stay.person_id, "clock": row.clock}
        self._add(ClockDispute, inside, **about, **ended, disputed_by_id=owner.id)
        said: Any = {"purpose": "authorities", "answer": "yes", "given_by": "person"}
        of = {"scope_id": stay.scope_id, "person_id": stay.person_id, "asked_by_id": owner.id}
        keep(filled(ConsentStatement, **of, **said))
        return row

    def _incident(self, inside: dict[str, Any], case: Case, owner: User, **values: Any) -> Incident:
        row: Incident = self._add(
            Incident,
            inside,
            **{
                "case_id": case.id,
                "type": "arrest",
                "status": IncidentStatus.SUBMITTED,
                "submitted_at": self.moment,
                "occurred_earliest": self.moment - 2 * DAY,
                "occurred_latest": self.moment - DAY,
                "occurred_precision": "day",
                "occurred_zone": ZONE,
                "occurred_sort": self.moment - 2 * DAY,
                "province": "12",
                "recorded_by_id": owner.id,
                "recorded_at": self.moment,
                **values,
            },
        )
        keep(IncidentWriter(incident_id=row.id, user_id=owner.id))
        return row

    def _details(
        self, inside: dict[str, Any], incident: Incident, owner: User, who: User
    ) -> Iterator[tuple[str, Entity]]:
        person = add_person(
            self.home, owner, session().get_one(Compartment, self.home.compartment_id)
        )
        keep(filled(PersonScope, person_id=person.id, scope_id=inside["scope_id"], letter="A"))
        yield "person", person
        yield "age_statement", self._age(person, owner)
        about = {"incident_id": incident.id}
        violation = self._add(
            Violation,
            inside,
            **about,
            type="arrest",
            victim_id=person.id,
            arrived_earliest=self.moment - 2 * DAY,
            arrived_latest=self.moment - DAY,
            arrived_precision="day",
            arrived_zone=ZONE,
        )
        yield "violation", violation
        act, stay = self._custody(inside, violation, owner)
        yield "custody_act", act
        yield "stay", stay
        yield "clock", self._clock(inside, stay, owner)
        yield "involvement", self._add(Involvement, inside, **about, perpetrator_type="police")
        by = {"recorded_by_id": owner.id}
        yield "contact", self._add(Contact, inside, person_id=person.id, kind="phone", **by)
        told = {**about, **by, "connection": "witness"}
        source = self._add(Source, inside, **told, letter="A")
        yield "source", source
        keep(SourceSupport(source_id=source.id, violation_id=violation.id))
        named = self._add(Source, inside, **told, letter="B")
        keep(SourceReader(source_id=named.id, user_id=who.id))
        yield "named_source", named
