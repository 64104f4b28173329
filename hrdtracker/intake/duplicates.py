"""Who is here already, perhaps: names of rows that somebody on record has too, and rows of ids."""

from collections.abc import Iterable

from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.intake.cells import Note
from hrdtracker.people.search import names_readable
from hrdtracker.people.writing import roman_key, search_text

SAME_NAME = Message(N_("The same name stands in another row: possibly the same person."))
ON_RECORD = Message(N_("Somebody of this name is on record: possibly the same person."))
SAME_IDS = N_(
    "“%(name)s”: %(same)s of %(rows)s rows have the ids of rows that came from “%(source)s”. "
    "Say --source %(source)s to bring those up to date, or --other-rows if these are others."
)


class SameIds(DomainError):
    """Rows of this sheet seem to be here under another source; nothing of it was taken."""


class KnownNames:
    """The names of everybody whom the importer may see, and those of the rows so far.

    Two names are the same whatever their typing, the order of their words and their script.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._on_record: set[str] | None = None
        self._rows: dict[str, int] = {}

    def notes(self, row: int, names: Iterable[str]) -> list[Note]:
        """Return a note for each name of a new row that another, or somebody on record, has."""
        notes = []
        for name in names:
            same = _same(name)
            in_rows = any(self._rows.setdefault(key, row) != row for key in same)
            if not self._record.isdisjoint(same):
                notes.append(Note(row, "", ON_RECORD))
            elif in_rows:
                notes.append(Note(row, "", SAME_NAME))
        return notes

    @property
    def _record(self) -> set[str]:
        """What the names on record are compared by: read once, when the first row is new."""
        if self._on_record is None:
            self._on_record = {key for name in names_readable(self._actor) for key in _same(name)}
        return self._on_record


def _same(name: str) -> set[str]:
    """Return what a name is compared by: how it is written, and how it sounds."""
    return {search_text(name), f"~{roman_key(name)}"} - {"", "~"}
