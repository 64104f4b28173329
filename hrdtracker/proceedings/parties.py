"""Who stands in a proceeding as what, and the lawyers of each."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When, is_before
from hrdtracker.people import service as people
from hrdtracker.people.model import Person
from hrdtracker.proceedings.drafts.proceedings import (
    END_BEFORE_START,
    LawyerDraft,
    PartiesDraft,
)
from hrdtracker.proceedings.guarding import (
    check_dates,
    family_of,
    in_each_case,
    must_concern,
    must_go_on,
    part_in,
    parties_in,
)
from hrdtracker.proceedings.model import Party, PartyLawyer, PartyRole, Proceeding


@idempotent
def add_parties(actor: Actor, proceeding: Proceeding, case: Case, draft: PartiesDraft) -> Party:
    """Add people as the same kind of party, known ones or new; return the first of them.

    Whoever is so already stays so. Raises Refused where all are, NotFound for another case.
    """
    must_concern(proceeding, case)
    must_go_on(proceeding)
    with authorised(actor, Action.PROCEEDING_RECORD, on=case, sending=draft.sending) as signature:
        scope = session().get_one(Scope, case.scope_id)
        named = people.victims(actor, draft.people, scope, draft_of=None)
        rows = join(actor, proceeding, case, named, draft.role)
        if not rows:
            raise Refused({"people": N_("They are so already.")})
        signature.made = rows[0]
        case.changed_at = clock.now()
    return rows[0]


def join(
    actor: Actor, proceeding: Proceeding, case: Case, people: Iterable[Person], role: PartyRole
) -> list[Party]:
    """Let people whom a case names stand in a proceeding; whoever does so already is left out.

    Inside an open door.
    """
    must_concern(proceeding, case)
    there = _there(proceeding, case, role)
    new = {person.id: person for person in people if person.id not in there}
    rows = [new_party(actor, proceeding, case, each, role) for each in new.values()]
    add_all(rows)
    return rows


def new_party(
    actor: Actor, proceeding: Proceeding, case: Case, person: Person, role: PartyRole
) -> Party:
    """Return somebody of a case as a party to a proceeding; still to be added."""
    return Party(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        proceeding_id=proceeding.id,
        person_id=person.id,
        role=role,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _there(proceeding: Proceeding, case: Case, role: PartyRole) -> set[int]:
    query = select(Party.person_id).where(
        Party.proceeding_id.in_(family_of(proceeding)),
        Party.scope_id == case.scope_id,
        Party.role == role,
    )
    return set(session().scalars(query))


@idempotent
def add_lawyer(actor: Actor, proceeding: Proceeding, draft: LawyerDraft) -> PartyLawyer:
    """Add a lawyer of several people; return the row of the first of them."""
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        must_go_on(proceeding)
        check_dates(proceeding, {"began": draft.began, "ended": draft.ended})
        parties = parties_in(actor, proceeding, draft.parties)

        def defend(some: list[Party]) -> list[PartyLawyer]:
            rows = [_new_lawyer(actor, party, draft) for party in some]
            add_all(rows)
            return rows

        signature.made = made = in_each_case(actor, parties, defend)[0]
    return made


def end_lawyer(actor: Actor, proceeding: Proceeding, uid: UUID, ended: When) -> None:
    """Say until when somebody was defended by a lawyer; raises NotFound, Refused."""
    lawyer = part_in(actor, proceeding, PartyLawyer, uid)
    with authorised(actor, Action.PROCEEDING_RECORD, on=lawyer):
        check_dates(None, {"ended": ended})
        if is_before(ended, lawyer.began):
            raise Refused({"ended": END_BEFORE_START})
        lawyer.ended = ended


def _new_lawyer(actor: Actor, party: Party, draft: LawyerDraft) -> PartyLawyer:
    return PartyLawyer(
        scope_id=party.scope_id,
        data_key_id=party.data_key_id,
        party_id=party.id,
        name=draft.name.strip(),
        began=draft.began,
        ended=draft.ended,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
