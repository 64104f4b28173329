"""Which texts can be kept: the signs that they may hold, and how long they may be."""

import re
from collections.abc import Mapping

from hrdtracker.core.errors import N_, Message, Refused

Reasons = dict[str, Message | str]

TEXT_MOST = 20_000
"""The longest text that somebody may write, in characters."""
UNKEEPABLE = N_("This holds characters that cannot be kept: type it again.")
NO_KEYBOARD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, but for tabs and the ends of lines, and halves of characters."""
NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What one line of text does not hold either."""

PASTED = str.maketrans(
    {**dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"), "\x1e": "-", "\x1f": None}
)
"""What a word processor puts on the clipboard for a break of line or page, and for a hyphen."""


def as_typed(text: str, *, one_line: bool = False) -> str:
    """Return a pasted text as a keyboard writes it; a break within `one_line` is a space."""
    typed = text.translate(PASTED)
    return " ".join(typed.splitlines()) if one_line and typed != text else typed


def unkeepable(texts: Mapping[str, str | None], *, one_line: bool = False) -> Reasons:
    """Return a reason for each field with signs that no keyboard writes."""
    wrong = NO_LINE if one_line else NO_KEYBOARD
    return {name: UNKEEPABLE for name, text in texts.items() if text and wrong.search(text)}


def too_long(texts: Mapping[str, str | None], most: int) -> Reasons:
    """Return a reason for each field that is longer than `most` characters."""
    return {
        name: Message(N_("Write %(most)s characters or less."), {"most": most})
        for name, text in texts.items()
        if text and len(text) > most
    }


def unfit(texts: Mapping[str, str | None], most: int) -> Reasons:
    """Return a reason for each field that cannot be kept or is longer than `most` characters."""
    return too_long(texts, most) | unkeepable(texts)


def required(name: str, text: str, otherwise: str, most: int = TEXT_MOST) -> Reasons:
    """Return the reason against a text that is missing, too long, or cannot be kept."""
    return unfit({name: text}, most) if text.strip() else {name: otherwise}


def check(reasons: Reasons) -> None:
    """Raise Refused where there is any reason."""
    if reasons:
        raise Refused(reasons)
