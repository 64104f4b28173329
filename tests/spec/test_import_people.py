"""Who is named in a row, how many they are, and where it was."""

from datetime import date
from pathlib import Path

import pytest

from hrdtracker.incidents.model import PlaceKind
from hrdtracker.intake.marks import _person
from hrdtracker.people.line_words import Sex
from hrdtracker.people.model import CountingUnit
from tests.spec.sheets import ONE, PLACE, Desk, described, names


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- people ---------------------------------------------------------------------------------------

PEOPLE = '[[victims]]\ncolumn = "who"\nseparator = ", "\nbrackets = "organisation"\n'


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Demo A (Paper), Demo B (Radio)", [(["Demo A"], "Paper"), (["Demo B"], "Radio")]),
        ("Demo A (Paper, Radio), Demo B", [(["Demo A"], "Paper, Radio"), (["Demo B"], None)]),
        ("Demo A (Paper (local))", [(["Demo A"], "Paper (local)")]),
        ("Demo A (Paper, Demo B", [(["Demo A (Paper"], None), (["Demo B"], None)]),
        ("(Paper)", [(["(Paper)"], None)]),
        ("Demo  A , , Demo B,", [(["Demo A"], None), (["Demo B,"], None)]),
        ("", []),
    ],
)
def test_several_people_stand_in_a_cell_with_their_organisation_in_brackets(
    desk: Desk, told: str, expected: list[tuple[list[str], str | None]]
) -> None:
    whole = desk.whole(PEOPLE, who=told)
    found = [([each.name for each in one.names], one.remarks) for one in described(whole)]
    assert found == expected


def test_brackets_may_hold_another_name_or_be_part_of_it(desk: Desk) -> None:
    other = desk.whole('[[victims]]\ncolumn = "who"\nbrackets = "name"', who="Demo A (Demo Z)")
    same = desk.whole('[[victims]]\ncolumn = "who"', who="Demo A (Demo Z)")
    assert names(other) == [["Demo A", "Demo Z"]]
    assert names(same) == [["Demo A (Demo Z)"]]


def test_a_comma_in_a_name_stays_where_no_separator_is_named(desk: Desk) -> None:
    assert names(desk.whole('[[victims]]\ncolumn = "who"', who="Demo, Son of A")) == [
        ["Demo, Son of A"]
    ]


def test_somebody_unnamed_is_somebody(desk: Desk) -> None:
    text = PEOPLE + 'unnamed = ["Anonymous"]\n'
    assert names(desk.whole(text, who="anonymous, Demo A")) == [[], ["Demo A"]]


def test_another_column_is_read_where_the_first_holds_no_names(desk: Desk) -> None:
    text = (
        '[[victims]]\ncolumn = ["who", "whom"]\nseparator = ";"\n'
        'skip = "Object \\\\d+"\nbut = "body"\n'
    )
    whole = desk.whole(text, who="Object 12", whom="Demo A;The Body", body="The Body")
    assert names(whole) == [["Demo A"]]


def test_sex_age_and_remarks_are_those_of_the_one_person(desk: Desk) -> None:
    whole = desk.whole(ONE, who="Demo A", sex="Female", age="34", job="Editor")
    (one,) = described(whole)
    assert (one.sex, one.age, one.age_on) == (Sex.FEMALE, 34, date(2024, 11, 16))
    assert one.remarks == "job: Editor"
    assert whole.draft.narrative is None


def test_sex_and_age_of_several_people_are_given_to_none_of_them(desk: Desk) -> None:
    text = ONE + 'separator = ";"'
    whole = desk.whole(text, who="Demo A;Demo B", sex="Female", age="34", job="")
    assert {(one.sex, one.age) for one in described(whole)} == {(None, None)}
    assert "sex: Female\nage: 34" in (whole.draft.narrative or "")


INTERPRETER = ONE + 'interpreter_language = { column = "speaks", values = { "hill" = "cmo" } }\n'


@pytest.mark.parametrize(
    ("text", "code"), [("Bunong", "cmo"), ("jra", "jra"), ("hill", "cmo"), ("Klingon", None)]
)
def test_the_language_of_an_interpreter_is_read_by_the_mapping_or_the_list(
    desk: Desk, text: str, code: str | None
) -> None:
    whole = desk.whole(INTERPRETER, who="Demo A", sex="", age="", job="", speaks=text)
    assert described(whole)[0].interpreter_language == code
    assert (f"speaks: {text}" in (whole.draft.narrative or "")) == (text in {"hill", "Klingon"})


