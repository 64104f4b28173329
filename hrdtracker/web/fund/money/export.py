"""Exports: the books and the reports as files, in which no cell is a formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from flask import Response
from flask_babel import gettext, pgettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Money
from hrdtracker.core.safe_export import as_csv, as_workbook
from hrdtracker.fund.reading.books import EntryDetails, PostingDetails
from hrdtracker.fund.reading.donor_report import DonorReport
from hrdtracker.web.shell.context import locale, today, word

Rows = Sequence[Sequence[object]]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEX = "sex"
"""What stands for the list of sexes, which is no list of terms."""


@dataclass(frozen=True)
class CountTable:
    """A simple table of a report: what it is called, what it counts, and each count by its word."""

    title: str
    counted: str
    rows: Sequence[tuple[str, int | None]]


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


def sheet_of_report(report: DonorReport, *, as_book: bool) -> Response:
    """Return a report as a file: a part, what is counted, and the number, on each row."""
    header = [
        gettext("Part"), pgettext("figure", "What"), gettext("Also"), gettext("Number"),
        gettext("Budget"), gettext("Spent"), gettext("Currency"),
    ]  # fmt: skip
    return (workbook if as_book else csv_file)(header, rows_of_report(report))


def rows_of_report(report: DonorReport) -> list[list[object]]:
    """Return a report row by row."""
    money: list[list[object]] = [
        [
            gettext("Budget line"), f"{line.grant_code} {line.line_code}", line.title, "",
            plain(line.budget), plain(line.spent), line.budget.currency,
        ]
        for line in report.lines
    ]  # fmt: skip
    people: list[list[object]] = [[gettext("People helped"), "", "", _count(report.people)]]
    for table in tables_of(report):
        people += [[table.title, name, "", _count(count)] for name, count in table.rows]
    crossed = [
        [gettext("Type of support and sex"), kind, sex, _count(count)]
        for kind, sex, count in crossed_of(report)
    ]
    hours = [
        [gettext("Hours, in the middle"), name, "", _hours(wait)]
        for name, wait in (
            (gettext("from sending to decision"), report.to_decision),
            (gettext("from sending to money"), report.to_money),
        )
    ]
    return [*money, *people, *crossed, *hours]


def tables_of(report: DonorReport) -> list[CountTable]:
    """Return the simple tables of a report, in the reader's language."""
    people, requests = gettext("People"), gettext("Requests")
    return [
        CountTable(title, counted, [(_term(code, codelist), n) for code, n in counts.items()])
        for title, counted, counts, codelist in (
            (gettext("Type of support"), people, report.by_support_type, "support_type"),
            (gettext("Sex"), people, report.by_sex, SEX),
            (gettext("Area of work"), people, report.by_area, "thematic_area"),
            (gettext("Province"), people, report.by_province, "province"),
            (gettext("Did it help?"), requests, report.outcomes, "support_outcome"),
        )
    ]


def crossed_of(report: DonorReport) -> list[tuple[str, str, int | None]]:
    """Return how many people there are of each type of support and sex, in words."""
    return [
        (_term(kind, "support_type"), _term(sex, SEX), count)
        for (kind, sex), count in report.crossed.items()
    ]


def _term(code: str, codelist: str) -> str:
    """Return what a code means; that it is not known, where nobody said."""
    if codelist == SEX:
        return word(code) or gettext("Not known")
    return terms().label(codelist, code, locale()) if code else gettext("Not known")


def _count(people: int | None) -> object:
    return gettext("fewer than 5") if people is None else people


def _hours(wait: timedelta | None) -> object:
    return "" if wait is None else round(wait.total_seconds() / 3600)
