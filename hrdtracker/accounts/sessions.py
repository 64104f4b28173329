"""Who is signed in: sessions that end when they should, and can be ended by their owner."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, select, update

from hrdtracker.access.action import Action
from hrdtracker.access.actor import NOBODY, Actor, Seat
from hrdtracker.access.model import (
    LOGS_MEANWHILE,
    Membership,
    Office,
    Organisation,
    Role,
    User,
    UserState,
)
from hrdtracker.access.second_factor import second_factor_needed_by
from hrdtracker.accounts import devices, feeds, passwords, throttle
from hrdtracker.accounts.drafts import LOGIN
from hrdtracker.accounts.has_factor import has_factor, has_one
from hrdtracker.accounts.model import LoginSession, Password
from hrdtracker.authorised import authorised, note_refusal
from hrdtracker.core import clock
from hrdtracker.core.db import Instant, present, session
from hrdtracker.core.errors import N_, DomainError
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
PROVEN_FOR = timedelta(minutes=15)
"""How long it counts that somebody showed who they are."""
SECOND_STEP_WITHIN = timedelta(minutes=10)
TOKEN_BYTES = 32


class SignInRefused(DomainError):
    """The user name and password do not belong together, or the user may not sign in."""

    default = N_("The user name and the password do not go together.")


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session that is alive.

    `keeps_typing` is whether their browser keeps what is typed and not sent, as they want it; None
    leaves it to the device. `may_keep_typing` is whether their offices allow it.
    """

    actor: Actor
    session_id: int
    session_uid: UUID
    login: str
    language: str | None
    theme: str | None
    keeps_typing: bool | None
    may_keep_typing: bool
    zone: str
    product: str
    terms_version: int
    seen_at: datetime
    has_factor: bool
    factor_needed_by: datetime | None
    """From when they must have a second factor; None where they have one, or need none."""

    @property
    def must_add_factor(self) -> bool:
        """Tell whether nothing is open to them until they have a second factor."""
        return self.factor_needed_by is not None and self.factor_needed_by <= clock.now()


@dataclass(frozen=True)
class HalfSignedIn:
    """Somebody who gave the password and is yet to show the second factor: nothing is open."""

    user: User
    session_id: int


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return sha256(token.encode()).digest()


def waits(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a membership runs and does not count: nobody confirmed it yet."""
    return Membership.runs(moment) & Membership.counts_since.is_(None)


_HOLDS_TOKEN = (
    select(
        LoginSession.id.label("session_id"),
        LoginSession.uid.label("session_uid"),
        LoginSession.seen_at,
        LoginSession.proven_at,
        has_factor(User.id).label("has_factor"),
        User.id,
        User.uid,
        User.login,
        User.language,
        User.theme,
        User.keeps_typing,
        Office.keeps_typing.label("office_keeps_typing"),
        Organisation,
        DataKeyWrap.kek_version,
        DataKeyWrap.wrapped,
        Compartment.uid.label("compartment_uid"),
        Membership.role,
        Membership.office_id,
        Membership.counts_since,
    )
    .join(User, User.id == LoginSession.user_id)
    .join(Organisation, Organisation.id == User.organisation_id)
    .join(DataKeyWrap, DataKeyWrap.data_key_id == Organisation.data_key_id)
    .join(Compartment, Compartment.id == DataKeyWrap.compartment_id)
    .outerjoin(
        Membership,
        and_(Membership.user_id == User.id, Membership.runs(present())),
    )
    .outerjoin(Office, Office.id == Membership.office_id)
    .where(
        LoginSession.token_digest == bindparam("digest"),
        LoginSession.ended_at.is_(None),
        LoginSession.proven_at.is_not(None),
        LoginSession.seen_at > bindparam("seen_after", type_=Instant()),
        LoginSession.began_at > bindparam("began_after", type_=Instant()),
        User.state == UserState.ACTIVE,
    )
)
"""Asked at the start of every page, and so put together once."""


def identify(token: str) -> Visitor | None:
    """Return who holds this token, with the roles that count now; holds the organisation’s key."""
    moment = clock.now()
    parameters = {
        "digest": digest(token),
        "seen_after": moment - IDLE,
        "began_after": moment - LONGEST,
    }
    rows = session().execute(_HOLDS_TOKEN, parameters).all()
    if not rows:
        return None
    here = rows[0]
    organisation = here.Organisation
    ring().accept(organisation.data_key_id, here.compartment_uid, here.kek_version, here.wrapped)
    session().info["organisation"] = organisation  # at hand, so that no act reads it again
    counting = [row for row in rows if row.counts_since is not None]
    seats = frozenset(Seat(Role(row.role), row.office_id) for row in counting)
    waiting = [row for row in rows if row.counts_since is None and row.role in LOGS_MEANWHILE]
    logs_in = frozenset(row.office_id for row in waiting)
    proven = here.proven_at > moment - PROVEN_FOR
    actor = Actor(here.id, here.uid, organisation.id, seats, proven=proven, logs_in=logs_in)
    needed = second_factor_needed_by(actor, organisation, demo=ring().vault.demo)
    return Visitor(
        actor=actor,
        session_id=here.session_id,
        session_uid=here.session_uid,
        login=here.login,
        language=here.language,
        theme=here.theme,
        keeps_typing=here.keeps_typing,
        may_keep_typing=all(row.office_keeps_typing is not False for row in rows),
        zone=organisation.zone,
        product=organisation.product,
        terms_version=organisation.terms_version,
        seen_at=here.seen_at,
        has_factor=bool(here.has_factor),
        factor_needed_by=None if here.has_factor else needed,
    )


def half_signed_in(token: str) -> HalfSignedIn | None:
    """Return who holds the token of a session that waits for the second factor."""
    query = (
        select(User, LoginSession.id)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_digest == digest(token),
            LoginSession.ended_at.is_(None),
            LoginSession.proven_at.is_(None),
            LoginSession.began_at > clock.now() - SECOND_STEP_WITHIN,
            User.state == UserState.ACTIVE,
        )
    )
    row = session().execute(query).one_or_none()
    return HalfSignedIn(*row) if row else None


def ended_for(token: str) -> User | None:
    """Return whose session with this token is over, to ask for the password again.

    It expired, or ended because a role or the password changed: whoever signs out removes the
    token from the browser.
    """
    query = (
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.token_digest == digest(token))
    )
    return session().scalar(query)


def seen(session_id: int) -> None:
    """Note the last sign of life of a session. Inside `side_transaction`."""
    session().connection().execute(
        update(LoginSession).where(LoginSession.id == session_id).values(seen_at=clock.now())
    )


def sign_in(login: str, password: str, address: str, device: str, marks: str = "") -> str:
    """Begin a session and return its token; raises SignInRefused, MustWait or TooBusy.

    `marks` is what the browser keeps of those who signed in with it (`devices`).
    """
    name = login.strip().casefold()
    name = name if LOGIN.fullmatch(name) else ""
    known = devices.number_of(name, marks)
    keys = throttle.keys_at_door(name, address, known)
    throttle.admit(keys)
    user, hashed = _credentials(name)
    session().rollback()  # no transaction stays open while a password is hashed
    try:
        is_right = passwords.matches(hashed, password)
    except passwords.TooBusy:
        throttle.give_back(keys)
        raise
    if not is_right or user is None or user.state != UserState.ACTIVE:
        note_failure(user)
        raise SignInRefused
    token = begin(user, device, is_new=not known)
    throttle.forgive(keys)
    return token


def begin(user: User, device: str, *, is_new: bool = False) -> str:
    """Begin a session of a user who has just given the password or a code; return its token.

    Where they have a second factor, it opens nothing until that is shown. `is_new` is whether
    nobody signed in so with this browser before.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.SESSION_BEGIN, within=user):
        moment = clock.now()
        session().add(
            LoginSession(
                user_id=user.id,
                token_digest=digest(token),
                device=device[:60],
                began_at=moment,
                seen_at=moment,
                proven_at=None if has_one(user.id) else moment,
            )
        )
        if is_new:
            notices.tell([user.id], NoticeKind.NEW_BROWSER)
    return token


