"""A stranger with a copy of the database and no key, who has read a news item or knows somebody.

What lies open in the copy is matched with what the stranger knows; a column that is not there, or
that is closed, tells nothing. Whoever alone fits is named.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from hrdtracker.backups.copying import finish, run_postgresql
from hrdtracker.core.closed import Closed
from hrdtracker.core.db import Base
from hrdtracker.core.field import CLOSED
from hrdtracker.core.seal import Vault
from tests import make
from tests.security.population import NewsItem

NOTHING = "\\N"
BYTES = "\\\\x"
"""How a dump begins a cell of bytes."""
Row = Mapping[str, str | None]
Tables = Mapping[str, list[Row]]
Clue = Callable[["Trace", NewsItem], bool]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ADULTS, MAJORITY = timedelta(hours=48), 18
"""How long police custody of adults may last, and from which age somebody is one."""


def dump(url: str) -> Tables:
    """Return the rows of each table as PostgreSQL writes them out for whoever has its files."""
    tables: dict[str, list[Row]] = {}
    with run_postgresql("pg_dump", "--data-only", url=url) as dumping:
        assert dumping.stdout is not None
        lines = iter(dumping.stdout.read().decode().splitlines())
        finish(dumping)
    for line in lines:
        if line.startswith("COPY public."):
            name, columns = line.removeprefix("COPY public.").split(" (", 1)
            names = [column.strip().strip('"') for column in columns.split(")")[0].split(",")]
            tables[name] = list(_rows(lines, names))
    return tables


def _rows(lines: Iterator[str], names: Sequence[str]) -> Iterator[Row]:
    for line in lines:
        if line == "\\.":
            return
        cells = (None if cell == NOTHING else cell for cell in line.split("\t"))
        yield dict(zip(names, cells, strict=True))


def opened(tables: Tables, vault: Vault) -> Tables:
    """Return a dump as it would be if nothing were closed."""
    kinds = {
        (table.name, column.name): column.type
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Closed)
    }

    def cells(table: str, row: Row) -> Iterator[tuple[str, str | None]]:
        for name, cell in row.items():
            kind = kinds.get((table, name))
            if kind is None:
                yield name, cell
            else:
                yield name.removesuffix(CLOSED), cell and _open(kind, vault, cell)

    return {name: [dict(cells(name, row)) for row in rows] for name, rows in tables.items()}


def _open(kind: Closed, vault: Vault, cell: str) -> str:
    return str(kind.open(vault, bytes.fromhex(cell.removeprefix(BYTES))))


@dataclass(frozen=True)
class Trace:
    """What lies open of one violation: it, its incident, its victim and what the victim defends."""

    person: str
    incident: Row
    victim: Row
    categories: frozenset[str | None]
    custody: tuple[timedelta, ...] = ()
    """How long the limits of custody run that are kept for the victim: a minor’s run shorter."""
    judgments: tuple[Row, ...] = ()

    def within(self, start: datetime, end: datetime) -> bool:
        """Tell whether it may have happened between these."""
        earliest, latest = self.incident["occurred_earliest"], self.incident["occurred_latest"]
        if earliest is None or latest is None:
            return False
        return datetime.fromisoformat(earliest) < end and datetime.fromisoformat(latest) > start


def _happened(column: str, value: Callable[[NewsItem], str]) -> Clue:
    """Return the clue that an incident says what the stranger knows; closed, it says nothing."""
    return lambda trace, item: trace.incident.get(column, value(item)) == value(item)


def _is(column: str, value: Callable[[NewsItem], str | None]) -> Clue:
    """Return the clue that the victim is as the stranger knows them; closed, it says nothing."""
    return lambda trace, item: trace.victim.get(column, value(item)) == value(item)


def _in_minute(trace: Trace, item: NewsItem) -> bool:
    return trace.within(item.at, item.at + MINUTE)


def _on_day(trace: Trace, item: NewsItem) -> bool:
    start = item.at.astimezone(make.ZONE).replace(hour=0, minute=0)
    return trace.within(start, start + DAY)


def _in_month(trace: Trace, item: NewsItem) -> bool:
    start = item.at.astimezone(make.ZONE).replace(day=1, hour=0, minute=0)
    return trace.within(start, (start + 31 * DAY).replace(day=1))


def _may_be_so_old(trace: Trace, item: NewsItem) -> bool:
    """Tell whether the limits that run for the victim are those of somebody of this age."""
    return all((length == ADULTS) == (item.age >= MAJORITY) for length in trace.custody)


def _judged_on_day(trace: Trace, item: NewsItem) -> bool:
    day = item.judged_at.astimezone(make.ZONE).date()
    days = (datetime.fromisoformat(str(row["pronounced_earliest"])) for row in trace.judgments)
    return any(at.astimezone(make.ZONE).date() == day for at in days)


def _sentenced(trace: Trace, item: NewsItem) -> bool:
    months = str(item.months)
    return any(row.get("prison_months", months) == months for row in trace.judgments)


def _defends(trace: Trace, item: NewsItem) -> bool:
    return item.category in trace.categories


WHAT = _happened("type", lambda item: item.what)
DISTRICT = _happened("district", lambda item: item.commune[:4])
COMMUNE = _happened("commune", lambda item: item.commune)
SEX = _is("sex", lambda item: item.sex)
AGE = _is("age", lambda item: str(item.age))
SPEAKS = _is("interpreter_language", lambda item: item.speaks)
LOOKS = (DISTRICT, COMMUNE, SEX, AGE, _may_be_so_old, _defends)

STRANGERS: Mapping[str, tuple[Clue, ...]] = {
    "a full report": (WHAT, _in_minute, *LOOKS),
    "a short notice": (WHAT, _on_day),
    "a memory": (WHAT, _in_month, SEX, _defends),
    "a neighbour": LOOKS,
    "an acquaintance": (SEX, _defends),
    "an acquaintance who knows what they speak": (SEX, _defends, SPEAKS),
    "a reader of court news": (_judged_on_day, _sentenced),
}
"""What each knows besides the province."""


@dataclass(frozen=True)
class Figures:
    """Whom a stranger could name, and of how many of them the rows tell what besides."""

    people: int
    named: int
    in_secret_cases: int
    with_money: int


class Stranger:
    """Reads a dump, and says whom it names."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @cached_property
    def traces(self) -> Mapping[str | None, list[Trace]]:
        """Return what lies open of every violation that has a victim on record, by its province."""
        incidents = {row["id"]: row for row in self.tables["incident"]}
        people = {row["id"]: row for row in self.tables["person"]}
        categories = defaultdict[str | None, set[str | None]](set)
        for row in self.tables["person_category"]:
            categories[row["person_id"]].add(row["category"])
        custody, judged = self._custody(), self._judged()
        traces = defaultdict[str | None, list[Trace]](list)
        for row in self.tables["violation"]:
            incident, victim = incidents[row["incident_id"]], row["victim_id"]
            if victim is not None:
                known = tuple(custody[victim]), tuple(judged[victim])
                defends = frozenset(categories[victim])
                trace = Trace(victim, incident, people[victim], defends, *known)
                traces[incident["province"]].append(trace)
        return traces

    def _custody(self) -> Mapping[str | None, list[timedelta]]:
        """Return by person from the arrival to the end of each limit of custody that runs."""
        stays = {row["id"]: row for row in self.tables["stay"]}
        found = defaultdict[str | None, list[timedelta]](list)
        for row in self.tables["clock"]:
            began, ends = stays[row["stay_id"]]["began_earliest"], row["ends_earliest"]
            if row["clock"] == "police_custody" and began and ends:
                length = datetime.fromisoformat(ends) - datetime.fromisoformat(began)
                found[row["person_id"]].append(length)
        return found

    def _judged(self) -> Mapping[str | None, list[Row]]:
        """Return the judgments about each person."""
        people = {row["id"]: row["person_id"] for row in self.tables["party"]}
        found = defaultdict[str | None, list[Row]](list)
        for row in self.tables["judgment"]:
            found[people[row["party_id"]]].append(row)
        return found

    def named(self, items: Sequence[NewsItem], clues: Sequence[Clue]) -> set[str]:
        """Return the people of whom alone the dump says what the stranger knows."""
        return {
            str(item.person) for item in items if self._fitting(item, clues) == {str(item.person)}
        }

    def _fitting(self, item: NewsItem, clues: Sequence[Clue]) -> set[str]:
        near = self.traces[item.commune[:2]]
        return {trace.person for trace in near if all(fits(trace, item) for fits in clues)}

    def figures(self, items: Sequence[NewsItem], clues: Sequence[Clue]) -> Figures:
        """Count whom the stranger names, and what more is then known of them."""
        named = self.named(items, clues)
        secret = {row["id"] for row in self.tables["scope"] if row["sensitivity"] == "secret"}
        hidden = {
            row["person_id"] for row in self.tables["person_scope"] if row["scope_id"] in secret
        }
        paid = {row["person_id"] for row in self.tables["request_person"]}
        return Figures(len(items), len(named), len(named & hidden), len(named & paid))
