"""Charges are added, requalified, dropped, judged: each step is a row, and the last one counts."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, declared_codes, terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.proceedings.drafts.charges import (
    ChargeDraft,
    OutcomeDraft,
    Qualification,
)
from hrdtracker.proceedings.guarding import (
    check_dates,
    chosen,
    family_of,
    in_each_case,
    parties_in,
)
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    QUALIFIES,
    Charge,
    ChargeOutcome,
    ChargeStep,
    Party,
    Proceeding,
)
from hrdtracker.proceedings.workflow import FOLLOWS, in_order

NOT_ACCUSED = N_("Only suspects and accused are charged.")
BEFORE_THE_CHARGE = N_("The charge was made after this day.")
OUT_OF_ORDER = N_("This cannot follow what is recorded of the charge before that day.")


@idempotent
def add_charges(actor: Actor, proceeding: Proceeding, draft: ChargeDraft) -> Charge:
    """Add the same charge against several people; return that against the first of them."""
    check_charge(draft)
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        check_dates(proceeding, {"charged": draft.charged, "alleged": draft.alleged})
        parties = parties_in(actor, proceeding, draft.parties)
        if any(party.role not in ACCUSED_ROLES for party in parties):
            raise Refused({"parties": NOT_ACCUSED})

        def charge(some: list[Party]) -> list[Charge]:
            charges = [new_charge(actor, party, draft) for party in some]
            add_all(charges)
            add_all(first_step(actor, charge, draft) for charge in charges)
            return charges

        signature.made = made = in_each_case(actor, parties, charge)[0]
    return made


@idempotent
def record_outcome(actor: Actor, proceeding: Proceeding, draft: OutcomeDraft) -> ChargeOutcome:
    """Say what happened to some charges; return the step of the first.

    Raises Refused beside a field where it lies before the charge, or cannot follow what was.
    """
    check_outcome(draft)
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        check_dates(proceeding, {"decided": draft.decided})

        def follow(charges: list[Charge]) -> list[ChargeOutcome]:
            steps = [next_step(actor, charge, draft) for charge in charges]
            add_all(steps)
            stand_at_last_step(charges)
            return steps

        charges = _charges(actor, proceeding, draft)
        signature.made = made = in_each_case(actor, charges, follow)[0]
    return made


def _charges(actor: Actor, proceeding: Proceeding, draft: OutcomeDraft) -> list[Charge]:
    of_it = select(Party.id).where(Party.proceeding_id.in_(family_of(proceeding)))
    return chosen(actor, Charge, draft.charges, "charges", Charge.party_id.in_(of_it))


def check_charge(draft: ChargeDraft) -> None:
    """Refuse codes of a charge that no list holds."""
    _check_codes(draft.qualification, {"charged_by": draft.charged_by, "known_by": draft.known_by})


def check_outcome(draft: OutcomeDraft) -> None:
    """Refuse codes of what became of a charge that no list holds."""
    said = draft.qualification or Qualification()
    _check_codes(said, {"decided_by": draft.decided_by, "known_by": draft.known_by})


def _check_codes(said: Qualification, others: Mapping[str, str | None]) -> None:
    lists = {"charged_by": "deciding_body", "decided_by": "deciding_body", "known_by": "how_known"}
    check_terms(
        {
            **declared_codes(ChargeOutcome.__tablename__, said),
            **{name: (lists[name], code) for name, code in others.items()},
        }
    )


def new_charge(actor: Actor, party: Party, draft: ChargeDraft) -> Charge:
    """Return a charge against a party; still to be added, and its first step after it."""
    return Charge(
        scope_id=party.scope_id,
        data_key_id=party.data_key_id,
        party_id=party.id,
        last_step=ChargeStep.ADDED,
        alleged=draft.alleged,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def first_step(actor: Actor, charge: Charge, draft: ChargeDraft) -> ChargeOutcome:
    """Return the step that makes a charge; still to be added."""
    step = _step(actor, charge, ChargeStep.ADDED)
    step.decided, step.decided_by = draft.charged, draft.charged_by
    step.note, step.known_by = draft.note, draft.known_by
    _qualify(step, draft.qualification)
    return step


def next_step(actor: Actor, charge: Charge, draft: OutcomeDraft) -> ChargeOutcome:
    """Return what happened to a charge; still to be added."""
    step = _step(actor, charge, draft.kind)
    step.decided, step.decided_by = draft.decided, draft.decided_by
    step.note, step.known_by = draft.note, draft.known_by
    if draft.kind in QUALIFIES:
        _qualify(step, draft.qualification or Qualification())
    return step


def _step(actor: Actor, charge: Charge, kind: ChargeStep) -> ChargeOutcome:
    return ChargeOutcome(
        scope_id=charge.scope_id,
        data_key_id=charge.data_key_id,
        charge_id=charge.id,
        kind=kind,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _qualify(step: ChargeOutcome, said: Qualification) -> None:
    """Lay into a step as what somebody is charged, with class and penalties as they stand now."""
    word = terms().find("provision", said.provision)
    law = word.extra if word else {}
    step.provision, step.provision_words = said.provision, (said.words or "").strip() or None
    step.offence_class = said.offence_class or law.get("class")
    step.least = law.get("least")
    step.most = (said.aggravated and law.get("aggravated")) or law.get("most")


def stand_at_last_step(charges: Sequence[Charge]) -> None:
    """Let each charge stand where the last of its steps says; raises Refused where none may.

    Whoever writes steps holds the lock of the case.
    """
    ids = [charge.id for charge in charges]
    steps: dict[int, list[ChargeOutcome]] = {number: [] for number in ids}
    for step in session().scalars(select(ChargeOutcome).where(ChargeOutcome.charge_id.in_(ids))):
        steps[step.charge_id].append(step)
    for charge in charges:
        history = in_order(steps[charge.id])
        _check_order(history)
        charge.last_step = history[-1].kind


def _check_order(history: Sequence[ChargeOutcome]) -> None:
    """Refuse steps of which one cannot follow the one before it."""
    if history[0].kind != ChargeStep.ADDED:
        raise Refused({"decided": BEFORE_THE_CHARGE})
    for before, after in pairwise(history):
        if after.kind not in FOLLOWS[ChargeStep(before.kind)]:
            raise Refused({"kind": OUT_OF_ORDER})
