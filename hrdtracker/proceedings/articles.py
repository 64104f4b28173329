"""The articles of a law as our list of provisions has them, by the number that people write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from hrdtracker.codelists.files import BrokenList, TermRow, read_list
from hrdtracker.codelists.lookup import Terms, Word
from hrdtracker.core.numerals import latin_digits
from hrdtracker.proceedings.legal_rules.book import COUNTRY
from hrdtracker.proceedings.rules import cells

PROVISION = "provision"
"""The list of the articles of law that are charged."""
HERE = COUNTRY.casefold()
"""The country whose law counts where nothing else is said."""
LIFE = "life"
LENGTHS = ("least", "most", "aggravated")
TWO_LETTERS = re.compile(r"[a-z]{2}")
PREFIX = re.compile(r"^(?:articles?|art\.?|មាត្រា)\s*", re.IGNORECASE)


def article_in(text: str) -> str:
    """Return the number of an article without the word for it, in Latin digits."""
    return PREFIX.sub("", latin_digits(" ".join(text.split()))).casefold().rstrip(".")


@lru_cache(maxsize=64)
def articles_of(terms: Terms, law: str) -> Mapping[str, str]:
    """Return the code of each article of a law that may be charged, by its number."""
    wanted = law.casefold()
    return {
        article_in(str(word.extra["article"])): word.code
        for word in reversed(terms.words(PROVISION))
        if "article" in word.extra and str(word.extra.get("law", "")).casefold() == wanted
    }


def is_of_here(provision: Word | None) -> bool:
    """Tell whether an article is of the law that counts here; what is in words only may be."""
    return provision is None or provision.extra.get("country", HERE) == HERE


def check_provisions(rows: Iterable[TermRow]) -> None:
    """Refuse articles of law with which nothing could be counted; raises BrokenList."""
    classes = {row.code for row in read_list("offence_class")}
    for row in rows:
        for fault in _faults(row, classes):
            raise BrokenList(f"{PROVISION}, “{row.code}”: {fault}.")


def _faults(row: TermRow, classes: set[str]) -> Iterator[str]:
    extra = {name: value for name, value in row.extra.items() if isinstance(value, str)}
    yield from (f"extra must say its {name}, in words" for name in ("law", "article")
                if not extra.get(name, "").strip())  # fmt: skip
    if not TWO_LETTERS.fullmatch(extra.get("country", "")):
        yield "extra must say its country, as two small letters"
    if row.extra.get("class") is not None and extra.get("class") not in classes:
        yield f"its class is none of {', '.join(sorted(classes))}"
    yield from (
        f"“{name}” is no length such as “6 months” or “2 years”"
        for name in LENGTHS
        if name in row.extra and not _is_length(row.extra[name])
    )


def _is_length(said: object) -> bool:
    if said == LIFE:
        return True
    try:
        cells.length(cells.amount(said if isinstance(said, str) else ""))
    except cells.BadCell:
        return False
    return True
