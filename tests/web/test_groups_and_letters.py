"""How many a group is, which letter stands for somebody, and days to come, as pages say them."""

import re

import pytest
from flask import Flask

from hrdtracker.people.drafts import PersonDraft
from hrdtracker.people.model import CountingUnit
from hrdtracker.people.sizes import Count, Size
from hrdtracker.web.shell import people
from tests.web.browse import Browser, page_open

pytestmark = pytest.mark.engines("sqlite")
NEW = "/incidents/new"
FORM = {"type": "threat", "when": "yesterday"}
FAMILIES = "about 120 families of Boeung Sample, about 500 people"


def _case(browser: Browser, address: str) -> str:
    browser.get(address)
    found = re.search(r'href="(/cases/[0-9a-f-]+)"', browser.page)
    assert found
    return found[1]


def test_families_are_families_on_every_page_that_counts_them(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post("/incidents/read/who", {"who": f"{FAMILIES}\nBopha Test, F, 20"})
    assert "1 group, about 120 families (about 500 people)." in monitor.text

    incident = monitor.post(NEW, {**FORM, "who": f"{FAMILIES}\nBopha Test, F, 20"}).location
    case = _case(monitor, incident)
    person = re.findall(r'href="(/people/[0-9a-f-]+)"', monitor.page)[1]

    for address in (incident, case, f"{case}/people", person, "/people"):
        monitor.get(address)
        assert "about 120 families (about 500 people)" in monitor.text, address
        assert "120 people" not in monitor.text
    for address in (case, "/cases"):
        monitor.get(address)
        assert "1 person, about 120 families (about 500 people)" in monitor.text, address


def test_families_that_nobody_counted_are_no_people_on_the_list_of_incidents(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post(NEW, {**FORM, "type": "arrest", "who": "120 families\nDemo A, F, 34"})
    monitor.get("/incidents")
    assert "1 person, 120 families" in monitor.text


def test_how_many_families_can_be_corrected_and_taken_away(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.get(monitor.post(NEW, {**FORM, "who": "120 families"}).location)
    (person,) = re.findall(r'href="(/people/[0-9a-f-]+)"', monitor.page)
    monitor.get(f"{person}/edit")
    assert re.search(r'name="family_count"[^>]*value="120"', monitor.page)
    form = {"version": "1", "unit": "community", "family_count": "១៣០", "family_count_about": "y"}
    assert monitor.post(f"{person}/edit", form).status_code == 303
    monitor.get(person)
    assert "about 130 families" in monitor.text
    wrong = form | {"version": "2", "family_count": "many"}
    assert monitor.post(f"{person}/edit", wrong).status_code == 422
    assert "How many families: a number from 1 to 1,000,000." in monitor.text


def test_a_letter_stands_in_the_script_of_the_reader(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    incident = monitor.post(NEW, {**FORM, "who": "Bopha Test, F\nKosal Test, M"}).location
    case = _case(monitor, incident)
    monitor.post("/language", {"language": "km"})
    for address in (incident, case, f"{incident}/people", f"{incident}/violations/new"):
        monitor.get(address)
        assert re.search(r"(?<!\w)[កខ](?=\.| \(|៖)", monitor.text), address
        assert not re.search(r"(?<![\w-])[AB](?=\.| \()", monitor.text), address


@pytest.mark.parametrize(
    ("address", "field"),
    [("new", "when"), ("new", "arrived"), ("edit", "when"), ("people", "arrived")],
)
def test_a_day_to_come_is_asked_about_once_and_kept_when_it_is_meant(
    app: Flask, address: str, field: str
) -> None:
    monitor = Browser(app, "monitor")
    here = NEW
    form = {**FORM, "type": "arrest", "who": "Bopha Test, F", "place_kind": "unknown"}
    if address != "new":
        here = f"{monitor.post(NEW, form).location}/{address}"
        monitor.get(here)
        form |= {"version": "1", "who": "", "status": "released"}
        form["people"] = "".join(re.findall(r'name="people"[^>]*value="([0-9a-f]+)"', monitor.page))
    form[field] = "28 November 2090"

    assert monitor.post(here, form).status_code == 422
    assert "28 November 2090 lies in the future." in monitor.text
    asked = re.search(rf'name="{field}_asked"[^>]*value="([^"]*)"', monitor.page)
    assert asked
    assert asked[1] == "28 November 2090"

    other = {**form, f"{field}_asked": asked[1], field: "29 November 2090"}
    assert monitor.post(here, other).status_code == 422
    assert monitor.post(here, {**form, f"{field}_asked": asked[1]}).status_code == 303


def test_a_day_to_come_is_said_while_it_is_typed(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post("/incidents/read/when", {"when": "28 November 2090"})
    assert "28 November 2090: this lies in the future." in monitor.text
    monitor.post("/incidents/read/when", {"when": "2 hours ago"})
    assert "about" in monitor.text


def test_a_line_that_is_not_understood_stops_nothing_and_is_marked(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    typed = "M, 40s\n29 years old\nDara, Nget, F, 34"
    monitor.post("/incidents/read/who", {"who": typed})
    assert monitor.text.count("kept in your words") == 2
    monitor.get(monitor.post(NEW, {**FORM, "who": typed}).location)
    assert "2 lines of people are kept in your words" in monitor.text
    people = re.findall(r'href="(/people/[0-9a-f-]+)"', monitor.page)
    assert len(people) == 3
    assert "Dara, Nget" not in monitor.text
    monitor.post(f"{people[2]}/reveal", {"reason": "who"})
    assert "Dara, Nget, F, 34" in monitor.text
    monitor.get(people[0])
    assert "40s" in monitor.text


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028"])
def test_a_break_pasted_from_a_word_processor_is_a_break(app: Flask, sign: str) -> None:
    monitor = Browser(app, "monitor")
    form = {**FORM, "narrative": f"First line{sign}second line", "where": f"Gate{sign}two"}
    answer = monitor.post(NEW, {**form, "who": f"Bopha Test, F{sign}Kosal Test, M"})
    monitor.get(answer.location)
    assert "First line\nsecond line" in monitor.page
    assert "Gate two" in monitor.text
    assert len(set(re.findall(r'href="(/people/[0-9a-f-]+)"', monitor.page))) == 2


# Every way of saying how many ---------------------------------------------------------------------

ABOUT_FORTY, TWO = Count(40, is_about=True), Count(2)
GROUP = PersonDraft(unit=CountingUnit.COMMUNITY)
OF_TWELVE = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=12)
OF_FAMILIES = PersonDraft(unit=CountingUnit.COMMUNITY, family_count=2, head_count=12)


@pytest.mark.parametrize(
    ("size", "listed", "in_full"),
    [
        (Size(), "0", "0 people"),
        (Size(people=Count(1)), "1", "1 person"),
        (Size(people=ABOUT_FORTY), "about 40 people", "about 40 people"),
        (Size(groups=1), "1 group", "1 group"),
        (Size(people=TWO, groups=2), "2 people, 2 groups", "2 people, 2 groups"),
        (Size(families=TWO), "2 families", "2 families"),
        (Size(families=Count(1)), "1 family", "1 family"),
        (
            Size(TWO, ABOUT_FORTY, ABOUT_FORTY),
            "2 people, about 40 families (about 40 people)",
            "2 people, about 40 families (about 40 people)",
        ),
    ],
)
def test_people_families_and_groups_are_each_said_where_there_are_some(
    pages: Flask, size: Size, listed: str, in_full: str
) -> None:
    with page_open(pages):
        assert (people.say_count(size), people.say_sizes(size)) == (listed, in_full)


def test_how_large_somebody_is_is_said_of_groups_whose_size_is_known(pages: Flask) -> None:
    with page_open(pages):
        records = (PersonDraft(), GROUP, OF_TWELVE, OF_FAMILIES)
        told = [people.say_size(record) for record in records]
        assert told == ["", "", "12 people", "2 families (12 people)"]
        assert people.say_groups([GROUP]) == "1 group"
        assert people.say_groups([OF_TWELVE, OF_FAMILIES]) == (
            "2 groups, 12 people, 2 families (12 people)"
        )
