"""The books, for auditors and finance: the ledger, its entries, exports, and closing a month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.authorised import note_refusal
from hrdtracker.core.errors import NotAllowed
from hrdtracker.core.page import Page
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import uid_or_none
from hrdtracker.forms.fund.amounts import currencies
from hrdtracker.forms.fund.money.finance_actions import BookForm, CloseMonthForm, ReversalForm
from hrdtracker.fund.books import reversals, witnesses
from hrdtracker.fund.books import service as books
from hrdtracker.fund.model import Booking, LedgerAccount, Transaction
from hrdtracker.fund.reading import books as book_reading
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading import oversight
from hrdtracker.fund.reading.books import EntryDetails
from hrdtracker.fund.reading.money import LedgerFilter
from hrdtracker.fund.reading.oversight import ListedDecision, TrialBalance
from hrdtracker.fund.reading.reversals import ReversalReason, reason_of
from hrdtracker.web.fund.money.answer import chosen, day_or_none, last_day_or_none
from hrdtracker.web.fund.money.export import sheet_of_books
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import locale, today, word
from hrdtracker.web.shell.filters import FilterBar, FilterField, filter_bar, period_fields, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_books", __name__, url_prefix="/fund/ledger")
VOUCHED = {Booking.REVERSAL, Booking.REFUND, Booking.PAYMENT}
"""What may say more of itself than its postings do."""
NAMES = ("account", "booking", "currency", "grant", "request", "from", "to")


@dataclass(frozen=True)
class LedgerPage:
    """The books, narrowed by `bar`; `keeps`: the reader may book money and close a month."""

    entries: Sequence[EntryDetails]
    listing: Page[Transaction]
    bar: FilterBar
    keeps: bool


@dataclass(frozen=True)
class EntryPage:
    """One transaction with every posting; whether the reader may reverse it.

    `reason` is why it is a reversal, or is to be one.
    """

    transaction: EntryDetails
    can_reverse: bool
    can_ask: bool
    """Whether the reader may ask another colleague whether they saw it."""
    reason: ReversalReason | None


@dataclass(frozen=True)
class ReversalPage:
    """The entry that is to be reversed."""

    transaction: EntryDetails
    nobody: bool
    """Whether no colleague can be named as having seen it."""


@dataclass(frozen=True)
class CloseMonthPage:
    """The last days of the months that can be closed."""

    ends: Sequence[date]


@dataclass(frozen=True)
class BalancesPage:
    """What each account holds at the end of a day, by currency."""

    balances: Sequence[TrialBalance]
    bar: FilterBar
    day: date


@dataclass(frozen=True)
class DecisionsPage:
    """Who decided what and when, by code; `people` are the names of colleagues by their number."""

    decisions: Page[ListedDecision]
    people: Mapping[int, str]


@bp.get("")
@needs(Action.FUND_LEDGER_READ)
def ledger() -> Response:
    """Show the books, the last entry first."""
    actor = identity.actor()
    bar = _filters(actor)
    listing = money_reading.ledger(actor, _ledger_filter(bar.chosen), request.args.get("page"))
    entries = book_reading.details_of(listing.entries)
    page = LedgerPage(entries, listing.page, bar, policy.could(actor, Action.FUND_BOOK))
    return show("fund/money/ledger.html", page)


@bp.get("/<uuid:uid>")
@needs(Action.FUND_LEDGER_READ)
def entry(uid: UUID) -> Response:
    """Show one transaction with every posting."""
    actor = identity.actor()
    transaction = book_reading.transaction(actor, uid)
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    entry = transaction.entry.transaction
    may = policy.allows(actor, Action.FUND_REVERSE, organisation)
    may = may and not reversals.shuts_out(actor, entry)
    can_reverse = may and reversals.can_be_reversed(entry)
    reason = reason_of(actor, entry) if entry.booking in VOUCHED else None
    can_ask = may and reason is not None and witnesses.can_ask_another(entry)
    page = EntryPage(transaction, can_reverse, can_ask, reason)
    return show("fund/money/entry.html", page)


@bp.route("/<uuid:uid>/reverse", methods=["GET", "POST"])
@needs(Action.FUND_REVERSE)
def reverse(uid: UUID) -> AnyResponse:
    """Book the opposite of a transaction: why, and which colleague saw it, too."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    entry = book_reading.transaction(actor, uid)
    wrong = entry.entry.transaction
    may = policy.allows(actor, Action.FUND_REVERSE, organisation)
    if not may or reversals.shuts_out(actor, wrong):
        note_refusal(actor, Action.FUND_REVERSE, Transaction.__tablename__, uid)
        raise NotAllowed
    people = [(user.uid.hex, user.display_name) for user in reversals.witnesses(actor, wrong)]
    kinds = reversals.kinds_of(wrong)
    form = ReversalForm.received().offer(kinds, people)

    def act() -> tuple[str, str]:
        kept = reversals.reverse(actor, organisation, uid, form.draft(reader()))
        return _say_reversed(kept), url_for("fund_money_books.entry", uid=kept.uid)

    page = ReversalPage(entry, nobody=not people)
    return carry_out(form, act, lambda _: show("fund/money/reverse.html", page, form))


