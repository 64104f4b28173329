"""Which browsers somebody has signed in with: what strangers try elsewhere does not hinder these.

A browser keeps a mark for each of the few people who signed in with it: when, a random number, and
a keyed digest that binds both to the user name. Nothing in it names anybody.
"""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hrdtracker.access.model import User
from hrdtracker.accounts.model import Password
from hrdtracker.core import clock
from hrdtracker.core.db import session

REMEMBERED_FOR = timedelta(days=180)
PEOPLE_MOST = 4
"""How many people’s marks one browser keeps."""
COOKIE_MOST = 1000
BETWEEN, WITHIN = "~", "."
NUMBER_BYTES = 16


@dataclass(frozen=True)
class Mark:
    """That somebody signed in here: when (seconds since 1970), and a random number."""

    at: int
    number: str
    seal: str

    def __str__(self) -> str:
        return WITHIN.join((f"{self.at:x}", self.number, self.seal))


def remember(cookie: str, login: str) -> str:
    """Return a browser’s cookie with a fresh mark for who has just signed in."""
    at, number = int(clock.now().timestamp()), secrets.token_hex(NUMBER_BYTES)
    fresh = Mark(at, number, _seal(at, number, login))
    others = [mark for mark in _marks(cookie) if not _is_of(mark, login)]
    return BETWEEN.join(str(mark) for mark in (fresh, *others[: PEOPLE_MOST - 1]))


def number_of(login: str, cookie: str) -> str:
    """Return by what the browser is known to whoever signs in so; empty where it is not.

    Nothing is asked of the database: a name that is nobody’s takes the same time.
    """
    return next((mark.number for mark in _own(login, cookie)), "")


def is_known(user: User, cookie: str) -> bool:
    """Tell whether a user has signed in with this browser since the password was last changed."""
    password = session().get(Password, user.id)
    since = int(password.changed_at.timestamp()) if password else 0
    return any(mark.at >= since for mark in _own(user.login, cookie))


def _own(login: str, cookie: str) -> Iterator[Mark]:
    oldest = (clock.now() - REMEMBERED_FOR).timestamp()
    return (mark for mark in _marks(cookie) if mark.at >= oldest and _is_of(mark, login))


def _marks(cookie: str) -> list[Mark]:
    """Return what stands in a cookie, ours or not."""
    if len(cookie) > COOKIE_MOST or not cookie.isascii():
        return []
    marks = []
    for text in cookie.split(BETWEEN)[:PEOPLE_MOST]:
        at, _, rest = text.partition(WITHIN)
        number, _, seal = rest.partition(WITHIN)
        try:
            marks.append(Mark(int(at, 16), number, seal))
        except ValueError:
            continue
    return marks


def _is_of(mark: Mark, login: str) -> bool:
    return hmac.compare_digest(mark.seal.encode(), _seal(mark.at, mark.number, login).encode())


def _seal(at: int, number: str, login: str) -> str:
    fingerprint: str = session().info["vault"].fingerprint("device", f"{at}/{number}/{login}")
    return fingerprint
