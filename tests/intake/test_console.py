"""What the console says before it writes, and undoing from it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import Settings
from hrdtracker.cli.main import main
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from tests.intake.court_sheets import ARTICLES, COURTS, LAW, cells, of_nowhere
from tests.shared import shared
from tests.spec.sheets import PLAIN, Desk

pytestmark = pytest.mark.engines("sqlite")
Run = Callable[..., Result]
AS = ("--as", "monitor")


@pytest.fixture
def run(given: Settings, root: RootKey) -> Run:
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, ["--instance", str(given.instance), *words])

    return command


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    path = tmp_path / "list.toml"
    path.write_text(f'id = "no"\n{PLAIN}')
    return str(path)


def sheet(mapping: str, *dates: str, **cells: str) -> str:
    path = Path(mapping).with_suffix(".csv")
    head = ",".join(["no", "type", "date", *cells])
    lines = [f"{n},{cells.get('type', 'Arrest')},{date}" for n, date in enumerate(dates)]
    path.write_text("\n".join([head.replace(",type,date,type", ",type,date"), *lines]))
    return str(path)


def test_what_a_column_leaves_open_is_said_even_by_a_check(run: Run, mapping: str) -> None:
    checked = run("import", sheet(mapping, "3/4/2024"), "--mapping", mapping, *AS, "--check")
    assert checked.exit_code == 0
    assert "Nothing in column “date” says" in checked.stderr
    assert "0 understood, 1 kept as words" in checked.stdout


def test_the_day_of_the_list_can_be_said(run: Run, mapping: str) -> None:
    words = ("import", sheet(mapping, "yesterday"), "--mapping", mapping, *AS, "--check")
    assert "0 understood, 1 kept as words" in run(*words).stdout
    assert "1 understood" in run(*words, "--as-of", "2024-11-30").stdout


def test_letters_that_may_be_others_are_shown_and_nothing_is_written(
    run: Run, mapping: str
) -> None:
    path = sheet(mapping, "2024-01-02")
    Path(path).write_bytes("no,type,date,who\n1,Arrest,2024-01-02,กรุง\n".encode("cp874"))
    asked = run("import", path, "--mapping", mapping, *AS)
    assert asked.exit_code == 2
    assert "--encoding" in asked.stderr
    assert "กรุง" in asked.stderr
    told = run("import", path, "--mapping", mapping, *AS, "--encoding", "cp874")
    assert (told.exit_code, "1 created" in told.stdout) == (0, True)


def test_a_workbook_that_breaks_its_reader_is_one_sentence(run: Run, mapping: str) -> None:
    path = str(shared("cases/row_number_beyond.xlsx"))
    broken = run("import", path, "--mapping", mapping, *AS)
    assert broken.exit_code == 2
    assert "row_number_beyond.xlsx” is broken" in broken.stderr


def test_a_cover_that_is_read_instead_of_the_list_is_said_with_what_is_missing(
    run: Run, mapping: str
) -> None:
    path = str(shared("cases/title_rows.xlsx"))
    refused = run("import", path, "--mapping", mapping, *AS)
    assert refused.exit_code == 2
    assert "has no column “no”" in refused.stderr or "has no column “date”" in refused.stderr
    assert "Only the sheet “Cover”" in refused.stderr
    assert "“Cases”" in refused.stderr


def test_words_that_nobody_knows_are_listed_where_only_their_owner_reads(
    run: Run, mapping: str, tmp_path: Path
) -> None:
    listed = tmp_path / "words.csv"
    path = sheet(mapping, "2024-01-02", "2024-01-03", type="Zap")
    run("import", path, "--mapping", mapping, *AS, "--check", "--words", str(listed))
    assert listed.read_text("utf-8-sig").splitlines()[1:] == ["type,incident_type,Zap,2"]
    assert listed.stat().st_mode & 0o077 == 0


def test_a_renamed_mapping_asks_before_it_writes(run: Run, mapping: str) -> None:
    words = (sheet(mapping, "2024-01-02"), "--mapping", mapping, *AS)
    run("import", *words)
    asked = run("import", *words, "--source", "renamed")
    assert asked.exit_code == 2
    assert "--source list" in asked.stderr
    assert "1 unchanged" in run("import", *words, "--source", "list").stdout
    assert "1 created" in run("import", *words, "--source", "renamed", "--other-rows").stdout


def test_an_import_is_undone_by_the_code_that_its_report_says(run: Run, mapping: str) -> None:
    words = ("import", sheet(mapping, "2024-01-02", "2024-01-03"), "--mapping", mapping, *AS)
    code = re.search(r"imports undo (\w+)", run(*words).stdout)
    assert code is not None
    assert "2 cases  finished" in run("imports", "list", *AS).stdout
    assert "2 of 2 cases withdrawn" in run("imports", "undo", code[1], *AS).stdout
    assert "undone, 2 withdrawn" in run("imports", "list", *AS).stdout
    assert "2 created" in run(*words).stdout


def test_an_import_that_is_not_there_is_one_sentence(run: Run) -> None:
    missing = run("imports", "undo", "12345678", *AS)
    assert missing.exit_code == 2
    assert "There is no import 12345678 that monitor may undo." in missing.stderr


def test_the_articles_of_another_law_are_added_from_a_file_and_an_import_names_them(
    run: Run, tmp_path: Path
) -> None:
    file, list_ = tmp_path / "articles.csv", tmp_path / "courts.csv"
    file.write_text(of_nowhere(*ARTICLES), "utf-8")
    (tmp_path / "courts.toml").write_text(COURTS, "utf-8")
    Desk(tmp_path).sheet([cells()], "courts")
    words = ("import", str(list_), "--mapping", str(tmp_path / "courts.toml"), *AS)
    checked = run(*words, "--check")
    assert f"The list of articles has none of “{LAW}”" in checked.stderr
    assert "2 charges (0 by article, 2 with an outcome)" in checked.stdout
    assert run("codelists", "add", "provision", str(file)).stdout == "2 terms added, 0 changed.\n"
    assert run("codelists", "add", "provision", str(file)).stdout == "0 terms added, 0 changed.\n"
    taken = run(*words)
    assert "1 proceedings, 2 charges (2 by article, 2 with an outcome)" in taken.stdout
    assert "1 grounds of custody, 1 hearings" in taken.stdout
    assert "courts:" not in run(*words).stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("provision", '""zz""', '""Nowhere""', "extra must say its country, as two small letters"),
        ("provision", f'""{LAW}""', '""""', "extra must say its law, in words"),
        ("provision", "}", ',""class"":""crime""}', "its class is none of"),
        ("provision", "}", ',""least"":""long""}', "“least” is no length"),
        ("provision", "}", ',""most"":7}', "“most” is no length"),
        ("provision", "zz_1", "kh_cc_217", "has a term of ours with the code “kh_cc_217”"),
        ("provision", "zz_2", "zz_1", "the code “zz_1” stands twice"),
        ("provision", "invented", "", "source is empty"),
        ("provision", LAW, "L" * 201, "label_en has more than 200 characters"),
        ("provision", "code,parent", "parent,code", "the columns must be"),
        ("urgency", "zz_1", "zz_1", "the work itself depends on this list"),
    ],
)
def test_a_list_that_does_not_hold_adds_nothing_and_says_why(
    run: Run, tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    file = tmp_path / "articles.csv"
    file.write_text(of_nowhere(*ARTICLES).replace(old, new), "utf-8")
    refused = run("codelists", "add", name, str(file))
    assert refused.exit_code == 2
    assert sentence.casefold() in refused.output.casefold()
    assert "Traceback" not in refused.output
    file.write_text(of_nowhere(*ARTICLES), "utf-8")
    assert "2 terms added" in run("codelists", "add", "provision", str(file)).stdout


def test_a_list_in_other_letters_is_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_bytes(of_nowhere(*ARTICLES).encode("utf-16"))
    refused = run("codelists", "add", "provision", str(file))
    assert (refused.exit_code, "is not UTF-8" in refused.output) == (2, True)
