"""What a sheet tells of custody and of the courts becomes stays, titles, charges and hearings."""

from typing import Any

import pytest

from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay
from hrdtracker.intake import court_columns, custody_columns
from hrdtracker.people.model import Person
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    Hearing,
    LegalTitle,
    Party,
    Proceeding,
)
from tests.intake.court_sheets import (
    ARTICLES,
    COURTS,
    FULL,
    LAW,
    cells,
    court,
    day,
    every,
    left,
    read,
    take,
)
from tests.spec.sheets import PLAIN, Desk, row

# --- what a row becomes ---------------------------------------------------------------------------


@pytest.mark.usefixtures("law")
def test_a_row_becomes_a_stay_a_proceeding_charges_a_title_and_a_hearing(desk: Desk) -> None:
    report = take(desk, cells())
    assert [str(note.reason) for note in (*report.refused, *report.doubtful)] == []
    (proceeding,), (party,), (hearing,) = every(Proceeding), every(Party), every(Hearing)
    (person,), (stay,), (title,) = every(Person), every(Stay), every(LegalTitle)
    assert (proceeding.stage, proceeding.court) == ("trial", "first_instance_12")
    assert proceeding.court_number == "12/2024"
    assert (proceeding.prosecutor, proceeding.judges) == ("Demo P", "Demo J")
    assert proceeding.note == "Thick file."
    assert (party.person_id, party.role) == (person.id, "suspect")
    assert (stay.place_held, stay.known_by, stay.end_kind) == (
        "Cell 3", "document", "released_on_bail",
    )  # fmt: skip
    assert stay.prison == "cc1"
    assert day(stay.began) == "17 November 2024 (day)"
    assert day(stay.ended) == "2 December 2024 (day)"
    assert (title.kind, title.person_id, title.proceeding_id) == (
        "pretrial_detention", person.id, proceeding.id,
    )  # fmt: skip
    assert (day(title.began), day(title.ended), title.note, title.known_by) == (
        "19 November 2024 (day)", "2 December 2024 (day)", "By order.", "lawyer",
    )  # fmt: skip
    assert title.confirmed_at == title.ended.latest, "an import gives no word of later"
    assert (hearing.kind, hearing.status, hearing.court) == ("trial", "held", "first_instance_12")
    assert (hearing.room, hearing.judge, hearing.note) == ("2", "Demo K", "Short.")
    assert day(hearing.starts) == "5 March 2025 (day)"


@pytest.mark.usefixtures("law")
def test_charges_name_the_articles_of_another_country_and_come_with_their_outcome(
    desk: Desk,
) -> None:
    take(desk, cells())
    steps = every(ChargeOutcome)
    assert [(step.kind, step.provision, day(step.decided)) for step in steps] == [
        ("added", "zz_1", "18 November 2024 (day)"),
        ("added", "zz_2", "18 November 2024 (day)"),
        ("convicted", None, "March 2025 (month)"),
        ("convicted", None, "March 2025 (month)"),
    ]
    assert {step.decided_by for step in steps} == {"prosecutor", "first_instance"}
    assert [step.note for step in steps[:2]] == ["Leaflets.", "Leaflets."]
    charges = every(Charge)
    assert [charge.last_step for charge in charges] == ["convicted", "convicted"]
    assert {day(charge.alleged) for charge in charges} == {"1 November 2024 (day)"}


@pytest.mark.usefixtures("law")
def test_the_law_of_an_article_is_the_one_that_the_row_names(desk: Desk) -> None:
    take(desk, cells(article="Article ៤៩៥", law="Under OUR OWN  code", outcome=""))
    (step,) = every(ChargeOutcome)
    assert (step.provision, step.offence_class) == ("kh_cc_495", "misdemeanour")


@pytest.mark.usefixtures("unit")
def test_an_article_that_no_list_has_stays_words_and_says_how_to_add_its_law(desk: Desk) -> None:
    report = take(desk, cells())
    assert [step.provision_words for step in every(ChargeOutcome)][:2] == ["art. 12.1", "34"]
    assert [str(remark) for remark in report.remarks if LAW in str(remark)] == [
        court_columns.NO_ARTICLES % {"law": LAW}
    ]
    assert (report.courts.charges, report.courts.by_article, report.courts.outcomes) == (2, 0, 2)


