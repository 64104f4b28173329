"""What a channel hands over about a term."""

import re
from dataclasses import dataclass

from hrdtracker.core.errors import N_, Message, Refused

OWN = "own_"
"""How the code of a term begins that somebody added here, so that no file ever takes it."""


@dataclass(frozen=True)
class TermDraft:
    """A new term for a list, in both languages; `parent` is the code of a wider one."""

    label_en: str
    label_km: str
    parent: str | None = None

    def __post_init__(self) -> None:
        reasons: dict[str, Message | str] = {
            name: N_("Write the term, in 200 characters or less.")
            for name in ("label_en", "label_km")
            if not 1 <= len(getattr(self, name).strip()) <= 200
        }
        if reasons:
            raise Refused(reasons)

    @property
    def code(self) -> str:
        """Return the code made of the English words, such as own_land_survey."""
        words = re.sub(r"[^a-z0-9]+", "_", self.label_en.casefold()).strip("_") or "term"
        return f"{OWN}{words}"[:36].rstrip("_")
