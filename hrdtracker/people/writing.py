"""How a name is written in Khmer or Latin script, and the one rough spelling behind its many."""

import csv
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import zip_longest

from anyascii import anyascii
from khmerspell import khnormal

LONGEST_READ = 200  # characters of a name or a query that are compared

_reorder: Callable[[str], str] = khnormal
_ZERO_WIDTH = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
_SYLLABLE = re.compile(
    "[\u1780-\u17a2\u17a5-\u17b3](?:\u17d2[\u1780-\u17a2\u17a5-\u17b3]|[\u17b6-\u17d3\u17dd])*"
)
_KHMER_RUN = re.compile("[\u1780-\u17ff]+")
_CLUSTER = re.compile("([\u1780-\u17b3])((?:\u17d2[\u1780-\u17b3])*)([^\u1780-\u17b3]*)")
_FIRST_SERIES = frozenset("កខចឆដឋណតថបផសហឡអ")
_NASALS = frozenset("ងញណនម")
_SONORANTS = _NASALS | frozenset("យរលវ")
_TO_FIRST, _TO_SECOND, _MUTE, _SHORT = "\u17c9", "\u17ca", "\u17cd", "\u17d0"
_ENDING_M, _ENDING_H, _ENDING_K = "\u17c6", "\u17c7", "\u17c8"
_ENDINGS = {_ENDING_M: "m", _ENDING_H: "h", _ENDING_K: "k"}
_SILENT_MARKS = str.maketrans("", "", "\u17cb\u17cc\u17ce\u17cf\u17d1\u17d3\u17dd\u17c9\u17ca")


class Script(StrEnum):
    """The writing a name is in."""

    KHMER = "khmer"
    LATIN = "latin"
    OTHER = "other"
    MIXED = "mixed"


