"""After a change of the settings’ currency all still adds up, or is refused without a rate."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError, WrongStatus
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import Capacity, RequestRole, SupportRequest
from hrdtracker.fund.requests import service as requests
from tests import fund, make
from tests.deep import usual_or_deep
from tests.fund_again import SMALL, for_the_same

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
KHR = {
    "currency": "KHR",
    "officer_most": 2_000_000_00,
    "director_most": 12_000_000_00,
    "emergency_most": 1_200_000_00,
    "short_most": 600_000_00,
}
"""As the usual settings, at 4,000 riel a dollar."""
OFFICER, DIRECTOR = ["officer"], ["officer", "director"]


def _in_riel() -> None:
    fund.tier_rate(4000, fund.today())
    fund.set_up(**KHR)


def test_what_was_sent_before_counts_beside_what_is_sent_after_the_change() -> None:
    fund.set_up()
    first = fund.sent(SMALL)
    _in_riel()
    second = for_the_same(first)
    assert second.counted_amount == 2 * SMALL * 4000
    assert needs(second) == DIRECTOR
    in_riel = for_the_same(first, 1_000_000_00, currency="KHR")
    assert in_riel.counted_amount == 2 * SMALL * 4000 + 1_000_000_00


def test_what_was_sent_before_the_change_counts_what_is_granted_after_it() -> None:
    fund.set_up()
    first = fund.sent(SMALL)
    _in_riel()
    fund.recommend(first)
    assert (needs(first), first.other_amount) == (OFFICER, 0), "the other was not sent"
    fund.approved_by_all(fund.recommend(for_the_same(first)))
    fund.approve(first, "fund")
    assert first.status == "recommended"
    assert (needs(first), first.counted_amount) == (DIRECTOR, 2 * SMALL)


def test_without_a_rate_what_cannot_be_added_is_not_decided() -> None:
    fund.set_up()
    first = fund.sent(SMALL)
    second = for_the_same(first, 100_00)
    fund.set_up(**KHR)
    with pytest.raises(WrongStatus, match="no rate between"):
        fund.recommend(second)
    session().rollback()
    fund.tier_rate(4000, fund.today())
    assert needs(fund.recommend(second)) == OFFICER


def test_what_was_asked_in_the_currency_of_now_counts_as_it_was_asked() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    fund.set_up(**KHR)
    first = fund.sent(SMALL)
    fund.tier_rate(4100, fund.today())
    fund.set_up()
    assert for_the_same(first).other_amount == SMALL


def test_what_was_weighed_counts_as_it_was_weighed_whatever_its_currency_is_worth_since() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    first = fund.sent(400_000_00, currency="KHR")
    fund.tier_rate(4100, fund.today())
    assert for_the_same(first, 100_00).other_amount == 100_00


def test_what_nobody_knows_the_worth_of_now_is_changed_from_what_it_was_weighed_in() -> None:
    fund.set_up()
    fund.tier_rate(2, fund.today(), "EUR", "USD")
    first = fund.sent(100_00, currency="EUR")
    _in_riel()
    assert for_the_same(first, 100_00).other_amount == 2 * 100_00 * 4000


def test_what_is_not_sent_yet_is_told_at_the_rate_of_today() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    case = session().get_one(Case, fund.sent(SMALL).case_id)
    told = fund.draft(400_000_00, currency="KHR")
    (split,) = fund.warnings("monitor", requests.ask(make.actor("monitor"), case, told))
    assert "together 400.00 USD" in split


def test_whoever_asks_is_not_refused_for_a_rate_that_only_hidden_support_needs() -> None:
    fund.set_up()
    wing = "Wing 012 345 678"
    fund.sent(SMALL, "stranger", payee_details=wing)
    fund.set_up(**KHR)
    request = fund.sent(400_000_00, currency="KHR", payee_details=wing)
    assert request.status == "submitted"
    with pytest.raises(WrongStatus, match="no rate between"):
        fund.recommend(request)


def test_stricter_amounts_in_another_currency_raise_what_is_not_decided() -> None:
    fund.set_up()
    request = fund.sent(SMALL)
    fund.tier_rate(4000, fund.today())
    fund.set_up(**{**KHR, "officer_most": 1_000_000_00})
    assert needs(fund.recommend(request)) == DIRECTOR


def test_a_short_request_of_before_says_its_rest_after_the_change() -> None:
    case = make.case_of(make.incident())
    short = requests.ask(make.actor("monitor"), case, fund.short(100_00))
    requests.submit(make.actor("monitor"), short, short.version)
    _in_riel()
    with pytest.raises(WrongStatus, match="the rest of the short request"):
        fund.recommend(short)


def test_what_was_counted_in_riel_is_counted_anew_in_dollars_once_it_is_sent_anew() -> None:
    fund.set_up()
    _in_riel()
    first = fund.sent(SMALL)
    second = for_the_same(first, 100_00)
    assert second.other_amount == SMALL * 4000
    fund.set_up()
    told = fund.draft(110_00, payee=fund.person_in(first, RequestRole.PAYEE))
    requests.edit(make.actor("monitor"), second, told, second.version)
    assert (second.reference_currency, second.other_amount) == ("USD", SMALL)


acts = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from([100_00, 200_00, 300_00])),
        st.tuples(st.just("approve"), st.integers(0, 5)),
        st.tuples(st.just("change"), st.booleans()),
    ),
    min_size=3,
    max_size=9,
)


def test_however_often_the_currency_changes_what_was_approved_needed_as_many_as_its_sum() -> None:
    fund.tier_rate(4000, fund.today())
    case = make.case_of(make.incident())

    @settings(
        max_examples=usual_or_deep(8, 300),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(sequence=acts)
    def holds(sequence: list[tuple[str, int]]) -> None:
        fund.set_up()
        first = requests.ask(make.actor("monitor"), case, fund.draft(100_00))
        requests.submit(make.actor("monitor"), first, first.version)
        asked = [first]
        for name, value in sequence:
            if name == "ask":
                asked.append(for_the_same(first, value))
            elif name == "change":
                fund.set_up(**(KHR if value else {}))
            else:
                _decide(asked[value % len(asked)])
        granted = [one for one in asked if one.status == "approved"]
        highest = max((len(needs(one)) for one in granted), default=1)
        assert highest >= _wanted(sum(one.amount for one in granted))

    holds()


def _decide(request: SupportRequest) -> None:
    """Let all who must approve a request, where it can be."""
    if request.status != "submitted":
        return
    try:
        fund.approved_by_all(fund.recommend(request))
    except DomainError:
        session().rollback()
        session().refresh(request)


def _wanted(dollars: int) -> int:
    """Return how many must approve so much, by the usual amounts."""
    if dollars > 3_000_00:
        return len(Capacity)
    return 2 if dollars > 500_00 else 1
