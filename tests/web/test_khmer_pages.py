"""Pages in Khmer: no English word is left, and numbers and stops are Khmer ones."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.mofile import write_mo
from flask import Flask

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.money import CURRENCIES
from hrdtracker.core.when.model import When
from hrdtracker.fund.model import DonorGrant
from hrdtracker.incidents import facts
from hrdtracker.incidents.drafts import Location, VictimUpdate
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.incidents.service import violations_of
from tests import fund, make
from tests.conftest import close
from tests.web.browse import Browser
from tests.web.catalogue import ALLOWED, catalogue, khmer
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
COLLEAGUE = re.compile(r'<option value="[0-9a-f]{32}"[^>]*>[^<]*</option>')
"""Somebody to choose, by the name that colleagues gave them."""
OF_THE_CAST = {"Daybook", "English", "EN", "Test", "Demo"}
DAY = date(2026, 11, 17)
ZONE = ZoneInfo("Asia/Phnom_Penh")
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def in_catalogue(
    application: tuple[Settings, Flask], root: RootKey, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """Return an application with the catalogue as it is written now, compiled or not."""
    folder = tmp_path_factory.mktemp("km") / "km" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue())
    app = create_app(application[0], root)
    app.extensions["babel"].translation_directories[:] = [str(folder.parents[1])]
    return app


@pytest.fixture
def khmer_app(given: Settings, in_catalogue: Flask) -> Iterator[Flask]:
    """Return it on a fresh copy of the database."""
    assert given.database
    yield in_catalogue
    with in_catalogue.app_context():
        close(in_catalogue)


def in_khmer(app: Flask, login: str | None) -> Browser:
    browser = Browser(app, login)
    browser.post("/language", {"language": "km"})
    return browser


def english_left(browser: Browser) -> set[str]:
    """Return the words in Latin letters that a reader sees or is read aloud."""
    page = re.sub(r"(?s)<(style|script|code|svg|head)\b.*?</\1>", " ", browser.page)
    named = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', page)
    titles = re.findall(r"<title>(.*?)</title>", browser.page)
    shown = re.sub(r"<[^>]+>", " ", COLLEAGUE.sub(" ", page))
    words = re.findall(r"[A-Za-z]{2,}", unescape(" ".join([shown, *named, *titles])))
    return set(words) - OF_THE_CAST - ALLOWED - CURRENCIES.keys()


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
        ("finance", "/fund/reports/money"),
        ("director", "/fund/reports/people"),
        ("director", "/fund/reports/internal"),
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


def test_the_exact_figures_that_are_shown_are_in_khmer(khmer_app: Flask) -> None:
    def pay() -> tuple[str, str]:
        fund.paid(60_00, line := fund.line())
        return session().get_one(DonorGrant, line.grant_id).code, f"{fund.today():%Y-%m}"

    code, month = in_unit(khmer_app, pay)
    browser = in_khmer(khmer_app, "director")
    sent = {"grant": "", "first": month, "last": month}
    assert browser.post("/fund/reports/internal", sent).status_code == 200
    assert khmer()["Type of support and sex"] in browser.text
    assert english_left(browser) - {"director", khmer_app.name, "Rent", code} == set()


def test_what_is_wrong_is_said_in_khmer_by_wtforms_too(khmer_app: Flask) -> None:
    browser = in_khmer(khmer_app, "monitor")
    answer = browser.post("/incidents/new", {"type": "arrest", "when": "", "where": "ក" * 301})
    assert answer.status_code == 422
    assert khmer()["Write when it happened, roughly. “Not known” is an answer too."] in browser.text
    assert "មិនត្រូវលើសពី ៣០០ តួ" in browser.text
    assert english_left(browser) - {"monitor"} == set()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("សុខ ដារ៉ា, ស, ៩០០", "អាយុ ៩០០ មិននៅចន្លោះ ០ និង ១២០ ទេ។"),
        ("សុខ ដារ៉ា, 34, 43", "មានលេខពីរដែលអាចជាអាយុ៖ ៣៤ និង ៤៣។"),
    ],
)
def test_what_is_doubtful_in_a_line_is_said_in_khmer_with_khmer_digits(
    khmer_app: Flask, typed: str, said: str
) -> None:
    browser = in_khmer(khmer_app, "monitor")
    browser.post("/incidents/read/who", {"who": typed})
    assert f"បន្ទាត់ទី១ រក្សាទុកតាមពាក្យរបស់អ្នក៖ {said}" in browser.text
    assert english_left(browser) == set()


def test_a_line_that_cannot_be_kept_is_named_in_khmer_with_khmer_digits(khmer_app: Flask) -> None:
    browser = in_khmer(khmer_app, "monitor")
    typed = "\n" * 9 + "ក" * 900
    sent = {"type": "threat", "when": "ម្សិលមិញ", "who": typed}
    assert browser.post("/incidents/new", sent).status_code == 422
    assert "បន្ទាត់ទី១០៖" in browser.text
    assert english_left(browser) - {"monitor"} == set()
    browser.post("/incidents/read/who", {"who": typed})
    assert "បន្ទាត់ទី១០៖" in browser.text


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
    "place": Location(PlaceKind.CAMBODIA, "12", words="មុខរោងចក្រ"),
}
CODE = re.compile(r"\b[A-Z]{3}-\d{4}-[2-9A-Z]{4}\b")
"""The code of a case, which a machine reads too."""


def latin_left(browser: Browser) -> set[str]:
    """Return the digits, and the stops and colons after Khmer words, that are Latin ones.

    After the one letter of somebody in a case stands a stop: ក.
    """
    page = re.sub(r"(?s)<(style|script|svg|head|code)\b.*?</\1>", " ", browser.page)
    text = CODE.sub(" ", unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))))
    digits = {found.strip() for found in re.findall(r".{0,20}(?<![A-Za-z])[0-9]+", text)}
    return digits | set(re.findall(r".{0,20}[\u1780-\u17ff]{2} ?[.:](?= |$)", text))


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
    incident = make.incident(areas=frozenset({"judiciary"}), **OF_HERE)
    monitor, director = make.actor("monitor"), make.actor("director")
    custody = VictimUpdate(tuple(violations_of(incident)), "held", place_held="គុកព្រៃស")
    facts.update_victims(monitor, incident, custody, incident.version)
    case = make.case_of(incident)
    draft = MemberDraft(make.actor("colleague").uid, "ស្គាល់គ្រួសារ", clock.now() + MONTH)
    sharing.add_member(director, case, draft)
    return part.format(case=f"/cases/{case.uid}", incident=f"/incidents/{incident.uid}")