@pytest.mark.usefixtures("law")
def test_one_article_that_a_known_law_does_not_have_is_doubtful_and_stays_words(desk: Desk) -> None:
    report = take(desk, cells(article="12.1; 99"))
    said = [(step.provision, step.provision_words) for step in every(ChargeOutcome)][:2]
    assert said == [("zz_1", None), (None, "99")]
    assert [str(note.reason) for note in report.doubtful] == [court_columns.NO_ARTICLE]
    assert [word.word for word in report.words] == ["99"]


def test_charges_may_be_told_in_words_alone(desk: Desk) -> None:
    told = court(desk, article="", charge="trespassing; rioting (in the street; at night)")
    words = [one.charge.qualification.words for one in told.charges]
    assert words == ["trespassing", "rioting (in the street; at night)"]


def test_what_became_of_a_charge_may_not_be_known(desk: Desk) -> None:
    assert court(desk, outcome="pending").charges[0].outcome is None
    tail, notes = left(desk, outcome="Charged")
    assert "outcome: Charged" in tail
    assert notes["outcome"] == court_columns.NO_OUTCOME


def test_without_a_charge_no_outcome_of_one_is_made_up(desk: Desk) -> None:
    assert court(desk, article="").charges == ()
    tail, _ = left(desk, article="")
    assert [line.partition(":")[0] for line in tail.strip().split("\n")] == [
        "charged", "alleged", "outcome", "decided", "of the charge",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "precision"),
    [("March 2025", "month"), ("2025", "year"), ("about 3 March 2025", "about"), ("", "unknown")],
)
def test_a_date_is_as_fine_as_it_is_told(desk: Desk, told: str, precision: str) -> None:
    found = court(desk, charged="", decided=told, until=told)
    decided, ended = found.charges[0].outcome, found.titles[0].ended
    assert decided is not None
    assert decided.decided.precision == precision
    assert (ended.precision if ended else "unknown") == precision
    assert found.charges[0].charge.charged.precision == "unknown"


# --- what contradicts itself, and what cannot be read ---------------------------------------------


@pytest.mark.usefixtures("law")
def test_a_release_before_the_arrest_is_kept_in_its_words_and_its_day_is_not_known(
    desk: Desk,
) -> None:
    report = take(desk, cells(released="3 November 2024"))
    (stay,) = every(Stay)
    assert (stay.end_kind, day(stay.ended)) == ("released_on_bail", "3 November 2024 (unknown)")
    assert [(note.column, str(note.reason)) for note in report.doubtful] == [
        ("released", custody_columns.TOO_EARLY)
    ]


@pytest.mark.parametrize(
    ("column", "told", "reason"),
    [
        ("until", "1 November 2024", court_columns.BEFORE),
        ("decided", "1 November 2024", court_columns.BEFORE),
        ("alleged", "1 January 2025", court_columns.AFTER_CHARGE),
    ],
)
def test_a_day_that_contradicts_another_is_kept_in_its_words(
    desk: Desk, column: str, told: str, reason: str
) -> None:
    found = court(desk, **{column: told})
    outcome = found.charges[0].outcome
    dates: dict[str, When | None] = {
        "until": found.titles[0].ended,
        "decided": outcome.decided if outcome else None,
        "alleged": found.charges[0].charge.alleged,
    }
    assert day(dates[column]) == f"{told} (unknown)"
    assert left(desk, **{column: told})[1] == {column: reason}


@pytest.mark.parametrize("words", ["still inside", "life"])
def test_words_that_are_no_day_end_nothing(desk: Desk, words: str) -> None:
    """Nobody is free, and no ground has ended, because a cell could not be read."""
    (reading,) = desk.readings(COURTS, cells(released=words, until=words))
    assert reading.whole is not None
    assert reading.whole.release is None
    assert reading.court is not None
    assert reading.court.titles[0].ended is None
    assert f"released: {words}" in (reading.whole.draft.narrative or "")
    assert f"until: {words}" in (reading.whole.draft.narrative or "")


