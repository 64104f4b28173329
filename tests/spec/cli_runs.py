"""What the tests of the console share: a command on a folder, and the sentence it stopped with."""

import socket
from pathlib import Path

from click.testing import CliRunner, Result

from hrdtracker.cli.main import main

PASSPHRASE = "a passphrase for these tests"


def secret_file(folder: Path, words: str = PASSPHRASE, mode: int = 0o600) -> Path:
    path = folder / "passphrase"
    path.write_text(f"{words}\n")
    path.chmod(mode)
    return path


def on(folder: Path, *words: str, **options: object) -> Result:
    return CliRunner().invoke(main, ["--instance", str(folder), *words], **options)  # type: ignore[arg-type]


def stopped(result: Result) -> str:
    """Return the sentence with which a command stopped; there is never a traceback."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.output.removeprefix("Error: ").strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
