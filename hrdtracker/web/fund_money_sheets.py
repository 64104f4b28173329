"""Sheets that leave the house: the books and the reports as files, every cell harmless."""

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext

from hrdtracker.core.cells import as_csv
from hrdtracker.core.money import Money
from hrdtracker.fund.book_pages import Shown, Written
from hrdtracker.web.shell.context import today, word

Rows = Sequence[Sequence[object]]


def download(content: bytes, kind: str, ending: str) -> Response:
    """Return a file to keep; its name says nothing but the day."""
    name = f"sheet-{today().isoformat()}.{ending}"
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=kind, headers={"Content-Disposition": disposition})


def csv_file(header: Sequence[str], rows: Rows) -> Response:
    """Return a table as a CSV file."""
    return download(as_csv(header, rows), "text/csv", "csv")


def plain(money: Money | None) -> str:
    """Return an amount as a number that a spreadsheet can add up."""
    return "" if money is None else f"{money.major:.{money.places}f}"


def sheet_of_books(found: Sequence[Shown]) -> Response:
    """Return transactions as a file: a row for each posting, debit and credit side by side."""
    header = [
        gettext("Day"), gettext("Booked as"), gettext("Account"), gettext("Debit"),
        gettext("Credit"), gettext("Currency"), gettext("Grant"), gettext("Budget line"),
        gettext("In the hands of"), gettext("Request"), gettext("Payment"), gettext("Rate"),
        gettext("Source"), gettext("Booked by"), gettext("Entry"), gettext("Reverses"),
    ]  # fmt: skip
    return csv_file(header, [_row(one, leg) for one in found for leg in one.postings])


def _row(one: Shown, leg: Written) -> list[object]:
    booked = one.entry.transaction
    rate = ""
    if booked.rate_numerator and booked.rate_denominator:
        rate = f"{booked.rate_numerator / booked.rate_denominator:.6f}".rstrip("0").rstrip(".")
    return [
        booked.booked_on.isoformat(),
        word(booked.booking),
        word(leg.account),
        plain(leg.debit),
        plain(leg.credit),
        leg.amount.currency,
        leg.grant,
        leg.line,
        leg.holder,
        one.entry.request_code,
        one.entry.payment_code,
        rate,
        booked.rate_source,
        one.booked_by,
        booked.uid,
        one.reverses,
    ]
