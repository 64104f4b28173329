"""Whoever holds the keys looks every moment whether everything was locked, and then ends."""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from hrdtracker.cli.stop import Stop
from hrdtracker.core.lock_file import LockFile
from hrdtracker.lockdown.queries import OPEN_LOCK

EVERY_S = 0.5
DATABASE_EVERY = 4
"""The database is asked each fourth time: what was locked on another machine is known in 2 s."""
LAST_WORDS_S = 3.0
"""How long a process may take to write down that it was locked; after that it ends anyway."""
ANSWERED_S = 0.5
"""How long answers that are on their way have."""
ENDED = 75
"""The exit code of a process that was locked: systemd and gunicorn start another."""
LOCKED = "Everything is locked here. `hrdtracker unlock` opens it again."

Finish = Callable[[], NoReturn]


class Locked(Stop):
    """The instance is locked: nothing reads its key."""

    def __init__(self) -> None:
        super().__init__(LOCKED)


def begin_again() -> NoReturn:
    """Become a fresh process with no key in its memory: the same command, from its first line."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
    finally:
        os._exit(ENDED)


def end_process() -> NoReturn:
    """End at once: whatever keeps the process running starts a fresh one."""
    os._exit(ENDED)


def stop_command() -> NoReturn:
    """End a command in its middle, with the sentence that says why."""
    click.echo(f"Error: {LOCKED}", err=True)
    os._exit(Stop.exit_code)


class Watch:
    """Looks for the lock: in the instance’s folder, and in the database once that is open."""

    def __init__(self, settings: Settings, finish: Finish) -> None:
        self._file = LockFile(settings.lock_file)
        self._finish = finish
        self._engine: Engine | None = None
        self._last_words: Callable[[], object] = lambda: None
        self._stopped = Event()

    def look_into(self, app: Flask, last_words: Callable[[], object]) -> None:
        """Look into the database of an application too, from now on; raises Locked.

        `last_words` is what the process writes down before it ends.
        """
        with app.app_context():
            self._engine = app.extensions["sqlalchemy"].engine
        self._last_words = last_words
        if self._is_locked_in_database():
            self._file.put()
            raise Locked

    def run(self) -> None:
        """Look until told to stop; end the process where everything was locked."""
        number = 0
        while not self._stopped.wait(EVERY_S):
            number += 1
            asks = number % DATABASE_EVERY == 0
            if self._file.is_there or (asks and self._is_locked_in_database()):
                self._end()

    def stop(self) -> None:
        """Look no more: no key is held any longer."""
        self._stopped.set()

    def _is_locked_in_database(self) -> bool:
        if self._engine is None:
            return False
        try:
            with self._engine.connect() as connection:
                return connection.scalar(OPEN_LOCK) is not None
        except SQLAlchemyError:
            return False  # the database is away, and says nothing

    def _end(self) -> NoReturn:
        try:
            self._file.put()
            words = Thread(target=self._last_words, daemon=True)
            words.start()
            time.sleep(ANSWERED_S)
            words.join(LAST_WORDS_S)
        finally:
            self._finish()


@contextmanager
def watched(settings: Settings, finish: Finish = stop_command) -> Iterator[Watch]:
    """Hold keys only inside, and only until everything is locked; raises Locked where it is."""
    with _noted(settings.instance):
        if LockFile(settings.lock_file).is_there:
            raise Locked
        watch = Watch(settings, finish)
        Thread(target=watch.run, name="watch", daemon=True).start()
        try:
            yield watch
        finally:
            watch.stop()


def nobody_holds_keys(folder: Path) -> bool:
    """Tell whether no process on this machine holds keys of the instance in this folder."""
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(number)
    return True


@contextmanager
def _noted(folder: Path) -> Iterator[None]:
    """Hold a shared lock on the folder of an instance, by which it is seen that keys are held.

    The system lets go of it when the process ends, however it does. A new instance has no folder.
    """
    if not folder.is_dir():
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_SH)
        yield
    finally:
        os.close(number)
