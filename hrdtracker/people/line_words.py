"""What the words of a typed line say: a sex, an age, somebody unnamed, or how many people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from hrdtracker.core.errors import N_, Message
from hrdtracker.people.writing import data_rows, search_text, tidy

OLDEST = 120
MOST_HEADS = 1_000_000


class Sex(StrEnum):
    """What a person states their sex to be; None elsewhere means not known."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"


class Unclear(Exception):
    """A line that nobody should guess at; `reason` is the sentence for who typed it."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.reason = Message(text, values)


class UnclearCount(Unclear):
    """A line that tells of a group, and of how many nobody can be."""


# --- the words of the data files -----------------------------------------------------------------


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first.

    A Latin word stands alone; a Khmer one, which has no spaces around it, ends before a letter.
    """
    ordered = sorted({search_text(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(_alone(word) for word in ordered)


def _alone(word: str) -> str:
    if "\u1780" <= word[0] <= "\u17ff":
        return rf"{re.escape(word)}(?![\u17b6-\u17d3])"
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word[0].isalpha() else re.escape(word)


@cache
def words(kind: str, value: str | None = None) -> str:
    """Return the pattern for the words of a kind in data/line_words.csv."""
    rows = [row for row in data_rows("line_words.csv") if row["kind"] == kind]
    return _any_of(row["word"] for row in rows if value in {None, row["value"]})


@cache
def _sexes() -> dict[str, tuple[Sex, bool]]:
    return {
        search_text(row["word"]): (Sex(row["sex"]), row["may_be_a_name"] == "yes")
        for row in data_rows("sex_words.csv")
    }


@cache
def _numbers() -> dict[str, int]:
    rows = data_rows("line_words.csv")
    return {row["word"]: int(row["value"]) for row in rows if row["kind"] == "number"}


# --- a sex, an age, somebody ---------------------------------------------------------------------


@dataclass
class Facts:
    """What one part of a line says, when it says nothing but sex, age or that a name is missing."""

    sexes: set[Sex]
    ages: list[int]
    nobody: bool = False  # it says that the name is not known
    maybe_name: bool = False  # a word for a sex that is a name too, and nothing to tell which
    age_is_said: bool = False  # not only a number: "34 years", "aged 34"
    is_rough_age: bool = False  # it tells an age as a decade: "in her 40s"
    part: str = ""  # as typed


@cache
def _fact() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<unknown>{words('unknown')})"
        rf"|(?P<rough>(?:{words('age_before')})?\s*(?:(?:{words('decade_before')})[\s-]+)*"
        rf"\d{{1,2}}\s*(?:{words('age_after')})?\s*(?:{words('decade_after')}))"
        rf"|(?P<before>{words('age_before')})?\s*(?:(?:{words('about')})\s*){{0,3}}(?P<age>\d{{1,9}})(?!\d)"
        rf"\s*(?:(?P<years>{words('age_after')})|(?P<months>{words('month_after')}))?"
        rf"|(?P<sex>{_any_of(_sexes())})"
        rf"|(?P<article>{words('article')})"
        rf"|(?P<filler>{words('filler')})"
        r"|[\s/():]+"
    )


def _take(facts: Facts, found: re.Match[str], kinds: set[str]) -> None:
    kinds.update(name for name, text in found.groupdict().items() if text)
    if found["age"]:
        facts.ages.append(int(found["age"]) // (12 if found["months"] else 1))
        facts.age_is_said |= bool(found["before"] or found["years"] or found["months"])
    if found["sex"]:
        sex, maybe_name = _sexes()[found["sex"]]
        facts.sexes.add(sex)
        facts.maybe_name |= maybe_name


def facts_of(part: str) -> Facts | None:
    """Return what `part` says of sex and age, or None if it says anything else, as a name."""
    text = re.sub(r"(?<![0-9\u17e0-\u17e9])\.|\.(?!\d)", "", search_text(part))
    if re.fullmatch(words("nothing"), text):
        return Facts(set(), [], nobody=True)
    facts, kinds, at = Facts(set(), []), set[str](), 0
    while at < len(text):
        found = _fact().match(text, at)
        if found is None or found.end() == at:
            return None
        _take(facts, found, kinds)
        at = found.end()
    if not kinds & {"age", "rough", "sex", "unknown"}:
        return None
    facts.nobody = "unknown" in kinds or ("sex" in kinds and "article" in kinds)
    facts.maybe_name = facts.maybe_name and not facts.nobody
    facts.is_rough_age, facts.part = "rough" in kinds, part
    return facts


def the_age(ages: list[int]) -> int | None:
    """Return the only age of `ages`, None if there is none."""
    one, other = [*dict.fromkeys(ages), None, None][:2]
    if other is not None:
        raise Unclear(N_("Two numbers could be the age: %(one)s, %(other)s."), one=one, other=other)
    if ages and ages[0] > OLDEST:
        raise Unclear(
            N_("The age %(age)s is not between 0 and %(most)s."), age=ages[0], most=OLDEST
        )
    return ages[0] if ages else None


# --- how many ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heads:
    """Several people told as one, by the number of people, of families, or of both."""

    label: str
    head_count: int | None = None
    about: bool = False
    family_count: int | None = None
    families_about: bool = False


_AMOUNT = r"\d{1,3}(?:[.,]\d{3})+(?!\d)|\d{1,9}(?!\d)"


@cache
def _amount() -> str:
    return (
        rf"(?:(?P<range>(?:{_AMOUNT})\s*(?:-|–|to|ដល់)\s*(?:{_AMOUNT}))"
        rf"|(?P<count>{_AMOUNT}|{words('number')})(?P<more>\s*\+)?)"
    )


def _about() -> str:
    return rf"(?P<about>(?:(?:{words('about')})\s*){{0,3}})"


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    about, group, many = _about(), words("group"), words("many")
    unit, counter = rf"(?P<unit>{words('unit')})", rf"(?P<unit>{words('counter')})"
    no_age = rf"(?!\s*(?:{words('age_after')}|{words('month_after')}))"
    few_words = r"(?:\s+[^\s\d,;]+){0,3}?\s*"
    article = r"(?:(?:a|an|the|and)\s+)?"
    shapes = (
        rf"{article}(?P<group>{group})\s+of\s+{about}{_amount()}(?P<rest>(?:\s*{unit})?.*)",
        rf"{article}{about}{_amount()}{no_age}(?P<rest>{few_words}{unit}.*)",
        rf"(?P<lead>.*?)\s*{about}{_amount()}\s*(?P<rest>{counter}.*)",
        rf"(?P<lead>{unit}|{group})\s*{about}{_amount()}",
        rf"{article}(?P<about>(?:{many})\s*)(?P<rest>{few_words}(?:{unit}).*)",
        rf"(?P<lead>{unit})\s*(?P<about>{many})",
        rf"{article}(?P<lead>(?:{group})\s+of\s+\D+)",
        rf"(?:a|the)\s+(?P<lead>{group})",
        r"(?P<lead>ក្រុម(?:\s+\D+)?)",
        rf"{article}(?:some\s+)?(?P<lead>{words('unit', '')})",
    )
    return tuple(re.compile(shape, re.IGNORECASE) for shape in shapes)


@cache
def _also(kind: str) -> re.Pattern[str]:
    """Return the pattern of the other number, of people or of families, after the first."""
    joined = rf"[\s,;(–-]*(?:(?:{words('joins_counts')})\s*)?"
    return re.compile(rf"{joined}{_about()}{_amount()}\s*(?:{words(kind)})\s*\)?", re.IGNORECASE)


@cache
def _several() -> re.Pattern[str]:
    """Any word without which a line tells of no group."""
    return re.compile("|".join(words(kind) for kind in ("unit", "group", "counter")), re.IGNORECASE)


_Groups = dict[str, str | None]


def _count(groups: _Groups) -> int | None:
    number = groups.get("count")
    if not number or groups.get("range"):
        return None
    count = _numbers().get(number.lower())
    count = int(re.sub("[.,]", "", number)) if count is None else count
    if not 0 < count <= MOST_HEADS:
        raise UnclearCount(
            N_("A group of %(count)s cannot be: give the number of heads."), count=number
        )
    return count


def _is_loose(groups: _Groups) -> bool:
    return any(groups.get(name) for name in ("about", "range", "more"))


def _label(groups: _Groups, rest: str) -> str:
    label = " ".join(filter(None, (groups.get("range"), groups.get("lead"), rest)))
    label = " ".join(label.split())
    without = re.sub(rf"(?:{words('plain_counter')})\s*$", "", label).strip()
    return without or label or groups.get("group") or ""


def _heads(groups: _Groups) -> Heads:
    """Return what a line counts, and the other count where it says families and people."""
    of_families = counts_families(groups.get("unit") or "")
    rest, first = groups.get("rest") or "", (_count(groups), _is_loose(groups))
    other = _also("person_unit" if of_families else "household").search(rest)
    second: tuple[int | None, bool] = (None, False)
    if other:
        second = _count(other.groupdict()), _is_loose(other.groupdict())
        rest = f"{rest[: other.start()]} {rest[other.end() :]}"
    families, people = (first, second) if of_families else (second, first)
    return Heads(_label(groups, rest), *people, *families)


def heads_of(line: str) -> Heads | None:
    """Return the group that `line` tells of, or None if it tells of none."""
    text = tidy(line).strip(" .។")
    if not _several().search(text):
        return None
    for shape in _shapes():
        match = shape.fullmatch(text)
        if match:
            return _heads(match.groupdict())
    return None


def counts_families(text: str) -> bool:
    """Tell whether a word counts families and not people."""
    return bool(re.fullmatch(words("household"), text, re.IGNORECASE))


def is_one_person(heads: Heads) -> bool:
    """Tell whether "a group" is one person without a name, as in "one man"."""
    return heads.head_count == 1 and (not heads.label or facts_of(heads.label) is not None)
