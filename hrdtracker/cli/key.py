"""The key file from the console: another passphrase for the same key."""

from dataclasses import replace
from pathlib import Path

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core import keyfile

FILE = click.Path(path_type=Path)


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
    if not settings.key_file.exists():
        raise Stop(f"There is no key file {settings.key_file}.")
    if keyfile.is_demo(settings.key_file):
        raise Stop("A demo’s passphrase is no secret, and is not changed.")
    present = replace(settings, passphrase_file=passphrase_file or settings.passphrase_file)
    old = instance.passphrase(present, asked="Present passphrase")
    keyfile.unlock(settings.key_file, old)
    fresh = replace(settings, passphrase_file=new_passphrase_file)
    new = instance.passphrase(fresh, new=True, asked="New passphrase, 14 characters or more")
    keyfile.change_passphrase(settings.key_file, old, new)
    click.echo(f"{settings.key_file} has a new passphrase. Copies of the file keep the old one.")
