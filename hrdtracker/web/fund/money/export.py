"""Exports: the books as a file, and how any is handed out; in none a cell is a formula."""

from collections.abc import Sequence
from decimal import Decimal

from flask import Response
from flask_babel import gettext

from hrdtracker.core.money import Money
from hrdtracker.core.safe_export import as_csv, as_workbook
from hrdtracker.fund.reading.books import EntryDetails, PostingDetails
from hrdtracker.web.shell.context import today, word

Rows = Sequence[Sequence[object]]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, kind: str, ending: str) -> Response:
    """Return a file to keep; its name says nothing but the day."""
    name = f"sheet-{today().isoformat()}.{ending}"
    disposition = f'attachment; filename="{name}"'
    return Response(content, mimetype=kind, headers={"Content-Disposition": disposition})


def csv_file(header: Sequence[str], rows: Rows) -> Response:
    """Return a table as a CSV file."""
    return download(as_csv(header, rows), "text/csv", "csv")


def workbook(header: Sequence[str], rows: Rows) -> Response:
    """Return a table as an XLSX workbook."""
    return download(as_workbook(header, rows), WORKBOOK, "xlsx")


def plain(money: Money | None) -> Decimal | None:
    """Return an amount as a number that a spreadsheet can add up."""
    return None if money is None else Decimal(f"{money.major:.{money.places}f}")


def sheet_of_books(entries: Sequence[EntryDetails]) -> Response:
    """Return transactions as a file: a row for each posting, debit and credit side by side."""
    header = [
        gettext("Day"), gettext("Booked as"), gettext("Account"), gettext("Debit"),
        gettext("Credit"), gettext("Currency"), gettext("Grant"), gettext("Budget line"),
        gettext("In the hands of"), gettext("Request"), gettext("Payment"), gettext("Rate"),
        gettext("Source"), gettext("Booked by"), gettext("Entry"), gettext("Reverses"),
    ]  # fmt: skip
    return csv_file(header, [_row(details, leg) for details in entries for leg in details.postings])


def _row(details: EntryDetails, leg: PostingDetails) -> list[object]:
    booked = details.entry.transaction
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
        details.entry.request_code,
        details.entry.payment_code,
        rate,
        booked.rate_source,
        details.booked_by,
        booked.uid,
        details.reverses,
    ]
