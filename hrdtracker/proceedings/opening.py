"""A proceeding is recorded, changed, tied to a further case, and ends."""

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.audit.bulk_insert import add_all, add_many
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.people.service import let_unwrap
from hrdtracker.proceedings.drafts.proceedings import EndDraft, OpeningDraft, ProceedingDraft
from hrdtracker.proceedings.guarding import check_dates, people_in
from hrdtracker.proceedings.model import ACCUSED_ROLES, Proceeding, ProceedingScope
from hrdtracker.proceedings.parties import new_party

FACTS = ("stage", "court", "court_number", "prosecutor", "judges", "note")
"""What is kept of a draft as it says it."""


@idempotent
def open_proceeding(actor: Actor, case: Case, draft: OpeningDraft) -> Proceeding:
    """Record a proceeding in a case, against the people of it who are chosen."""
    _check_codes(draft.facts)
    if draft.role not in ACCUSED_ROLES:
        raise Refused({"role": N_("A proceeding is against suspects or accused.")})
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        key = ring().create()
        proceeding = new_proceeding(actor, key.id, draft.facts)
        add_many([key])
        add_all([proceeding])
        _concern(proceeding, case)
        people = people_in(actor, case, draft.accused, "accused")
        add_many(new_party(actor, proceeding, case, person, draft.role) for person in people)
        signature.made = proceeding
        case.changed_at = proceeding.recorded_at
    return proceeding


def new_proceeding(actor: Actor, data_key_id: int, draft: ProceedingDraft) -> Proceeding:
    """Return a proceeding with a key of its own; still to be added, and its key before it."""
    moment = clock.now()
    proceeding = Proceeding(
        organisation_id=actor.organisation_id,
        data_key_id=data_key_id,
        recorded_by_id=actor.id,
        recorded_at=moment,
        changed_at=moment,
    )
    _write(proceeding, draft)
    return proceeding


def change_proceeding(
    actor: Actor, proceeding: Proceeding, draft: ProceedingDraft, version: int
) -> None:
    """Change the facts of a proceeding; raises Stale."""
    _check_codes(draft)
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version) as signature:
        _write(proceeding, draft)
        session().flush()
        if signature.changes:
            proceeding.changed_at = clock.now()


def concern_case(actor: Actor, proceeding: Proceeding, case: Case) -> None:
    """Tie a proceeding to a further case: whoever reads that one reads the proceeding from then on.

    Raises WrongStatus where it concerns the case already.
    """
    with (
        authorised(actor, Action.PROCEEDING_RECORD, within=proceeding),
        authorised(actor, Action.PROCEEDING_RECORD, on=case),
    ):
        there = select(ProceedingScope.scope_id).where(
            ProceedingScope.proceeding_id == proceeding.id,
            ProceedingScope.scope_id == case.scope_id,
        )
        if session().scalar(there) is not None:
            raise WrongStatus(N_("It concerns this case already."))
        _concern(proceeding, case)
        case.changed_at = clock.now()


def end_proceeding(actor: Actor, proceeding: Proceeding, draft: EndDraft, version: int) -> None:
    """Say when a proceeding ended, and how; raises Stale."""
    check_terms({"end_kind": ("proceeding_end", draft.end_kind)})
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version):
        check_dates(None, {"ended": draft.ended})
        proceeding.ended, proceeding.end_kind = draft.ended, draft.end_kind
        proceeding.changed_at = clock.now()


def reopen_proceeding(actor: Actor, proceeding: Proceeding, version: int) -> None:
    """Say that a proceeding goes on after all; raises WrongStatus where it does, Stale."""
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version):
        if proceeding.end_kind is None:
            raise WrongStatus
        proceeding.ended = proceeding.end_kind = None
        proceeding.changed_at = clock.now()


def _check_codes(draft: ProceedingDraft) -> None:
    check_terms(declared_codes(Proceeding.__tablename__, draft))


def _write(proceeding: Proceeding, draft: ProceedingDraft) -> None:
    for name in FACTS:
        setattr(proceeding, name, getattr(draft, name))


def _concern(proceeding: Proceeding, case: Case) -> None:
    """Let a proceeding concern a case, and the case’s compartment hold its key."""
    add_many([ProceedingScope(proceeding_id=proceeding.id, scope_id=case.scope_id)])
    let_unwrap([proceeding], session().get_one(Scope, case.scope_id).compartment_id)
