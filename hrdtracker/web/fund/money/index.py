"""The first page of the fund: what waits for whoever opens it, and what is left on which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.money import Money
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading.money import LineFigures
from hrdtracker.fund.reading.requests import money_of
from hrdtracker.fund.reading.worklist import MOST, WorkItem, waiting
from hrdtracker.web.fund.money.answer import FundLink, ways
from hrdtracker.web.home.fund import address_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.acts import say_task
from hrdtracker.web.words.requests import Badge, say_rate, say_until

bp = Blueprint("fund_money", __name__)
SHOWN = 8
bp.add_app_template_filter(say_rate, "rate")


@dataclass(frozen=True)
class FundTask:
    """One thing that waits for the reader: what is done, and where."""

    task: WorkItem
    label: str
    url: str


@dataclass(frozen=True)
class FundPage:
    """The fund at a glance: what waits for the reader, what is left on which line, and the ways."""

    tasks: Sequence[FundTask]
    lines: Sequence[LineFigures]
    opens_grants: bool
    ways: Sequence[FundLink]

    @property
    def more_may_wait(self) -> bool:
        """Tell whether the list of tasks was cut."""
        return len(self.tasks) == MOST

    @property
    def listed(self) -> Sequence[FundTask]:
        """Return the tasks after the next one that are seen at once."""
        return self.tasks[1:SHOWN]

    @property
    def folded(self) -> Sequence[FundTask]:
        """Return the tasks behind a fold."""
        return self.tasks[SHOWN:]

    @property
    def running(self) -> dict[str, list[LineFigures]]:
        """Return the lines of the grants that run now, by the code of the grant."""
        grants: dict[str, list[LineFigures]] = {}
        for line in self.lines:
            if line.running:
                grants.setdefault(line.grant_code, []).append(line)
        return grants


@bp.app_template_filter("row_money")
def row_money(row: Any) -> str:
    """Return the amount of a listed row as money."""
    return number(money_of(row))


@bp.app_template_filter("rest")
def rest(pair: tuple[Money, Money]) -> str:
    """Return what one amount leaves of another, below 0 too."""
    budget, spent = pair
    return number(Money(budget.amount - spent.amount, budget.currency))


@bp.app_template_filter("until")
def until(day: date | datetime | None) -> Badge:
    """Return how soon something is due, as a badge."""
    return say_until(day)


@bp.get("/fund")
@needs(Action.FUND_REQUEST_READ)
def index() -> Response:
    """Show what waits for the reader, and the lines to those who may see what the fund has."""
    actor = identity.actor()
    return show(
        "fund/money/index.html",
        FundPage(
            tasks=[FundTask(task, say_task(task), address_of(task)) for task in waiting(actor)],
            lines=money_reading.lines(actor) if policy.could(actor, Action.FUND_READ) else [],
            opens_grants=policy.could(actor, Action.FUND_DONOR_READ),
            ways=ways(actor),
        ),
    )
