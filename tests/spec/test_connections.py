"""The real server: what it answers by itself, and what half-sent requests do to it."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection

import pytest
from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments

from config import Settings
from hrdtracker.cli import connections, listening
from hrdtracker.web.shell.headers import HEADERS

pytestmark = pytest.mark.engines("sqlite")
HALF = b"GET /away HTTP/1.1\r\nHost: localhost\r\nX-Long: "
FORM = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def patience_s() -> int:
    """Return how long a head may take."""
    return 60


@pytest.fixture
def port(
    application: tuple[Settings, Flask], monkeypatch: pytest.MonkeyPatch, patience_s: int
) -> Iterator[int]:
    """Run the server as `serve` does, with room for fewer; return where it listens."""
    monkeypatch.setattr(Adjustments, "listen", ["127.0.0.1:8080"])  # it looks its default up
    monkeypatch.setattr(connections, "CONNECTIONS_MOST", 60)
    monkeypatch.setattr(connections, "WAITING_MOST", 3_000_000)
    monkeypatch.setattr(connections, "SECONDS_FOR_A_HEAD", patience_s)
    monkeypatch.setattr(connections, "LOOKED_AT_EVERY_S", 0)
    monkeypatch.setattr(connections, "LARGEST_HEAD", 2_000)
    with listening.claim("127.0.0.1", 0) as listener:
        server = listening.server_of(application[1], listener, tls=False)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        server.task_dispatcher.shutdown()
        with contextlib.suppress(OSError):  # the thread woke before, and has closed it
            server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))
        thread.join(timeout=5)
    assert not thread.is_alive()


def _send(port: int, data: bytes) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=20)
    opened.sendall(data)
    return opened


def _answer(port: int, data: bytes) -> tuple[str, str]:
    with _send(port, data) as opened, opened.makefile("rb") as answer:
        head, _, body = answer.read().decode("latin-1").partition("\r\n\r\n")
    return head, body


def _status(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/away", headers={"Host": "localhost"})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET /away HTTP/1.1\r\nHost: a\x00b\r\n\r\n", 400),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (HALF + b"x" * 3_000 + b"\r\n\r\n", 431),
        (b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (FORM % 99_999_999, 413),
        (b"GET /away HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n", 400),
    ],
)
def test_what_the_server_answers_itself_carries_the_headers(
    port: int, request_: bytes, status: int
) -> None:
    head, body = _answer(port, request_)
    first, *lines = head.split("\r\n")
    told = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first.split()[1] == str(status)
    assert {name: told.get(name.lower()) for name in HEADERS} == HEADERS
    assert told["cache-control"] == "no-store, no-transform"
    assert "server" not in told
    assert "waitress" not in body


def test_a_view_that_answers_with_a_broken_header_gets_the_headers_too(
    port: int, application: tuple[Settings, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_environ: object, start: object) -> list[bytes]:
        start("200 OK", [("X-Broken", "a\r\nb")])  # type: ignore[operator]
        return []

    monkeypatch.setattr(application[1], "wsgi_app", broken)
    head, body = _answer(port, b"GET /away HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert head.startswith("HTTP/1.1 500")
    assert "Content-Security-Policy" in head
    assert body == "500 Internal Server Error\n"


@pytest.mark.parametrize("sent", [HALF, b""])
def test_however_many_send_half_a_request_or_none_others_are_answered(
    port: int, sent: bytes
) -> None:
    with ExitStack() as half_sent:
        for _ in range(200):
            half_sent.enter_context(_send(port, sent))
        assert _status(port) == 200


def test_half_sent_forms_fill_no_memory(port: int) -> None:
    with ExitStack() as half_sent:
        opened = [
            half_sent.enter_context(_send(port, FORM % 1_900_000 + b"x" * 900_000))
            for _ in range(6)
        ]
        closed = [each for each in opened if _is_closed(each)]
        assert _status(port) == 200
    assert closed == opened[: len(closed)]  # the oldest first
    assert 2 <= len(closed) < 6


@pytest.mark.parametrize("patience_s", [1])
def test_a_head_that_comes_in_small_pieces_has_no_more_time(port: int) -> None:
    with _send(port, HALF) as slow:
        gone = threading.Event()
        for _ in range(150):
            try:
                slow.sendall(b"x")
            except OSError:
                gone.set()
                break
            gone.wait(0.1)
        assert gone.is_set()


def _is_closed(opened: socket.socket) -> bool:
    opened.settimeout(0.2)
    try:
        return opened.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
