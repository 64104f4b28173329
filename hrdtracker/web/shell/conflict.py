"""What somebody saved while a form was open, beside what is being sent: only what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from hrdtracker.access.actor import Actor
from hrdtracker.audit.history import last_changer
from hrdtracker.forms.base import Form
from hrdtracker.forms.difference import differences

Filled = TypeVar("Filled", bound=Form)


@dataclass(frozen=True)
class Conflict:
    """Whether the reader saved it, in another tab, and each field that says something else now."""

    by_reader: bool
    differences: list[tuple[str, str]]


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
    return Conflict(last_changer(record) == actor.uid, differences(mine, theirs, values))
