"""What takes two people: proposed by one, confirmed by another, told to whom it concerns."""

import json
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, union

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block, Grant, Scope, in_force
from hrdtracker.access.permissions.power import TAKES_TWO, Audience, Effect
from hrdtracker.accounts import queries, waiting_time
from hrdtracker.accounts.assignments import candidates, colleagues
from hrdtracker.accounts.model import Plain, Proposal, ProposalStatus
from hrdtracker.accounts.workflow import PROPOSAL
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind

OPEN_FOR = timedelta(days=14)
"""How long an act that widens waits for its second person."""
HOLDS_FOR = timedelta(hours=24)
"""How long an act that narrows holds without one."""


class Consequence(Protocol):
    """What follows from an act that takes two."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Do it; raises WrongStatus where things have changed since."""
        ...

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Put back what was before."""
        ...


@dataclass(frozen=True)
class ProposedChange:
    """What an act would change, for its second person and for the day it takes effect.

    `values` are what the consequence needs; whom, which office and which case it concerns.
    """

    values: Mapping[str, Plain] = field(default_factory=lambda: MappingProxyType({}))
    user_id: int | None = None
    office_id: int | None = None
    scope_id: int | None = None


@dataclass(frozen=True)
class Announcement:
    """How it is told that an act counts, in a sentence of its own, and who is told besides."""

    kind: NoticeKind
    besides: Callable[[Proposal], Set[int | None]]


Look = Callable[[Proposal, str | None], None]
"""Raises Stale where what an act would do was not seen as it stands now."""
_consequences: dict[Action, type[Consequence]] = {}
_announcements: dict[Action, Announcement | None] = {}
_looks: dict[Action, Look | None] = {}


def consequence(
    action: Action, announced: Announcement | None = None, look: Look | None = None
) -> Callable[[type[Consequence]], type[Consequence]]:
    """Register what follows from an act that takes two, and how it is told that it counts.

    `look` is asked before a second person confirms it.
    """

    def register(kind: type[Consequence]) -> type[Consequence]:
        _consequences[action] = kind
        _announcements[action] = announced
        _looks[action] = look
        return kind

    return register


def consequences() -> Mapping[Action, type[Consequence]]:
    """Return what follows from each act that takes two."""
    return MappingProxyType(_consequences)


def propose(actor: Actor, action: Action, subject: Entity, change: ProposedChange) -> Proposal:
    """Put an act down for its second person, inside the open door of its verb.

    An act that narrows holds already. So does one of whoever holds the machine where nobody could
    confirm it: recovery, until somebody can.
    """
    moment = clock.now()
    narrows = TAKES_TWO[action].effect == Effect.NARROWS
    proposal = Proposal(
        organisation_id=actor.organisation_id,
        action=action,
        subject_type=subject.__tablename__,
        subject_uid=subject.uid,
        user_id=change.user_id,
        office_id=change.office_id,
        change=json.dumps(dict(change.values)),
        scope_id=change.scope_id,
        proposed_by_id=actor.id or None,
        proposed_at=moment,
        lapses_at=moment + (HOLDS_FOR if narrows else OPEN_FOR),
    )
    session().add(proposal)
    session().flush()
    recovers = actor.operator and not queries.seconds_for(proposal)
    if narrows or recovers:
        _take_effect(proposal)
    if recovers:
        proposal.lapses_at = None
    _tell(NoticeKind.PROPOSED, proposal, {actor.id})
    return proposal


def confirm(actor: Actor, proposal: Proposal, seen: str | None = None) -> None:
    """Confirm as the second person: it takes effect now, or goes on as it is.

    `seen` says as what it was looked at, where that is part of confirming: raises Stale where it
    was not, or is another by now.
    """
    with authorised(actor, Action.PROPOSAL_CONFIRM, on=proposal):
        _check_in_time(proposal)
        look = _looks[Action(proposal.action)]
        if look is not None:
            look(proposal, seen)
        _decide(actor, proposal, Action.PROPOSAL_CONFIRM)
        if proposal.effective_at is None or proposal.lapses_at is None:
            _take_effect(proposal)
        _tell(NoticeKind.DECIDED, proposal, {actor.id})


def refuse(actor: Actor, proposal: Proposal) -> None:
    """Refuse as the second person: it never takes effect, and what holds already is put back."""
    with authorised(actor, Action.PROPOSAL_REFUSE, on=proposal):
        _check_in_time(proposal)
        _decide(actor, proposal, Action.PROPOSAL_REFUSE)
        _undo(proposal)
        _tell(NoticeKind.DECIDED, proposal, {actor.id})


def take_back(actor: Actor, proposal: Proposal) -> None:
    """Take back what one proposed."""
    with authorised(actor, Action.PROPOSAL_TAKE_BACK, on=proposal):
        _decide(actor, proposal, Action.PROPOSAL_TAKE_BACK)
        _undo(proposal)


def stop(actor: Actor, proposal: Proposal) -> None:
    """Stop what concerns oneself and widens power, even where it was confirmed lately."""
    with authorised(actor, Action.PROPOSAL_STOP, on=proposal):
        if TAKES_TWO[Action(proposal.action)].effect != Effect.WIDENS:
            raise WrongStatus(N_("A second person decides on this."))
        if not proposal.may_be_stopped(clock.now()):
            raise WrongStatus(N_("This was confirmed more than 30 days ago."))
        PROPOSAL.take(proposal, Action.PROPOSAL_STOP)
        proposal.stopped_by_id = actor.id
        _undo(proposal)
        _tell(NoticeKind.DECIDED, proposal, {actor.id})


def settle(worker: Actor) -> int:
    """Let lapse what nobody confirmed in time; return how many acts that were."""
    query = select(Proposal).where(
        Proposal.status == ProposalStatus.WAITS, Proposal.lapses_at <= clock.now()
    )
    due = list(session().scalars(query))
    for proposal in due:
        with authorised(worker, Action.PROPOSAL_SETTLE, on=proposal):
            PROPOSAL.take(proposal, Action.PROPOSAL_SETTLE)
            proposal.decided_at = clock.now()
            _undo(proposal)
            _tell(NoticeKind.DECIDED, proposal, set())
    return len(due)


def let_count(worker: Actor) -> None:
    """Let count what two others have seen for 72 hours, where nobody could confirm it.

    What is to count soon is told first. Each act is a transaction of its own, and counts once.
    """
    query = select(Proposal).where(
        Proposal.status == ProposalStatus.WAITS, Proposal.lapses_at > clock.now()
    )
    for proposal in list(session().scalars(query)):
        if proposal.counts_from or waiting_time.counts_from(proposal):
            with suppress(WrongStatus), authorised(worker, Action.PROPOSAL_COUNT, on=proposal):
                _wait(proposal)


def _wait(proposal: Proposal) -> None:
    """Ask anew from when an act counts, and let it count then; raises WrongStatus."""
    if proposal.status != ProposalStatus.WAITS:
        raise WrongStatus
    before, proposal.counts_from = proposal.counts_from, waiting_time.counts_from(proposal)
    if proposal.counts_from is None:
        return
    if proposal.counts_from <= clock.now():
        PROPOSAL.take(proposal, Action.PROPOSAL_COUNT)
        proposal.decided_at = clock.now()
        _take_effect(proposal)
        _tell(NoticeKind.DECIDED, proposal, set())
    elif before is None:
        _tell(NoticeKind.COUNTS_SOON, proposal, set())


def supersede(action: Action, subject: Entity) -> None:
    """Close what waits of this kind for a record, since it is proposed anew; in an open door."""
    waiting = waiting_for(subject, action)
    if waiting is not None:
        PROPOSAL.take(waiting, Action.PROPOSAL_TAKE_BACK)
        waiting.decided_at = clock.now()


def waiting_for(subject: Entity, action: Action | None = None) -> Proposal | None:
    """Return what waits for a second person about this record, of one kind where it is named."""
    query = select(Proposal).where(
        Proposal.subject_uid == subject.uid, Proposal.status == ProposalStatus.WAITS
    )
    if action is not None:
        query = query.where(Proposal.action == action)
    return session().scalar(query.order_by(Proposal.id.desc()).limit(1))


def uids_waiting(action: Action, subjects: Iterable[Entity]) -> set[UUID]:
    """Return the uids of those of some records about which such an act waits."""
    query = select(Proposal.subject_uid).where(
        Proposal.action == action,
        Proposal.status == ProposalStatus.WAITS,
        Proposal.subject_uid.in_([subject.uid for subject in subjects]),
    )
    return set(session().scalars(query))


def tell_affected(subject: Entity) -> None:
    """Tell whom it is for of the last act about a record, which was held back; in an open door."""
    query = select(Proposal).where(Proposal.subject_uid == subject.uid)
    proposal = session().scalar(query.order_by(Proposal.id.desc()).limit(1))
    if proposal is not None and proposal.user_id:
        notices.tell({proposal.user_id}, NoticeKind.PROPOSED, about=proposal)


def _tell(kind: NoticeKind, proposal: Proposal, but: set[int]) -> None:
    """Tell whom it concerns; what is decided, also whoever proposed it."""
    first = {proposal.proposed_by_id} if kind == NoticeKind.DECIDED else set()
    announced = _announcements[Action(proposal.action)]
    if announced and proposal.status == ProposalStatus.CONFIRMED:
        kind, first = announced.kind, first | announced.besides(proposal)
    concerned = (first | whom_it_concerns(proposal)) - but - _not_told_yet(proposal)
    notices.tell((number for number in concerned if number), kind, about=proposal)


def _not_told_yet(proposal: Proposal) -> set[int]:
    """Return the number of whoever a block shuts out from whom two hold that back."""
    query = select(Block.user_id).where(
        Block.uid == proposal.subject_uid, Block.told_from > clock.now()
    )
    return set(session().scalars(query))


def whom_it_concerns(proposal: Proposal) -> set[int | None]:
    """Return the numbers of whom an act is for, and of those whom the table names for it."""
    tells = TAKES_TWO[Action(proposal.action)].tells
    where = {Audience.DIRECTORS: Action.CASE_CLOSE, Audience.OFFICE: Action.CASE_BEGIN}
    organisation, office = proposal.organisation_id, proposal.office_id
    found: set[int | None] = {proposal.user_id}
    for told in tells & where.keys():
        found |= {user.id for user in colleagues(organisation, where[told], office)}
    if Audience.CASE in tells:
        found |= _owner_and_members(proposal)
    if Audience.FUND in tells:
        found |= {one.id for one in candidates(organisation, Action.FUND_READ)}
    return found


def _owner_and_members(proposal: Proposal) -> set[int]:
    moment = clock.now()
    members = select(Grant.user_id).where(
        Grant.scope_id == proposal.scope_id, in_force(Grant, moment)
    )
    owner = select(Scope.owner_id).where(Scope.id == proposal.scope_id)
    return set(session().scalars(union(owner, members)))


def _decide(actor: Actor, proposal: Proposal, action: Action) -> None:
    with session().no_autoflush:
        PROPOSAL.take(proposal, action)
        proposal.decided_by_id, proposal.decided_at = actor.id, clock.now()


def _check_in_time(proposal: Proposal) -> None:
    if proposal.lapses_at is not None and proposal.lapses_at <= clock.now():
        raise WrongStatus(N_("This has lapsed: nobody confirmed it in time."))


def _take_effect(proposal: Proposal) -> None:
    _consequences[Action(proposal.action)].take_effect(proposal)
    proposal.effective_at = clock.now()


def _undo(proposal: Proposal) -> None:
    _consequences[Action(proposal.action)].undo(proposal)
