"""How the trail writes a value down, as JSON can hold it."""

import base64
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

AS_THEY_ARE = frozenset({str, int, bool, float})
"""Kinds of values that JSON holds as they are: most of them, so they are told apart first."""


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; a sealed one stays sealed."""
    if isinstance(value, bytes):
        return {"sealed": base64.b64encode(value).decode()}
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, StrEnum):
        return str(value)
    return value
