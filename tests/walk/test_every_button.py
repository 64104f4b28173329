"""Whoever works here can walk every way that a page shows them, and press every button."""

import csv
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from tests.walk.demonstration import Demonstration
from tests.walk.walker import Walker

NOBODY = "nobody"
EVERYBODY = (
    NOBODY, "monitor", "director", "national", "fund", "finance", "board", "auditor", "legal",
    "admin2",
)  # fmt: skip
"""One account of each role; what the others of a role see besides is walked in the long run."""
OTHERS = ("monitor2", "monitor3", "monitor4", "director2", "admin")


@cache
def table() -> list[dict[str, str]]:
    """Return the reviewed table: what is sent where leaves which verbs, and who walks it."""
    with Path(__file__).with_name("walked.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("login", EVERYBODY)
def test_every_link_opens_and_every_button_does_what_it_says(
    login: str, shown: Demonstration
) -> None:
    walk = Walker(shown, None if login == NOBODY else login).go()
    assert walk.faults == []
    expected = {
        row["endpoint"]: set(row["verbs on the trail"].split())
        for row in table()
        if login in row["walked by"].split()
    }
    assert walk.verbs.keys() == expected.keys()
    wrong = {
        endpoint: verbs for endpoint, verbs in walk.verbs.items() if not verbs <= expected[endpoint]
    }
    assert wrong == {}


@pytest.mark.deep
@pytest.mark.parametrize("login", OTHERS)
def test_the_others_of_a_role_walk_without_a_fault_too(login: str, shown: Demonstration) -> None:
    assert Walker(shown, login).go().faults == []


def test_every_address_that_takes_a_form_is_walked_by_somebody_or_says_why_not(app: Flask) -> None:
    rules = app.url_map.iter_rules()
    addresses = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    assert [row["endpoint"] for row in table()] == sorted(addresses)
    for row in table():
        assert bool(row["walked by"]) != bool(row["why not"]), row["endpoint"]
        assert set(row["walked by"].split()) <= set(EVERYBODY)
