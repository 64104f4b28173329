"""Which signs a text may hold for a database to keep them."""

from collections.abc import Mapping
from unicodedata import category

from hrdtracker.core.errors import N_, Message

UNKEEPABLE = N_("This holds characters that cannot be kept: type it again.")


def is_keepable(text: str) -> bool:
    """Tell whether no sign of a line of text is a control character or half of another."""
    return not any(category(sign) in {"Cc", "Cs"} for sign in text)


def unkeepable(lines: Mapping[str, str]) -> dict[str, Message | str]:
    """Return the reason for each line that cannot be kept, by its field."""
    return {name: UNKEEPABLE for name, text in lines.items() if not is_keepable(text)}