@bp.route("/book", methods=["GET", "POST"])
@needs(Action.FUND_BOOK)
def book() -> AnyResponse:
    """Book money that moved outside a request."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_BOOK)
    grants = [(row[0].uid.hex, row[0].code) for row in money_reading.grants(actor)]
    form = BookForm.received(on=say_day(today(), locale())).offer(grants)

    def act() -> tuple[str, str]:
        transaction = books.book(actor, organisation, form.draft(reader()))
        return gettext("Booked."), url_for("fund_money_books.entry", uid=transaction.uid)

    return carry_out(form, act, lambda _: show("fund/money/book.html", form=form))


@bp.route("/close", methods=["GET", "POST"])
@needs(Action.FUND_MONTH_CLOSE)
def close() -> AnyResponse:
    """Close the books up to the end of a month."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_MONTH_CLOSE)
    ends = book_reading.open_months(organisation)
    form = CloseMonthForm.received().offer(
        (end.isoformat(), say_day(end, locale())) for end in ends
    )

    def act() -> tuple[str, str]:
        until = books.close_month(actor, organisation, form.day()).until
        day = say_day(until, locale())
        sentence = gettext("The books are closed up to and with %(day)s.", day=day)
        return sentence, url_for("fund_money_books.ledger")

    page = CloseMonthPage(ends)
    return carry_out(form, act, lambda _: show("fund/money/close.html", page, form))


@bp.post("/export")
@needs(Action.FUND_LEDGER_READ)
def export() -> Response:
    """Hand out the entries that the filters ask for as a sheet; the trail keeps that."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    books.record_export(actor, organisation)
    return sheet_of_books(book_reading.everything(actor, _ledger_filter(chosen(NAMES))))


@bp.get("/balances")
@needs(Action.FUND_LEDGER_READ)
def balances() -> Response:
    """Show what each account holds at the end of a day: debits and credits come to the same."""
    actor = identity.actor()
    grant, (_, until) = pick("grant", gettext("Grant"), _grants(actor)), period_fields()
    bar = filter_bar("fund_money_books.balances", grant, until)
    narrowed = _ledger_filter(bar.chosen)
    day = min(narrowed.until or today(), today())
    page = BalancesPage(oversight.balances(actor, narrowed), bar, day)
    return show("fund/money/balances.html", page)


@bp.get("/decisions")
@needs(Action.FUND_LEDGER_READ)
def decisions() -> Response:
    """Show who decided what and when, by code."""
    listing = oversight.decisions(identity.actor(), request.args.get("page"))
    people = labels_by_id(
        user_id for row in listing.rows for user_id in (row.decided_by_id, row.stands_in_for_id)
    )
    return show("fund/money/decisions.html", DecisionsPage(listing, people))


@bp.get("/duties")
@needs(Action.FUND_LEDGER_READ)
def duties() -> Response:
    """Show who held each duty of each request, by code."""
    page = oversight.duties(identity.actor(), request.args.get("page"))
    return show("fund/money/duties.html", page)


def _say_reversed(kept: Transaction) -> str:
    """Say whether the opposite is booked, or waits for the witness."""
    if kept.booking == Booking.REVERSAL:
        return str(gettext("Reversed. This entry is the opposite of the other."))
    return str(gettext("Written down. It counts once the colleague says so, too."))


def _ledger_filter(on: Mapping[str, str]) -> LedgerFilter:
    """Return what the filters ask for; what is no filter is left out."""
    account, booking = on.get("account"), on.get("booking")
    return LedgerFilter(
        account=LedgerAccount(account) if account in set(LedgerAccount) else None,
        currency=on.get("currency"),
        grant=uid_or_none(on.get("grant")),
        booking=Booking(booking) if booking in set(Booking) else None,
        since=day_or_none(on.get("from")),
        until=last_day_or_none(on.get("to")),
        request=on.get("request"),
    )


def _filters(actor: Actor) -> FilterBar:
    """Return what the books can be narrowed by."""
    return filter_bar(
        "fund_money_books.ledger",
        pick("account", gettext("Account"), _choices(LedgerAccount)),
        pick("booking", gettext("Booked as"), _choices(Booking)),
        pick("currency", gettext("Currency"), currencies()),
        pick("grant", gettext("Grant"), _grants(actor)),
        FilterField("request", gettext("Request"), typed=True),
        *period_fields(),
    )


def _choices(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(value.value, word(value)) for value in values]


def _grants(actor: Actor) -> list[tuple[str, str]]:
    """Return the grants that a filter offers: uid and code."""
    codes = {line.grant_uid.hex: line.grant_code for line in money_reading.lines(actor)}
    return list(codes.items())
