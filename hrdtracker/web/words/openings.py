"""Who has opened something: when, who, by which act, and where it stood on the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from hrdtracker.audit.access_log import Opened
from hrdtracker.core.page import Page
from hrdtracker.core.when.say import say_instant
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.sentences import begin, in_a_row
from hrdtracker.web.words.acts import say_act


@dataclass(frozen=True)
class OpeningLines:
    """A part of the openings of something, how many there are in all, and the ways to the rest."""

    lines: Sequence[tuple[str, str]]
    total: str
    newer: str | None
    older: str | None


def opening_lines(
    page: Page[Opened], labels: Mapping[int, str], turn: Callable[[str], str]
) -> OpeningLines:
    """Return openings in words; `turn` says where the part that begins at a place stands."""
    counted = gettext("more than 1,000") if page.more_than_counted else number(page.total)
    return OpeningLines(
        [say_opening(opened, labels) for opened in page.rows],
        counted,
        turn(page.newer) if page.newer else None,
        turn(page.older) if page.older else None,
    )


def say_opening(opened: Opened, labels: Mapping[int, str]) -> tuple[str, str]:
    """Return when somebody opened something, who, what, and where it stood on the page."""
    at = begin(say_instant(opened.at, zone(), locale(), today()))
    return (at, in_a_row(labels.get(opened.actor_id, ""), say_act(opened.action), _where(opened)))


def _where(opened: Opened) -> str:
    if opened.is_list:
        return str(gettext("In a list of %(count)s", count=number(opened.listed)))
    return str(gettext("Beside another record")) if opened.listed else ""
