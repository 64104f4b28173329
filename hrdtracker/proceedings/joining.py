"""Proceedings are joined, or some of the accused are separated; nobody stands in two for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.bulk_insert import add_all, add_many
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms, declared_codes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.proceedings.drafts.proceedings import (
    JoiningDraft,
    ProceedingDraft,
    SeparationDraft,
)
from hrdtracker.proceedings.guarding import (
    GONE,
    case_of_scope,
    check_dates,
    family_of,
    in_each_case,
    parties_in,
)
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    CourtOrder,
    LegalTitle,
    Party,
    Proceeding,
    ProceedingScope,
)
from hrdtracker.proceedings.tying import let_concern

FACTS = ("stage", "court", "court_number", "prosecutor", "judges", "note")
"""What is kept of a draft as it says it."""
JOINED = "joined"
"""How a proceeding ended that goes on in another."""
ENDED = N_("It has ended. Say first that it goes on after all.")
NOT_SAME_CASES = N_(
    "That proceeding does not concern every case of this one. Tie it to them first."
)
NOBODY_LEFT = N_("Somebody must stay in this proceeding.")
NOT_ACCUSED = N_("Only suspects and accused are separated.")
BY_SEVERAL_CASES = N_(
    "One of them stands in it by several cases, and is separated for all of these."
)
TWICE = N_("One of them stands in it twice, since it was joined. Undo the joining first.")


def add_proceeding(actor: Actor, facts: ProceedingDraft) -> Proceeding:
    """Add a proceeding with its own key, which concerns no case yet; in an open door."""
    key = ring().create()
    proceeding = new_proceeding(actor, key.id, facts)
    add_many([key])
    add_all([proceeding])
    return proceeding


def new_proceeding(actor: Actor, data_key_id: int, facts: ProceedingDraft) -> Proceeding:
    """Return a proceeding with a key of its own; still to be added, and its key before it."""
    moment = clock.now()
    proceeding = Proceeding(
        organisation_id=actor.organisation_id,
        data_key_id=data_key_id,
        recorded_by_id=actor.id,
        recorded_at=moment,
        changed_at=moment,
    )
    write_facts(proceeding, facts)
    return proceeding


def check_facts(draft: ProceedingDraft) -> None:
    """Raise Refused where a fact of a proceeding is no code of its list."""
    check_terms(declared_codes(Proceeding.__tablename__, draft))


def write_facts(proceeding: Proceeding, draft: ProceedingDraft) -> None:
    """Let a proceeding say what a draft does."""
    for name in FACTS:
        setattr(proceeding, name, getattr(draft, name))


def join(actor: Actor, proceeding: Proceeding, draft: JoiningDraft, version: int) -> Proceeding:
    """Say that a proceeding was joined with another, and goes on there; return that one.

    Nothing is moved: what stands in it is shown with the other, to whoever reads its case. The
    other must concern all its cases of which the actor reads, so that who works on these follows
    it. Raises Refused, WrongStatus, Stale.
    """
    check_terms({"known_by": ("how_known", draft.known_by)})
    with authorised(actor, Action.PROCEEDING_RECORD, on=proceeding, version=version):
        check_dates(None, {"joined": draft.joined})
        if proceeding.end_kind is not None:
            raise WrongStatus(ENDED)
        other = next((row for row in can_take(actor, proceeding) if row.uid == draft.into), None)
        if other is None:
            raise Refused({"into": GONE})
        if cases_of(actor, proceeding) - cases_of(actor, other):
            raise Refused({"into": NOT_SAME_CASES})
        with authorised(actor, Action.PROCEEDING_RECORD, within=other):
            proceeding.joined_into_id, proceeding.end_kind = other.id, JOINED
            proceeding.ended, proceeding.end_known_by = draft.joined, draft.known_by
            proceeding.changed_at = clock.now()
    return other


def can_take(actor: Actor, proceeding: Proceeding) -> Sequence[Proceeding]:
    """Return the proceedings of the same cases into which one may be joined: those that go on.

    The last first; those that concern only some of its cases too.
    """
    here = select(ProceedingScope.proceeding_id).where(
        ProceedingScope.scope_id.in_(cases_of(actor, proceeding))
    )
    query = (
        policy.visible(actor, Action.PROCEEDING_RECORD, Proceeding)
        .where(
            Proceeding.id.in_(here),
            Proceeding.id != proceeding.id,
            Proceeding.end_kind.is_(None),
        )
        .order_by(Proceeding.id.desc())
    )
    rows = session().scalars(query).all()
    ring().load({row.data_key_id for row in rows})
    return rows


def cases_of(actor: Actor, proceeding: Proceeding) -> set[int]:
    """Return the scopes of those cases of a proceeding that the actor reads."""
    query = (
        policy.visible(actor, Action.CASE_READ, Case)
        .join(ProceedingScope, ProceedingScope.scope_id == Case.scope_id)
        .where(ProceedingScope.proceeding_id == proceeding.id)
    )
    return set(session().scalars(query.with_only_columns(Case.scope_id)))


@idempotent
def separate(actor: Actor, proceeding: Proceeding, draft: SeparationDraft) -> Proceeding:
    """Move some of the accused into a proceeding of their own, with all that is said of them.

    Charges, judgments, lawyers, grounds of custody and orders go with them; hearings stay. Return
    the new proceeding. Raises Refused.
    """
    check_facts(draft.facts)
    check_terms({"known_by": ("how_known", draft.known_by)})
    with authorised(
        actor, Action.PROCEEDING_RECORD, within=proceeding, sending=draft.sending
    ) as signature:
        check_dates(proceeding, {"separated": draft.separated})
        parties = parties_in(actor, proceeding, draft.parties)
        _check_separable(actor, proceeding, parties)
        signature.made = made = add_proceeding(actor, draft.facts)
        made.separated_from_id, made.separated = proceeding.id, draft.separated
        made.separation_known_by = draft.known_by
        family = family_of(proceeding)

        def move(some: list[Party]) -> list[Party]:
            let_concern(made, case_of_scope(some[0].scope_id))
            _move(some, made, family)
            return some

        in_each_case(actor, parties, move)
    return made


def _check_separable(actor: Actor, proceeding: Proceeding, parties: Sequence[Party]) -> None:
    """Raise Refused where nobody would be left of those whom the actor knows of, or one is torn."""
    if any(party.role not in ACCUSED_ROLES for party in parties):
        raise Refused({"parties": NOT_ACCUSED})
    query = policy.visible(actor, Action.PROCEEDING_RECORD, Party).where(
        Party.proceeding_id.in_(family_of(proceeding)), Party.role.in_(sorted(ACCUSED_ROLES))
    )
    every = session().scalars(query).all()
    whose = {(party.scope_id, party.person_id) for party in parties}
    rows = [party for party in every if (party.scope_id, party.person_id) in whose]
    if len(rows) > len(whose):
        raise Refused({"parties": TWICE})
    people, chosen = {party.person_id for party in parties}, {party.id for party in parties}
    if any(party.person_id in people and party.id not in chosen for party in every):
        raise Refused({"parties": BY_SEVERAL_CASES})
    if len(rows) == len(every):
        raise Refused({"parties": NOBODY_LEFT})


def _move(parties: Iterable[Party], target: Proceeding, family: Select[tuple[int]]) -> None:
    """Let parties of one case, and what hangs on them as people, belong to another proceeding."""
    for party in parties:
        party.proceeding_id = target.id
        models: tuple[Any, ...] = (LegalTitle, CourtOrder)
        for model in models:
            query = select(model).where(
                model.scope_id == party.scope_id,
                model.person_id == party.person_id,
                model.proceeding_id.in_(family),
            )
            for row in session().scalars(query):
                row.proceeding_id = target.id
