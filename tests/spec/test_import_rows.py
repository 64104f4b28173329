"""A row becomes an incident: nothing it says is lost, and nothing is made up."""

from pathlib import Path

import pytest

from hrdtracker.core.when.model import Precision, When, local_ends
from hrdtracker.intake.cells import BLANK, TAIL
from tests.shared import shared
from tests.spec.sheets import ONE, PLACE, PLAIN, Desk, only, row


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def days(when: When) -> tuple[str, str] | None:
    """Return the first day, and the day after the last."""
    ends = local_ends(when)
    return (ends[0].date().isoformat(), ends[1].date().isoformat()) if ends else None


# --- types and other codes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "code"),
    [("Arrest", "arrest"), ("arrest", "arrest"), ("ការចាប់ខ្លួន", "arrest"), ("no such", "other")],
)
def test_a_type_is_a_code_or_a_label_else_the_default(desk: Desk, word: str, code: str) -> None:
    known = desk.whole("", type=word).draft.type
    assert known == code


def test_the_first_word_is_the_type_and_the_others_are_further_violations(desk: Desk) -> None:
    text = 'type = { column = "type", separator = ", ", values = { "beaten" = "physical_attack" } }'
    (reading,) = desk.readings(f'{text}\nwhen = "date"', row(type="Beaten, arrest, Beaten"))
    assert reading.whole is not None
    assert reading.whole.draft.type == "physical_attack"
    assert reading.whole.more_types == ("arrest",)


def test_another_column_may_tell_of_one_more_violation(desk: Desk) -> None:
    text = '[[also]]\ncolumn = "Tortured"\nvalues = { "Yes" = "torture", "No" = "" }\n'
    assert desk.whole(text, Tortured="Yes").more_types == ("torture",)
    assert desk.whole(text, Tortured=" no").more_types == ()


def test_a_type_that_is_not_known_refuses_the_row_without_a_default(desk: Desk) -> None:
    (reading,) = desk.readings('type = "type"\nwhen = "date"', row(type="Nobody knows"))
    assert reading.whole is None
    assert [note.column for note in reading.refused] == ["type"]


def test_a_word_that_the_mapping_does_not_know_stays_and_is_doubtful(desk: Desk) -> None:
    text = '[[perpetrators]]\ntype = { column = "by", values = { "cops" = "police" } }'
    whole = desk.whole(text, by="the neighbours")
    assert whole.involved == ()
    assert "by: the neighbours" in (whole.draft.narrative or "")
    assert [column for column, _ in desk.reasons(text, by="the neighbours")] == ["by"]


def test_a_word_that_was_translated_stays_too_as_it_may_say_more(desk: Desk) -> None:
    text = '[[perpetrators]]\ntype = { column = "by", values = { "hitmen" = "individual" } }'
    whole = desk.whole(text, by="Hitmen")
    assert [(one.perpetrator_type, one.words) for one in whole.involved] == [
        ("individual", "Hitmen")
    ]
    assert "by: Hitmen" in (whole.draft.narrative or "")
    assert desk.reasons(text, by="Hitmen") == []


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "precision", "expected"),
    [
        ("2020-06-01", Precision.DAY, ("2020-06-01", "2020-06-02")),
        ("May 15, 2017", Precision.DAY, ("2017-05-15", "2017-05-16")),
        ("July 23rd, 2014", Precision.DAY, ("2014-07-23", "2014-07-24")),
        ("30 July 2014", Precision.DAY, ("2014-07-30", "2014-07-31")),
        ("August 2014", Precision.MONTH, ("2014-08-01", "2014-09-01")),
        ("2014", Precision.YEAR, ("2014-01-01", "2015-01-01")),
        ("2020-06-04 00:00:00", Precision.DAY, ("2020-06-04", "2020-06-05")),
        ("2 August 2 2014", Precision.UNKNOWN, None),
        ("life", Precision.UNKNOWN, None),
        ("2014-02-31", Precision.UNKNOWN, None),
        ("0000-00-00", Precision.UNKNOWN, None),
        ("12/13/14", Precision.UNKNOWN, None),
    ],
)
def test_a_date_is_as_fine_as_its_words_and_keeps_them(
    desk: Desk, told: str, precision: Precision, expected: tuple[str, str] | None
) -> None:
    when = desk.whole("", date=told).draft.occurred
    assert (when.precision, days(when), when.as_told) == (precision, expected, told)


