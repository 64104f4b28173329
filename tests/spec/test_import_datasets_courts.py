"""What public data sets tell of custody and of the courts, read by their mappings."""

from collections import Counter

from hrdtracker.intake import court_columns
from tests.spec.datasets import (
    PRESS,
    PRISONERS,
    PRISONERS_FILES,
    all_provisions,
    cells,
    readings,
    wholes,
)
from tests.spec.sheets import all_terms


def test_prisoners_come_with_their_charges_by_article_and_their_days_in_court() -> None:
    found = [reading.court for reading in readings("azerbaijan-prisoners", *PRISONERS_FILES)]
    courts = [court for court in found if court]
    said = [one.charge for court in courts for one in court.charges]
    told = [row["article"] for row in cells(f"{PRISONERS}charges")]
    articles = [all_provisions().find("provision", one.qualification.provision) for one in said]
    assert sorted(word.extra["article"] for word in articles if word) == sorted(told)
    assert Counter(word.extra["law"] for word in articles if word) == {
        "Criminal Code of Azerbaijan 1999": 271,
        "Criminal Code of Azerbaijan 1960": 40,
    }
    assert {one.charged.precision for one in said} == {"unknown"}
    assert [len(court.charges) for court in courts].count(23) == 1
    days = [one.hearing.starts for court in courts for one in court.hearings]
    assert len(days) == 109
    assert {when.earliest.year for when in days if when.earliest} <= set(range(1994, 2015))
    assert {court.facts.stage for court in courts if court.facts} == {"unknown"}


def test_what_no_list_knows_of_the_articles_of_prisoners_is_kept_in_words() -> None:
    found = wholes("azerbaijan-prisoners", *PRISONERS_FILES)
    assert Counter(whole.draft.occurred.precision for whole in found) == {"day": 93, "unknown": 5}
    unknown = readings("azerbaijan-prisoners", *PRISONERS_FILES, lists=all_terms())
    said = [one.charge.qualification for row in unknown if row.court for one in row.court.charges]
    assert sorted(one.words or "" for one in said) == sorted(
        row["article"] for row in cells(f"{PRISONERS}charges")
    )


def test_charges_of_the_press_tracker_come_with_what_became_of_them() -> None:
    found = readings("us-press-freedom-tracker", f"{PRESS}-07")
    courts = [reading.court for reading in found if reading.court]
    charges = [one for court in courts for one in court.charges]
    told = [
        words
        for row in cells(f"{PRESS}-07")
        for column in ("current_charges", "dropped_charges")
        for words in row[column].split(", ")
        if words
    ]
    assert sorted(one.charge.qualification.words or "" for one in charges) == sorted(told)
    assert len(told) == 92
    assert Counter(one.outcome.kind if one.outcome else "" for one in charges) == {
        "dropped": 51,
        "acquitted": 12,
        "convicted": 4,
        "": 25,
    }


def test_custody_of_the_press_tracker_has_its_ground_and_its_release() -> None:
    found = readings("us-press-freedom-tracker", f"{PRESS}-07")
    titles = [title for reading in found if reading.court for title in reading.court.titles]
    assert Counter(title.kind for title in titles) == {"police_custody": 65 + 13 - 1}
    assert sum(title.began.is_known for title in titles) == 12 + 1
    assert sum(title.ended is not None for title in titles) == 19
    left = Counter(str(note.reason) for reading in found for note in reading.notes)
    assert left[court_columns.SEVERAL] == 1
