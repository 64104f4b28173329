"""No test reaches the outside: a socket may lead to this machine and nowhere else."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class Outside(AssertionError):
    """A test tried to reach another machine."""


def is_here(family: int, address: Any) -> bool:
    """Tell whether an address of a socket is on this machine: a file, or the loopback."""
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection, datagram and look-up of a name that leads elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _looked_up(socket.getaddrinfo))
        yield


def _guarded(real: Any) -> Any:
    def guarded(self: socket.socket, *values: Any) -> Any:
        if not is_here(self.family, values[-1]):
            raise Outside("a test tried to reach another machine")
        return real(self, *values)

    return guarded


def _looked_up(real: Any) -> Any:
    def guarded(host: Any, *values: Any, **named: Any) -> Any:
        if host is not None and not is_here(socket.AF_INET, (host,)):
            raise Outside("a test tried to look up another machine")
        return real(host, *values, **named)

    return guarded
