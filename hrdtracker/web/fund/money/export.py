"""Sheets that leave the house: the books and the reports as files, every cell harmless."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from flask import Response
from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Money
from hrdtracker.core.safe_export import as_csv, as_workbook
from hrdtracker.fund.reading.books import Shown, Written
from hrdtracker.fund.reading.donor_report import DonorReport
from hrdtracker.web.shell.context import locale, today, word

Rows = Sequence[Sequence[object]]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEX = "sex"
"""What stands for the list of sexes, which is no list of terms."""


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


def sheet_of_report(told: DonorReport, *, as_book: bool) -> Response:
    """Return a report as a file: a part, what is counted, and the number, on each row."""
    header = [
        gettext("Part"), gettext("What"), gettext("Also"), gettext("Number"), gettext("Budget"),
        gettext("Spent"), gettext("Currency"),
    ]  # fmt: skip
    return (workbook if as_book else csv_file)(header, rows_of_report(told))


def rows_of_report(told: DonorReport) -> list[list[object]]:
    """Return a report row by row."""
    money: list[list[object]] = [
        [
            gettext("Budget line"), f"{one.grant_code} {one.line_code}", one.title, "",
            plain(one.budget), plain(one.spent), one.budget.currency,
        ]
        for one in told.lines
    ]  # fmt: skip
    people: list[list[object]] = [[gettext("People helped"), "", "", _count(told.people)]]
    for part, counts, codelist in parts_of(told):
        people += [[part, name, "", _count(count)] for name, count in named(counts, codelist)]
    crossed = [
        [gettext("Type of support and sex"), term_of(kind, "support_type"), sex_of(sex), _count(n)]
        for (kind, sex), n in told.crossed.items()
    ]
    hours = [
        [gettext("Hours, in the middle"), name, "", _hours(wait)]
        for name, wait in (
            (gettext("from sending to decision"), told.to_decision),
            (gettext("from sending to money"), told.to_money),
        )
    ]
    return [*money, *people, *crossed, *hours]


def parts_of(told: DonorReport) -> list[tuple[str, dict[str, int | None], str]]:
    """Return the simple tables of a report: what each is called, its counts, its list."""
    return [
        (gettext("Type of support"), told.by_support_type, "support_type"),
        (gettext("Sex"), told.by_sex, SEX),
        (gettext("Area of work"), told.by_area, "thematic_area"),
        (gettext("Province"), told.by_province, "province"),
        (gettext("Did it help?"), told.outcomes, "support_outcome"),
    ]


def named(counts: dict[str, int | None], codelist: str) -> list[tuple[str, int | None]]:
    """Return counts with their words in the reader's language."""
    say = sex_of if codelist == SEX else (lambda code: term_of(code, codelist))
    return [(say(code), count) for code, count in counts.items()]


def term_of(code: str, codelist: str) -> str:
    """Return what a code means; that it is not known, where there is none."""
    return terms().label(codelist, code, locale()) if code else gettext("Not known")


def sex_of(code: str) -> str:
    """Return what a sex is called; that it is not known, where nobody said."""
    return word(code) or gettext("Not known")


def _count(people: int | None) -> object:
    return gettext("fewer than 5") if people is None else people


def _hours(wait: timedelta | None) -> object:
    return "" if wait is None else round(wait.total_seconds() / 3600)
