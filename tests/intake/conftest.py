"""A desk with the sheets of an import, for its tests."""

from pathlib import Path

import pytest

from tests.spec.sheets import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)
