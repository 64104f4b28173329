"""The books, for auditors and finance: read, followed to the single entry, taken along, kept."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.fund.money.finance_actions import BookForm, CloseMonthForm
from hrdtracker.forms.fund.money.grants import currencies
from hrdtracker.fund.books import service as books
from hrdtracker.fund.model import Booking, LedgerAccount
from hrdtracker.fund.reading import books as book_reading
from hrdtracker.fund.reading import money as money_reading
from hrdtracker.fund.reading import oversight
from hrdtracker.fund.reading.money import LedgerFilter
from hrdtracker.web.fund.money.answer import (
    chosen,
    day_or_none,
    last_day_or_none,
    uid_or_none,
)
from hrdtracker.web.fund.money.export import sheet_of_books
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import locale, today, word
from hrdtracker.web.shell.filters import FilterBar, FilterField, filter_bar, period_fields, pick
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_money_books", __name__, url_prefix="/fund/ledger")
NAMES = ("account", "booking", "currency", "grant", "request", "from", "to")


@bp.get("")
@needs(Action.FUND_LEDGER_READ)
def ledger() -> str:
    """Show the books, the last entry first."""
    actor = identity.actor()
    bar = _filters(actor)
    found = money_reading.ledger(actor, _wanted(bar.chosen), request.args.get("page"))
    return render_template(
        "fund/money/ledger.html",
        lines=book_reading.written(found.entries),
        page=found.page,
        bar=bar,
        keeps=policy.could(actor, Action.FUND_BOOK),
    )


@bp.get("/<uuid:uid>")
@needs(Action.FUND_LEDGER_READ)
def entry(uid: UUID) -> str:
    """Show one transaction with every posting."""
    actor = identity.actor()
    shown = book_reading.transaction(actor, uid)
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    may = policy.allowed(actor, [Action.FUND_REVERSE], organisation)
    can_reverse = bool(may) and books.can_be_reversed(shown.entry.transaction)
    return render_template(
        "fund/money/entry.html", shown=shown, one=shown.entry, can_reverse=can_reverse
    )


@bp.post("/<uuid:uid>/reverse")
@needs(Action.FUND_REVERSE)
def reverse(uid: UUID) -> AnyResponse:
    """Book the opposite of a transaction."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    book_reading.transaction(actor, uid)
    made = books.reverse(actor, organisation, uid)
    flash(gettext("Reversed. This entry is the opposite of the other."), "ok")
    return redirect(url_for("fund_money_books.entry", uid=made.uid), 303)


@bp.route("/book", methods=["GET", "POST"])
@needs(Action.FUND_BOOK)
def book() -> AnyResponse:
    """Book money that moved outside a request."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_BOOK)
    grants = [(row[0].uid.hex, row[0].code) for row in money_reading.grants(actor)]
    form = BookForm.received(on=say_day(today(), locale())).offer(grants)

    def act() -> tuple[str, str]:
        made = books.book(actor, organisation, form.draft(reader()))
        return gettext("Booked."), url_for("fund_money_books.entry", uid=made.uid)

    return carry_out(form, act, lambda _: answer("fund/money/book.html", form))


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
        said = gettext("The books are closed up to and with %(day)s.", day=say_day(until, locale()))
        return said, url_for("fund_money_books.ledger")

    return carry_out(form, act, lambda _: answer("fund/money/close.html", form, ends=ends))


@bp.post("/export")
@needs(Action.FUND_LEDGER_READ)
def export() -> Response:
    """Hand out the entries that the filters ask for as a sheet; the trail keeps that."""
    actor = identity.actor()
    organisation = money_reading.fund_of(actor, Action.FUND_LEDGER_READ)
    books.take_along(actor, organisation)
    return sheet_of_books(book_reading.everything(actor, _wanted(chosen(NAMES))))


@bp.get("/balances")
@needs(Action.FUND_LEDGER_READ)
def balances() -> str:
    """Show what each account holds at the end of a day: debits and credits come to the same."""
    actor, on = identity.actor(), chosen(("grant", "to"))
    wanted = _wanted(on)
    return render_template(
        "fund/money/balances.html",
        held=oversight.balances(actor, wanted),
        on=on,
        day=min(wanted.until or today(), today()),
        grants=_grants(actor),
    )


@bp.get("/decisions")
@needs(Action.FUND_LEDGER_READ)
def decisions() -> str:
    """Show who decided what and when, by code."""
    page = oversight.decisions(identity.actor(), request.args.get("page"))
    people = labels_by_id(
        each for row in page.rows for each in (row.decided_by_id, row.stands_in_for_id)
    )
    return render_template("fund/money/decisions.html", page=page, people=people)


@bp.get("/duties")
@needs(Action.FUND_LEDGER_READ)
def duties() -> str:
    """Show who held each duty of each request, by code."""
    held, page = oversight.duties(identity.actor(), request.args.get("page"))
    return render_template("fund/money/duties.html", held=held, page=page)


def _wanted(on: Mapping[str, str]) -> LedgerFilter:
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
        pick(
            "account",
            gettext("Account"),
            [(each.value, word(each)) for each in LedgerAccount],
        ),
        pick("booking", gettext("Booked as"), [(each.value, word(each)) for each in Booking]),
        pick("currency", gettext("Currency"), currencies()),
        pick("grant", gettext("Grant"), _grants(actor)),
        FilterField("request", gettext("Request"), typed=True),
        *period_fields(),
    )


def _grants(actor: Actor) -> list[tuple[str, str]]:
    """Return the grants that a filter offers: uid and code."""
    found = {line.grant_uid.hex: line.grant_code for line in money_reading.lines(actor)}
    return list(found.items())
