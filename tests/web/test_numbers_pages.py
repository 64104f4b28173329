"""Courts and custody in numbers: each a sentence, and two clicks from whom it counts."""

import re
from datetime import date
from functools import partial
from html import unescape

import pytest
from flask import Flask

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.drafts.charges import Qualification
from hrdtracker.proceedings.model import Hearing, TitleKind
from tests import courts, make
from tests.observations import confirm, observed, say
from tests.web.browse import Browser
from tests.web.somebody import in_unit, statements

pytestmark = pytest.mark.engines("sqlite")


def before_court(people: int = 2) -> Case:
    """Record a case whose people are charged under two articles, and one of them detained."""
    case = courts.case_with(people)
    proceeding = courts.opened(case)
    courts.charged(proceeding)
    courts.charged(
        proceeding,
        parties=courts.parties(proceeding)[:1],
        qualification=Qualification("kh_cc_411"),
        charged=When.month(2025, 3, make.ZONE, "March 2025"),
    )
    courts.held(
        case, people=courts.people(case)[:1], kind=TitleKind.PRETRIAL_DETENTION,
        began=courts.on(10), ended=courts.on(20),
    )  # fmt: skip
    return case


def links(browser: Browser) -> list[str]:
    """Return the addresses to which the numbers of a page lead, each once."""
    found = (unescape(url) for url in re.findall(r'href="([^"]+)"', browser.page))
    return list(dict.fromkeys(url for url in found if url.startswith("/numbers/people")))


def numbers(app: Flask, address: str = "/numbers", login: str = "director") -> Browser:
    """Open a page of numbers as somebody."""
    browser = Browser(app, login)
    assert browser.get(address).status_code == 200
    return browser


def test_every_number_is_two_clicks_from_the_records_that_it_counts(app: Flask) -> None:
    case = in_unit(app, lambda: str(before_court().uid))
    browser = numbers(app)
    opened = links(browser)
    assert len(opened) > 8
    for address in opened:
        assert browser.get(address).status_code == 200
        assert f"/cases/{case}/court" in browser.page, address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/numbers", "2 people were charged, under 2 articles"),
        ("/numbers", "1 detention before trial has ended: it took 10 days."),
        ("/numbers", "2 people are held, as far as is recorded."),
        ("/numbers/people?of=charged", "2 people"),
        ("/numbers/people?of=charged&article=kh_cc_411", "1 person"),
        ("/numbers/people?of=charged&from=2026-01-01&to=2026-12-31", "2 people"),
        ("/numbers/people?of=charged&from=2025-01-01&to=2025-12-31", "1 person"),
        ("/numbers/people?of=ended", "1 detention"),
        ("/numbers/people?of=over", "Nobody, as far as is recorded"),
        ("/numbers?from=2020-01-01&to=2020-12-31", "Nobody was charged, as far as is recorded"),
        ("/numbers?from=2026-06-01&to=2026-03-01", "This is before the day"),
        ("/numbers?area=nonsense", "Not one of the choices"),
        ("/numbers/people?of=nonsense", "Not one of the choices"),
        ("/numbers/people?skip=999999", "2 people"),
    ],
)
def test_numbers_are_sentences_and_narrowed_by_the_address(
    app: Flask, address: str, said: str
) -> None:
    in_unit(app, before_court)
    assert said in numbers(app, address).text


def test_a_table_over_time_has_a_column_a_year_and_opens_each_number(app: Flask) -> None:
    in_unit(app, before_court)
    browser = numbers(app)
    for label in ("2025", "2026"):
        assert f'scope="col">{label}</th>' in browser.page
    in_2025 = [url for url in links(browser) if "2025-01-01" in url]
    assert in_2025
    assert "1 person" in numbers(app, in_2025[0]).text


def test_a_director_of_another_office_reads_that_nobody_is_held(app: Flask) -> None:
    in_unit(app, before_court)
    assert "0 people are held" in numbers(app, login="far_director").text
    assert "Nobody was charged" in numbers(app, login="far_director").text


@pytest.mark.parametrize("login", ["monitor", "fund", "legal", "auditor", "admin"])
def test_only_directors_read_figures(app: Flask, login: str) -> None:
    assert Browser(app, login).get("/numbers").status_code == 403
    assert Browser(app, login).get("/numbers/people").status_code == 403


def test_no_name_is_on_the_pages_of_numbers(app: Flask) -> None:
    in_unit(app, before_court)
    for address in ("/numbers", "/numbers/people?of=charged", "/numbers/people?of=held"):
        assert "Demo 0" not in numbers(app, address).text


def test_the_pages_take_as_many_statements_for_many_cases_as_for_one(app: Flask) -> None:
    in_unit(app, before_court)
    browser = Browser(app, "director")
    addresses = ("/numbers", "/numbers/people?of=charged", "/numbers/people?of=held")

    def cost() -> list[int]:
        return [statements(partial(browser.get, address)) for address in addresses]

    cost()
    one = cost()
    in_unit(app, lambda: [before_court() for _ in range(4)])
    assert cost() == one
    assert max(one) <= 16


def questioned() -> str:
    """Observe a hearing at which a right was in question; return its address."""
    observation = observed(34, court="first_instance_12")
    say(observation, "adequate_time", "no")
    confirm(observation, "yes")
    return f"/hearings/{session().get_one(Hearing, observation.hearing_id).uid}"


def test_rights_in_question_open_the_hearings_at_which_they_were(app: Flask) -> None:
    address = in_unit(app, questioned)
    browser = numbers(app)
    assert "Rights in question" in browser.text
    opened = [unescape(url) for url in re.findall(r'href="(/numbers/hearings[^"]+)"', browser.page)]
    assert len(opened) > 1
    for url in opened:
        assert address in numbers(app, url).page
    assert "No such hearing" in numbers(app, "/numbers/hearings?court=none").text
    assert "Rights in question" not in numbers(app, login="far_director").text


# For outside -------------------------------------------------------------------------------------

QUARTER = {"first": "2026-07", "last": "2026-09"}


def charged(people: int) -> None:
    """Charge so many people of a new case in August."""
    august = When.day(date(2026, 8, 12), make.ZONE, "12 August")
    courts.charged(courts.opened(courts.case_with(people)), charged=august)


def test_numbers_for_outside_are_prepared_and_stand_among_the_reports(app: Flask) -> None:
    in_unit(app, lambda: charged(7))
    browser = numbers(app, "/numbers/release", "national")
    answer = browser.post("/numbers/release", QUARTER)
    assert answer.status_code == 303
    browser.get(answer.location)
    assert "People who were charged" in browser.text
    assert "Incitement" in browser.text
    assert "Waits to be confirmed" in browser.text
    assert "Fewer than five, or nobody" in browser.text
    second = numbers(app, "/confirmations", "second")
    assert "People who were charged, July 2026 to September 2026" in second.text


def test_too_few_are_refused_in_words_and_the_months_stay_chosen(app: Flask) -> None:
    in_unit(app, lambda: charged(4))
    browser = numbers(app, "/numbers/release", "national")
    assert browser.post("/numbers/release", QUARTER).status_code == 422
    assert "Fewer than five people were charged." in browser.text
    assert re.search(r'<option[^>]*selected[^>]*value="2026-07"', browser.page)


def test_a_director_of_one_office_finds_no_way_to_tell_anybody_outside(app: Flask) -> None:
    assert "Prepare numbers for outside" not in numbers(app).text
    assert Browser(app, "director").get("/numbers/release").status_code == 403
