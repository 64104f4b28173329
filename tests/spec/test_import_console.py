"""`hrdtracker import`: figures, a list of what to look at, one sentence for a fault."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import Settings
from hrdtracker.cli.main import main
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from tests.spec.sheets import MAPPINGS, PLAIN

pytestmark = pytest.mark.engines("sqlite")
TEMPLATE = str(MAPPINGS / "template.csv")
Run = Callable[..., Result]


@pytest.fixture
def run(given: Settings, root: RootKey) -> Run:
    """Return what imports into a copy of the test database, whose key file is a demo's."""
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, ["--instance", str(given.instance), "import", *words])

    return command


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text("type,date\nArrest,some day\nThreat,2 May 2024\n")
    (tmp_path / "sheet.toml").write_text(PLAIN)
    return path


def test_the_template_goes_in_with_its_mapping_and_a_second_time_changes_nothing(run: Run) -> None:
    first = run("incidents", TEMPLATE, "--mapping", "template", "--as", "monitor", "--json")
    again = run("incidents", TEMPLATE, "--mapping", "template", "--as", "monitor", "--json")
    told = [json.loads(each.stdout) for each in (first, again)]
    assert [(each["created"], each["unchanged"]) for each in told] == [(3, 0), (0, 3)]
    assert [(each["rejected"], each["doubtful"], each["finished"]) for each in told] == [
        (0, 0, True),
        (0, 0, True),
    ]
    courts = ("proceedings", "by_article", "outcomes", "titles", "hearings")
    assert [[each[name] for name in courts] for each in told] == [[1, 1, 1, 1, 1], [0] * 5]


def test_what_is_doubtful_is_listed_and_written_where_only_its_owner_reads(
    run: Run, sheet: Path, given: Settings
) -> None:
    found = run(str(sheet), "--mapping", str(sheet.with_suffix(".toml")), "--as", "monitor")
    assert found.exit_code == 0
    assert "2 rows read" in found.output
    assert "2 created, 0 updated, 0 unchanged" in found.output
    assert "row 2, column “date”: The date was not understood" in found.output
    (report,) = (given.instance / "imports").iterdir()
    assert report.read_text("utf-8-sig").splitlines()[0] == "kind,row,column,reason"
    assert report.stat().st_mode & 0o077 == 0


def test_a_check_says_what_would_be_and_writes_nothing(
    run: Run, sheet: Path, given: Settings
) -> None:
    words = [str(sheet), "--mapping", str(sheet.with_suffix(".toml")), "--as", "monitor"]
    for flag in ("--check", "--dry-run"):
        found = run(*words, flag)
        assert "nothing was written" in found.output
        assert "2 created" in found.output
    assert not (given.instance / "imports").exists()
    assert '"created": 2' in run(*words, "--json").output


def test_the_report_goes_where_it_is_wanted(run: Run, sheet: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "look.csv"
    mapping = str(sheet.with_suffix(".toml"))
    run(str(sheet), "--mapping", mapping, "--as", "monitor", "--report", str(wanted))
    assert "doubtful,2,date," in wanted.read_text("utf-8-sig")


FAULTS = {
    "There is no file": ("none.csv", "--mapping", "template", "--as", "monitor"),
    "There is no mapping": (TEMPLATE, "--mapping", "none", "--as", "monitor"),
    "is no active user": (TEMPLATE, "--mapping", "template", "--as", "none"),
    "may not log incidents": (TEMPLATE, "--mapping", "template", "--as", "auditor"),
    "Choose the office": (TEMPLATE, "--mapping", "template", "--as", "national"),
    "There is no office": (TEMPLATE, "--mapping", "template", "--as", "monitor", "--office", "X"),
    "has no column": (TEMPLATE, "--mapping", "cpj", "--as", "monitor"),
    "source must be": (TEMPLATE, "--mapping", "template", "--as", "monitor", "--source", "A b"),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_every_fault_is_one_sentence_and_exit_code_2(run: Run, sentence: str) -> None:
    found = run(*FAULTS[sentence])
    assert found.exit_code == 2
    assert sentence in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"%PDF-1.7", b"", b'a,b\n1,"open', bytes(5000)])
def test_a_file_that_is_no_sheet_is_one_sentence_and_exit_code_2(
    run: Run, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(data)
    found = run(str(path), "--mapping", "template", "--as", "monitor")
    assert found.exit_code == 2
    assert "broken.csv" in found.output
    assert len(found.output.strip().splitlines()) == 1


def test_windows_letters_are_read_and_said(run: Run, sheet: Path) -> None:
    sheet.write_bytes("type,date,who\nArrest,2 May 2024,Dembélé\n".encode("cp1252"))
    mapping = str(sheet.with_suffix(".toml"))
    found = run(str(sheet), "--mapping", mapping, "--as", "monitor")
    assert found.exit_code == 0
    assert "was read as Windows-1252" in found.output


def test_joined_files_alone_are_no_sheet(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "charges.csv"
    path.write_text("prisoner_id,article\n1,2\n")
    found = run(str(path), "--mapping", "azerbaijan-prisoners", "--as", "monitor")
    assert found.exit_code == 2
    assert "name the sheet itself" in found.output
