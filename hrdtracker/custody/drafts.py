"""What a channel hands over about several people of a case at once: what happened, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID
from zlib import crc32

from hrdtracker.core.errors import N_, Message
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent

PLACE_MOST = 300
AT_ONCE_MOST = 500
NOBODY: Mapping[UUID, int] = MappingProxyType({})


@dataclass(frozen=True)
class CustodyDraft:
    """What happened to several people at once, when, where, and how we know.

    `stays` say whom it is about, by where they are now; `counts` says of a group how many of it.
    """

    kind: CustodyEvent | None
    happened: When | None
    stays: tuple[UUID, ...]
    end_kind: str | None = None
    place_held: str | None = None
    prison: str | None = None
    known_by: str | None = None
    counts: Mapping[UUID, int] = field(default_factory=lambda: NOBODY)
    sending: Sending | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        reasons: Reasons = unfit({"held": self.place_held}, PLACE_MOST)
        reasons |= unkeepable({"when": self.happened.as_told if self.happened else None})
        if not self.stays:
            reasons["stays"] = N_("Tick the people whom this is about.")
        if len(self.stays) > AT_ONCE_MOST:
            reasons["stays"] = Message(
                N_("At most %(most)s people at once."), {"most": AT_ONCE_MOST}
            )
        if self.kind is None or (self.kind == CustodyEvent.ENDED) != bool(self.end_kind):
            reasons["what"] = N_("Choose what happened.")
        if self.happened is None:
            reasons["when"] = N_("Write when it happened, roughly. “Not known” is an answer too.")
        if any(count < 1 for count in self.counts.values()):
            reasons["stays"] = N_("How many of a group: a number from 1.")
        check(reasons)

    @property
    def fingerprint(self) -> str:
        """What tells whether somebody looked at just this before they recorded it."""
        told = (
            self.kind, self.happened, sorted(uid.hex for uid in self.stays), self.end_kind,
            self.place_held, self.prison, self.known_by,
            sorted((uid.hex, count) for uid, count in self.counts.items()),
        )  # fmt: skip
        return f"{crc32(repr(told).encode()):08x}"
