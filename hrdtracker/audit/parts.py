"""More than fits into memory, sorted into parts: on the disk, under a key that nobody keeps."""

import marshal
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOGETHER = 8192
"""How many things wait in memory until all are written: some 10 MB."""
NONCE_BYTES = 12


class Parts:
    """Plain values (tuples, lists, dicts, texts, numbers) by the name of their part, in order."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._box = AESGCM(AESGCM.generate_key(256))
        self._waiting: defaultdict[Hashable, list[Any]] = defaultdict(list)
        self._count = 0
        self._pieces: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)

    def add(self, part: Hashable, value: Any) -> None:
        """Put a value after the others of its part."""
        self._waiting[part].append(value)
        self._count += 1
        if self._count == TOGETHER:
            for each in list(self._waiting):
                self._write(each)
            self._count = 0

    def read(self, part: Hashable) -> Iterator[Any]:
        """Yield the values of a part in the order in which they were added."""
        for place, size in self._pieces[part]:
            self._file.seek(place)
            nonce, sealed = self._file.read(NONCE_BYTES), self._file.read(size)
            yield from marshal.loads(self._box.decrypt(nonce, sealed, None))  # noqa: S302 - our own
        yield from self._waiting[part]

    def _write(self, part: Hashable) -> None:
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
