"""Numbers as a reader sees them: one rule for counts, dates, money, rates and thousands.

On a page every number that the program says stands in the digits of its language, Khmer ones on a
Khmer page; thousands are parted by a comma and decimals by a point in both. What names a thing and
counts nothing, such as a year or the number of an entry, is not parted. What is copied or typed
stays as it is: codes, user names, telephone numbers, what stands in a field, files taken along.
"""

from decimal import Decimal

LATIN_DIGITS, KHMER_DIGITS = "0123456789", "០១២៣៤៥៦៧៨៩"
_TO_KHMER = str.maketrans(LATIN_DIGITS, KHMER_DIGITS)
_TO_LATIN = str.maketrans(KHMER_DIGITS, LATIN_DIGITS)


def say_number(value: object, language: str) -> str:
    """Return a number in the digits of `language`, or a text with its digits in them.

    Thousands of a count or a rate are parted here, those of money by `Money`; a number that counts
    nothing is handed over as text.
    """
    text = f"{value:,}" if isinstance(value, int | Decimal) else str(value)
    return text.translate(_TO_KHMER) if language == "km" else text


def latin_digits(text: str) -> str:
    """Return what somebody typed with Latin digits for Khmer ones."""
    return text.translate(_TO_LATIN)