def test_the_language_of_several_people_is_given_to_none_of_them(desk: Desk) -> None:
    text = INTERPRETER + 'separator = ";"'
    whole = desk.whole(text, who="Demo A;Demo B", sex="", age="", job="", speaks="Bunong")
    assert {each.interpreter_language for each in described(whole)} == {None}
    assert "speaks: Bunong" in (whole.draft.narrative or "")


def test_a_mark_of_a_person_tells_a_new_fact_and_stays_as_it_was_without_one(desk: Desk) -> None:
    cells = {"who": "Demo A", "sex": "F", "age": "34", "job": ""}
    before, after = (
        desk.whole(INTERPRETER, **cells, speaks=text).draft.victims for text in ("", "Bunong")
    )
    old = ["as_told", "Demo A", "person", "F", "34", "", ""]
    assert [_person(each.described) for each in before if each.described] == [old]
    assert [_person(each.described) for each in after if each.described] == [
        [*old, "interpreter_language=cmo"]
    ]


@pytest.mark.parametrize("told", ["thirty", "-3", "340", "30-35", "3.5"])
def test_what_is_no_age_stays_as_words(desk: Desk, told: str) -> None:
    whole = desk.whole(ONE, who="Demo A", sex="", age=told, job="")
    assert described(whole)[0].age is None
    assert f"age: {told}" in (whole.draft.narrative or "")


def test_an_age_on_an_unknown_day_is_not_given_a_day(desk: Desk) -> None:
    whole = desk.whole(ONE, who="Demo A", sex="", age="34", job="", date="nobody knows")
    assert described(whole)[0].age is None
    assert "age: 34" in (whole.draft.narrative or "")


@pytest.mark.parametrize(
    ("who", "count", "units"),
    [
        ("Demo A", "1", [(CountingUnit.PERSON, None)]),
        ("Demo A", "4", [(CountingUnit.PERSON, None), (CountingUnit.COMMUNITY, 3)]),
        ("Demo A", "2", [(CountingUnit.PERSON, None), (CountingUnit.PERSON, None)]),
        ("", "12", [(CountingUnit.COMMUNITY, 12)]),
        ("Demo A", "many", [(CountingUnit.PERSON, None)]),
        ("", "0", []),
    ],
)
def test_those_who_are_counted_and_not_named_are_a_group(
    desk: Desk, who: str, count: str, units: list[tuple[CountingUnit, int | None]]
) -> None:
    whole = desk.whole('[[victims]]\ncolumn = "who"\ncount = "n"', who=who, n=count)
    assert [(one.unit, one.head_count) for one in described(whole)] == units


def test_organisations_are_victims_of_their_own(desk: Desk) -> None:
    whole = desk.whole('[[victims]]\ncolumn = "body"\nunit = "organisation"', body="Demo Paper")
    assert [one.unit for one in described(whole)] == [CountingUnit.ORGANISATION]


def test_a_name_that_is_too_long_stays_in_the_narrative(desk: Desk) -> None:
    whole = desk.whole('[[victims]]\ncolumn = "who"', who="x" * 201)
    assert described(whole) == []
    assert "x" * 201 in (whole.draft.narrative or "")


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "province", "expected"),
    [
        ("Cambodia", "Kampot Province", (PlaceKind.CAMBODIA, None, "07")),
        ("", "ភ្នំពេញ", (PlaceKind.CAMBODIA, None, "12")),
        ("", "12", (PlaceKind.CAMBODIA, None, "12")),
        ("Brazil", "Kampot", (PlaceKind.ABROAD, "br", None)),
        ("076", "", (PlaceKind.ABROAD, "br", None)),
        ("kh", "", (PlaceKind.CAMBODIA, None, None)),
        ("Atlantis", "Kampot", (PlaceKind.UNKNOWN, None, None)),
        ("", "", (PlaceKind.UNKNOWN, None, None)),
    ],
)
def test_a_place_is_found_by_name_or_code(
    desk: Desk, country: str, province: str, expected: tuple[PlaceKind, str | None, str | None]
) -> None:
    place = desk.whole(PLACE, country=country, province=province, town="").draft.place
    assert (place.kind, place.country, place.province) == expected


def test_words_of_a_place_are_kept_even_where_no_list_knows_it(desk: Desk) -> None:
    place = desk.whole(PLACE, country="Atlantis", province="Far Side", town="Old Town").draft.place
    assert place.words == "Old Town, Far Side, Atlantis"


def test_a_place_of_the_gazetteer_that_is_not_found_is_doubtful(desk: Desk) -> None:
    reasons = desk.reasons(PLACE, country="Cambodia", province="Far Side", town="")
    assert [column for column, _ in reasons] == ["province"]
