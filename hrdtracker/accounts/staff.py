"""Users: invited, given new codes, locked and unlocked, let go."""

from datetime import timedelta

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User, UserState
from hrdtracker.accounts import codes, factors, passwords, proposals, service, sessions
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import Invitation, Password, Proposal
from hrdtracker.accounts.proposals import ProposedChange, consequence
from hrdtracker.accounts.roles import check_is_another, running, suspend
from hrdtracker.audit.receipts import SentAgain
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock

INVITED_FOR = timedelta(days=3)


def invite(actor: Actor, organisation: Organisation, draft: UserDraft) -> tuple[User, str]:
    """Make a user and the code with which they set their password; the code is shown once.

    The same sending again is answered with a new code for the same user; the first one ends.
    """
    try:
        return _invite(actor, organisation, draft)
    except SentAgain as again:
        user = again.made
        if not isinstance(user, User) or user.state != UserState.INVITED:
            raise WrongStatus(N_("This user has set the password already.")) from again
    with authorised(actor, Action.USER_INVITE, within=organisation) as signature:
        signature.about(user)
        return user, _new_code(actor, user)


def _invite(actor: Actor, organisation: Organisation, draft: UserDraft) -> tuple[User, str]:
    with authorised(
        actor, Action.USER_INVITE, within=organisation, sending=draft.sending
    ) as signature:
        if session().scalar(select(User.id).where(User.login == draft.login)):
            raise Refused({"login": N_("This user name is taken.")})
        user = User(
            organisation_id=organisation.id,
            data_key_id=organisation.data_key_id,
            login=draft.login,
            label=draft.label.strip(),
            created_at=clock.now(),
        )
        session().add(user)
        session().flush()
        signature.about(user)
        return user, _new_code(actor, user)


def invite_again(actor: Actor, user: User) -> str:
    """Return a new code for a user who is invited, or has lost the password; old ones end.

    Whoever makes a code could use it themselves. So the roles of an active user wait until a second
    person restores them.
    """
    with authorised(actor, Action.USER_RESET, on=user):
        if user.state not in {UserState.INVITED, UserState.ACTIVE}:
            raise WrongStatus
        check_is_another(actor, user)
        if user.state == UserState.ACTIVE:
            suspend(actor, user)
        sessions.end_all(user.id)
        return _new_code(actor, user)


def accept(code: str, password: str) -> User:
    """Set the password of whoever holds an invitation's code; raises NotFound or Refused."""
    query = (
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .where(
            Invitation.code_digest == codes.digest(code),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            User.state.in_([UserState.INVITED, UserState.ACTIVE]),
        )
    )
    row = session().execute(query).one_or_none()
    if row is None:
        sessions.note_failure(None)
        raise NotFound
    invitation, user = row
    passwords.check_new(password, user.login)
    session().rollback()
    hashed = passwords.hash_password(password)
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):  # whoever has the user has the codes
        if invitation.used_at is not None or user.state in {UserState.LOCKED, UserState.LEFT}:
            raise NotFound
        invitation.used_at = clock.now()
        activate(user, hashed)
        sessions.end_all(user.id)
    return user


def lock_user(actor: Actor, user: User) -> Proposal:
    """Lock a user, and end what they are signed in with; lapses unless a second person confirms."""
    with authorised(actor, Action.USER_LOCK, on=user):
        if user.state not in {UserState.INVITED, UserState.ACTIVE}:
            raise WrongStatus
        check_is_another(actor, user)
        return proposals.propose(actor, Action.USER_LOCK, user, ProposedChange(user_id=user.id))


def unlock_user(actor: Actor, user: User, *, new_start: bool = False) -> Proposal:
    """Propose to unlock a user: they sign in again once a second person confirms it.

    With a new start neither the password nor the second factors of before count any more, as where
    somebody else had the device: the user needs a new code, and the roles then a second person.
    """
    with authorised(actor, Action.USER_UNLOCK, on=user):
        if user.state != UserState.LOCKED or proposals.waiting_for(user, Action.USER_UNLOCK):
            raise WrongStatus
        change = ProposedChange({"new_start": new_start}, user_id=user.id)
        return proposals.propose(actor, Action.USER_UNLOCK, user, change)


