"""Imports from the console: which there were, and undoing one of them."""

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core.errors import NotFound
from hrdtracker.incidents.imports import ImportLine, ImportState, UndoProgress, import_of_code, undo
from hrdtracker.incidents.imports import imports as imports_of
from hrdtracker.intake.service import importer

STOPPED = 130
STATES = {
    ImportState.UNFINISHED: "not finished: the same import goes on",
    ImportState.TAKEN_IN: "finished",
    ImportState.BEING_UNDONE: "being undone",
    ImportState.UNDONE: "undone",
}
AS_USER = click.option("--as", "login", required=True, metavar="USER", help="Who asks.")


@click.group()
def imports() -> None:
    """List the imports, and undo one; docs/import.md tells how."""


@imports.command("list")
@AS_USER
@click.pass_obj
def list_(settings: Settings, login: str) -> None:
    """List the imports that this user may undo, the latest first."""
    with instance.at_work(settings) as (_, organisation):
        lines = [_line(line) for line in imports_of(importer(organisation, login))]
    click.echo("\n".join(lines) or "There are no imports.")


@imports.command("undo")
@click.argument("code")
@AS_USER
@click.option("--keep-changed", is_flag=True, help="Cases changed since stay, the others go.")
@click.pass_obj
def undo_(settings: Settings, code: str, login: str, keep_changed: bool) -> None:  # noqa: FBT001
    """Withdraw all that an import brought: nobody reads it any more, and nothing is deleted.

    Whatever stops it, the same command goes on.
    """
    with instance.at_work(settings) as (_, organisation):
        actor = importer(organisation, login)
        try:
            number = import_of_code(actor, code).id
        except NotFound:
            raise Stop(f"There is no import {code} that {login} may undo.") from None
        progress = None
        try:
            for progress in undo(actor, number, keep_changed=keep_changed):
                click.echo(_so_far(progress), err=True)
        except KeyboardInterrupt:
            click.echo("Stopped. It is being undone; the same command goes on.", err=True)
            raise SystemExit(STOPPED) from None
    if progress:
        click.echo(f"Undone: {_so_far(progress)}")


def _so_far(progress: UndoProgress) -> str:
    stay = f", {progress.changed} stay" if progress.changed else ""
    return f"{progress.withdrawn} of {progress.cases} cases withdrawn{stay}"


def _line(line: ImportLine) -> str:
    batch = line.batch
    return (
        f"{batch.code}  {batch.recorded_at:%Y-%m-%d %H:%M} UTC  {batch.source}  "
        f"by {line.by.login}  {line.cases} cases  {_state(line)}"
    )


def _state(line: ImportLine) -> str:
    withdrawn = f", {line.withdrawn} withdrawn" if line.batch.undoing_at else ""
    return f"{STATES[line.state]}{withdrawn}"
