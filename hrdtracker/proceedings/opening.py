"""A proceeding is recorded, changed, and ends."""

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.proceedings.drafts.proceedings import EndDraft, OpeningDraft, ProceedingDraft
from hrdtracker.proceedings.guarding import JOINED_ALREADY, check_dates, people_in
from hrdtracker.proceedings.joining import add_proceeding, check_facts, write_facts
from hrdtracker.proceedings.model import ACCUSED_ROLES, Proceeding
from hrdtracker.proceedings.parties import new_party
from hrdtracker.proceedings.tying import let_concern


@idempotent
def open_proceeding(actor: Actor, case: Case, draft: OpeningDraft) -> Proceeding:
    """Record a proceeding in a case, against the people of it who are chosen."""
    check_facts(draft.facts)
    if draft.role not in ACCUSED_ROLES:
        raise Refused({"role": N_("A proceeding is against suspects or accused.")})
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        proceeding = add_proceeding(actor, draft.facts)
        let_concern(proceeding, case)
        people = people_in(actor, case, draft.accused, "accused")
        add_many(new_party(actor, proceeding, case, person, draft.role) for person in people)
        signature.made = proceeding
    return proceeding


def change_proceeding(
    actor: Actor, proceeding: Proceeding, draft: ProceedingDraft, version: int
) -> None:
    """Change the facts of a proceeding; raises Stale."""
    check_facts(draft)
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version) as signature:
        write_facts(proceeding, draft)
        session().flush()
        if signature.changes:
            proceeding.changed_at = clock.now()


def end_proceeding(actor: Actor, proceeding: Proceeding, draft: EndDraft, version: int) -> None:
    """Say when a proceeding ended, and how; raises Stale."""
    check_terms(declared_codes(Proceeding.__tablename__, draft))
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version):
        check_dates(None, {"ended": draft.ended})
        if proceeding.joined_into_id is not None:
            raise WrongStatus(JOINED_ALREADY)
        proceeding.ended, proceeding.end_kind = draft.ended, draft.end_kind
        proceeding.end_known_by = draft.end_known_by
        proceeding.changed_at = clock.now()


def reopen_proceeding(actor: Actor, proceeding: Proceeding, version: int) -> None:
    """Say that a proceeding goes on after all, by itself where it was joined with another.

    What was recorded in the other since of whoever stands in both stays there. Raises WrongStatus
    where it goes on, Stale.
    """
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version):
        if proceeding.end_kind is None:
            raise WrongStatus
        proceeding.ended = proceeding.end_kind = proceeding.end_known_by = None
        proceeding.joined_into_id = None
        proceeding.changed_at = clock.now()
