"""The key file from the console: whose passphrases open it, and who has proved that."""

from dataclasses import replace
from pathlib import Path

import click

from config import Settings
from hrdtracker.accounts import queries as users
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.cli.user import find
from hrdtracker.cli.watch import watched
from hrdtracker.core import keyfile
from hrdtracker.lockdown import queries, service

FILE = click.Path(path_type=Path)
NEW = "New passphrase, 14 characters or more"
FIRST_PROVE = (
    "{0} has a passphrase of their own. Copies of the key file keep what they had: renew them. "
    "It counts for locking everything once {0} has typed it: `hrdtracker key prove {0}`."
)
CHANGED = (
    "{} has a new passphrase. Copies of the file keep the old one. Whose it is counts for locking "
    "everything once they have typed it: `hrdtracker key prove LOGIN`."
)


@click.group()
def key() -> None:
    """Look after the key file."""


@key.command()
@click.option("--passphrase-file", type=FILE, help="A 0600 file with the present passphrase.")
@click.option("--new-passphrase-file", type=FILE, help="A 0600 file with the new one.")
@click.pass_obj
def passphrase(
    settings: Settings, passphrase_file: Path | None, new_passphrase_file: Path | None
) -> None:
    """Change the passphrase; the data stay as they are, and old copies keep the old one."""
    _check_is_real(settings)
    present = replace(settings, passphrase_file=passphrase_file or settings.passphrase_file)
    with watched(settings):
        old = instance.passphrase(present, asked="Present passphrase")
        keyfile.unlock(settings.key_file, old)
        fresh = replace(settings, passphrase_file=new_passphrase_file)
        keyfile.change_passphrase(
            settings.key_file, old, instance.passphrase(fresh, new=True, asked=NEW)
        )
    click.echo(CHANGED.format(settings.key_file))


@key.command()
@click.argument("login")
@click.option("--passphrase-file", type=FILE, help="A 0600 file with the present passphrase.")
@click.option("--new-passphrase-file", type=FILE, help="A 0600 file with that of LOGIN.")
@click.pass_obj
def add(
    settings: Settings, login: str, passphrase_file: Path | None, new_passphrase_file: Path | None
) -> None:
    """Let one more passphrase open the key file: that of LOGIN, who types it."""
    _check_is_real(settings)
    present = replace(settings, passphrase_file=passphrase_file or settings.passphrase_file)
    with watched(settings) as watch:
        words = instance.passphrase(present, asked="Present passphrase")
        app = instance.application(settings, keyfile.unlock(settings.key_file, words))
        instance.follow(watch, app, settings)
        with instance.at_desk(app) as (actor, organisation):
            user = find(users.all_users(organisation), login).user
            theirs = instance.passphrase(
                replace(settings, passphrase_file=new_passphrase_file), new=True, asked=NEW
            )
            name = keyfile.add_passphrase(settings.key_file, words, theirs)
            service.name_holder(actor, organisation, user, name)
    click.echo(FIRST_PROVE.format(login))


@key.command()
@click.argument("login")
@click.pass_obj
def prove(settings: Settings, login: str) -> None:
    """Let LOGIN type their passphrase: once two have, the pages offer to lock everything."""
    _check_is_real(settings)
    with watched(settings) as watch:
        typed = replace(settings, passphrase_file=None)
        words = instance.passphrase(typed, asked=f"Passphrase of {login}")
        root, name = keyfile.unlock_by(settings.key_file, words)
        app = instance.application(settings, root)
        instance.follow(watch, app, settings)
        with instance.at_desk(app) as (actor, organisation):
            user = find(users.all_users(organisation), login).user
            service.prove(actor, organisation, user, name)
            holders = queries.key_holders(organisation, keyfile.lock_names(settings.key_file))
    count = queries.proved(holders)
    click.echo(f"{login} has proved that they can unlock. People who have: {count}.")


@key.command()
@click.argument("login")
@click.pass_obj
def remove(settings: Settings, login: str) -> None:
    """Let the passphrase of LOGIN open the key file no more; old copies still open with it."""
    _check_is_real(settings)
    with instance.at_work(settings) as (actor, organisation):
        user = find(users.all_users(organisation), login).user
        name = queries.lock_of(user)
        if name is None:
            raise Stop(f"{login} has no passphrase of their own: `hrdtracker key holders`.")
        keyfile.remove_lock(settings.key_file, name)
        service.end_holder(actor, organisation, user)
    click.echo(f"The passphrase of {login} opens {settings.key_file} no more. Copies still do.")


@key.command()
@click.pass_obj
def holders(settings: Settings) -> None:
    """List whose passphrases open the key file, and when each was last typed."""
    with instance.at_work(settings) as (_, organisation):
        names = keyfile.lock_names(settings.key_file)
        lines = queries.key_holders(organisation, names)
        for line in lines:
            proved = f"{line.proved_at:%Y-%m-%d %H:%M} UTC" if line.proved_at else "never proved"
            click.echo(f"{line.user.login:20}  {proved}")
        if len(names) > len(lines):
            click.echo(f"passphrases of nobody named: {len(names) - len(lines)}")


def _check_is_real(settings: Settings) -> None:
    if not settings.key_file.exists():
        raise Stop(f"There is no key file {settings.key_file}.")
    if keyfile.is_demo(settings.key_file):
        raise Stop("A demo’s passphrase is no secret, and is not changed.")
