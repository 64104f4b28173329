"""The command that begins a page writes a page that opens, and says nothing of who may."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tools.new_page import write_page

COPIED = ("hrdtracker", "templates", "tests/security", "tests/web", "migrations")
OPENS = """
from pathlib import Path
from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core.keyfile import RootKey

app = create_app(Settings(instance=Path(".")), RootKey(bytes(32), demo=True))
assert app.url_map.bind("").match("/cases/handover") == ("cases_handover.handover", {})
app.jinja_env.get_template("cases/handover.html")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the command changes."""
    for part in COPIED:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.py", tmp_path)
    return tmp_path


def test_a_new_page_opens_and_is_open_to_nobody_until_a_line_says_so(checkout: Path) -> None:
    written = write_page(checkout, "cases", "handover", "CASE_READ")
    assert [path.is_file() for path in written] == [True] * 5
    subprocess.run([sys.executable, "-c", OPENS], cwd=checkout, check=True, env={"PYTHONPATH": "."})
    head, *_, last = (checkout / "tests/security/access_matrix.csv").read_text().splitlines()
    line = dict(zip(head.split(","), last.split(","), strict=True))
    assert (line["endpoint"], line["any"], line["own"]) == ("cases_handover.handover", "", "-")


def test_a_page_that_is_there_is_not_written_again(checkout: Path) -> None:
    before = (checkout / "hrdtracker/web/cases/views.py").read_text()
    with pytest.raises(FileExistsError):
        write_page(checkout, "cases", "views", "CASE_READ")
    assert (checkout / "hrdtracker/web/cases/views.py").read_text() == before
