"""The rules of law from the console: brought in line with their files."""

from pathlib import Path

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.rules.files import FOLDER, BrokenRules


@click.group()
def rules() -> None:
    """Look after the rules of law by which limits are counted."""


@rules.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER
)
@click.pass_obj
def load(settings: Settings, folder: Path) -> None:
    """Bring rules and holidays in line with files; what two people changed here stays.

    FOLDER holds one folder for each country, such as kh; without it, the files of this program.
    """
    with instance.at_work(settings) as (actor, organisation):
        try:
            done = load_rules(actor, organisation, folder)
        except BrokenRules as broken:
            raise Stop(f"{broken}\nNothing was loaded.") from None
        click.echo(f"{done.added} rules added, {done.changed} changed, {done.holidays} holidays.")
        if done.kept:
            click.echo(f"{done.kept} differ from the files and stay as two people said here.")
