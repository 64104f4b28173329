"""A pasted list names people surely, perhaps, or nobody; nothing is decided by a guess."""

import pytest

from hrdtracker.people.lines import read_lines
from hrdtracker.people.matching import NameMatches, match_names

KNOWN = {
    1: ("Demo Bavi",),
    2: ("Demo Raso", "ដេម៉ូ រ៉ាសូ"),
    3: ("Sok Chanthou", "សុខ ចាន់ធូ"),
    4: ("Demo Kela",),
    5: ("Demo Kela",),
    6: ("Keo Sophea",),
}
AGES = {4: 38, 5: 22, 6: 30}


def match(text: str) -> NameMatches:
    return match_names(read_lines(text).people, KNOWN, AGES)


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Demo Bavi", 1),
        ("demo  bavi, F, 34", 1),
        ("Raso Demo", 2),
        ("សុខ ចាន់ធូ", 3),
        ("Keo Sophea, 31", 6),
    ],
)
def test_a_name_in_either_script_and_any_order_is_matched(line: str, person: int) -> None:
    assert match(line).matched.keys() == {person}


@pytest.mark.parametrize("line", ["Demo Kela", "Keo Sophea, 52"])
def test_who_may_be_two_people_or_is_of_another_age_is_left_open(line: str) -> None:
    found = match(line)
    assert (found.matched, found.missing) == ({}, ())
    assert len(found.alike) == 1


def test_two_lines_of_the_same_name_are_left_open() -> None:
    found = match("Demo Bavi\nDemo Bavi, F")
    assert found.matched == {}
    assert [line.people[0] for line in found.alike] == [1, 1]


def test_whom_nobody_is_called_is_said() -> None:
    found = match("Xavier Zorro")
    assert ([line.name for line in found.missing], found.alike) == (["Xavier Zorro"], ())
