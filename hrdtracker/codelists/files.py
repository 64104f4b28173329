"""The lists people choose from, as they stand in files: one term a row, in English and Khmer."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parent / "data"
LISTS: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))
PARENT_LIST: Mapping[str, str] = MappingProxyType({"district": "province", "commune": "district"})
"""Lists whose parents stand in another list; in every other list they stand in the same one."""

HEADER = (
    "code",
    "parent",
    "label_en",
    "label_km",
    "position",
    "esf_code",
    "extra",
    "source",
    "confidence",
)
CONFIDENCES = ("verified", "partly verified", "general knowledge")

LONGEST: Mapping[str, int] = MappingProxyType({"label_en": 200, "label_km": 200, "extra": 400})
POSITION_DIGITS = 7

CODE = re.compile(r"[a-z0-9_]{1,40}")
ESF_CODE = re.compile(r"[0-9]{12}")


class BrokenList(ValueError):
    """A list's file does not hold; the sentence says which file, which row and what."""


@dataclass(frozen=True)
class TermRow:
    """One term of a list. `extra` holds what only some lists know, such as articles of treaties."""

    code: str
    parent: str
    label_en: str
    label_km: str
    position: int
    esf_code: str
    extra: Mapping[str, object] = field(hash=False)
    source: str
    confidence: str


@cache
def read_list(name: str) -> tuple[TermRow, ...]:
    """Return the terms of the list `name` in their order.

    Raises `BrokenList` where there is no such list, or its file does not hold.
    """
    if name not in LISTS:
        raise BrokenList(f"There is no list named “{name}”.")
    try:
        text = (FOLDER / f"{name}.csv").read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenList(f"{name}.csv is not UTF-8: save it again as “CSV UTF-8”.") from error
    return parse_list(name, text)


def parse_list(name: str, text: str) -> tuple[TermRow, ...]:
    """Return the terms in `text`, a CSV file's content; the header is row 1.

    Raises `BrokenList` at the first row that does not hold.
    """
    records = _records(name, text)
    _, header = next(records, (1, []))
    if tuple(header) != HEADER:
        raise BrokenList(f"{name}.csv, row 1: the columns must be {','.join(HEADER)}.")
    above = codes(read_list(PARENT_LIST[name])) if name in PARENT_LIST else None
    terms: dict[str, TermRow] = {}  # keeps the order of the file
    for number, record in records:
        for fault in _faults(record, terms, above):
            raise BrokenList(f"{name}.csv, row {number}: {fault}.")
        term = _term(record)
        terms[term.code] = term
    return tuple(terms.values())


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its row number; a line break inside quotes does not begin a row."""
    number = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            number += 1
            yield number, record
    except csv.Error as error:
        raise BrokenList(f"{name}.csv, row {number + 1}: {error}.") from error


def _faults(
    record: list[str], terms: dict[str, TermRow], above: frozenset[str] | None
) -> Iterator[str]:
    """Yield what is wrong with a record, as the ends of sentences.

    `terms` are those of the rows before it; `above`, the codes of the list where its parent stands.
    """
    if len(record) != len(HEADER):
        yield f"there are {len(record)} columns where {len(HEADER)} are needed"
        return
    cells = dict(zip(HEADER, record, strict=True))
    yield from (f"{column} has spaces around it" for column in HEADER if _padded(cells[column]))
    if not CODE.fullmatch(cells["code"]):
        yield f"the code “{cells['code']}” is not 1 to 40 of a to z, 0 to 9 and _"
    if cells["code"] in terms:
        yield f"the code “{cells['code']}” stands twice"
    if above is None and cells["parent"] and cells["parent"] not in terms:
        yield f"the parent “{cells['parent']}” does not stand above it"
    if above is not None and cells["parent"] not in above:
        yield f"the parent “{cells['parent']}” is not in the list of parents"
    yield from _faulty_words(cells)
    yield from _faulty_attributes(cells, terms)


def _padded(cell: str) -> bool:
    return cell != cell.strip()


def _faulty_words(cells: Mapping[str, str]) -> Iterator[str]:
    yield from (
        f"{column} is empty" for column in ("label_en", "label_km", "source") if not cells[column]
    )
    yield from (
        f"{column} has more than {most} characters"
        for column, most in LONGEST.items()
        if len(cells[column]) > most
    )
    if cells["confidence"] not in CONFIDENCES:
        yield f"the confidence “{cells['confidence']}” is none of {', '.join(CONFIDENCES)}"


def _faulty_attributes(cells: Mapping[str, str], terms: dict[str, TermRow]) -> Iterator[str]:
    position, esf_code = cells["position"], cells["esf_code"]
    if not (position.isascii() and position.isdigit() and len(position) <= POSITION_DIGITS):
        yield f"the position “{position}” is not a whole number"
    elif terms and int(position) <= terms[next(reversed(terms))].position:
        yield f"the position {position} does not follow the one above it"
    if esf_code and not ESF_CODE.fullmatch(esf_code):
        yield f"the esf_code “{esf_code}” is not 12 digits"
    if _extra(cells["extra"]) is None:
        yield "extra is not a JSON object"


def _extra(cell: str) -> Mapping[str, object] | None:
    """Return the attributes in a cell, or None where it holds no JSON object."""
    try:
        attributes: object = json.loads(cell or "{}")
    except ValueError:
        return None
    return MappingProxyType(attributes) if isinstance(attributes, dict) else None


def _term(record: list[str]) -> TermRow:
    """Return a record without faults as a term."""
    cells = dict(zip(HEADER, record, strict=True))
    return TermRow(
        code=cells["code"],
        parent=cells["parent"],
        label_en=cells["label_en"],
        label_km=cells["label_km"],
        position=int(cells["position"]),
        esf_code=cells["esf_code"],
        extra=_extra(cells["extra"]) or MappingProxyType({}),
        source=cells["source"],
        confidence=cells["confidence"],
    )


def codes(terms: Iterable[TermRow]) -> frozenset[str]:
    """Return the codes of `terms`."""
    return frozenset(term.code for term in terms)
