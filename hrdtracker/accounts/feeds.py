"""The secret address of somebody’s calendar: made, asked for, and ended with what ends sessions."""

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Membership, User, UserState
from hrdtracker.accounts import throttle
from hrdtracker.accounts.model import CalendarFeed
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.standstill import standstill
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

ADDRESS_BYTES = 32
LENGTH = 2 * ADDRESS_BYTES


def open_feed(actor: Actor) -> str:
    """Make a new address for one’s calendar and return it, this once; the one before ends."""
    user = policy.fetch(actor, Action.FEED_OPEN, User, actor.uid)
    address = secrets.token_hex(ADDRESS_BYTES)
    with authorised(actor, Action.FEED_OPEN, on=user):
        end_feeds(actor.id)
        session().add(
            CalendarFeed(
                user_id=actor.id,
                address_digest=_digest(address),
                seats_digest=_seats(actor.id),
                began_at=clock.now(),
            )
        )
        tell([actor.id], NoticeKind.FEED_OPENED)
    return address


def close_feed(actor: Actor) -> None:
    """End the address of one’s calendar."""
    user = policy.fetch(actor, Action.ACCOUNT_CHANGE, User, actor.uid)
    with authorised(actor, Action.ACCOUNT_CHANGE, on=user):
        end_feeds(actor.id)


def end_feeds(user_id: int | None = None) -> None:
    """End the addresses of a user’s calendar, or everybody’s; inside an open door."""
    query = select(CalendarFeed).where(CalendarFeed.ended_at.is_(None))
    if user_id is not None:
        query = query.where(CalendarFeed.user_id == user_id)
    for feed in session().scalars(query):
        feed.ended_at = clock.now()


def feed_of(actor: Actor) -> CalendarFeed | None:
    """Return the address that one’s calendar asks at; None where there is none, or it is dead."""
    query = select(CalendarFeed).where(
        CalendarFeed.user_id == actor.id, CalendarFeed.ended_at.is_(None)
    )
    feed = session().scalars(query).first()
    return feed if feed is not None and feed.seats_digest == _seats(actor.id) else None


def owner_of(address: str, network: str) -> tuple[User, UUID]:
    """Return whose calendar asks at an address, and which feed that is; raises NotFound.

    Whatever the reason: unknown, ended, its owner locked, their roles changed, an older database
    that waits, or too many addresses tried from this network that were never one.
    """
    keys = throttle.keys_of(feed=throttle.network_of(network))
    if standstill().is_on() or throttle.must_wait(keys):
        raise NotFound
    query = (
        select(CalendarFeed, User)
        .join(User, User.id == CalendarFeed.user_id)
        .where(CalendarFeed.address_digest == _digest(address))
    )
    row = session().execute(query).one_or_none()
    if row is None:
        throttle.count(keys)
        raise NotFound
    feed, user = row
    is_alive = feed.ended_at is None and user.state == UserState.ACTIVE
    if not is_alive or feed.seats_digest != _seats(user.id):
        raise NotFound
    return user, feed.uid


def _digest(address: str) -> bytes:
    return sha256(address.encode()).digest()


def _seats(user_id: int) -> bytes:
    """Return the digest of the roles that count for somebody now."""
    query = select(Membership.uid).where(
        Membership.user_id == user_id, Membership.counts(clock.now())
    )
    uids = sorted(uid.hex for uid in session().scalars(query))
    return sha256(" ".join(uids).encode()).digest()
