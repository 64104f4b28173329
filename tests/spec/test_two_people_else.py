"""Offices, the fund, and recovery: what takes two besides roles and accounts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import FactorsFor, Role, UserState
from hrdtracker.access.policy import allows
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, queries, roles, staff
from hrdtracker.accounts.drafts import OfficeDraft, SettingsDraft
from hrdtracker.accounts.model import Proposal
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.fund.rules import settings
from tests import fund, make
from tests.two_people import NEVER, holds, propose, settle, waiting

pytestmark = pytest.mark.usefixtures("unit")
GOOD = "cloud ladder teapot violin"


# Offices and the fund ----------------------------------------------------------------------------


def _open_office() -> Proposal:
    office = make.office(make.HERE)
    draft = OfficeDraft(office.code, office.name_en, office.name_km, open_to_monitors=True)
    organisations.change_office(make.actor("admin"), office, draft)
    return waiting(office)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("who", "may"),
    [("admin2", False), ("far_director", False), ("director", True), ("national", True),
     ("second", True)],
)  # fmt: skip
def test_an_office_is_opened_by_an_administrator_and_who_directs_it(who: str, *, may: bool) -> None:
    proposal = _open_office()
    assert not make.office(make.HERE).open_to_monitors
    if may:
        proposals.confirm(make.actor(who), proposal)
    else:
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(who), proposal)
    assert make.office(make.HERE).open_to_monitors is may


@pytest.mark.engines("sqlite")
def test_that_an_office_is_opened_is_stopped_by_whoever_works_there_or_everywhere() -> None:
    make.role_given("nobody", Role.MONITOR, None)
    proposal = _open_office()
    logins = ("monitor", "director", "national", "nobody", "stranger", "far_director", "fund")
    able = {login for login in logins if allows(make.actor(login), Action.PROPOSAL_STOP, proposal)}
    assert able == {"monitor", "director", "national", "nobody"}


@pytest.mark.parametrize("who", ["monitor", "director2"])
def test_whoever_works_there_stops_that_an_office_is_opened(who: str) -> None:
    proposal = _open_office()
    proposals.confirm(make.actor("national"), proposal)
    proposals.stop(make.actor(who), proposal)
    assert not make.office(make.HERE).open_to_monitors


def test_an_office_whose_opening_was_stopped_is_not_opened_by_a_closing_that_lapses() -> None:
    opening = _open_office()
    proposals.confirm(make.actor("national"), opening)
    office = make.office(make.HERE)
    closed = OfficeDraft(office.code, office.name_en, office.name_km)
    organisations.change_office(make.actor("admin"), office, closed)
    proposals.stop(make.actor("monitor"), opening)
    settle(proposals.HOLDS_FOR)
    assert not office.open_to_monitors


def test_a_new_office_is_not_open_before_a_second_person_says_so() -> None:
    draft = OfficeDraft("BTB", "Battambang", "បាត់ដំបង", open_to_monitors=True)
    made = organisations.open_office(make.actor("admin"), make.organisation(), draft)
    assert not made.open_to_monitors
    make.confirm("national", made)
    assert made.open_to_monitors


def _change_fund(**changes: Any) -> Proposal:
    draft = settings.FundSettingsDraft(board=make.user("admin").uid, **changes)
    version = settings.settings_of(make.organisation().id).version or 0
    return settings.change_settings(make.actor("admin"), make.organisation(), draft, version)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["admin2", "director", "fund", "finance", "auditor"])
def test_nobody_names_themselves_for_the_board_nor_switches_a_duty_off(who: str) -> None:
    proposal = _change_fund(preparer_may_release=True)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor(who), proposal)
    rules = settings.settings_of(make.organisation().id)
    assert (rules.board_id, rules.preparer_may_release) == (None, False)


def test_settings_of_the_fund_count_once_whoever_directs_all_confirms_them() -> None:
    proposals.confirm(make.actor("national"), _change_fund(officer_most=700_00))
    assert settings.settings_of(make.organisation().id).officer_most == 700_00


def test_settings_that_others_overtook_are_proposed_anew() -> None:
    first = _change_fund(officer_most=700_00)
    fund.set_up(officer_most=800_00)
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("national"), first)


# Second factors ----------------------------------------------------------------------------------


def _ask(who: FactorsFor, days: int) -> Proposal | None:
    made = make.organisation()
    draft = SettingsDraft(
        made.name, made.product, "en", made.zone, who, made.factors_by + timedelta(days=days), 12
    )
    return organisations.change_settings(make.actor("admin"), made, draft)


def _asked() -> tuple[str, datetime]:
    return make.organisation().factors_for, make.organisation().factors_by


def test_to_ask_more_of_second_factors_counts_at_once() -> None:
    by = make.organisation().factors_by
    assert _ask(FactorsFor.EVERYBODY, -2) is None
    assert _asked() == (FactorsFor.EVERYBODY, by - timedelta(days=2))


@pytest.mark.parametrize(
    ("who", "days"),
    [(FactorsFor.DECIDERS, 0), (FactorsFor.EVERYBODY, 30), (FactorsFor.DECIDERS, 30)],
)
def test_to_ask_less_of_second_factors_takes_two(who: FactorsFor, days: int) -> None:
    _ask(FactorsFor.EVERYBODY, 0)
    before = _asked()
    proposal = _ask(who, days)
    assert proposal is not None
    assert _asked() == before
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("admin"), proposal)
    proposals.confirm(make.actor("admin2"), proposal)
    assert _asked() == (who, before[1] + timedelta(days=days))


def test_less_that_was_proposed_before_more_was_asked_does_not_count() -> None:
    proposal = _ask(FactorsFor.DECIDERS, 30)
    assert proposal is not None
    assert _ask(FactorsFor.EVERYBODY, -2) is None
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)
    assert _asked()[0] == FactorsFor.EVERYBODY


def test_whom_somebody_named_for_the_board_stops_it_and_is_it_no_more() -> None:
    proposal = _change_fund(officer_most=700_00)
    proposals.confirm(make.actor("national"), proposal)
    proposals.stop(make.actor("admin"), proposal)
    rules = settings.settings_of(make.organisation().id)
    assert (rules.board_id, rules.officer_most) == (None, 700_00)


# Recovery ----------------------------------------------------------------------------------------


def _nobody_left() -> None:
    for login in ("admin2", "director", "director2", "national", "far_director", "second"):
        make.bring(make.user(login), UserState.LEFT)


def test_one_administrator_alone_gains_nothing_however_long_they_wait() -> None:
    _nobody_left()
    proposal = propose("admin", "nobody")
    assert queries.seconds_of(proposal) == []
    settle(NEVER)
    assert not holds("nobody", Role.DIRECTOR)


def test_whoever_holds_the_machine_helps_where_nobody_is_left() -> None:
    _nobody_left()
    by_hand = operator(make.organisation().id)
    staff.lock_user(by_hand, make.user("admin"))
    held = roles.propose_role(by_hand, make.user("nobody"), Role.ADMINISTRATOR, None)
    assert held.alone
    assert holds("nobody", Role.ADMINISTRATOR)
    settle(NEVER)
    assert waiting(held).lapses_at is None


def test_whoever_holds_the_machine_needs_a_second_person_where_there_is_one() -> None:
    by_hand = operator(make.organisation().id)
    roles.propose_role(by_hand, make.user("nobody"), Role.ADMINISTRATOR, None)
    assert not holds("nobody", Role.ADMINISTRATOR)


def test_what_the_machine_gave_alone_is_shown_to_the_next_who_could_confirm_it() -> None:
    first = make.role_of("admin")
    shown = {line.proposal.subject_uid: line for line in queries.to_confirm(make.actor("national"))}
    assert shown[first.uid].holds
    make.confirm("national", first)
    assert not first.alone
    left = {line.proposal.subject_uid for line in queries.to_confirm(make.actor("national"))}
    assert first.uid not in left


def test_the_console_s_operator_confirms_nothing() -> None:
    with pytest.raises(NotAllowed):
        proposals.confirm(operator(make.organisation().id), propose("admin", "nobody"))


def test_an_administrator_of_another_organisation_changes_nobody_here() -> None:
    elsewhere = replace(make.actor("admin2"), organisation_id=4711)
    with pytest.raises(NotAllowed):
        proposals.confirm(elsewhere, propose("admin", "nobody"))
    with pytest.raises(NotAllowed):
        roles.propose_role(elsewhere, make.user("nobody"), Role.MONITOR, None)
