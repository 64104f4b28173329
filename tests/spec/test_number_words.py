"""Numbers in words: what a finance officer hears before a zero too many is booked."""

import pytest

from hrdtracker.core.number_words import number_in_words


@pytest.mark.parametrize(
    ("number", "english", "khmer"),
    [
        (0, "zero", "សូន្យ"),
        (5, "five", "ប្រាំ"),
        (10, "ten", "ដប់"),
        (13, "thirteen", "ដប់បី"),
        (20, "twenty", "ម្ភៃ"),
        (46, "forty-six", "សែសិបប្រាំមួយ"),
        (100, "one hundred", "មួយរយ"),
        (999, "nine hundred ninety-nine", "ប្រាំបួនរយកៅសិបប្រាំបួន"),
        (1_000, "one thousand", "មួយពាន់"),
        (10_000, "ten thousand", "មួយម៉ឺន"),
        (10_500, "ten thousand five hundred", "មួយម៉ឺនប្រាំរយ"),
        (100_000, "one hundred thousand", "មួយសែន"),
        (250_000, "two hundred fifty thousand", "ពីរសែនប្រាំម៉ឺន"),
        (1_000_000, "one million", "មួយលាន"),
        (41_000_000, "forty-one million", "សែសិបមួយលាន"),
        (1_000_000_007, "one billion seven", "មួយពាន់លានប្រាំពីរ"),
    ],
)
def test_a_number_is_said_in_words(number: int, english: str, khmer: str) -> None:
    assert number_in_words(number, "en") == english
    assert number_in_words(number, "km") == khmer


@pytest.mark.parametrize("language", ["en", "km"])
def test_no_two_numbers_are_said_in_the_same_words(language: str) -> None:
    numbers = [*range(2_000), *(10**power for power in range(4, 13))]
    assert len({number_in_words(number, language) for number in numbers}) == len(numbers)
