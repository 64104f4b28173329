"""The lists of terms from the console: brought in line with their files."""

import click

from config import Settings
from hrdtracker.accounts import terms
from hrdtracker.cli import instance


@click.group()
def codelists() -> None:
    """Look after the lists of terms."""


@codelists.command()
@click.pass_obj
def load(settings: Settings) -> None:
    """Bring the lists in line with their files; what somebody retired here stays retired."""
    with instance.at_work(settings) as (actor, organisation):
        added, changed = terms.load(actor, organisation)
        click.echo(f"{added} terms added, {changed} changed.")
