"""What a monitor types, one person a line, and what is read from it; all names are invented."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdtracker.people.lines import (
    GroupLine,
    LineCounts,
    PersonLine,
    ReadLines,
    Sex,
    read_lines,
    summary,
)
from tests.deep import usual_or_deep

WOMAN_34 = ("Nget Dara", Sex.FEMALE, 34)
KHMER_34 = ("ង៉ែត ដារ៉ា", Sex.FEMALE, 34)


def person(line: str) -> tuple[str, Sex | None, int | None]:
    read = read_lines(line)
    assert (read.groups, read.problems) == ((), ())
    (one,) = read.people
    assert one.words == line
    return one.name, one.sex, one.age


def group(line: str) -> tuple[str, int | None, bool]:
    read = read_lines(line)
    assert (read.people, read.problems) == ((), ())
    (one,) = read.groups
    assert one.words == line
    return one.label, one.head_count, one.about


def reason(line: str) -> str:
    read = read_lines(line)
    (one,) = read.doubts or read.problems
    assert one.words == line
    assert one.blocks is not bool(read.doubts)
    assert len([*read.people, *read.groups]) == len(read.doubts)
    return str(one.reason)


@pytest.mark.parametrize(
    "line",
    [
        "Nget Dara, F, 34",
        "Nget Dara, 34, F",
        "Nget Dara; female; aged 34",
        "Nget Dara\tF\t34",
        "Nget Dara , woman , 34 years",
        "Nget Dara, girl, 34y",
        "Nget Dara, F34",
        "Nget Dara, 34 f",
        "Nget Dara (F, 34)",
        "Nget Dara - F - 34",
        "Nget Dara / f / 34 y.o.",
        "Nget Dara | F | 34 years old",
        "Nget Dara, ស្រី, អាយុ ៣៤ ឆ្នាំ",
        "F, Nget Dara, about 34",
        "1. Nget Dara, F, 34",
        "1) Nget Dara, F, 34",
        "(1) Nget Dara, F, 34",
        "1 Nget Dara, F, 34",
        "1\tNget Dara\tF\t34",
        "7\tNget Dara\tF\t34",
        "- Nget Dara, F, 34",
        "• Nget Dara, F, 34.",
        "  Nget   Dara ,F,34  ",
        "“Nget Dara”, F, 34",
        "Name: Nget Dara, Sex: F, Age: 34",
        "Nget Dara F 34",
        "Nget Dara woman aged 34",
    ],
)
def test_one_woman_of_34_may_be_written_in_many_ways(line: str) -> None:
    assert person(line) == WOMAN_34


@pytest.mark.parametrize(
    "line",
    [
        "ង៉ែត ដារ៉ា, ស្រី, ៣៤",
        "ង៉ែត ដារ៉ា, ៣៤ ឆ្នាំ, ស្រី",
        "១. ង៉ែត ដារ៉ា, ស្ត្រី, អាយុ ៣៤ ឆ្នាំ",
        "- ង៉ែត ដារ៉ា ៖ ស្រី ៖ អាយុ៣៤ឆ្នាំ។",
        "ង៉ែត ដារ៉ា, ស, 34",
        "ង៉ែត ដារ៉ា, ស្រី\u200bអាយុ\u200b៣៤\u200bឆ្នាំ",
        "ឈ្មោះ៖ ង៉ែត ដារ៉ា ភេទ៖ ស្រី អាយុ៖ ៣៤ ឆ្នាំ",
        "\u200bង៉ែត ដារ៉ា\u200b, F, ៣៤",
    ],
)
def test_the_same_in_khmer_with_khmer_digits(line: str) -> None:
    assert person(line) == KHMER_34


@pytest.mark.parametrize(
    ("word", "sex"),
    [
        ("F", Sex.FEMALE),
        ("Female", Sex.FEMALE),
        ("WOMAN", Sex.FEMALE),
        ("girl", Sex.FEMALE),
        ("ស្រី", Sex.FEMALE),
        ("ស្ត្រី", Sex.FEMALE),
        ("ស្រ្តី", Sex.FEMALE),
        ("ស", Sex.FEMALE),
        ("m", Sex.MALE),
        ("male", Sex.MALE),
        ("Man", Sex.MALE),
        ("boy", Sex.MALE),
        ("ប្រុស", Sex.MALE),
        ("បុរស", Sex.MALE),
        ("ប", Sex.MALE),
        ("X", Sex.OTHER),
        ("other", Sex.OTHER),
        ("ភេទទីបី", Sex.OTHER),
        ("?", None),
        ("-", None),
        ("unknown", None),
        ("មិនដឹង", None),
    ],
)
def test_a_sex_is_read_as_stated_and_never_made_up(word: str, sex: Sex | None) -> None:
    assert person(f"Nget Dara, {word}, 34") == ("Nget Dara", sex, 34)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Nget Dara", "Nget Dara"),
        ("ង៉ែត ដារ៉ា", "ង៉ែត ដារ៉ា"),
        ("Chan Srey", "Chan Srey"),
        ("ចាន់ ស្រី", "ចាន់ ស្រី"),
        ("ជា ស្រី", "ជា ស្រី"),
        ("Dr. Nget Dara", "Dr. Nget Dara"),
        ("Jean-Luc O’Neil", "Jean-Luc O’Neil"),
        ("Men", "Men"),
        ("Nget Dara (Thom)", "Nget Dara (Thom)"),
        ("Witness 3,", "Witness 3"),
        ("100% Dara_", "100% Dara_"),
    ],
)
def test_a_line_without_commas_is_a_name_kept_as_typed_and_never_split(
    line: str, name: str
) -> None:
    assert person(line)[0] == name
    assert person(line)[1:] == (None, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Nget Dara,, 34", ("Nget Dara", None, 34)),
        ("Nget Dara, M", ("Nget Dara", Sex.MALE, None)),
        ("Man, M, 45", ("Man", Sex.MALE, 45)),
        ("ស្រី, F, 45", ("ស្រី", Sex.FEMALE, 45)),
        ("An Man, M, 20", ("An Man", Sex.MALE, 20)),
        ("Nget Dara, F, 0", ("Nget Dara", Sex.FEMALE, 0)),
        ("Nget Dara, F, 120", ("Nget Dara", Sex.FEMALE, 120)),
        ("Nget Dara, F, 6 months", ("Nget Dara", Sex.FEMALE, 0)),
        ("Nget Dara, F, ១៨ ខែ", ("Nget Dara", Sex.FEMALE, 1)),
        ("Nget Dara aged 34", ("Nget Dara", None, 34)),
        ("ង៉ែត ដារ៉ាអាយុ៣៤ឆ្នាំ", ("ង៉ែត ដារ៉ា", None, 34)),
    ],
)
def test_what_is_not_said_stays_unknown(
    line: str, expected: tuple[str, Sex | None, int | None]
) -> None:
    assert person(line) == expected


@pytest.mark.parametrize(
    ("line", "sex", "age"),
    [
        ("unknown man", Sex.MALE, None),
        ("Unidentified woman, about 40", Sex.FEMALE, 40),
        ("a woman whose name is not known", Sex.FEMALE, None),
        ("a man", Sex.MALE, None),
        ("one man", Sex.MALE, None),
        ("1 woman", Sex.FEMALE, None),
        ("unknown, F, 30", Sex.FEMALE, 30),
        ("name unknown, M", Sex.MALE, None),
        ("?, M, 30", Sex.MALE, 30),
        ("F, 30", Sex.FEMALE, 30),
        ("12 years old girl", Sex.FEMALE, 12),
        ("unknown person", None, None),
        ("ស្ត្រីម្នាក់", Sex.FEMALE, None),
        ("បុរស ១ នាក់", Sex.MALE, None),
        ("មិនស្គាល់ឈ្មោះ, ប្រុស, ៣០", Sex.MALE, 30),
        ("បុរសមិនស្គាល់អត្តសញ្ញាណ", Sex.MALE, None),
    ],
)
def test_somebody_whose_name_is_not_known_is_a_person_without_a_name(
    line: str, sex: Sex | None, age: int | None
) -> None:
    assert person(line) == ("", sex, age)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a group of about 12", ("group", 12, True)),
        ("a group of 12 monks", ("monks", 12, False)),
        ("about 12 people", ("people", 12, True)),
        ("12 villagers", ("villagers", 12, False)),
        ("- 12 Villagers from the north", ("Villagers from the north", 12, False)),
        ("12 land rights activists", ("land rights activists", 12, False)),
        ("~1,200 people", ("people", 1200, True)),
        ("more than 40 workers", ("workers", 40, True)),
        ("40+ workers", ("workers", 40, True)),
        ("10-15 villagers", ("10-15 villagers", None, True)),
        ("hundreds of workers", ("workers", None, True)),
        ("twelve women", ("women", 12, False)),
        ("2 unknown men", ("unknown men", 2, False)),
        ("and 3 others", ("others", 3, False)),
        ("a family of 5", ("family", 5, False)),
        ("villagers", ("villagers", None, False)),
        ("a group of farmers", ("group of farmers", None, False)),
        ("about 12 people, mostly women", ("people, mostly women", 12, True)),
        ("អ្នកភូមិប្រហែល ១២ នាក់", ("អ្នកភូមិ", 12, True)),
        ("ក្រុម ១២ នាក់", ("ក្រុម", 12, False)),
        ("១២ នាក់", ("នាក់", 12, False)),
        ("កម្មករ ៤០", ("កម្មករ", 40, False)),
        ("អ្នកភូមិជាច្រើន", ("អ្នកភូមិ", None, True)),
    ],
)
def test_a_group_keeps_what_is_counted_and_whether_it_is_about(
    line: str, expected: tuple[str, int | None, bool]
) -> None:
    assert group(line) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Nget Dara, F, 121", "The age 121 is not between 0 and 120."),
        ("Nget Dara, F, ១៩៩០", "The age 1990 is not between 0 and 120."),
        ("Nget Dara, F, 34, 43", "Two numbers could be the age: 34, 43."),
        ("Nget Dara, F, M", "two different sexes"),
        ("Dara, Nget, F, 34", "could not tell the name"),
        ("Nget Dara, F, 34, Oum Vuthy, M, 20", "could not tell the name"),
        ("Man, Dara, 34", "could not tell the name"),
        ("Nget Dara 34", "Put a comma before the sex"),
        ("Witness 3", "Put a comma before the sex"),
        ("ចាន់ ស្រី ៣៤", "Put a comma before the sex"),
        ("41 Nget Dara", "What does the number 41 count?"),
        ("Man, 45", "a name or a sex"),
        ("ស្រី", "a name or a sex"),
        ("0 people", "A group of 0 cannot be"),
        ("9,000,000 people", "A group of 9,000,000 cannot be"),
        ("34", "no name on this line"),
        ("Nget \0Dara", "cannot be kept"),
        ("Nget \ud800Dara", "cannot be kept"),
        ("D" * 201, "longer than 200"),
        ("D" * 301, "longer than 300"),
    ],
)
def test_a_line_that_could_mean_two_things_is_asked_about_with_its_words_kept(
    line: str, said: str
) -> None:
    assert said in reason(line)


def test_a_name_of_200_characters_is_kept_whole() -> None:
    assert person("D" * 200 + ", F")[0] == "D" * 200


def test_problems_carry_the_number_of_the_line_that_the_person_sees() -> None:
    read = read_lines("Nget Dara, F\n\n   \nOum Vuthy, M, 340\r\nChan Thida")
    assert [problem.line_no for problem in read.doubts] == [4]
    assert [one.name for one in read.people] == ["Nget Dara", "Oum Vuthy", "Chan Thida"]


@pytest.mark.parametrize("heading", ["Name, Sex, Age", "ល.រ\tឈ្មោះ\tភេទ\tអាយុ"])
def test_the_heading_of_a_table_is_left_out_and_named(heading: str) -> None:
    read = read_lines(f"{heading}\nNget Dara, F, 34")
    assert ["heading of a table" in str(problem.reason) for problem in read.problems] == [True]
    assert not any(problem.blocks for problem in read.problems)
    assert [one.name for one in read.people] == ["Nget Dara"]


@pytest.mark.parametrize("line", ["!!!", "-----", "…"])
def test_a_line_of_signs_alone_parts_a_list_and_says_nothing(line: str) -> None:
    assert read_lines(line) == ReadLines((), (), ())


def test_row_numbers_count_the_lines_also_below_a_heading() -> None:
    read = read_lines("No\tName\tSex\n1\tNget Dara\tF\n2\tOum Vuthy\tM")
    assert [(one.name, one.sex, one.age) for one in read.people] == [
        ("Nget Dara", Sex.FEMALE, None),
        ("Oum Vuthy", Sex.MALE, None),
    ]


def test_only_the_first_500_lines_are_read_and_the_others_are_named() -> None:
    read = read_lines("Nget Dara, F\n" * 502)
    assert len(read.people) == 500
    assert [problem.line_no for problem in read.problems] == [501, 502]


def test_an_empty_box_says_nothing() -> None:
    assert read_lines(" \n\t\n\u200b\ufeff\n") == ReadLines((), (), ())


def test_the_summary_counts_women_men_unknown_and_children() -> None:
    read = read_lines(
        "Nget Dara, F, 34\nChan Thida, F, 17\nOum Vuthy, M\nNget Chan, X, 18\n"
        "Chhuon Bora\nabout 12 people\nOum, M, 340"
    )
    assert summary(read) == LineCounts(
        lines=7, women=2, men=2, other=1, sex_unknown=1, ages_unknown=3, under_18=1
    )


def test_no_name_shows_in_what_a_log_would_print() -> None:
    read = read_lines("Nget Dara, F, 34\nNget Dara, F, 340\n3 people of Nget Dara")
    assert "Dara" not in repr(read)


PIECES = """
Nget Dara ដារ៉ា ស្រី ប្រុស F M man woman a an the unknown group of about 12 ១២ 34 1,200 people families
នាក់ គ្រួសារ អ្នកភូមិ ក្រុម aged អាយុ ឆ្នាំ years , ; ៖ ។ ( ) - . 1. name sex \u200b ? %s
"""
WORDS = st.sampled_from([*PIECES.split(), "\t", "\n", "  "])
TYPED = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join))


@settings(max_examples=usual_or_deep(300, 2_000))
@given(TYPED)
def test_any_text_is_read_and_each_line_stands_in_one_place_exactly(text: str) -> None:
    read = read_lines(text)
    words = [one.words for one in read.people] + [one.words for one in read.groups]
    words += [problem.words for problem in read.problems]
    lines = [line for line in text.splitlines() if re.search(r"[^\W_]|\?", line)]
    assert sorted(words) == sorted(lines)


@settings(max_examples=usual_or_deep(300, 2_000))
@given(TYPED)
def test_whatever_is_read_is_within_bounds(text: str) -> None:
    read = read_lines(text)
    assert all(one.age is None or 0 <= one.age <= 120 for one in read.people)
    assert all(len(one.name) <= 200 for one in read.people)
    assert all(one.head_count is None or one.head_count > 0 for one in read.groups)
    assert all(str(problem.reason) for problem in read.problems)


@given(st.sampled_from(["F", "M", "X"]), st.integers(0, 120), st.booleans())
def test_what_is_written_plainly_is_read_back(sex: str, age: int, age_first: bool) -> None:  # noqa: FBT001 - hypothesis hands it over
    said = (str(age), sex) if age_first else (sex, str(age))
    (one,) = read_lines(", ".join(("Nget Dara", *said))).people
    assert one == PersonLine("Nget Dara", Sex(sex), age, one.words)


def test_a_group_line_is_not_a_person() -> None:
    read = read_lines("12 villagers\nNget Dara, F")
    assert read.groups == (GroupLine("villagers", 12, about=False, words="12 villagers"),)
    assert len(read.people) == 1
