"""The last entry of the trail, and what checking the whole of it found."""

from dataclasses import dataclass


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
        seq, _, mac = text.strip().partition(":")
        return cls(int(seq), bytes.fromhex(mac))


@dataclass(frozen=True)
class Verdict:
    """What a verification found: `broken_at` is the first entry that does not hold."""

    entries: int
    head: Head
    broken_at: int | None
    cut: bool

    @property
    def holds(self) -> bool:
        """Tell whether the whole trail is as it was written."""
        return self.broken_at is None and not self.cut
