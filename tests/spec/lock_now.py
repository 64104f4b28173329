"""What the tests of locking share: a real instance, processes on it, what is in their memory."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

from config import Settings
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import RootKey

FIRST, SECOND = "a passphrase for these tests", "another passphrase of somebody else"
PATIENCE_S = 60
COMMAND = "from hrdtracker.cli.main import main; main()"


def prepare(given: Settings, root: RootKey) -> None:
    """Make the copy of the test database an instance as people have one."""
    given.instance.chmod(0o700)
    keyfile._write(given.key_file, replace(root, demo=False), FIRST, exclusive=True)


@contextmanager
def running(given: Settings, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process of its own, and end it after."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--instance", str(given.instance), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=_environment(given),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


@contextmanager
def outside(code: str, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a web server of another maker on `wsgi.py`, and end it after."""
    given = {f"HRDTRACKER_{name}": value for name, value in variables.items()}
    process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **given})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: int, status: int) -> None:
    """Wait until a server answers, and so."""

    def does() -> bool:
        try:
            return ask(port, "/")[0] == status
        except OSError:
            return False

    until(does)


def wait_for_line(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    printed = ""
    while words not in printed:
        line = process.stdout.readline()
        assert line, printed
        printed += line


def _environment(given: Settings) -> dict[str, str]:
    url = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}
    return {**os.environ, **url}


def ask(port: int, path: str, cookie: str = "", body: str | None = None) -> tuple[int, str, str]:
    """Return status, page and cookie of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    page, fresh = answer.read().decode(), answer.getheader("Set-Cookie") or ""
    connection.close()
    return answer.status, page, fresh.split(";")[0]


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)
    assert found
    return found[1]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails where it never does."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def memory_of(pid: int) -> bytes:
    """Return all that a process has in its memory, as somebody with root reads it."""
    parts = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            if "r" not in rights or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            begin, end = (int(number, 16) for number in place.split("-"))
            try:
                memory.seek(begin)
                parts.append(memory.read(end - begin))
            except (OSError, ValueError, OverflowError):
                continue
    return b"\n".join(parts)


def held_by(pid: int, secrets: dict[str, bytes]) -> set[str]:
    """Return which of the secrets, by their names, lie in the memory of a process."""
    memory = memory_of(pid)
    return {name for name, secret in secrets.items() if secret in memory}
