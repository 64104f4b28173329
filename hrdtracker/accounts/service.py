"""What one does with one's own account."""

import re
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import passwords, sessions, throttle
from hrdtracker.accounts.due_mail import switch_due_mail
from hrdtracker.accounts.model import LoginSession, Password
from hrdtracker.accounts.sessions import HalfSignedIn, Visitor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS = 254
"""What the standard of mail allows (RFC 5321)."""


def sign_out(actor: Actor, session_uid: UUID) -> None:
    """End one of one's own sessions."""
    signed_in = policy.fetch(actor, Action.SESSION_END, LoginSession, session_uid)
    with authorised(actor, Action.SESSION_END, on=signed_in):
        signed_in.ended_at = clock.now()


def leave(here: Visitor | None, half: HalfSignedIn | None) -> None:
    """End the session of a browser, where it has one, complete or not."""
    if here is not None:
        sign_out(here.actor, here.session_uid)
    elif half is not None:
        _give_up(half)


def _give_up(half: HalfSignedIn) -> None:
    oneself = Actor(half.user.id, half.user.uid, half.user.organisation_id)
    signed_in = session().get_one(LoginSession, half.session_id)
    with authorised(oneself, Action.SESSION_END, on=signed_in):
        signed_in.ended_at = clock.now()


def sign_out_elsewhere(actor: Actor, keep: int) -> None:
    """End all of one's own sessions but the one with this number."""
    user = policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)
    with authorised(actor, Action.ACCOUNT_CHANGE, on=user):
        sessions.end_all(actor.id, keep=keep)


def change_password(actor: Actor, present: str, new: str, keep: int) -> str:
    """Set a new password and end one's other sessions; raises Refused for either password.

    Returns the new token of the session that stays.
    """
    user = policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)
    login = user.login
    passwords.check_new(new, login)
    keys = throttle.keys_of(known=f"signed in as {login}")
    throttle.admit(keys)  # who found a browser open must not try passwords here, either
    hashed = session().scalar(select(Password.hash).where(Password.user_id == actor.id))
    session().rollback()
    try:
        is_right = passwords.matches(hashed, present)
        fresh = passwords.hash_password(new) if is_right else ""
    except passwords.TooBusy:
        throttle.give_back(keys)
        raise
    if not is_right:
        raise Refused({"present": N_("This is not your present password.")})
    throttle.forgive(keys)
    with authorised(actor, Action.ACCOUNT_CHANGE, on=user):
        set_hash(actor.id, fresh)
        sessions.end_all(actor.id, keep=keep)
        return sessions.rotate(keep)


def set_hash(user_id: int, hashed: str) -> None:
    """Keep the hash of a user's password, and tell them if they had another; in an open door."""
    password = session().get(Password, user_id)
    if password is None:
        session().add(Password(user_id=user_id, hash=hashed, changed_at=clock.now()))
    else:
        password.hash, password.changed_at = hashed, clock.now()
        tell([user_id], NoticeKind.WAY_IN_CHANGED)


def void_password(user_id: int) -> None:
    """Let the password of a user open nothing any more; inside an open door."""
    password = session().get(Password, user_id)
    if password is not None:
        password.hash, password.changed_at = passwords.VOID, clock.now()


def mail_address(actor: Actor) -> str:
    """Return the address to which one gets mail; nothing where one gets none."""
    return policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid).mail or ""


def set_mail_address(actor: Actor, address: str, *, due: bool = False) -> None:
    """Keep the address to which one gets mail, or none; raises Refused for what is no address.

    And whether a mail says when something is `due`. Whoever had another address is told: it may be
    a stranger who wants what is sent.
    """
    address = address.strip()
    if address and not (len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address)):
        raise Refused({"address": N_("Write one address for mail, with an @ in it.")})
    user = policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)
    with authorised(actor, Action.ACCOUNT_CHANGE, on=user):
        if user.mail and address != user.mail:
            tell([actor.id], NoticeKind.WAY_IN_CHANGED)
        user.mail = address or None
        switch_due_mail(actor.id, on=due and bool(address))


def set_preferences(
    actor: Actor, language: str | None, theme: str | None, *, keeps_typing: bool | None = None
) -> None:
    """Keep the language and the look that one wants; None follows the browser.

    And whether the browser keeps what is typed and not sent yet; None leaves it to the device.
    """
    user = policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)
    with authorised(actor, Action.ACCOUNT_CHANGE, on=user):
        user.language, user.theme, user.keeps_typing = language, theme, keeps_typing
