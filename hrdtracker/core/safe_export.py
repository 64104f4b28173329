"""Exported sheets: no spreadsheet takes a cell of them for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

ACTS = frozenset("=+-@|%\t\r")
"""What a cell that does something begins with."""
UNSEEN = frozenset({"Cf", "Zs", "Zl", "Zp"})
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take Khmer for something else."""


def plain_cell(value: object) -> str:
    """Return a value as a cell that only says it; one that would act gets a quote before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text and _first_seen(text) in ACTS else text


def _first_seen(text: str) -> str:
    """Return the first sign that is neither space nor invisible; a tab or return counts."""
    for sign in text:
        if sign in ACTS or (unicodedata.category(sign) not in UNSEEN and not sign.isspace()):
            return sign
    return ""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a CSV file, in UTF-8 with its mark, every cell harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([plain_cell(each) for each in header])
    writer.writerows([plain_cell(each) for each in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def as_workbook(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as an XLSX workbook: numbers as numbers, all else as words, never a formula.

    It is made in memory: nothing of it is ever written to the disk.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, plain_cell(name), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, plain_cell(value))
        sheet.freeze_panes(1, 0)
    return content.getvalue()
