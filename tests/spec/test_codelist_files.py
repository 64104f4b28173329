"""The lists people choose from: complete, bilingual, and true to what they were taken from."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from hrdtracker.codelists.files import (
    CONFIDENCES,
    FOLDER,
    HEADER,
    LISTS,
    PARENT_LIST,
    BrokenList,
    TermRow,
    codes,
    parse_list,
    read_list,
)
from tests.shared import shared

ROOT = Path(__file__).resolve().parents[2]
KHMER_LETTER = re.compile("[\u1780-\u17b3]")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u17b4\u17b5\u00a0]")
SHIFTER_TOO_EARLY = re.compile("[\u17c9\u17ca]\u17d2")
ROW, HEAD = "a,,An A,ក,1,,,ours,verified\n", ",".join(HEADER) + "\n"

WITHOUT_KHMER_LETTERS = {
    "the service's own name, in Latin letters in Khmer too": {
        *(("contact_kind", code) for code in ("signal", "telegram", "whatsapp")),
        *(("platform", code) for code in ("messenger", "telegram", "tiktok", "youtube", "x")),
        *(("platform", code) for code in ("instagram", "whatsapp", "signal")),
    },
    "the sangkat's name is a number": {("commune", c) for c in ("180102", "180103", "180104")},
}

ESF_LISTS = {
    "incident_type": "esf_act_types",
    "perpetrator_type": "perpetrator_types",
    "source_connection": "esf_source_connection",
    "source_reliability": "esf_reliability",
    "source_material": "esf_source_material_types",
    "degree_of_involvement": "esf_degrees_of_involvement",
    "victim_status": "esf_status_as_victim",
    "finding": "esf_violation_status",
    "right": "esf_rights_typology",
}


def cells(name: str) -> list[dict[str, str]]:
    """Return the rows of a list as its file has them."""
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def facts(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of the shared fact base."""
    with shared(f"domain/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def term(name: str, code: str) -> TermRow:
    return next(row for row in read_list(name) if row.code == code)


def every_label() -> list[tuple[str, str, str, str]]:
    rows = [(name, row) for name in LISTS for row in read_list(name)]
    return [(name, row.code, row.label_en, row.label_km) for name, row in rows]


def test_the_lists_are_these() -> None:
    assert " ".join(LISTS) == (
        "adjournment_request age_evidence appellant bail_payer case_outcome certainty "
        "charge_outcome commune complaint_kind contact_kind country court court_order "
        "deciding_body defender_category degree_of_involvement district establishment "
        "fair_trial_right finding follow_up_kind group_kind hearing_kind hearing_status how_known "
        "incident_type language lawyer_contacted legal_title limit_replacement name_kind "
        "name_reason observed_answer offence_class party_role payment_method perpetrator_type "
        "platform presence_at_judgment prison proceeding_end proceeding_stage prosecutor_opinion "
        "province provision request_filer request_kind request_standing right risk_level "
        "source_connection source_material source_reliability stay_end stay_step support_document "
        "support_outcome support_type thematic_area urgency victim_status"
    )


@pytest.mark.parametrize("name", LISTS)
def test_every_file_has_the_header(name: str) -> None:
    first = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    assert first == "code,parent,label_en,label_km,position,esf_code,extra,source,confidence"


@pytest.mark.parametrize("name", LISTS)
def test_a_code_stands_once_and_is_short_and_plain(name: str) -> None:
    found = [row["code"] for row in cells(name)]
    assert len(found) >= 3
    assert [code for code, times in Counter(found).items() if times > 1] == []
    assert [code for code in found if not re.fullmatch("[a-z0-9_]{1,40}", code)] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_term_has_both_labels_a_source_and_a_known_confidence(name: str) -> None:
    rows = cells(name)
    empty = [row for row in rows if not (row["label_en"] and row["label_km"] and row["source"])]
    assert empty == []
    assert {row["confidence"] for row in rows} <= set(CONFIDENCES)
    assert set(CONFIDENCES) == {"verified", "partly verified", "general knowledge"}


@pytest.mark.parametrize("name", LISTS)
def test_positions_count_from_one_down_the_file(name: str) -> None:
    rows = cells(name)
    assert [row["position"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize("name", LISTS)
def test_attributes_are_compact_json(name: str) -> None:
    found = [row["extra"] for row in cells(name) if row["extra"]]
    compact = [
        json.dumps(json.loads(cell), ensure_ascii=False, separators=(",", ":")) for cell in found
    ]
    assert found == compact


@pytest.mark.parametrize("name", LISTS)
def test_parents_exist(name: str) -> None:
    possible = {row["code"] for row in cells(PARENT_LIST.get(name, name))}
    assert {row["parent"] for row in cells(name)} - {""} <= possible


@pytest.mark.parametrize(("child", "parent"), [("district", "province"), ("commune", "district")])
def test_every_place_has_its_parent_in_the_list_above(child: str, parent: str) -> None:
    assert PARENT_LIST[child] == parent
    assert [row.code for row in read_list(child) if not row.code.startswith(row.parent)] == []
    assert {row.parent for row in read_list(child)} == codes(read_list(parent))


def test_khmer_labels_hold_khmer_letters_except_where_there_are_none() -> None:
    without = {
        (name, code) for name, code, _, khmer in every_label() if not KHMER_LETTER.search(khmer)
    }
    assert without == set().union(*WITHOUT_KHMER_LETTERS.values())


def test_english_labels_hold_no_khmer() -> None:
    assert [entry for entry in every_label() if KHMER_LETTER.search(entry[2])] == []


def test_no_label_holds_invisible_letters_or_misplaced_signs() -> None:
    labels = [(name, code, en + km) for name, code, en, km in every_label()]
    assert [entry for entry in labels if INVISIBLE.search(entry[2])] == []
    assert [entry for entry in labels if SHIFTER_TOO_EARLY.search(entry[2])] == []


@pytest.mark.parametrize("name", LISTS)
def test_no_two_terms_under_one_parent_read_alike(name: str) -> None:
    rows = read_list(name)
    assert len({(row.parent, row.label_en) for row in rows}) == len(rows)
    assert len({(row.parent, row.label_km) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("name", "count"),
    [("province", 25), ("district", 210), ("commune", 1652), ("country", 249), ("prison", 26)],
)
def test_the_gazetteer_is_whole(name: str, count: int) -> None:
    assert len(read_list(name)) == count


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("province", {"Province": 24, "Capital": 1}),
        ("district", {"Srok": 163, "Krong": 33, "Khan": 14}),
        ("commune", {"Khum": 1378, "Sangkat": 274}),
    ],
)
def test_every_place_says_what_it_is_called(name: str, units: dict[str, int]) -> None:
    assert Counter(row.extra["unit"] for row in read_list(name)) == units


@pytest.mark.parametrize(
    ("name", "file"),
    [("province", "provinces"), ("district", "districts"), ("commune", "communes")],
)
def test_places_carry_the_gazetteers_codes_and_names(name: str, file: str) -> None:
    ours = {(row.code, row.label_en, row.label_km) for row in read_list(name)}
    assert ours == {(row["code"], row["name_en"], row["name_km"]) for row in facts(file)}


def test_there_are_eight_thematic_areas() -> None:
    assert [row.code for row in read_list("thematic_area")] == [
        "fundamental_freedoms",
        "judiciary",
        "business_and_human_rights",
        "land_and_natural_resources",
        "equality_and_discrimination",
        "human_rights_defenders",
        "human_rights_education",
        "ict_and_digital_rights",
    ]


def test_incident_types_carry_the_codes_of_the_fact_base() -> None:
    ours = [
        (row.code, row.esf_code, row.extra.get("sdg_16_10_1", ""))
        for row in read_list("incident_type")
    ]
    assert ours == [
        (row["code"], row["esf_act_huri_code"], row["sdg_16_10_1"])
        for row in facts("incident_types")
    ]


def test_six_incident_types_stand_first_on_a_phone() -> None:
    quick = {row.extra.get("quick"): row.code for row in read_list("incident_type")}
    first = " ".join(quick[place] for place in range(1, 7))
    assert first == "arrest charge summons threat physical_attack surveillance"
    assert len(quick) == 7


def test_arrest_and_detention_open_the_questions_about_an_arrest() -> None:
    opens = {row.code: row.extra.get("opens") for row in read_list("incident_type")}
    assert {code: what for code, what in opens.items() if what} == {
        "arrest": "arrest",
        "detention": "arrest",
    }


@pytest.mark.parametrize(
    ("name", "file", "column"),
    [
        ("defender_category", "hrd_categories", "sdg_population"),
        ("perpetrator_type", "perpetrator_types_kh", "esf_huri_code"),
    ],
)
def test_kinds_of_people_are_those_of_the_fact_base(name: str, file: str, column: str) -> None:
    ours = {(row.code, row.extra.get(column, row.esf_code)) for row in read_list(name)}
    assert ours == {(row["code"], row[column]) for row in facts(file)}


@pytest.mark.parametrize("name", sorted(ESF_LISTS))
def test_huridocs_codes_are_in_the_huridocs_lists(name: str) -> None:
    known = {row["huri_code"] for row in facts(ESF_LISTS[name])}
    found = {row.esf_code for row in read_list(name)} - {""}
    assert found
    assert found <= known


def test_only_lists_that_are_checked_carry_huridocs_codes() -> None:
    assert set(ESF_LISTS) == {n for n in LISTS if any(row.esf_code for row in read_list(n))}


def test_courts_and_prisons_stand_in_provinces_that_exist() -> None:
    places = [*read_list("court"), *read_list("prison")]
    assert {row.extra["province"] for row in places} <= codes(read_list("province"))
    assert Counter(row.extra["level"] for row in read_list("court")) == {
        "first_instance": 24,
        "appeal": 4,
        "supreme": 1,
        "military": 1,
    }


def test_an_appeal_court_is_named_only_where_the_reports_agree() -> None:
    first = [row for row in read_list("court") if row.extra["level"] == "first_instance"]
    disputed = {row.extra["province"] for row in first if "appeal_court" not in row.extra}
    named = {row.extra["appeal_court"] for row in first if "appeal_court" in row.extra}
    assert disputed == {"04", "05", "14", "20", "21"}
    assert named == {"appeal_02", "appeal_12", "appeal_18", "appeal_25"}
    assert term("court", "first_instance_07").extra["also_hears"] == ["23"]


def test_a_right_says_where_it_stands_in_the_treaties() -> None:
    silent = [row.code for row in read_list("right") if not row.extra.get("treaties")]
    assert silent == ["other"]
    liberty = term("right", "liberty_and_security")
    assert liberty.extra["treaties"] == ["ICCPR 9", "UDHR 3", "UDHR 9"]


def test_how_far_a_violation_is_established_rises_by_grade() -> None:
    assert [(row.code, row.extra["grade"]) for row in read_list("establishment")] == [
        ("alleged", 1),
        ("corroborated", 2),
        ("verified", 3),
    ]


def test_a_country_is_found_by_its_other_codes() -> None:
    colombia = next(row for row in read_list("country") if "170" in row.extra["also"])  # type: ignore[operator]
    assert (colombia.code, colombia.label_en) == ("co", "Colombia")
    assert [row.code for row in read_list("country")][:4] == ["kh", "th", "vn", "la"]


def review_page() -> str:
    return (ROOT / "docs" / "khmer-review.md").read_text("utf-8")


def review_rows() -> set[tuple[str, str, str]]:
    row = r"(?m)^\| `([a-z_]+)\.([a-z0-9_]+)` \| [^|]+ \| ([^|]+) \|"
    return {(*key, khmer.strip()) for *key, khmer in re.findall(row, review_page())}


def test_every_khmer_label_in_doubt_is_on_the_reviewers_page() -> None:
    doubted = {
        (name, row.code, row.label_km)
        for name in LISTS
        for row in read_list(name)
        if row.confidence != "verified"
    }
    assert doubted - review_rows() == set()


def test_the_reviewers_page_names_only_labels_that_are_in_use() -> None:
    in_use = {(name, code, khmer) for name, code, _, khmer in every_label()}
    assert len(review_rows()) == review_page().count("\n| `")
    assert review_rows() - in_use == set()


def test_every_list_its_size_and_its_attributes_are_explained_in_the_docs() -> None:
    text = (ROOT / "docs" / "codelists.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^\| `(\w+)` \| (.+)$", text, re.MULTILINE))
    used = {(name, key) for name in LISTS for row in read_list(name) for key in row.extra}
    assert [n for n in LISTS if not lines.get(n, "").startswith(f"{len(read_list(n)):,} |")] == []
    assert {(name, key) for name, key in used if f"`{key}`" not in lines[name]} == set()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "x.csv, row 1: the columns must be code,parent"),
        ("code,label\n", "x.csv, row 1: the columns must be code,parent"),
        (HEAD + "a,b\n", "x.csv, row 2: there are 2 columns where 9 are needed."),
        (HEAD + "A b,,An A,ក,1,,,ours,verified\n", "x.csv, row 2: the code “A b” is not 1 to 40"),
        (HEAD + "a" * 41 + ROW[1:], "is not 1 to 40 of a to z, 0 to 9 and _."),
        (HEAD + ROW + ROW, "x.csv, row 3: the code “a” stands twice."),
        (HEAD + "a,b,An A,ក,1,,,ours,verified\n", "the parent “b” does not stand above it."),
        (HEAD + "a,a,An A,ក,1,,,ours,verified\n", "the parent “a” does not stand above it."),
        (HEAD + "a,,,ក,1,,,ours,verified\n", "x.csv, row 2: label_en is empty."),
        (HEAD + "a,,An A,,1,,,ours,verified\n", "x.csv, row 2: label_km is empty."),
        (HEAD + "a,,An A,ក,1,,,,verified\n", "x.csv, row 2: source is empty."),
        (HEAD + "a,, An A,ក,1,,,ours,verified\n", "x.csv, row 2: label_en has spaces around it."),
        (HEAD + "a,,An A,ក,one,,,ours,verified\n", "the position “one” is not a whole number."),
        (HEAD + "a,,An A,ក,១,,,ours,verified\n", "the position “១” is not a whole number."),
        (HEAD + ROW + "b" + ROW[1:], "row 3: the position 1 does not follow the one above it."),
        (HEAD + "a,,An A,ក,1,42,,ours,verified\n", "the esf_code “42” is not 12 digits."),
        (HEAD + "a,,An A,ក,1,,{,ours,verified\n", "x.csv, row 2: extra is not a JSON object."),
        (HEAD + "a,,An A,ក,1,,[1],ours,verified\n", "x.csv, row 2: extra is not a JSON object."),
        (HEAD + "a,,An A,ក,1,,,ours,sure\n", "the confidence “sure” is none of verified,"),
        (HEAD + 'a,,"An A,ក,1,,,ours,verified\n', "x.csv, row 2: unexpected end of data."),
    ],
)
def test_a_broken_file_is_refused_with_the_row_and_the_reason(text: str, sentence: str) -> None:
    with pytest.raises(BrokenList, match=re.escape(sentence)):
        parse_list("x", text)


