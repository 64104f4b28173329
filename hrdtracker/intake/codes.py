"""Words of a sheet as codes of our lists."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from hrdtracker.codelists.lookup import Terms, Word
from hrdtracker.core.errors import N_
from hrdtracker.intake.cells import Cells
from hrdtracker.intake.mapping import Coded, folded

UNKNOWN_WORD = N_("The mapping does not know this word: kept with the narrative.")


@dataclass(frozen=True)
class CodeReading:
    """A code, and the word that it was found for."""

    code: str
    word: str = field(repr=False)


class UnknownWord(NamedTuple):
    """A word that neither the mapping nor the list knows, and in which column it stands."""

    column: str
    codelist: str
    word: str


class Codebook:
    """Every term of our lists by its code, its labels and its other names."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._names: dict[str, dict[str, str]] = {}
        self.unknown: Counter[UnknownWord] = Counter()

    def find(self, codelist: str, word: str) -> str | None:
        """Return the code of a term by any of its names."""
        if codelist not in self._names:
            self._names[codelist] = {
                folded(name): term.code
                for term in reversed(self.terms.words(codelist))
                for name in _names(term)
            }
        return self._names[codelist].get(folded(word))

    def label(self, codelist: str, code: str) -> str:
        """Return the name of a term by its code; the code itself where there is none."""
        return self.terms.label(codelist, code, "en")

    def read(self, cells: Cells, coded: Coded, codelist: str) -> list[CodeReading]:
        """Return the codes of a cell’s words, each once; a word without one stays in the row.

        A word that the mapping translates stays there too, as it may say more than the code.
        """
        column, text = cells.first(coded.column)
        words = _words(text, coded.separator)
        readings, is_whole = [CodeReading(code, "") for code in coded.always], True
        for word in words:
            code = coded.values.get(folded(word))
            if code is None:
                code = self.find(codelist, word)
                is_whole &= code is not None
            else:
                is_whole &= code == self.find(codelist, word)
            if code is None:
                cells.doubt(column, UNKNOWN_WORD)
                self.unknown[UnknownWord(column, codelist, word)] += 1
            readings.append(CodeReading(code or coded.default if code != "" else "", word))
        if not words and coded.default:
            readings.append(CodeReading(coded.default, ""))
        if text and is_whole:
            cells.use(column)
        codes: dict[str, CodeReading] = {}
        for reading in readings:
            codes.setdefault(reading.code, reading)
        return [reading for code, reading in codes.items() if code]


def _names(term: Word) -> list[str]:
    others = [*term.extra.get("names", ()), *term.extra.get("also", ())]
    return [*map(str, others), term.km, term.en, term.code]


def _words(text: str, separator: str) -> list[str]:
    parts = text.split(separator) if separator else [text]
    return [part.strip() for part in parts if part.strip()]