def test_a_date_that_was_not_understood_is_doubtful(desk: Desk) -> None:
    assert [column for column, _ in desk.reasons("", date="life")] == ["date"]
    assert desk.reasons("", date="2014") == []


def test_a_believed_date_is_an_estimate(desk: Desk) -> None:
    when = desk.whole("", date="(Believed to be) 2020-05-30").draft.occurred
    assert when.precision in {Precision.ABOUT, Precision.UNKNOWN}


def test_a_date_in_the_future_is_doubtful(desk: Desk) -> None:
    assert [column for column, _ in desk.reasons("", date="2099-01-01")] == ["date"]


def test_no_date_is_unknown_and_not_today(desk: Desk) -> None:
    when = desk.whole("", date="").draft.occurred
    assert (when.precision, when.as_told) == (Precision.UNKNOWN, "Not said in the sheet")


PARTS = 'type = { default = "killing" }\nwhen = { year = "y", month = "m", day = "d" }\n'


@pytest.mark.parametrize(
    ("parts", "precision", "expected"),
    [
        (("2014", "5", "7"), Precision.DAY, ("2014-05-07", "2014-05-08")),
        (("2014", "May", "7"), Precision.DAY, ("2014-05-07", "2014-05-08")),
        (("2014", "05", ""), Precision.MONTH, ("2014-05-01", "2014-06-01")),
        (("2014", "5", "0"), Precision.MONTH, ("2014-05-01", "2014-06-01")),
        (("2014", "", ""), Precision.YEAR, ("2014-01-01", "2015-01-01")),
        (("2014", "", "7"), Precision.UNKNOWN, None),
        (("2014", "2", "31"), Precision.UNKNOWN, None),
        (("", "5", "7"), Precision.UNKNOWN, None),
        (("14", "5", "7"), Precision.UNKNOWN, None),
        (("999999", "5", "7"), Precision.UNKNOWN, None),
    ],
)
def test_a_gap_in_the_parts_of_a_date_is_not_filled(
    desk: Desk,
    parts: tuple[str, str, str],
    precision: Precision,
    expected: tuple[str, str] | None,
) -> None:
    whole = only(desk.readings(PARTS, dict(zip("ymd", parts, strict=True))))
    assert (whole.draft.occurred.precision, days(whole.draft.occurred)) == (precision, expected)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2024-11-18", ("2024-11-16", "2024-11-19")),
        ("2024-11-16", ("2024-11-16", "2024-11-17")),
        ("", ("2024-11-16", "2024-11-17")),
        ("some day", ("2024-11-16", "2024-11-17")),
        ("2024-11-01", None),
    ],
)
def test_a_date_may_reach_until_another(
    desk: Desk, last: str, expected: tuple[str, str] | None
) -> None:
    text = 'type = { default = "killing" }\nwhen = { column = "date", until = "last" }\n'
    whole = only(desk.readings(text, {"date": "2024-11-16", "last": last}))
    assert days(whole.draft.occurred) == expected
    kept = f"{whole.draft.occurred.as_told}\n{whole.draft.narrative}"
    assert last in kept


def test_formats_that_are_given_go_first(desk: Desk) -> None:
    text = 'type = { default = "killing" }\nwhen = { column = "d", formats = ["%m/%d/%Y"] }\n'
    assert days(only(desk.readings(text, {"d": "03/04/2020"})).draft.occurred) == (
        "2020-03-04",
        "2020-03-05",
    )


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("", ("2020-03-01", "2020-03-08")),
        ("month", ("2020-03-01", "2020-04-01")),
        ("year", ("2020-01-01", "2021-01-01")),
    ],
)
def test_a_flag_beside_a_date_makes_it_an_estimate(
    desk: Desk, within: str, expected: tuple[str, str]
) -> None:
    text = (
        'type = { default = "killing" }\n'
        f'when = {{ column = "d", about = {{ column = "x", says = "True", within = "{within}" }} }}'
    )
    flagged = only(desk.readings(text, {"d": "2020-03-04", "x": "true"})).draft.occurred
    plain = only(desk.readings(text, {"d": "2020-03-04", "x": "False"})).draft.occurred
    assert (flagged.precision, days(flagged)) == (Precision.ABOUT, expected)
    assert flagged.as_told == "2020-03-04"
    assert plain.precision == Precision.DAY


