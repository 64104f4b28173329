"""Many small requests are one large one: what the same people or payee have counts together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import DomainError, WrongStatus
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.model import FundSettings, RequestRole, SupportRequest
from hrdtracker.fund.reading import prior_support
from hrdtracker.fund.reading.prior_support import COUNTS, SPLIT_AMONG
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import fund, make
from tests.deep import usual_or_deep
from tests.fund import person_in
from tests.fund_again import SMALL, asked_again, for_the_same

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
OFFICER, DIRECTOR, BOARD = ["officer"], ["officer", "director"], ["officer", "director", "board"]
NEW = fund.draft


def test_the_level_of_a_request_is_that_of_all_the_same_payee_was_granted() -> None:
    fund.set_up()
    first = fund.sent(SMALL)
    assert (needs(first), first.other_amount) == (OFFICER, 0)
    second = for_the_same(first)
    assert (needs(second), second.counted_amount) == (DIRECTOR, 2 * SMALL)
    last = for_the_same(first, 2_500_00)
    assert (needs(last), last.counted_amount) == (BOARD, 2 * SMALL + 2_500_00)


def test_the_same_person_counts_whatever_part_they_have_but_not_as_carrier() -> None:
    first = fund.sent(SMALL, reimburses=False)
    helped, payee = (
        person_in(first, part) for part in (RequestRole.BENEFICIARY, RequestRole.PAYEE)
    )
    assert helped.known is not None
    assert needs(asked_again(first)) == OFFICER, "others of the same case"
    assert needs(asked_again(first, carrier=helped)) == OFFICER
    assert needs(asked_again(first, household=(helped.known,))) == DIRECTOR
    assert needs(asked_again(first, beneficiary=payee)) == DIRECTOR
    carried = asked_again(first, carrier=Victim(described=PersonDraft((NameDraft("Demo C"),))))
    carrier = person_in(carried, RequestRole.CARRIER)
    assert needs(asked_again(first, beneficiary=carrier)) == OFFICER, "who carried it for others"


def test_a_colleague_who_is_paid_back_again_and_again_is_one_payee() -> None:
    first = fund.sent(SMALL, reimburses=True)
    assert needs(asked_again(first, reimburses=True)) == DIRECTOR
    assert needs(asked_again(first)) == OFFICER
    assert needs(fund.sent(SMALL, "colleague")) == OFFICER
    assert needs(fund.sent(SMALL, "colleague", reimburses=True)) == OFFICER


def _withdraw(request: SupportRequest) -> None:
    requests.withdraw(make.actor("monitor"), request, request.version)


def _refuse(request: SupportRequest) -> None:
    fund.approve(fund.recommend(request))
    fund.no_tie(request, "fund")
    decisions.refuse(make.actor("fund"), request, fund.WHY, request.version)


def _return(request: SupportRequest) -> None:
    fund.no_tie(request, "director")
    decisions.return_request(make.actor("director"), request, fund.WHY, request.version)


def _cancel(request: SupportRequest) -> None:
    fund.approve(fund.recommend(request), "fund")
    commitments.cancel(make.actor("fund"), request, fund.WHY, request.version)


def _approve(request: SupportRequest) -> None:
    fund.approve(fund.recommend(request), "fund")


@pytest.mark.parametrize(
    ("ends", "counted"),
    [(_withdraw, 0), (_refuse, 0), (_return, 0), (_cancel, 0), (_approve, SMALL)],
)
def test_what_was_granted_counts_and_what_came_to_nothing_does_not(
    ends: Callable[[SupportRequest], None], counted: int
) -> None:
    first = fund.sent(SMALL)
    ends(first)
    assert for_the_same(first).other_amount == counted


def test_what_left_beyond_what_was_approved_counts_covered_or_not() -> None:
    fund.set_up()
    first = fund.committed(100_00, fund.line(20_000_00))
    payment = fund.release(fund.prepared(first), 9_000_00)
    assert for_the_same(first, 100_00).other_amount == 9_000_00
    commitments.cover(make.actor("board"), payment, fund.WHY, payment.version)
    again = for_the_same(first, 100_00)
    assert (again.level, needs(again)) == ("board", BOARD)


def test_support_adds_up_over_the_days_of_the_settings() -> None:
    first = fund.approved(SMALL)
    with clock.as_of(clock.now() + timedelta(days=80)):
        fund.set_up(adding_days=60)
        assert needs(for_the_same(first)) == OFFICER
        fund.set_up()
        assert needs(for_the_same(first)) == DIRECTOR


def test_of_two_that_are_sent_at_once_one_counts_the_other() -> None:
    first = fund.sent(SMALL)
    second = for_the_same(first)
    assert (needs(first), needs(second)) == (OFFICER, DIRECTOR)
    fund.approve(fund.recommend(first), "fund")
    fund.approve(fund.recommend(second), "fund")
    assert (first.status, second.status) == ("approved", "recommended")


def test_what_was_granted_meanwhile_counts_before_the_last_approval() -> None:
    first = fund.recommend(fund.sent(SMALL))
    second = for_the_same(first)
    fund.approve(fund.recommend(second), "fund", "national")
    assert needs(first) == OFFICER
    fund.approve(first, "fund")
    assert (first.status, needs(first)) == ("recommended", DIRECTOR)
    fund.approve(first, "national")
    assert first.status == "approved"


def test_where_more_must_sign_and_the_board_named_nobody_it_is_said_and_nothing_is_signed() -> None:
    fund.set_up(board=None, officer_most=400_00, director_most=550_00)
    first = fund.recommend(fund.sent(SMALL))
    fund.set_up(officer_most=400_00, director_most=550_00)
    _approve_all(for_the_same(first))
    fund.set_up(board=None, officer_most=400_00, director_most=550_00)
    fund.no_tie(first, "fund")
    with pytest.raises(WrongStatus, match="named nobody"):
        decisions.approve(make.actor("fund"), first, fund.WHY, first.version)
    session().rollback()
    assert (first.approvers(), needs(first)) == (set(), OFFICER)


def _approve_all(request: SupportRequest) -> None:
    fund.approve(fund.recommend(request), "fund", "national", "board")


def test_a_level_does_not_fall_by_what_its_author_takes_back() -> None:
    first = fund.sent(SMALL)
    second = for_the_same(first)
    _withdraw(first)
    payee = person_in(second, RequestRole.PAYEE)
    requests.edit(make.actor("monitor"), second, NEW(200_00, payee=payee), second.version)
    assert (second.counted_amount, needs(second)) == (200_00 + SMALL, OFFICER)
    requests.edit(make.actor("monitor"), second, NEW(SMALL, payee=payee), second.version)
    assert needs(second) == DIRECTOR
    _return(second)
    requests.submit(make.actor("monitor"), second, second.version)
    assert needs(second) == OFFICER, "somebody else returned it"


RIEL = {
    "currency": "KHR", "officer_most": 2_000_000_00, "director_most": 12_000_000_00,
}  # fmt: skip


def test_what_others_come_to_is_counted_anew_where_a_request_is_weighed_in_another_currency() -> (
    None
):
    fund.set_up(**RIEL)
    fund.tier_rate(4000, fund.today())
    first = fund.sent(SMALL)
    second = for_the_same(first)
    assert second.other_amount == SMALL * 4000
    fund.set_up()
    payee = person_in(second, RequestRole.PAYEE)
    requests.edit(make.actor("monitor"), second, NEW(200_00, payee=payee), second.version)
    assert (second.other_amount, needs(second)) == (SMALL, OFFICER)


def test_what_all_decide_on_anyway_waits_for_no_rate_of_another_currency() -> None:
    fund.set_up()
    first = fund.recommended(4_000_00)
    _approve_all(for_the_same(first, 100_00))
    fund.set_up(**RIEL)
    fund.approve(first, "fund")
    assert (first.other_amount, needs(first)) == (100_00, BOARD)


# Ceilings ----------------------------------------------------------------------------------------


def test_five_emergencies_of_one_payee_are_not_five_emergencies() -> None:
    first = fund.sent(200_00)
    second = for_the_same(first, 200_00)
    fund.released_at_once(first, "fund", "director")
    fund.no_tie(second, "fund")
    with pytest.raises(WrongStatus, match="With other emergencies of the same people"):
        emergency.release(make.actor("fund"), second, "Tonight.", second.version)
    session().rollback()
    with clock.as_of(clock.now() + timedelta(days=91)):
        fund.released_at_once(second, "fund", "director")
    assert second.status == "approved"


def test_what_was_granted_in_the_usual_way_keeps_nobody_from_help_tonight() -> None:
    first = fund.approved(2_000_00)
    tonight = for_the_same(first, 60_00)
    fund.released_at_once(tonight, "fund", "director")
    assert tonight.status == "approved"


def test_an_emergency_beside_which_another_was_released_meanwhile_takes_a_third() -> None:
    first = fund.sent(200_00)
    second = for_the_same(first, 200_00)
    fund.released_at_once(first, "fund")
    fund.set_up(emergency_most=400_00)
    fund.released_at_once(second, "fund", "director")
    fund.set_up()
    fund.released_at_once(first, "director")
    assert (first.status, first.needs_board) == ("submitted", True)
    fund.released_at_once(first, "national")
    assert first.status == "approved"


def test_many_short_requests_do_not_spare_anybody_the_rest() -> None:
    first = fund.sent(100_00)
    payee = person_in(first, RequestRole.PAYEE)
    case = session().get_one(Case, first.case_id)
    short = requests.ask(make.actor("monitor"), case, fund.short(60_00, payee=payee))
    requests.submit(make.actor("monitor"), short, short.version)
    with pytest.raises(WrongStatus, match="first the rest of the short request"):
        fund.recommend(short)
    session().rollback()
    requests.complete(make.actor("monitor"), short, NEW(60_00, payee=payee), short.version)
    fund.recommend(short)
    assert short.status == "recommended"


# Who reads it -------------------------------------------------------------------------------------


def _hidden_from_fund() -> SupportRequest:
    """Return a granted request that one fund officer may not read: they know its people."""
    request = fund.approve(fund.recommended(SMALL), "fund2")
    conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")
    return request


def test_who_decides_reads_the_sum_and_never_of_which_request_they_may_not_read() -> None:
    hidden = _hidden_from_fund()
    helped = person_in(hidden, RequestRole.BENEFICIARY)
    elsewhere = make.case_of(make.incident(victims=(helped,)))
    request = requests.ask(make.actor("monitor"), elsewhere, NEW(SMALL, beneficiary=helped))
    requests.submit(make.actor("monitor"), request, request.version)
    counts = COUNTS % {"sum": "600.00 USD"}
    assert fund.warnings("fund", request) == [prior_support.HIDDEN, counts]
    named = f"Request {hidden.code} is for some of the same people."
    assert fund.warnings("national", request) == [named, counts]
    assert counts not in fund.warnings("monitor", request), "whoever asked does not read the sum"


def test_one_case_that_asks_several_times_shows_as_such() -> None:
    first = fund.sent(SMALL)
    assert fund.warnings("national", first) == []
    second = asked_again(first, 450_00)
    _withdraw(asked_again(first))
    fund.sent(SMALL)
    values = {"count": 2, "days": 90, "sum": "750.00 USD", "codes": second.code}
    assert fund.warnings("national", first) == [SPLIT_AMONG % values]
    with clock.as_of(clock.now() + timedelta(days=91)):
        assert fund.warnings("national", first) == []


# Whatever one person does -------------------------------------------------------------------------

Act = tuple[str, int, int]
acts = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "change", "withdraw", "again"]),
        st.integers(0, 4),
        st.sampled_from([60_00, 200_00, 450_00, 500_00]),
    ),
    min_size=2,
    max_size=8,
)


class Author:
    """A monitor who asks for one payee in many ways, and never asks anybody else."""

    def __init__(self, case: Case) -> None:
        first = requests.ask(make.actor("monitor"), case, NEW(60_00))
        self.case = case
        self.helped = person_in(first, RequestRole.BENEFICIARY)
        self.payee = person_in(first, RequestRole.PAYEE)
        self.sent: list[SupportRequest] = []

    def draft(self, amount: int) -> Any:
        """Return what is asked, always for the same two."""
        return NEW(amount, beneficiary=self.helped, payee=self.payee)

    def act(self, name: str, which: int, amount: int) -> None:
        """Do one thing, where it can be done."""
        actor = make.actor("monitor")
        if name == "ask" or not self.sent:
            request = requests.ask(actor, self.case, self.draft(amount))
            requests.submit(actor, request, request.version)
            self.sent.append(request)
            return
        request = self.sent[which % len(self.sent)]
        try:
            if name == "change":
                requests.edit(actor, request, self.draft(amount), request.version)
            elif name == "withdraw":
                requests.withdraw(actor, request, request.version)
            else:
                requests.submit(actor, request, request.version)
        except DomainError:
            session().rollback()
            session().refresh(request)


def test_nobody_alone_moves_what_they_ask_for_to_a_lower_level() -> None:
    case = make.case_of(make.incident())
    most = FundSettings.__table__.c.officer_most.default.arg

    @settings(
        max_examples=usual_or_deep(12, 500),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(sequence=acts)
    def holds(sequence: list[Act]) -> None:
        author = Author(case)
        for name, which, amount in sequence:
            before = {one.id: (one.amount, len(needs(one))) for one in author.sent}
            author.act(name, which, amount)
            live = [one for one in author.sent if one.status == "submitted"]
            alone = sum(one.amount for one in live if needs(one) == OFFICER)
            assert alone <= most, "a fund officer alone would grant more than the settings let"
            for one in live:
                asked, level = before.get(one.id, (one.amount, 0))
                assert len(needs(one)) >= level or one.amount < asked

    holds()
