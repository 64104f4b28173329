"""The Khmer of the pages: whole, with its placeholders, in one spelling, and without English."""

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import wtforms

from hrdtracker.cases.planning import read_coming
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import read_when
from hrdtracker.forms.messages import OF_WTFORMS
from hrdtracker.people.lines import read_lines
from tests.web.catalogue import (
    ALLOWED,
    ROOT,
    catalogue,
    in_the_sources,
    khmer,
    messages,
)

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]")
KHMER = re.compile("[\u1780-\u17b3]")
LATIN = re.compile(r"[A-Za-z][\w/]*")
TYPED = re.compile(r"--[a-z-]+|“[a-z_]+”|«[a-z_]+»")
"""Options and keys, which are typed as they are."""
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u17b4\u17b5\u00a0]")
SHIFTER_TOO_EARLY = re.compile("[\u17c9\u17ca]\u17d2")
DAY = date(2026, 11, 17)
ZONE = ZoneInfo("Asia/Phnom_Penh")


def test_every_sentence_of_code_and_templates_is_in_the_catalogue() -> None:
    assert len(in_the_sources()) > 700
    held = {message.id for message, _ in messages()}
    assert sorted(map(str, in_the_sources() - held)) == []


def test_the_catalogue_holds_no_sentence_that_nothing_says() -> None:
    held = {message.id for message, _ in messages()}
    assert sorted(map(str, held - in_the_sources())) == []
    assert list(catalogue().obsolete) == []


def test_every_sentence_has_its_khmer() -> None:
    assert [message.id for message, said in messages() if not said.strip()] == []
    assert [message.id for message, _ in messages() if message.fuzzy] == []


def test_one_form_serves_one_and_many() -> None:
    assert catalogue().num_plurals == 1
    several = [m for m, _ in messages() if m.pluralizable]
    assert several
    assert [m.id for m in several if not isinstance(m.string, tuple) or len(m.string) > 1] == []


def test_a_placeholder_stands_in_the_khmer_too() -> None:
    def holes(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text.replace("%%", "")))

    wrong = {}
    for message, said in messages():
        english = message.id if isinstance(message.id, str) else message.id[-1]
        if said and holes(english) != holes(said):
            wrong[english] = said
    assert wrong == {}


def test_no_english_word_is_left_in_a_sentence() -> None:
    words = {
        id_: set(LATIN.findall(TYPED.sub(" ", PLACEHOLDER.sub(" ", said))))
        for id_, said in khmer().items()
    }
    assert {id_: left - ALLOWED for id_, left in words.items() if left - ALLOWED} == {}
    used = set().union(*words.values())
    assert ALLOWED - used == set(), "nothing says these any more"


def test_a_sentence_holds_khmer_letters_unless_it_is_all_placeholders() -> None:
    without = [id_ for id_, said in khmer().items() if not KHMER.search(said)]
    assert [id_ for id_ in without if LATIN.search(PLACEHOLDER.sub(" ", id_))] == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an invisible character", INVISIBLE),
        ("a sign before the subscript that it follows", SHIFTER_TOO_EARLY),
        ("an exclamation mark", re.compile("!")),
        ("two spaces, or one at an end", re.compile(r"  |^\s|\s$")),
        ("a space before a full stop or a colon", re.compile(" [។៖]")),
        ("an English full stop at the end", re.compile(r"[\u1780-\u17ff]\.$")),
        ("the older spelling of “so that”", re.compile("អោយ|ឲ្យ")),
        ("the older spelling of “information”", re.compile("ពត៌មាន")),
    ],
)
def test_the_khmer_is_written_in_one_way(what: str, pattern: re.Pattern[str]) -> None:
    assert {id_: said for id_, said in khmer().items() if pattern.search(said)} == {}, what


def test_a_full_sentence_ends_as_one_in_both_languages() -> None:
    def stops(text: str, marks: tuple[str, ...]) -> bool:
        return text.rstrip(" »”").endswith(marks)

    uneven = {
        id_: said for id_, said in khmer().items() if stops(id_, (".",)) != stops(said, ("។",))
    }
    assert uneven == {}


@pytest.mark.parametrize(
    ("hint", "dates"),
    [
        ("Yesterday 7:30, 16 November, about October, 2570 BE.", 4),
        ("A day, a month or a year: 12 March 1990, March 1990, 1990.", 3),
    ],
)
def test_the_dates_we_give_as_examples_are_dates_we_read(hint: str, dates: int) -> None:
    examples = khmer()[hint].removesuffix("។").split("៖ ")[-1].split(", ")
    read = [read_when(text, DAY, ZONE) for text in examples]
    assert [when.precision for when in read if when.precision is not Precision.UNKNOWN] == [
        when.precision for when in read
    ]
    assert len(read) == dates


@pytest.mark.parametrize(
    "hint",
    [
        "Write a day, such as 31 December 2026.",
        "Write one day, such as 16 November 2026.",
        "A day, such as 31 December 2026; empty for a role without an end.",
        "Write one day, such as “10 December” or “in 3 months”.",
        "Write a day, or a day and an hour, such as “yesterday 11:20”.",
    ],
)
def test_a_day_we_give_as_an_example_is_a_day_we_read(hint: str) -> None:
    given = khmer()[hint].split("ដូចជា ")[1].split("។")[0]
    for example in re.findall("«(.+?)»", given) or [given]:
        when = read_when(example, DAY, ZONE)
        fine = {Precision.DAY, Precision.MINUTE}
        assert when.precision in fine or read_coming(example, DAY, ZONE), example


@pytest.mark.parametrize(
    "sentence",
    [
        "One person a line: name, sex, age. Or “a group of about 12”.",
        "What does the number %(number)s count? Say for example “12 villagers”.",
        "Is this a name or a sex? Write the name, then the sex; or “unknown man”.",
    ],
)
def test_the_lines_we_give_as_examples_are_lines_we_read(sentence: str) -> None:
    for example in re.findall("«(.+?)»", khmer()[sentence]):
        read = read_lines(example)
        assert not read.problems
        assert len(read.people) + len(read.groups) == 1


def test_the_sentences_of_wtforms_are_its_own() -> None:
    folder = Path(wtforms.__file__).parent
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert [sentence for sentence in OF_WTFORMS if f'"{sentence}"' not in text] == []


def test_the_reviewers_page_says_of_the_pages_what_they_say() -> None:
    page = (ROOT / "docs" / "khmer-review.md").read_text("utf-8")
    part = page.partition("\n## Pages\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in part.splitlines()
        if line.startswith("| “")
    ]
    assert len(rows) > 40
    said = khmer()
    wrong = [row for row in rows if said.get(row[0].strip()[1:-1]) != row[1]]
    assert wrong == []
