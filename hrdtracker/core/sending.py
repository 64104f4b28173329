"""One sending of a form, as the domain sees it."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Sending:
    """One sending of a form: its idempotency key, what was typed, and which button was pressed.

    `amends` is the version of what an earlier sending with this key made, where this one changes
    it; None lets nothing be changed.
    """

    key: UUID
    content: str = field(default="", repr=False)
    button: str = ""
    amends: int | None = None
