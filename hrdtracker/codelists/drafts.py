"""What a channel hands over about a term."""

import re
from dataclasses import dataclass

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import check, unkeepable

OWN = "own_"
"""How the code of a term begins that somebody added here, so that no file ever takes it."""


@dataclass(frozen=True)
class TermDraft:
    """A new term for a list, in both languages; `parent` is the code of a wider one.

    `sending` says which sending of a form this is.
    """

    label_en: str
    label_km: str
    parent: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        words = {"label_en": self.label_en, "label_km": self.label_km}
        check(
            unkeepable(words, one_line=True)
            | {
                name: N_("Write the term, in 200 characters or less.")
                for name, text in words.items()
                if not 1 <= len(text.strip()) <= 200
            }
        )

    @property
    def code(self) -> str:
        """Return the code made of the English words, such as own_land_survey."""
        words = re.sub(r"[^a-z0-9]+", "_", self.label_en.casefold()).strip("_") or "term"
        return f"{OWN}{words}"[:36].rstrip("_")
