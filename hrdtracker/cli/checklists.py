"""The checklist of observers from the console: an organisation’s own, or that of the program."""

from pathlib import Path

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.proceedings.checklists.load import SHIPPED, load_checklist
from hrdtracker.proceedings.checklists.questions import BrokenChecklist


@click.group()
def checklists() -> None:
    """Look after the questions that observers of hearings answer."""


@checklists.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=SHIPPED
)
@click.pass_obj
def load(settings: Settings, file: Path) -> None:
    """Let a file be the checklist for observations that begin from now on.

    FILE is a CSV as docs/checklists.md says; without it, that of this program. What was answered
    keeps the questions it was asked.
    """
    with instance.at_work(settings) as (actor, organisation):
        try:
            made = load_checklist(actor, organisation, file)
        except BrokenChecklist as broken:
            raise Stop(f"{broken}\nNothing was loaded.") from None
        if made is None:
            click.echo("This checklist is in use already.")
        else:
            click.echo(f"Version {made.number} is in use from now on.")
