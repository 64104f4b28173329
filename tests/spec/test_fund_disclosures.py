"""What donors are told: exact money or rounded people, by two, and never twice in other numbers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.accounts import proposals
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused
from hrdtracker.core.money import Money
from hrdtracker.core.when.month import Month
from hrdtracker.fund.budget import commitments, grants
from hrdtracker.fund.disclosures import queries, service
from hrdtracker.fund.disclosures.content import ToldNumbers
from hrdtracker.fund.disclosures.pooling import NO_AGREEMENT, ONE_PERSON, told_lines
from hrdtracker.fund.drafts.money import LineDraft, ReportDraft
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Disclosure,
    DonorGrant,
    ReversalKind,
    Transaction,
)
from hrdtracker.fund.reading.figures import LineActual
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit
from tests import fund, make
from tests.two_people import settle, waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
LATER = timedelta(days=125)


def _month(day: date, later: int = 0) -> date:
    """Return the first day of a month, some months later."""
    number = day.year * 12 + day.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


def _draft(first: int = 0, months: int = 3, line: BudgetLine | None = None) -> ReportDraft:
    """Return what a report is about: whole months, from this one or a later one."""
    begins = _month(_TODAY[0], first)
    until = _month(begins, months) - timedelta(days=1)
    grant = session().get_one(DonorGrant, line.grant_id).uid if line else None
    return ReportDraft(begins, until, grant)


_TODAY: list[date] = []


@pytest.fixture(autouse=True)
def _this_month(unit: object) -> None:
    _TODAY[:] = [fund.today()]


def _helped(line: BudgetLine, people: int = 6) -> None:
    """Pay for a group of men: they count as so many people, and as one whom the money was for."""
    group = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=people, sex=Sex.MALE)
    fund.paid(60_00, line, beneficiary=Victim(described=group))


def _people(draft: ReportDraft, login: str = "director") -> Disclosure:
    with time_machine.travel(clock.now() + LATER):
        return service.prepare_people(make.actor(login), make.organisation(), draft)


def _money(draft: ReportDraft, login: str = "finance") -> Disclosure:
    with time_machine.travel(clock.now() + LATER):
        return service.prepare_money(make.actor(login), make.organisation(), draft)


def _reasons(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.text for reason in refused.value.reasons.values()]


# Tables of people --------------------------------------------------------------------------------


def test_tables_are_rounded_hold_every_code_and_no_money() -> None:
    _helped(line := fund.line(2_000_00))
    numbers = ToldNumbers.read(_people(_draft(line=line)).numbers)
    tables = {table.name: table for table in numbers.tables}
    assert (numbers.lines, tables["sex"].cells) == ([], {"F": None, "M": 5, "X": None})
    assert len(tables["province"].cells) == 25
    assert tables["kind"].cells["family"] == 5
    assert {"other", "unknown", ""} & {
        code for each in numbers.tables for code in each.cells
    } == set()


def test_a_report_on_one_grant_counts_nobody_whom_another_helped() -> None:
    _helped(line := fund.line(2_000_00))
    _helped(fund.line(2_000_00), 20)
    tables = ToldNumbers.read(_people(_draft(line=line)).numbers).tables
    assert {table.name: table.cells for table in tables}["sex"]["M"] == 5


def test_of_fewer_than_five_people_only_money_is_told() -> None:
    _helped(line := fund.line(2_000_00), 4)
    with pytest.raises(Refused) as refused:
        _people(_draft(line=line))
    assert _reasons(refused) == [service.FEW]


def test_less_than_a_quarter_is_not_told_while_a_cell_is_small() -> None:
    _helped(line := fund.line(2_000_00))
    with pytest.raises(Refused) as refused:
        _people(_draft(months=2, line=line))
    assert _reasons(refused) == [service.SHORT]


def test_only_whole_months_that_are_over_are_told() -> None:
    line = fund.line(2_000_00)
    whole = _draft(line=line)
    with pytest.raises(Refused) as refused:
        _people(replace(whole, since=whole.since + timedelta(days=1)))
    assert _reasons(refused) == [service.NOT_WHOLE]
    with pytest.raises(Refused) as refused:
        service.prepare_people(make.actor("director"), make.organisation(), whole)
    assert _reasons(refused) == [service.NOT_OVER]


def test_what_is_in_part_about_the_same_is_refused_and_names_the_earlier_report() -> None:
    _helped(line := fund.line(2_000_00))
    _people(_draft(line=line))
    for other in (_draft(months=4, line=line), _draft(-1, line=line), _draft(-1, 5)):
        with pytest.raises(Refused) as refused:
            _people(other)
        assert _reasons(refused) == [service.CROSSES]
        (reason,) = refused.value.reasons.values()
        code = session().get_one(DonorGrant, line.grant_id).code
        months = [Month(day).said("en") for day in (_TODAY[0], _month(_TODAY[0], 2))]
        told = {name: str(value) for name, value in reason.values.items()}
        assert told == {"grant": code, "from": months[0], "to": months[1]}


def test_the_same_months_are_not_told_in_other_numbers() -> None:
    _helped(line := fund.line(2_000_00))
    _people(_draft(line=line))
    with pytest.raises(Refused) as refused:
        _people(_draft(line=line))
    assert _reasons(refused) == [service.SAME]


def test_a_report_on_all_grants_stands_in_the_way_of_one_and_says_so() -> None:
    _helped(line := fund.line(2_000_00))
    _people(_draft())
    with pytest.raises(Refused) as refused:
        _people(_draft(line=line))
    (reason,) = refused.value.reasons.values()
    assert (reason.text, str(reason.values["grant"])) == (service.CROSSES, "all grants")


# The second person -------------------------------------------------------------------------------


def test_a_report_is_told_once_a_second_person_confirms_it() -> None:
    _helped(line := fund.line(2_000_00))
    report = _people(_draft(line=line))
    assert report.told_at is None
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director"), waiting(report))
    proposals.confirm(make.actor("national"), waiting(report))
    session().refresh(report)
    assert report.told_at is not None


def test_the_second_person_reads_which_report_it_is_and_releases_that_one_alone() -> None:
    line = fund.line(2_000_00)
    for _ in range(2):
        _helped(line)
    people, money = _people(_draft(line=line)), _money(_draft(line=line))
    code = session().get_one(DonorGrant, line.grant_id).code
    assert waiting(people).values["grant"] == waiting(money).values["grant"] == code
    proposals.confirm(make.actor("national"), waiting(people))
    for report in (people, money):
        session().refresh(report)
    assert (people.told_at is not None, money.told_at) == (True, None)


def test_what_nobody_confirms_is_dropped_and_stands_in_nobodys_way() -> None:
    _helped(line := fund.line(2_000_00))
    report = _people(_draft(line=line))
    assert settle(LATER + timedelta(days=15)) == 1
    session().refresh(report)
    assert report.dropped_at is not None
    assert queries.report(make.actor("director"), report.uid).numbers == ToldNumbers()
    assert _people(_draft(months=4, line=line)).told_at is None


def test_what_was_told_stays_told_when_its_act_is_stopped() -> None:
    _helped(line := fund.line(2_000_00))
    report = _people(_draft(line=line))
    proposal = waiting(report)
    proposals.confirm(make.actor("national"), proposal)
    service.ReportReleased.undo(proposal)
    assert (report.told_at is not None, report.dropped_at) == (True, None)


def test_numbers_stay_as_they_were_prepared() -> None:
    _helped(line := fund.line(2_000_00))
    report = _people(_draft(line=line))
    before = report.numbers
    _helped(line, 3)
    proposals.confirm(make.actor("national"), waiting(report))
    assert queries.report(make.actor("auditor"), report.uid).numbers == ToldNumbers.read(before)


# Money -------------------------------------------------------------------------------------------


def test_a_financial_report_is_exact_and_says_nothing_of_people() -> None:
    _helped(line := fund.line(2_000_00))
    _helped(line)
    report = _money(_draft(line=line))
    (told,) = (numbers := ToldNumbers.read(report.numbers)).lines
    assert (told.codes, told.budget, told.spent) == (["L1"], 2_000_00, 120_00)
    assert (numbers.currency, numbers.tables) == ("USD", [])
    assert report.donor_id == session().get_one(DonorGrant, line.grant_id).donor_id


def test_a_line_of_which_one_person_was_paid_is_not_told_alone() -> None:
    _helped(line := fund.line(2_000_00), 1)
    with pytest.raises(Refused) as refused:
        _money(_draft(line=line))
    assert _reasons(refused) == [ONE_PERSON]


@pytest.mark.parametrize("agreed", [True, False])
def test_such_lines_are_told_together_only_where_the_grant_says_that_its_donor_agreed(
    *, agreed: bool
) -> None:
    told = {"pooling_agreed_on": fund.today(), "pooling_agreement": "Letter 4"} if agreed else {}
    grant = fund.grant(4_000_00, **told)
    drafts = (LineDraft(code, "Rent", 2_000_00) for code in ("L1", "L2"))
    lines = [grants.add_line(make.actor("fund"), grant, draft) for draft in drafts]
    for line in lines:
        fund.paid(60_00, line)
    if agreed:
        (pooled,) = ToldNumbers.read(_money(_draft(line=lines[0])).numbers).lines
        assert (pooled.codes, pooled.spent) == (["L1", "L2"], 120_00)
        return
    with pytest.raises(Refused) as refused:
        _money(_draft(line=lines[0]))
    assert _reasons(refused) == [NO_AGREEMENT]


def _line(code: str, spent: int, *people: int) -> LineActual:
    budget, paid = Money(1_000_00, "USD"), Money(spent, "USD")
    return LineActual("G", code, f"Title of {code}", budget, paid, frozenset(people))


def test_whose_payment_came_back_hides_nobody_else() -> None:
    line = fund.line(2_000_00)
    fund.paid(123_00, line)
    back = commitments.payments_of(fund.paid(60_00, line))[0]
    booked = select(Transaction).where(Transaction.payment_id == back.id)
    entry = session().scalars(booked.where(Transaction.booking == Booking.PAYMENT)).one()
    fund.take_back(entry, ReversalKind.CAME_BACK)
    with pytest.raises(Refused):
        _money(_draft(line=line))


def test_lines_that_would_name_somebody_are_told_together_where_the_donor_agreed() -> None:
    lines = [_line("L1", 300, 1), _line("L2", 200, 2), _line("L3", 900, 3, 4), _line("L4", 0)]
    told = told_lines(lines, agreed=True)
    assert [(each.codes, each.spent, each.title) for each in told] == [
        (["L3"], 900, "Title of L3"),
        (["L4"], 0, "Title of L4"),
        (["L1", "L2"], 500, ""),
    ]
    with pytest.raises(Refused) as refused:
        told_lines(lines, agreed=False)
    (reason,) = refused.value.reasons.values()
    assert (reason.text, reason.values) == (NO_AGREEMENT, {"lines": "L1, L2"})


def test_one_such_line_takes_another_with_it_until_it_is_more_than_one_person() -> None:
    lines = [_line("L1", 300, 1), _line("L2", 900, 1, 2), _line("L3", 500, 3, 4)]
    assert [each.codes for each in told_lines(lines, agreed=True)] == [["L2"], ["L1", "L3"]]
    alone = [_line("L1", 300, 1), _line("L2", 200, 1), _line("L3", 0)]
    with pytest.raises(Refused) as refused:
        told_lines(alone, agreed=True)
    assert _reasons(refused) == [ONE_PERSON]


def test_a_financial_report_names_its_grant_and_crosses_no_other() -> None:
    _helped(line := fund.line(2_000_00))
    _helped(line)
    with pytest.raises(Refused) as refused:
        _money(_draft())
    assert _reasons(refused) == [service.CHOOSE_GRANT]
    _money(_draft(line=line))
    with pytest.raises(Refused) as refused:
        _money(_draft(1, line=line, months=2))
    assert _reasons(refused) == [service.CROSSES]


# Who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "action"),
    [
        ("director", Action.FUND_REPORT_MONEY),
        ("auditor", Action.FUND_REPORT_MONEY),
        ("finance", Action.FUND_REPORT_PEOPLE),
        ("auditor", Action.FUND_REPORT_PEOPLE),
    ],
)
def test_each_report_is_prepared_by_those_whose_it_is(login: str, action: Action) -> None:
    line = fund.line(2_000_00)
    with pytest.raises(NotAllowed):
        (_money if action == Action.FUND_REPORT_MONEY else _people)(_draft(line=line), login)


def test_finance_reads_no_numbers_of_people() -> None:
    _helped(line := fund.line(2_000_00))
    _helped(line)
    people, money = _people(_draft(line=line)), _money(_draft(line=line))
    finance = make.actor("finance")
    assert [row.kind for row in queries.register(finance, None).rows] == ["money"]
    assert queries.report(finance, money.uid).line.kind == "money"
    with pytest.raises(NotFound):
        queries.report(finance, people.uid)
    assert len(queries.register(make.actor("auditor"), None).rows) == 2
