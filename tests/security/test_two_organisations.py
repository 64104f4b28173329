"""What one organisation calls its own keeps nothing from another."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hrdtracker.access.model import Organisation, Scope
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts.drafts import OfficeDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.clocks.comparing import compare_rules
from hrdtracker.proceedings.rules.files import read_files
from tests import make
from tests.security.world import home

pytestmark = [pytest.mark.usefixtures("world_unit"), pytest.mark.engines("sqlite")]


def test_the_code_of_an_office_of_another_organisation_is_free_here() -> None:
    draft = OfficeDraft("FOR", "Forest", "ព្រៃ")
    made = organisations.open_office(make.actor("admin"), home(), draft)
    assert made.organisation_id == home().id


def test_what_a_change_of_the_law_would_move_is_counted_of_ones_own() -> None:
    book = read_files("KH").book
    others = session().scalars(select(Organisation).where(Organisation.id != home().id)).all()
    for organisation in (home(), *others):
        moved = compare_rules(replace(book, rules=()), book, clock.now(), organisation)
        scopes = {one.scope_id for one in moved}
        own = select(Scope.id).where(Scope.organisation_id == organisation.id)
        assert scopes <= set(session().scalars(own))
