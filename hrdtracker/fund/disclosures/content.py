"""What a report tells: money by line or people in tables, as numbers that are kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Rate
from hrdtracker.core.suppression import CountTable, tabulate
from hrdtracker.fund.reading.figures import PeopleFigures
from hrdtracker.people.lines import Sex

SEX = "sex"
"""What stands for the list of sexes, which is no list of terms."""
OF_PEOPLE: Mapping[str, str] = MappingProxyType(
    {
        "kind": "support_type",
        "sex": SEX,
        "area": "thematic_area",
        "province": "province",
        "outcome": "support_outcome",
    }
)
"""The tables of people who were helped, and the list whose every code each of them shows."""
OF_COURTS: Mapping[str, str] = MappingProxyType(
    {
        "charged_article": "provision",
        "charged_area": "thematic_area",
        "charged_province": "province",
    }
)
"""The tables of people who were charged, and their lists."""
LISTS: Mapping[str, str] = MappingProxyType({**OF_PEOPLE, **OF_COURTS})
Counts = Mapping[str, Mapping[str, int]]
"""By the name of a table, how many people each code has."""


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
class ToldRate:
    """A rate at which money of another currency is told: by which way, of which month and list."""

    base: str
    quote: str
    numerator: int
    denominator: int
    method: str
    month: str = ""
    source: str = ""

    @classmethod
    def of(cls, rate: Rate, method: str, month: date | None = None, source: str = "") -> "ToldRate":
        """Return a rate as it is told: of a month of a list, or an average, which has neither."""
        fraction = rate.base, rate.quote, rate.numerator, rate.denominator
        return cls(*fraction, method, month.isoformat() if month else "", source)

    @property
    def rate(self) -> Rate:
        """Return it as one that converts."""
        return Rate(self.base, self.quote, self.numerator, self.denominator)


@dataclass(frozen=True)
class ToldNumbers:
    """All that a report tells: lines in a currency and the rates, or tables of people."""

    currency: str = ""
    lines: Sequence[ToldLine] = ()
    rates: Sequence[ToldRate] = ()
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
            [ToldRate(**rate) for rate in kept.get("rates", ())],
            [CountTable(**table) for table in kept["tables"]],
        )


def tables_of(helped: PeopleFigures) -> list[CountTable]:
    """Return the tables that outsiders may be told of some people."""
    return tabulated(helped.tables, OF_PEOPLE)


def tabulated(counts: Counts, lists: Mapping[str, str]) -> list[CountTable]:
    """Return tables as outsiders may be told them: of each list every code, and no total."""
    return [tabulate(name, counts[name], _codes(codelist)) for name, codelist in lists.items()]


def _codes(codelist: str) -> list[str]:
    """Return every code of a list, those that are chosen no more too."""
    if codelist == SEX:
        return [sex.value for sex in Sex]
    return [word.code for word in terms().every(codelist)]
