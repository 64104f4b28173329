"""The lists of terms from the console: brought in line with their files."""

from pathlib import Path

import click

from config import Settings
from hrdtracker.accounts import terms
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.codelists.files import LISTS, BrokenList, parse_list
from hrdtracker.proceedings.articles import PROVISION, check_provisions


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


FILE_MOST = 5_000_000
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@codelists.command()
@click.argument("name", metavar="LIST", type=click.Choice(LISTS))
@click.argument("file", type=FILE)
@click.pass_obj
def add(settings: Settings, name: str, file: Path) -> None:
    """Add the terms of FILE to LIST: the articles of another country’s law, for one.

    FILE has the columns of our own lists; docs/codelists.md says which. The same again changes
    nothing, and a newer file brings its terms up to date.
    """
    try:
        if file.stat().st_size > FILE_MOST:
            raise Stop("A list has at most 5 MB.")
        rows = parse_list(name, file.read_bytes().decode("utf-8-sig"))
        if name == PROVISION:
            check_provisions(rows)
        with instance.at_work(settings) as (actor, organisation):
            added, changed = terms.add_from_file(actor, organisation, name, rows)
    except UnicodeDecodeError:
        raise Stop(f"{file.name} is not UTF-8: save it again as “CSV UTF-8”.") from None
    except BrokenList as broken:
        raise Stop(f"{broken}\nNothing was added.") from None
    click.echo(f"{added} terms added, {changed} changed.")
