"""One stream out of many files, sealed for the holders of keys elsewhere, and back again."""

import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO

import pyrage

from hrdtracker.backups.faults import BackupFailed, RestoreRefused
from hrdtracker.backups.manifest import Content
from hrdtracker.backups.model import BackupFault

MANIFEST, SIGNATURE, SETTINGS, KEY_FILE = (
    "manifest.json",
    "manifest.mac",
    "settings.json",
    "root.key",
)
SQLITE_COPY, POSTGRESQL_COPY = "hrdtracker.db", "hrdtracker.dump"
NAMES = (MANIFEST, SIGNATURE, SETTINGS, KEY_FILE, SQLITE_COPY, POSTGRESQL_COPY)
"""What may lie in an archive, in this order."""
BLOCK = tarfile.BLOCKSIZE
CHUNK = 1 << 16
SMALL_MOST = 1 << 20
"""How long anything may be but the database."""


def recipient(text: str) -> pyrage.x25519.Recipient:
    """Read a public key; raises ValueError for anything else, a private one above all."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise ValueError("this is no public key of age") from None


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """Read the private keys in a file that age-keygen wrote; raises RestoreRefused."""
    lines = path.read_text("utf-8", "replace").splitlines()
    try:
        keys = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    except pyrage.IdentityError:
        keys = []
    if not keys:
        raise RestoreRefused("This file holds no private key of age (AGE-SECRET-KEY-…).")
    return keys


def seal(folder: Path, names: Iterable[str], recipients: Sequence[str], to: Path) -> Content:
    """Write these files of `folder` into one encrypted file, and return its size and digest."""
    keys = [recipient(each) for each in recipients]
    with to.open("xb") as file:
        written = _Hashing(file)
        pyrage.encrypt_io(_Reader(_tar(folder, names)), written, keys)
    return written.content


def unseal(
    sealed: Path, keys: Sequence[pyrage.x25519.Identity], folder: Path
) -> Mapping[str, Content]:
    """Lay the files of an archive into `folder`, and return what they are.

    Raises BackupFailed where the archive is truncated or altered, RestoreRefused where no key fits.
    """
    unpacked = _Unpacking(folder)
    try:
        with sealed.open("rb") as file:
            pyrage.decrypt_io(file, unpacked, keys)
        return unpacked.finish()
    except pyrage.DecryptError as refused:
        if "No matching keys" in str(refused):
            raise RestoreRefused("This private key does not open this backup.") from None
        raise BackupFailed(BackupFault.DAMAGED) from None
    except OSError as broken:
        if broken.errno is not None:
            raise
        raise BackupFailed(BackupFault.DAMAGED) from None
    except (tarfile.TarError, ValueError):
        raise BackupFailed(BackupFault.DAMAGED) from None
    finally:
        unpacked.let_go()


def content_of(path: Path) -> Content:
    """Return the size and digest of a file."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Content(size, digest.hexdigest())


# Out ----------------------------------------------------------------------------------------------


def _tar(folder: Path, names: Iterable[str]) -> Iterator[bytes]:
    """Yield a tar archive, piece by piece; of its files nothing is told but their length."""
    for name in names:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = (folder / name).stat().st_size, 0o600
        yield entry.tobuf(tarfile.GNU_FORMAT)
        with (folder / name).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        yield b"\0" * (-entry.size % BLOCK)
    yield b"\0" * 2 * BLOCK


class _Reader(io.RawIOBase):
    """What is read from an iterator of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


class _Hashing(io.RawIOBase):
    """A file that tells what was written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest, self._size = file, sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # it is always handed bytes
        """Write all of `data`."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)
        return len(data)

    @property
    def content(self) -> Content:
        """What was written."""
        return Content(self._size, self._digest.hexdigest())


# Back ---------------------------------------------------------------------------------------------


class _Unpacking(io.RawIOBase):
    """Takes in a tar archive piece by piece, and lays the files that may be in it into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = bytearray()
        self._file: IO[bytes] | None = None
        self._out: _Hashing | None = None
        self._name, self._left, self._padding = "", 0, 0
        self._contents: dict[str, Content] = {}

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # it is always handed bytes
        """Take in what was decrypted; raises ValueError where it is no archive of ours."""
        self._waiting += data
        while self._waiting and self._take():
            pass
        return len(data)

    def finish(self) -> Mapping[str, Content]:
        """Return what was laid down; raises ValueError where the archive has no end."""
        if self._file or self._waiting.strip(b"\0") or MANIFEST not in self._contents:
            raise ValueError("the archive has no end")
        return self._contents

    def let_go(self) -> None:
        """Close the file that is being written, where one is."""
        if self._file:
            self._file.close()

    def _take(self) -> bool:
        """Take one step; tell whether there was enough for it."""
        if self._out is not None:
            return self._take_content(self._out)
        if len(self._waiting) < BLOCK:
            return False
        header = bytes(self._waiting[:BLOCK])
        del self._waiting[:BLOCK]
        if header.strip(b"\0"):
            self._begin(tarfile.TarInfo.frombuf(header, "ascii", "strict"))
        return True

    def _begin(self, entry: tarfile.TarInfo) -> None:
        if entry.name not in NAMES or entry.name in self._contents or not entry.isreg():
            raise ValueError("no such file belongs here")
        if entry.size > SMALL_MOST and entry.name not in {SQLITE_COPY, POSTGRESQL_COPY}:
            raise ValueError("too long")
        path = self._folder / entry.name
        path.touch(mode=0o600, exist_ok=False)
        self._name, self._left, self._padding = entry.name, entry.size, -entry.size % BLOCK
        self._file = path.open("wb")
        self._out = _Hashing(self._file)

    def _take_content(self, out: _Hashing) -> bool:
        part = bytes(self._waiting[: self._left])
        del self._waiting[: len(part)]
        out.write(part)
        self._left -= len(part)
        if self._left or len(self._waiting) < self._padding:
            return bool(part)
        del self._waiting[: self._padding]
        self._contents[self._name] = out.content
        self.let_go()
        self._file = self._out = None
        return True
