"""The file that holds the one root key, locked with the passphrase of each who may open it."""

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hrdtracker.core.errors import N_, DomainError
from hrdtracker.core.guessing import reason_against

KEY_BYTES = 32
NONCE_BYTES = 12
DEMO_PASSPHRASE = "demo data only: nobody here is real"  # noqa: S105 - it guards invented data
PURPOSE = b"hrdtracker root key v1"


class KeyFileUnusable(DomainError):
    """The key file is missing, damaged, or the passphrase does not open it."""

    default = N_("The passphrase does not open this key file.")


@dataclass(frozen=True)
class Cost:
    """What a guess at the passphrase costs: Argon2id over `memory_kib`, `rounds` times."""

    memory_kib: int = 256 * 1024
    rounds: int = 3
    lanes: int = 4


REAL = Cost()
CHEAP = Cost(memory_kib=8 * 1024, rounds=1, lanes=1)
"""For demo and test key files, whose passphrase is no secret."""


@dataclass(frozen=True)
class RootKey:
    """The opened root key; `demo` says that it may only guard invented data."""

    material: bytes
    demo: bool

    def __repr__(self) -> str:
        return f"RootKey(demo={self.demo})"


def create(path: Path, passphrase: str, *, demo: bool = False) -> RootKey:
    """Make a new root key, write it locked to `path` (0600) and return it; never overwrites."""
    if path.exists():
        raise KeyFileUnusable(N_("There is a key file already; it is not overwritten."))
    root = RootKey(secrets.token_bytes(KEY_BYTES), demo)
    _write(path, root, passphrase, exclusive=True)
    return root


def unlock(path: Path, passphrase: str) -> RootKey:
    """Return the root key of `path`; raises `KeyFileUnusable` with the reason."""
    return unlock_by(path, passphrase)[0]


def unlock_by(path: Path, passphrase: str) -> tuple[RootKey, str]:
    """Return the root key of `path`, and the name of the lock that the passphrase opened."""
    demo, locks = _read(path)
    for lock in locks:
        material = lock.open(passphrase, demo=demo)
        if material is not None:
            return RootKey(material, demo), lock.name
    raise KeyFileUnusable


def lock_names(path: Path) -> frozenset[str]:
    """Return the names of the locks of a key file, each with a passphrase of its own."""
    if not path.exists():
        return frozenset()
    return frozenset(lock.name for lock in _read(path)[1])


def change_passphrase(path: Path, old: str, new: str) -> None:
    """Put a lock with another passphrase in the place of the one that `old` opens.

    The root key stays; the new lock has another name.
    """
    root, name = unlock_by(path, old)
    _replace(path, [lock for lock in _read(path)[1] if lock.name != name], root, new)


def add_passphrase(path: Path, present: str, new: str) -> str:
    """Let one more passphrase open the key file; return the name of its lock."""
    root = unlock(path, present)
    if any(lock.open(new, demo=root.demo) for lock in _read(path)[1]):
        raise KeyFileUnusable(N_("This passphrase opens the key file already: choose another."))
    return _replace(path, _read(path)[1], root, new)


def remove_lock(path: Path, name: str) -> None:
    """Let the passphrase of one lock open the key file no more; the last lock stays."""
    demo, locks = _read(path)
    others = [lock for lock in locks if lock.name != name]
    if not others:
        raise KeyFileUnusable(N_("Nobody could open the data any more: add a passphrase first."))
    _store(path, demo, others)


def is_demo(path: Path) -> bool:
    """Tell whether the key file at `path` says of itself that it guards invented data."""
    try:
        return bool(json.loads(path.read_text("ascii")).get("demo"))
    except (OSError, ValueError, AttributeError):
        return False


@dataclass(frozen=True)
class Lock:
    """The root key locked with one passphrase. Its name, the salt, tells it from the others."""

    cost: Cost
    salt: bytes
    box: bytes

    @classmethod
    def close(cls, root: RootKey, passphrase: str) -> "Lock":
        """Lock a root key with a passphrase; raises KeyFileUnusable for one that is guessed."""
        reason = reason_against(passphrase)
        if reason:
            raise KeyFileUnusable(reason)
        cost = CHEAP if root.demo else REAL
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
        key = AESGCM(_stretch(passphrase, salt, cost))
        return cls(cost, salt, nonce + key.encrypt(nonce, root.material, _about(demo=root.demo)))

    @property
    def name(self) -> str:
        """What tells it from others; a new passphrase makes another lock."""
        return self.salt.hex()

    def open(self, passphrase: str, *, demo: bool) -> bytes | None:
        """Return what is locked; None for another passphrase."""
        key = AESGCM(_stretch(passphrase, self.salt, self.cost))
        try:
            return key.decrypt(self.box[:NONCE_BYTES], self.box[NONCE_BYTES:], _about(demo=demo))
        except InvalidTag:
            return None

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Lock":
        """Return the lock as it stands in the file; raises ValueError, KeyError or TypeError."""
        cost = Cost(int(content["memory_kib"]), int(content["rounds"]), int(content["lanes"]))
        return cls(cost, base64.b64decode(content["salt"]), base64.b64decode(content["locked"]))

    def written(self) -> dict[str, object]:
        """Return the lock as it stands in the file."""
        return {
            "memory_kib": self.cost.memory_kib,
            "rounds": self.cost.rounds,
            "lanes": self.cost.lanes,
            "salt": base64.b64encode(self.salt).decode(),
            "locked": base64.b64encode(self.box).decode(),
        }


def _read(path: Path) -> tuple[bool, list[Lock]]:
    """Return whether it is a demo’s, and its locks; an older file is a lock itself."""
    try:
        content = json.loads(path.read_text("ascii"))
        locks = [Lock.read(each) for each in content.get("locks", [content])]
        return bool(content["demo"]), locks
    except FileNotFoundError:
        raise KeyFileUnusable(N_("There is no key file here.")) from None
    except (AttributeError, ValueError, KeyError, TypeError):
        raise KeyFileUnusable(N_("The key file is damaged.")) from None


def _replace(path: Path, others: Sequence[Lock], root: RootKey, passphrase: str) -> str:
    lock = Lock.close(root, passphrase)
    _store(path, root.demo, [*others, lock])
    return lock.name


def _write(path: Path, root: RootKey, passphrase: str, *, exclusive: bool) -> None:
    _store(path, root.demo, [Lock.close(root, passphrase)], exclusive=exclusive)


def _store(path: Path, demo: bool, locks: Sequence[Lock], *, exclusive: bool = False) -> None:  # noqa: FBT001 - what the file says
    """Write the file in one step: whoever reads meanwhile finds the old one, or the new one."""
    content = {
        "what": "root key of an hrdtracker instance, locked with one passphrase or several",
        "demo": demo,
        "locks": [lock.written() for lock in locks],
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if exclusive:
        path.touch(mode=0o600, exist_ok=False)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    with beside.open("w", encoding="ascii") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())  # without this file, nothing can ever be read again
    beside.replace(path)


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    argon = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.rounds,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return argon.derive(passphrase.encode())


def _about(*, demo: bool) -> bytes:
    return PURPOSE + (b" demo" if demo else b"")
