"""The trail from the console, and who read what: whether both still stand as they were written."""

import click

from config import Settings
from hrdtracker.audit import queries
from hrdtracker.audit.checkpoint import ChainVerification, Head, ReadingVerification
from hrdtracker.authorised import seal_readings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop


@click.group()
def audit() -> None:
    """Check the trail."""


@audit.command()
@click.option("--head", metavar="SEQ:MAC", help="A head kept elsewhere: finds a cut end, too.")
@click.pass_context
def verify(context: click.Context, head: str | None) -> None:
    """Recompute the chains of the trail and of the access log; exit code 1 where one is broken."""
    settings: Settings = context.obj
    exported = _read(head) if head else None
    with instance.at_work(settings) as who:
        verdict, readings = queries.verify(exported), queries.verify_readings()
        if readings.holds and verdict.holds:
            seal_readings(*who)
    _say_trail(verdict)
    _say_readings(readings)
    if not (verdict.holds and readings.holds):
        context.exit(1)


def _say_trail(verdict: ChainVerification) -> None:
    if verdict.broken_at is not None:
        click.echo(f"BROKEN: entry {verdict.broken_at} is not as it was written.")
    if verdict.cut:
        click.echo("CUT: the head that was kept elsewhere is not on this trail.")
    if verdict.holds:
        click.echo(f"The trail holds: {verdict.entries} entries.")
        click.echo(f"head {verdict.head}")


def _say_readings(readings: ReadingVerification) -> None:
    if readings.broken_at is not None:
        click.echo(
            f"BROKEN: batch {readings.broken_at} of the access log is not as it was written."
        )
    if readings.cut:
        click.echo("CUT: the trail names batches of the access log that are gone.")
    if readings.holds:
        click.echo(f"The access log holds: {readings.entries} lines, {readings.head.seq} batches.")
    click.echo(f"{readings.unsealed} lines were in no batch yet, which is not checked.")


def _read(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError:
        raise Stop("A head is written SEQ:MAC, as `hrdtracker audit verify` printed it.") from None