def let_go(actor: Actor, user: User) -> None:
    """Let a user go: roles, codes and what they are signed in with end now, for good."""
    with authorised(actor, Action.USER_LEAVE, on=user):
        if user.state == UserState.LEFT:
            raise WrongStatus
        check_is_another(actor, user)
        user.state = UserState.LEFT
        sessions.end_all(user.id)
        _void_codes(user)
        factors.clear(user)
        service.void_password(user.id)
        user.mail, moment = None, clock.now()
        for membership in running(user, moment):
            membership.ends_at = max(moment, membership.starts_at)


def clear_factors(actor: Actor, user: User) -> Proposal:
    """Propose to take away the second factors of a user who lost all of them, and the codes.

    Once a second person confirms it, what the user is signed in with ends, and the password alone
    leads to where a new factor is set up.
    """
    with authorised(actor, Action.FACTOR_CLEAR, on=user):
        if user.state != UserState.ACTIVE or proposals.waiting_for(user, Action.FACTOR_CLEAR):
            raise WrongStatus
        check_is_another(actor, user)
        return proposals.propose(actor, Action.FACTOR_CLEAR, user, ProposedChange(user_id=user.id))


@consequence(Action.FACTOR_CLEAR)
class FactorsCleared:
    """A user without a second factor."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Take them away, and end what the user is signed in with."""
        user = _affected(proposal)
        factors.clear(user)
        sessions.end_all(user.id)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Bring nothing back: who stops it is signed out, and sets up a new one."""
        if proposal.effective_at is not None:
            sessions.end_all(_affected(proposal).id)


@consequence(Action.USER_LOCK)
class UserLocked:
    """A user who does not sign in."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Lock the user, and end codes and what they are signed in with."""
        user = _affected(proposal)
        user.state = UserState.LOCKED
        sessions.end_all(user.id)
        _void_codes(user)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Unlock the user, unless somebody has let them go meanwhile."""
        _unlock(_affected(proposal))


@consequence(Action.USER_UNLOCK)
class UserUnlocked:
    """A user who signs in again."""

    @staticmethod
    def take_effect(proposal: Proposal) -> None:
        """Unlock the user; what was still open about locking them is closed with it."""
        user = _affected(proposal)
        proposals.supersede(Action.USER_LOCK, user)
        _unlock(user)
        if proposal.values.get("new_start"):
            factors.clear(user)
            service.void_password(user.id)

    @staticmethod
    def undo(proposal: Proposal) -> None:
        """Lock the user again where it took effect."""
        user = _affected(proposal)
        if proposal.effective_at is not None and user.state != UserState.LEFT:
            user.state = UserState.LOCKED
            sessions.end_all(user.id)


def _affected(proposal: Proposal) -> User:
    user = session().get_one(User, proposal.user_id)
    lock(user)
    return user


def _unlock(user: User) -> None:
    """Unlock a user; who never set a password is invited again, and needs a new code."""
    if user.state == UserState.LOCKED:
        has_password = session().get(Password, user.id) is not None
        user.state = UserState.ACTIVE if has_password else UserState.INVITED


def activate(user: User, hashed: str) -> None:
    """Let a user sign in with this password from now on; inside an open door."""
    user.state = UserState.ACTIVE
    service.set_hash(user.id, hashed)
    _void_codes(user)


def _new_code(actor: Actor, user: User) -> str:
    _void_codes(user)
    user.let_in_by_id = actor.id or user.let_in_by_id
    code = codes.new_code()
    session().add(
        Invitation(
            user_id=user.id,
            code_digest=codes.digest(code),
            expires_at=clock.now() + INVITED_FOR,
        )
    )
    return code


def _void_codes(user: User) -> None:
    unused = select(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    for old in session().scalars(unused):
        old.used_at = clock.now()
