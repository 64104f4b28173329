"""What a backup says of itself: what is in it, what was counted, and a signature over both."""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from hrdtracker.audit.checkpoint import Head
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.model import BackupFault
from hrdtracker.core.seal import Vault

FORMAT = 1
SUFFIX = ".age"
BESIDE = ".json"
TO_THE_SECOND, EXACTLY = "backup-%Y%m%dT%H%M%SZ", "backup-%Y%m%dT%H%M%S.%fZ"
"""What a backup is called: when it was made, and nothing of whom it is about.

To the microsecond, so that none takes the place of another of the same second; older ones say the
second.
"""


def name_of(instant: datetime) -> str:
    """Return what a backup of this moment (in UTC) is called, without a suffix."""
    return instant.strftime(EXACTLY if instant.microsecond else TO_THE_SECOND)


def moment_of(name: str) -> datetime | None:
    """Return when a backup was made, as its name says; None where this is no such name."""
    for form in (EXACTLY, TO_THE_SECOND):
        with suppress(ValueError):
            return datetime.strptime(name, form).replace(tzinfo=UTC)
    return None


@dataclass(frozen=True)
class Content:
    """A file in the archive: how long it is, and its SHA-256."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Figures:
    """What is compared of two copies: rows of each table, the heads of both chains, the books.

    `ledger` is, by currency, what stands on the debit side of all books. `readings` is the head of
    the access log; a backup of a program before this one does not say it.
    """

    rows: Mapping[str, int]
    head: str
    ledger: Mapping[str, int]
    readings: str = field(default="", compare=False)

    @property
    def seq(self) -> int:
        """The number of the last entry on the trail."""
        return Head.read(self.head).seq


@dataclass(frozen=True)
class Manifest:
    """What an archive holds."""

    format: int
    program: str
    revision: str
    engine: str
    made_at: str
    figures: Figures
    files: Mapping[str, Content]

    @property
    def instant(self) -> datetime:
        """When the copy was taken."""
        return datetime.fromisoformat(self.made_at)

    @property
    def name(self) -> str:
        """What the backup is called, without a suffix."""
        return name_of(self.instant)

    def written(self) -> bytes:
        """Return it as it stands in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read what `written` wrote; raises BackupFailed for anything else."""
        try:
            content: dict[str, Any] = json.loads(written)
            files = {name: Content(**each) for name, each in content.pop("files").items()}
            made = cls(**content | {"figures": Figures(**content["figures"]), "files": files})
            Head.read(made.figures.head)
            Head.read(made.figures.readings or made.figures.head)
            usable = made.format == FORMAT and made.instant.tzinfo is not None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupFailed(BackupFault.DAMAGED) from None
        if not usable:
            raise BackupFailed(BackupFault.DAMAGED)
        return made


@dataclass(frozen=True)
class BackupReceipt:
    """What stands beside an encrypted backup: enough to tell, without its key, whether it is whole.

    It says nothing of what is inside; `mac` is a signature that only the root key makes.
    """

    name: str
    size_bytes: int
    sha256: str
    seq: int
    mac: str = ""

    def signed(self, vault: Vault) -> "BackupReceipt":
        """Return it with its signature."""
        return BackupReceipt(self.name, self.size_bytes, self.sha256, self.seq, self._mac(vault))

    def check(self, vault: Vault) -> None:
        """Raise BackupFailed where it was not signed with this root key."""
        if not hmac.compare_digest(self.mac, self._mac(vault)):
            raise BackupFailed(BackupFault.DAMAGED)

    def written(self) -> bytes:
        """Return it as it lies beside the backup."""
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read what `written` wrote; raises BackupFailed for anything else."""
        try:
            return cls(**json.loads(written))
        except (ValueError, TypeError):
            raise BackupFailed(BackupFault.DAMAGED) from None

    def _mac(self, vault: Vault) -> str:
        said = json.dumps([self.name, self.size_bytes, self.sha256, self.seq])
        return vault.fingerprint("receipt of a backup", said)


def sign(vault: Vault, written: bytes) -> str:
    """Return the signature of a manifest as it was written."""
    return vault.fingerprint("manifest of a backup", written.decode())
