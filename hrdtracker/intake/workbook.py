"""A workbook’s sheet as rows of text, read in a process of its own that may break."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from hrdtracker.intake.workbook_process import NO_SUCH_SHEET, SECONDS_MOST

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MOST = 250 * 1024 * 1024
"""Bytes that reading a workbook may take."""
READER = (sys.executable, "-m", "hrdtracker.intake.workbook_process")


class WorkbookUnusable(ValueError):
    """The workbook is broken, is none, or is far larger than it looks."""


class NoSuchSheet(ValueError):
    """The workbook has no sheet of this name; it has those of `names`."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet of a workbook: its rows as the text of a CSV file, and what stands beside it."""

    name: str
    others: tuple[str, ...]
    """The workbook’s other sheets that are not hidden."""
    merged: int
    """How many cells say what a merged cell above them says."""
    text: str = field(repr=False)


def is_workbook(data: bytes) -> bool:
    """Tell whether these bytes are an XLSX workbook, by what they hold."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        return False


def open_workbook(data: bytes, name: str = "") -> WorkbookSheet:
    """Return a sheet as it shows its cells: the one named, or the first that is not hidden.

    Raises WorkbookUnusable, whatever the reader does with what it is given, or NoSuchSheet.
    """
    try:
        reader = subprocess.run(  # noqa: S603 - our own module, and nothing of the file is a word
            (*READER, name, str(MEMORY_MOST)),
            input=data,
            capture_output=True,
            timeout=2 * SECONDS_MOST,
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WorkbookUnusable("time") from None
    end = reader.stdout.rfind(b"\n") + 1
    if reader.returncode == NO_SUCH_SHEET:
        raise NoSuchSheet(tuple(json.loads(reader.stdout[end:])["sheets"]))
    if reader.returncode:
        raise WorkbookUnusable(str(reader.returncode))
    about = json.loads(reader.stdout[end:])
    others = tuple(other for other in about["sheets"] if other != about["sheet"])
    rows = str(memoryview(reader.stdout)[:end], "utf-8")
    return WorkbookSheet(about["sheet"], others, about["merged"], rows)
