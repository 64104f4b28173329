"""Showing who one is: the second step of signing in, and once more before a large act."""

from dataclasses import dataclass

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import (
    codes,
    passkeys,
    passwords,
    recovery_codes,
    sessions,
    throttle,
    totp,
)
from hrdtracker.accounts.has_factor import has_one
from hrdtracker.accounts.model import AuthenticatorApp, Passkey, Password
from hrdtracker.accounts.passkeys import Purpose, Site
from hrdtracker.accounts.throttle import Keys
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_

NOT_THE_PASSWORD = N_("This is not your password.")
NOT_A_CODE = N_("This code is not right. Look at the app again, or use a recovery code.")


@dataclass(frozen=True)
class Proof:
    """What somebody shows: six digits or a recovery code, or what a passkey signed for a site, as
    JSON; and, without a factor, the password.
    """

    code: str = ""
    password: str = ""
    passkey: str = ""
    site: Site | None = None


@dataclass(frozen=True)
class Ways:
    """How somebody can show who they are: which factors they have, how many codes on paper."""

    app: bool
    passkey: bool
    papers: int


def ways(user_id: int) -> Ways:
    """Return how a user can show who they are."""
    app = select(AuthenticatorApp.id).where(
        AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    key = select(Passkey.id).where(Passkey.user_id == user_id)
    has_app, has_key = session().execute(select(app.exists(), key.exists())).one()
    return Ways(bool(has_app), bool(has_key), recovery_codes.left(user_id))


def show(user: User, session_id: int, proof: Proof, attempts: Keys) -> str:
    """Take a proof of who somebody is, and return the new token of their session.

    Whoever has a second factor shows it; whoever has none yet gives the password. `attempts` is
    what a failure counts for. Raises CodeRefused, MustWait, TooBusy.
    """
    throttle.admit(attempts)
    try:
        if not has_one(user.id):
            _check_password(user, proof)
        token = _use(user, session_id, proof)
    except passwords.TooBusy:
        throttle.give_back(attempts)
        raise
    except CodeRefused:
        sessions.note_failure(user, Action.FACTOR_PROVE)
        raise
    throttle.forgive(attempts)
    return token


def show_again(actor: Actor, session_id: int, proof: Proof, attempts: Keys) -> str:
    """Take a proof from somebody who is signed in, and return the new token of their session."""
    return show(session().get_one(User, actor.id), session_id, proof, attempts)


def _use(user: User, session_id: int, proof: Proof) -> str:
    oneself = Actor(user.id, user.uid, user.organisation_id)
    challenge = passkeys.take_challenge(session_id, Purpose.PROVE) if proof.passkey else None
    with authorised(oneself, Action.FACTOR_PROVE, within=user):
        if proof.passkey and proof.site:
            passkeys.use(user, proof.passkey, challenge, proof.site)
        elif has_one(user.id):
            _use_code(user, proof.code)
        return sessions.prove(session_id)


def _use_code(user: User, typed: str) -> None:
    """Use what was typed: as long as a code of the app it is one, else it is a recovery code."""
    code = codes.meant(typed)
    if len(code) != totp.DIGITS:
        if not recovery_codes.use(user, code):
            raise CodeRefused(NOT_A_CODE)
        return
    app = session().scalar(
        select(AuthenticatorApp).where(
            AuthenticatorApp.user_id == user.id, AuthenticatorApp.confirmed_at.is_not(None)
        )
    )
    if app is None:
        raise CodeRefused
    totp.use(app, code)


def _check_password(user: User, proof: Proof) -> None:
    hashed = session().scalar(select(Password.hash).where(Password.user_id == user.id))
    session().rollback()  # no transaction stays open while a password is hashed
    if not passwords.matches(hashed, proof.password):
        raise CodeRefused(NOT_THE_PASSWORD)
