"""Roles on the first page: those that the reader confirms, and the reader’s own that wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.accounts import queries as staff
from hrdtracker.accounts.queries import Waiting
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.today import SHOWN
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.context import locale, office_name, today, word, zone


@dataclass(frozen=True)
class PendingRole:
    """A role of the reader’s that does not count yet: what it is, since when, who confirms it."""

    what: str
    since: str
    who: str


def confirmations(actor: Actor) -> Iterator[HomeSection]:
    """Yield the roles that wait for the actor’s word."""
    rows = staff.waiting(actor) if could(actor, Action.ROLE_CONFIRM) else []
    if rows:
        url = url_for("admin.confirmations")
        lines = [_role(row, url) for row in rows]
        yield HomeSection(
            "roles", gettext("Roles to confirm"), lines[:SHOWN], len(lines) > SHOWN, url
        )


def _role(row: Any, url: str) -> HomeLine:
    who = row.user.display_name
    return HomeLine(
        Order.WAITING,
        who,
        url,
        gettext("Decide"),
        kind="soon" if row.counts else "submitted",
        word=gettext("Counts already") if row.counts else gettext("Waits"),
        meta=f"{word(row.role)}, {office_name(row.office)}",
        sentence=gettext("A role of %(who)s waits to be confirmed", who=who),
    )


def own_roles(actor: Actor) -> list[PendingRole]:
    """Return the roles of the actor’s own that somebody has to confirm."""
    return [_own(row) for row in staff.own_waiting(actor)]


def _own(row: Waiting) -> PendingRole:
    at = say_instant(row.since, zone(), locale(), today())
    if row.proposer is None or row.proposer is row.user:
        who = gettext("An administrator or a director confirms it.")
    else:
        proposer = row.proposer.display_name
        who = gettext(
            "An administrator or a director other than %(who)s confirms it.", who=proposer
        )
    return PendingRole(f"{word(row.role)}, {office_name(row.office)}", at, who)
