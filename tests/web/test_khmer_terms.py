"""Each concept has one Khmer word, and what the termbase forbids for it stands nowhere."""

import csv
import re

import pytest

from hrdtracker.codelists.files import LISTS, read_list
from tests.shared import shared
from tests.web.catalogue import khmer
from tests.web.khmer_terms import (
    EXCEPTIONS,
    LONGER,
    ORDINARY,
    UNSETTLED,
    Saying,
    faults,
    forbidden_words,
    sayings,
)


def test_no_sentence_and_no_label_says_a_forbidden_word() -> None:
    found = faults(list(sayings()), EXCEPTIONS)
    assert sorted(fault for fault in found if fault[0] not in UNSETTLED) == []


def test_every_exception_is_one_still() -> None:
    found = {(term, key) for term, key, _ in faults(list(sayings()), {})}
    assert set(EXCEPTIONS) - found == set()
    assert set(UNSETTLED) - {word.term for word in forbidden_words()} == set()
    variants = {word.variant for word in forbidden_words()}
    assert set(ORDINARY) | set(LONGER) <= variants


@pytest.mark.parametrize(
    ("english", "said", "term"),
    [
        ("Alleged perpetrator", "ជនសង្ស័យ", "alleged perpetrator"),
        ("Anything", "ផ្តល់សច្ចាប័ន", "to ratify (an emergency release)"),
        ("Recommend it", "ណែនាំសំណើ", "to recommend (a request)"),
        ("Owner", "ម្ចាស់ករណី", "person responsible for a case (owner)"),
        ("User name", "ឈ្មោះអ្នកប្រើ", "user"),
        (
            "What happened to them",
            "អ្វីដែលកើតឡើងចំពោះពួកគេ",
            "respectful reference to a person on record",
        ),
        ("At most 80", "យ៉ាងច្រើន ៨០ តួ", "character (of a text)"),
        ("fact: Yes", "បាទ/ចាស", "yes / no (a fact)"),
    ],
)  # fmt: skip
def test_a_forbidden_word_is_found_where_it_stands(english: str, said: str, term: str) -> None:
    assert term in {fault[0] for fault in faults([Saying(english, english, said)], EXCEPTIONS)}


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("User name", "ឈ្មោះអ្នកប្រើប្រាស់"),
        ("Role", "តួនាទី"),
        ("At most 80 characters", "យ៉ាងច្រើន ៨០ តួអក្សរ"),
        ("Follow-up", "ការតាមដាន"),
        ("A rate between two", "អត្រារវាងពីរ"),
        ("Yes", "បាទ/ចាស"),
    ],
)
def test_a_right_word_that_holds_the_letters_of_a_forbidden_one_is_none(
    english: str, said: str
) -> None:
    assert faults([Saying(english, english, said)], EXCEPTIONS) == set()


def test_what_an_editor_corrected_is_said_so() -> None:
    with shared("khmer/corrections.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["confidence"] in {"sure", "likely"}]
    said = dict(khmer())
    for name in LISTS:
        said |= {f"{name}:{row.code}": row.label_km for row in read_list(name)}
    corrected = {
        row["msgid"]: row["better"].replace("អ្នកប្រើនេះ", "អ្នកប្រើប្រាស់នេះ")  # one word for a user
        for row in rows
        if row["msgid"] in said
    }
    assert len(corrected) > 300
    assert {key: said[key] for key, better in corrected.items() if said[key] != better} == {}


def test_a_label_asks_nothing() -> None:
    question = re.compile(r"^(?:អ្វី|អ្នកណា|ពេលណា|កន្លែងណា|ហេតុអ្វី|ប៉ុន្មាន)(?!ដែល)")
    labels = {key for key, said in khmer().items() if "?" not in key and question.search(said)}
    asked = {"Who", "Hours to ratify an emergency"}
    assert {key for key in labels if len(key.split()) <= 6} == asked
