"""The last entry of the trail, and what checking the whole of it found."""

import re
from dataclasses import dataclass

WRITTEN = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True)
class Head:
    """The last entry: kept elsewhere, it shows whether entries were cut off the end."""

    seq: int
    mac: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.mac.hex()}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read what `str` wrote; raises ValueError."""
        match = WRITTEN.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError("this is no head of a trail")
        return cls(int(match[1]), bytes.fromhex(match[2]))


@dataclass(frozen=True)
class ChainVerification:
    """What a verification found: `broken_at` is the first entry that does not hold."""

    entries: int
    head: Head
    broken_at: int | None
    cut: bool

    @property
    def holds(self) -> bool:
        """Tell whether the whole trail is as it was written."""
        return self.broken_at is None and not self.cut


@dataclass(frozen=True)
class ReadingVerification(ChainVerification):
    """The same of the access log: `head` and `broken_at` are batches, `unsealed` is in none yet."""

    unsealed: int = 0
