"""The console: every command, and every fault as a sentence with exit code 2."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from config import Settings
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts import sessions
from hrdtracker.app import create_app
from hrdtracker.audit import queries as trail
from hrdtracker.audit.checkpoint import Head
from hrdtracker.backups.heads import keep_heads, present_heads
from hrdtracker.cli.demo import command as demo
from hrdtracker.cli.main import main
from hrdtracker.codelists.model import Term
from hrdtracker.core import keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from tests import make
from tests.conftest import close
from tests.spec.cli_runs import PASSPHRASE, free_port, on, secret_file, stopped

REAL = RootKey(b"\x09" * keyfile.KEY_BYTES, demo=False)
Run = Callable[..., Result]


@pytest.fixture
def run(given: Settings, root: RootKey) -> Run:
    """Return what runs a command on a copy of the test database, whose key file is a demo's."""
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}

    def command(*words: str, **options: object) -> Result:
        told = ["--instance", str(given.instance), *words]
        return CliRunner().invoke(main, told, env=environment, **options)  # type: ignore[arg-type]

    return command


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key file for real use; to open it costs what it costs, so it is made once."""
    path = tmp_path_factory.mktemp("real") / "root.key"
    keyfile._write(path, REAL, PASSPHRASE, exclusive=True)
    return path


@pytest.fixture
def real(locked: Path, tmp_path: Path) -> Path:
    """Return the folder of an instance for real use, not yet with a database."""
    (tmp_path / "root.key").write_bytes(locked.read_bytes())
    return tmp_path


@contextmanager
def _looking_at(given: Settings, root: RootKey) -> Iterator[None]:
    """Look at what a command left in the database."""
    app = create_app(given, root)
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield
        close(app)


# Users -------------------------------------------------------------------------------------------


def test_the_users_are_listed_with_their_states_and_the_roles_that_count(run: Run) -> None:
    output = run("user", "list").output
    assert re.search(r"^director +active +director \(PNH\)$", output, re.MULTILINE)
    assert re.search(r"^national +active +director \(all offices\)$", output, re.MULTILINE)
    assert re.search(r"^nobody +active +no role$", output, re.MULTILINE)


def test_a_user_is_added_with_a_role_and_a_code(run: Run, given: Settings, root: RootKey) -> None:
    result = run(
        "user", "add", "newcomer", "--label", "Newcomer", "--role", "monitor", "--office", "PNH"
    )
    assert result.exit_code == 0, result.output
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){6}", result.output)
    with _looking_at(given, root):
        assert make.user("newcomer").state == UserState.INVITED
        assert make.actor("newcomer").logs_in


def test_a_role_of_rank_given_on_the_console_waits_for_a_second_person(
    run: Run, given: Settings, root: RootKey
) -> None:
    result = run("user", "add", "newcomer", "--label", "Newcomer", "--role", "administrator")
    assert "confirms it" in result.output
    with _looking_at(given, root):
        assert make.actor("newcomer").seats == frozenset()


def test_the_factors_of_who_lost_them_are_taken_away_once_a_second_person_confirms_it(
    run: Run,
) -> None:
    told = run("user", "clear-factors", "monitor")
    assert (told.exit_code, "second person" in told.output) == (0, True)


def test_a_user_is_locked(run: Run, given: Settings, root: RootKey) -> None:
    assert run("user", "lock", "monitor").exit_code == 0
    with _looking_at(given, root):
        assert make.user("monitor").state == UserState.LOCKED


def test_a_user_who_lost_the_password_gets_a_code(run: Run) -> None:
    assert "/welcome" in run("user", "code", "monitor").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user", "lock", "stranger2"], "There is no user stranger2"),
        (["user", "code", "stranger2"], "There is no user stranger2"),
        (["user", "add", "monitor", "--label", "Again"], "This user name is taken."),
        (["user", "add", "Bad Name", "--label", "Again"], "small letters"),
        (["user", "add", "new", "--label", "New", "--role", "monitor", "--office", "XXX"], "XXX"),
        (["user", "add", "new", "--label", "New", "--role", "king"], "king"),
        (["user", "add", "new"], "--label"),
        (["audit", "verify", "--head", "nonsense"], "SEQ:MAC"),
        (["no-such-command"], "No such command"),
    ],
)
@pytest.mark.engines("sqlite")
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, words: list[str], said: str) -> None:
    assert said in stopped(run(*words))


@pytest.mark.engines("sqlite")
def test_nothing_is_left_of_a_user_whose_office_is_unknown(
    run: Run, given: Settings, root: RootKey
) -> None:
    run("user", "add", "newcomer", "--label", "New", "--role", "monitor", "--office", "XXX")
    with _looking_at(given, root):
        assert session().scalar(select(User.id).where(User.login == "newcomer")) is None


# Trail, lists ------------------------------------------------------------------------------------


def test_the_trail_is_verified_and_its_head_printed(run: Run) -> None:
    result = run("audit", "verify")
    assert result.exit_code == 0
    head = re.search(r"^head (\d+:[0-9a-f]{64})$", result.output, re.MULTILINE)
    assert head
    assert run("audit", "verify", "--head", head[1]).exit_code == 0


def test_a_head_that_is_not_on_the_trail_gives_exit_code_1(run: Run) -> None:
    result = run("audit", "verify", "--head", f"9999:{'00' * 32}")
    assert result.exit_code == 1
    assert "CUT" in result.output


def test_a_trail_that_was_altered_gives_exit_code_1(
    run: Run, given: Settings, root: RootKey
) -> None:
    with _looking_at(given, root):
        raw = session().connection().connection.driver_connection
        assert raw is not None
        postgres = session().get_bind().dialect.name == "postgresql"
        disarm = "ALTER TABLE audit_entry DISABLE TRIGGER ALL"
        cursor = raw.cursor()
        cursor.execute(disarm if postgres else "DROP TRIGGER audit_entry_refuses_delete")
        cursor.execute("DELETE FROM audit_entry WHERE seq = 7")
        cursor.execute("COMMIT")
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "entry 8 " in result.output


def test_an_office_changed_beside_the_trail_gives_exit_code_1_and_is_named(
    run: Run, given: Settings, root: RootKey
) -> None:
    with _looking_at(given, root):
        raw = session().connection().connection.driver_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute("UPDATE office SET code = 'XX' WHERE id = 1")
        cursor.execute("COMMIT")
    assert run("audit", "verify").exit_code == 0
    result = run("audit", "verify", "--state")
    assert result.exit_code == 1
    assert re.search(r'DIFFERS: Office \w{32} \(office\): Code \(code\).*"XX"', result.output)


def test_on_an_older_database_nothing_is_done_until_two_have_said_why(
    run: Run, given: Settings, root: RootKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _looking_at(given, root):
        heads = present_heads()
        keep_heads(tmp_path, replace(heads, trail=Head(heads.trail.seq + 7, b"\7" * 32)))
    monkeypatch.setenv("HRDTRACKER_HEADS_FOLDER", str(tmp_path))
    refused = run("user", "lock", "monitor")
    assert (refused.exit_code, "older than it was" in refused.output) == (2, True)
    assert run("audit", "verify").exit_code == 0
    explained = run("audit", "explain", "--reason", "restored")
    assert "Somebody else says why, too" in explained.output
    assert run("user", "lock", "monitor").exit_code == 2


def test_the_lists_are_loaded_again(run: Run, given: Settings, root: RootKey) -> None:
    assert run("codelists", "load").output.strip() == "0 terms added, 0 changed."
    with _looking_at(given, root):
        assert trail.verify().holds
        assert session().scalar(select(Term.id).limit(1)) is not None


def test_a_newer_program_brings_its_tables_and_its_lists(
    run: Run, given: Settings, root: RootKey
) -> None:
    support = select(Term.code).where(Term.list == "support_type")
    with _looking_at(given, root):
        raw = session().connection().connection.driver_connection
        assert raw is not None
        raw.cursor().execute("DELETE FROM term WHERE list = 'support_type'")
        raw.cursor().execute("COMMIT")
        session().rollback()
        flask_migrate.downgrade()
    assert run("user", "list").exit_code == 0
    with _looking_at(given, root):
        assert "family" in session().scalars(support).all()
        assert trail.verify().holds


# The key file ------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_said_and_nothing_is_opened(real: Path) -> None:
    words = ("--passphrase-file", str(secret_file(real, "not the passphrase")), "user", "list")
    assert stopped(on(real, *words)) == "The passphrase does not open this key file."
    assert not (real / "hrdtracker.db").exists()


def test_a_passphrase_is_asked_for_and_not_shown(real: Path) -> None:
    result = on(real, "user", "list", input=f"{PASSPHRASE}\n")
    assert PASSPHRASE not in result.output
    assert "not set up yet" in stopped(result)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_passphrase_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "root.key").write_text("{}")
    words = ("--passphrase-file", str(secret_file(tmp_path, mode=mode)), "user", "list")
    assert "chmod 600" in stopped(on(tmp_path, *words))


def test_a_passphrase_file_that_is_missing_or_empty_is_said(tmp_path: Path) -> None:
    (tmp_path / "root.key").write_text("{}")
    missing = on(tmp_path, "--passphrase-file", str(tmp_path / "none"), "user", "list")
    assert "There is no file" in stopped(missing)
    empty = on(tmp_path, "--passphrase-file", str(secret_file(tmp_path, "")), "user", "list")
    assert "is empty" in stopped(empty)


def test_an_instance_that_does_not_exist_is_said_and_not_made(tmp_path: Path) -> None:
    assert "There is no instance" in stopped(on(tmp_path / "none", "user", "list"))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", [("serve", "--port", "8499"), ("user", "list")])
def test_a_database_whose_key_file_is_missing_gets_no_new_one(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "hrdtracker.db").write_bytes(b"x" * 4096)
    assert "put it back from your safe copy" in stopped(on(tmp_path, *command))
    assert not (tmp_path / "root.key").exists()


def test_a_damaged_key_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "root.key").write_text("{}")
    words = ("--passphrase-file", str(secret_file(tmp_path)), "user", "list")
    assert stopped(on(tmp_path, *words)) == "The key file is damaged."


def test_the_key_file_of_another_database_is_said(real: Path) -> None:
    (real / "hrdtracker.db").write_bytes(b"x" * 8192)
    words = ("--passphrase-file", str(secret_file(real)), "user", "list")
    assert "does not belong to this database" in stopped(on(real, *words))


@pytest.mark.engines("sqlite")
def test_a_database_of_a_newer_version_is_left_alone(
    run: Run, given: Settings, root: RootKey
) -> None:
    app = create_app(given, root)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with engine.connect().execution_options(schema=True) as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from_2030'")
            connection.commit()
        close(app)
    assert "newer hrdtracker" in stopped(run("user", "list"))


def test_the_passphrase_is_changed_and_the_data_stay(real: Path) -> None:
    fresh = real / "fresh"
    fresh.write_text("another passphrase altogether\n")
    fresh.chmod(0o600)
    words = ("--passphrase-file", str(secret_file(real)), "--new-passphrase-file", str(fresh))
    assert on(real, "key", "passphrase", *words).exit_code == 0
    opened = keyfile.unlock(real / "root.key", "another passphrase altogether")
    assert opened.material == REAL.material
    with pytest.raises(keyfile.KeyFileUnusable):
        keyfile.unlock(real / "root.key", PASSPHRASE)


def test_a_new_passphrase_of_few_letters_is_refused_and_the_old_one_stays(real: Path) -> None:
    typed = f"{PASSPHRASE}\nshort\nshort\n"
    assert "14 characters" in stopped(on(real, "key", "passphrase", input=typed))
    assert keyfile.unlock(real / "root.key", PASSPHRASE).material == REAL.material


@pytest.mark.engines("sqlite")
def test_a_demo_s_passphrase_is_not_changed(run: Run) -> None:
    assert "no secret" in stopped(run("key", "passphrase"))


@pytest.mark.engines("sqlite")
def test_real_use_refuses_a_demo_s_key_file(run: Run) -> None:
    assert "demo data only" in stopped(run("serve", "--port", str(free_port())))


def test_a_demo_refuses_a_key_file_for_real_use(real: Path) -> None:
    folder = real / "demo"
    folder.mkdir()
    (folder / "root.key").write_bytes((real / "root.key").read_bytes())
    (folder / "hrdtracker.db").write_bytes(b"precious")
    said = stopped(on(real, "demo", "--port", str(free_port())))
    assert "nothing was touched" in said
    assert (folder / "hrdtracker.db").read_bytes() == b"precious"


def test_settings_that_cannot_be_used_are_named_all_at_once(tmp_path: Path) -> None:
    wrong = {"HRDTRACKER_PORT": "x", "HRDTRACKER_TLS": "maybe", "HRDTRACKER_PASSPHRASE": "secret"}
    said = stopped(on(tmp_path, "user", "list", env=wrong))
    assert all(name in said for name in wrong)
    assert "secret" not in said


# The demonstration -------------------------------------------------------------------------------


def test_a_demonstration_is_made_once_and_kept(demo_folder: Path, tmp_path: Path) -> None:
    settings = Settings(instance=shutil.copytree(demo_folder, tmp_path / "demo"))
    path = settings.instance / "accounts.json"
    assert path.stat().st_mode & 0o777 == 0o600
    accounts = json.loads(path.read_text("utf-8"))
    everybody = {*(role.value for role in Role), "board"} - {Role.SECOND}
    assert {one["role"] for one in accounts} == everybody
    before = settings.key_file.read_bytes()
    again, same = demo.prepare(settings)
    assert same == accounts
    assert settings.key_file.read_bytes() == before
    with again.app_context(), unit_of_work(make.open_session(again)):
        one = next(each for each in accounts if each["user_name"] == "director")
        assert sessions.sign_in("director", one["password"], "127.0.0.1", "Test")
        assert trail.verify().holds
        waits = select(Membership.role).where(Membership.counts_since.is_(None))
        assert session().scalars(waits).all() == [
            "director"
        ]  # one is proposed, for the second person to confirm
        close(again)


def test_a_demonstration_whose_making_was_interrupted_is_made_anew(demo_folder: Path) -> None:
    """The one of all tests lies where another had been begun: see the fixture."""
    assert json.loads(demo_folder.joinpath(demo.ACCOUNTS).read_text("utf-8"))
