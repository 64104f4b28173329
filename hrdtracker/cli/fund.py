"""The protection fund from the console: whether its books and its records say the same."""

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.fund.books.integrity import check_fund


@click.group()
def fund() -> None:
    """Check the protection fund."""


@fund.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Check that the books balance and agree with every line, request and payment; else exit 1."""
    settings: Settings = context.obj
    with instance.at_work(settings):
        integrity = check_fund()
    for fault in integrity.faults:
        click.echo(f"WRONG: {fault.which}: {fault.what}.")
    if integrity.faults:
        context.exit(1)
    click.echo(f"The fund holds: {integrity.transactions} transactions.")
