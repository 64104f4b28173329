"""What one organisation calls its own keeps nothing from another."""

import pytest

from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts.drafts import OfficeDraft
from tests import make
from tests.security.world import home

pytestmark = [pytest.mark.usefixtures("world_unit"), pytest.mark.engines("sqlite")]


def test_the_code_of_an_office_of_another_organisation_is_free_here() -> None:
    draft = OfficeDraft("FOR", "Forest", "ព្រៃ")
    made = organisations.open_office(make.actor("admin"), home(), draft)
    assert made.organisation_id == home().id