def test_a_day_without_its_year_is_read_as_of_the_day_of_the_list(desk: Desk) -> None:
    whole = only(desk.readings(f"as_of = 2014-08-31\n{PLAIN}", row(date="30 July")))
    assert days(whole.draft.occurred) == ("2014-07-30", "2014-07-31")


def test_a_day_is_of_the_zone_of_the_list(desk: Desk) -> None:
    whole = only(desk.readings(f'zone = "America/New_York"\n{PLAIN}', row()))
    assert whole.draft.occurred.zone == "America/New_York"
    assert days(whole.draft.occurred) == ("2024-11-16", "2024-11-17")


# --- the rest -------------------------------------------------------------------------------------


def test_what_no_field_holds_stands_under_the_narrative_line_by_line(desk: Desk) -> None:
    text = 'html = ["story"]\nnarrative = ["title", "story"]\nignore = ["noise"]\n'
    cells = {"story": "<p>It was so.</p>", "title": "A title", "more": "one\ntwo", "noise": "x"}
    whole = only(desk.readings(text + PLAIN, row(**cells, nothing="")))
    assert whole.draft.narrative == f"A title\n\nIt was so.\n\n{TAIL}\nmore: one\n  two"


def test_words_that_say_nothing_are_left_out(desk: Desk) -> None:
    text = 'empty = ["None", "[]"]\n'
    whole = only(desk.readings(text + PLAIN, row(a="None", b="[]", c=" none ", d="\n")))
    assert whole.draft.narrative is None


def test_links_of_a_source_are_sealed_with_it_and_not_in_the_narrative(desk: Desk) -> None:
    text = '[known_from]\nconnection = "ngo"\nremarks = ["link", "more"]\n'
    whole = desk.whole(text, link="https://example.org/1", more="page 3")
    assert [source.remarks for source in whole.sources] == ["https://example.org/1\npage 3"]
    assert whole.draft.narrative is None


def test_a_status_and_the_time_of_arrival_belong_to_the_arrest(desk: Desk) -> None:
    text = (
        '[held]\narrived = "in"\nplace = "prison"\ntypes = ["arrest"]\n'
        '[status]\ncolumn = "s"\nvalues = { "let go" = "released" }\n'
    )
    cells = {"in": "2024-11-16 17:30", "prison": "Demo prison", "s": "let go"}
    whole = desk.whole(text, **cells)
    assert whole.draft.custody.arrived is not None
    assert whole.draft.custody.arrived.precision == Precision.MINUTE
    assert whole.draft.custody.place_held == "Demo prison"
    assert (whole.status_at_end, whole.held_types) == ("released", frozenset({"arrest"}))


def test_a_release_on_a_day_is_a_later_fact_and_words_stay_words(desk: Desk) -> None:
    text = '[[later]]\ndate = "out"\nwords = "Released"\n'
    (fact,) = desk.whole(text, out="2024-12-01").later
    assert (fact.kind, fact.timed, fact.note) == ("other", False, "Released\n2024-12-01")
    for told in ("some day in spring", "1 to 3 March 2024"):
        unknown = desk.whole(text, out=told)
        assert unknown.later == ()
        assert f"out: {told}" in (unknown.draft.narrative or "")


