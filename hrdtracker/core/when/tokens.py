"""Cutting a date as it is written into the words and figures that the parser knows."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hrdtracker.core.numerals import latin_digits
from hrdtracker.core.when.calendar import ERA_AFTER, FIRST_YEAR, LAST_YEAR, DateParts
from hrdtracker.core.when.words import ERA, MONTHS, WEEKDAYS, WORDS

_DASHES = re.compile("[‐‑‒–—―−]")  # noqa: RUF001 - the very characters people paste
_SHIFTER_AFTER_VOWEL = re.compile("([\u17b6-\u17c5]+)([\u17c9\u17ca])")
_INVISIBLE = {"\u17b4", "\u17b5"}


def fold(text: str) -> str:
    """Return `text` as it is compared: one kind of digit, dash and case, nothing invisible."""
    seen = (c for c in text if unicodedata.category(c) != "Cf" and c not in _INVISIBLE)
    folded = unicodedata.normalize("NFKC", latin_digits("".join(seen))).lower()
    folded = _DASHES.sub("-", folded).replace("’", "'")
    folded = _SHIFTER_AFTER_VOWEL.sub(r"\2\1", folded)
    return folded.replace("\u17d2\u178a", "\u17d2\u178f")  # the two subscripts look the same


class Token(NamedTuple):
    """A word or figure: its letter, its numbers, and what it says of a day once that is known."""

    letter: str
    numbers: tuple[int, ...] = (0,)
    date_parts: DateParts | None = None


_SKIP = re.compile(r"[\s.()\[\]:;\"'«»“”។៕៖]+")


def _guarded(word: str) -> str:
    """Return the pattern of a word: Latin words end where letters end, Khmer has no spaces."""
    before = r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word).replace(r"\ ", r"\s+") + after


def _lexicon() -> dict[str, tuple[str, tuple[int, ...]]]:
    lexicon = {fold(word): row[:2] for row in WORDS for word in row[2].split("|")}
    for names, letter, first in ((MONTHS, "m", 1), (WEEKDAYS, "w", 0)):
        for number, name in enumerate(names["en"], first):
            lexicon[name.lower()] = (letter, (number,))
    return lexicon


_LEXICON = _lexicon()
_WORD = re.compile("|".join(_guarded(word) for word in sorted(_LEXICON, key=len, reverse=True)))
_MONTH = "|".join(
    _guarded(word) for word in sorted(_LEXICON, key=len, reverse=True) if _LEXICON[word][0] == "m"
)
_FIGURES: tuple[tuple[str, str], ...] = (
    ("z", rf"{ERA}\s*(\d{{4}})(?!\d)"),
    ("z", rf"(\d{{4}})\s*{ERA}"),
    ("dmZ", rf"(\d{{1,2}})(?P<e>[-/.])({_MONTH})(?P=e)(\d{{2}})(?!\d)"),
    ("my", rf"({_MONTH})[-/](\d{{4}})(?!\d)"),
    ("ymd", r"(\d{4})(?P<a>[-/.])(\d{1,2})(?P=a)(\d{1,2})(?!\d)"),
    ("dmz", rf"(\d{{1,2}})(?P<c>[-/.])(\d{{1,2}})(?P=c)(\d{{4}})\s*{ERA}"),
    ("dmy", r"(\d{1,2})\s*(?P<b>[-/.])\s*(\d{1,2})\s*(?P=b)\s*(\d{4})(?!\d)"),
    ("ym", r"(\d{4})[-/](\d{1,2})(?![-/\d])"),
    ("my", r"(\d{1,2})[-/.](\d{4})(?!\d)"),
    ("k", r"(\d{1,2})/(\d{1,2})(?![/\d])"),
    ("P", r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?P<half>[ap])\.?m(?![a-z])"),
    ("t", r"(\d{1,2})\s?[:h]\s?(\d{2})(?!\d)(?::\d{2}(?!\d)(?:\.\d+)?)?"),
    ("t", r"(\d{1,2})\s?(?:h|o'?clock)(?![a-z])"),
    ("s", r"(\d{1,2})\.(\d{2})(?!\.?\d)"),
    ("y", r"(\d{4})(?!\d)"),
    ("Ad", r"(\d{1,2})(?:st|nd|rd|th)(?![a-z])"),
    ("d", r"(\d{1,2})(?!\d)"),
    (".", r"(?<=\d)t(?=\d\d:)"),
)
"""How figures stand together, the longest first: a letter for each number, or for all of them."""
_FIGURE = [(letters, re.compile(pattern, re.ASCII)) for letters, pattern in _FIGURES]


def cut(text: str) -> Iterator[Token]:
    """Cut folded text into tokens; what is neither word nor figure has the letter `?`."""
    place = 0
    while place < len(text):
        skipped = _SKIP.match(text, place)
        if skipped:
            place = skipped.end()
            continue
        found, place = _next(text, place)
        yield from (token for token in found if token.letter != ".")


def _next(text: str, place: int) -> tuple[list[Token], int]:
    for letters, pattern in _FIGURE:
        match = pattern.match(text, place)
        if match:
            return _figure(letters, match), match.end()
    match = _WORD.match(text, place)
    if not match:
        return [Token("?")], place + 1
    letters, numbers = _word(match.group())
    return [Token(one, (n,)) for one, n in zip(letters, numbers, strict=True)], match.end()


def _word(text: str) -> tuple[str, tuple[int, ...]]:
    return _LEXICON[re.sub(r"\s+", " ", text)]


def _figure(letters: str, match: re.Match[str]) -> list[Token]:
    if letters in _DATES:
        return _date(letters, match)
    numbers = tuple(int(n) for n in match.groups() if n and n.isdigit())
    if letters == "P":
        return [_twelve_hours(numbers, match["half"])]
    if letters == "Ad":
        return [Token("A"), Token("d", numbers)]
    fits = _FIGURE_HOLDS.get(letters, _any)(numbers)
    return [Token(letters, numbers) if fits else Token("?")]


_DATES = {"dmZ", "ymd", "dmz", "dmy", "ym", "my", "y"}
_SEPARATORS = {"-", "/", "."}


def _date(letters: str, match: re.Match[str]) -> list[Token]:
    """Return year, month and day; 00 is how a machine writes a day or month not known to it."""
    texts = [text for text in match.groups() if text not in _SEPARATORS]
    parts = dict(zip(letters, texts, strict=True))
    unknown = {letter for letter in "md" if parts.get(letter) == "00"}
    day_without_month = "m" in unknown and parts.get("d", "00") != "00"
    if day_without_month or (unknown and parts.get("y") == str(FIRST_YEAR)):
        return [Token("?")]
    return [_date_part(letter, parts[letter]) for letter in letters if letter not in unknown]


def _date_part(letter: str, text: str) -> Token:
    if letter == "y":
        return _year(int(text))
    if letter == "z" and not _is_buddhist(int(text)):
        return Token("?")
    return Token(letter, (int(text),) if text.isdigit() else _word(text)[1])


def _year(year: int) -> Token:
    """Return a year; one that is too late for the Common Era can only be of the Buddhist one."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return Token("y", (year,))
    return Token("z" if _is_buddhist(year) else "?", (year,))


def _any(_numbers: tuple[int, ...]) -> bool:
    return True


def _is_buddhist(year: int) -> bool:
    return FIRST_YEAR <= year - ERA_AFTER <= LAST_YEAR


_FIGURE_HOLDS: dict[str, Callable[[tuple[int, ...]], bool]] = {
    "z": lambda n: _is_buddhist(n[0]),
    "t": lambda n: n[0] < 24 and (*n, 0)[1] < 60,
    "s": lambda n: n[0] < 24 and n[1] < 60,
}


def _twelve_hours(numbers: tuple[int, ...], half: str) -> Token:
    hour, minute = (*numbers, 0)[:2]
    if not 1 <= hour <= 12 or minute > 59:
        return Token("?")
    return Token("t", (hour % 12 + (12 if half == "p" else 0), minute))
