"""The terms as pages and forms need them: choices, labels, what lies below a term."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, select
from sqlalchemy.orm import Session

from hrdtracker.codelists.model import Term
from hrdtracker.core.db import may_write, session
from hrdtracker.core.declarations import coded_columns
from hrdtracker.core.errors import N_, Message, Refused


@dataclass(frozen=True)
class Word:
    """One term: its code, its label in each language, and whether it may still be chosen."""

    code: str
    parent: str | None
    en: str
    km: str
    retired: bool
    extra: Mapping[str, Any] = field(default_factory=dict)

    def say(self, locale: str) -> str:
        """Return the label in the reader's language."""
        return self.km if locale == "km" and self.km else self.en


class Terms:
    """Every list, as it stood at one version of the codelists."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows of list, code, parent, label in English and Khmer, retired, and what else."""
        self._lists: dict[str, dict[str, Word]] = {}
        for codelist, code, parent, en, km, retired, extra in rows:
            word = Word(code, parent, en, km, retired, _besides(extra))
            self._lists.setdefault(codelist, {})[code] = word

    def every(self, name: str) -> Collection[Word]:
        """Return all terms of a list, the retired too, for records that were written with them."""
        return self._lists.get(name, {}).values()

    def words(self, name: str) -> list[Word]:
        """Return the terms of a list that may be chosen, in their order."""
        return [word for word in self.every(name) if not word.retired]

    def choices(self, name: str, locale: str) -> list[tuple[str, str]]:
        """Return (code, label) of the terms of a list that may be chosen."""
        return [(word.code, word.say(locale)) for word in self.words(name)]

    def find(self, name: str, code: str | None) -> Word | None:
        """Return one term, retired or not."""
        return self._lists.get(name, {}).get(code) if code else None

    def label(self, name: str, code: str | None, locale: str) -> str:
        """Return the label of a code; the code itself where the list does not know it."""
        word = self.find(name, code)
        return word.say(locale) if word else (code or "")

    def below(self, name: str, parent: str) -> list[Word]:
        """Return the terms of a list whose parent is this code."""
        return [word for word in self.words(name) if word.parent == parent]

    def knows(self, name: str, code: str | None) -> bool:
        """Tell whether a code may be chosen from a list."""
        word = self.find(name, code)
        return word is not None and not word.retired


_cached: WeakKeyDictionary[Pool, tuple[int, Terms]] = WeakKeyDictionary()
"""The terms that each database was last seen to hold, with their version."""


def terms() -> Terms:
    """Return the terms; read once for each version of the codelists, then from memory.

    Where nobody said which version it is, they are read once for each session.
    """
    present = session()
    version = present.info.get("terms_version", 0)
    words: Terms | None
    words_version, words = present.info.get("terms", (0, None))
    if words is None or words_version != version:
        words = _read(present, version)
        present.info["terms"] = version, words
    return words


def forget_terms() -> None:
    """Let this session read the terms anew: it has changed them."""
    session().info.pop("terms", None)


def _read(present: Session, version: int) -> Terms:
    pool = present.connection().engine.pool
    cached_version, words = _cached.get(pool, (0, None))
    if words is not None and version and cached_version == version:
        return words
    query = select(
        Term.list, Term.code, Term.parent, Term.label_en, Term.label_km, Term.retired, Term.extra
    )
    words = Terms(present.execute(query.order_by(Term.list, Term.position, Term.id)))
    if version > cached_version and not may_write(
        present.connection()
    ):  # what is not committed is not kept
        _cached[pool] = version, words
    return words


@lru_cache(maxsize=1024)
def _besides(extra: str) -> Mapping[str, Any]:
    """Return the other columns of a term; cached, since in most terms of a list they are alike."""
    columns: Mapping[str, Any] = json.loads(extra)
    return columns


def declared_codes(table: str, draft: Any) -> dict[str, tuple[str, str | None]]:
    """Return the codes of a draft and their lists, as the columns of the same names declare."""
    named = {each.name for each in fields(draft)}
    return {
        name: (codelist, getattr(draft, name))
        for name, codelist in coded_columns(table).items()
        if name in named
    }


def check_terms(chosen: Mapping[str, tuple[str, str | None]]) -> None:
    """Refuse what no list holds; `wanted` maps a field to (list, code). Empty codes pass."""
    lists = terms()
    wrong = {
        name: Message(N_("“%(code)s” is not in the list."), {"code": code})
        for name, (codelist, code) in chosen.items()
        if code and lists.find(codelist, code) is None
    }
    if wrong:
        raise Refused(wrong)
