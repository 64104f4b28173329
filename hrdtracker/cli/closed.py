"""While everything is locked: a process without keys answers so, and waits to be unlocked."""

import atexit
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

import click
from waitress import wasyncore

from config import Settings
from hrdtracker.cli import handover, instance, listening, memory, passphrase_file, watch
from hrdtracker.core.lock_file import LockFile
from hrdtracker.jobs.thread import beside_until_exit
from hrdtracker.web.shell.closed import closed_page

POLL_S = 0.25


def is_closed(settings: Settings) -> bool:
    """Tell whether nothing may be opened here: locked, or the passphrase was taken away with it."""
    was_emptied = passphrase_file.is_emptied(settings.passphrase_file)
    return LockFile(settings.lock_file).is_there or (was_emptied and settings.key_file.exists())


def wait_on_port(listener: socket.socket, settings: Settings) -> str | None:
    """Answer on a claimed port that everything is closed, as long as it is.

    Returns the passphrase where `unlock` handed it over.
    """
    if not is_closed(settings):
        return None
    sockets: dict[int, Any] = {}
    server = listening.server_of(
        closed_page(tls=settings.tls), listener.dup(), tls=settings.tls, map=sockets
    )
    try:
        return _wait(
            settings,
            lambda: wasyncore.loop(timeout=POLL_S, use_poll=True, map=sockets, count=1),
        )
    finally:
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets, ignore_all=True)


def wait_apart(settings: Settings) -> str | None:
    """Wait, for a process that answers nobody; as `wait_on_port`."""
    return _wait(settings, lambda: time.sleep(POLL_S)) if is_closed(settings) else None


def for_server_outside(settings: Settings) -> WSGIApplication:
    """Return what a web server of another maker calls, in each of its processes."""
    if is_closed(settings):
        Thread(target=_end_once_open, args=(settings,), daemon=True).start()
        return closed_page(tls=settings.tls)
    watching = ExitStack()
    atexit.register(watching.close)
    try:
        looking = watching.enter_context(watch.watched(settings, watch.end_process))
        app = instance.served(settings)
        instance.follow(looking, app, settings)
    except watch.Locked:
        watch.end_process()
    beside_until_exit(app, settings)
    return app


def _wait(settings: Settings, rest: Callable[[], object]) -> str | None:
    memory.forbid_dumps()
    click.echo(watch.LOCKED, err=True)
    lock_file = LockFile(settings.lock_file)
    with lock_file.waiting():
        while True:
            rest()
            if lock_file.is_there:
                continue
            passphrase = handover.ask(settings.instance)
            if passphrase or not is_closed(settings):
                return passphrase


def _end_once_open(settings: Settings) -> None:
    while is_closed(settings):
        time.sleep(POLL_S)
    watch.end_process()
