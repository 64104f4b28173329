"""Where backups lie: a folder, a second disk, a bucket; each whole, or not there."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.model import BackupFault
from hrdtracker.backups.work_folder import keep_on_disk
from hrdtracker.core.errors import DomainError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

CREDENTIALS = "backup-s3.toml"
"""The file of the instance that opens a bucket, readable by its owner alone."""
NO_CREDENTIALS = "A bucket needs backup-s3.toml in the instance’s folder: see docs/operate.md."
PART = ".part"
TIMEOUT = timedelta(minutes=5)


class PlaceUnusable(DomainError):
    """A place is named otherwise than one is."""

    default = "A place is a folder (/mnt/disk/backups) or a bucket (s3://bucket/folder)."


class Place(Protocol):
    """Where backups are put, listed, read and removed."""

    def put(self, name: str, path: Path) -> None:
        """Keep a copy of a file under this name, whole or not at all."""

    def names(self) -> list[str]:
        """Return what lies there."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""


class Folder:
    """A folder, on this disk or another."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, path: Path) -> None:
        """Copy it under a name of its own, wait for the disk, and only then name it."""
        part = self._path / f"{name}{PART}"
        with path.open("rb") as source, part.open("wb") as target:
            part.chmod(0o600)
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        part.replace(self._path / name)
        keep_on_disk(self._path)

    def names(self) -> list[str]:
        """Return the files in the folder."""
        return sorted(each.name for each in self._path.iterdir() if each.is_file())

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        with (self._path / name).open("rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        (self._path / name).unlink(missing_ok=True)


class Bucket:
    """A folder of a bucket that speaks S3."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put(self, name: str, path: Path) -> None:
        """Send it in parts, which become an object once all are there."""
        obstore.put(self._store, name, path)

    def names(self) -> list[str]:
        """Return the objects in the folder."""
        return sorted(each["path"] for part in obstore.list(self._store) for each in part)

    def read(self, name: str) -> Iterator[bytes]:
        """Yield an object piece by piece."""
        for piece in obstore.get(self._store, name).stream():
            yield bytes(piece)

    def remove(self, name: str) -> None:
        """Remove an object; one that is not there is none."""
        obstore.delete(self._store, name)


def place(address: str, instance: Path) -> Place:
    """Return the place at an address; raises PlaceUnusable, and BackupFailed where it is away."""
    if address.startswith("/"):
        if not Path(address).is_dir():
            raise BackupFailed(BackupFault.NOT_REACHED)
        return Folder(Path(address))
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.username:
        raise PlaceUnusable
    return Bucket(_store(parts.netloc, parts.path.strip("/"), instance / CREDENTIALS))


def _store(bucket: str, prefix: str, credentials: Path) -> S3Store:
    """Open a bucket with what a file says: two keys, a region, and an endpoint if not Amazon's."""
    try:
        if credentials.stat().st_mode & 0o077:
            raise PlaceUnusable("Others can read backup-s3.toml: chmod 600 it.")
        said = tomllib.loads(credentials.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        raise PlaceUnusable(NO_CREDENTIALS) from None
    endpoint = str(said.get("endpoint", ""))
    known: S3Config = {"region": str(said.get("region", "us-east-1"))}
    if endpoint:
        known["endpoint"] = endpoint
    try:
        known["access_key_id"] = str(said["access_key_id"])
        known["secret_access_key"] = str(said["secret_access_key"])
        options: ClientConfig = {"allow_http": _is_on_this_machine(endpoint), "timeout": TIMEOUT}
        return S3Store(bucket, prefix=prefix or None, config=known, client_options=options)
    except (KeyError, BaseError):
        raise PlaceUnusable(NO_CREDENTIALS) from None


def _is_on_this_machine(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in {"127.0.0.1", "localhost"}
