"""What outsiders are told of charges: by two, rounded, once; nobody is told by any of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest

from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts import proposals
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core import suppression
from hrdtracker.core.errors import NotAllowed, NotFound
from hrdtracker.core.suppression import CountTable, Region
from hrdtracker.core.when.model import When, midnight
from hrdtracker.fund.disclosures import queries
from hrdtracker.fund.disclosures.content import OF_COURTS, tabulated
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import Disclosure
from hrdtracker.insight.courts.charged import IN_WORDS, ChargeRow
from hrdtracker.insight.releasing import counts_of, prepare_courts
from hrdtracker.people.model import CountingUnit
from tests import courts, interval_attack, make
from tests.interval_attack import MONTHS, Told, World, narrowed

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
QUARTER = ReportDraft(date(2026, 7, 1), date(2026, 9, 30))
AUGUST = When.day(date(2026, 8, 12), make.ZONE, "12 August")


def charged(people: int, when: When = AUGUST, login: str = "monitor") -> Case:
    """Charge so many people of a new case with incitement."""
    case = courts.case_with(people, login)
    courts.charged(courts.opened(case, login), login, charged=when)
    return case


def prepared(login: str = "national", draft: ReportDraft = QUARTER) -> Disclosure:
    return prepare_courts(make.actor(login), make.organisation(), draft)


def told(report: Disclosure, login: str = "director") -> dict[str, CountTable]:
    tables = queries.report(make.actor(login), report.uid).numbers.tables
    return {table.name: table for table in tables}


def test_people_are_told_in_rounded_numbers_once_a_second_person_confirms_it() -> None:
    charged(7)
    report = prepared()
    waits = queries.report(make.actor("director"), report.uid).line.state
    make.confirm("second", report)
    goes_out = queries.report(make.actor("director"), report.uid).line.state
    assert (waits, goes_out) == ("waits", "released")
    tables = told(report)
    assert set(tables) == set(OF_COURTS)
    articles = {code: count for code, count in tables["charged_article"].cells.items() if count}
    assert articles == {"kh_cc_495": 5}


def test_whoever_prepares_it_does_not_release_it() -> None:
    charged(7)
    proposal = proposals.waiting_for(prepared())
    assert proposal
    with pytest.raises((NotAllowed, NotFound)):
        proposals.confirm(make.actor("national"), proposal)


@pytest.mark.parametrize("login", ["director", "monitor", "fund", "auditor", "legal", "admin"])
def test_only_whoever_directs_all_offices_prepares_it(login: str) -> None:
    charged(7)
    with pytest.raises(NotAllowed):
        prepared(login)


def test_a_secret_case_is_told_to_nobody_outside_though_whoever_prepares_it_reads_it() -> None:
    charged(6)
    case = charged(6)
    sharing.set_sensitivity(make.actor("national"), case, Sensitivity.SECRET, case.version)
    assert told(prepared())["charged_article"].cells["kh_cc_495"] == 5


@pytest.mark.parametrize(
    ("people", "draft", "field"),
    [
        (4, QUARTER, ""),
        (7, ReportDraft(date(2026, 8, 1), date(2026, 8, 31)), "until"),
        (7, ReportDraft(date(2026, 8, 2), date(2026, 10, 31)), "until"),
        (7, ReportDraft(date(2026, 7, 1), date(2099, 9, 30)), "until"),
    ],
)
def test_too_few_too_short_and_what_is_not_over_are_refused(
    people: int, draft: ReportDraft, field: str
) -> None:
    charged(people)
    assert make.refused(lambda: prepared(draft=draft)) == {field}


def test_the_same_months_are_told_once_and_months_that_overlap_never() -> None:
    charged(7)
    prepared()
    charged(9)
    assert make.refused(prepared) == {""}
    longer = ReportDraft(date(2026, 6, 1), date(2026, 9, 30))
    assert make.refused(lambda: prepared(draft=longer)) == {""}


def test_what_is_known_too_roughly_is_in_no_number() -> None:
    charged(6)
    charged(6, When.year(2026, make.ZONE, "2026"))
    assert told(prepared())["charged_article"].cells["kh_cc_495"] == 5


# The attack --------------------------------------------------------------------------------------

WORLDS = 60
CODES = {
    "charged_article": ("kh_cc_495", "kh_cc_411", "kh_cc_217"),
    "charged_area": ("judiciary", "fundamental_freedoms"),
    "charged_province": ("12", "17"),
}
LEFT_OUT = {"charged_article": IN_WORDS, "charged_area": "", "charged_province": ""}
MONTH = [date(2026, number, 1) for number in range(1, MONTHS + 2)]


def some_charges(random: Random) -> list[tuple[int, ChargeRow]]:
    """Return people at random, each charged once in some month, as the records would have them."""
    often = {table: [random.choice((0, 1, 1, 6)) + 0.1 for _ in (*codes, "")]
             for table, codes in CODES.items()}  # fmt: skip
    rows = []
    for number in range(random.randint(10, 60)):
        article, area, province = (
            random.choices((*codes, LEFT_OUT[table]), often[table])[0]
            for table, codes in CODES.items()
        )
        month = random.randrange(MONTHS)
        at = midnight(MONTH[month] + timedelta(days=9), make.ZONE)
        rows.append((month, _row(number, article, at, area, province)))
    return rows


def _row(number: int, article: str, at: datetime, area: str, province: str) -> ChargeRow:
    areas = (area,) if area else ()
    unit, day = CountingUnit.PERSON, timedelta(days=1)
    return ChargeRow(1, number, unit, article, at, at + day, areas, province or None)


def as_world(rows: Sequence[tuple[int, ChargeRow]]) -> World:
    """Return how many people of each code there truly are in each month."""
    people: dict[str, dict[str, list[int]]] = {
        table: {code: [0] * MONTHS for code in (*codes, "")} for table, codes in CODES.items()
    }
    for month, row in rows:
        area = row.areas[0] if row.areas else ""
        article = "" if row.article == IN_WORDS else row.article
        for table, code in zip(CODES, (article, area, row.province or ""), strict=True):
            people[table][code][month] += 1
    return World({"G": people})


def released(random: Random, rows: Sequence[tuple[int, ChargeRow]]) -> list[Told]:
    """Ask for reports at random, and return what the rules let go out."""
    out: dict[Region, Told] = {}
    for _ in range(14):
        first = random.randint(0, MONTHS - 1)
        last = random.randint(first + 1, MONTHS)
        region = Region(None, MONTH[first], MONTH[last] - timedelta(days=1))
        some = [row for month, row in rows if first <= month < last]
        if region in out or suppression.crossing(region, out) or suppression.too_few(len(some)):
            continue
        tables = tabulated(counts_of(some), OF_COURTS)
        if not suppression.too_short(tables, last - first):
            known = [
                CountTable(table.name, {code: table.cells[code] for code in CODES[table.name]})
                for table in tables
            ]
            out[region] = Told(None, first, last, known)
    return list(out.values())


def _first_success(worlds: int) -> object:
    for number in range(worlds):
        random = Random(f"courts:{number}")
        rows = some_charges(random)
        cells = narrowed(as_world(rows), released(random, rows))
        if cells:
            return number, cells[0]
    return None


@pytest.fixture
def _codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the attack look at the tables of charges."""
    monkeypatch.setattr(interval_attack, "CODES", CODES)


@pytest.mark.usefixtures("_codes")
def test_nothing_that_was_told_of_charges_narrows_a_cell_below_five() -> None:
    assert _first_success(WORLDS) is None


@pytest.mark.usefixtures("_codes")
def test_the_attack_on_charges_succeeds_where_reports_may_overlap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suppression, "crossing", lambda _region, _earlier: None)
    assert _first_success(WORLDS) is not None
