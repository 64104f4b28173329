"""Codes that are typed once: too long to guess, in letters that nobody confuses."""

import secrets
from hashlib import sha256

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 28
"""28 letters of 32 are 140 bits."""
GROUP = 4
MEANT = str.maketrans("OIL០១២៣៤៥៦៧៨៩", "0110123456789")
"""What people type for a letter or digit that looks or sounds like it."""


def new_code() -> str:
    """Return a new code in groups of four, such as 7K2M-…; 140 bits."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest(typed: str) -> bytes:
    """Return what is kept of a code; the same for every way of typing it."""
    meant = (letter for letter in typed.upper().translate(MEANT) if letter in LETTERS)
    return sha256("".join(meant).encode()).digest()
