"""The list of requests: what is under way, or all that stand alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import RequestStatus
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.web.shell.context import word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.words.requests import (
    Badge,
    deadline_badge,
    money,
    say_title,
    status_badge,
)


@dataclass(frozen=True)
class RequestLine:
    """A request as a list says it: what for, how much, by whom, how soon, how it stands."""

    title: str
    url: str
    code: str
    amount: str
    who: str
    deadline: Badge
    status: Badge
    emergency: bool


@dataclass(frozen=True)
class RequestQueuePage:
    """A part of the list of requests: those under way, or those of one status."""

    rows: Sequence[RequestLine]
    total: int
    paging: Paging | None
    bar: FilterBar


def queue_page(actor: Actor, skip: str | None) -> Response:
    """Return a part of the list of requests, or of those that stand as the address asks."""
    statuses = [(status.value, word(status)) for status in RequestStatus]
    under_way = gettext("All that is under way")
    bar = filter_bar("fund.queue", pick("status", gettext("Status"), statuses, under_way))
    status = bar.chosen.get("status")
    rows, part = request_reading.queue(actor, RequestStatus(status) if status else None, skip)
    turning = paging(part, "fund.queue", **bar.chosen)
    page = RequestQueuePage(request_lines(rows), part.total, turning, bar)
    return show("fund/requests/queue.html", page)


def support_of(actor: Actor, case: Case) -> list[RequestLine]:
    """Return what was asked for in a case, as far as the reader may see it."""
    return request_lines(request_reading.of_case(actor, case))


def request_lines(rows: Sequence[Any]) -> list[RequestLine]:
    """Return listed rows as lines; no statement more, but for a key that is new."""
    ring().load({row.User.data_key_id for row in rows})
    return [
        RequestLine(
            title=say_title(request_reading.support_types(row), row.households),
            url=url_for("fund.story", uid=row.uid),
            code=row.code,
            amount=money(row.amount, row.currency) if row.amount else gettext("No amount yet"),
            who=row.User.display_name,
            deadline=deadline_badge(row) or status_badge(row.status),
            status=status_badge(row.status),
            emergency=row.emergency,
        )
        for row in rows
    ]
