"""How a record moves from one status to the next: arrows, and nothing else moves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from hrdtracker.core.errors import WrongStatus

Status = TypeVar("Status", bound=StrEnum)
Verb = TypeVar("Verb", bound=StrEnum)


class HasStatus(Protocol):
    """A record that stands somewhere in a workflow."""

    status: str


@dataclass(frozen=True)
class Step(Generic[Verb, Status]):
    """One arrow: `action` moves a record from `source` to `target`."""

    action: Verb
    source: Status
    target: Status


class Workflow(Generic[Verb, Status]):
    """The arrows of one kind of record."""

    def __init__(self, first: Status, steps: Iterable[Step[Verb, Status]]) -> None:
        self.first = first
        self.steps = tuple(steps)

    def open_to(self, record: HasStatus) -> set[Verb]:
        """Return the verbs that an arrow allows from where the record stands."""
        return {step.action for step in self.steps if step.source == record.status}

    def take(self, record: HasStatus, action: Verb, to: Status | None = None) -> None:
        """Move the record along the arrow of `action`; raises WrongStatus where there is none.

        Where the verb has several from here, `to` says which.
        """
        for step in self.steps:
            if step.action == action and step.source == record.status and to in (None, step.target):
                record.status = step.target
                return
        raise WrongStatus
