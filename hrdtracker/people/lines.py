"""People typed or pasted as a list, one a line with sex and age, and groups told as a number."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from hrdtracker.core.errors import N_, Message
from hrdtracker.core.text import NO_KEYBOARD
from hrdtracker.people.line_words import (
    Facts,
    Heads,
    Sex,
    Unclear,
    UnclearCount,
    facts_of,
    heads_of,
    is_one_person,
    the_age,
    words,
)
from hrdtracker.people.writing import search_text

__all__ = [
    "GroupLine",
    "LineCounts",
    "PersonLine",
    "Problem",
    "ReadLines",
    "Sex",
    "read_lines",
    "summary",
]

MOST_LINES = 500
LONGEST_NAME = 200
TOO_LONG = N_("This name is longer than %(most)s characters.")
NO_NAME = N_("There is no name on this line.")
NO_NAME_TOLD = N_(
    "We could not tell the name from the rest: write the name without a comma, then the sex and "
    "the age, one person a line."
)
HEADING = Message(N_("This looks like the heading of a table: it is left out."))
LONGEST_LINE = 300
LAST_WORDS = 8  # of a line without commas in which an age is looked for
WORDS_OF_A_NAME = 2  # before a word that is a sex and may be the last of a name
GROWN_UP = 18


@dataclass(frozen=True)
class Problem:
    """A line that nobody should guess at, and why; line numbers begin at 1.

    `blocks` where it cannot be kept at all.
    """

    line_no: int
    words: str = field(repr=False)
    reason: Message = field(repr=False)
    blocks: bool = False


@dataclass(frozen=True)
class PersonLine:
    """One person; `name` is empty if it is not known, `words` is the line as typed.

    `kept` are words of it that are not part of the name; `doubt` says what nobody should guess at.
    """

    name: str = field(repr=False)
    sex: Sex | None
    age: int | None
    words: str = field(repr=False)
    kept: str = field(default="", repr=False)
    doubt: Message | None = field(default=None, repr=False)


@dataclass(frozen=True)
class GroupLine:
    """Several people told as one, "about 200 families"; `label` says what is counted."""

    label: str = field(repr=False)
    head_count: int | None
    about: bool
    words: str = field(repr=False)
    family_count: int | None = None
    families_about: bool = False
    doubt: Message | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ReadLines:
    """What a list says: each line with something on it stands in exactly one of the three.

    `doubts` are the lines of which some words, or all, are only kept.
    """

    people: tuple[PersonLine, ...]
    groups: tuple[GroupLine, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class LineCounts:
    """The figures for the sentence "12 lines read: 8 women …"; `lines` are people and groups."""

    lines: int
    women: int
    men: int
    other: int
    sex_unknown: int
    ages_unknown: int
    under_18: int


_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_EDGES = " \t\u00a0.,;:\"'“”„«»`*" + _INVISIBLE
_BULLET = re.compile(
    r"[\s\u200b-\u200d\u2060\ufeff]*(?:[-–—•·●▪◦*+>]+\s*|\(?(?P<row>\d{1,3})\s*[.)\]:៖។]\s*(?!\d))*"
)
_BETWEEN = re.compile(r"[,;\t|\u060c\u3001\uff0c\uff1b\u17d4\u17d6]|\s[-–—/]\s")
_BRACKETS = re.compile(r"(?P<name>[^()]+)\((?P<inside>[^()]+)\)[\s.]*")


# --- the parts of a line -------------------------------------------------------------------------


@cache
def _labelled() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s,;]))(?:{words('label')})\s*[:៖=]", re.IGNORECASE)


def _parts(line: str) -> list[str]:
    """Return what stands between commas, tabs and the like, without labels and quotes."""
    line = _labelled().sub(",", re.sub(rf"^\s*(?:{words('name_before')})\s+", "", line))
    bracketed = _BRACKETS.fullmatch(line)
    if bracketed and all(facts_of(part) for part in _BETWEEN.split(bracketed["inside"])):
        line = f"{bracketed['name']},{bracketed['inside']}"
    found = (" ".join(part.strip(_EDGES).split()) for part in _BETWEEN.split(line))
    return [part for part in found if part.strip(_EDGES)]


def _without_row_number(parts: list[str], ordinal: int) -> list[str]:
    """Leave out a number before the name if it counts the lines or another age is given."""
    if len(parts) < 2 or not parts[0].isdecimal() or len(parts[0]) > 3:
        return parts
    rest = [facts for part in parts[1:] if (facts := facts_of(part))]
    counts_lines = int(parts[0]) in {ordinal, ordinal - 1}
    return parts[1:] if counts_lines or any(facts.ages for facts in rest) else parts


def _is_heading(parts: list[str]) -> bool:
    label = re.compile(words("label"))
    return len(parts) > 1 and all(label.fullmatch(search_text(part)) for part in parts)


def _facts_at_the_end(line: str) -> tuple[str, Facts] | None:
    """Find "… aged 34", "… F 34" or "… F" after a name without commas; no mere number is taken."""
    spaced = re.sub(rf"(?<=\S)(?=(?:{words('age_before')})\s*\d)", " ", line)
    for gap in list(re.finditer(r"\s+", spaced))[-LAST_WORDS:]:
        name, tail = spaced[: gap.start()], spaced[gap.end() :]
        facts = facts_of(tail)
        if facts is None or not _ends_a_line(name, tail, facts):
            continue
        is_name_too = facts.maybe_name and len(name.split()) < WORDS_OF_A_NAME
        if is_name_too or not (facts.age_is_said or facts.is_rough_age or facts.sexes):
            raise Unclear(
                N_(
                    "Is “%(tail)s” part of the name? Put a comma before the sex and the age; "
                    "if it is all a name, put a comma at the end."
                ),
                tail=tail,
            )
        return name, facts
    return None


def _ends_a_line(name: str, tail: str, facts: Facts) -> bool:
    if facts.ages or facts.is_rough_age:
        return True
    is_sex = re.fullmatch(words("sex_at_the_end"), search_text(tail)) is not None
    return is_sex and len(name.split()) >= WORDS_OF_A_NAME


# --- a line --------------------------------------------------------------------------------------


def _checked_name(name: str) -> str:
    name = " ".join(name.strip(_EDGES).split())
    if len(name) > LONGEST_NAME:
        raise Unclear(TOO_LONG, most=LONGEST_NAME)
    if not any(unicodedata.category(sign)[0] == "L" for sign in name):
        raise Unclear(NO_NAME)
    return name


def _without_leading_number(name: str, ordinal: int) -> str:
    """Leave out "3 " before a name on the third line; any other number is a question."""
    numbered = re.match(r"(\d{1,9})\s+(?=\D)", name)
    if numbered is None:
        return name
    if int(numbered[1]) not in {ordinal, ordinal - 1}:
        raise Unclear(
            N_("What does the number %(number)s count? Say for example “12 villagers”."),
            number=numbered[1],
        )
    return name[numbered.end() :]


def _sex(facts: list[Facts]) -> Sex | None:
    sexes = {sex for fact in facts for sex in fact.sexes}
    if len(sexes) > 1:
        raise Unclear(N_("This line gives two different sexes: put one person a line."))
    return next(iter(sexes), None)


def _age(facts: list[Facts]) -> int | None:
    return the_age([age for fact in facts for age in fact.ages])


def _person(name: str, facts: list[Facts], line: str, extra: Sequence[str] = ()) -> PersonLine:
    """Return the person of a line; `extra` are parts that say neither name, sex nor age.

    A sex or an age that nobody should guess at is kept as words beside the name.
    """
    sex, age, doubt = None, None, None
    unread = [fact for fact in facts if fact.is_rough_age]
    try:
        sex = _sex(facts)
    except Unclear as unclear:
        unread, doubt = [fact for fact in facts if fact.sexes], unclear.reason
    try:
        age = _age(facts)
    except Unclear as unclear:
        unread, doubt = [*unread, *(fact for fact in facts if fact.ages)], unclear.reason
    kept = ", ".join([*(fact.part for fact in unread), *extra])
    if kept and doubt is None:
        doubt = Message(N_("“%(words)s” is kept as words."), {"words": kept})
    return PersonLine(_checked_name(name) if name else "", sex, age, line, kept, doubt)


def _unnamed(facts: list[Facts], line: str) -> PersonLine:
    if facts[0].maybe_name:
        raise Unclear(
            N_("Is this a name or a sex? Write the name, then the sex; or “unknown man”.")
        )
    if not any(fact.sexes or fact.nobody or fact.age_is_said for fact in facts):
        raise Unclear(NO_NAME)
    return _person("", facts, line)


def _one_part(part: str, ordinal: int, line: str) -> PersonLine:
    facts = facts_of(part)
    if facts:
        return _unnamed([facts], line)
    tail = _facts_at_the_end(part)
    if tail:
        return _person(tail[0], [tail[1]], line)
    if re.search(rf"\d\s*(?:{words('age_after')})", search_text(part)):
        raise Unclear(NO_NAME_TOLD)
    return _person(_without_leading_number(part, ordinal), [], line)


def _several_parts(parts: list[str], ordinal: int, line: str) -> PersonLine:
    read = [(part, facts_of(part)) for part in parts]
    names = [part for part, facts in read if facts is None]
    facts = [facts for _, facts in read if facts is not None]
    first = read[0][1]
    if not names and first and first.maybe_name and any(fact.sexes for fact in facts[1:]):
        return _person(parts[0], facts[1:], line)
    if not names:
        return _unnamed(facts, line)
    if _says_more(read):
        return _person(_without_leading_number(names[0], ordinal), facts, line, names[1:])
    if len(names) > 1 or (first and first.maybe_name):
        raise Unclear(NO_NAME_TOLD)
    return _person(_without_leading_number(names[0], ordinal), facts, line)


def _says_more(read: list[tuple[str, Facts | None]]) -> bool:
    """Tell whether a name comes first, then sex or age, and then only what is neither."""
    kinds = "".join("n" if facts is None else "f" for _, facts in read)
    return re.fullmatch("nf+n+", kinds) is not None


def _group(heads: Heads, line: str) -> PersonLine | GroupLine:
    if is_one_person(heads):
        return _person("", [facts_of(heads.label) or Facts(set(), [])], line)
    if len(heads.label) > LONGEST_NAME:
        raise Unclear(TOO_LONG, most=LONGEST_NAME)
    return GroupLine(
        heads.label,
        heads.head_count,
        heads.about,
        line,
        heads.family_count,
        heads.families_about,
    )


def _unkeepable(line: str, ordinal: int) -> Message | None:
    if ordinal > MOST_LINES:
        return Message(N_("At most %(most)s lines are read at once."), {"most": MOST_LINES})
    if len(line) > LONGEST_LINE:
        return Message(N_("This line is longer than %(most)s characters."), {"most": LONGEST_LINE})
    if NO_KEYBOARD.search(line):
        return Message(N_("This line holds characters that cannot be kept: type it again."))
    return None


def _read(line: str, ordinal: int) -> PersonLine | GroupLine | None:
    """Return the person or group of a line, None for the heading of a table; raises Unclear."""
    bullet = _BULLET.match(line)
    rest = line[bullet.end() :] if bullet else line
    heads = heads_of(rest)
    if heads:
        return _group(heads, line)
    parts = _without_row_number(_parts(rest), ordinal)
    if not parts:
        raise Unclear(NO_NAME)
    if _is_heading(parts):
        return None
    one = len(parts) == 1 and not _BETWEEN.search(rest.rstrip(" .\u17d4"))
    return _one_part(parts[0], ordinal, line) if one else _several_parts(parts, ordinal, line)


def _read_or_keep(line: str, ordinal: int) -> PersonLine | GroupLine | None:
    """Return what a line says; one that nobody should guess at is a name in its very words."""
    try:
        return _read(line, ordinal)
    except UnclearCount as unclear:
        label = " ".join(line.split())[:LONGEST_NAME]
        return GroupLine(label, None, about=False, words=line, doubt=unclear.reason)
    except Unclear as unclear:
        words_kept = " ".join(line.split())
        name, kept = (words_kept, "") if len(words_kept) <= LONGEST_NAME else ("", words_kept)
        return PersonLine(name, None, None, line, kept, unclear.reason)


# --- the list ------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line_no, line in enumerate(text.splitlines(), start=1):
        if any(sign == "?" or unicodedata.category(sign)[0] in "LN" for sign in line):
            yield line_no, line


def read_lines(text: str) -> ReadLines:
    """Read a list of people, one a line: name, sex and age in either order, or a group.

    Nothing is guessed: a line that could mean two things is kept in its words, with a doubt.
    """
    people: list[PersonLine] = []
    groups: list[GroupLine] = []
    problems: list[Problem] = []
    doubts: list[Problem] = []
    for ordinal, (line_no, line) in enumerate(_lines(text), start=1):
        reason = _unkeepable(line, ordinal)
        read = None if reason else _read_or_keep(line, ordinal)
        if read is None:
            problems.append(Problem(line_no, line, reason or HEADING, blocks=reason is not None))
            continue
        if read.doubt:
            doubts.append(Problem(line_no, line, read.doubt))
        if isinstance(read, PersonLine):
            people.append(read)
        else:
            groups.append(read)
    return ReadLines(tuple(people), tuple(groups), tuple(problems), tuple(doubts))


def summary(read: ReadLines) -> LineCounts:
    """Count the people by sex and age; a group counts as a line only."""
    sexes = Counter(person.sex for person in read.people)
    ages = [person.age for person in read.people]
    return LineCounts(
        lines=len(read.people) + len(read.groups),
        women=sexes[Sex.FEMALE],
        men=sexes[Sex.MALE],
        other=sexes[Sex.OTHER],
        sex_unknown=sexes[None],
        ages_unknown=sum(age is None for age in ages),
        under_18=sum(age is not None and age < GROWN_UP for age in ages),
    )
