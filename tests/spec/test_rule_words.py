"""What people read of the law stands in both languages, and under a heading."""

import pytest

from hrdtracker.proceedings.rules.files import read_files, rule_book
from hrdtracker.proceedings.rules.model import RuleStage, Vocabulary, WordLabel
from tests.web.khmer_terms import Saying, faults

BOOK = rule_book("KH")
SAID = {
    **{rule.key: (rule.cites.says, rule.cites.says_km) for rule in BOOK.rules},
    **{key: (label.en, label.km) for key, label in BOOK.words.labels.items()},
}


def test_every_rule_event_fact_and_class_of_cambodia_is_said_in_khmer_too() -> None:
    assert [key for key, said in SAID.items() if not all(said)] == []


def test_every_word_of_the_rules_has_its_label() -> None:
    words: Vocabulary = BOOK.words
    assert words.labels.keys() == words.events | words.flags.keys() | words.classes.keys()


def test_no_word_of_the_law_is_one_that_the_editors_list_forbids() -> None:
    assert faults([Saying(key, *said) for key, said in SAID.items()], {}) == set()


def test_each_heading_of_the_list_has_rules() -> None:
    assert {rule.stage for rule in BOOK.rules} == set(RuleStage)


def test_a_label_without_khmer_is_said_in_english() -> None:
    label = WordLabel("they were released", "")
    assert (label.say("km"), label.say("en")) == (label.en, label.en)
    assert WordLabel("a", "ក").say("km") == "ក"


@pytest.mark.parametrize("column", ["says_km", "stage"])
def test_the_rows_of_a_country_are_handed_out_as_they_stand(column: str) -> None:
    rows = read_files("KH").rows
    assert [row["key"] for row in rows] == [rule.key for rule in BOOK.rules]
    assert all(row[column] for row in rows)
