"""What is so of one request or payment says nothing of another; and who may still act on each."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.model import Role
from hrdtracker.core import clock
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import delegation, emergency
from hrdtracker.fund.decisions import service as deciding
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Delegation, Payment, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _may(login: str, verb: Action, request: SupportRequest) -> bool:
    return verb in REQUEST.offers(make.actor(login), (verb,), request).may


def _released(*logins: str) -> SupportRequest:
    return fund.released_at_once(fund.sent(), *(logins or ("fund", "director")))


def _refused(*logins: str, by: str = "director2") -> SupportRequest:
    request = _released(*logins)
    fund.ratify(request, by, ratified=False)
    return request


def _commit(request: SupportRequest) -> SupportRequest:
    fund.no_tie(request, "fund")
    commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
    return request


# People ------------------------------------------------------------------------------------------


def test_whoever_answered_for_one_request_is_asked_for_the_next() -> None:
    first, second = fund.sent(), fund.sent()
    fund.no_tie(first, "fund")
    fund.no_tie(second, "fund2")
    with pytest.raises(WrongStatus, match="whether you know"):
        deciding.return_request(make.actor("fund"), second, "Why?", second.version)


def test_the_board_s_person_does_not_decide_on_what_they_asked_for() -> None:
    fund.set_up(board=make.user("director").uid)
    request = fund.drafted(4_000_00, "director")
    with pytest.raises(WrongStatus, match="named nobody"):
        requests.submit(make.actor("director"), request, request.version)


def test_for_the_board_only_whom_it_named_decides() -> None:
    fund.set_up()
    request = fund.approve(fund.recommended(4_000_00), "fund", "national")
    fund.no_tie(request, "director2", "fund2", "board")
    may = {
        who for who in ("director2", "fund2", "board") if _may(who, Action.FUND_APPROVE, request)
    }
    assert may == {"board"}


def _stands_in(login: str, of: str, capacity: Capacity, place: str = make.HERE) -> Delegation:
    begins, to, office = (
        clock.now() - timedelta(minutes=1),
        make.user(login).uid,
        make.office(place),
    )
    draft = DelegationDraft(to, capacity, begins, begins + timedelta(days=2), office.uid)
    named = delegation.delegate(make.actor(of), make.organisation(), draft)
    make.confirm("admin2", named)
    return named


def test_who_stands_in_for_an_officer_does_not_sign_as_a_director_when_only_one_is_wanted() -> None:
    _stands_in("colleague", "fund", Capacity.OFFICER)
    first, second = fund.recommended(1_000_00), fund.recommended(1_000_00)
    fund.approve(second, "fund2")
    for request in (first, second):
        fund.no_tie(request, "colleague")
    assert _may("colleague", Action.FUND_APPROVE, first)
    assert not _may("colleague", Action.FUND_APPROVE, second)


@pytest.mark.parametrize(
    ("of", "place", "ends", "may"),
    [
        ("national", make.HERE, False, True),
        ("national", make.HERE, True, False),
        ("national", make.THERE, False, False),
        ("director", make.HERE, False, False),  # who asked for it
    ],
)
def test_a_stand_in_signs_today_in_that_office_and_for_nobody_who_asked(
    of: str,
    place: str,
    ends: bool,  # noqa: FBT001
    may: bool,  # noqa: FBT001
) -> None:
    named = _stands_in("fund2", of, Capacity.DIRECTOR, place)
    request = fund.recommend(fund.sent(1_000_00, "director"), "director2")
    fund.approve(request, "fund")
    fund.no_tie(request, "fund2")
    if ends:
        delegation.end_delegation(make.actor(of), make.organisation(), named.uid)
    assert _may("fund2", Action.FUND_APPROVE, request) is may


# Emergencies -------------------------------------------------------------------------------------


def test_what_the_board_decides_in_place_of_others_it_does_not_release_in_haste() -> None:
    fund.set_up()
    request = fund.sent()
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    fund.no_tie(request, "board")
    assert request.needs_board
    assert not _may("board", Action.FUND_EMERGENCY, request)


def _by_the_board(request: SupportRequest) -> None:
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    fund.approve(request, "board")


@pytest.mark.parametrize(
    "approve",
    [
        lambda request: fund.approve(request, "fund"),
        lambda request: fund.approve(request, "national"),
        _by_the_board,
    ],
    ids=["officer", "director", "board"],
)
def test_what_one_has_approved_is_not_released_in_haste_besides(
    approve: Callable[[SupportRequest], object],
) -> None:
    fund.set_up(officer_most=100_00)
    request = fund.recommended(200_00)
    approve(request)
    assert request.status == "recommended"
    fund.no_tie(request, "director2")
    with pytest.raises(WrongStatus, match="has approved it already"):
        REQUEST.check(make.actor("director2"), Action.FUND_EMERGENCY, request)


def test_the_ceiling_is_one_of_the_currency_in_which_a_request_was_weighed() -> None:
    request = fund.sent()
    fund.no_tie(request, "fund")
    fund.set_up(currency="KHR")
    with pytest.raises(WrongStatus, match="too much"):
        emergency.release(make.actor("fund"), request, "Tonight.", request.version)


def test_a_release_is_ratified_once() -> None:
    request = _released()
    fund.ratify(request, "national", ratified=True)
    with pytest.raises(WrongStatus):
        fund.ratify(request, "director2", ratified=False)


def test_a_release_that_was_refused_or_waits_stops_no_other_request() -> None:
    _released()
    refused, other = _refused("fund2", "national"), _commit(_released("fund", "director2"))
    payment = fund.prepared(other)
    PAYMENT.check(make.actor("finance"), Action.FUND_REVEAL, payment)
    fund.account(fund.receive(fund.release(payment)))
    acquittals.record_outcome(make.actor("director"), other, "yes", "")
    with pytest.raises(WrongStatus, match="to be ratified"):
        acquittals.close(make.actor("fund"), other, other.version)
    fund.ratify(other, "national", ratified=True)
    with pytest.raises(WrongStatus):
        emergency.lift(make.actor("national"), other)
    assert not _may("fund2", Action.FUND_COMMIT, refused)
    acquittals.close(make.actor("fund"), other, other.version)


@pytest.mark.parametrize("part", ["officer", "director", "third"])
def test_whoever_signed_as_what_ever_does_not_lift_that_it_takes_a_third(part: str) -> None:
    if part == "officer":
        make.role_given("national", Role.FUND_OFFICER, None)
        request = _refused("national", "director")
    elif part == "director":
        request = _refused("fund", "national")
    else:
        _refused()
        request = _refused("fund", "director", "national")
    requests.edit(make.actor("monitor"), request, fund.draft(90_00), request.version)
    with pytest.raises(WrongStatus, match="Somebody else"):
        REQUEST.check(make.actor("national"), Action.FUND_LIFT, request)


# Payments ----------------------------------------------------------------------------------------


def test_a_payment_that_was_dropped_or_is_another_request_s_hinders_nothing() -> None:
    fund.paid()
    request = fund.committed()
    (only,) = instalments_of(request)
    first = fund.prepared(request)
    payments.drop(make.actor("fund"), first, first.version)
    second = fund.prepared(request)
    payments.drop(make.actor("fund"), second, second.version)
    assert only.still_needed is True
    commitments.cancel(make.actor("fund"), request, "Somebody else paid.", request.version)
    assert request.status == "cancelled"


@pytest.mark.parametrize(
    ("still_there", "still_needed"), [(True, False), (False, True), (False, False)]
)
def test_nothing_is_prepared_for_who_is_gone_or_needs_it_no_more(
    still_there: bool,  # noqa: FBT001
    still_needed: bool,  # noqa: FBT001
) -> None:
    request = fund.committed()
    (only,) = instalments_of(request)
    monitor = make.actor("monitor")
    payments.check(
        monitor,
        request,
        only.uid,
        still_there=still_there,
        still_needed=still_needed,
        version=request.version,
    )
    assert not _prepares(request)
    payments.check(
        monitor, request, only.uid, still_there=True, still_needed=True, version=request.version
    )
    assert _prepares(request)


def _prepares(request: SupportRequest) -> bool:
    try:
        fund_officer, (only,) = make.actor("fund"), instalments_of(request)
        payments.prepare(fund_officer, request, only.uid, Sending(uuid4()))
    except WrongStatus:
        return False
    return True


@pytest.mark.parametrize(
    ("setting", "who"), [("preparer_may_release", "fund"), ("verifier_may_release", "director")]
)
def test_a_small_office_may_let_one_person_do_two_things(setting: str, who: str) -> None:
    make.role_given(who, Role.FINANCE_OFFICER, make.office(make.HERE))
    payment = fund.prepared(_commit(fund.approve(fund.recommended(), "fund2")))
    with pytest.raises(WrongStatus):
        PAYMENT.check(make.actor(who), Action.FUND_RELEASE, payment)
    fund.set_up(**{setting: True})
    PAYMENT.check(make.actor(who), Action.FUND_RELEASE, payment)


def test_a_short_request_is_closed_with_what_it_says_and_who_asked_says_the_rest() -> None:
    monitor = make.actor("monitor")
    request = requests.ask(monitor, make.case_of(make.incident()), fund.short())
    requests.submit(monitor, request, request.version)
    _commit(fund.approve(fund.recommend(request), "fund"))
    fund.account(fund.receive(fund.release(fund.prepared(request))))
    acquittals.record_outcome(make.actor("director"), request, "yes", "")
    acquittals.close(make.actor("fund"), request, request.version)
    assert request.status == "closed"
    everybody = {login: waiting(make.actor(login)) for login in make.NAMES}
    owed = {login: [item.verb for item in items] for login, items in everybody.items() if items}
    assert owed == {"monitor": [Action.FUND_COMPLETE]}
    requests.complete(monitor, request, fund.draft(), request.version)
    assert waiting(monitor) == []


def test_a_short_request_is_not_weighed_against_an_amount_of_another_currency() -> None:
    fund.set_up()
    fund.tier_rate(4000, fund.today())
    monitor = make.actor("monitor")
    request = requests.ask(monitor, make.case_of(make.incident()), fund.short())
    requests.submit(monitor, request, request.version)
    fund.set_up(currency="KHR", officer_most=2_000_000_00, director_most=12_000_000_00)
    with pytest.raises(WrongStatus, match="first the rest of the short request"):
        fund.recommend(request)


def test_what_was_not_sent_or_was_taken_back_owes_no_rest() -> None:
    monitor = make.actor("monitor")
    request = requests.ask(monitor, make.case_of(make.incident()), fund.short())
    with pytest.raises(WrongStatus):
        requests.complete(monitor, request, fund.draft(), request.version)
    requests.submit(monitor, request, request.version)
    requests.withdraw(monitor, request, request.version)
    with pytest.raises(WrongStatus):
        requests.complete(monitor, request, fund.draft(), request.version)
    assert waiting(monitor) == []


def test_whether_one_helped_is_not_said_of_another() -> None:
    first, second = fund.committed(), fund.committed()
    for request in (first, second):
        fund.account(fund.receive(fund.release(fund.prepared(request))))
    acquittals.record_outcome(make.actor("director"), first, "yes", "")
    with pytest.raises(WrongStatus, match="asked yet"):
        acquittals.close(make.actor("fund"), second, second.version)
    acquittals.record_outcome(make.actor("director"), second, "no", "")
    acquittals.close(make.actor("fund"), second, second.version)


def _accounted(who: str) -> Payment:
    (payment,) = commitments.payments_of(fund.paid())
    slip = AcquittalDraft(100_00, document="transfer_slip", reference="1", dated=fund.today())
    acquittals.acquit(make.actor(who), payment, slip, fund.seen(payment))
    return payment


def test_what_waits_for_its_review_waits_for_no_declaration() -> None:
    payment = _accounted("monitor")
    with pytest.raises(WrongStatus):
        acquittals.declare_spent(make.actor("director"), payment, fund.seen(payment))
    fund.receive(payment)
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    assert payments.request_of(payment).status == "acquitted"