def data_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of people/data."""
    text = files("hrdtracker.people").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=8192)
def _in_order(syllable: str) -> str:
    return _reorder(syllable)


def tidy(text: str) -> str:
    """Return `text` in one typing order, without invisible characters and needless space."""
    shown = unicodedata.normalize("NFC", text).translate(_ZERO_WIDTH)
    return " ".join(_SYLLABLE.sub(lambda found: _in_order(found[0]), shown).split())


def search_text(text: str) -> str:
    """Return `text` as it is compared, whatever its typing order, case and invisible characters.

    Never stored as the name.
    """
    return tidy(text).casefold()


def distinct_scripts(name: str) -> Script:
    """Return the script of the letters of `name`; OTHER if there are none."""
    kinds = {unicodedata.name(sign, "OTHER").split()[0] for sign in name if sign.isalpha()}
    if len(kinds) > 1:
        return Script.MIXED
    kind = "".join(kinds).lower()
    return Script(kind) if kind in {Script.KHMER, Script.LATIN} else Script.OTHER


@cache
def _honorific() -> re.Pattern[str]:
    rows = sorted(data_rows("honorifics.csv"), key=lambda row: -len(row["written"]))
    loose = "|".join(re.escape(tidy(row["written"])) for row in rows)
    attached = "|".join(tidy(row["written"]) for row in rows if row["attached"] == "yes")
    return re.compile(
        rf"(?:(?:{loose})[.\s]\s*|(?:{attached})(?=[\u1780-\u17b3]))(?=\S)", re.IGNORECASE
    )


def strip_honorifics(name: str) -> str:
    """Return `name` tidied, without the words of respect before it; nothing else stays as it is."""
    rest = tidy(name)
    while found := _honorific().match(rest):
        rest = rest[found.end() :]
    return rest


# --- from Khmer letters to Latin ones, roughly as names are written on identity cards ----------


@dataclass(frozen=True)
class _Sounds:
    by_kind: dict[str, dict[str, tuple[str, str]]]

    def of(self, kind: str, written: str, series: int) -> str | None:
        both = self.by_kind[kind].get(written)
        return both[series] if both else None


@cache
def _sounds() -> _Sounds:
    by_kind: dict[str, dict[str, tuple[str, str]]] = {}
    for row in data_rows("khmer_sounds.csv"):
        by_kind.setdefault(row["kind"], {})[row["written"]] = (row["first"], row["second"])
    return _Sounds(by_kind)


@dataclass
class _Cluster:
    """A Khmer letter, the letters under it and the signs around it; `closes` a spoken syllable."""

    base: str
    below: str
    marks: str
    closes: bool = False

    @property
    def bare(self) -> bool:
        return not self.marks.translate(_SILENT_MARKS) and "\u1780" <= self.base <= "\u17a2"

    @property
    def series(self) -> int:
        """Return 0 for the first series of vowels (clear), 1 for the second (breathy)."""
        if _TO_FIRST in self.marks:
            return 0
        leading = next(
            (sign for sign in reversed(self.base + self.below) if sign not in _SONORANTS), self.base
        )
        return 1 if _TO_SECOND in self.marks or leading not in _FIRST_SERIES else 0


def _clusters(word: str) -> list[_Cluster]:
    """Take a word apart; of letters without a vowel every second one, from the end, closes."""
    clusters = []
    for base, below, marks in _CLUSTER.findall(word):
        if _MUTE not in marks:
            clusters.append(_Cluster(base, below.replace("\u17d2", ""), marks))
        elif below:
            clusters.append(_Cluster(base, "", ""))
    following = False
    for number in range(len(clusters) - 1, 0, -1):
        here = clusters[number]
        last = number == len(clusters) - 1
        can = here.bare and (last or here.below in {"", here.base})
        here.closes = following = can and not following
    return clusters


def _is_short(here: _Cluster, after: _Cluster | None) -> bool:
    """Tell whether an unwritten vowel is cut short by what follows, or a sign says so."""
    if _SHORT in here.marks or _ENDING_K in here.marks:
        return True
    stacked = after is not None and after.below and _ENDING_M not in here.marks
    return bool(stacked and after and (after.below[0] == after.base or after.base not in _NASALS))


def _vowel(here: _Cluster, after: _Cluster | None) -> str:
    signs = here.marks.translate(_SILENT_MARKS)
    written = signs[:1] if "\u17b6" <= signs[:1] <= "\u17c5" else ""
    vowel = "\u17b6" if not written and here.series and _is_short(here, after) else written
    spoken = _sounds().of("vowel", vowel, here.series) or ""
    return spoken + "".join(end for sign, end in _ENDINGS.items() if sign in signs)


@lru_cache(maxsize=256)
def _letter(sign: str) -> str:
    return _sounds().of("letter", sign, 0) or anyascii(sign).strip("'")


def _khmer_word(word: str) -> str:
    """Return one Khmer word in Latin letters."""
    sounds = _sounds()
    word = sounds.of("word", word, 0) or word
    for ending, (spoken, _) in sounds.by_kind["ending"].items():
        if word.endswith(ending) and word != ending:
            word = word.removesuffix(ending) + spoken
    for part, (spoken, _) in sounds.by_kind["part"].items():
        word = word.replace(part, spoken)
    clusters = _clusters(word)
    spoken_word = []
    for here, after in zip_longest(clusters, clusters[1:]):
        below = "" if here.closes and after is None else here.below
        consonants = "".join(map(_letter, here.base + below))
        voiced = "\u1780" <= here.base <= "\u17a2" and not here.closes
        spoken_word.append(consonants + (_vowel(here, after) if voiced else ""))
    return "".join(spoken_word)


def romanised(name: str) -> list[str]:
    """Return the words of `name` in lower-case Latin letters, in the order written."""
    latin = []
    for word in strip_honorifics(name[:LONGEST_READ]).casefold().split():
        plain = _KHMER_RUN.sub(lambda run: _khmer_word(run[0]), word)
        plain = anyascii(plain).lower().replace("'", "")
        latin.extend(re.findall(r"[a-z0-9]+", plain))
    return latin


# --- one spelling for the many -----------------------------------------------------------------

_PLACES = {
    "anywhere": "{}",
    "end": r"{}(?![a-z])",
    "before vowel": "{}(?=[aeiou])",
    "before consonant": "{}(?=[b-df-hj-np-tvwxz])",
    "not before vowel": "{}(?![aeiouy])",
    "closing": "{0}(?<=[aeiouy]{0})(?![aeiouy])",
}
"""Each begins with the letters themselves, so that others are passed over at once."""


_DOUBLED = re.compile(r"([a-z])\1+")


@cache
def _spellings() -> tuple[re.Pattern[str], list[str]]:
    rows = data_rows("spellings.csv")
    rows.sort(key=lambda row: (-len(row["written"]), row["place"] == "anywhere"))
    pattern = "|".join(f"{_PLACES[row['place']].format(row['written'])}()" for row in rows)
    return re.compile(pattern), [row["key"] for row in rows]


def one_spelling(word: str) -> str:
    """Return one word in lower-case Latin letters as the table of common spellings folds it."""
    pattern, keys = _spellings()
    key = pattern.sub(lambda found: keys[(found.lastindex or 1) - 1], word)
    return _DOUBLED.sub(r"\1", key) or word


def roman_key(name: str) -> str:
    """Return the words of `name` in one rough Latin spelling, sorted: for comparing only."""
    return " ".join(sorted(one_spelling(word) for word in romanised(name)))
