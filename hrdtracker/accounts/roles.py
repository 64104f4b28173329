"""Roles: whoever is given one holds it once a second person confirms it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import LOGS_MEANWHILE, Membership, Office, Role, User, UserState
from hrdtracker.accounts import proposals, sessions
from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.sending import Sending

NOT_ONESELF = N_("Somebody else must do this to your own account.")


@idempotent
def propose_role(  # noqa: PLR0913 - a role is little enough to be said in full
    actor: Actor,
    user: User,
    role: Role,
    office: Office | None,
    ends_at: datetime | None = None,
    sending: Sending | None = None,
) -> Membership:
    """Propose a role for a user: it counts once a second person confirms it.

    Meanwhile whoever is to be a monitor may log incidents, and reads nothing.
    """
    with authorised(actor, Action.ROLE_GRANT, on=user, sending=sending) as signature:
        moment = clock.now()
        if user.state == UserState.LEFT:
            raise WrongStatus
        if ends_at is not None and ends_at <= moment:
            raise Refused({"ends_on": N_("The end must lie in the future.")})
        if any(_is_same(present, role, office) for present in running(user, moment)):
            raise Refused({"role": N_("This user holds that role already.")})
        membership = Membership(
            user_id=user.id,
            office_id=office.id if office else None,
            role=role,
            starts_at=moment,
            ends_at=ends_at,
            proposed_by_id=actor.id or None,
        )
        session().add(membership)
        session().flush()
        signature.made = membership
        change = ProposedChange(user_id=user.id, office_id=membership.office_id)
        proposals.propose(actor, Action.ROLE_GRANT, membership, change)
        if role in LOGS_MEANWHILE:
            sessions.end_all(user.id)  # the next one may log
    return membership


def end_role(actor: Actor, user: User, membership: Membership) -> Proposal:
    """End a role now; it comes back unless a second person confirms that in time."""
    with authorised(actor, Action.ROLE_END, on=user):
        if membership.user_id != user.id:
            raise NotFound
        check_is_another(actor, user)
        if membership.ends_at is not None and membership.ends_at <= clock.now():
            raise WrongStatus
        until = membership.ends_at.isoformat() if membership.ends_at else ""
        change = ProposedChange({"until": until}, user_id=user.id, office_id=membership.office_id)
        return proposals.propose(actor, Action.ROLE_END, membership, change)


def suspend(actor: Actor, user: User) -> None:
    """Let no role of a user count until a second person restores them; inside an open door.

    Neither those that run, nor one that somebody ended and that may come back, nor what was
    proposed for whoever had the password before.
    """
    proposals.supersede(Action.ROLE_RESTORE, user)
    everything = session().scalars(select(Membership).where(Membership.user_id == user.id)).all()
    coming_back = proposals.uids_waiting(Action.ROLE_END, everything)
    suspended = [role for role in everything if _runs(role) or role.uid in coming_back]
    for role in suspended:
        proposals.supersede(Action.ROLE_GRANT, role)
        role.counts_since = role.confirmed_at = role.confirmed_by_id = None
        role.proposed_by_id, role.alone = actor.id or None, False
    if suspended:
        roles = ",".join(role.uid.hex for role in suspended)
        change = ProposedChange({"roles": roles}, user_id=user.id)
        with authorised(actor, Action.ROLE_RESTORE, within=user):
            proposals.propose(actor, Action.ROLE_RESTORE, user, change)


def running(user: User, moment: datetime) -> list[Membership]:
    """Return the roles of a user that have not ended, whether they count or wait."""
    query = select(Membership).where(
        Membership.user_id == user.id,
        or_(Membership.ends_at.is_(None), Membership.ends_at > moment),
    )
    return list(session().scalars(query))


def check_is_another(actor: Actor, user: User) -> None:
    """Raise Refused where somebody would do this to their own account."""
    if user.id == actor.id:
        raise Refused({"": NOT_ONESELF})


def _is_same(membership: Membership, role: Role, office: Office | None) -> bool:
    return membership.role == role and membership.office_id == (office.id if office else None)


# What follows once it is confirmed, refused, stopped or lapsed -----------------------------------


@consequence(Action.ROLE_GRANT)
class RoleGranted:
    """A role that counts; stopped, it ends."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let the role count."""
        _confirm(_membership(proposal), proposal)
        _vouch(proposal)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """End the role, whether it counts already or never did."""
        _end(_membership(proposal))


@consequence(Action.ROLE_RESTORE)
class RolesRestored:
    """The roles of a user whose password somebody else reset."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Let them count again."""
        for membership in _roles_of(proposal):
            _confirm(membership, proposal)
        _vouch(proposal)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """End them: they can be granted anew."""
        for membership in _roles_of(proposal):
            _end(membership)


@consequence(Action.ROLE_END)
class RoleEnded:
    """A role that one person ended."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """End it."""
        _end(_membership(proposal))

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Let it run as long as it was to run."""
        membership, until = _membership(proposal), str(proposal.values["until"])
        if session().get_one(User, membership.user_id).state != UserState.LEFT:
            membership.ends_at = datetime.fromisoformat(until) if until else None
            sessions.end_all(membership.user_id)


def _membership(proposal: Proposal) -> Membership:
    query = select(Membership).where(Membership.uid == proposal.subject_uid)
    membership = session().scalars(query).one()
    lock(membership)
    return membership


def _roles_of(proposal: Proposal) -> list[Membership]:
    uids = [UUID(uid) for uid in str(proposal.values["roles"]).split(",")]
    query = select(Membership).where(Membership.uid.in_(uids))
    return [role for role in session().scalars(query) if _runs(role)]


def _runs(membership: Membership) -> bool:
    return membership.ends_at is None or membership.ends_at > clock.now()


def _confirm(membership: Membership, proposal: Proposal) -> None:
    if not _runs(membership):
        raise WrongStatus(N_("This role has ended meanwhile."))
    membership.confirmed_at = clock.now()
    membership.counts_since = membership.counts_since or clock.now()
    membership.confirmed_by_id = proposal.decided_by_id
    membership.alone = proposal.decided_by_id is None
    sessions.end_all(membership.user_id)


def _end(membership: Membership) -> None:
    if _runs(membership):
        membership.ends_at = max(clock.now(), membership.starts_at)
        sessions.end_all(membership.user_id)


def _vouch(proposal: Proposal) -> None:
    """Note that somebody other than whoever let the user in answers for them."""
    user = session().get_one(User, proposal.user_id)
    if proposal.decided_by_id is not None and proposal.decided_by_id != user.let_in_by_id:
        user.let_in_by_id = None
