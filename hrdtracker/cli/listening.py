"""Serving the pages: where we listen, and what the server may keep."""

import ctypes
import signal
import socket
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer

from config import Settings
from hrdtracker.cli import connections
from hrdtracker.cli.stop import Stop
from hrdtracker.core.collector import leave_what_stays
from hrdtracker.jobs.thread import beside
from hrdtracker.web.shell import LARGEST_FORM, headers

THREADS = 12
IN_MEMORY = 64 * 1024 * 1024
M_ARENA_MAX, AREAS = -8, 2
"""glibc’s number for the most areas of memory; else every thread keeps one, mostly empty."""
BUSY = "{}:{} cannot be used ({}): choose another with --port, or with `make demo PORT=8001`."


def address(bind: str, port: int) -> tuple[str, int]:
    """Read HOST, HOST:PORT or [HOST]:PORT; raises Stop."""
    host, colon, number = bind.rpartition(":")
    if not colon or bind.endswith("]"):
        host, number = bind, str(port)
    host = host.strip("[]")
    if not (number.isdigit() and 0 < int(number) < 65536 and host):
        raise Stop(f"“{bind}” is no address: write HOST:PORT, such as 127.0.0.1:8000.")
    return host, int(number)


def claim(host: str, port: int) -> socket.socket:
    """Take a port before anything is asked or made; raises Stop where another program has it."""
    try:
        kind, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Stop(BUSY.format(host, port, error.strerror)) from None
    listener = socket.socket(kind, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(where)
    except OSError as error:
        listener.close()
        raise Stop(BUSY.format(host, port, error.strerror)) from None
    return listener


def listen(
    app: Flask, listener: socket.socket, settings: Settings, ready: Callable[[], None]
) -> None:
    """Answer on a claimed port until Ctrl-C or SIGTERM; `ready` is called just before.

    Unless the settings say otherwise, a worker does the jobs meanwhile.
    """
    server = server_of(app, listener, tls=settings.tls)
    _settle()
    signal.signal(signal.SIGTERM, _stop)
    with beside(app, settings):
        ready()
        server.run()


def server_of(
    app: WSGIApplication, listener: socket.socket, *, tls: bool, **options: Any
) -> BaseWSGIServer:
    """Return the server of an application.

    What comes and goes stays in memory: it would else write long requests and answers to temporary
    files, in the clear.
    """
    server = waitress.create_server(
        app,
        sockets=[listener],
        **connections.settings(),
        threads=THREADS,
        ident=None,
        max_request_body_size=2 * LARGEST_FORM,
        inbuf_overflow=IN_MEMORY,
        outbuf_overflow=IN_MEMORY,
        clear_untrusted_proxy_headers=False,  # the application itself knows whom it trusts
        **options,
    )
    own = headers.of_every_answer(tls=tls)
    connections.keep(server, {**own, "Cache-Control": headers.NEITHER_KEPT_NOR_PACKED})
    return server


def _stop(*_: object) -> None:
    """End as Ctrl-C does: what is being answered is answered, then the server stops."""
    raise SystemExit


def _settle() -> None:
    """Let Python never look again through what stays until the end, and threads share memory.

    Measured: a fifth of a page; a tenth of the memory.
    """
    leave_what_stays()
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):  # glibc's; others have no such areas
        allocator.mallopt(M_ARENA_MAX, AREAS)
