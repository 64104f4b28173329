"""Data of older versions, moved to where this version keeps them."""

import click

from config import Settings
from hrdtracker.cli import instance


@click.group()
def migrate() -> None:
    """Move what older versions kept elsewhere."""


@migrate.command()
@click.pass_obj
def data(settings: Settings) -> None:
    """Move it; any other command does so, too, before it begins."""
    with instance.at_work(settings):
        click.echo("Everything is where this version keeps it.")
