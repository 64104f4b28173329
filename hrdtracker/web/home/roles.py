"""On the first page: what the reader confirms as the second person, and their roles that wait."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.accounts import queries
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.today import SHOWN
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import locale, office_name, today, word, zone
from hrdtracker.web.words.proposals import ProposalText, say_proposals


@dataclass(frozen=True)
class PendingRole:
    """A role of the reader’s that does not count yet: what it is, since when."""

    what: str
    since: str


def confirmations(actor: Actor) -> Iterator[HomeSection]:
    """Yield what waits for the actor’s word as the second person."""
    rows = queries.to_confirm(actor)
    if rows:
        url = url_for("proposals.waiting")
        lines = [_line(text, url) for text in say_proposals(actor, rows)]
        yield HomeSection(
            "confirm", gettext("For your word"), lines[:SHOWN], len(lines) > SHOWN, url
        )


def _line(text: ProposalText, url: str) -> HomeLine:
    return HomeLine(
        Order.WAITING,
        text.title,
        url,
        gettext("Decide"),
        kind="soon" if text.holds else "submitted",
        word=gettext("Counts already") if text.holds else gettext("Waits"),
        meta=text.until or text.proposed,
        code=text.case[0] if text.case else "",
        sentence=gettext("A second person is needed: %(what)s", what=text.title),
    )


def own_roles(actor: Actor) -> list[PendingRole]:
    """Return the roles of the actor’s own that somebody has to confirm."""
    return [
        PendingRole(
            f"{word(role.role)}, {office_name(office)}",
            say_instant(role.starts_at, zone(), locale(), today()),
        )
        for role, office in queries.own_waiting(actor)
    ]
