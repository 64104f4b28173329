"""A desk with the sheets of an import, and the law of another country, for the tests."""

from pathlib import Path

import pytest

from hrdtracker.access.actor import operator
from hrdtracker.accounts import terms
from hrdtracker.codelists.files import parse_list
from tests import make
from tests.intake.court_sheets import ARTICLES, of_nowhere
from tests.spec.sheets import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture
def law(unit: object) -> None:
    """Add two articles of a law of another country, as data."""
    del unit
    rows = parse_list("provision", of_nowhere(*ARTICLES))
    machine = operator(make.organisation().id)
    assert terms.add_from_file(machine, make.organisation(), "provision", rows) == (2, 0)
