"""A workbook’s first sheet as rows of text; a workbook that would fill the memory is not opened."""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineWorkbook

UNPACKED_MOST = 150_000_000
CELLS_MOST = 8_000_000
"""Of a rectangle in which a sheet surely fits: the library holds every cell of it in memory."""
ENTRIES_MOST = 1000
CHUNK = 1 << 20
LOCAL_HEADER = 30
DEFLATED = 8
STORED = 0
PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
ROW = re.compile(rb"<(?:\w{1,20}:)?row\b")
CELL = re.compile(rb"<(?:\w{1,20}:)?c[\s/>]")
OVERLAP = 64
"""Bytes of one chunk that are looked at again with the next, lest a cell’s place be cut in two."""


class WorkbookUnusable(ValueError):
    """The workbook is broken, is none, or is far larger than it looks."""


def is_workbook(data: bytes) -> bool:
    """Tell whether these bytes are an XLSX workbook, by what they hold."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        return False


def rows_of(data: bytes) -> Iterator[list[str]]:
    """Return the rows of the first sheet, as it shows them; raises WorkbookUnusable."""
    _measure(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise WorkbookUnusable(type(error).__name__) from None
    return ([_text(cell) for cell in row] for row in rows)


def _measure(data: bytes) -> None:
    """Refuse what unpacks to too much, whatever it says of itself, or spans too many cells."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        raise WorkbookUnusable("zip") from None
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or len(entries) > ENTRIES_MOST:
        raise WorkbookUnusable("entries")
    left = UNPACKED_MOST
    for entry in entries:
        extent = _Extent()
        for chunk in _unpacked(data, entry, left):
            left -= len(chunk)
            extent.see(chunk)
        if extent.cells > CELLS_MOST:
            raise WorkbookUnusable("cells")


class _Extent:
    """How far the cells of a sheet reach at most, whether or not they say where they stand."""

    def __init__(self) -> None:
        self._column = self._row = self._rows = self._in_row = self._widest = 0
        self._before = b""

    @property
    def cells(self) -> int:
        """The cells of a rectangle that holds them all."""
        return (self._column + max(self._widest, self._in_row)) * (self._row + self._rows)

    def see(self, chunk: bytes) -> None:
        """Take note of one more part of the sheet."""
        for letters, digits in PLACE.findall(self._before + chunk):
            self._column = max(self._column, _number(letters))
            self._row = max(self._row, int(digits))
        first, *others = ROW.split(chunk)
        self._in_row += len(CELL.findall(first))
        for part in others:
            self._widest, self._in_row = max(self._widest, self._in_row), len(CELL.findall(part))
        self._rows += len(others) + 1
        self._before = chunk[-OVERLAP:]


def _unpacked(data: bytes, entry: ZipInfo, most: int) -> Iterator[bytes]:
    """Yield the parts of an entry, unpacked; raises WorkbookUnusable beyond `most` bytes."""
    header = data[entry.header_offset : entry.header_offset + LOCAL_HEADER]
    begin = entry.header_offset + LOCAL_HEADER
    begin += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[begin : begin + entry.compress_size]
    if entry.compress_type not in {STORED, DEFLATED}:
        raise WorkbookUnusable("zip")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == DEFLATED else None
    while packed:
        try:
            chunk = unpacker.decompress(packed, CHUNK) if unpacker else packed
        except zlib.error:
            raise WorkbookUnusable("zip") from None
        most -= len(chunk)
        if most < 0:
            raise WorkbookUnusable("size")
        yield chunk
        packed = unpacker.unconsumed_tail if unpacker else b""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """Return what a cell shows: whole numbers without a point, days as 2024-11-16."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
