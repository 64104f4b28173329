"""What a mapping can say of a sheet’s columns, and what becomes of them."""

from datetime import date

import pytest

from hrdtracker.incidents.whole import WholeIncident
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets
from hrdtracker.intake.mapping_file import MappingUnusable
from hrdtracker.intake.reading import RowReader
from hrdtracker.people.drafts import Birth, PersonDraft
from hrdtracker.people.model import CountingUnit
from tests.spec.sheets import PLAIN, ZONE, Desk, all_terms, described, marker, names, row

# --- victims --------------------------------------------------------------------------------------


PERSON, FAMILY, GROUP = CountingUnit.PERSON, CountingUnit.FAMILY, CountingUnit.COMMUNITY


def sizes(whole: WholeIncident) -> list[tuple[CountingUnit, int | None, int | None]]:
    """Return the unit of each victim, how many people and how many families it stands for."""
    return [(each.unit, each.head_count, each.family_count) for each in described(whole)]


@pytest.mark.parametrize(
    ("mapping", "text", "people"),
    [
        ("", "5", [(GROUP, 5, None)]),
        ("", "1,200", [(GROUP, 1200, None)]),
        ("", "១២០", [(GROUP, 120, None)]),
        ("", "about 500", [(GROUP, 500, None)]),
        ("", "500+", [(GROUP, 500, None)]),
        ("", "120 families (about 500 people)", [(GROUP, 500, 120)]),
        ("", "1", [(PERSON, None, None)]),
        ("", "0", []),
        ('unit = "family"\n', "120", [(GROUP, None, 120)]),
        ('unit = "family"\n', "1", [(FAMILY, None, 1)]),
        ('unit = "organisation"\n', "2", [(CountingUnit.ORGANISATION, None, None)] * 2),
        ('unit = "organisation"\n', "2000", []),
        *(("", text, []) for text in ("", "many", "1.5", "1,2", "3 or 4", "10-15", "99999999")),
    ],
)
def test_people_may_be_counted_without_any_name(
    desk: Desk, mapping: str, text: str, people: list[tuple[CountingUnit, int | None, int | None]]
) -> None:
    whole = desk.whole(f'[[victims]]\ncount = "many"\n{mapping}', many=text)
    assert sizes(whole) == people
    is_kept = f"many: {text}" in (whole.draft.narrative or "")
    assert is_kept == (not people and text not in {"", "0"})


def test_a_count_that_is_rough_stays_so(desk: Desk) -> None:
    (group,) = described(desk.whole('[[victims]]\ncount = "many"\n', many="about 500"))
    assert group.head_count_about


def test_families_and_their_people_may_stand_in_two_columns(desk: Desk) -> None:
    mapping = '[[victims]]\ncount = "people"\nfamilies = "families"\n'
    assert sizes(desk.whole(mapping, people="500", families="120")) == [(GROUP, 500, 120)]
    assert sizes(desk.whole(mapping, people="", families="120")) == [(GROUP, None, 120)]
    assert sizes(desk.whole(mapping, people="500", families="")) == [(GROUP, 500, None)]


def test_words_beside_a_number_of_people_stay(desk: Desk) -> None:
    whole = desk.whole('[[victims]]\ncount = "many"\n', many="500 villagers")
    assert sizes(whole) == [(GROUP, 500, None)]
    assert "many: 500 villagers" in (whole.draft.narrative or "")


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("1990", Birth(1990)),
        ("March 1990", Birth(1990, 3)),
        ("12 March 1990", Birth(1990, 3, 12)),
        ("1990-03-12", Birth(1990, 3, 12)),
        ("about 1990", None),
        ("1990 or 1991", None),
        ("12 March", None),
        ("2090", None),
        ("1750", None),
        ("young", None),
    ],
)
def test_a_birth_is_as_fine_as_its_words(desk: Desk, text: str, birth: Birth | None) -> None:
    whole = desk.whole('[[victims]]\ncolumn = "who"\nbirth = "born"\n', who="Demo A", born=text)
    (person,) = described(whole)
    assert person.birth == birth
    assert (f"born: {text}" in (whole.draft.narrative or "")) == (birth is None)


def test_other_names_and_a_telephone_are_those_of_the_one_person(desk: Desk) -> None:
    people = (
        '[[victims]]\ncolumn = "who"\nseparator = ";"\nother_names = ["alias"]\nphone = "tel"\n'
    )
    whole = desk.whole(people, who="Demo A", alias="Demo B; Demo C", tel="012 345 678")
    assert names(whole) == [["Demo A", "Demo B", "Demo C"]]
    ((place, contact),) = whole.contacts
    assert (place, contact.kind, contact.value) == (0, "phone", "012 345 678")
    assert whole.draft.narrative is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("012 345 678; +855 99 888 777", ["012 345 678", "+855 99 888 777"]),
        ("០១២ ៣៤៥ ៦៧៨", ["០១២ ៣៤៥ ៦៧៨"]),
        ("-", []),
        ("none", []),
        ("012", []),
    ],
)
def test_each_number_of_a_telephone_is_one_and_words_are_none(
    desk: Desk, text: str, numbers: list[str]
) -> None:
    people = '[[victims]]\ncolumn = "who"\nseparator = ";"\nphone = "tel"\n'
    whole = desk.whole(people, who="Demo A", tel=text)
    assert [contact.value for _, contact in whole.contacts] == numbers
    assert (f"tel: {text}" in (whole.draft.narrative or "")) == (not numbers)


