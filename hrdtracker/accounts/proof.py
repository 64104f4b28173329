"""Showing who one is: the second step of signing in, and once more before a large act."""

from dataclasses import dataclass

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import (
    codes,
    passwords,
    recovery_codes,
    sessions,
    throttle,
    totp,
)
from hrdtracker.accounts.has_factor import has_one
from hrdtracker.accounts.model import AuthenticatorApp, Password
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_

NOT_THE_PASSWORD = N_("This is not your password.")
NOT_A_CODE = N_("This code is not right. Look at the app again, or use a recovery code.")


@dataclass(frozen=True)
class Proof:
    """What somebody shows: six digits or a recovery code, or, without a factor, the password."""

    code: str = ""
    password: str = ""


def show(user: User, session_id: int, proof: Proof, network: str) -> str:
    """Take a proof of who somebody is, and return the new token of their session.

    Whoever has a second factor shows it; whoever has none yet gives the password. Raises
    CodeRefused, MustWait, TooBusy.
    """
    keys = throttle.keys_of(factor=user.login, network=network)
    throttle.admit(keys)
    try:
        if not has_one(user.id):
            _check_password(user, proof)
        token = _use(user, session_id, proof)
    except passwords.TooBusy:
        throttle.give_back(keys)
        raise
    except CodeRefused:
        sessions.note_failure(user, Action.FACTOR_PROVE)
        raise
    throttle.forgive(keys)
    return token


def show_again(actor: Actor, session_id: int, proof: Proof, network: str) -> str:
    """Take a proof from somebody who is signed in, and return the new token of their session."""
    return show(session().get_one(User, actor.id), session_id, proof, network)


def _use(user: User, session_id: int, proof: Proof) -> str:
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.FACTOR_PROVE, within=user):
        if has_one(user.id):
            _use_code(user, proof.code)
        return sessions.prove(session_id)


def _use_code(user: User, typed: str) -> None:
    """Use what was typed: six digits are of the app, anything else is a recovery code."""
    code = codes.meant(typed)
    if not (code.isdecimal() and len(code) == totp.DIGITS):
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
