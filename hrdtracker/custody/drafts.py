"""What a channel hands over about several people of a case at once: what happened, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from uuid import UUID
from zlib import crc32

from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import Money
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent, CustodyStep
from hrdtracker.people.drafts import Victim

PLACE_MOST = 300
AT_ONCE_MOST = 500
NOBODY: Mapping[UUID, int] = MappingProxyType({})


def _whom(count: int) -> Reasons:
    """Say what is wrong with how many people something is about; nothing where it can be so."""
    if not count:
        return {"stays": N_("Tick the people whom this is about.")}
    if count > AT_ONCE_MOST:
        return {"stays": Message(N_("At most %(most)s people at once."), {"most": AT_ONCE_MOST})}
    return {}


@dataclass(frozen=True)
class AddedPerson:
    """Somebody whom the case did not name yet; `group` is where those are of whom they are one."""

    who: Victim
    group: UUID | None = None


@dataclass(frozen=True)
class CustodyDraft:
    """What happened to several people at once, when, where, and how we know.

    `stays` say whom it is about, by where they are now (or by who they are, of whom nothing says
    where); `counts` says of a group how many of it. Those `added` come to the case with it.
    `order_unclear` where an arrival is told from before the end of the stay before: sources differ.
    """

    kind: CustodyEvent | None
    happened: When | None
    stays: tuple[UUID, ...]
    end_kind: str | None = None
    place_held: str | None = None
    prison: str | None = None
    known_by: str | None = None
    counts: Mapping[UUID, int] = field(default_factory=lambda: NOBODY)
    added: tuple[AddedPerson, ...] = ()
    order_unclear: bool = False
    sending: Sending | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check(self._reasons())

    def _reasons(self) -> Reasons:
        reasons: Reasons = unfit({"held": self.place_held}, PLACE_MOST)
        reasons |= unkeepable({"when": self.happened.as_told if self.happened else None})
        reasons |= _whom(len(self.stays) + len(self.added))
        if self.kind is None or (self.kind == CustodyEvent.ENDED) != bool(self.end_kind):
            reasons["what"] = N_("Choose what happened.")
        if self.happened is None:
            reasons["when"] = N_("Write when it happened, roughly. “Not known” is an answer too.")
        if any(count < 1 for count in self.counts.values()):
            reasons["stays"] = N_("How many of a group: a number from 1.")
        return reasons

    @property
    def fingerprint(self) -> str:
        """What tells whether somebody looked at just this before they recorded it."""
        ordered = {
            "stays": sorted(uid.hex for uid in self.stays),
            "counts": sorted((uid.hex, count) for uid, count in self.counts.items()),
        }
        names = [each.name for each in fields(self) if each.compare]
        told = [(name, ordered.get(name, getattr(self, name))) for name in names]
        return f"{crc32(repr(told).encode()):08x}"


@dataclass(frozen=True)
class StepsDraft:
    """What was done for several people who are held: of each kind when, and how we know."""

    stays: tuple[UUID, ...]
    steps: Mapping[CustodyStep, When]
    known_by: str | None = None
    sending: Sending | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        reasons: Reasons = unkeepable({kind: when.as_told for kind, when in self.steps.items()})
        reasons |= _whom(len(self.stays))
        if not self.steps:
            reasons[CustodyStep.FAMILY_INFORMED] = N_("Write when at least one of these happened.")
        check(reasons)


@dataclass(frozen=True)
class BailDraft:
    """On what terms somebody was released on bail: how much, who paid, under which conditions."""

    bail: Money | None = None
    paid_by: str | None = None
    conditions: str | None = None
    known_by: str | None = None

    def __post_init__(self) -> None:
        reasons: Reasons = unfit({"conditions": self.conditions}, TEXT_MOST)
        if self.bail is None and not self.conditions:
            reasons["conditions"] = N_("Write the conditions, the sum, or both.")
        check(reasons)