def rotate(session_id: int) -> str:
    """Give a session another token, so that one who took the last has nothing; inside a door."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session().get_one(LoginSession, session_id).token_digest = digest(token)
    return token


def prove(session_id: int) -> str:
    """Note that the owner of a session has shown who they are; return its new token.

    Inside an open door.
    """
    signed_in = session().get_one(LoginSession, session_id)
    lock(signed_in)
    if signed_in.ended_at is not None:
        raise SignInRefused
    token = rotate(session_id)
    signed_in.proven_at = signed_in.seen_at = clock.now()
    return token


def alive(user_id: int) -> list[LoginSession]:
    """Return the sessions of a user that are alive, the latest first."""
    moment = clock.now()
    query = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.ended_at.is_(None),
            LoginSession.proven_at.is_not(None),
            LoginSession.seen_at > moment - IDLE,
            LoginSession.began_at > moment - LONGEST,
        )
        .order_by(LoginSession.seen_at.desc())
    )
    return list(session().scalars(query))


def last_seen(user_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when some users last asked for a page, by number; who never did is not among them."""
    query = (
        select(LoginSession.user_id, func.max(LoginSession.seen_at))
        .where(LoginSession.user_id.in_(list(user_ids)), LoginSession.proven_at.is_not(None))
        .group_by(LoginSession.user_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def end_everybody() -> None:
    """End every session, whoever’s it is, and every calendar’s address; inside an open door."""
    feeds.end_feeds()
    for signed_in in session().scalars(select(LoginSession).where(LoginSession.ended_at.is_(None))):
        signed_in.ended_at = clock.now()


def end_all(user_id: int, keep: int | None = None) -> None:
    """End the sessions of a user, all but `keep`, and their calendar’s address; in an open door."""
    feeds.end_feeds(user_id)
    query = select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.ended_at.is_(None)
    )
    for signed_in in session().scalars(query):
        if signed_in.id != keep:
            signed_in.ended_at = clock.now()


def _credentials(name: str) -> tuple[User | None, str | None]:
    """Return the user with this name and the hash of the password, as far as there are any."""
    query = (
        select(User, Password.hash)
        .outerjoin(Password, Password.user_id == User.id)
        .where(User.login == name)
    )
    row = session().execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def note_failure(user: User | None, action: Action = Action.SESSION_BEGIN) -> None:
    """Put a sign-in that failed on the trail; where the name is nobody's, on that of the first."""
    organisation = user.organisation_id if user else session().scalar(func.min(Organisation.id))
    nobody = Actor(0, NOBODY, organisation or 0)
    note_refusal(nobody, action, User.__tablename__, user.uid if user else None)
