"""The command `hrdtracker`: every command, one line each."""

import os
from dataclasses import replace
from pathlib import Path

import click

from config import Settings
from hrdtracker.cli.audit import audit
from hrdtracker.cli.backup import backup
from hrdtracker.cli.checklists import checklists
from hrdtracker.cli.clocks import clocks
from hrdtracker.cli.codelists import codelists
from hrdtracker.cli.demo.command import demo
from hrdtracker.cli.fund import fund
from hrdtracker.cli.import_ import import_
from hrdtracker.cli.imports import imports
from hrdtracker.cli.key import key
from hrdtracker.cli.lock import lock, unlock
from hrdtracker.cli.migrate import migrate
from hrdtracker.cli.restore import restore
from hrdtracker.cli.rules import rules
from hrdtracker.cli.serve import serve
from hrdtracker.cli.stop import Commands
from hrdtracker.cli.user import user
from hrdtracker.cli.worker import worker

COMMANDS: tuple[click.Command, ...] = (
    serve,
    worker,
    lock,
    unlock,
    demo,
    user,
    import_,
    imports,
    audit,
    fund,
    clocks,
    checklists,
    codelists,
    rules,
    key,
    migrate,
    backup,
    restore,
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the instance; `instance` unless said.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="A file with mode 0600 whose first line is the passphrase; else it is asked for.",
)
@click.pass_context
def main(context: click.Context, instance: Path | None, passphrase_file: Path | None) -> None:
    """Case tracking for those who protect human rights defenders."""
    settings = Settings.read(os.environ)
    context.obj = replace(
        settings,
        instance=instance or settings.instance,
        passphrase_file=passphrase_file or settings.passphrase_file,
    )


for command in COMMANDS:
    main.add_command(command)
