"""The Khmer of the pages: whole, with its placeholders, in one spelling, and without English."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.planning import read_coming
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import CURRENCIES
from hrdtracker.core.when import Precision, When
from hrdtracker.core.when_text import read_when
from hrdtracker.forms.messages import OF_WTFORMS
from hrdtracker.incidents import facts
from hrdtracker.incidents.drafts import Place, VictimUpdate
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.incidents.service import violations_of
from hrdtracker.people.lines import read_lines
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "hrdtracker" / "translations" / "km" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]")
KHMER = re.compile("[\u1780-\u17b3]")
LATIN = re.compile(r"[A-Za-z][\w/]*")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u17b4\u17b5\u00a0]")
SHIFTER_TOO_EARLY = re.compile("[\u17c9\u17ca]\u17d2")
LATIN_IN_KHMER_TOO = {
    "a code of an office, as it is typed": {"PNH"},
    "a time zone has its name in Latin letters": {"Asia/Phnom_Penh"},
    "a key of the keyboard": {"Esc"},
    "the letter that a person has in a case": {"A"},
    "what a computer calls a kind of file": {"CSV", "UTF", "PDF", "TOML", "XLSX", "MB", "kB"},
    "letters and names that a login is made of": {"a", "z", "monitor3", "admin1"},
}
ALLOWED = set().union(*LATIN_IN_KHMER_TOO.values())
OF_THE_CAST = {"Daybook", "English", "EN", "Test", "Demo"}
DAY = date(2026, 11, 17)
ZONE = ZoneInfo("Asia/Phnom_Penh")
MONTH = timedelta(days=30)
Words = str | tuple[str, ...]


@cache
def in_the_sources() -> frozenset[Words]:
    """Return every message that code and templates hold now."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    found = extract_from_dir(
        str(ROOT),
        method_map=[(each["pattern"], each["method"]) for each in settings["mappings"]],
        keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None},
        directory_filter=lambda path: (
            Path(path).name in {ROOT.name, "hrdtracker", "templates"}
            or {"hrdtracker", "templates"} & set(Path(path).relative_to(ROOT).parts) != set()
        ),
    )
    return frozenset(words for _, _, words, _, _ in found)


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="km", abort_invalid=True)


def messages() -> Iterator[tuple[Message, str]]:
    """Give each message with its Khmer; Khmer has no plural, so it is one."""
    for message in catalogue():
        if message.id:
            said = message.string
            yield message, said if isinstance(said, str) else said[0] if said else ""


@cache
def khmer() -> dict[str, str]:
    """Return the Khmer there is by the English; of a plural, by its first form."""
    return {m.id if isinstance(m.id, str) else m.id[0]: said for m, said in messages() if said}


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
    words = {id_: set(LATIN.findall(PLACEHOLDER.sub(" ", said))) for id_, said in khmer().items()}
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


@pytest.fixture
def khmer_app(app: Flask, tmp_path: Path) -> Flask:
    """Return the application with the catalogue as it is written now, compiled or not."""
    folder = tmp_path / "km" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue())
    app.extensions["babel"].translation_directories[:] = [str(tmp_path)]
    return app


def in_khmer(app: Flask, login: str | None) -> Browser:
    browser = Browser(app, login)
    browser.post("/language", {"language": "km"})
    return browser


def english_left(browser: Browser) -> set[str]:
    """Return the words in Latin letters that a reader sees or is read aloud."""
    page = re.sub(r"(?s)<(style|script|code|svg|head)\b.*?</\1>", " ", browser.page)
    named = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    titles = re.findall(r"<title>(.*?)</title>", browser.page)
    shown = re.sub(r"<[^>]+>", " ", page)
    words = re.findall(r"[A-Za-z]{2,}", unescape(" ".join([shown, *named, *titles])))
    return set(words) - OF_THE_CAST - ALLOWED - CURRENCIES.keys()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("login", "path"),
    [
        (None, "/login"),
        ("monitor", "/"),
        ("monitor", "/incidents"),
        ("monitor", "/incidents/new"),
        ("monitor", "/people"),
        ("monitor", "/people/new"),
        ("monitor", "/account"),
        ("director", "/review"),
        ("auditor", "/audit/verify"),
        ("fund", "/outlines"),
        ("fund", "/fund/queue"),
        ("fund", "/fund/donors/new"),
        ("finance", "/fund/payments"),
        ("finance", "/fund/ledger"),
        ("director", "/fund/reports"),
        ("admin", "/admin/codelists"),
        (None, "/welcome"),
    ],
)
def test_a_page_in_khmer_has_no_english_word(
    khmer_app: Flask, login: str | None, path: str
) -> None:
    browser = in_khmer(khmer_app, login)
    assert browser.get(path).status_code == 200
    assert '<html lang="km"' in browser.page
    assert "ចាកចេញ" in browser.text
    assert english_left(browser) - {login, khmer_app.name} == set()


