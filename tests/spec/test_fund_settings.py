"""Changing how the fund decides: what is proposed, what two want, and what is put back."""

from typing import Any

import pytest

from hrdtracker.access.action import Action
from hrdtracker.accounts import proposals
from hrdtracker.accounts.model import Proposal
from hrdtracker.core.errors import NotAllowed, Refused, Stale, WrongStatus
from hrdtracker.fund.model import FundSettings
from hrdtracker.fund.rules import settings
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _now() -> FundSettings:
    return settings.settings_of(make.organisation().id)


def _propose(board: str | None = "board", **changes: Any) -> Proposal:
    named = make.user(board).uid if board else None
    draft = settings.FundSettingsDraft(board=named, **changes)
    return settings.change_settings(
        make.actor("admin"), make.organisation(), draft, _now().version or 0
    )


def _confirm(proposal: Proposal) -> Proposal:
    proposals.confirm(make.actor("national"), proposal)
    return proposal


def test_the_settings_of_another_organisation_count_for_nobody_here() -> None:
    fund.set_up(officer_most=700_00)
    elsewhere = settings.settings_of(make.organisation().id + 1)
    assert (_now().officer_most, elsewhere.officer_most) == (700_00, 500_00)


def test_the_settings_say_whom_the_board_named() -> None:
    assert settings.board_of(_now()) == ""
    fund.set_up()
    assert settings.board_of(_now()) == make.user("board").uid.hex


def test_a_proposal_says_what_it_changes_and_nothing_else() -> None:
    proposal = _propose(officer_most=700_00)
    assert proposal.values["before"] == {"board_id": None, "officer_most": 500_00}
    assert proposal.user_id == make.user("board").id


def test_settings_as_they_are_and_settings_that_were_not_seen_are_refused() -> None:
    fund.set_up()
    with pytest.raises(Refused):
        _propose()
    with pytest.raises(Stale):
        settings.change_settings(
            make.actor("admin"), make.organisation(), settings.FundSettingsDraft(), 0
        )


def test_of_what_is_proposed_one_after_the_other_only_the_last_waits() -> None:
    first, second = _propose(officer_most=700_00), _propose(officer_most=800_00)
    assert proposals.waiting_for(_now(), Action.FUND_SETTINGS_CHANGE) is second
    with pytest.raises(WrongStatus):
        _confirm(first)
    _confirm(second)
    assert _now().officer_most == 800_00
    assert proposals.waiting_for(_now()) is None


def test_settings_do_not_count_that_were_proposed_before_somebody_stopped_others() -> None:
    first = _confirm(_propose())
    second = _propose(officer_most=700_00)
    proposals.stop(make.actor("board"), first)
    with pytest.raises(WrongStatus, match="changed meanwhile"):
        _confirm(second)
    assert (_now().officer_most, _now().board_id) == (500_00, None)


def test_whom_the_board_named_before_has_no_part_in_other_changes() -> None:
    _confirm(_propose())
    later = _confirm(_propose(officer_most=700_00))
    assert later.user_id is None
    with pytest.raises(NotAllowed):
        proposals.stop(make.actor("board"), later)


@pytest.mark.parametrize("board", ["board", "nobody", None])
def test_what_is_refused_leaves_whom_the_board_named_before(board: str | None) -> None:
    _confirm(_propose())
    proposals.refuse(make.actor("national"), _propose(board, officer_most=700_00))
    assert (_now().officer_most, _now().board_id) == (500_00, make.user("board").id)


def test_whoever_was_named_lately_stops_it_and_not_whom_the_board_named_since() -> None:
    first = _confirm(_propose("nobody"))
    _confirm(_propose("board"))
    proposals.stop(make.actor("nobody"), first)
    assert _now().board_id == make.user("board").id
