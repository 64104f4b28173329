"""Serving: what stands in its way is said first, and the first start sets the instance up."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.spec.cli_runs import free_port, on, secret_file, stopped

PATIENCE_S = 60
"""How long a busy machine may take to start or to stop."""


@pytest.mark.parametrize(
    "words",
    [
        ["--bind", "0.0.0.0:8000"],
        ["--bind", "192.168.1.5:8000"],
        ["--bind", "[::]:8000"],
        ["--bind", "some-host:8000"],
        ["--bind", "0.0.0.0:8000", "--behind-tls"],
        ["--bind", "0.0.0.0:8000", "--trusted-proxies", "1"],
        ["--behind-tls"],
        ["--trusted-proxies", "2"],
    ],
)
def test_serving_to_others_needs_tls_and_proxies_in_front(tmp_path: Path, words: list[str]) -> None:
    said = stopped(on(tmp_path, "serve", *words))
    assert "--trusted-proxies" in said
    assert list(tmp_path.iterdir()) == []


def test_serving_behind_tls_needs_the_address_that_browsers_open(tmp_path: Path) -> None:
    behind = ("serve", "--behind-tls", "--trusted-proxies", "1")
    assert "--url" in stopped(on(tmp_path, *behind))
    assert "--url" in stopped(on(tmp_path, *behind, "--url", "http://daybook.example.org"))
    assert list(tmp_path.iterdir()) == []


def test_an_instance_that_others_can_look_into_is_not_started(tmp_path: Path) -> None:
    folder, secret = tmp_path / "real", secret_file(tmp_path)
    folder.mkdir(mode=0o755)
    words = ("--passphrase-file", str(secret), "serve", "--port", str(free_port()))
    assert f"chmod 700 {folder}" in stopped(on(folder, *words))
    assert list(folder.iterdir()) == []


def test_the_passphrase_never_lies_with_what_it_opens(tmp_path: Path) -> None:
    folder = tmp_path / "real" / "instance"
    folder.mkdir(mode=0o700, parents=True)
    secret = secret_file(folder)
    for way in (secret, tmp_path / "real" / "instance" / ".." / "instance" / "passphrase"):
        words = ("--passphrase-file", str(way), "serve", "--port", str(free_port()))
        assert "lies in the instance’s folder" in stopped(on(folder, *words))
    assert list(folder.iterdir()) == [secret]


@pytest.mark.parametrize("bind", ["127.0.0.1:notaport", "127.0.0.1:0", "127.0.0.1:70000", ":8000"])
def test_an_address_that_is_none_is_said(tmp_path: Path, bind: str) -> None:
    assert "is no address" in stopped(on(tmp_path, "serve", "--bind", bind))


def test_a_port_in_use_is_said_before_anything_is_asked_or_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = stopped(on(tmp_path, "serve", "--port", port))
    assert "--port" in said
    assert list(tmp_path.iterdir()) == []


def test_the_first_start_makes_the_instance_and_the_printed_code_sets_it_up_once(
    tmp_path: Path,
) -> None:
    folder, port = tmp_path / "real", free_port()
    with _serving(folder, port, str(secret_file(tmp_path))) as printed:
        code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}", printed)
        assert code
        assert _status("GET", port, "/setup")[0] == 200
        assert _set_up(port, "0000-" * 6 + "0000")[0] == 422
        assert _set_up(port, code[0])[0] == 200
        assert _status("GET", port, "/setup")[0] == 404
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "root.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "hrdtracker.db").stat().st_mode & 0o777 == 0o600
    assert not (folder / "hrdtracker.db").read_bytes().startswith(b"SQLite format")
    with _serving(folder, port, str(secret_file(tmp_path))) as printed:
        assert "/setup" not in printed
        assert _status("GET", port, "/setup")[0] == 404


def _set_up(port: int, code: str) -> tuple[int, str, str]:
    _, page, cookie = _status("GET", port, "/setup")
    token = re.search(r'name="csrf_token"\s+value="([^"]+)"', page)
    assert token
    sent = {
        "csrf_token": token[1], "code": code, "name": "Organisation", "language": "en",
        "office_code": "PNH", "name_en": "Phnom Penh", "name_km": "ភ្នំពេញ", "login": "first",
        "label": "First", "password": "cloud ladder teapot violin",
        "second_role": "second", "second_login": "board1", "second_label": "Board 1",
    }  # fmt: skip
    return _status("POST", port, "/setup", urlencode(sent), cookie)


def _status(
    method: str, port: int, path: str, body: str = "", cookie: str = ""
) -> tuple[int, str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    seed = (answer.getheader("Set-Cookie") or "").split(";")[0]
    connection.close()
    return answer.status, text, seed


@contextmanager
def _serving(folder: Path, port: int, secret: str) -> Iterator[str]:
    """Run the real server in a process of its own; return what it printed until it listened."""
    words = ["--instance", str(folder), "--passphrase-file", secret, "serve", "--port", str(port)]
    command = "from hrdtracker.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    try:
        while "listens on" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        _wait_for(port)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), "its memory could reach a disk"
        yield printed
    finally:
        process.terminate()  # a process begun in the background may not hear Ctrl-C
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
