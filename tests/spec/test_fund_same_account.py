"""One account under two names is one payee: the door compares what the actor may not read."""

from typing import Any

import pytest

from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.prior_support import COUNTS
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.rules.same_account import account_numbers, pays_one_account
from tests import fund, fund_plans, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
OFFICER, DIRECTOR = ["officer"], ["officer", "director"]
SMALL = 300_00
WING = "Wing 012 345 678"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Wing 012 345 678, Demo B", {"12345678"}),
        ("012-345-678", {"12345678"}),
        ("012.345.678", {"12345678"}),
        ("+855 12 345 678", {"12345678"}),
        ("00855 12345678", {"12345678"}),
        ("វីង ០១២ ៣៤៥ ៦៧៨", {"12345678"}),
        ("ABA 000 123 456 or Wing 012345678", {"123456", "12345678"}),
        ("012/345/678", {"12345678"}),
        ("0 12-345–678", {"12345678"}),
        ("012_345_678", {"12345678"}),
        ("012, 345, 678", {"12345678"}),
        ("+855 (0)12 345 678", {"12345678"}),
        ("111/111/111; 012/345/678", {"111111111", "12345678", "111111111012345678"}),
        ("At the market, house 12, on 30/11", set()),
        ("ABA 1", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_an_account_is_known_however_its_number_is_written(
    text: str | None, numbers: set[str]
) -> None:
    assert account_numbers(text) == numbers


@pytest.mark.parametrize(
    ("details", "same"),
    [
        ("855 12 345 678", True),
        ("(012) 345 678", True),
        ("Wing 012 345 678 2", True),
        ("012345678 by 15.12.2026", True),
        ("098 765 432 / 012 345 678", True),
        ("012 345 679", False),
        ("ABA 123 456 7", False),
        ("345 678", False),
    ],
)
def test_an_account_is_the_same_whatever_stands_around_it(details: str, *, same: bool) -> None:
    numbers, others = account_numbers(WING), account_numbers(details)
    assert pays_one_account(numbers, others) is pays_one_account(others, numbers) is same


def test_a_short_account_is_one_with_itself_alone() -> None:
    short, longer = account_numbers("ABA 123 456"), account_numbers("ABA 123 456 7")
    assert pays_one_account(short, short)
    assert not pays_one_account(short, longer)


def _granted(details: str | None, **changes: Any) -> SupportRequest:
    return fund.approve(fund.recommended(SMALL, payee_details=details, **changes), "fund")


def test_what_goes_to_one_account_adds_up_whoever_is_said_to_be_paid_in_whichever_case() -> None:
    _granted(WING)
    assert needs(fund.sent(SMALL, payee_details="+85512345678, another name")) == DIRECTOR
    assert needs(fund.sent(SMALL, "stranger", payee_details="Wing ០១២៣៤៥៦៧៨")) == DIRECTOR
    assert needs(fund.sent(SMALL, payee_details="Wing 012 345 679")) == OFFICER
    assert needs(fund.sent(SMALL, payee_details="In cash, at home")) == OFFICER


def test_what_is_sent_at_once_to_one_account_counts_before_it_is_decided() -> None:
    first, second = (fund.sent(SMALL, payee_details=WING) for _ in range(2))
    assert (needs(first), needs(second)) == (OFFICER, DIRECTOR)


def test_a_plan_names_no_account_and_is_compared_with_none() -> None:
    fund_plans.sent(2, 50_00)
    assert needs(fund.sent(SMALL, payee_details=WING)) == OFFICER


def test_emergencies_to_one_account_are_one() -> None:
    fund.released_at_once(fund.sent(200_00, payee_details=WING), "fund", "director")
    again = fund.sent(200_00, payee_details=WING)
    fund.no_tie(again, "fund")
    with pytest.raises(WrongStatus, match="other emergencies of the same people"):
        fund.released_at_once(again, "fund")


def test_whoever_decides_reads_that_it_counts_and_nothing_of_which_it_is() -> None:
    _granted(WING)
    request = fund.sent(SMALL, payee_details=WING)
    assert fund.warnings("national", request) == [COUNTS % {"sum": "600.00 USD"}]
    assert fund.warnings("monitor", request) == []


def test_comparing_notes_no_reading_of_what_nobody_was_shown() -> None:
    other = _granted(WING)
    request = fund.drafted(SMALL, payee_details=WING)
    ring().shown.clear()
    requests.submit(make.actor("monitor"), request, request.version)
    assert other.data_key_id not in ring().shown
