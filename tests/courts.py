"""A case before the courts for the tests: two files of one strike, and a proceeding in both."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.proceedings import charging, judging, opening, tying
from hrdtracker.proceedings import titles as held_titles
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft, Qualification
from hrdtracker.proceedings.drafts.judgments import AppealDraft, JudgmentDraft
from hrdtracker.proceedings.drafts.proceedings import OpeningDraft, ProceedingDraft
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.model import (
    Appellant,
    Charge,
    ChargeOutcome,
    ChargeStep,
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    Party,
    Proceeding,
    ProceedingScope,
    TitleKind,
)
from tests import make

INCITEMENT = Qualification("kh_cc_495")
FELONY = Qualification("kh_cc_210")
READERS = ("monitor", "colleague", "director", "director2", "national", "stranger")
FACTS = ProceedingDraft("investigation", court="first_instance_12", court_number="No. 12")


def on(day: int, month: int = 11) -> When:
    """Return a day of 2026."""
    return When.day(date(2026, month, day), make.ZONE, f"{day}/{month}")


def case_with(count: int, login: str = "monitor") -> Case:
    """Return a new case of somebody in which so many people are named."""
    victims = tuple(
        Victim(described=PersonDraft((NameDraft(f"Demo {number}"),))) for number in range(count)
    )
    return make.case_of(make.incident(login, victims=victims))


def people(case: Case) -> tuple[UUID, ...]:
    """Return the people of a case, by their letters."""
    query = (
        select(Person.uid)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .where(PersonScope.scope_id == case.scope_id)
        .order_by(PersonScope.letter)
    )
    return tuple(session().scalars(query))


def opened(case: Case, login: str = "monitor", **changes: Any) -> Proceeding:
    """Return a proceeding against everybody of a case."""
    draft = OpeningDraft(**{"facts": FACTS, "accused": people(case), **changes})
    return opening.open_proceeding(make.actor(login), case, draft)


def readers(proceeding: Proceeding) -> set[str]:
    """Return who of the cast reads a proceeding."""
    return {one for one in READERS if allows(make.actor(one), Action.PROCEEDING_READ, proceeding)}


def tie(proceeding: Proceeding, case: Case, login: str = "national") -> Proposal | None:
    """Let a proceeding concern a further case, as somebody asks; return what waits for a second."""
    return tying.concern_case(make.actor(login), proceeding, case)


def waiting(proceeding: Proceeding, case: Case) -> Proposal:
    """Return that a proceeding is to concern a further case, which waits for a second person."""
    waits = tie(proceeding, case)
    assert waits is not None
    return waits


def tied(proceeding: Proceeding, case: Case, second: str = "director") -> None:
    """Let a proceeding concern a further case of the organisation; a director confirms it."""
    proposals.confirm(make.actor(second), waiting(proceeding, case))


def parties(proceeding: Proceeding) -> tuple[UUID, ...]:
    """Return the parties of a proceeding in the order in which they were recorded."""
    query = select(Party.uid).where(Party.proceeding_id == proceeding.id).order_by(Party.id)
    return tuple(session().scalars(query))


def charged(proceeding: Proceeding, login: str = "monitor", **changes: Any) -> Charge:
    """Charge everybody in a proceeding with incitement; return the first of the charges."""
    values: dict[str, Any] = {
        "parties": parties(proceeding),
        "qualification": INCITEMENT,
        "charged": on(17),
        **changes,
    }
    return charging.add_charges(make.actor(login), proceeding, ChargeDraft(**values))


def charged_case() -> Proceeding:
    """Return a proceeding against two people of a case, who are held and charged."""
    return proceeding_of(charged(opened(case_with(2))))


def stepped(
    proceeding: Proceeding, charge: Charge, kind: ChargeStep, **changes: Any
) -> ChargeOutcome:
    """Say what happened to a charge."""
    values: dict[str, Any] = {"charges": (charge.uid,), "decided": on(20), **changes}
    draft = OutcomeDraft(kind=kind, **values)
    return charging.record_outcome(make.actor("monitor"), proceeding, draft)


def held(case: Case, **changes: Any) -> LegalTitle:
    """Say that everybody of a case is in police custody."""
    values: dict[str, Any] = {
        "people": people(case),
        "kind": TitleKind.POLICE_CUSTODY,
        "began": on(16),
        **changes,
    }
    return held_titles.add_titles(make.actor("monitor"), case, TitleDraft(**values))


def charges(proceeding: Proceeding) -> tuple[UUID, ...]:
    """Return the charges in a proceeding in the order in which they were recorded."""
    query = select(Charge.uid).join(Party, Party.id == Charge.party_id)
    mine = query.where(Party.proceeding_id == proceeding.id).order_by(Charge.id)
    return tuple(session().scalars(mine))


def proceeding_of(charge: Charge) -> Proceeding:
    """Return the proceeding of a charge."""
    party = session().get_one(Party, charge.party_id)
    return session().get_one(Proceeding, party.proceeding_id)


def case_of(proceeding: Proceeding) -> Case:
    """Return the first case of a proceeding."""
    query = select(Case).join(ProceedingScope, ProceedingScope.scope_id == Case.scope_id)
    mine = query.where(ProceedingScope.proceeding_id == proceeding.id).order_by(Case.id)
    return session().scalars(mine.limit(1)).one()


def titles(case: Case) -> tuple[UUID, ...]:
    """Return why people of a case are held, in the order in which it was recorded."""
    query = select(LegalTitle.uid).where(LegalTitle.scope_id == case.scope_id)
    return tuple(session().scalars(query.order_by(LegalTitle.id)))


def judged(proceeding: Proceeding, login: str = "monitor", **changes: Any) -> Judgment:
    """Judge everybody in a proceeding on 20 November; return the judgment about the first."""
    values: dict[str, Any] = {
        "parties": parties(proceeding),
        "pronounced": on(20),
        "pronounced_by": "first_instance",
        **changes,
    }
    return judging.add_judgments(make.actor(login), proceeding, JudgmentDraft(**values))


def appealed(proceeding: Proceeding, judgment: Judgment, **changes: Any) -> JudgmentAppeal:
    """Say that the accused appealed a judgment on 22 November."""
    values: dict[str, Any] = {
        "judgments": (judgment.uid,),
        "appellant": Appellant.ACCUSED,
        "filed": on(22),
        **changes,
    }
    return judging.add_appeals(make.actor("monitor"), proceeding, AppealDraft(**values))


def case_at(address: str) -> Case:
    """Return the case behind an address."""
    return session().scalars(select(Case).where(Case.uid == UUID(address.split("/")[2]))).one()


def proceeding_at(address: str) -> Proceeding:
    """Return the proceeding behind an address."""
    uid = UUID(address.split("/")[2])
    return session().scalars(select(Proceeding).where(Proceeding.uid == uid)).one()


def judgments(proceeding: Proceeding) -> tuple[UUID, ...]:
    """Return the judgments in a proceeding in the order in which they were recorded."""
    query = select(Judgment.uid).join(Party, Party.id == Judgment.party_id)
    mine = query.where(Party.proceeding_id == proceeding.id).order_by(Judgment.id)
    return tuple(session().scalars(mine))
