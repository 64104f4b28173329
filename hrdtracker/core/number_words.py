"""Numbers in words, as a cheque says them: who typed a zero too many hears it.

English and Khmer are the languages of the program; no library has both.
"""

from collections.abc import Sequence

WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))
KHMER_WORDS = (
    "សូន្យ", "មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ", "ប្រាំបី", "ប្រាំបួន",
)  # fmt: skip
KHMER_TENS = (
    "ដប់", "ម្ភៃ", "សាមសិប", "សែសិប", "ហាសិប", "ហុកសិប", "ចិតសិប", "ប៉ែតសិប", "កៅសិប",
)  # fmt: skip
KHMER_SCALES = (
    (10**6, "លាន"), (10**5, "សែន"), (10**4, "ម៉ឺន"), (10**3, "ពាន់"), (100, "រយ"),
)  # fmt: skip
Scales = Sequence[tuple[int, str]]


def number_in_words(number: int, language: str) -> str:
    """Return a whole number from 0 in the words of a language, `en` or `km`."""
    return _khmer(number) if language == "km" else _english(number)


def _english(number: int) -> str:
    if number < len(WORDS):
        return WORDS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return f"{TENS[tens - 2]}-{WORDS[rest]}" if rest else TENS[tens - 2]
    size, name = _largest(SCALES, number)
    many, rest = divmod(number, size)
    words = f"{_english(many)} {name}"
    return f"{words} {_english(rest)}" if rest else words


def _khmer(number: int) -> str:
    """Return a number in Khmer: its words follow each other without spaces."""
    if number < len(KHMER_WORDS):
        return KHMER_WORDS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return KHMER_TENS[tens - 1] + (KHMER_WORDS[rest] if rest else "")
    size, name = _largest(KHMER_SCALES, number)
    many, rest = divmod(number, size)
    return _khmer(many) + name + (_khmer(rest) if rest else "")


def _largest(scales: Scales, number: int) -> tuple[int, str]:
    return next((size, name) for size, name in scales if size <= number)