def test_other_names_and_a_telephone_of_several_people_are_given_to_none(desk: Desk) -> None:
    people = (
        '[[victims]]\ncolumn = "who"\nseparator = ";"\nother_names = ["alias"]\nphone = "tel"\n'
    )
    told = {"who": "Demo A; Demo B", "alias": "Demo C", "tel": "012 345 678"}
    whole = desk.whole(people, **told)
    assert names(whole) == [["Demo A"], ["Demo B"]]
    assert whole.contacts == ()
    assert {column for column, _ in desk.reasons(people, **told)} == {"alias", "tel"}


@pytest.mark.parametrize("text", ["2", "---", "?", "12.5"])
def test_a_name_without_letters_is_nobody(desk: Desk, text: str) -> None:
    whole = desk.whole('[[victims]]\ncolumn = "who"\n', who=text)
    assert described(whole) == []
    assert f"who: {text}" in (whole.draft.narrative or "")


@pytest.mark.parametrize("word", ["Total", "GRAND TOTAL", "សរុប"])
def test_a_row_that_adds_up_the_others_is_no_incident(desk: Desk, word: str) -> None:
    (reading,) = desk.readings(PLAIN, {"no": word, **row()})
    assert reading.whole is None
    assert [str(note.reason) for note in reading.refused] == ["This row is the sum of others."]


# --- further violations ---------------------------------------------------------------------------

WOUNDED = '[[also]]\ncolumn = "wounded"\ncode = "physical_attack"\n'


@pytest.mark.parametrize(
    ("comparison", "text", "holds"),
    [
        ("more_than = 0", "3", True),
        ("more_than = 0", "3.0", True),
        ("more_than = 0", "0", False),
        ("more_than = 0", "", False),
        ("more_than = 0", "some", False),
        ("more_than = 2\nless_than = 5", "4", True),
        ("more_than = 2\nless_than = 5", "5", False),
        ("less_than = 2", "0", True),
        ("", "yes", True),
        ("", "2020-01-02", True),
        *(("", text, False) for text in ("", "no", "NO", "0", "false", "-", "ទេ", "?", "unknown")),
    ],
)
def test_a_number_may_tell_of_one_more_violation(
    desk: Desk,
    comparison: str,
    text: str,
    holds: bool,  # noqa: FBT001
) -> None:
    whole = desk.whole(f"{WOUNDED}{comparison}\n", wounded=text)
    assert whole.more_types == (("physical_attack",) if holds else ())


def test_whether_something_was_so_is_doubtful_where_nobody_knows(desk: Desk) -> None:
    assert [column for column, _ in desk.reasons(f"{WOUNDED}", wounded="unknown")] == ["wounded"]
    assert desk.reasons(f"{WOUNDED}", wounded="no") == []


def test_what_is_no_number_is_doubtful_where_one_is_compared(desk: Desk) -> None:
    assert [column for column, _ in desk.reasons(f"{WOUNDED}more_than = 0\n", wounded="some")] == [
        "wounded"
    ]


# --- alleged perpetrators -------------------------------------------------------------------------

BY_BODY = (
    '[[perpetrators]]\ntype = { column = "by", separator = ";" }\nbody = "unit"\nname = "man"\n'
)


def test_a_body_and_a_name_stand_beside_the_type_of_perpetrator(desk: Desk) -> None:
    whole = desk.whole(BY_BODY, by="Police", unit="Demo Unit 7", man="Demo Officer")
    (involved,) = whole.involved
    assert (involved.perpetrator_type, involved.words) == ("police", "Demo Unit 7 – Demo Officer")
    assert whole.draft.narrative is None


