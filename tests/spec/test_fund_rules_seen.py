"""How the fund decides is changed in the open, and a rate that is missing is asked for."""

from datetime import timedelta

import pytest

from hrdtracker.accounts import proposals, queries
from hrdtracker.core import clock
from hrdtracker.fund.budget import grants
from hrdtracker.fund.model import GrantState
from hrdtracker.fund.reading.rates import currencies_without_rate
from hrdtracker.fund.requests import service as requests
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.queries import unseen
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
TOLD = ("director", "auditor", "board", "fund", "finance")
DAY = timedelta(days=1)


def _told(login: str) -> list[NoticeKind]:
    return [told.kind for told in unseen(make.actor(login)) if told.kind != NoticeKind.PROPOSED]


def _wanted(login: str = "finance") -> list[str]:
    return currencies_without_rate(make.actor(login))


# What stands until it is understood --------------------------------------------------------------


def test_other_settings_and_another_rate_stand_until_each_has_understood_them() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    changed = NoticeKind.FUND_RULES_CHANGED
    assert {login: _told(login) for login in TOLD} == {login: [changed] * 2 for login in TOLD}
    assert _told("monitor") == []
    board = make.actor("board")
    notices.see(board, unseen(board)[0].uid)
    assert (_told("board"), _told("auditor")) == ([], [changed] * 2)


def test_what_is_refused_changed_nothing_and_is_told_as_such() -> None:
    fund.set_up()
    rate = fund.propose_rate("finance")
    waiting = proposals.waiting_for(rate)
    assert waiting is not None
    proposals.refuse(make.actor("national"), waiting)
    assert _told("auditor") == [NoticeKind.DECIDED, NoticeKind.FUND_RULES_CHANGED]
    assert _told("board") == [NoticeKind.FUND_RULES_CHANGED]


def test_what_changed_can_be_read_as_long_as_it_is_not_understood() -> None:
    fund.set_up()
    board = make.actor("board")
    with clock.as_of(clock.now() + 40 * DAY):
        assert len(queries.open_proposals(board)) == 1
        for told in unseen(board):
            notices.see(board, told.uid)
        assert queries.open_proposals(board) == []


# A rate of this month ----------------------------------------------------------------------------


def test_whoever_may_propose_a_rate_is_told_which_currency_lacks_one_of_this_month() -> None:
    assert _wanted() == []
    fund.drafted(400_000_00, currency="KHR")
    fund.drafted(400_00)
    grant = fund.grant(currency="EUR")
    assert [_wanted(who) for who in ("finance", "admin", "fund")] == [["EUR", "KHR"]] * 2 + [[]]
    fund.tier_rate(4000, fund.today().replace(day=1) - DAY)
    fund.tier_rate(4600, fund.today(), "EUR", "KHR")
    assert _wanted() == ["EUR", "KHR"]
    grants.set_grant_state(make.actor("fund"), grant, GrantState.SUSPENDED, grant.version)
    assert _wanted() == ["KHR"]


def test_nobody_is_asked_for_a_rate_that_waits_or_that_is_there_or_that_nobody_needs() -> None:
    request = fund.drafted(400_000_00, currency="KHR")
    waiting = proposals.waiting_for(fund.propose_rate("finance"))
    assert _wanted() == []
    assert waiting is not None
    proposals.refuse(make.actor("national"), waiting)
    assert _wanted() == ["KHR"]
    requests.withdraw(make.actor("monitor"), request, request.version)
    assert _wanted() == []


def test_a_rate_of_this_month_is_enough() -> None:
    fund.drafted(400_000_00, currency="KHR")
    fund.tier_rate(4000, fund.today().replace(day=1))
    assert _wanted() == []