@pytest.mark.engines("sqlite")
def test_what_is_wrong_is_said_in_khmer_by_wtforms_too(khmer_app: Flask) -> None:
    browser = in_khmer(khmer_app, "monitor")
    answer = browser.post("/incidents/new", {"type": "arrest", "when": "", "where": "ក" * 301})
    assert answer.status_code == 422
    assert khmer()["Write when it happened, roughly. “Not known” is an answer too."] in browser.text
    assert "មិនត្រូវលើសពី ៣០០ តួ" in browser.text
    assert english_left(browser) - {"monitor"} == set()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("សុខ ដារ៉ា, ស, ៩០០", "បន្ទាត់ទី១៖ អាយុ ៩០០ មិននៅចន្លោះ ០ និង ១២០ ទេ។"),
        ("សុខ ដារ៉ា, 34, 43", "បន្ទាត់ទី១៖ មានលេខពីរដែលអាចជាអាយុ៖ ៣៤ និង ៤៣។"),
        ("\n" * 9 + "ក" * 900, "បន្ទាត់ទី១០៖"),
    ],
)
def test_what_is_wrong_in_a_line_is_said_in_khmer_with_khmer_digits(
    khmer_app: Flask, typed: str, said: str
) -> None:
    browser = in_khmer(khmer_app, "monitor")
    sent = {"type": "threat", "when": "ម្សិលមិញ", "who": typed}
    assert browser.post("/incidents/new", sent).status_code == 422
    assert said in browser.text
    assert english_left(browser) - {"monitor"} == set()
    browser.post("/incidents/read/who", {"who": typed})
    assert said in browser.text


@pytest.mark.engines("sqlite")
def test_what_is_wrong_in_an_assessment_is_said_with_khmer_digits(khmer_app: Flask) -> None:
    here = f"/incidents/{in_unit(khmer_app, lambda: make.incident(**OF_HERE).uid)}"
    browser = in_khmer(khmer_app, "director")
    form = {"version": "1", "established-0": "verified", "sources-0": "1"}
    assert browser.post(f"{here}/review", form).status_code == 422
    assert browser.text.count("ប្រភពឯករាជ្យយ៉ាងតិច ២។") == 2
    assert latin_left(browser) == set()


OF_HERE: dict[str, Any] = {
    "narrative": "រថយន្តពីរគ្រឿងបានមកដល់។",
    "occurred": When.day(DAY, ZONE, "ថ្ងៃអង្គារ"),
    "place": Place(PlaceKind.CAMBODIA, "12", words="មុខរោងចក្រ"),
}
CODE = re.compile(r"\b[A-Z]{3}-\d{4}-[2-9A-Z]{4}\b")
"""The code of a case, which a machine reads too."""


def latin_left(browser: Browser) -> set[str]:
    """Return the digits, and the stops and colons after Khmer words, that are Latin ones."""
    page = re.sub(r"(?s)<(style|script|svg|head|code)\b.*?</\1>", " ", browser.page)
    text = CODE.sub(" ", unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))))
    digits = {found.strip() for found in re.findall(r".{0,20}(?<![A-Za-z])[0-9]+", text)}
    return digits | set(re.findall(r".{0,20}[\u1780-\u17ff] ?[.:](?= |$)", text))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("login", "part"),
    [
        ("monitor", "/"),
        ("monitor", "/people?unit=person"),
        ("monitor", "/cases"),
        ("monitor", "/incidents?type=arrest"),
        ("monitor", "/account"),
        ("monitor", "{case}"),
        ("monitor", "{case}/people"),
        ("director", "{case}/access"),
        ("director", "{case}/openings"),
        ("monitor", "{incident}"),
        ("monitor", "{incident}/people"),
        ("director", "{incident}/review"),
        ("director", "/review"),
        ("fund", "/outlines"),
    ],
)
def test_numbers_and_stops_in_khmer_are_khmer_and_codes_stay_latin(
    khmer_app: Flask, login: str, part: str
) -> None:
    browser = in_khmer(khmer_app, login)
    browser.get(in_unit(khmer_app, lambda: _address(part)))
    assert re.search("[០-៩]", browser.text)
    assert latin_left(browser) == set()
    assert CODE.search(browser.text) or part not in {"/cases", "{case}", "{incident}"}


def _address(part: str) -> str:
    session().info["terms_version"] = 1  # as every channel does: the lists are read once
    incident = make.incident(areas=frozenset({"judiciary"}), **OF_HERE)
    monitor, director = make.actor("monitor"), make.actor("director")
    custody = VictimUpdate(tuple(violations_of(incident)), "held", place_held="គុកព្រៃស")
    facts.update_victims(monitor, incident, custody, incident.version)
    case = make.case_of(incident)
    draft = MemberDraft(make.actor("colleague").uid, "ស្គាល់គ្រួសារ", clock.now() + MONTH)
    sharing.add_member(director, case, draft)
    return part.format(case=f"/cases/{case.uid}", incident=f"/incidents/{incident.uid}")


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
