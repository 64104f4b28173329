"""Reports in words and as files: what outsiders are told, and the exact figures for colleagues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response
from flask_babel import gettext, pgettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Money
from hrdtracker.core.suppression import CountTable
from hrdtracker.core.when.month import say_kept_month
from hrdtracker.fund.disclosures.content import (
    LISTS,
    OF_PEOPLE,
    SEX,
    ToldLine,
    ToldNumbers,
    ToldRate,
)
from hrdtracker.fund.disclosures.queries import ReportDetails
from hrdtracker.fund.reading.figures import FundFigures, PeopleFigures
from hrdtracker.web.fund.money.export import csv_file, plain, workbook
from hrdtracker.web.shell.context import locale, word
from hrdtracker.web.words.requests import say_rate_of


@dataclass(frozen=True)
class TableText:
    """A table in the reader’s language: each word with its number, None where too few to tell."""

    title: str
    counted: str
    rows: Sequence[tuple[str, int | None]]
    about: int = 0

    @property
    def large(self) -> Sequence[tuple[str, int]]:
        """Return the rows that have a number."""
        return [(name, count) for name, count in self.rows if count is not None]

    @property
    def small(self) -> Sequence[str]:
        """Return what has too few to tell, or nobody."""
        return [name for name, count in self.rows if count is None]


def tables_in_words(tables: Sequence[CountTable]) -> list[TableText]:
    """Return the tables that outsiders are told."""
    return [_in_words(table.name, table.cells, table.about) for table in tables]


def rates_in_words(numbers: ToldNumbers) -> list[str]:
    """Return at which rates money of other currencies is told, each with its way and its source."""
    return [_say_told(told) for told in numbers.rates]


def _say_told(told: ToldRate) -> str:
    """Return a rate of a month of a list, or an average, as a sentence."""
    said = {"rate": say_rate_of(told.rate), "method": word(told.method)}
    if not told.month:
        return str(gettext("%(rate)s: %(method)s, by the weight of each payment", **said))
    month = say_kept_month(told.month, locale())
    sentence = gettext(
        "%(month)s: %(rate)s (%(method)s, %(source)s)", month=month, source=told.source, **said
    )
    return str(sentence)


def figures_in_words(helped: PeopleFigures) -> list[TableText]:
    """Return the tables of exact figures."""
    return [_in_words(name, helped.tables[name]) for name in OF_PEOPLE]


def crossed_in_words(helped: PeopleFigures) -> list[tuple[str, str, int]]:
    """Return how many people there are of each type of support and sex."""
    return [
        (_term(kind, LISTS["kind"]), _term(sex, SEX), count)
        for (kind, sex), count in helped.crossed.items()
    ]


def sheet_of_report(details: ReportDetails, *, as_book: bool) -> Response:
    """Return a report as a file: its numbers, and nothing that its page does not say."""
    numbers, write = details.numbers, workbook if as_book else csv_file
    if numbers.lines:
        header = [
            gettext("Budget line"), gettext("Title"), gettext("Budget"), gettext("Spent"),
            gettext("Currency"),
        ]  # fmt: skip
        rows = [_row_of_line(line, numbers.currency) for line in numbers.lines]
        rates = [[gettext("Exchange rate"), said] for said in rates_in_words(numbers)]
        return write(header, [*rows, *rates])
    rows = [
        [table.title, name, gettext("fewer than 5") if count is None else count]
        for table in tables_in_words(numbers.tables)
        for name, count in table.rows
    ]
    return write([gettext("Part"), pgettext("figure", "What"), gettext("Number")], rows)


def _row_of_line(line: ToldLine, currency: str) -> list[object]:
    budget, spent = Money(line.budget, currency), Money(line.spent, currency)
    title = line.title or gettext("Told together")
    return [", ".join(line.codes), title, plain(budget), plain(spent), currency]


def sheet_of_figures(figures: FundFigures, *, as_book: bool) -> Response:
    """Return the exact figures as a file, marked confidential in its very first row."""
    header = [
        gettext("Confidential: for colleagues only"), pgettext("figure", "What"), gettext("Also"),
        gettext("Number"), gettext("Budget"), gettext("Spent"), gettext("Currency"),
    ]  # fmt: skip
    return (workbook if as_book else csv_file)(header, _rows_of_figures(figures))


def _rows_of_figures(figures: FundFigures) -> list[list[object]]:
    helped = figures.helped
    money: list[list[object]] = [
        [
            gettext("Budget line"), f"{line.grant_code} {line.line_code}", line.title, "",
            plain(line.budget), plain(line.spent), line.budget.currency,
        ]
        for line in figures.lines
    ]  # fmt: skip
    people: list[list[object]] = [[gettext("People helped"), "", "", helped.people]]
    for table in figures_in_words(helped):
        people += [[table.title, name, "", count] for name, count in table.rows]
    crossed = [
        [gettext("Type of support and sex"), kind, sex, count]
        for kind, sex, count in crossed_in_words(helped)
    ]
    hours = [
        [gettext("Hours, in the middle"), name, "", _hours(wait)]
        for name, wait in (
            (gettext("from sending to decision"), helped.to_decision),
            (gettext("from sending to money"), helped.to_money),
        )
    ]
    return [*money, *people, *crossed, *hours]


def _in_words(name: str, cells: Mapping[str, int | None], about: int = 0) -> TableText:
    title, counted = _TITLES[name]()
    rows = [(_term(code, LISTS[name]), count) for code, count in cells.items()]
    return TableText(title, counted, rows, about)


_TITLES: Mapping[str, Callable[[], tuple[str, str]]] = {
    "kind": lambda: (gettext("Type of support"), gettext("People")),
    "sex": lambda: (gettext("Sex"), gettext("People")),
    "area": lambda: (gettext("Area of work"), gettext("People")),
    "province": lambda: (gettext("Province"), gettext("People")),
    "outcome": lambda: (gettext("Did it help?"), gettext("Requests")),
    "charged_article": lambda: (gettext("Charged, by article"), gettext("People")),
    "charged_area": lambda: (gettext("Charged, by thematic area"), gettext("People")),
    "charged_province": lambda: (gettext("Charged, by province"), gettext("People")),
}
"""What each table is called, and what it counts."""


def _term(code: str, codelist: str) -> str:
    """Return what a code means; that it is not known, where nobody said."""
    if codelist == SEX:
        return word(code) or gettext("Not known")
    return terms().label(codelist, code, locale()) if code else gettext("Not known")


def _hours(wait: timedelta | None) -> object:
    return "" if wait is None else round(wait.total_seconds() / 3600)
