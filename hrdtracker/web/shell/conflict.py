"""What was saved while a form was open, and whether by its reader: only what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from hrdtracker.access.actor import Actor
from hrdtracker.audit.history import last_saver
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import Form
from hrdtracker.forms.difference import differences

Filled = TypeVar("Filled", bound=Form)


@dataclass(frozen=True)
class Conflict:
    """Whether the reader saved it, and each field that says something else now."""

    by_reader: bool
    differences: list[tuple[str, str]]

    @property
    def is_stored(self) -> bool:
        """Tell whether the reader has saved what is being sent: the answer to that was lost."""
        return self.by_reader and not self.differences


@dataclass(frozen=True)
class SavedMeanwhile:
    """That a record was saved while a form about it was open, and whether by the reader."""

    by_reader: bool


def saved_meanwhile(actor: Actor, record: UUID, late: Stale | None) -> SavedMeanwhile | None:
    """Return who overtook a form about a record; None where nobody did."""
    return None if late is None else SavedMeanwhile(last_saver(record) == actor.uid)


def conflict(
    actor: Actor,
    record: UUID,
    mine: Filled,
    values: Mapping[str, object],
    offer: Callable[[Filled], object],
) -> Conflict:
    """Return how a record that now says `values` differs from the form that was sent.

    `offer` fills the choices of a form; the form takes the version of the record, so that sending
    it again keeps what it says.
    """
    theirs = type(mine)(None, **values)
    offer(theirs)
    mine["version"].data = str(values["version"])
    return Conflict(last_saver(record) == actor.uid, differences(mine, theirs, values))
