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
    lines = [_line(one) for one in waiting(actor)]
    if lines:
        url = url_for("fund_money.index")
        yield HomeSection("fund", gettext("In the fund"), lines[:LINES], len(lines) > LINES, url)


def address_of(one: Waits) -> str:
    """Return where something is done: on the payment, or on the page of the request."""
    if one.verb == Action.FUND_RELEASE and one.payment:
        return url_for("fund_money_payments.payment", uid=one.payment)
    if one.verb in ON_PAYMENT and one.payment:
        return url_for(ON_PAYMENT[one.verb], uid=one.request, payment_uid=one.payment)
    return url_for("fund.story", uid=one.request)


def _line(one: Waits) -> HomeLine:
    soon, what = say_until(one.due), gettext(LABELS[one.verb])
    return HomeLine(
        _order(one),
        what,
        address_of(one),
        gettext("Open it"),
        kind="critical" if one.emergency else soon.kind,
        word=soon.word,
        meta=money(one.amount.amount, one.amount.currency),
        code=one.code,
    )


def _order(one: Waits) -> Order:
    if one.emergency:
        return Order.URGENT
    if one.late:
        return Order.LATE
    return Order.RETURNED if one.verb == Action.FUND_SUBMIT else Order.WAITING
