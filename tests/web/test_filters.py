"""A filter never lies: what it cannot read is said beside it, what it leaves out is counted."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from flask import Flask

from hrdtracker.core.when.model import When
from hrdtracker.web.shell import filters
from hrdtracker.web.shell.filters import FilterBar, FilterField, pick
from tests import make
from tests.web.browse import Browser, page_open
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
LISTS = {
    "admin.users": ("admin", "/admin/users"),
    "agenda.index": ("monitor", "/hearings"),
    "audit.figures": ("auditor", "/audit/figures"),
    "audit.index": ("auditor", "/audit"),
    "cases.index": ("monitor", "/cases"),
    "cases.outlines": ("fund", "/outlines"),
    "clocks.index": ("monitor", "/clocks"),
    "fund.queue": ("fund", "/fund/queue"),
    "fund_money_books.balances": ("auditor", "/fund/ledger/balances"),
    "fund_money_books.ledger": ("auditor", "/fund/ledger"),
    "fund_money_payments.payments": ("finance", "/fund/payments"),
    "incidents.index": ("monitor", "/incidents"),
    "numbers.hearings": ("director", "/numbers/hearings"),
    "numbers.index": ("director", "/numbers"),
    "numbers.people": ("director", "/numbers/people"),
    "organisation.codelist": ("admin", "/admin/codelists/commune"),
    "people.index": ("monitor", "/people"),
    "readings.user": ("director", "/readings/MONITOR"),
    "review.queue": ("director", "/review"),
    "shell.styleguide": ("monitor", "/styleguide"),
}
"""Every list with filters: who opens it, and where."""
FIELD = re.compile(r'<(select|input)[^>]*\bid="filter-([a-z]+)"\s+name="([^"]+)"')
PERIOD = {"from", "to"}


def opened(app: Flask, endpoint: str) -> tuple[Browser, str, dict[str, str]]:
    """Open a list, and return its filters by name: whether they are chosen or typed."""
    login, path = LISTS[endpoint]
    in_unit(app, make.incident)
    path = path.replace("MONITOR", str(in_unit(app, lambda: make.user("monitor").uid)))
    browser = Browser(app, login)
    assert browser.get(path).status_code == 200, path
    return browser, path, {name: kind for kind, name, _ in FIELD.findall(browser.page)}


def error_beside(browser: Browser, name: str) -> bool:
    """Tell whether the page says beside this filter that something is wrong with it."""
    return f'id="filter-{name}-error"' in browser.page and "chip" not in chips(browser)


def chips(browser: Browser) -> str:
    """Return the filters that are on, as the page shows them."""
    found = re.search(r'<ul class="chips">.*?</ul>', browser.page, re.DOTALL)
    return found[0] if found and "#lists" not in found[0] else ""


def test_every_list_with_filters_is_tried_here() -> None:
    web = Path(__file__).parents[2] / "hrdtracker" / "web"
    text = "".join(path.read_text("utf-8") for path in web.rglob("*.py"))
    assert set(re.findall(r'filter_bar\(\s*"([a-z_.]+)"', text)) == set(LISTS)


@pytest.mark.parametrize("endpoint", LISTS)
def test_a_value_that_a_filter_cannot_read_is_an_error_beside_it_and_never_a_chip(
    app: Flask, endpoint: str
) -> None:
    browser, path, fields = opened(app, endpoint)
    assert fields
    for name, kind in fields.items():
        if kind == "select" or name in PERIOD:
            assert browser.get(f"{path}?{name}=some+other+time").status_code == 200
            assert error_beside(browser, name), (path, name)
            assert kind == "select" or 'value="some other time"' in browser.page


@pytest.mark.parametrize("endpoint", LISTS)
def test_a_period_that_ends_before_it_begins_is_an_error_beside_its_end(
    app: Flask, endpoint: str
) -> None:
    browser, path, fields = opened(app, endpoint)
    if fields.keys() >= PERIOD:
        browser.get(f"{path}?from=2026-11-20&to=2026-11-19")
        assert error_beside(browser, "to")
        assert 'value="2026-11-20"' in browser.page
        browser.get(f"{path}?from=2026-11-20&to=2026-11-20")
        assert not error_beside(browser, "to")
        assert chips(browser).count('class="chip"') == 2


@pytest.mark.parametrize("path", ["/incidents", "/cases"])
def test_what_has_no_date_is_counted_beside_a_period_and_can_be_shown(
    app: Flask, path: str
) -> None:
    unknown = When.unknown("nobody knows", str(make.ZONE))
    in_unit(app, lambda: make.incident(type="threat", occurred=unknown))
    in_unit(app, make.incident)
    browser = Browser(app, "monitor")
    browser.get(path)
    assert "left out" not in browser.text
    browser.get(f"{path}?from=2026-11-01&to=2026-11-30&province=12")
    assert "1 without a date is left out." in browser.text
    rows = browser.page.split("left out")[1]
    assert "Arrest" in rows
    assert "Threat" not in rows
    shown = re.search(r'href="([^"]+undated=yes[^"]*)"', browser.page)
    assert shown
    browser.get(shown[1].replace("&amp;", "&"))
    rows = browser.page.split('class="chips"')[1]
    assert "Threat" in rows
    assert "Arrest" not in rows
    assert "province=12" in shown[1]


def test_a_case_whose_month_reaches_into_a_period_is_in_it(app: Flask) -> None:
    november = When.month(2026, 11, make.ZONE, "November")
    in_unit(app, lambda: make.incident(occurred=november))
    browser = Browser(app, "monitor")
    for path in ("/cases", "/incidents"):
        browser.get(f"{path}?from=2026-11-20")
        assert 'class="chip"' in browser.page
        assert "Arrest" in browser.page.split('class="chips"')[1]


# One bar, filter by filter ------------------------------------------------------------------------

A_DAY, THE_DAY_BEFORE = "2026-11-20", "2026-11-19"
NO_DATE, NO_CHOICE = "Not understood as a date", "Not one of the choices"
BEFORE = "This is before the day"


def bar() -> FilterBar:
    """Return a bar with a filter of each kind, as the address of the page sets them."""
    kinds = [("a", "Alpha"), ("b", "Beta")]
    own = (
        pick("kind", "Kind", kinds),
        pick("empty", "Empty", []),
        FilterField("word", "W", typed=True),
    )
    return filters.filter_bar("shell.away", *own, *filters.period_fields(), filters.undated_field())


def asked(address: str | None) -> dict[str, str]:
    """Return what an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address or "").query).items()}


