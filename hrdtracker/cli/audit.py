"""The trail from the console, and who read what: whether both still stand as they were written."""

import json

import click

from config import Settings
from hrdtracker.audit import queries
from hrdtracker.audit.checkpoint import ChainVerification, Head, ReadingVerification
from hrdtracker.audit.state import Discrepancy
from hrdtracker.authorised import seal_readings
from hrdtracker.backups import older
from hrdtracker.backups.model import OlderReason
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core.declarations import field_of, record_labels
from hrdtracker.core.standstill import standstill


@click.group()
def audit() -> None:
    """Check the trail."""


@audit.command()
@click.option("--head", metavar="SEQ:MAC", help="A head kept elsewhere: finds a cut end, too.")
@click.option("--state", is_flag=True, help="Compare every table with what the trail says, too.")
@click.pass_context
def verify(context: click.Context, head: str | None, *, state: bool) -> None:
    """Recompute the chains of the trail and of the access log; exit code 1 where one is broken."""
    settings: Settings = context.obj
    exported = _read(head) if head else None
    with instance.at_work(settings) as who:
        queries.stand_still()
        verdict, readings = queries.verify(exported), queries.verify_readings()
        _say_trail(verdict)
        _say_readings(readings)
        differing = _say_state() if state else 0
        if readings.holds and verdict.holds and not standstill().is_on():
            seal_readings(*who)
    if differing or not (verdict.holds and readings.holds):
        context.exit(1)


@audit.command()
@click.option("--reason", type=click.Choice([str(each) for each in OlderReason]), required=True)
@click.pass_obj
def explain(settings: Settings, reason: str) -> None:
    """Say why the database is older than the heads kept elsewhere; it takes somebody else, too."""
    with instance.at_work(settings) as who:
        older.explain(*who, OlderReason(reason))
        present = older.present_standstill()
        if present is None:
            click.echo("Everything goes on.")
        elif present.opens_at:
            click.echo(f"Everything goes on by itself at {present.opens_at:%Y-%m-%d %H:%M} UTC.")
        else:
            click.echo("Somebody else says why, too: they sign in, and find the page.")


def _say_state() -> int:
    """Name everything in which the tables differ from the trail; return how much there is."""
    count = 0
    for difference in queries.discrepancies():
        click.echo(f"DIFFERS: {in_words(difference)}")
        count += 1
    if not count:
        click.echo("The tables hold what the trail says.")
    return count


def in_words(difference: Discrepancy) -> str:
    """Say what differs: which column of which row, what the trail says, what the table holds."""
    label = record_labels().get(difference.table, difference.table)
    row = f"{label} {difference.identity} ({difference.table})"
    if not difference.column:
        if difference.stated:
            return f"{row} is on the trail and not in the table."
        return f"{row} is in the table and not on the trail."
    field = field_of(difference.table, difference.column)
    name = f"{field.title} ({difference.column})" if field and field.label else difference.column
    if difference.is_sealed:
        return f"{row}: {name} is not the sealed value that the trail has."
    held = "the table held, before an act changed it," if difference.covered else "the table holds"
    said = f"the trail says {json.dumps(difference.stated, ensure_ascii=False)}"
    return f"{row}: {name}: {said}, {held} {json.dumps(difference.stored, ensure_ascii=False)}."


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