@pytest.mark.parametrize("told", ["March 2025", "somewhen", "1 to 3 March 2025"])
def test_a_hearing_of_no_single_day_stays_with_the_narrative(desk: Desk, told: str) -> None:
    assert court(desk, court_day=told).hearings == ()
    tail, notes = left(desk, court_day=told)
    assert f"court day: {told}" in tail
    assert "of the day: Short." in tail
    assert notes["court day"]


def test_a_hearing_that_is_still_to_come_was_not_held(desk: Desk) -> None:
    (told,) = court(desk, court_day="5 March 2099").hearings
    assert told.status == "scheduled"
    assert left(desk, court_day="5 March 2099")[1] == {"court day": court_columns.NOT_HELD_YET}


def test_of_a_past_hearing_nobody_says_that_it_was_held_who_does_not_know(desk: Desk) -> None:
    assert court(desk, **{"held?": ""}).hearings[0].status == "scheduled"


def test_custody_is_of_the_violations_that_take_somebody_s_liberty(desk: Desk) -> None:
    (reading,) = desk.readings(COURTS, {**cells(), "type": "Threat"})
    assert reading.whole is not None
    assert reading.whole.draft.custody.arrived is None
    assert "arrived: 17 November 2024" in (reading.whole.draft.narrative or "")
    assert custody_columns.NOT_HELD in {str(note.reason) for note in reading.notes}


@pytest.mark.parametrize(
    ("who", "reason"), [("", court_columns.NOBODY), ("Demo A; Demo B", court_columns.SEVERAL)]
)
def test_what_is_told_of_several_or_of_nobody_is_given_to_none_of_them(
    desk: Desk, who: str, reason: str
) -> None:
    assert read(desk, who=who) is None
    tail, notes = left(desk, who=who)
    for text in ("12/2024", "art. 12.1; 34", "guilty", "Pre-trial detention", "5 March 2025"):
        assert text in tail
    assert reason in notes.values()


def test_a_row_that_tells_nothing_of_the_courts_says_nothing_of_it(desk: Desk) -> None:
    silent = dict.fromkeys(FULL.keys() - {"no", "case", "story", "who"}, "")
    (reading,) = desk.readings(COURTS, {**cells(), **silent})
    assert (reading.court, reading.notes) == (None, ())


# --- joined files ---------------------------------------------------------------------------------

JOINED = f"""
id = "no"
ignore = ["no"]
{PLAIN}
[[victims]]
column = "who"
[[join]]
file = "charges"
key = "of"
on = "no"
columns = ["article", "what"]
[[join]]
file = "days"
key = "of"
on = "no"
columns = ["day", "told"]
[[charges]]
file = "charges"
article = "article"
law = [{{ name = "{LAW}" }}]
note = "what"
[[hearings]]
file = "days"
starts = "day"
status = {{ default = "held" }}
note = "told"
"""


def joined(desk: Desk, days: tuple[str, ...] = ("5 March 2014", "6 March 2014")) -> Any:
    others = {
        "charges": desk.sheet(
            [{"of": "1", "article": article, "what": f"What {article}"} for article in ARTICLES],
            "charges",
        ),
        "days": desk.sheet([{"of": "1", "day": each, "told": "Told"} for each in days], "days"),
    }
    return desk.readings(JOINED, row(no="1", who="Demo A"), others=others)[0]


def test_each_row_of_a_joined_file_is_a_charge_or_a_hearing(desk: Desk) -> None:
    reading = joined(desk)
    assert [one.charge.note for one in reading.court.charges] == ["What 12.1", "What 34"]
    assert [day(one.hearing.starts) for one in reading.court.hearings] == [
        "5 March 2014 (day)",
        "6 March 2014 (day)",
    ]
    assert reading.whole.draft.narrative is None, "all of it stands in fields"


def test_what_no_field_holds_of_a_joined_file_stays_with_the_narrative(desk: Desk) -> None:
    reading = joined(desk, ("5 March 2014", "in spring"))
    assert len(reading.court.hearings) == 1
    assert "days.csv: 5 March 2014 – Told\n  in spring – Told" in reading.whole.draft.narrative
    assert {note.column for note in reading.notes} >= {"day"}