def test_a_body_of_several_types_is_given_to_none_of_them(desk: Desk) -> None:
    whole = desk.whole(BY_BODY, by="Police; Armed forces", unit="Demo Unit 7", man="")
    assert [each.words for each in whole.involved] == ["Police", "Armed forces"]
    assert "unit: Demo Unit 7" in (whole.draft.narrative or "")


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "cells", "words"),
    [
        ("coordinates = 'at'", {"at": "11.556371, 104.928214"}, "11.56, 104.93"),
        ("coordinates = 'at'", {"at": "-11.556371 104.928214"}, "-11.56, 104.93"),
        (
            "coordinates = { latitude = 'lat', longitude = 'lon', decimals = 1 }",
            {"lat": "11.556371", "lon": "104.928214"},
            "11.6, 104.9",
        ),
        ("coordinates = { column = 'at', decimals = 0 }", {"at": "11.6,104.9"}, "12, 105"),
        ("coordinates = 'at'", {"at": "11.5|104.9"}, "11.5, 104.9"),
        ("coordinates = 'at'", {"at": "11,556371; 104,928214"}, "11.56, 104.93"),
        ("coordinates = 'at'", {"at": "11°33'22.9\"N 104°55'41.5\"E"}, "11.56, 104.93"),
        ("coordinates = 'at'", {"at": "E104.928214 N11.556371"}, "11.56, 104.93"),
        ("coordinates = 'at'", {"at": "S 3.1, W 60.02"}, "-3.1, -60.02"),
        ("coordinates = 'at'", {"at": "11.556371"}, None),
        ("coordinates = 'at'", {"at": "1, 2, 3"}, None),
        ("coordinates = 'at'", {"at": "111.5, 204.9"}, None),
        ("coordinates = { latitude = 'lat', longitude = 'lon' }", {"lat": "11,5", "lon": ""}, None),
        ("coordinates = 'at'", {"at": "near the bridge"}, None),
    ],
)
def test_coordinates_are_kept_only_as_coarsely_as_the_mapping_says(
    desk: Desk, mapping: str, cells: dict[str, str], words: str | None
) -> None:
    whole = desk.whole(f"[place]\n{mapping}\n", **cells)
    assert whole.draft.place.words == words
    exact = [f"{column}: {text}" for column, text in cells.items()]
    kept = [
        line
        for line, text in zip(exact, cells.values(), strict=True)
        if text and line in (whole.draft.narrative or "")
    ]
    assert kept == ([] if words else [line for line in exact if not line.endswith(" ")])


# --- the mapping itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[victims]]\nsex = 'sex'\n", "victims must name a column, or a count"),
        ("[[also]]\ncolumn = 'n'\nmore_than = 0\n", "also compares a number"),
        ("[[perpetrators]]\nbody = 'unit'\n", "perpetrators must name a type"),
        ("heading = -1\n", "heading must be a number"),
        ("heading = 'three'\n", "heading must be a number"),
    ],
)
def test_a_mapping_that_says_half_of_something_is_refused(
    desk: Desk, text: str, fault: str
) -> None:
    with pytest.raises(MappingUnusable) as refused:
        desk.mapping(PLAIN + text if text.startswith("[") else text + PLAIN)
    assert fault in str(refused.value.reason)


def test_words_that_nobody_knows_are_counted(desk: Desk) -> None:
    mapping = desk.mapping(PLAIN)
    sheet = desk.sheet([row(type=word) for word in ("Zap", "Arrest", "Zap", "Pow")])
    codes = Codebook(all_terms())
    reader = RowReader(mapping, Sheets(mapping, sheet, {}), codes, marker(), ZONE)
    for each in sheet.rows():
        reader.read(each)
    assert [(word.word, rows) for word, rows in codes.unknown.most_common()] == [
        ("Zap", 2),
        ("Pow", 1),
    ]


def test_an_age_of_the_day_and_a_birth_stand_side_by_side(desk: Desk) -> None:
    people = '[[victims]]\ncolumn = "who"\nage = "age"\nbirth = "born"\n'
    (person,) = described(desk.whole(people, who="Demo A", age="34", born="1990"))
    expected = PersonDraft(age=34, age_on=date(2024, 11, 16), birth=Birth(1990))
    assert (person.age, person.age_on, person.birth) == (
        expected.age,
        expected.age_on,
        expected.birth,
    )


@pytest.mark.parametrize(
    "mapping",
    [
        'narrative = ["gone"]\n',
        'tie = "gone"\n',
        '[place]\nvillage = "gone"\n',
        '[held]\nplace = "gone"\n',
        '[[also]]\ncolumn = "gone"\ncode = "threat"\n',
        '[[victims]]\ncolumn = "gone"\n',
        '[[victims]]\ncolumn = "who"\nbut = "gone"\n',
        '[[victims]]\ncolumn = "who"\nbirth = "gone"\n',
        '[[victims]]\ncolumn = "who"\nphone = "gone"\n',
        '[[perpetrators]]\ntype = { default = "police" }\nbody = "gone"\n',
        '[[later]]\nkind = "hearing"\ndate = "gone"\n',
        '[[later]]\nkind = "hearing"\ndate = "date"\nnote = ["gone"]\n',
    ],
)
def test_whatever_a_mapping_names_and_a_sheet_has_not_is_said(desk: Desk, mapping: str) -> None:
    sheet = desk.sheet([row(type="Arrest", date="2026-11-16", who="Demo A")])
    assert "gone" in Sheets(desk.mapping(PLAIN + mapping), sheet, {}).missing()
