"""What a report tells: money by line or people in tables, as numbers that are kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.suppression import CountTable, tabulate
from hrdtracker.fund.reading.figures import PeopleFigures
from hrdtracker.people.lines import Sex

SEX = "sex"
"""What stands for the list of sexes, which is no list of terms."""
LISTS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "support_type",
        "sex": SEX,
        "area": "thematic_area",
        "province": "province",
        "outcome": "support_outcome",
    }
)
"""The tables of people, and the list whose every code each of them shows."""


@dataclass(frozen=True)
class ToldLine:
    """A line of a budget as a donor is told, or several together: amounts in smallest units."""

    codes: Sequence[str]
    title: str
    budget: int
    spent: int

    @property
    def pooled(self) -> bool:
        """Tell whether it stands for several lines."""
        return len(self.codes) > 1


@dataclass(frozen=True)
class ToldNumbers:
    """All that a report tells: lines in a currency, or tables of people."""

    currency: str = ""
    lines: Sequence[ToldLine] = ()
    tables: Sequence[CountTable] = ()

    def as_text(self) -> str:
        """Return the numbers as they are kept."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> "ToldNumbers":
        """Return numbers that were kept."""
        kept = json.loads(text)
        return cls(
            kept["currency"],
            [ToldLine(**line) for line in kept["lines"]],
            [CountTable(**table) for table in kept["tables"]],
        )


def tables_of(helped: PeopleFigures) -> list[CountTable]:
    """Return the tables that outsiders may be told of some people."""
    counts = helped.tables
    return [tabulate(name, counts[name], _codes(codelist)) for name, codelist in LISTS.items()]


def _codes(codelist: str) -> list[str]:
    """Return every code of a list, those that are chosen no more too."""
    if codelist == SEX:
        return [sex.value for sex in Sex]
    return [word.code for word in terms().every(codelist)]
