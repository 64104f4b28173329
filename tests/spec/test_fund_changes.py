"""What changed in a request since somebody decided on it: one line for each thing, as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.changes import ChangedPart, ChangedPerson, ChangedSince
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.requests.editing import draft_of
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
RENT, FOOD, BUS = (
    ItemDraft("family", 40_00, "Rent"),
    ItemDraft("family", 5_00, "Food", quantity=4),
    ItemDraft("medical", 7_50, "Bus"),
)
SOON = timedelta(days=3)


def _changed(request: SupportRequest, **changes: Any) -> list[tuple[Any, ...]]:
    """Change an approved request; return what the fund officer reads of it, by its name."""
    draft = replace(draft_of(request), **changes)
    requests.edit(make.actor("monitor"), request, draft, request.version)
    said: list[tuple[Any, ...]] = []
    for change in request_reading.story(make.actor("fund"), request.uid).changed:
        if isinstance(change, ChangedPerson):
            said.append((change.part,))
        elif isinstance(change, ChangedPart):
            said.append((change.table, change.before, change.after))
        else:
            assert isinstance(change, ChangedSince)
            said.append((change.column, change.before, change.after))
    return sorted(said, key=str)


def _lines(*pairs: tuple[ItemDraft | None, ItemDraft | None]) -> list[tuple[Any, ...]]:
    return [("request_item", *((item, "USD") if item else None for item in pair)) for pair in pairs]


CHEAP = replace(BUS, each=6_00)


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ((RENT, FOOD, CHEAP), [(BUS, CHEAP)]),
        ((FOOD, BUS), [(RENT, None)]),
        ((RENT, FOOD, BUS, CHEAP), [(None, CHEAP)]),
        ((RENT, CHEAP, FOOD), [(BUS, CHEAP)]),
        ((CHEAP,), [(RENT, CHEAP), (FOOD, None), (BUS, None)]),
    ],
    ids=["one price", "one taken out", "one added", "moved and cheaper", "all but one"],
)
def test_of_many_lines_only_those_that_changed_are_named(
    items: tuple[ItemDraft, ...], lines: list[tuple[ItemDraft | None, ItemDraft | None]]
) -> None:
    request = fund.approved(items=(RENT, FOOD, BUS))
    total = Money(sum(item.amount for item in items), "USD")
    expected = [("amount", Money(67_50, "USD"), total), *_lines(*lines)]
    assert _changed(request, items=items) == sorted(expected, key=str)


def test_a_new_order_of_the_same_lines_changes_nothing_that_a_decider_must_read() -> None:
    request = fund.approved(items=(RENT, FOOD, BUS))
    assert _changed(request, items=(BUS, RENT, FOOD)) == []


def test_an_amount_is_told_in_the_currency_it_was_in() -> None:
    fund.rate()
    request = fund.approved(items=(RENT,))
    told = _changed(request, currency="KHR", items=(replace(RENT, each=160_000_00),))
    assert ("amount", Money(40_00, "USD"), Money(160_000_00, "KHR")) in told
    item = ("request_item", (RENT, "USD"), (replace(RENT, each=160_000_00), "KHR"))
    assert item in told


def test_an_instalment_is_told_as_it_was_and_is_each_in_its_own_currency() -> None:
    fund.rate()
    day = fund.today() + SOON
    first, second = InstalmentDraft(day, 30_00), InstalmentDraft(day + SOON, 40_000_00, "KHR")
    request = fund.approved(items=(RENT,), instalments=(first, second))
    fewer = replace(second, amount=20_000_00)
    told = _changed(request, instalments=(first, fewer))
    assert told == [("instalment", (second, "KHR"), (fewer, "KHR"))]
    request = fund.approved(items=(RENT,), instalments=(first, replace(first, amount=10_00)))
    told = _changed(request, items=(replace(RENT, each=30_00),), instalments=(first,))
    assert ("instalment", (replace(first, amount=10_00), "USD"), None) in told
    assert [row.number for row in instalments_of(request)] == [1]


def test_that_somebody_else_is_paid_is_told_without_saying_who() -> None:
    request = fund.approved(items=(RENT,))
    other = Victim(described=PersonDraft((NameDraft("Demo C"),)))
    assert _changed(request, payee=other) == [("payee",)]


def test_what_is_taken_out_of_another_request_of_the_case_is_not_told() -> None:
    request = fund.approved(items=(RENT, FOOD))
    case = session().get_one(Case, request.case_id)
    who = make.actor("monitor")
    other = requests.ask(who, case, fund.draft(items=(RENT, FOOD)))
    requests.edit(who, other, replace(draft_of(other), items=(RENT,)), other.version)
    assert request_reading.story(make.actor("fund"), request.uid).changed == []