@pytest.mark.parametrize(
    ("query", "chosen", "refused"),
    [
        ("", {}, {}),
        ("kind=a&word=x", {"kind": "a", "word": "x"}, {}),
        ("kind=z&word=x", {"word": "x"}, {"kind": NO_CHOICE}),
        ("kind=+&word=+&from=+", {}, {}),
        ("word=a%00b&kind=b", {"kind": "b"}, {"word": "This holds"}),
        ("from=some+time", {}, {"from": NO_DATE}),
        (f"to={A_DAY}", {"to": A_DAY}, {}),
        (f"kind=a&from={A_DAY}&to={THE_DAY_BEFORE}", {"kind": "a"}, {"to": BEFORE}),
        (f"from={A_DAY}&to={A_DAY}", {"from": A_DAY, "to": A_DAY}, {}),
        ("undated=yes&unknown=1", {"undated": "yes"}, {}),
    ],
)
def test_a_filter_is_on_or_says_why_it_is_not(
    pages: Flask, query: str, chosen: dict[str, str], refused: dict[str, str]
) -> None:
    with page_open(pages, f"/away?{query}"):
        assert bar().chosen == chosen
        assert bar().errors.keys() == refused.keys()
        assert [
            why for name, why in bar().errors.items() if not why.startswith(refused[name])
        ] == []


def test_each_filter_is_turned_off_alone_and_a_period_gives_way_to_what_has_no_date(
    pages: Flask,
) -> None:
    period = {"from": A_DAY, "to": A_DAY}
    on = {"kind": "a", "word": "x", **period}
    with page_open(pages, f"/away?kind=a&word=x&from={A_DAY}&to={A_DAY}"):
        chips = bar().chips
        assert [chip["label"].split()[0] for chip in chips] == ["Alpha", "x", "From", "Until"]
        for name, chip in zip(on, chips, strict=True):
            assert asked(chip["url"]) == {key: each for key, each in on.items() if key != name}
        assert asked(bar().undated_url) == {"kind": "a", "word": "x", "undated": "yes"}
        assert asked(bar().url) == {}
        assert [each.name for each in bar().offered] == ["kind", "word", "from", "to", "undated"]
        assert not bar().is_undated
        start, end = bar().period()
        assert start
        assert end
        assert start < end
    with page_open(pages, "/away?kind=a&undated=yes"):
        assert [chip["label"] for chip in bar().chips] == ["Alpha", "No date known"]
        assert bar().is_undated
        assert bar().period() == (None, None)


@pytest.mark.parametrize(
    ("place", "address"),
    [({}, None), ({"page": None, "skip": 0}, None), ({"skip": 30}, {"kind": "a", "skip": "30"})],
)
def test_another_part_of_a_list_keeps_its_filters_and_there_is_none_beyond_the_last(
    pages: Flask, place: dict[str, Any], address: dict[str, str] | None
) -> None:
    with page_open(pages, "/away?kind=a"):
        turned = bar().turn(**place)
        assert (asked(turned) if turned else None) == address


def test_a_filter_names_a_record_only_where_it_is_on() -> None:
    uid = uuid4()
    narrowed = FilterBar("shell.away", (), {"who": uid.hex})
    assert (narrowed.uid("who"), narrowed.uid("office")) == (uid, None)
