"""What waits for somebody in the fund, as lines of the first page that lead to where it is done."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import LABELS, Action
from hrdtracker.access.actor import Actor
from hrdtracker.fund.reading.worklist import Waits, waiting
from hrdtracker.web.home.page import LINES, HomeLine, HomeSection, Order
from hrdtracker.web.words.requests import money, say_until

ON_PAYMENT = {
    Action.FUND_RECEIVE: "fund_follow.receive",
    Action.FUND_ACQUIT: "fund_follow.account",
    Action.FUND_DECLARE_SPENT: "fund_follow.declare_spent",
    Action.FUND_REVIEW: "fund_follow.review",
    Action.FUND_COVER: "fund_commit.cover",
}


def fund_waits(actor: Actor) -> Iterator[HomeSection]:
    """Yield what waits in the fund, if anything does."""
    lines = [_line(wait) for wait in waiting(actor)]
    if lines:
        url = url_for("fund_money.index")
        yield HomeSection("fund", gettext("In the fund"), lines[:LINES], len(lines) > LINES, url)


def address_of(wait: Waits) -> str:
    """Return where something is done: on the payment, or on the page of the request."""
    if wait.verb == Action.FUND_RELEASE and wait.payment:
        return url_for("fund_money_payments.payment", uid=wait.payment)
    if wait.verb in ON_PAYMENT and wait.payment:
        return url_for(ON_PAYMENT[wait.verb], uid=wait.request, payment_uid=wait.payment)
    return url_for("fund.story", uid=wait.request)


def _line(wait: Waits) -> HomeLine:
    soon, what = say_until(wait.due), gettext(LABELS[wait.verb])
    return HomeLine(
        _order(wait),
        what,
        address_of(wait),
        gettext("Open it"),
        kind="critical" if wait.emergency else soon.kind,
        word=soon.word,
        meta=money(wait.amount.amount, wait.amount.currency),
        code=wait.code,
    )


def _order(wait: Waits) -> Order:
    if wait.emergency:
        return Order.URGENT
    if wait.late:
        return Order.LATE
    return Order.RETURNED if wait.verb == Action.FUND_SUBMIT else Order.WAITING
