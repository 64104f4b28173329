"""The trail from the console: whether it still stands as it was written."""

import click

from config import Settings
from hrdtracker.audit import queries
from hrdtracker.audit.checkpoint import Head
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop


@click.group()
def audit() -> None:
    """Check the trail."""


@audit.command()
@click.option("--head", metavar="SEQ:MAC", help="A head kept elsewhere: finds a cut end, too.")
@click.pass_context
def verify(context: click.Context, head: str | None) -> None:
    """Recompute the trail's chain and print its head; exit code 1 where it does not hold."""
    settings: Settings = context.obj
    exported = _read(head) if head else None
    with instance.at_work(settings):
        verdict = queries.verify(exported)
    if verdict.broken_at is not None:
        click.echo(f"BROKEN: entry {verdict.broken_at} is not as it was written.")
    if verdict.cut:
        click.echo("CUT: the head that was kept elsewhere is not on this trail.")
    if not verdict.holds:
        context.exit(1)
    click.echo(f"The trail holds: {verdict.entries} entries.")
    click.echo(f"head {verdict.head}")


def _read(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError:
        raise Stop("A head is written SEQ:MAC, as `hrdtracker audit verify` printed it.") from None