def test_rows_of_a_joined_file_come_with_the_row_that_they_name(desk: Desk) -> None:
    hearings = [
        {"no": "1", "on": "3 June 2024", "what": "Hearing"},
        {"no": "1", "on": "4 June 2024", "what": "Verdict"},
        {"no": "2", "on": "5 June 2024", "what": "Elsewhere"},
    ]
    text = (
        f'{PLAIN}[[join]]\nfile = "days"\nkey = "no"\non = "id"\ncolumns = ["on", "what"]\n'
        '[[later]]\nfile = "days"\ndate = "on"\nkind = "court"\nnote = "what"\n'
    )
    others = {"days": desk.sheet(hearings, "days")}
    whole = only(desk.readings(text, row(id="1"), others=others))
    assert [fact.note for fact in whole.later] == ["3 June 2024\nHearing", "4 June 2024\nVerdict"]
    assert "days.csv: 3 June 2024 – Hearing\n  4 June 2024 – Verdict" in (
        whole.draft.narrative or ""
    )


def test_a_row_is_known_again_by_its_id_and_only_a_digest_of_it_is_kept(desk: Desk) -> None:
    first = only(desk.readings(f'id = "no"\n{PLAIN}', row(no="Demo A", more="x")))
    again = only(desk.readings(f'id = "no"\n{PLAIN}', row(no="Demo A", more="y")))
    other = only(desk.readings(f'id = "no"\n{PLAIN}', row(no="Demo B", more="x")))
    assert first.origin.id == again.origin.id != other.origin.id
    assert "Demo" not in first.origin.id
    assert len(first.origin.id) <= 80
    assert len(first.origin.marks or "") <= 400


def test_equal_words_of_two_rows_have_different_digests(desk: Desk) -> None:
    one, two = (
        only(desk.readings(f'id = "no"\nignore = ["no"]\n{PLAIN}', row(no=no, more="the same")))
        for no in "12"
    )
    assert one.draft.narrative == two.draft.narrative
    shared_marks = set((one.origin.marks or "").split('"')) & set(
        (two.origin.marks or "").split('"')
    )
    assert not any(len(mark) == 16 for mark in shared_marks)


def test_a_row_without_its_id_is_refused(desk: Desk) -> None:
    (reading,) = desk.readings(f'id = "no"\n{PLAIN}', row(no=" "))
    assert [note.column for note in reading.refused] == ["no"]


def test_rows_with_the_same_case_share_one(desk: Desk) -> None:
    rows = [row(id=str(number), c=case) for number, case in enumerate(["A", "A", "B", ""])]
    readings = desk.readings(f'id = "id"\ncase = "c"\n{PLAIN}', *rows)
    cases = [reading.whole.origin.case for reading in readings if reading.whole]
    assert cases[0] == cases[1]
    assert len(set(cases)) == 3


def test_a_narrative_that_no_incident_can_hold_refuses_the_row(desk: Desk) -> None:
    (reading,) = desk.readings(PLAIN, row(story="x" * 20_001))
    assert reading.whole is None
    assert [note.column for note in reading.refused] == ["narrative"]


def test_no_reason_repeats_what_stands_in_a_cell(desk: Desk) -> None:
    secret = "Demo-Secret-Name"
    text = (
        f'{ONE}{PLACE}count = "n"\n[[perpetrators]]\ntype = {{ column = "by" }}\n'
        '[status]\ncolumn = "s"\n[held]\narrived = "in"\n[[later]]\ndate = "out"\n'
    ).replace('count = "n"\n', "")
    cells = dict.fromkeys(("who", "sex", "age", "job", "country", "province", "town"), secret)
    cells |= dict.fromkeys(("by", "s", "in", "out", "type", "date"), secret)
    reasons = desk.reasons(text, **cells)
    assert len(reasons) > 6
    assert not any(secret in words for pair in reasons for words in pair)


def test_naughty_strings_come_through_as_they_are(desk: Desk) -> None:
    lines = shared("datasets/nasty-input/blns/blns.txt").read_text("utf-8").splitlines()
    strings = [line for line in lines if line.strip() and not line.startswith("#")]
    readings = desk.readings(PLAIN, *(row(said=text) for text in strings))
    kept = [reading.whole.draft.narrative or "" for reading in readings if reading.whole]
    assert len(kept) == len(strings) > 400
    lost = [
        text
        for text, narrative in zip(strings, kept, strict=True)
        if text.strip(BLANK) not in narrative and "\ufffd" not in narrative
    ]
    assert lost == []
