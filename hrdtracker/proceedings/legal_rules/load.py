"""Files become rows: a rule follows its file until two people changed it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.bulk_insert import add_all
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.service import enqueue
from hrdtracker.proceedings.legal_rules.book import COUNTRY, last_numbers, versions_that_count
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday, columns_of
from hrdtracker.proceedings.rules.checked import checked
from hrdtracker.proceedings.rules.files import FOLDER, BrokenRules, read_files, rule_book
from hrdtracker.proceedings.rules.rows import Row

VersionKey = tuple[str, date | None]


@dataclass(frozen=True)
class Loaded:
    """What came of loading: new rules, changed ones, those left as two people said, holidays."""

    added: int = 0
    changed: int = 0
    kept: int = 0
    holidays: int = 0

    @property
    def any(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.added or self.changed or self.holidays)


def load_rules(actor: Actor, organisation: Organisation, folder: Path = FOLDER) -> Loaded:
    """Bring rules and holidays in line with the files of a folder; all of it, or nothing.

    A changed row becomes a new version; one that its file no longer has ends; what two people
    changed here stays as they said. Idempotent. Raises BrokenRules with every fault.
    """
    files = read_files(COUNTRY, folder)
    with authorised(actor, Action.LAW_LOAD, on=organisation):
        added, changed, kept = _follow(organisation, files.rows)
        _check(organisation)
        holidays = _add_holidays(organisation, files.holidays)
        loaded = Loaded(added, changed, kept, holidays)
        if loaded.any:
            organisation.rules_version += 1
            enqueue(JobKind.CLOCKS)
    return loaded


def _check(organisation: Organisation) -> None:
    """Raise BrokenRules where the files do not hold beside what two people said here."""
    versions = versions_that_count(organisation.id)
    named = [(f"{each.key}, version {each.number}", each.cells()) for each in versions]
    _, faults = checked(named, COUNTRY, rule_book(COUNTRY).words)
    if faults:
        raise BrokenRules([f"{fault.place}: {fault.why}." for fault in faults])


def _follow(organisation: Organisation, rows: Sequence[Row]) -> tuple[int, int, int]:
    """Let versions follow their rows; return how many came, changed, and stayed otherwise."""
    present = {(each.key, each.valid_from): each for each in versions_that_count(organisation.id)}
    ours = {each.key for each in present.values() if not each.from_file}
    numbers, made = last_numbers(organisation.id), list[LegalRuleVersion]()
    added = changed = kept = 0
    named: set[VersionKey] = set()
    for position, row in enumerate(rows):
        columns: dict[str, Any] = columns_of(row)
        at: VersionKey = (row["key"], columns["valid_from"])
        named.add(at)
        before = present.get(at)
        if row["key"] in ours:
            kept += before is None or before.cells() != row
            continue
        if before and before.cells() == row and before.position == position:
            continue
        if before:
            before.superseded_at = clock.now()
        changed, added = changed + (before is not None), added + (before is None)
        numbers[row["key"]] = number = numbers.get(row["key"], 0) + 1
        made.append(_version(organisation, columns, number, position))
    changed += _end([each for at, each in present.items() if at not in named], ours)
    session().flush()
    add_all(made)
    return added, changed, kept


def _end(versions: list[LegalRuleVersion], ours: set[str]) -> int:
    """End what the files no longer have; return how many that were."""
    ending = [each for each in versions if each.key not in ours]
    for each in ending:
        each.superseded_at = clock.now()
    return len(ending)


def _version(
    organisation: Organisation, columns: dict[str, Any], number: int, position: int
) -> LegalRuleVersion:
    return LegalRuleVersion(
        organisation_id=organisation.id,
        country=COUNTRY,
        number=number,
        position=position,
        recorded_at=clock.now(),
        **columns,
    )


def _add_holidays(organisation: Organisation, rows: Sequence[Row]) -> int:
    """Add the days that were never recorded here; return how many."""
    query = select(PublicHoliday.day).where(
        PublicHoliday.organisation_id == organisation.id, PublicHoliday.country == COUNTRY
    )
    known = set(session().scalars(query))
    new = [row for row in rows if date.fromisoformat(row["day"]) not in known]
    add_all(
        PublicHoliday(
            organisation_id=organisation.id,
            country=COUNTRY,
            day=date.fromisoformat(row["day"]),
            name=row["name"],
            decree=row["source"],
            recorded_at=clock.now(),
        )
        for row in new
    )
    return len(new)
