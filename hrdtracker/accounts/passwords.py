"""Passwords: what is good enough, and hashing that leaves other requests their turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hrdtracker.core.errors import N_, DomainError, Message, Refused
from hrdtracker.core.guessing import reason_against

HASHED_AT_ONCE = 2
WAIT_S = 2
"""How long one more waits until one of them is made."""
PART_OF_IT = 4
"""A user name of fewer letters may stand in a password by chance."""
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=1$"
    "WYmdtdGLkCgnBgHLprmUpg$UGSIbXo2qL/BDK4mdm/q/7mg8yz3G+9bMYYg9LbGSG8"
)
"""What is checked where there is no user or no password, so that this takes the same time."""
VOID = ""
"""The hash of a password that nobody can give any more."""
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_places = BoundedSemaphore(HASHED_AT_ONCE)


class TooBusy(DomainError):
    """As many passwords are being checked as the machine can bear; trying again helps."""

    default = N_("Many people are signing in at this moment. Wait a few seconds and try again.")


def check_new(password: str, login: str) -> None:
    """Refuse one that is easily guessed or holds the user name; `Refused({"password": …})`."""
    reason: Message | str | None = reason_against(password)
    if reason is None and len(login) >= PART_OF_IT and login.casefold() in password.casefold():
        reason = N_("The password must not contain the user name.")
    if reason:
        raise Refused({"password": reason})


def hash_password(password: str) -> str:
    """Return the Argon2id hash, outside transactions; raises TooBusy when two are in the making."""
    with _place():
        return _hasher.hash(_normal(password))


def matches(hashed: str | None, password: str) -> bool:
    """Tell whether a password is right; without a hash it takes the same time and is not."""
    with _place():
        try:
            _hasher.verify(hashed or NOBODYS, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(hashed)


def _normal(password: str) -> bytes:
    """Return what is hashed: the same however a keyboard composes its letters."""
    return normalize("NFKC", password).encode("utf-8", "surrogatepass")


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_S):
        raise TooBusy
    try:
        yield
    finally:
        _places.release()
