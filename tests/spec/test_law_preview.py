"""What a change of the law would move tells nothing of a case to whoever does not read it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from hrdtracker.access.actor import operator
from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts.model import Proposal
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.proceedings.clocks.comparing import ChangePreview, preview
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.drafts import RuleDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.service import propose_version
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
NOTHING = ChangePreview(shown=[], whom=0, are_many=False)
DAY = ARRIVED.date()
CHANGES = [
    {"amount": "36 hours"},
    {"amount": "72 hours", "ages": "34+"},
    {"valid_from": (DAY + timedelta(days=1)).isoformat()},
    {"valid_until": (DAY - timedelta(days=1)).isoformat()},
]
"""By what the start of a custody, its length and an age could be found out, one try at a time."""


@pytest.fixture(autouse=True)
def _this_evening(unit: None) -> Iterator[None]:
    organisation = make.organisation()
    load_rules(operator(organisation.id), organisation)
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        yield


def _held(count: int = 1) -> Case:
    """Let so many be in custody in a new case of the monitor’s office."""
    incident = arrested(*(adult(f"Demo {number}") for number in range(count)))
    arrive(incident)
    return make.case_of(incident)


def _secret(case: Case) -> Case:
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
    return case


def _proposed(login: str = "legal", **cells: str) -> Proposal:
    rule = next(each for each in queries.rules(make.actor(login)) if each.key == "custody_base")
    return propose_version(make.actor(login), rule, RuleDraft(cells or {"amount": "36 hours"}))


@pytest.mark.parametrize("login", ["legal", "admin"])
@pytest.mark.parametrize("cells", CHANGES)
def test_one_person_in_a_case_that_one_does_not_read_changes_nothing_of_the_page(
    cells: dict[str, str], login: str
) -> None:
    _secret(_held())
    proposal = _proposed(login, **cells)
    assert preview(make.actor("director"), proposal).shown, "it moves the limit of somebody"
    assert preview(make.actor(login), proposal) == NOTHING
    _held()
    assert preview(make.actor(login), proposal) == NOTHING


@pytest.mark.parametrize(("people", "are_many"), [(4, False), (5, True), (6, True)])
def test_of_cases_that_one_does_not_read_it_is_told_only_that_they_are_many(
    people: int,
    are_many: bool,  # noqa: FBT001 - a column of the table
) -> None:
    _held(people)
    found = preview(make.actor("legal"), _proposed())
    assert (found.shown, found.whom, found.are_many) == ([], 0, are_many)


def test_secret_cases_are_not_even_counted_among_the_many() -> None:
    _secret(_held(6))
    _held(4)
    assert preview(make.actor("legal"), _proposed()) == NOTHING


def test_whoever_reads_a_secret_case_sees_whose_limits_move_there() -> None:
    case = _secret(_held(2))
    found = preview(make.actor("director"), _proposed())
    assert {one.code for one in found.shown} == {case.code}
    assert (found.whom, found.are_many) == (2, False)
