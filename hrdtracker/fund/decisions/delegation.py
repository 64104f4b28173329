"""Who decides while somebody is away: under the same separation, until a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Organisation, User
from hrdtracker.access.rules import (
    DIRECTS_EVERYWHERE,
    DIRECTS_ITS_OFFICE,
    FUNDS_EVERYWHERE,
    FUNDS_ITS_OFFICE,
)
from hrdtracker.accounts import proposals
from hrdtracker.accounts.assignments import NO_COLLEAGUE, colleague
from hrdtracker.accounts.display_names import active, labels_by_id
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Delegation, FundSettings
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind

ENDED = N_("This has ended already.")
NEVER = N_(
    "They decide in nobody’s place: an administrator, an auditor, a finance officer, whoever "
    "confirms from outside, or somebody without a role."
)
HERE = {Capacity.OFFICER: FUNDS_ITS_OFFICE, Capacity.DIRECTOR: DIRECTS_ITS_OFFICE}
EVERYWHERE = {Capacity.OFFICER: FUNDS_EVERYWHERE, Capacity.DIRECTOR: DIRECTS_EVERYWHERE}
"""As what somebody delegates, and where; for the board they do not."""


@dataclass(frozen=True)
class StandIn:
    """Who decides for whom, as what, where and until when."""

    uid: UUID
    of: str
    by: str
    mine: bool
    capacity: Capacity
    office: Office | None
    starts_at: datetime
    ends_at: datetime
    waits: bool
    """Whether a second person still has to confirm it."""
    void: bool
    """Whether it gives nothing: the role of one of the two has changed, or nobody confirmed it."""


def decides_for_others(actor: Actor) -> bool:
    """Tell whether the board named the actor, or the actor stands in for somebody who decides."""
    named = exists().where(FundSettings.board_id == actor.id)
    stands_in = exists().where(Delegation.counts(actor.id, clock.now()))
    return bool(session().scalar(select(or_(named, stands_in))))


def stand_ins(actor: Actor) -> list[StandIn]:
    """Return whom the actor named and for whom the actor stands in, now or later."""
    moment = clock.now()
    could, fits, alike = _who_may(moment)
    query = (
        select(Delegation, Office, could, fits, alike)
        .outerjoin(Office, Office.id == Delegation.office_id)
        .where(
            or_(Delegation.from_id == actor.id, Delegation.to_id == actor.id),
            Delegation.ends_at > moment,
        )
        .order_by(Delegation.starts_at, Delegation.id)
    )
    rows = session().execute(query).all()
    names = labels_by_id(user_id for row in rows for user_id in (row[0].from_id, row[0].to_id))
    waiting = proposals.uids_waiting(Action.FUND_DELEGATE, [row[0] for row in rows])
    return [
        StandIn(
            uid=delegation.uid,
            of=names[delegation.from_id],
            by=names[delegation.to_id],
            mine=delegation.from_id == actor.id,
            capacity=Capacity(delegation.capacity),
            office=office,
            starts_at=delegation.starts_at,
            ends_at=delegation.ends_at,
            waits=delegation.uid in waiting,
            void=not (is_able and is_fit)
            or not (is_alike or delegation.confirmed_at or delegation.uid in waiting),
        )
        for delegation, office, is_able, is_fit, is_alike in rows
    ]


def may_be_named(actor: Actor) -> list[tuple[str, str]]:
    """Return (uid, what they are called) of the colleagues who may stand in for the actor."""
    return active(actor, Delegation.fits(User.id, clock.now()))


def offices_of(actor: Actor, capacity: Capacity) -> Sequence[Office]:
    """Return the offices for which the actor decides so themself."""
    query = select(Office).where(
        Office.organisation_id == actor.organisation_id, HERE[capacity].where(actor, Office)
    )
    return session().scalars(query.order_by(Office.code)).all()


def decides_everywhere(actor: Actor, capacity: Capacity) -> bool:
    """Tell whether the actor decides so for the whole organisation."""
    return bool(session().scalar(select(EVERYWHERE[capacity].where(actor, Office))))


@idempotent
def delegate(actor: Actor, organisation: Organisation, draft: DelegationDraft) -> Delegation:
    """Name who decides in one’s place; raises Refused. Only what one may decide oneself.

    Whoever holds the same role there stands in at once and gains nothing; anybody else once a
    second person confirms it, as with a role.
    """
    with authorised(
        actor, Action.FUND_DELEGATE, within=organisation, sending=draft.sending
    ) as signature:
        delegation = Delegation(
            organisation_id=organisation.id,
            from_id=actor.id,
            to_id=_colleague(actor, draft.to),
            capacity=draft.capacity,
            office_id=_office(actor, draft),
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
        )
        session().add(delegation)
        session().flush()
        signature.about(delegation)
        if _holds_the_same(delegation):
            notices.tell([delegation.to_id], NoticeKind.STANDS_IN)
        else:
            proposals.propose(actor, Action.FUND_DELEGATE, delegation, _change(delegation))
    return delegation


def _change(delegation: Delegation) -> ProposedChange:
    """Return what its second person is to know: as what somebody would decide, and until when."""
    values = {"capacity": delegation.capacity, "until": delegation.ends_at.isoformat()}
    return ProposedChange(values, user_id=delegation.to_id, office_id=delegation.office_id)


def _who_may(
    moment: datetime,
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Return whether whoever is away could decide, the other may stand in, and holds the same."""
    return (
        Delegation.holds_it(Delegation.from_id, moment).label("could"),
        Delegation.fits(Delegation.to_id, moment).label("fits"),
        Delegation.holds_it(Delegation.to_id, moment).label("alike"),
    )


