"""One proceeding as somebody may see it: in each case they read, who stands in it as what."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import Entity, session
from hrdtracker.core.seal import ring
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.proceedings.confirming import seen_as
from hrdtracker.proceedings.guarding import family_of
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    QUALIFIES,
    Charge,
    ChargeOutcome,
    CourtOrder,
    DefenceRequest,
    Judgment,
    JudgmentAppeal,
    LegalTitle,
    Party,
    PartyLawyer,
    Proceeding,
    ProceedingScope,
)
from hrdtracker.proceedings.workflow import in_order

Row = TypeVar("Row", bound=Entity)


@dataclass(frozen=True)
class ChargeLine:
    """One charge with its steps, the first first."""

    charge: Charge
    steps: tuple[ChargeOutcome, ...]

    @property
    def present(self) -> ChargeOutcome:
        """The step that says as what it stands now."""
        return self.qualifications[-1]

    @property
    def last(self) -> ChargeOutcome:
        """The step that happened last."""
        return self.steps[-1]

    @property
    def qualifications(self) -> tuple[ChargeOutcome, ...]:
        """The steps that say as what somebody is charged, the first first."""
        return tuple(step for step in self.steps if step.kind in QUALIFIES)


@dataclass(frozen=True)
class JudgmentLine:
    """One judgment about somebody, with the appeals against it."""

    judgment: Judgment
    appeals: tuple[JudgmentAppeal, ...]


@dataclass(frozen=True)
class PartyLine:
    """Somebody in a proceeding by the letter of their case, with all that is said of them there."""

    party: Party
    person: Person
    letter: str
    lawyers: tuple[PartyLawyer, ...] = ()
    charges: tuple[ChargeLine, ...] = ()
    titles: tuple[LegalTitle, ...] = ()
    orders: tuple[CourtOrder, ...] = ()
    judgments: tuple[JudgmentLine, ...] = ()
    requests: tuple[DefenceRequest, ...] = ()

    @property
    def to_confirm(self) -> list[Charge | Judgment | LegalTitle | CourtOrder | DefenceRequest]:
        """Return all of which somebody says at once that it is still so."""
        return [
            *(each.charge for each in self.charges),
            *(each.judgment for each in self.judgments),
            *(row for row in self.titles if row.ended is None),
            *self.orders,
            *self.requests,
        ]

    @property
    def seen(self) -> str:
        """Return the digest of what is to be confirmed, with its steps and appeals."""
        steps = [step for each in self.charges for step in each.steps]
        appeals = [appeal for each in self.judgments for appeal in each.appeals]
        return seen_as([*self.to_confirm, *steps, *appeals])

    @property
    def is_accused(self) -> bool:
        """Whether they may be charged."""
        return self.party.role in ACCUSED_ROLES


@dataclass(frozen=True)
class CasePart:
    """What one case says of the people in a proceeding."""

    case: Case
    parties: tuple[PartyLine, ...]

    @property
    def accused(self) -> tuple[PartyLine, ...]:
        """Those against whom the proceeding is."""
        return tuple(line for line in self.parties if line.is_accused)

    @property
    def others(self) -> tuple[PartyLine, ...]:
        """Those who stand in it as something else."""
        return tuple(line for line in self.parties if not line.is_accused)


@dataclass(frozen=True)
class Relatives:
    """The proceedings that one has to do with, as far as its reader may open them."""

    joined_into: Proceeding | None = None
    separated_from: Proceeding | None = None
    joined: tuple[Proceeding, ...] = ()
    separated: tuple[Proceeding, ...] = ()


@dataclass(frozen=True)
class ProceedingDetails:
    """One proceeding, with the parts of it that its reader’s cases tell.

    What stands in those that were joined into it is shown with it; whoever stands in both is one.
    """

    proceeding: Proceeding
    parts: tuple[CasePart, ...]
    may_record: bool
    relatives: Relatives = field(default_factory=Relatives)

    @property
    def parties(self) -> tuple[PartyLine, ...]:
        """Everybody in it whom the reader may know of."""
        return tuple(line for part in self.parts for line in part.parties)


def proceeding_details(actor: Actor, uid: UUID) -> ProceedingDetails:
    """Return one proceeding, in as few statements for 1 charge as for 100; raises NotFound."""
    proceeding = policy.fetch(actor, Action.PROCEEDING_READ, Proceeding, uid)
    cases = _cases(actor, proceeding)
    ring().load([proceeding.data_key_id, *(case.data_key_id for case in cases)])
    lines = _parties(proceeding, [case.scope_id for case in cases])
    parts = tuple(CasePart(case, tuple(lines.get(case.scope_id, ()))) for case in cases)
    may = policy.allows(actor, Action.PROCEEDING_RECORD, proceeding)
    return ProceedingDetails(proceeding, parts, may, _relatives(actor, proceeding))


def _relatives(actor: Actor, proceeding: Proceeding) -> Relatives:
    """Return what a proceeding was joined with or separated from; one statement."""
    before = {proceeding.joined_into_id, proceeding.separated_from_id} - {None}
    query = policy.visible(actor, Action.PROCEEDING_READ, Proceeding).where(
        or_(
            Proceeding.id.in_(before),
            Proceeding.joined_into_id == proceeding.id,
            Proceeding.separated_from_id == proceeding.id,
        )
    )
    rows = {row.id: row for row in session().scalars(query.order_by(Proceeding.id))}
    ring().load({row.data_key_id for row in rows.values()})
    return Relatives(
        rows.get(proceeding.joined_into_id or 0),
        rows.get(proceeding.separated_from_id or 0),
        tuple(row for row in rows.values() if row.joined_into_id == proceeding.id),
        tuple(row for row in rows.values() if row.separated_from_id == proceeding.id),
    )


def _cases(actor: Actor, proceeding: Proceeding) -> Sequence[Case]:
    """Return the cases of a proceeding that somebody reads; of others nothing is hinted at."""
    query = (
        policy.visible(actor, Action.CASE_READ, Case)
        .join(ProceedingScope, ProceedingScope.scope_id == Case.scope_id)
        .where(ProceedingScope.proceeding_id == proceeding.id)
        .order_by(Case.id)
    )
    return session().scalars(query).all()


def _parties(proceeding: Proceeding, scopes: Collection[int]) -> Mapping[int, list[PartyLine]]:
    """Return by scope who stands in a proceeding and those joined into it, by role and letter."""
    family = family_of(proceeding)
    query = (
        select(Party, Person, PersonScope.letter)
        .join(Person, Person.id == Party.person_id)
        .join(
            PersonScope,
            (PersonScope.person_id == Party.person_id) & (PersonScope.scope_id == Party.scope_id),
        )
        .where(Party.proceeding_id.in_(family), Party.scope_id.in_(scopes))
        .order_by(Party.scope_id, Party.role, Party.id)
    )
    rows = session().execute(query).all()
    parties = [row[0].id for row in rows]
    lawyers = _by(PartyLawyer, "party_id", PartyLawyer.party_id.in_(parties))
    charges = _charges(parties)
    judgments = _judgments(parties)
    requests = _by(DefenceRequest, "party_id", DefenceRequest.party_id.in_(parties))
    titles = _of_people(LegalTitle, family, scopes)
    orders = _of_people(CourtOrder, family, scopes)
    lines = dict[tuple[int, str, int], PartyLine]()
    rows = sorted(rows, key=lambda row: row[0].proceeding_id != proceeding.id)
    for party, person, letter in rows:
        place = party.scope_id, party.person_id
        said = (titles[place], orders[place]) if party.role in ACCUSED_ROLES else ((), ())
        line = PartyLine(
            party,
            person,
            letter,
            lawyers=tuple(lawyers[party.id]),
            charges=tuple(charges[party.id]),
            titles=tuple(said[0]),
            orders=tuple(said[1]),
            judgments=tuple(judgments[party.id]),
            requests=tuple(requests[party.id]),
        )
        whose = party.scope_id, party.role, party.person_id
        lines[whose] = _together(lines[whose], line) if whose in lines else line
    found = defaultdict[int, list[PartyLine]](list)
    for line in sorted(lines.values(), key=lambda line: (line.party.role, line.party.id)):
        found[line.party.scope_id].append(line)
    return found


def _together(one: PartyLine, other: PartyLine) -> PartyLine:
    """Return somebody who stands in two proceedings that were joined as one line.

    Custody and orders are said of the person, and stand in each already.
    """
    return replace(
        one,
        lawyers=(*one.lawyers, *other.lawyers),
        charges=(*one.charges, *other.charges),
        judgments=(*one.judgments, *other.judgments),
        requests=(*one.requests, *other.requests),
    )


def _charges(parties: Collection[int]) -> Mapping[int, list[ChargeLine]]:
    rows = (
        session()
        .scalars(select(Charge).where(Charge.party_id.in_(parties)).order_by(Charge.id))
        .all()
    )
    steps = _by(ChargeOutcome, "charge_id", ChargeOutcome.charge_id.in_([row.id for row in rows]))
    charges = defaultdict[int, list[ChargeLine]](list)
    for row in rows:
        charges[row.party_id].append(ChargeLine(row, tuple(in_order(steps[row.id]))))
    return charges


def _judgments(parties: Collection[int]) -> Mapping[int, list[JudgmentLine]]:
    found = _by(Judgment, "party_id", Judgment.party_id.in_(parties))
    ids = [row.id for rows in found.values() for row in rows]
    appeals = _by(JudgmentAppeal, "judgment_id", JudgmentAppeal.judgment_id.in_(ids))
    lines = defaultdict[int, list[JudgmentLine]](list)
    for party_id, rows in found.items():
        lines[party_id] = [JudgmentLine(row, tuple(appeals[row.id])) for row in rows]
    return lines


def _of_people(
    model: Any, family: Select[tuple[int]], scopes: Collection[int]
) -> Mapping[tuple[int, int], list[Any]]:
    """Return rows of a proceeding by the scope and the person that they are about."""
    query = select(model).where(model.proceeding_id.in_(family), model.scope_id.in_(scopes))
    found = defaultdict[tuple[int, int], list[Any]](list)
    for row in session().scalars(query.order_by(model.id)):
        found[row.scope_id, row.person_id].append(row)
    return found


def _by(model: type[Row], column: str, *where: Any) -> Mapping[int, list[Row]]:
    """Return rows by the number in a column."""
    found = defaultdict[int, list[Row]](list)
    for row in session().scalars(select(model).where(*where).order_by(model.id)):
        found[getattr(row, column)].append(row)
    return found
