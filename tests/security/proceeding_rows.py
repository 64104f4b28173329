"""A case before the courts in the world of the law: one of everything, in each case."""

from collections.abc import Iterator
from typing import Any

from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity
from hrdtracker.core.seal import Compartment
from hrdtracker.custody.model import CustodyAct, CustodyActRow
from hrdtracker.people.model import Person
from hrdtracker.proceedings.checklists.load import SHIPPED
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Charge,
    ChargeOutcome,
    CourtOrder,
    DefenceRequest,
    Hearing,
    HearingAnswer,
    HearingMonitor,
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    Party,
    PartyLawyer,
    Proceeding,
    ProceedingScope,
    TrialObservation,
)
from tests.security.rows import keep, new_key, sealed

UNKNOWN = {"precision": "unknown", "zone": "Asia/Phnom_Penh"}


def _unknown(name: str) -> dict[str, str]:
    return {f"{name}_{part}": value for part, value in UNKNOWN.items()}


def proceeding_of(
    case: Case, person: Person, owner: User, compartment: Compartment
) -> Iterator[tuple[str, Entity]]:
    """Add a proceeding against somebody of a case; in an open door."""
    by: dict[str, Any] = {"recorded_by_id": owner.id, "recorded_at": clock.now()}
    about: dict[str, Any] = {"scope_id": case.scope_id, **by}
    key = new_key(compartment)
    proceeding = sealed(
        Proceeding,
        key,
        organisation_id=case.organisation_id,
        stage="trial",
        court="appeal_12",
        **by,
    )
    keep(proceeding)
    keep(ProceedingScope(proceeding_id=proceeding.id, scope_id=case.scope_id))
    yield "proceeding", proceeding
    of_it = {"proceeding_id": proceeding.id, "person_id": person.id}
    party = sealed(Party, case.data_key_id, **about, **of_it, role="accused")
    keep(party)
    yield "party", party
    charge = sealed(Charge, case.data_key_id, **about, party_id=party.id, last_step="added")
    lawyer = sealed(PartyLawyer, case.data_key_id, **about, party_id=party.id)
    keep(charge, lawyer)
    yield "charge", charge
    yield "lawyer", lawyer
    step = {"charge_id": charge.id, "kind": "added", "provision": "kh_cc_495", "least": "6 months"}
    keep(sealed(ChargeOutcome, case.data_key_id, **about, **step, **_unknown("decided")))
    said = {"kind": "police_custody", "confirmed_at": clock.now(), "confirmed_by_id": owner.id}
    title = sealed(LegalTitle, case.data_key_id, **about, **of_it, **said, **_unknown("began"))
    keep(title)
    yield "title", title
    yield from _judged(case, party, about)
    yield "court_order", _ordered(case, title, {**about, **of_it})
    hearing = _heard(proceeding, owner, by)
    yield "hearing", hearing
    yield from _observed(case, hearing, party, owner)
    yield "court_act", _at_once(case, party, about)


def _at_once(case: Case, party: Party, about: dict[str, Any]) -> CustodyAct:
    """Add what a court did about several people at once, of whom it is one."""
    said = {"kind": "charged", "decided_by": "prosecutor", **_unknown("happened")}
    act: CustodyAct = sealed(CustodyAct, case.data_key_id, **about, **said)
    keep(act)
    of_it: dict[str, Any] = {"act_id": act.id, "table_name": "party", "row_id": party.id}
    whose = {"scope_id": case.scope_id, "person_id": party.person_id}
    keep(CustodyActRow(**of_it, **whose, is_new=True))
    return act


def _ordered(case: Case, title: LegalTitle, about: dict[str, Any]) -> CourtOrder:
    """Add the order that makes a ground of custody longer."""
    what = {"kind": "extension", "legal_title_id": title.id, **_unknown("ordered")}
    order: CourtOrder = sealed(CourtOrder, case.data_key_id, **about, **what)
    keep(order)
    return order


def _judged(case: Case, party: Party, about: dict[str, Any]) -> Iterator[tuple[str, Entity]]:
    """Add a judgment about somebody, an appeal of it, and a request of the defence."""
    judged = {"party_id": party.id, "pronounced_by": "first_instance", "prison_months": 18}
    judgment = sealed(Judgment, case.data_key_id, **about, **judged, **_unknown("pronounced"))
    keep(judgment)
    yield "judgment", judgment
    appeal = {"judgment_id": judgment.id, "appellant": "accused", **_unknown("filed")}
    keep(sealed(JudgmentAppeal, case.data_key_id, **about, **appeal))
    asked = {"party_id": party.id, "kind": "bail", "status": "undecided", **_unknown("filed")}
    request = sealed(DefenceRequest, case.data_key_id, **about, **asked)
    keep(request)
    yield "request_of_defence", request


def _heard(proceeding: Proceeding, owner: User, by: dict[str, Any]) -> Hearing:
    """Add a hearing of a proceeding, and who goes there."""
    starts = _unknown("starts")
    hearing: Hearing = sealed(
        Hearing, proceeding.data_key_id, proceeding_id=proceeding.id, **by, kind="trial", **starts
    )
    keep(hearing)
    sent: dict[str, Any] = {"assigned_by_id": owner.id, "assigned_at": clock.now()}
    keep(HearingMonitor(hearing_id=hearing.id, user_id=owner.id, **sent))
    return hearing


def _observed(
    case: Case, hearing: Hearing, party: Party, owner: User
) -> Iterator[tuple[str, Entity]]:
    """Add what somebody observed at a hearing: an answer about it, and one about an accused."""
    checklist = Checklist(
        organisation_id=case.organisation_id,
        number=case.id,
        lines=SHIPPED.read_text(encoding="utf-8"),
        loaded_at=clock.now(),
    )
    keep(checklist)
    of_it = {"hearing_id": hearing.id, "proceeding_id": hearing.proceeding_id}
    observation = sealed(
        TrialObservation,
        hearing.data_key_id,
        **of_it,
        checklist_id=checklist.id,
        observer_id=owner.id,
        began_at=clock.now(),
    )
    keep(observation)
    yield "observation", observation
    said: dict[str, Any] = {"observation_id": observation.id, "answered_at": clock.now()}
    about = {"proceeding_id": hearing.proceeding_id, "question": "public_hearing", "answer": "no"}
    answer = sealed(HearingAnswer, hearing.data_key_id, **said, **about)
    keep(answer)
    yield "hearing_answer", answer
    whom = {"scope_id": case.scope_id, "party_id": party.id, "question": "counsel"}
    answer = sealed(AccusedAnswer, case.data_key_id, **said, **whom, answer="none")
    keep(answer)
    yield "accused_answer", answer
