"""How alike two names are, so that a person already known is offered and not made twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakValueDictionary

from rapidfuzz.distance import Indel

from hrdtracker.people.writing import (
    LONGEST_READ,
    Script,
    distinct_scripts,
    one_spelling,
    roman_key,
    romanised,
    search_text,
    strip_honorifics,
)

__all__ = [
    "FLOOR",
    "NameIndex",
    "Possible",
    "Script",
    "distinct_scripts",
    "likeness",
    "roman_key",
    "search_text",
    "strip_honorifics",
]

MOST_WORDS = 8  # of one name
MOST_COMPARED = 1_500  # distinct names that a query is compared with after blocking
MOST_EFFORT = 200_000  # entries of the block lists that a query reads
MOST_REMEMBERED = 600  # names asked for whose matches are kept until any name changes
HALF_LIKE = 0.49  # with a word less like than this, a name stays below FLOOR
BEGUN = 0.8  # a word somebody has begun to type, against the whole one
_letters_alike = Indel.normalized_similarity
FLOOR = 75  # below this two names are not called possible; measured in tests/spec/test_likeness.py


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class _Word:
    """One word of a name in Latin letters; compared by identity, for speed."""

    roman: str
    key: str
    bones: str  # the key without its vowels, which are spelled most freely


@dataclass(frozen=True, slots=True)
class _Written:
    """A name made ready for comparing."""

    text: str
    words: tuple[_Word, ...]


def _word(roman: str) -> _Word:
    key = one_spelling(roman)
    return _Word(roman, key, re.sub("[aio]", "", key) or key)


def _written(name: str, word: Callable[[str], _Word] = _word) -> _Written:
    read = name[:LONGEST_READ]
    return _Written(
        search_text(read), tuple(word(roman[:40]) for roman in romanised(read)[:MOST_WORDS])
    )


def _words_alike(one: _Word, other: _Word) -> float:
    if one.roman == other.roman:
        return 1.0
    rough = 0.5 * _letters_alike(one.key, other.key) + 0.3 * _letters_alike(one.bones, other.bones)
    if rough + 0.2 < HALF_LIKE:
        return rough
    return rough + 0.2 * _letters_alike(one.roman, other.roman)


def _begun(typed: _Word, whole: _Word) -> float:
    """As `_words_alike`, and a word somebody has begun to type is like the whole one."""
    alike = _words_alike(typed, whole)
    return max(alike, BEGUN) if len(typed.key) > 1 and whole.key.startswith(typed.key) else alike


_Alike = Callable[[_Word, _Word], float]


def _word_by_word(few: tuple[_Word, ...], many: tuple[_Word, ...], alike: _Alike) -> float:
    """Pair the words whatever their order; the worst pair counts as much as all together."""
    rows = [[alike(one, other) for other in many] for one in few]
    if min(map(max, rows)) < HALF_LIKE:
        return 0.0
    if len(few) == len(many) and min(map(max, zip(*rows, strict=True))) < HALF_LIKE:
        return 0.0  # a word of the other name has no like
    pairs = sorted(((value, i, j) for i, row in enumerate(rows) for j, value in enumerate(row)))
    taken: dict[int, tuple[float, int]] = {}
    left = dict(enumerate(len(word.key) for word in many))
    for value, i, j in reversed(pairs):
        if i not in taken and j in left:
            taken[i] = (value, len(few[i].key) + left.pop(j))
    weight = sum(size for _, size in taken.values())
    mean = sum(value * size for value, size in taken.values()) / weight
    share = weight / (weight + 2 * sum(left.values()))
    return (min(value for value, _ in taken.values()) + mean) / 2 * (0.75 + 0.25 * share)


def _joined(words: tuple[_Word, ...]) -> _Word:
    return _Word(
        "".join(word.roman for word in words),
        "".join(word.key for word in words),
        "".join(word.bones for word in words),
    )


def _run_together(few: tuple[_Word, ...], many: tuple[_Word, ...]) -> float:
    """Compare as if without spaces, Srey Mom and Sreymom; what differs more falls off fast."""
    whole = "".join([word.key for word in few])
    turns = [many[start:] + many[:start] for start in range(len(many))]
    likes = [_letters_alike(whole, "".join([word.key for word in turn])) for turn in turns]
    if max(likes) < HALF_LIKE:
        return 0.0
    alike = _words_alike(_joined(few), _joined(turns[likes.index(max(likes))]))
    return max(0.0, 1 - 1.5 * (1 - alike)) * 0.98


def _score(one: _Written, other: _Written, alike: _Alike = _words_alike) -> int:
    if one.text and one.text == other.text:
        return 100
    if not one.words or not other.words:
        return 0
    value = (
        _word_by_word(one.words, other.words, alike)
        if len(one.words) <= len(other.words)
        else _word_by_word(other.words, one.words, lambda a, b: alike(b, a))
    )
    if len(one.words) != len(other.words):
        few, many = sorted((one.words, other.words), key=len)
        value = max(value, _run_together(few, many))
    return min(99, round(100 * value))


def likeness(one: str, other: str) -> int:
    """Return how alike two names are: 100 the same, below FLOOR not worth showing.

    A hint, never proof of one person.
    """
    return _score(_written(one), _written(other))


@dataclass(frozen=True)
class Possible:
    """Somebody whose name is like the one asked for; `score` is 0 to 100."""

    person_id: int
    score: int
    name: str = field(repr=False)


def _grams(words: tuple[_Word, ...]) -> set[str]:
    padded = [f" {word.key} " for word in words] + [f"<{word.bones}>" for word in words]
    return {text[at : at + 3] for text in padded for at in range(len(text) - 2)}


def _least_of_the_most(shared: Counter[int]) -> int:
    """Return how many pieces a name must share to be among the MOST_COMPARED that share most."""
    counted = 0
    for pieces, names in sorted(Counter(shared.values()).items(), reverse=True):
        counted += names
        if counted >= MOST_COMPARED:
            return pieces
    return 1


class NameIndex:
    """The names of all persons, in memory, to be asked for those like a name.

    Threads may share it. Forgetting a person forgets every trace of the names.
    """

    def __init__(self, names: Iterable[tuple[int, str]] = ()) -> None:
        self._lock = Lock()
        self._words: WeakValueDictionary[str, _Word] = WeakValueDictionary()
        self._slot_of: dict[str, int] = {}
        self._written: dict[int, _Written] = {}
        self._people: dict[int, dict[int, str]] = {}
        self._slots_of_person: dict[int, set[int]] = {}
        self._postings: dict[str, list[int]] = {}
        self._remembered: dict[str, list[Possible]] = {}
        self._next_slot = 0
        for person_id, name in names:
            self.add(person_id, name)

    def __len__(self) -> int:
        """Return how many persons have a name here."""
        return len(self._slots_of_person)

    def add(self, person_id: int, name: str) -> None:
        """Remember one more name of a person; the same again changes nothing."""
        written = _written(name, self._word)
        if not written.text:
            return
        with self._lock:
            self._remembered.clear()
            slot = self._slot_of.get(written.text)
            if slot is None:
                slot = self._open_slot(written)
            self._people[slot][person_id] = name
            self._slots_of_person.setdefault(person_id, set()).add(slot)

    def discard(self, person_id: int) -> None:
        """Forget every name of a person; an unknown one changes nothing."""
        with self._lock:
            self._remembered.clear()
            for slot in self._slots_of_person.pop(person_id, ()):
                del self._people[slot][person_id]
                if not self._people[slot]:
                    self._close_slot(slot)

    def possible(
        self, query: str, limit: int = 20, allowed: Callable[[list[int]], set[int]] | None = None
    ) -> list[Possible]:
        """Return the persons with a name like `query`, most alike first, each once.

        All are ranked first; then `allowed`, if given, is asked for ranked batches of ids, until
        `limit` are found.
        """
        ranked = self._ranked(query)
        if allowed is None:
            return ranked[:limit]
        matches: list[Possible] = []
        size = max(limit * 4, 50)
        for start in range(0, len(ranked), size):
            batch = ranked[start : start + size]
            may = allowed([match.person_id for match in batch])
            matches.extend(match for match in batch if match.person_id in may)
            if len(matches) >= limit:
                break
        return matches[:limit]

    def _word(self, roman: str) -> _Word:
        word = self._words.get(roman)
        if word is None:
            self._words[roman] = word = _word(roman)
        return word

    def _open_slot(self, written: _Written) -> int:
        slot = self._next_slot
        self._next_slot += 1
        self._slot_of[written.text] = slot
        self._written[slot] = written
        self._people[slot] = {}
        for gram in _grams(written.words):
            self._postings.setdefault(gram, []).append(slot)
        return slot

    def _close_slot(self, slot: int) -> None:
        written = self._written.pop(slot)
        del self._people[slot], self._slot_of[written.text]
        for gram in _grams(written.words):
            self._postings[gram].remove(slot)
            if not self._postings[gram]:
                del self._postings[gram]

    def _block(self, written: _Written) -> list[int]:
        """Return the slots worth comparing: they share most three-letter pieces with `written`."""
        shared: Counter[int] = Counter()
        effort = MOST_EFFORT
        for posting in sorted(
            (self._postings.get(gram, []) for gram in _grams(written.words)), key=len
        ):
            shared.update(posting[:effort])
            effort -= len(posting)
            if effort <= 0:
                break
        most = _least_of_the_most(shared)
        best = [slot for slot, pieces in shared.items() if pieces > most]
        best += [slot for slot, pieces in shared.items() if pieces == most]
        same = self._slot_of.get(written.text)
        return [*best[:MOST_COMPARED], *([] if same is None else [same])]

    def _ranked(self, query: str) -> list[Possible]:
        """Return all who have a name like `query`; a list that grows line by line asks again."""
        with self._lock:
            ranked = self._remembered.get(query)
            if ranked is None:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[query] = ranked = self._compared(query)
        return ranked

    def _compared(self, query: str) -> list[Possible]:
        """Compare a name with those worth it. Inside the lock."""
        typed_name = _written(query)
        likeness_of: dict[tuple[_Word, _Word], float] = {}

        def alike(typed: _Word, whole: _Word) -> float:
            value = likeness_of.get((typed, whole))
            if value is None:
                likeness_of[typed, whole] = value = _begun(typed, whole)
            return value

        best: dict[int, Possible] = {}
        for slot in self._block(typed_name):
            score = _score(typed_name, self._written[slot], alike)
            if score < FLOOR:
                continue
            for person_id, name in self._people[slot].items():
                if person_id not in best or best[person_id].score < score:
                    best[person_id] = Possible(person_id, score, name)
        return sorted(best.values(), key=lambda one: (-one.score, one.name, one.person_id))
