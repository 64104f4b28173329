"""The first page of the fund: what waits for whoever opens it, and what is left on which line."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template

from hrdtracker.access import policy
from hrdtracker.access.action import LABELS, Action
from hrdtracker.core.money import Money
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.money import LineFigures
from hrdtracker.fund.reading.requests import money_of
from hrdtracker.fund.reading.worklist import MOST, waiting
from hrdtracker.web.fund.money.answer import ways
from hrdtracker.web.home.fund import address_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import Badge, say_rate, say_until

bp = Blueprint("fund_money", __name__)
SHOWN = 8
bp.add_app_template_filter(say_rate, "rate")


@bp.app_template_filter("row_money")
def row_money(row: Any) -> str:
    """Return the amount of a listed row as money."""
    return str(money_of(row))


@bp.app_template_filter("rest")
def rest(pair: tuple[Money, Money]) -> str:
    """Return what one amount leaves of another, below 0 too."""
    whole, part = pair
    return str(Money(whole.amount - part.amount, whole.currency))


@bp.app_template_filter("until")
def until(day: date | datetime | None) -> Badge:
    """Return how soon something is due, as a badge."""
    return say_until(day)


@bp.get("/fund")
@needs(Action.FUND_REQUEST_READ)
def index() -> str:
    """Show what waits for the reader, and the lines to those who may see what the fund has."""
    actor = identity.actor()
    found = waiting(actor)
    lines = money_reading.lines(actor) if policy.could(actor, Action.FUND_READ) else []
    return render_template(
        "fund/money/index.html",
        waits=[(one, address_of(one)) for one in found],
        shown=SHOWN,
        most=MOST,
        acts=LABELS,
        lines=lines,
        grants=by_grant(lines),
        opens_grants=policy.could(actor, Action.FUND_DONOR_READ),
        ways=ways(actor),
    )


def by_grant(lines: Sequence[LineFigures]) -> dict[str, list[LineFigures]]:
    """Return the lines of the grants that run now, by the code of the grant."""
    found: dict[str, list[LineFigures]] = {}
    for line in lines:
        if line.running:
            found.setdefault(line.grant_code, []).append(line)
    return found
