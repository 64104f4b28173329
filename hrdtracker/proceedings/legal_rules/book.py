"""The one way to the rules by which limits are counted: those of this organisation, as they are."""

from collections.abc import Iterable, Mapping
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select

from hrdtracker.access.model import Organisation
from hrdtracker.core.db import may_write, session
from hrdtracker.proceedings.counting.holidays import HolidayTable
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.rows import Row, rule_of

COUNTRY = "KH"
_books: WeakKeyDictionary[Pool, dict[int, tuple[int, RuleBook]]] = WeakKeyDictionary()
"""The book that each database was last seen to hold for an organisation, with its version."""


def book_of(organisation: Organisation) -> RuleBook:
    """Return the rules that count for an organisation: read once for each version of them.

    Where nothing was loaded yet, the shipped files count.
    """
    opened, version = session(), organisation.rules_version
    books = _books.setdefault(opened.connection().engine.pool, {})
    cached_version, book = books.get(organisation.id, (0, None))
    if book is None or cached_version != version:
        book = _read(organisation.id)
        if not may_write(opened.connection()):  # what is not committed is not kept
            books[organisation.id] = version, book
    return book


def versions_that_count(organisation_id: int, country: str = COUNTRY) -> list[LegalRuleVersion]:
    """Return the versions that nobody superseded, in the order of their file, then of their days.

    Of a clock’s rules the first that fits counts, so this order is part of what they say.
    """
    query = select(LegalRuleVersion).where(
        LegalRuleVersion.organisation_id == organisation_id,
        LegalRuleVersion.country == country,
        LegalRuleVersion.superseded_at.is_(None),
    )
    return list(
        session().scalars(query.order_by(LegalRuleVersion.position, LegalRuleVersion.number))
    )


def holidays_that_count(organisation_id: int, country: str = COUNTRY) -> list[PublicHoliday]:
    """Return the public holidays that no decree took away, the earliest first."""
    query = select(PublicHoliday).where(
        PublicHoliday.organisation_id == organisation_id,
        PublicHoliday.country == country,
        PublicHoliday.taken_away_at.is_(None),
    )
    return list(session().scalars(query.order_by(PublicHoliday.day, PublicHoliday.id)))


def last_numbers(organisation_id: int) -> dict[str, int]:
    """Return the number of the last version that was ever recorded of each rule."""
    query = select(LegalRuleVersion.key, func.max(LegalRuleVersion.number)).where(
        LegalRuleVersion.organisation_id == organisation_id, LegalRuleVersion.country == COUNTRY
    )
    found = session().execute(query.group_by(LegalRuleVersion.key))
    return {key: number or 0 for key, number in found}


def _read(organisation_id: int) -> RuleBook:
    versions = versions_that_count(organisation_id)
    if not versions:
        return rule_book(COUNTRY)
    holidays = {day.day: day.name for day in holidays_that_count(organisation_id)}
    return book_from([version.cells() for version in versions], holidays)


def book_from(rows: Iterable[Row], holidays: Mapping[date, str]) -> RuleBook:
    """Return the rules that some rows say, with the days off; a day without a name is none."""
    rules = tuple(rule_of(row, COUNTRY) for row in rows)
    days = {day: name for day, name in holidays.items() if name}
    table = HolidayTable(days, frozenset(day.year for day in holidays))
    return RuleBook(COUNTRY, rules, rule_book(COUNTRY).words, table)
