"""What an attacker guesses first: the one rule for passwords, and for what opens the root key."""

from functools import cache
from importlib.resources import files
from string import digits, punctuation
from unicodedata import category

from hrdtracker.core.errors import N_, Message

LEAST = 14
MOST = 200
AROUND = f"{digits}{punctuation}០១២៣៤៥៦៧៨៩"


def reason_against(secret: str) -> Message | None:
    """Return why a secret is too easily guessed: it is short, or common; None where it is not."""
    if len(secret) < LEAST:
        return Message(
            N_("A password needs %(least)s characters or more. Four words do well."),
            {"least": LEAST},
        )
    if len(secret) > MOST:
        return Message(N_("A password has at most %(most)s characters."), {"most": MOST})
    if is_common(secret.casefold()):
        return Message(N_("This password is among the first that an attacker tries."))
    return None


@cache
def common_passwords() -> frozenset[str]:
    """Return passwords, and parts of passwords, that attackers try first, in small letters."""
    text = files("hrdtracker.core").joinpath("common_passwords.txt").read_text("utf-8")
    lines = (line.strip().casefold() for line in text.splitlines() if not line.startswith("# "))
    return frozenset(line for line in lines if line)


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
