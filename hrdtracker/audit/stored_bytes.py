"""What a row holds as bytes, the same on every engine: what a MAC or a digest is taken over."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_SECONDS = 24 * 60 * 60


def stored_bytes(fields: Sequence[Any]) -> bytes:
    """Return the length and the bytes of each column, one after the other."""
    parts: list[bytes] = []
    for value in fields:
        stored = STORED.get(type(value), _text)(value)
        parts += (len(stored).to_bytes(4, "big"), stored)
    return b"".join(parts)


def _text(value: Any) -> bytes:
    return str(value).encode()


def _instant(value: datetime) -> bytes:
    """Return the microseconds since 1970."""
    since = value - EPOCH
    return b"%d" % ((since.days * DAY_SECONDS + since.seconds) * 1_000_000 + since.microseconds)


STORED: dict[type, Callable[[Any], bytes]] = {
    bytes: lambda value: value,
    str: str.encode,
    int: lambda value: b"%d" % value,
    datetime: _instant,
    UUID: lambda value: value.bytes,
    type(None): lambda _: b"",
}
"""What stands for a column's value by its kind, the same on every engine; else its text."""
