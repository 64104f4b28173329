"""Whatever stands in a column of custody or of the courts: nothing is lost, and nothing breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hrdtracker.audit import chain
from hrdtracker.codelists.files import LISTS, parse_list, read_list
from hrdtracker.core.when.model import When
from hrdtracker.intake.cells import INDENT
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping_file import MappingUnusable
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.proceedings.articles import article_in
from hrdtracker.proceedings.model import Charge, Proceeding
from tests.deep import usual_or_deep
from tests.intake.court_sheets import ARTICLES, COURTS, FULL, count, of_nowhere, take
from tests.spec.sheets import PLAIN, ZONE, Desk, marker, row, terms_of

PROVISIONS = [*read_list("provision"), *parse_list("provision", of_nowhere(*ARTICLES))]
CODES = Codebook(terms_of({"provision": PROVISIONS}))
COLUMNS = tuple(name for name in FULL if name not in {"no", "case"})
DAYS = (
    "17 November 2024", "2024-11-16T23:59", "March 2025", "2568", "yesterday", "1 to 3 March 2025",
    "31/02/2024", "29 February 2023", "0000-00-00", "30 November 2099", "about 2024", "life",
    "១៧ វិច្ឆិកា ២០២៤",
)  # fmt: skip
WORDS = (
    "Dropped", "charged", "requalified", "guilty", "Pre-trial detention", "sentence", "Held",
    "adjourned", "art. 12.1; ; 34;", "; ;", "មាត្រា ៤៩៥", "our own", "=1+1", "Not known", "-",
    "x" * 301, "y" * 601, "two\nlines", "\u200b", "<script>", "'; DROP TABLE stay; --", "\x00",
)  # fmt: skip
ANY = st.one_of(
    st.just(""),
    st.sampled_from(DAYS),
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
KINDS = st.sampled_from(("Arrest", "Detention", "Threat"))
ROWS = st.builds(
    lambda texts, kind: {**row(**dict(zip(COLUMNS, texts, strict=True))), "type": kind},
    st.tuples(*(st.one_of(st.just(FULL[name]), ANY) for name in COLUMNS)),
    KINDS,
)
"""Rows of which any cell may say what it should, or anything else."""


def numbered(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"no": f"{number}", "case": "", **cells} for number, cells in enumerate(rows, 1)]


def readings(desk: Desk, rows: list[dict[str, str]]) -> Iterator[tuple[RowReading, Any]]:
    """Yield what is read of each row, with its cells as they were read."""
    mapping, sheet = desk.mapping(COURTS), desk.sheet(numbered(rows))
    sheets = Sheets(mapping, sheet, {})
    reader = RowReader(mapping, sheets, CODES, marker(), ZONE)
    for each in sheet.rows():
        yield reader.read(each), sheets.cells(each)


def texts_of(part: Any) -> Iterator[str]:
    """Yield every text that stands in a draft."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, When):
        yield part.as_told
    elif isinstance(part, tuple | frozenset):
        for each in part:
            yield from texts_of(each)
    elif is_dataclass(part):
        for declared in fields(part):
            yield from texts_of(getattr(part, declared.name))


def is_code(text: str) -> bool:
    """Tell whether a word is one of our lists, of the mapping, or the number of an article."""
    return (
        text in {"pending", "guilty"}
        or any(CODES.find(name, text) for name in LISTS)
        or article_in(text) in {*ARTICLES, *(str(one.extra.get("article")) for one in PROVISIONS)}
    )


def lost(reading: RowReading, texts: Mapping[str, str]) -> list[str]:
    """Return the columns of which a word stands nowhere."""
    kept = "\n".join((*texts_of(reading.whole), *texts_of(reading.court)))
    plain = kept.replace(INDENT, "\n")
    return [
        column
        for column, text in texts.items()
        if text not in plain
        and not all(
            part.strip() in plain or " ".join(part.split()) in plain or is_code(part.strip())
            for part in text.split("; ")
        )
    ]


@given(ROWS)
@settings(max_examples=usual_or_deep(100, 10_000), deadline=None)
def test_no_word_of_a_row_is_lost_and_no_reason_repeats_one(cells: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        ((reading, read),) = readings(Desk(Path(folder)), [cells])
    if reading.whole is None:
        assert reading.refused
        assert all(str(note.reason) for note in reading.refused)
        return
    texts = {name: text for name in COLUMNS if (text := read.text(name))}
    assert lost(reading, texts) == []
    for note in reading.notes:
        assert str(note.reason)
        assert not any(len(text) > 12 and text in str(note.reason) for text in texts.values())


@pytest.mark.usefixtures("law")
@given(st.lists(ROWS, min_size=8, max_size=8))
@settings(
    max_examples=usual_or_deep(3, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_row_is_recorded_or_refused_in_words(desk: Desk, rows: list[dict[str, str]]) -> None:
    before = count(Proceeding), count(Charge)
    report = take(desk, *({**cells, "no": uuid4().hex} for cells in numbered(rows)))
    counts = report.counts
    assert counts.rows == len(rows)
    assert counts.created + counts.rejected == len(rows)
    assert all(str(note.reason) for note in report.refused)
    made = count(Proceeding) - before[0], count(Charge) - before[1]
    assert made == (report.courts.proceedings, report.courts.charges)
    assert chain.verify().holds


def test_the_property_sees_what_is_lost(desk: Desk) -> None:
    """A guard of the guard: a reader that forgot a column would be found."""
    ((reading, read),) = readings(desk, [{**row(**FULL), "type": "Arrest"}])
    assert lost(reading, {name: read.text(name) for name in COLUMNS if read.text(name)}) == []
    assert lost(reading, {"room": "a room that stands nowhere"}) == ["room"]


def test_a_mapping_of_the_courts_that_does_not_hold_says_all_that_is_wrong(desk: Desk) -> None:
    wrong = f"""{PLAIN}
proceeding = {{ role = "witness" }}
charges = [{{ note = "n" }}, {{ article = "a" }}, {{ words = "w", file = "elsewhere" }}]
titles = [{{ kind = {{ values = {{ x = "sentence" }} }} }}]
hearings = [{{ starts = {{ about = {{ column = "z" }} }} }}]
"""
    with pytest.raises(MappingUnusable) as stopped:
        desk.mapping(wrong)
    for words in (
        "role must be suspect or accused",
        "charges must name a column with an article",
        "charges must name the law",
        "“elsewhere” of charges is not joined",
        "titles must name a kind",
        "hearings must name a column for their day",
    ):
        assert words in str(stopped.value.reason)
