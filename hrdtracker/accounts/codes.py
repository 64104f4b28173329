"""Codes that are typed once: too long to guess, in letters that nobody confuses."""

import secrets
from hashlib import sha256

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 28
"""28 letters of 32 are 140 bits."""
GROUP = 4
MEANT = str.maketrans("OIL០១២៣៤៥៦៧៨៩", "0110123456789")
"""What people type for a letter or digit that looks or sounds like it."""


def new_code(length: int = LENGTH) -> str:
    """Return a new code in groups of four, such as 7K2M-…; 5 bits a letter."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(length))
    return "-".join(letters[at : at + GROUP] for at in range(0, length, GROUP))


def meant(typed: str) -> str:
    """Return the letters of a code, the same for every way of typing it."""
    return "".join(letter for letter in typed.upper().translate(MEANT) if letter in LETTERS)


def digest(typed: str) -> bytes:
    """Return what is kept of a code; the same for every way of typing it."""
    return sha256(meant(typed).encode()).digest()
