"""Locking everything from the console, and opening it again with a passphrase that is typed."""

import time

import click

from config import Settings
from hrdtracker.cli import handover, instance, passphrase_file, watch
from hrdtracker.cli.stop import Stop
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.lock_file import LockFile
from hrdtracker.lockdown.queries import open_lock
from hrdtracker.lockdown.service import unlock_everything

PATIENCE_S = 15.0
POLL_S = 0.1
DEMO = "A demonstration has nothing to lock."
LOCKED = "Everything is locked: no process on this machine holds a key any more."
ELSEWHERE = "Other machines on the same database follow within seconds, if one here was running."
HOLDS_ON = "A process still holds keys: switch the machine off. The instance is locked; see {}."
LIES_THERE = (
    "The passphrase still lies in {0}: whoever has this machine can open everything. Remove it, or "
    "switch the machine off. It goes by itself where it lies in memory and two people have proved "
    "that they can unlock: `hrdtracker key prove`."
)
NOT_LOCKED = "Nothing is locked here."
OPEN = "Unlocked; everybody signs in anew. {} waited here and had the passphrase from you."
START = "Unlocked; everybody signs in anew. Nothing waited here: start the server."


@click.command()
@click.pass_obj
def lock(settings: Settings) -> None:
    """Lock everything now: every process that holds keys ends, and pages answer 503."""
    _check_is_real(settings)
    LockFile(settings.lock_file).put()
    until = time.monotonic() + PATIENCE_S
    while not watch.nobody_holds_keys(settings.instance):
        if time.monotonic() > until:
            raise Stop(HOLDS_ON.format(settings.lock_file))
        time.sleep(POLL_S)
    click.echo(LOCKED)
    if settings.database_url:
        click.echo(ELSEWHERE)
    secret = settings.passphrase_file
    if secret is not None and secret.is_file() and not passphrase_file.is_emptied(secret):
        click.echo(LIES_THERE.format(secret), err=True)


@click.command()
@click.pass_obj
def unlock(settings: Settings) -> None:
    """Open everything again: asks for the passphrase, and starts what waits on this machine.

    It is typed, never read from a file. A file named with --passphrase-file that was emptied with
    the lock gets it back.
    """
    _check_is_real(settings)
    lock_file = LockFile(settings.lock_file)
    words: str = click.prompt("Passphrase", hide_input=True, err=True)
    root, name = keyfile.unlock_by(settings.key_file, words)
    if not _open(settings, root, name):
        click.echo(NOT_LOCKED)
        return
    secret = settings.passphrase_file
    if secret is not None and passphrase_file.is_emptied(secret):
        passphrase_file.put_back(secret, words)
    with handover.listening(settings.instance) as door, lock_file.removed() as all_have_it:
        count = handover.give(door, words, all_have_it)
    click.echo(OPEN.format(count) if count else START)


def _open(settings: Settings, root: RootKey, lock_name: str) -> bool:
    """Write down that everything is open again; tell whether it was locked."""
    since = LockFile(settings.lock_file).since
    app = instance.application(settings, root)
    with instance.unit(app):
        who = instance.operating()
        if who is None:  # locked before anybody was set up
            return since is not None
        was_locked = since is not None or open_lock(who[1]) is not None
        if was_locked:
            unlock_everything(*who, lock_name, since)
    return was_locked


def _check_is_real(settings: Settings) -> None:
    if not settings.key_file.exists():
        raise Stop(instance.NO_INSTANCE.format(settings.instance))
    if keyfile.is_demo(settings.key_file):
        raise Stop(DEMO)
