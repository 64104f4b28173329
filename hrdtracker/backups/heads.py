"""The heads of both chains, kept elsewhere: they show that a database is older than it was."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from hrdtracker.audit import chain, reading_chain
from hrdtracker.audit.checkpoint import Head
from hrdtracker.audit.model import ReadingBatch
from hrdtracker.backups.epoch import fingerprint
from hrdtracker.backups.places import Folder
from hrdtracker.core import clock
from hrdtracker.core.db import session

WRITTEN = re.compile(r"at (\S+)\ntrail (\S+)\nreadings (\S+)\n")
MOST_BYTES = 1000


@dataclass(frozen=True)
class ChainHeads:
    """The last entry of the trail, and the last batch of readings, as they were at a moment."""

    at: datetime
    trail: Head
    readings: Head

    def __str__(self) -> str:
        return f"at {self.at.isoformat()}\ntrail {self.trail}\nreadings {self.readings}\n"

    @classmethod
    def read(cls, text: str) -> "ChainHeads":
        """Read what `str` wrote; raises ValueError."""
        match = WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError("these are no heads")
        return cls(datetime.fromisoformat(match[1]), Head.read(match[2]), Head.read(match[3]))


def present_heads() -> ChainHeads:
    """Return the heads of this database."""
    last = reading_chain.last_batch()
    return ChainHeads(clock.now(), chain.head(), Head(last.number, last.mac))


def kept_heads(folder: Path) -> ChainHeads | None:
    """Return the heads that a folder keeps of databases of this key; None where it has none.

    What this key did not sign counts for nothing, so that nobody else brings us to a standstill.
    Raises OSError where the folder is away.
    """
    folder.stat()
    try:
        with (folder / _name()).open("rb") as file:
            text, _, signature = file.read(MOST_BYTES).decode().rpartition("signature ")
        heads = ChainHeads.read(text)
    except (FileNotFoundError, ValueError):
        return None
    return heads if hmac.compare_digest(signature.strip(), _signature(text)) else None


def keep_heads(folder: Path, heads: ChainHeads) -> None:
    """Keep heads in a folder, in place of those before: whole, or not at all."""
    text = str(heads)
    with TemporaryDirectory() as aside:
        file = Path(aside) / "heads"
        file.write_text(f"{text}signature {_signature(text)}\n", "ascii")
        Folder(folder).put(_name(), file)


def holds(heads: ChainHeads) -> bool:
    """Tell whether this database holds what was known when these heads were kept."""
    query = select(ReadingBatch.mac).where(ReadingBatch.number == heads.readings.seq)
    return _is(heads.trail, chain.mac_of(heads.trail.seq)) and _is(
        heads.readings, session().scalar(query)
    )


def _is(head: Head, mac: bytes | None) -> bool:
    return head.seq == 0 or (mac is not None and hmac.compare_digest(head.mac, mac))


def _name() -> str:
    """Return what the file is called: nothing of whose it is, and another for each key."""
    return f"heads-{fingerprint()[:12]}.txt"


def _signature(text: str) -> str:
    signature: str = session().info["vault"].fingerprint("heads of the chains", text)
    return signature
