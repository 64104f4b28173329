"""The file that holds the one root key, locked with a passphrase."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

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
    try:
        content = json.loads(path.read_text("ascii"))
        salt, box = base64.b64decode(content["salt"]), base64.b64decode(content["locked"])
        cost = Cost(int(content["memory_kib"]), int(content["rounds"]), int(content["lanes"]))
        demo = bool(content["demo"])
    except FileNotFoundError:
        raise KeyFileUnusable(N_("There is no key file here.")) from None
    except (ValueError, KeyError, TypeError):
        raise KeyFileUnusable(N_("The key file is damaged.")) from None
    try:
        opened = AESGCM(_stretch(passphrase, salt, cost)).decrypt(
            box[:NONCE_BYTES], box[NONCE_BYTES:], _about(demo=demo)
        )
    except InvalidTag:
        raise KeyFileUnusable from None
    return RootKey(opened, demo)


def change_passphrase(path: Path, old: str, new: str) -> None:
    """Lock the same root key with another passphrase; the file is replaced in one step."""
    root = unlock(path, old)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    _write(beside, root, new, exclusive=True)
    beside.replace(path)


def is_demo(path: Path) -> bool:
    """Tell whether the key file at `path` says of itself that it guards invented data."""
    try:
        return bool(json.loads(path.read_text("ascii")).get("demo"))
    except (OSError, ValueError, AttributeError):
        return False


def _write(path: Path, root: RootKey, passphrase: str, *, exclusive: bool) -> None:
    reason = reason_against(passphrase)
    if reason:
        raise KeyFileUnusable(reason)
    cost = CHEAP if root.demo else Cost()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
    locked = AESGCM(_stretch(passphrase, salt, cost)).encrypt(
        nonce, root.material, _about(demo=root.demo)
    )
    content = {
        "what": "root key of an hrdtracker instance, locked with a passphrase",
        "demo": root.demo,
        "memory_kib": cost.memory_kib,
        "rounds": cost.rounds,
        "lanes": cost.lanes,
        "salt": base64.b64encode(salt).decode(),
        "locked": base64.b64encode(nonce + locked).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=not exclusive)
    with path.open("w", encoding="ascii") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())  # without this file, nothing can ever be read again


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