def test_a_place_whose_parent_is_not_in_the_list_above_is_refused() -> None:
    with pytest.raises(BrokenList, match="the parent “99” is not in the list of parents"):
        parse_list("district", HEAD + "9901,99,Nowhere,ក,1,,,ours,verified\n")


@pytest.mark.parametrize("name", ["no_such_list", "", "../secret", "Province"])
def test_an_unknown_list_is_refused(name: str) -> None:
    with pytest.raises(BrokenList, match="There is no list named"):
        read_list(name)


def test_a_file_in_another_encoding_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "urgency.csv").write_bytes((HEAD + ROW).encode("utf-16"))
    monkeypatch.setattr("hrdtracker.codelists.files.FOLDER", tmp_path)
    with pytest.raises(BrokenList, match=r"urgency\.csv is not UTF-8"):
        read_list.__wrapped__("urgency")


def test_a_file_that_a_spreadsheet_saved_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "urgency.csv").write_bytes((HEAD + ROW).replace("\n", "\r\n").encode("utf-8-sig"))
    monkeypatch.setattr("hrdtracker.codelists.files.FOLDER", tmp_path)
    assert [row.label_km for row in read_list.__wrapped__("urgency")] == ["ក"]


def test_a_term_read_is_a_term_nobody_can_change() -> None:
    arrest = term("incident_type", "arrest")
    with pytest.raises(AttributeError):
        arrest.code = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        arrest.extra["quick"] = 9  # type: ignore[index]
    assert len({arrest, arrest}) == 1


def test_a_list_is_read_once() -> None:
    assert read_list("urgency") is read_list("urgency")
