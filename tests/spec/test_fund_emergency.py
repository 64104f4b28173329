"""Money that cannot wait: who releases it, who ratifies it, and what follows where nobody does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Role
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.model import Decision, EmergencyRelease, SupportRequest
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import service as requests
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
WHY = fund.WHY


def _release_of(request: SupportRequest) -> EmergencyRelease | None:
    about = EmergencyRelease.request_id == request.id
    return session().scalar(select(EmergencyRelease).where(about, EmergencyRelease.stands()))


def test_a_fund_officer_and_a_director_release_a_small_amount_at_once() -> None:
    request = fund.released_at_once(fund.sent(), "fund")
    assert request.status == "submitted"
    fund.released_at_once(request, "director")
    assert (request.status, request.emergency) == ("approved", True)
    release = _release_of(request)
    assert release is not None
    assert release.ratify_by - release.released_at == timedelta(hours=72)


def test_an_emergency_is_for_a_small_amount_only() -> None:
    request = fund.sent(300_01)
    fund.no_tie(request, "fund")
    with pytest.raises(WrongStatus, match="too much"):
        emergency.release(make.actor("fund"), request, "Tonight.", request.version)


@pytest.mark.engines("sqlite")
def test_a_ceiling_that_is_raised_is_for_what_is_sent_after_it() -> None:
    request = fund.sent(350_00)
    fund.set_up(emergency_most=400_00)
    with pytest.raises(WrongStatus, match="too much"):
        fund.released_at_once(request, "fund")
    session().rollback()
    assert fund.released_at_once(fund.sent(350_00), "fund").emergency


def test_whoever_released_does_not_ratify() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    for login in ("fund", "director"):
        with pytest.raises(NotAllowed):
            fund.ratify(request, login, ratified=True)
    fund.ratify(request, "national", ratified=True)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("ratified", "verdict"), [(True, "ratified"), (False, "not_ratified")])
def test_each_signature_and_what_a_third_person_says_of_them_are_kept(
    *, ratified: bool, verdict: str
) -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(request, "national", ratified=ratified)
    about = select(Decision.verdict).where(Decision.request_id == request.id).order_by(Decision.id)
    assert list(session().scalars(about)) == ["emergency", "emergency", verdict]


def test_two_officers_do_not_make_an_emergency() -> None:
    request = fund.released_at_once(fund.sent(), "fund")
    fund.no_tie(request, "fund2")
    with pytest.raises(WrongStatus, match="Somebody else"):
        emergency.release(make.actor("fund2"), request, "Tonight.", request.version)


def test_after_a_refused_ratification_the_same_two_need_a_third_until_it_is_lifted() -> None:
    first = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(first, "director2", ratified=False)
    second = fund.released_at_once(fund.sent(), "fund", "director")
    assert second.status == "submitted"
    fund.released_at_once(second, "fund2")
    assert second.status == "approved"
    emergency.lift(make.actor("national"), first)
    assert fund.released_at_once(fund.sent(), "fund", "director").status == "approved"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("officer", "director"), [("fund2", "director"), ("fund", "director2")])
def test_two_who_never_released_together_what_was_refused_need_no_third(
    officer: str, director: str
) -> None:
    fund.ratify(fund.released_at_once(fund.sent(), "fund", "director"), "national", ratified=False)
    assert fund.released_at_once(fund.sent(), officer, director).status == "approved"


@pytest.mark.engines("sqlite")
def test_two_who_hold_both_roles_need_the_third_whichever_of_them_signs_first() -> None:
    make.role_given("fund", Role.DIRECTOR, make.office(make.HERE))
    make.role_given("director", Role.FUND_OFFICER, make.office(make.HERE))
    fund.ratify(fund.released_at_once(fund.sent(), "fund", "director"), "national", ratified=False)
    for two in (("fund", "director"), ("director", "fund")):
        request = fund.released_at_once(fund.sent(), *two)
        assert request.approvers() == {make.user(login).id for login in two}
        assert (request.status, request.needs_board) == ("submitted", True), two


def test_the_third_signature_waits_for_whoever_may_give_it_once_two_have_signed() -> None:
    first = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(first, "director2", ratified=False)
    second = fund.released_at_once(fund.sent(), "fund")
    assert second.code not in _waits_for("fund2")
    fund.released_at_once(second, "director")
    for login in ("fund2", "director2", "national"):
        assert second.code in _waits_for(login), login
    for login in ("fund", "director"):
        assert second.code not in _waits_for(login), login


def test_a_release_that_was_not_ratified_waits_for_nobody_to_pay_it() -> None:
    ratified, refused = (fund.released_at_once(fund.sent(), "fund", "director") for _ in range(2))
    fund.ratify(ratified, "national", ratified=True)
    fund.ratify(refused, "national", ratified=False)
    assert ratified.code in _waits_for("fund2")
    assert refused.code not in _waits_for("fund2")


def _waits_for(login: str) -> set[str]:
    return {each.code for each in waiting(make.actor(login))}


def test_only_the_national_director_lifts_the_third_signature() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(request, "director2", ratified=False)
    with pytest.raises(NotAllowed):
        emergency.lift(make.actor("director2"), request)


def test_nothing_more_is_paid_of_an_emergency_that_was_not_ratified() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(request, "national", ratified=False)
    with pytest.raises(WrongStatus, match="not ratified"):
        commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)


def test_a_change_voids_a_release_and_nobody_has_to_ratify_what_released_nothing() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    _correct(request)
    assert Action.FUND_RATIFY not in {one.verb for one in waiting(make.actor("national"))}
    assert _release_of(request) is None
    with pytest.raises(WrongStatus):
        fund.ratify(request, "national", ratified=True)


def test_what_was_changed_is_released_anew_by_whom_else_it_takes() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "director")
    fund.ratify(request, "director2", ratified=False)
    _correct(request)
    fund.released_at_once(request, "fund", "director")
    assert request.status == "submitted"
    fund.released_at_once(request, "fund2")
    assert (request.status, request.emergency) == ("approved", True)
    fund.ratify(request, "director2", ratified=True)
    commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
    emergency.lift(make.actor("national"), request)
    assert fund.released_at_once(fund.sent(), "fund", "director").status == "approved"


def test_whoever_released_what_was_not_ratified_does_not_lift_it_after_a_change_either() -> None:
    request = fund.released_at_once(fund.sent(), "fund", "national")
    fund.ratify(request, "director2", ratified=False)
    _correct(request)
    fund.no_tie(request, "national")
    with pytest.raises(WrongStatus, match="Somebody else"):
        emergency.lift(make.actor("national"), request)


def _correct(request: SupportRequest) -> None:
    author = make.actor("monitor")
    requests.edit(author, request, fund.draft(90_00), request.version)
    if request.status == "returned":
        requests.submit(author, request, request.version)
    assert (request.status, request.emergency) == ("submitted", False)
