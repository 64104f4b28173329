"""Numbers on a page: the reader's digits, thousands parted, one rule for all of them."""

from decimal import Decimal

import pytest

from hrdtracker.core.money import Money
from hrdtracker.core.numerals import latin_digits, say_number


@pytest.mark.parametrize(
    ("value", "english", "khmer"),
    [
        (7, "7", "៧"),
        (1000, "1,000", "១,០០០"),
        (1_234_567, "1,234,567", "១,២៣៤,៥៦៧"),
        (Decimal("4100.5"), "4,100.5", "៤,១០០.៥"),
        (Money(125050, "USD"), "1,250.50 USD", "១,២៥០.៥០ USD"),
        (Money(4_100_000_00, "KHR"), "4,100,000 KHR", "៤,១០០,០០០ KHR"),
        ("2026", "2026", "២០២៦"),
        ("about 12", "about 12", "about ១២"),
    ],
)
def test_a_number_is_said_in_the_readers_digits(value: object, english: str, khmer: str) -> None:
    assert say_number(value, "en") == english
    assert say_number(value, "km") == khmer


def test_what_is_typed_in_khmer_digits_is_read_as_in_latin_ones() -> None:
    assert latin_digits("១២ នាក់, 3") == "12 នាក់, 3"
