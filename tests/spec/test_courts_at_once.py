"""What a court did about many people at once writes the rows that the single forms write."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay
from hrdtracker.incidents.case_view import story
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.proceedings import titles
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.at_once.everybody import everybody
from hrdtracker.proceedings.at_once.reading import acts_in
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.at_once import CourtAct, ManyDraft
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.drafts.judgments import Sentence
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft
from hrdtracker.proceedings.drafts.titles import TitleUpdate
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    ChargeStep,
    CourtOrder,
    Judgment,
    LegalTitle,
    Party,
    PartyRole,
    Proceeding,
)
from tests import courts, make
from tests.spec.test_many_at_once import arrive, held, taken
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now().replace(second=0, microsecond=0)
HOUR = timedelta(hours=1)
STATEMENTS_OF_LOGGING = 30
OPENED = ProceedingDraft("prosecutor", court="first_instance_12")
TABLES = (Charge, ChargeOutcome, CourtOrder, Judgment, LegalTitle, Party)


def at(moment: datetime) -> When:
    return When.minute(moment, make.ZONE, "then")


def where(case: Case) -> list[PersonStay]:
    return everybody(make.actor("monitor"), case)


def did(case: Case, kind: CustodyEvent, *whom: PersonStay, **values: Any) -> CustodyAct:
    court = CourtAct(
        **{"opening": OPENED, "decided_by": "first_instance", **values.pop("court", {})}
    )
    said = {"happened": at(NOW), "stays": tuple(row.uid for row in whom or where(case)), **values}
    return service.record(make.actor("monitor"), case, ManyDraft(kind, court=court, **said))


def charge(case: Case, *whom: PersonStay, **court: Any) -> CustodyAct:
    said = {"qualifications": (courts.INCITEMENT,), "decided_by": "prosecutor", **court}
    return did(case, CustodyEvent.CHARGED, *whom, court=said)


def arrested(count: int) -> Case:
    case = taken(count)
    arrive(case, *where(case))
    return case


def proceeding() -> Proceeding:
    return session().scalars(select(Proceeding)).one()


def rows() -> dict[str, int]:
    return {
        model.__tablename__: session().scalar(select(func.count()).select_from(model)) or 0
        for model in TABLES
    }


def reasons(case: Case, kind: CustodyEvent, **values: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        did(case, kind, **values)
    return set(refused.value.reasons)


# --- what is written ------------------------------------------------------------------------------


def test_many_are_charged_in_a_proceeding_that_is_opened_once_for_all() -> None:
    case = arrested(3)
    charge(
        case, qualifications=(courts.INCITEMENT, Qualification("kh_land_253")), alleged=courts.on(1)
    )
    steps = session().scalars(select(ChargeOutcome).order_by(ChargeOutcome.id)).all()
    assert [step.provision for step in steps] == ["kh_cc_495"] * 3 + ["kh_land_253"] * 3
    assert {step.decided_by for step in steps} == {"prosecutor"}
    charges = session().scalars(select(Charge)).all()
    assert [row.alleged for row in charges] == [courts.on(1)] * 6
    assert proceeding().stage == "prosecutor"
    roles = session().scalars(select(Party.role)).all()
    assert roles == [PartyRole.SUSPECT] * 3


def test_who_stands_in_the_proceeding_already_is_not_added_twice() -> None:
    case = arrested(3)
    charge(case, *where(case)[:2])
    charge(case, opening=None, proceeding=proceeding().uid)
    assert rows()["party"] == 3
    assert rows()["charge"] == 5


def test_many_are_detained_by_order_and_moved_to_a_prison() -> None:
    case = arrested(2)
    charge(case)
    did(
        case,
        CustodyEvent.DETAINED,
        court={"opening": None, "proceeding": proceeding().uid},
        prison="cc1",
    )
    titles = session().scalars(select(LegalTitle)).all()
    assert {(row.kind, row.began, row.proceeding_id) for row in titles} == {
        ("pretrial_detention", at(NOW), proceeding().id)
    }
    assert rows()["court_order"] == 2
    assert {row.stay.prison for row in where(case) if row.stay} == {"cc1"}
    assert held(case) == (2, 2)


def test_the_limit_of_detention_runs_from_the_order_and_that_of_custody_no_more() -> None:
    case = arrested(2)
    did(case, CustodyEvent.DETAINED, court={"opening": None}, prison="cc1")
    clocks = session().scalars(select(Clock.clock).where(Clock.scope_id == case.scope_id)).all()
    assert "police_custody" not in clocks
    assert clocks.count("pre_trial_detention") == 2


def test_a_prison_of_the_same_day_as_the_order_is_no_other_arrival_in_police_custody() -> None:
    case, today = taken(1), When.day(clock.today(make.ZONE), make.ZONE, "today")
    arrive(case, *where(case), moment=NOW - 24 * HOUR)
    did(case, CustodyEvent.DETAINED, happened=today, court={"opening": None}, prison="cc1")
    clocks = session().scalars(select(Clock.clock).where(Clock.scope_id == case.scope_id)).all()
    assert "police_custody" not in clocks


def test_whoever_is_brought_before_a_prosecutor_is_in_police_custody_no_more() -> None:
    case = arrested(2)
    did(case, CustodyEvent.BROUGHT, court={"opening": None, "decided_by": "prosecutor"})
    titles = session().scalars(select(LegalTitle)).all()
    assert {(row.kind, row.ended) for row in titles} == {("police_custody", at(NOW))}
    clocks = session().scalars(select(Clock.clock).where(Clock.scope_id == case.scope_id)).all()
    assert "police_custody" not in clocks
    assert held(case) == (2, 2)


def test_police_custody_that_is_on_record_ends_and_goes_on_when_that_is_taken_back() -> None:
    case = arrested(2)
    courts.held(case, began=at(NOW - 4 * HOUR))
    act = did(case, CustodyEvent.BROUGHT, court={"opening": None})
    assert [row.ended for row in session().scalars(select(LegalTitle))] == [at(NOW)] * 2
    service.undo(make.actor("monitor"), case, act.uid)
    assert [row.ended for row in session().scalars(select(LegalTitle))] == [None] * 2


@pytest.mark.parametrize(
    ("kind", "step", "judgments"),
    [
        (CustodyEvent.SENTENCED, ChargeStep.CONVICTED, 2),
        (CustodyEvent.ACQUITTAL, ChargeStep.ACQUITTED, 2),
        (CustodyEvent.DROPPED, ChargeStep.DROPPED, 0),
    ],
)
def test_how_a_court_decided_is_said_of_each_charge_and_in_a_judgment(
    kind: CustodyEvent, step: ChargeStep, judgments: int
) -> None:
    case = arrested(2)
    charge(case)
    sentence = Sentence(prison=Length(24), suspended=Length(6))
    did(case, kind, court={"opening": None, "proceeding": proceeding().uid, "sentence": sentence})
    assert session().scalars(select(Charge.last_step)).all() == [step] * 2
    said = session().scalars(select(Judgment)).all()
    assert len(said) == judgments
    assert {row.prison_months for row in said} <= {24}
    assert held(case) == (2, 2)


def test_whoever_was_held_leaves_with_the_acquittal_where_that_is_said() -> None:
    case = arrested(3)
    charge(case)
    service_of = {"opening": None, "proceeding": proceeding().uid, "is_released": True}
    did(case, CustodyEvent.ACQUITTAL, *where(case)[:2], court=service_of)
    ended = session().scalars(select(Stay.end_kind).where(Stay.standing == "told")).all()
    assert sorted(ended, key=str) == [None, "acquitted", "acquitted"]


def test_somebody_of_whom_nothing_says_where_they_are_can_be_charged() -> None:
    somebody = Victim(described=PersonDraft((NameDraft("Demo 0"),)))
    case = make.case_of(make.incident(type="threat", victims=(somebody,)))
    (row,) = where(case)
    assert row.stay is None
    charge(case, row)
    assert rows()["charge"] == 1


# --- what is refused, and one act -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (CustodyEvent.CHARGED, {"court": {"opening": None}}, "proceeding"),
        (CustodyEvent.CHARGED, {"court": {"qualifications": (Qualification(),)}}, "provision"),
        (CustodyEvent.SENTENCED, {"court": {"decided_by": None}}, "decided_by"),
        (
            CustodyEvent.SENTENCED,
            {"court": {"sentence": Sentence(suspended=Length(6))}},
            "suspended_years",
        ),
        (CustodyEvent.DROPPED, {}, "stays"),
        (CustodyEvent.DETAINED, {"happened": at(NOW - 9 * HOUR)}, "when"),
        (CustodyEvent.BROUGHT, {"happened": at(NOW + 9 * HOUR)}, "when"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_written(
    kind: CustodyEvent, values: dict[str, Any], field: str
) -> None:
    case = arrested(2)
    before = rows()
    assert field in reasons(case, kind, **values)
    assert rows() == before
    assert session().scalars(select(Proceeding)).all() == []


def test_each_person_has_an_entry_of_their_own_and_the_act_is_one_line() -> None:
    case = arrested(3)
    before = session().scalar(select(func.max(AuditEntry.seq)))
    act = charge(case)
    query = select(AuditEntry).where(AuditEntry.seq > before).order_by(AuditEntry.seq)
    entries = session().scalars(query).all()
    assert [entry.subject_type for entry in entries] == ["custody_act", *["party"] * 3]
    assert entries[0].subject_uid == act.uid
    assert {entry.action for entry in entries} == {Action.PROCEEDING_RECORD}
    (line,) = story(make.actor("monitor"), case).court_acts
    assert (line.act.kind, line.people) == (CustodyEvent.CHARGED, 3)


# --- taking back ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "court"),
    [
        (CustodyEvent.BROUGHT, {}),
        (CustodyEvent.CHARGED, {"qualifications": (courts.INCITEMENT,)}),
        (CustodyEvent.DETAINED, {}),
        (CustodyEvent.SENTENCED, {"sentence": Sentence(prison=Length(12))}),
        (CustodyEvent.ACQUITTAL, {"is_released": True}),
        (CustodyEvent.DROPPED, {"is_released": True}),
    ],
)
def test_what_a_court_did_is_taken_back_and_all_is_as_before(
    kind: CustodyEvent, court: dict[str, Any]
) -> None:
    case = arrested(2)
    charge(case)
    said = {"opening": None, "proceeding": proceeding().uid, **court}
    before = rows(), held(case), steps(), clocks(case)
    act = did(case, kind, court=said, prison="cc1")
    assert (rows(), held(case), steps(), clocks(case)) != before
    assert service.undo(make.actor("monitor"), case, act.uid) == 2
    assert (rows(), held(case), steps(), clocks(case)) == before
    assert [one.act.kind for one in acts_in(case.scope_id)] == ["charged", "arrived"]


def steps() -> list[str]:
    return list(session().scalars(select(Charge.last_step).order_by(Charge.id)))


def clocks(case: Case) -> set[Any]:
    query = select(Clock.person_id, Clock.clock, Clock.standing, Clock.ends_earliest)
    return {tuple(row) for row in session().execute(query.where(Clock.scope_id == case.scope_id))}


def test_of_whom_something_was_said_since_nothing_is_taken_back() -> None:
    case = arrested(3)
    act = charge(case)
    first = session().scalars(select(Charge).order_by(Charge.id)).first()
    assert first is not None
    courts.stepped(proceeding(), first, ChargeStep.DROPPED, decided=at(NOW))
    (one, _) = acts_in(case.scope_id)
    assert (one.people, one.free) == (3, 2)
    assert service.undo(make.actor("monitor"), case, act.uid) == 2
    assert rows()["charge"] == 1
    with pytest.raises(WrongStatus):
        service.undo(make.actor("monitor"), case, act.uid)


def test_a_ground_that_was_changed_since_is_not_taken_back() -> None:
    case = arrested(1)
    act = did(case, CustodyEvent.DETAINED, court={"opening": None})
    title = session().scalars(select(LegalTitle)).one()
    titles.update_title(make.actor("monitor"), title, TitleUpdate(note="Seen."), title.version)
    with pytest.raises(WrongStatus):
        service.undo(make.actor("monitor"), case, act.uid)


# --- what it costs --------------------------------------------------------------------------------


def test_forty_are_charged_in_as_few_statements_as_four() -> None:
    few, many = arrested(4), arrested(40)
    assert counted(lambda: charge(few)) == counted(lambda: charge(many))


def test_whoever_is_moved_or_freed_costs_one_statement_and_no_other_grows() -> None:
    few, many = arrested(4), arrested(40)
    costs = [counted(partial(release, case)) for case in (few, many)]
    assert costs[1] - costs[0] == 36


def release(case: Case) -> CustodyAct:
    whom = tuple(row.uid for row in where(case))
    draft = ManyDraft(CustodyEvent.ENDED, at(NOW), whom, end_kind="released")
    return service.record(make.actor("monitor"), case, draft)


def test_a_case_that_an_incident_opens_is_not_asked_for_what_cannot_be_there_yet() -> None:
    make.incident()
    assert counted(make.incident) <= STATEMENTS_OF_LOGGING
