"""Passwords: what is good enough, and hashing that never starves the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hrdtracker.core.errors import N_, DomainError, Message, Refused

LEAST = 14
MOST = 200
HASHED_AT_ONCE = 2
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_places = BoundedSemaphore(HASHED_AT_ONCE)


class TooBusy(DomainError):
    """As many passwords are being checked as the machine can bear; trying again helps."""

    default = N_("Many people are signing in at this moment. Wait a few seconds and try again.")


@cache
def common_passwords() -> frozenset[str]:
    """Return passwords that attackers try first, in small letters."""
    text = files("hrdtracker.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip().casefold() for line in text.splitlines() if line.strip())


def check_new(password: str, login: str) -> None:
    """Refuse a password that is short, common or the user name; `Refused({"password": …})`."""
    reason: Message | str | None = None
    plain = password.casefold()
    if len(password) < LEAST:
        reason = Message(
            N_("A password needs %(least)s characters or more. Four words do well."),
            {"least": LEAST},
        )
    elif len(password) > MOST:
        reason = Message(N_("A password has at most %(most)s characters."), {"most": MOST})
    elif plain in common_passwords() or plain.strip(plain[:1]) == "":
        reason = N_("This password is among the first that an attacker tries.")
    elif login.casefold() in plain:
        reason = N_("The password must not contain the user name.")
    if reason:
        raise Refused({"password": reason})


def hash_password(password: str) -> str:
    """Return the Argon2id hash, outside transactions; raises TooBusy when two are in the making."""
    with _place():
        return _hasher.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Tell whether a password is right; without a hash it takes the same time and is not."""
    with _place():
        try:
            _hasher.verify(hashed or _dummy(), password)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None


@cache
def _dummy() -> str:
    return _hasher.hash("nobody has this password, it only takes its time")


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=2):
        raise TooBusy
    try:
        yield
    finally:
        _places.release()
