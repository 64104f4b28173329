"""A mapping is a file that says which column is what; everything wrong with it is said at once."""

from pathlib import Path

import pytest

from hrdtracker.intake.mapping import Coded, MappingFile
from hrdtracker.intake.mapping_file import MappingUnusable, check_codes, read_mapping
from tests.spec.sheets import MAPPINGS, PLAIN, Desk, all_terms


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def fault(desk: Desk, text: str) -> str:
    """Return the sentence that refuses a mapping."""
    with pytest.raises(MappingUnusable) as refused:
        desk.mapping(text)
    return str(refused.value.reason)


def test_the_shortest_mapping_names_a_type_and_a_date(desk: Desk) -> None:
    read = desk.mapping()
    assert read.source == "list"
    assert read.type == Coded(column=("type",), default="other")
    assert read.when.column == ("date",)


def test_a_source_that_is_asked_for_goes_before_the_files_own(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(f'source = "one"\n{PLAIN}')
    assert read_mapping(path).source == "one"
    assert read_mapping(path, "two").source == "two"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN + "colour = 1", "colour is unknown here"),
        (PLAIN + '[place]\nwhere = "x"', "place.where is unknown here; known are country"),
        ('when = "date"', "type is missing"),
        ('type = "type"', "when is missing"),
        (PLAIN + '[[victims]]\nsex = "s"', "victims must name a column, or a count"),
        (PLAIN + "id = 5", "id must be a text or a list of texts"),
        (PLAIN + 'id = ["a", ""]', "id must be a text or a list of texts"),
        (PLAIN + '[victims]\ncolumn = "a"', "victims must be written as [[victims]]"),
        (PLAIN + "place = 3", "place must be a table"),
        (PLAIN + 'as_of = "today"', "as_of must be a day such as 2014-08-31"),
        (PLAIN + "title = 1", "title must be a text"),
        (PLAIN + '[[victims]]\ncolumn = "a"\nunit = "herd"', "must be person, family"),
        (PLAIN + '[[victims]]\ncolumn = "a"\nbrackets = "age"', "brackets must be one of"),
        (PLAIN + '[[victims]]\ncolumn = "a"\nskip = "("', "is no pattern"),
        (PLAIN + 'source = "A list"', "source must be"),
        (PLAIN + 'zone = "Mars/Base"', "is no time zone"),
        (PLAIN + 'delimiter = ";;"', "delimiter must be one character"),
        ('type = "t"\nwhen = {}', "when must name a column"),
        ('type = {}\nwhen = "d"', "type must name a column or a default"),
        (PLAIN + '[[later]]\ndate = "d"\nfile = "other"', "“other” of later is not joined"),
        (
            'type = "t"\nwhen = { column = "d", about = { column = "x", within = "week" } }',
            "within must be month or year",
        ),
        (PLAIN + "[type", "is no TOML file"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(desk: Desk, text: str, words: str) -> None:
    assert words in fault(desk, text)


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    told = fault(desk, "colour = 1\nid = 5\n")
    assert all(words in told for words in ("colour", "id must", "type is missing", "when is"))


def test_a_mapping_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MappingUnusable):
        read_mapping(tmp_path / "missing.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MappingUnusable):
        read_mapping(tmp_path / "bytes.toml")


@pytest.mark.parametrize(
    "text",
    [
        'type = { default = "no_such" }\nwhen = "d"',
        PLAIN + 'areas = { always = ["no_such"] }',
        PLAIN + 'status = { column = "s", values = { x = "no_such" } }',
        PLAIN + 'place = { country = { default = "no_such" } }',
        PLAIN + '[[also]]\ndefault = "no_such"',
        PLAIN + '[[perpetrators]]\ntype = { default = "no_such" }',
        PLAIN + '[[perpetrators]]\ndegree = "no_such"\ntype = { default = "police" }',
        PLAIN + '[[victims]]\ncolumn = "v"\ncategory = { default = "no_such" }',
        PLAIN + '[[later]]\ndate = "d"\nkind = "no_such"',
        PLAIN + 'known_from = { connection = "no_such" }',
        PLAIN + 'held = { types = ["no_such"] }',
        PLAIN + 'language = "no_such"',
    ],
)
def test_a_code_that_no_list_holds_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(MappingUnusable) as refused:
        check_codes(desk.mapping(text), all_terms())
    assert "“no_such” is not in the list" in str(refused.value.reason)


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mapping_that_we_ship_holds(path: Path) -> None:
    read = read_mapping(path)
    check_codes(read, all_terms())
    assert isinstance(read, MappingFile)
    assert read.title


def test_the_mappings_that_the_manual_names_are_there() -> None:
    shipped = {path.stem for path in MAPPINGS.glob("*.toml")}
    assert {"template", "us-press-freedom-tracker", "global-witness", "cpj"} <= shipped
