"""The money of a request, instalment by instalment: the second look, the payment, the receipt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_day
from hrdtracker.fund.model import Acquittal, Instalment, Payment
from hrdtracker.fund.reading.requests import PaymentStory, RequestDetails
from hrdtracker.fund.reading.reversals import PastPayment
from hrdtracker.web.fund.requests.actions import Act
from hrdtracker.web.shell.context import locale, number, word
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.requests import (
    ON_PAYMENT,
    Badge,
    by_at,
    by_on,
    money,
    say_taken_back,
    shown_by,
    status_badge,
)

BUTTONS = {
    Action.FUND_RECEIVE: N_("Confirm that it arrived"),
    Action.FUND_ACQUIT: N_("Account for it"),
    Action.FUND_DECLARE_SPENT: N_("Declare how it was spent"),
    Action.FUND_REVIEW: N_("Review the account"),
    Action.FUND_COVER: N_("Cover what is over"),
}
"""What can be done to a payment on the page of its request."""
PAST = {
    True: N_(
        "%(amount)s was recorded as left on %(left)s and reversed on %(reversed)s. %(what)s: "
        "%(why)s (%(by)s; %(seen)s saw it, too)"
    ),
    False: N_(
        "%(amount)s was recorded as left on %(left)s and reversed on %(reversed)s. %(what)s: "
        "%(why)s (%(by)s; %(seen)s did not see it)"
    ),
    None: N_(
        "%(amount)s was recorded as left on %(left)s and reversed on %(reversed)s. %(what)s: "
        "%(why)s (%(by)s; %(seen)s has not said yet whether they saw it)"
    ),
}
"""What had left and was reversed, by whether the colleague who is named says that they saw it."""


@dataclass(frozen=True)
class InstalmentLine:
    """One instalment as its page says it, with its payment and what can be done now."""

    day: str
    amount: str
    checked: str
    recoverable: bool
    code: str
    opens: str
    badge: Badge | None
    facts: list[tuple[str, str]]
    past: list[str]
    """What had left for it and was reversed: a sentence each."""
    acts: list[Act]


def instalment_lines(details: RequestDetails, users: Mapping[int, str]) -> list[InstalmentLine]:
    """Return every instalment of a request with its payment."""
    live = details.live_payments
    return [
        _line(instalment, live.get(instalment.id), details, users)
        for instalment in details.instalments
    ]


def _line(
    instalment: Instalment,
    paid: PaymentStory | None,
    details: RequestDetails,
    users: Mapping[int, str],
) -> InstalmentLine:
    facts = [*_facts(paid, users)] if paid else []
    of_this = {
        story.payment.id for story in details.payments if story.instalment.id == instalment.id
    }
    taken_back = [row for number in sorted(of_this) for row in details.taken_back.get(number, ())]
    return InstalmentLine(
        day=say_day(instalment.due_on, locale(), brief=True),
        amount=money(instalment.amount, instalment.currency),
        checked=_checked(instalment, users) if details.request.committed_at else "",
        recoverable=instalment.recoverable,
        code=paid.payment.code if paid else "",
        opens=url_for("fund_money_payments.payment", uid=paid.payment.uid)
        if paid and Action.FUND_PAYMENT_READ in paid.may
        else "",
        badge=status_badge(paid.payment.status) if paid else None,
        facts=facts,
        past=[
            *(_say_past(past) for past in details.past if past.payment_id in of_this),
            *(say_taken_back(row, instalment.currency) for row in taken_back),
        ],
        acts=[*_acts(instalment, paid, details)],
    )


def _say_past(past: PastPayment) -> str:
    """Return what had left and was reversed: how much, when, why, and who says they saw it."""
    return str(
        gettext(
            PAST[past.witnessed],
            amount=number(past.amount),
            left=say_day(past.left_on, locale(), brief=True),
            reversed=say_day(past.reversed_on, locale(), brief=True),
            what=word(past.kind),
            why=past.reason,
            by=past.written_by,
            seen=past.seen_by,
        )
    )


def _checked(instalment: Instalment, users: Mapping[int, str]) -> str:
    """Return what somebody found on a second look, and who."""
    if instalment.checked_at is None:
        return str(gettext("Nobody has looked again yet"))
    there = gettext("still there") if instalment.still_there else gettext("no longer there")
    needed = gettext("still needed") if instalment.still_needed else gettext("no longer needed")
    who = by_at(users.get(instalment.checked_by_id or 0, ""), instalment.checked_at)
    return begin(gettext("%(there)s, %(needed)s: %(who)s", there=there, needed=needed, who=who))


def _facts(paid: PaymentStory, users: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    payment = paid.payment

    def who(number_: int | None) -> str:
        return users.get(number_ or 0, "")

    yield gettext("How"), terms().label("payment_method", payment.method, locale())
    yield gettext("Prepared"), by_at(who(payment.prepared_by_id), payment.prepared_at)
    if payment.paid_on:
        yield gettext("It left"), by_on(who(payment.released_by_id), payment.paid_on)
        yield gettext("What shows that it left"), payment.proof or ""
    if payment.over:
        yield gettext("Over the commitment"), gettext("needs a decision")
    if payment.received_on:
        channel = terms().label("contact_kind", payment.confirmed_by, locale())
        confirmed = by_on(who(payment.confirmed_to_id), payment.received_on)
        yield (
            gettext("Arrived"),
            gettext("told to %(who)s (%(channel)s)", who=confirmed, channel=channel),
        )
    yield from _accounts(paid.acquittal, payment, users)


def _accounts(
    acquittal: Acquittal | None, payment: Payment, users: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    if acquittal is None:
        return

    def who(user_id: int | None, at: datetime | None) -> str:
        return by_at(users.get(user_id or 0, ""), at)

    spent = money(acquittal.spent, payment.currency)
    if acquittal.returned:
        back = money(acquittal.returned, payment.currency)
        spent = gettext("%(spent)s, %(back)s came back", spent=spent, back=back)
    yield gettext("Spent"), spent
    yield gettext("Shown by"), shown_by(acquittal)
    if acquittal.head_count:
        yield gettext("People helped"), number(acquittal.head_count)
    yield gettext("Recorded"), who(acquittal.recorded_by_id, acquittal.recorded_at)
    if acquittal.declared_at:
        yield gettext("Declared"), who(acquittal.declared_by_id, acquittal.declared_at)
    if acquittal.reviewed_at:
        yield gettext("Reviewed"), who(acquittal.reviewed_by_id, acquittal.reviewed_at)
    yield from _after_review(acquittal, users)


def _after_review(acquittal: Acquittal, users: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Return that an account was returned and why, and whether what came back is there."""
    if acquittal.sent_back_at:
        by = by_at(users.get(acquittal.sent_back_by_id or 0, ""), acquittal.sent_back_at)
        why = acquittal.sent_back_why or ""
        yield gettext("Account returned"), gettext("%(why)s (%(by)s)", why=why, by=by)
    if acquittal.back_on:
        who = users.get(acquittal.back_by_id or 0, "")
        yield gettext("Money back"), by_on(who, acquittal.back_on)
    elif acquittal.returned and acquittal.reviewed_at:
        yield gettext("Money back"), gettext("finance has not confirmed it yet")


def _acts(
    instalment: Instalment, paid: PaymentStory | None, details: RequestDetails
) -> Iterator[Act]:
    uid = details.request.uid
    if paid is None:
        may = details.of_instalment[instalment.id]
        if Action.FUND_CHECK in may:
            again = instalment.checked_at is not None
            label = gettext("Look once more") if again else gettext("Look again")
            yield Act(label, url_for("fund_follow.check", uid=uid, instalment_uid=instalment.uid))
        if Action.FUND_PREPARE in may:
            label = gettext("Prepare the payment")
            where = url_for("fund_commit.prepare", uid=uid, instalment_uid=instalment.uid)
            yield Act(label, where, "primary", at_once=True)
        return
    if Action.FUND_ACCOUNT_RETURN in paid.may:
        where = url_for("fund_money_payments.return_account", uid=paid.payment.uid)
        yield Act(gettext("Return the account"), where)
    for action, label in BUTTONS.items():
        if action in paid.may:
            where = url_for(ON_PAYMENT[action], uid=uid, payment_uid=paid.payment.uid)
            yield Act(gettext(label), where)
