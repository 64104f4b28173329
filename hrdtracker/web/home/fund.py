"""What waits for somebody in the fund, as lines of the first page that lead to where it is done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.fund.reading.rates import currencies_without_rate
from hrdtracker.fund.reading.reversals import asked_of, unconfirmed
from hrdtracker.fund.reading.stuck import StuckRequest, stuck
from hrdtracker.fund.reading.worklist import WorkItem, signed, unanswered, unheard, waiting
from hrdtracker.incidents.today import SHOWN
from hrdtracker.web.home.page import HomeLine, HomeSection, Order
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.acts import say_task
from hrdtracker.web.words.requests import ON_PAYMENT, by_at, money, say_until
from hrdtracker.web.words.stuck_requests import stuck_line


def fund_waits(actor: Actor) -> Iterator[HomeSection]:
    """Yield what waits in the fund, if anything does."""
    items = waiting(actor)
    signed_by = signed(items)
    names = labels_by_id(number for numbers in signed_by.values() for number in numbers)
    urgent = [item for item in items if item.verb == Action.FUND_EMERGENCY]
    if urgent:
        lines = [_emergency(item, [names[by] for by in signed_by[item.request]]) for item in urgent]
        yield HomeSection("emergency", gettext("To be released at once"), lines, on_top=True)
    others = (_line(item) for item in items if item not in urgent)
    lines = [*_to_witness(actor), *_without_witness(actor), *others, *_rates_wanted(actor)]
    if lines:
        url = url_for("fund_money.index")
        yield HomeSection("fund", gettext("In the fund"), lines[:SHOWN], len(lines) > SHOWN, url)


def _emergency(item: WorkItem, signed_by: list[str]) -> HomeLine:
    """Return money that cannot wait, with who has signed it."""
    line = _line(item)
    who = gettext("Signed by %(who)s", who=", ".join(signed_by))
    return replace(line, order=Order.NOW, meta=f"{line.meta} · {who}")


def complaints_wait(actor: Actor) -> Iterator[HomeSection]:
    """Yield what somebody complained of and nobody answered yet; nothing of what it says."""
    lines = [
        HomeLine(
            Order.WAITING,
            gettext("A complaint about money"),
            url_for("fund_complaints.complaint", uid=uid),
            gettext("Answer it"),
            kind="soon",
            word=gettext("Not answered"),
            meta=begin(by_at("", taken_at)),
        )
        for uid, taken_at in unanswered(actor)
    ]
    nobody_since, url = unheard(actor), url_for("fund_complaints.index") if lines else ""
    if nobody_since is not None:
        lines.insert(0, _unheard(nobody_since))
    if lines:
        yield HomeSection(
            "complaints", gettext("Complaints"), lines[:SHOWN], len(lines) > SHOWN, url
        )


def _unheard(since: datetime) -> HomeLine:
    """Return that nobody may read a complaint, for whoever names the board’s person."""
    return HomeLine(
        Order.URGENT,
        gettext("A complaint about money waits, and nobody may read it"),
        url_for("fund_money_settings.fund"),
        gettext("Name who decides for the board"),
        kind="urgent",
        word=gettext("Not answered"),
        meta=begin(by_at("", since)),
    )


def fund_stuck(actor: Actor) -> Iterator[HomeSection]:
    """Yield what nobody can go on with, for whoever can do something about it."""
    lines = [_stuck(request) for request in stuck(actor)]
    if lines:
        url, title = url_for("fund_stuck.index"), gettext("Nobody can go on with these")
        yield HomeSection("fund-stuck", title, lines[:SHOWN], len(lines) > SHOWN, url)


def _stuck(request: StuckRequest) -> HomeLine:
    line = stuck_line(request)
    return HomeLine(
        Order.URGENT,
        line.act,
        url_for("fund_stuck.index"),
        gettext("See what helps") if request.uid else gettext("Name who may"),
        kind="urgent",
        word=gettext("Nobody can"),
        meta=line.where,
        code=line.code,
        sentence=line.missing,
    )


def address_of(item: WorkItem) -> str:
    """Return where something is done: on the payment, or on the page of the request."""
    if item.verb in {Action.FUND_RELEASE, Action.FUND_BACK} and item.payment:
        return url_for("fund_money_payments.payment", uid=item.payment)
    if item.verb in ON_PAYMENT and item.payment:
        return url_for(ON_PAYMENT[item.verb], uid=item.request, payment_uid=item.payment)
    if item.verb == Action.FUND_COMPLETE:
        return url_for("fund.why", uid=item.request)
    return url_for("fund.story", uid=item.request)


def _to_witness(actor: Actor) -> Iterator[HomeLine]:
    """Yield a line for each reversal that names the actor as having seen it."""
    for uid, written_at in asked_of(actor):
        yield HomeLine(
            Order.WAITING,
            gettext("A colleague wrote that you saw, too, why an entry of the books was reversed"),
            url_for("fund_money_witness.witness", uid=uid),
            gettext("Say whether you saw it"),
            kind="soon",
            word=gettext("Not answered"),
            meta=begin(by_at("", written_at)),
        )


def _without_witness(actor: Actor) -> Iterator[HomeLine]:
    """Yield a line for each reversal whose witness cannot answer, or does not."""
    for uid, asked_at in unconfirmed(actor):
        yield HomeLine(
            Order.WAITING,
            gettext("Nobody has confirmed the reversal of an entry of the books"),
            url_for("fund_money_witness.ask", uid=uid),
            gettext("Ask another colleague"),
            kind="soon",
            word=gettext("Not answered"),
            meta=begin(by_at("", asked_at)),
        )


def _rates_wanted(actor: Actor) -> Iterator[HomeLine]:
    """Yield a line for each currency that lacks a rate of this month, to whoever proposes one."""
    for currency in currencies_without_rate(actor):
        yield HomeLine(
            Order.SOON,
            gettext("A rate of this month is missing: %(currency)s", currency=currency),
            url_for("fund_money_rates.propose", quote=currency),
            gettext("Propose a rate"),
            kind="soon",
            word=gettext("For the levels of approval"),
        )


def _line(item: WorkItem) -> HomeLine:
    soon, what = say_until(item.due), say_task(item)
    return HomeLine(
        _order(item),
        what,
        address_of(item),
        gettext("Open it"),
        kind="critical" if item.emergency else soon.kind,
        word=soon.word,
        meta=money(item.amount.amount, item.amount.currency),
        code=item.code,
    )


def _order(item: WorkItem) -> Order:
    if item.emergency:
        return Order.URGENT
    if item.late:
        return Order.LATE
    if item.verb == Action.FUND_COMPLETE:
        return Order.LATER
    return Order.RETURNED if item.verb == Action.FUND_SUBMIT else Order.WAITING