def _holds_the_same(delegation: Delegation) -> bool:
    """Tell whether whoever stands in decides so there themself; Refused where they never may."""
    _, fits, alike = _who_may(clock.now())
    query = select(fits, alike).where(Delegation.id == delegation.id)
    is_fit, is_alike = session().execute(query).one()
    if not is_fit:
        raise Refused({"to": NEVER})
    return bool(is_alike)


@consequence(Action.FUND_DELEGATE)
class StandInNamed:
    """Somebody who decides in another’s absence."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let it count; raises Refused where the role of whoever stands in has changed since."""
        delegation = _delegation(proposal)
        _holds_the_same(delegation)
        delegation.confirmed_at = clock.now()

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """End it: else it would count by itself once whoever stands in has the same role there."""
        delegation = _delegation(proposal)
        if delegation.ends_at > clock.now():
            _stop(delegation)


def _delegation(proposal: Proposal) -> Delegation:
    query = select(Delegation).where(Delegation.uid == proposal.subject_uid)
    delegation = session().scalar(query)
    if delegation is None:
        raise WrongStatus(ENDED)
    lock(delegation)
    return delegation


def end_delegation(actor: Actor, organisation: Organisation, uid: UUID) -> None:
    """End a delegation of one’s own now; raises NotFound, WrongStatus."""
    with authorised(actor, Action.FUND_DELEGATE, within=organisation):
        query = select(Delegation).where(Delegation.uid == uid, Delegation.from_id == actor.id)
        delegation = session().scalar(query)
        if delegation is None:
            raise NotFound
        lock(delegation)
        if delegation.ends_at <= clock.now():
            raise WrongStatus(ENDED)
        _end(delegation)


def end_all_of(user: User) -> None:
    """End all in which a user stands in for somebody, or somebody for them; in an open door."""
    query = select(Delegation).where(
        or_(Delegation.from_id == user.id, Delegation.to_id == user.id),
        Delegation.ends_at > clock.now(),
    )
    for delegation in session().scalars(query).all():
        lock(delegation)
        _end(delegation)


def _end(delegation: Delegation) -> None:
    proposals.supersede(Action.FUND_DELEGATE, delegation)
    _stop(delegation)


def _stop(delegation: Delegation) -> None:
    moment = clock.now()
    if delegation.starts_at >= moment:
        session().delete(delegation)
    else:
        delegation.ends_at = moment


def _colleague(actor: Actor, uid: UUID) -> int:
    """Return the number of another colleague; raises Refused."""
    user = colleague(actor, uid)
    if user is None or user.id == actor.id:
        raise Refused({"to": NO_COLLEAGUE})
    return user.id


def _office(actor: Actor, draft: DelegationDraft) -> int | None:
    """Return the office; raises Refused where the actor does not decide there themself."""
    if draft.office is None and decides_everywhere(actor, draft.capacity):
        return None
    for office in offices_of(actor, draft.capacity):
        if office.uid == draft.office:
            return office.id
    raise Refused({"office": N_("Choose an office for which you decide yourself.")})
