"""What stands around every page, in the words of its reader; and no word stands for nothing."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from hrdtracker.access.action import Action
from hrdtracker.access.model import Office
from hrdtracker.authorised import authorised
from hrdtracker.core.when.model import When
from hrdtracker.web.shell import context
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
DAY, MOMENT = date(2026, 11, 16), datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
THE_DAY_AFTER = datetime(2026, 11, 17, 5, tzinfo=UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("name", "value", "words", "nothing"),
    [
        ("day", DAY, "Monday 16 November 2026", ""),
        ("brief_day", DAY, "yesterday", ""),
        ("instant", MOMENT, "Monday 16 November 2026, 14:30", ""),
        ("brief_instant", MOMENT, "yesterday, 14:30", ""),
        ("exact_when", When.day(DAY, make.ZONE), "Monday 16 November 2026", ""),
        ("when", When.day(DAY, make.ZONE), "yesterday", "Not known yet"),
        ("word", "draft", "Draft", ""),
        ("word", "yes", "Yes", ""),
        ("word", "a word of nobody", "", ""),
        ("number", 1234, "1,234", ""),
        ("number", 0, "0", ""),
        ("office", Office(name_en="Here", name_km="ទីនេះ"), "Here", "all offices"),
    ],
)
def test_a_filter_says_something_of_something_and_nothing_of_nothing(
    pages: Flask, name: str, value: object, words: str, nothing: str
) -> None:
    say = pages.jinja_env.filters[name]
    with time_machine.travel(THE_DAY_AFTER, tick=False), pages.test_request_context("/away"):
        pages.preprocess_request()
        assert (say(value), say(None)) == (words, nothing)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("word", "yes", "មែន"),
        ("number", 1234, "១,២៣៤"),
        ("office", Office(name_en="Here", name_km="ទីនេះ"), "ទីនេះ"),
    ],
)
def test_a_filter_says_it_in_the_language_that_the_browser_asks_for_first(
    pages: Flask, name: str, value: object, words: str
) -> None:
    with pages.test_request_context("/away", headers={"Accept-Language": "fr, km;q=0.9, en;q=0.8"}):
        pages.preprocess_request()
        assert pages.jinja_env.filters[name](value) == words


def test_where_no_page_is_made_words_are_english(pages: Flask) -> None:
    with pages.app_context():
        assert context.locale() == "en"


def test_a_page_has_its_reader_their_places_and_look_and_the_word_and_day_of_their_organisation(
    app: Flask,
) -> None:
    def choose() -> None:
        user, organisation = make.user("monitor"), make.organisation()
        with authorised(make.actor("monitor"), Action.ACCOUNT_CHANGE, on=user):
            user.theme = "dark"
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=organisation):
            organisation.product, organisation.zone = "Notes", AUCKLAND.key

    in_unit(app, choose)
    browser = Browser(app, "monitor")
    browser.get("/account")
    assert 'data-bs-theme="dark"' in browser.page
    assert "· Notes</title>" in browser.page
    assert browser.uid
    assert browser.uid.hex in browser.page
    assert 'href="/cases"' in browser.page
    token = browser.client.get_cookie("day")
    assert token
    with app.test_request_context("/account", headers={"Cookie": f"day={token.value}"}):
        app.preprocess_request()
        assert context.zone() == AUCKLAND
