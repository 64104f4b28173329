"""Rules of law from the console: loaded whole or not at all, compared before they count."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import Settings
from hrdtracker.cli.main import main
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.proceedings.rules.files import FOLDER

Run = Callable[..., Result]


@pytest.fixture
def run(given: Settings, root: RootKey) -> Run:
    """Return what runs a command on a copy of the test database, whose key file is a demo's."""
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}

    def command(*words: str) -> Result:
        return CliRunner().invoke(
            main, ["--instance", str(given.instance), *words], env=environment
        )

    return command


def _folder(tmp_path: Path, was: str, becomes: str) -> Path:
    """Return the shipped files with one text of the rules changed."""
    shutil.copytree(FOLDER / "kh", tmp_path / "kh")
    file = tmp_path / "kh" / "rules.csv"
    text = file.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    return tmp_path


def test_rules_are_loaded_once_and_again_without_a_change(run: Run) -> None:
    assert run("rules", "load").output.strip() == "97 rules added, 0 changed, 0 holidays."
    assert run("rules", "load").output.strip() == "0 rules added, 0 changed, 0 holidays."


def test_of_files_with_a_fault_the_row_is_named_and_nothing_is_loaded(
    run: Run, tmp_path: Path
) -> None:
    broken = run("rules", "load", str(_folder(tmp_path, ",48 hours,", ",48 moons,")))
    assert broken.exit_code == 2
    assert "rules.csv, row 7: “moons” is none of" in broken.output
    assert broken.output.strip().endswith("Nothing was loaded.")
    assert run("rules", "load").output.startswith("97 rules added")


def test_rules_of_a_folder_are_compared_with_those_that_count_now(run: Run, tmp_path: Path) -> None:
    other = str(_folder(tmp_path, ",48 hours,", ",36 hours,"))
    compared = run("rules", "compare", "now", other)
    assert compared.exit_code == 0, compared.output
    assert compared.output.strip() == "0 limits of 0 people and groups would move."


def test_a_folder_that_does_not_hold_is_not_compared(run: Run, tmp_path: Path) -> None:
    broken = run("rules", "compare", "now", str(_folder(tmp_path, ",48 hours,", ",48 moons,")))
    assert (broken.exit_code, "rules.csv, row 7" in broken.output) == (2, True)
