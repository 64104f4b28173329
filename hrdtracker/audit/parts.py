"""More than fits into memory, sorted into parts: on the disk, under a key that nobody keeps."""

import marshal
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOGETHER = 64
"""How many things of a part are written at once: 256 parts then wait with some 30 MB at most."""
NONCE_BYTES = 12


class Parts:
    """Plain values (tuples, lists, dicts, texts, numbers) by the number of their part, in order."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._box = AESGCM(AESGCM.generate_key(256))
        self._waiting: defaultdict[int, list[Any]] = defaultdict(list)
        self._pieces: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def add(self, part: int, value: Any) -> None:
        """Put a value after the others of its part."""
        waiting = self._waiting[part]
        waiting.append(value)
        if len(waiting) == TOGETHER:
            self._write(part)

    def read(self, part: int) -> Iterator[Any]:
        """Yield the values of a part in the order in which they were added."""
        for place, size in self._pieces[part]:
            self._file.seek(place)
            nonce, sealed = self._file.read(NONCE_BYTES), self._file.read(size)
            yield from marshal.loads(self._box.decrypt(nonce, sealed, None))  # noqa: S302 - our own
        yield from self._waiting[part]

    def _write(self, part: int) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._box.encrypt(nonce, marshal.dumps(self._waiting.pop(part)), None)
        place = self._file.seek(0, 2)
        self._file.write(nonce + sealed)
        self._pieces[part].append((place, len(sealed)))


@contextmanager
def parts() -> Iterator[Parts]:
    """Open a place for values; what it wrote is gone afterwards, and was never to be read."""
    with tempfile.TemporaryFile() as file:
        yield Parts(file)
