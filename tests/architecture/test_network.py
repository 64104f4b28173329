"""The guard that keeps tests from reaching the outside is in place and lets this machine pass."""

import socket
import threading

import pytest

from tests.no_network import Outside

ELSEWHERE = "192.0.2.1"  # kept free for examples: nobody answers there


def test_a_test_cannot_connect_to_another_machine() -> None:
    with socket.socket() as one, pytest.raises(Outside):
        one.connect((ELSEWHERE, 80))


def test_a_test_cannot_send_a_datagram_to_another_machine() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(Outside):
        one.sendto(b"hello", (ELSEWHERE, 53))


def test_a_test_cannot_look_up_another_machine() -> None:
    with pytest.raises(Outside):
        socket.getaddrinfo("example.org", 443)


def test_a_test_may_connect_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=_hang_up, args=[server])
        answered.start()
        with socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.recv(1) == b""
        answered.join()


def _hang_up(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.close()
