"""One's own second factors: set up, listed, removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, User
from hrdtracker.access.second_factor import second_factor_needed_by
from hrdtracker.accounts import codes, passkeys, recovery_codes, sessions, totp
from hrdtracker.accounts.model import AuthenticatorApp, Passkey
from hrdtracker.accounts.passkeys import Purpose, Site
from hrdtracker.authorised import authorised, check_proven
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

SET_UP_WITHIN = sessions.SECOND_STEP_WITHIN
LAST_ONE = N_("Your role needs a second factor: add another one before you remove this.")
NOTHING_TO_STAND_IN_FOR = N_("Set up an app or a passkey first: recovery codes stand in for it.")


@dataclass(frozen=True)
class SignedInAt:
    """In which session, and with what kind of browser, somebody adds a factor."""

    session_id: int
    device: str


@dataclass(frozen=True)
class Factors:
    """The second factors of somebody, and how many recovery codes are left."""

    app: AuthenticatorApp | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        """How many there are, besides the codes on paper."""
        return int(self.app is not None) + len(self.passkeys)


def of(actor: Actor) -> Factors:
    """Return one's own second factors."""
    app = session().scalar(_apps(actor.id).where(AuthenticatorApp.confirmed_at.is_not(None)))
    keys = session().scalars(_keys(actor.id).order_by(Passkey.added_at)).all()
    return Factors(app, keys, recovery_codes.left(actor.id))


def begin_app(actor: Actor) -> None:
    """Begin to set up an app, in place of one that one has; it counts once it is confirmed."""
    user = oneself(actor)
    with authorised(actor, Action.FACTOR_ADD, on=user):
        totp.begin(user)


def waiting_app(actor: Actor) -> AuthenticatorApp:
    """Return the app that is being set up; raises NotFound where none is, or for too long."""
    app = session().scalar(
        _apps(actor.id).where(
            AuthenticatorApp.confirmed_at.is_(None),
            AuthenticatorApp.began_at > clock.now() - SET_UP_WITHIN,
        )
    )
    if app is None:
        raise NotFound
    ring().load([app.data_key_id])
    return app


def confirm_app(actor: Actor, code: str, keep: int) -> list[str]:
    """Let an app count from its first code on; return recovery codes where one had none left.

    One's other sessions end: they began without it. Raises Refused, NotFound.
    """
    user = oneself(actor)
    with authorised(actor, Action.FACTOR_ADD, on=user):
        app = waiting_app(actor)
        try:
            totp.use(app, codes.meant(code))
        except totp.CodeRefused as refused:
            raise Refused({"code": refused.reason}) from refused
        for former in session().scalars(_apps(user.id).where(AuthenticatorApp.id != app.id)):
            session().delete(former)
        app.confirmed_at = clock.now()
        return _count_from_now_on(user, keep)


def _count_from_now_on(user: User, keep: int) -> list[str]:
    """End the other sessions, which began without the new factor; return the first codes."""
    sessions.end_all(user.id, keep=keep)
    tell([user.id], NoticeKind.WAY_IN_CHANGED)
    return [] if recovery_codes.left(user.id) else recovery_codes.renew(user)


def remove_app(actor: Actor) -> None:
    """Remove one's app; raises WrongStatus where it is the last factor and one is needed."""
    user = oneself(actor)
    with authorised(actor, Action.FACTOR_REMOVE, on=user):
        app = of(actor).app
        if app is None:
            raise NotFound
        _check_another_is_left(actor)
        session().delete(app)
        _after_removal(actor, user)


def check_may_add(actor: Actor) -> None:
    """Let somebody go on who wants to add a passkey; raises ProofDue."""
    check_proven(actor, Action.FACTOR_ADD)


def add_passkey(actor: Actor, answer: str, site: Site, here: SignedInAt) -> list[str]:
    """Keep the passkey that a browser made; return recovery codes where one had none left.

    One's other sessions end: they began without it. Raises CodeRefused, ProofDue.
    """
    user = oneself(actor)
    check_may_add(actor)
    challenge = passkeys.take_challenge(here.session_id, Purpose.ADD)
    with authorised(actor, Action.FACTOR_ADD, on=user):
        passkeys.add(user, answer, challenge, site, here.device)
        return _count_from_now_on(user, here.session_id)


def remove_passkey(actor: Actor, uid: UUID) -> None:
    """Remove one of one's passkeys; raises WrongStatus where it is the last factor and needed."""
    user = oneself(actor)
    with authorised(actor, Action.FACTOR_REMOVE, on=user):
        key = session().scalar(_keys(user.id).where(Passkey.uid == uid))
        if key is None:
            raise NotFound
        _check_another_is_left(actor)
        session().delete(key)
        _after_removal(actor, user)


def renew_codes(actor: Actor) -> list[str]:
    """Return ten new recovery codes, to be shown once; the old ones end."""
    user = oneself(actor)
    with authorised(actor, Action.FACTOR_ADD, on=user):
        if not of(actor).count:
            raise WrongStatus(NOTHING_TO_STAND_IN_FOR)
        tell([user.id], NoticeKind.WAY_IN_CHANGED)
        return recovery_codes.renew(user)


def clear(user: User) -> None:
    """Take away all of a user's second factors, as where the device was seized.

    Inside an open door; whoever opened it ends the sessions too.
    """
    for factor in (*session().scalars(_apps(user.id)), *session().scalars(_keys(user.id))):
        session().delete(factor)
    recovery_codes.void(user)


def _check_another_is_left(actor: Actor) -> None:
    organisation = session().get_one(Organisation, actor.organisation_id)
    needed = second_factor_needed_by(actor, organisation, demo=ring().vault.demo)
    if needed is not None and of(actor).count == 1:
        raise WrongStatus(LAST_ONE)


def _after_removal(actor: Actor, user: User) -> None:
    """Tell whose factor is gone; with the last one the recovery codes end."""
    tell([user.id], NoticeKind.WAY_IN_CHANGED)
    session().flush()
    if not of(actor).count:
        recovery_codes.void(user)


def oneself(actor: Actor) -> User:
    """Return the user who acts."""
    return policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)


def _keys(user_id: int) -> Select[Passkey]:
    return select(Passkey).where(Passkey.user_id == user_id)


def _apps(user_id: int) -> Select[AuthenticatorApp]:
    return select(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id)
