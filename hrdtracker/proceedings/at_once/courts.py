"""What a prosecutor or a court did about many people: the rows that the single forms write."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.page import AnySelect
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import Person
from hrdtracker.proceedings import charging, judging, opening, parties, titles
from hrdtracker.proceedings.drafts.at_once import JUDGMENTS, ManyDraft
from hrdtracker.proceedings.drafts.charges import ChargeDraft, OutcomeDraft
from hrdtracker.proceedings.drafts.judgments import JudgmentDraft
from hrdtracker.proceedings.drafts.proceedings import OpeningDraft
from hrdtracker.proceedings.drafts.titles import TitleDraft
from hrdtracker.proceedings.guarding import JOINED_ALREADY, family_of, proceeding_in
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    QUALIFIES,
    Charge,
    ChargeStep,
    Party,
    PartyRole,
    Proceeding,
    TitleKind,
)

NOT_CHARGED = N_("%(letters)s: no charge is open here. Record the charge first, or untick them.")
STEPS: Mapping[CustodyEvent, ChargeStep] = MappingProxyType(
    {
        CustodyEvent.SENTENCED: ChargeStep.CONVICTED,
        CustodyEvent.ACQUITTAL: ChargeStep.ACQUITTED,
        CustodyEvent.DROPPED: ChargeStep.DROPPED,
    }
)
"""What became of every charge that was open."""
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("accused", "charges", "parties", "people"), "stays"),
        **dict.fromkeys(("began", "charged", "decided", "ended", "ordered", "pronounced"), "when"),
        **dict.fromkeys(("charged_by", "pronounced_by"), "decided_by"),
        "kind": "what",
    }
)
"""Beside which field of many people something is said that the single forms say elsewhere."""


@contextmanager
def beside_our_fields() -> Iterator[None]:
    """Let what a single form refuses be said beside the field of the form about many."""
    try:
        yield
    except Refused as refused:
        reasons = {FIELDS.get(name, name): text for name, text in refused.reasons.items()}
        raise Refused(reasons) from refused


def record_in_court(
    actor: Actor, case: Case, draft: ManyDraft, chosen: Sequence[PersonStay]
) -> None:
    """Write down what a court did about these people. Inside an open door; raises Refused."""
    act = _InCourt(actor, case, draft, chosen)
    with beside_our_fields():
        if draft.kind == CustodyEvent.BROUGHT:
            act.end_custody()
        elif draft.kind == CustodyEvent.DETAINED:
            act.detain()
        elif draft.kind == CustodyEvent.CHARGED:
            act.charge()
        else:
            act.decide()


@dataclass(frozen=True)
class _InCourt:
    """People of a case, and what is said of all of them."""

    actor: Actor
    case: Case
    draft: ManyDraft
    chosen: Sequence[PersonStay]

    @property
    def people(self) -> list[Person]:
        return [row.person for row in self.chosen if row.person is not None]

    @property
    def when(self) -> When:
        assert self.draft.happened is not None  # noqa: S101 - a draft without a date was refused
        return self.draft.happened

    def end_custody(self) -> None:
        """Say that police custody ended, for they were brought before somebody."""
        began = {
            row.person.id: Stay.began.plain(row.stay)
            for row in self.chosen
            if row.person is not None and row.stay is not None and row.is_held
        }
        whose = {person: began.get(person.id) for person in self.people}
        titles.end_custody(self.actor, self.case, whose, self.when, self.draft.known_by)

    def detain(self) -> None:
        """Say that a judge ordered pre-trial detention."""
        proceeding = self._proceeding()
        if proceeding is not None:
            self._accused(proceeding)
        draft = TitleDraft(
            people=tuple(person.uid for person in self.people),
            kind=TitleKind.PRETRIAL_DETENTION,
            began=self.when,
            ordered=self.when,
            proceeding=proceeding.uid if proceeding else None,
            known_by=self.draft.known_by,
        )
        titles.add_titles(self.actor, self.case, draft)

    def charge(self) -> None:
        """Charge everybody with the same, once or several times."""
        proceeding = self._proceeding()
        if proceeding is None:
            return
        accused, said = self._accused(proceeding), self.draft.court
        for qualification in said.qualifications:
            draft = ChargeDraft(
                parties=tuple(accused.values()),
                qualification=qualification,
                charged=self.when,
                charged_by=said.decided_by,
                alleged=said.alleged,
                known_by=self.draft.known_by,
            )
            charging.add_charges(self.actor, proceeding, draft)

    def decide(self) -> None:
        """Say how a court decided, and what became of the charges that were open."""
        proceeding = self._proceeding()
        if proceeding is None:
            return
        accused, kind = self._accused(proceeding), CustodyEvent(self.draft.kind or "")
        charges = self._open_charges(proceeding, is_needed=kind != CustodyEvent.SENTENCED)
        if kind in JUDGMENTS:
            self._judge(proceeding, tuple(accused.values()))
        if charges:
            draft = OutcomeDraft(
                charges=charges,
                kind=STEPS[kind],
                decided=self.when,
                decided_by=self.draft.court.decided_by,
                known_by=self.draft.known_by,
            )
            charging.record_outcome(self.actor, proceeding, draft)

    def _judge(self, proceeding: Proceeding, accused: tuple[UUID, ...]) -> None:
        draft = JudgmentDraft(
            parties=accused,
            pronounced=self.when,
            pronounced_by=self.draft.court.decided_by or "",
            sentence=self.draft.court.sentence,
            known_by=self.draft.known_by,
        )
        judging.add_judgments(self.actor, proceeding, draft)

    def _proceeding(self) -> Proceeding | None:
        """Return the proceeding that was chosen, or open the one that was described."""
        said = self.draft.court
        if said.opening is not None:
            return opening.open_proceeding(self.actor, self.case, OpeningDraft(said.opening))
        return proceeding_in(self.actor, self.case, said.proceeding)

    def _accused(self, proceeding: Proceeding) -> dict[int, UUID]:
        """Return the party that everybody is, by their number; whoever is none yet is from now."""
        there = self._parties(proceeding)
        new = [person for person in self.people if person.id not in there]
        if new:
            if proceeding.joined_into_id is not None:
                raise Refused({"proceeding": JOINED_ALREADY})
            role = PartyRole.ACCUSED if self.draft.kind in STEPS else PartyRole.SUSPECT
            rows = parties.join(self.actor, proceeding, self.case, new, role)
            there |= {row.person_id: row.uid for row in rows}
        return {person.id: there[person.id] for person in self.people}

    def _parties(self, proceeding: Proceeding) -> dict[int, UUID]:
        """Return as which party everybody stands there; in a proceeding that was joined counts."""
        rows = session().scalars(self._standing(proceeding)).all()
        own = sorted(rows, key=lambda row: (row.proceeding_id == proceeding.id, -row.id))
        return {row.person_id: row.uid for row in own}

    def _standing(self, proceeding: Proceeding) -> AnySelect:
        return select(Party).where(
            Party.proceeding_id.in_(family_of(proceeding)),
            Party.scope_id == self.case.scope_id,
            Party.role.in_(sorted(ACCUSED_ROLES)),
            Party.person_id.in_([person.id for person in self.people]),
        )

    def _open_charges(self, proceeding: Proceeding, *, is_needed: bool) -> tuple[UUID, ...]:
        """Return the charges that are open; raises Refused where somebody needs one."""
        query = (
            self._standing(proceeding)
            .join(Charge, Charge.party_id == Party.id)
            .where(Charge.last_step.in_(sorted(QUALIFIES)))
            .with_only_columns(Party.person_id, Charge.uid)
            .order_by(Charge.id)
        )
        rows = session().execute(query).all()
        charged: Collection[int] = {row.person_id for row in rows}
        without = [row for row in self.chosen if row.person and row.person.id not in charged]
        if is_needed and without:
            letters = Letters(row.letter or "?" for row in without)
            raise Refused({"stays": Message(NOT_CHARGED, {"letters": letters})})
        return tuple(row.uid for row in rows)
