"""Passwords: what is good enough, and hashing that leaves other requests their turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from string import digits, punctuation
from threading import BoundedSemaphore
from unicodedata import category, normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hrdtracker.core.errors import N_, DomainError, Message, Refused

LEAST = 14
MOST = 200
HASHED_AT_ONCE = 2
PART_OF_IT = 4
"""A user name of fewer letters may stand in a password by chance."""
AROUND = f"{digits}{punctuation}០១២៣៤៥៦៧៨៩"
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=1$"
    "WYmdtdGLkCgnBgHLprmUpg$UGSIbXo2qL/BDK4mdm/q/7mg8yz3G+9bMYYg9LbGSG8"
)
"""What is checked where there is no user or no password, so that this takes the same time."""
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_places = BoundedSemaphore(HASHED_AT_ONCE)


class TooBusy(DomainError):
    """As many passwords are being checked as the machine can bear; trying again helps."""

    default = N_("Many people are signing in at this moment. Wait a few seconds and try again.")


@cache
def common_passwords() -> frozenset[str]:
    """Return passwords, and parts of passwords, that attackers try first, in small letters."""
    text = files("hrdtracker.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    lines = (line.strip().casefold() for line in text.splitlines() if not line.startswith("# "))
    return frozenset(line for line in lines if line)


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
    elif is_common(plain):
        reason = N_("This password is among the first that an attacker tries.")
    elif len(login) >= PART_OF_IT and login.casefold() in plain:
        reason = N_("The password must not contain the user name.")
    if reason:
        raise Refused({"password": reason})


def is_common(plain: str) -> bool:
    """Tell whether a password (in small letters) is one that attackers try first.

    So is a common one with digits and signs around it or in it, twice the same, two common ones
    in a row, and one that is only digits.
    """
    common = common_passwords()
    packed = "".join(plain.split())
    letters = "".join(sign for sign in packed if category(sign)[0] in "LM")
    middle = packed.strip(AROUND)
    if packed in (packed * 2)[1:-1] or not letters or {plain, packed, middle, letters} & common:
        return True
    return any(letters[:at] in common and letters[at:] in common for at in range(1, len(letters)))


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
        return hashed is not None


def _normal(password: str) -> bytes:
    """Return what is hashed: the same however a keyboard composes its letters."""
    return normalize("NFKC", password).encode("utf-8", "surrogatepass")


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=2):
        raise TooBusy
    try:
        yield
    finally:
        _places.release()
