"""The exact figures of the fund: sums of money, and whom it helped, for those who answer for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hrdtracker.core.errors import NotFound
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import RequestPerson
from hrdtracker.fund.reading.figures import FundFigures, figures
from tests import fund, make
from tests.two_people import as_if


def _figures(login: str = "fund") -> FundFigures:
    day = fund.today()
    return figures(make.actor(login), ReportDraft(day - timedelta(days=1), day))


@pytest.mark.usefixtures("unit")
def test_figures_are_exact_for_whoever_answers_for_the_fund() -> None:
    line = fund.line(1_000_00)
    for _ in range(2):
        fund.paid(60_00, line)
    exact = _figures()
    (actual,) = exact.lines
    assert (actual.budget.amount, actual.spent.amount) == (1_000_00, 120_00)
    helped = exact.helped
    assert (helped.people, helped.by_sex, helped.by_province) == (2, {"M": 2}, {"12": 2})
    assert helped.crossed == {("family", "M"): 2}
    assert helped.to_decision == timedelta(0)


@pytest.mark.usefixtures("unit")
@pytest.mark.engines("sqlite")
def test_whom_two_requests_helped_counts_once() -> None:
    line = fund.line(1_000_00)
    once, again = fund.paid(60_00, line), fund.paid(60_00, line)
    helped = RequestPerson.part == "beneficiary"
    theirs = select(RequestPerson.person_id).where(RequestPerson.request_id == once.id, helped)
    same = update(RequestPerson).where(RequestPerson.request_id == again.id, helped)
    as_if(same.values(person_id=theirs.scalar_subquery()))
    assert _figures().helped.people == 1


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize("login", ["monitor", "finance", "auditor", "admin"])
def test_whoever_does_not_answer_for_the_fund_gets_no_figures(login: str) -> None:
    with pytest.raises(NotFound):
        _figures(login)


@pytest.mark.usefixtures("unit")
@pytest.mark.engines("sqlite")
def test_exact_figures_count_no_request_that_their_reader_may_not_open() -> None:
    fund.paid(60_00, fund.line(1_000_00))
    counted = {login: _figures(login).helped.people for login in ("director", "far_director")}
    assert counted == {"director": 1, "far_director": 0}
