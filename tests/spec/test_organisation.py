"""What an administrator changes of offices and limits: once, in its own direction, nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import FactorsFor, Office, Role
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals
from hrdtracker.accounts.drafts import (
    OfficeDraft,
    OrganisationDraft,
    ReadingLimits,
    SecondDraft,
    SettingsDraft,
    UserDraft,
)
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.sending import Sending
from tests import make
from tests.two_people import waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
LIMITS = ReadingLimits(*[1_000] * 7)


def _change(*, opens: bool, name: str = "Phnom Penh") -> Office:
    office = make.office(make.HERE)
    draft = OfficeDraft(office.code, name, office.name_km, open_to_monitors=opens)
    organisations.change_office(make.actor("admin"), office, draft)
    return office


def _limits(limits: ReadingLimits) -> Proposal:
    return organisations.change_limits(make.actor("admin"), make.organisation(), limits)


# Offices -----------------------------------------------------------------------------------------


def test_an_office_that_is_only_renamed_is_neither_opened_nor_closed() -> None:
    office = _change(opens=False, name="The capital")
    assert office.name_en == "The capital"
    assert proposals.waiting_for(office) is None


def test_an_office_is_closed_at_once_and_opened_by_two_and_each_is_proposed_once() -> None:
    office = _change(opens=True)
    first = waiting(office, Action.OFFICE_OPEN_UP)
    _change(opens=True)
    assert waiting(office, Action.OFFICE_OPEN_UP).id == first.id
    proposals.confirm(make.actor("national"), first)
    _change(opens=False)
    assert not office.open_to_monitors
    assert waiting(office).action == Action.OFFICE_CLOSE_OFF


@pytest.mark.parametrize("opens", [True, False])
def test_a_new_office_is_made_once_and_proposed_to_be_open_where_that_was_asked(
    *, opens: bool
) -> None:
    draft = OfficeDraft("BTB", "Battambang", "បាត់ដំបង", open_to_monitors=opens, sending=_sending())
    made = [
        organisations.open_office(make.actor("admin"), make.organisation(), draft) for _ in range(2)
    ]
    assert len({office.id for office in made}) == 1
    assert (proposals.waiting_for(made[0]) is not None) is opens
    with pytest.raises(Refused):
        organisations.open_office(
            make.actor("admin"), make.organisation(), replace(draft, sending=_sending())
        )
    assert len(session().scalars(select(Office).where(Office.code == "BTB")).all()) == 1


def _sending() -> Sending:
    return Sending(uuid4())


# Limits and second factors -----------------------------------------------------------------------


def test_limits_say_what_changes_and_the_latest_proposal_takes_the_place_of_the_one_before() -> (
    None
):
    make.change_limits(LIMITS)
    with pytest.raises(Refused):
        _limits(LIMITS)
    first, second = (_limits(replace(LIMITS, pages_day=most)) for most in (1_001, 1_002))
    assert second.values["before"] == {"pages_day": 1_000}
    assert first.status == ProposalStatus.TAKEN_BACK
    proposals.confirm(make.actor("national"), second)
    assert make.organisation().pages_day == 1_002


def test_the_latest_word_on_second_factors_takes_the_place_of_the_one_before() -> None:
    made, asked = make.organisation(), []
    for days in (30, 40):
        by = made.factors_by + timedelta(days=days)
        draft = SettingsDraft(made.name, made.product, "en", made.zone, FactorsFor.DECIDERS, by, 12)
        asked.append(organisations.change_settings(make.actor("admin"), made, draft))
    first, second = asked
    assert first is not None
    assert second is not None
    assert (first.status, second.status) == (ProposalStatus.TAKEN_BACK, ProposalStatus.WAITS)


def test_a_password_that_is_easily_guessed_sets_nothing_up() -> None:
    draft = OrganisationDraft("Another", "en", OfficeDraft("PNH", "Phnom Penh", "ភ្នំពេញ"))
    second = SecondDraft(UserDraft("other", "Other"), Role.SECOND)
    with pytest.raises(Refused):
        organisations.set_up(operator(), draft, UserDraft("first", "First"), "short", second)
