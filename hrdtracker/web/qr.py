"""A QR picture as one line of drawing, which a page draws without marking anything as safe."""

from dataclasses import dataclass

import segno

QUIET = 4
"""The white edge that a reader needs, in modules."""


@dataclass(frozen=True)
class Picture:
    """A square of `size` modules, and the path of the dark ones."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """Return the picture of a text."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    dark = (
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    )
    return Picture(len(rows) + 2 * QUIET, "".join(dark))
