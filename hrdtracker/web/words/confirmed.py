"""When something recorded of a court was last confirmed, in the reader’s words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import gettext

from hrdtracker.core import clock
from hrdtracker.core.when.say import say_instant
from hrdtracker.custody.states import FRESH_FOR
from hrdtracker.web.shell.context import locale, today, zone


class Confirmable(Protocol):
    """What says when it was recorded and when it was last confirmed."""

    recorded_at: datetime

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was last said that it is so, since it was recorded."""


@dataclass(frozen=True)
class StillSo:
    """The button that says that something is still so: where it leads, and what was `seen`."""

    url: str
    seen: str


def confirmed_at(row: Confirmable) -> datetime:
    """Return when something was last confirmed: at the latest when it was recorded."""
    return row.confirmed_at or row.recorded_at


def is_old(row: Confirmable) -> bool:
    """Tell whether nobody has confirmed something for a day."""
    return clock.now() - confirmed_at(row) >= FRESH_FOR


def say_confirmed(row: Confirmable) -> str:
    """Return when something was last confirmed."""
    at = say_instant(confirmed_at(row), zone(), locale(), today())
    return str(gettext("last confirmed %(at)s", at=at))
