"""Exported sheets: no spreadsheet takes a cell of them for a formula, however it reads the file.

One in whose country a semicolon stands between cells divides our cells where they hold one; so each
part of a cell is as harmless as the whole.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

import xlsxwriter

ACTS = frozenset("=+-@|%\t\r\N{MINUS SIGN}")
"""What a cell that does something begins with; the wide and small forms of these do the same."""
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""
QUOTE = '"'
PARTS = re.compile(r"([;|\t\r\n]+)")
BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets take Khmer for something else."""


def plain_cell(value: object) -> str:
    """Return a value as a cell that only says it; a part that would act gets a quote before it."""
    if isinstance(value, int | Decimal):
        return str(value)
    text = "" if value is None else str(value)
    parts = PARTS.split(text)
    parts[2::2] = [_harmless(part) for part in parts[2::2]]
    whole = "".join(parts)
    return f"'{whole}" if _acts(text) else whole


def _harmless(part: str) -> str:
    return f"'{part}" if _acts(part) else part


def _acts(text: str) -> bool:
    """Tell whether the first sign that is seen acts; a tab or return counts."""
    for sign in text:
        plain = unicodedata.normalize("NFKC", sign)[:1]
        if plain in ACTS:
            return True
        if not (sign == QUOTE or sign in BLANKS or unicodedata.category(sign) in UNSEEN):
            return False
    return False


def write_csv(target: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as a CSV file, every cell harmless."""
    writer = csv.writer(target)
    writer.writerow([plain_cell(name) for name in header])
    writer.writerows([plain_cell(value) for value in row] for row in rows)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as a CSV file, in UTF-8 with its mark, every cell harmless."""
    text = io.StringIO(newline="")
    write_csv(text, header, rows)
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
