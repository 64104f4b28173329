"""Backups from the console: to whom, where, now, and whether they are whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from config import Settings
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.backups import archive, restoring, service
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import SENTENCES, BackupFailed
from hrdtracker.backups.keeping import Keep, Kept, kept_at
from hrdtracker.backups.making import Put
from hrdtracker.backups.model import BackupFault
from hrdtracker.backups.work_folder import work_folder
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core.db import session
from hrdtracker.core.seal import Vault
from hrdtracker.jobs.backup import machine_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Desk:
    """What a command about backups works with."""

    actor: Actor
    organisation: Organisation
    machine: Machine


@click.group()
def backup() -> None:
    """Make backups, and look whether they are whole."""


@backup.command()
@click.option("--add", "more", multiple=True, metavar="age1…", help="One more public key.")
@click.option("--remove", "less", multiple=True, metavar="age1…", help="One that is to go.")
@click.pass_obj
def recipients(settings: Settings, more: tuple[str, ...], less: tuple[str, ...]) -> None:
    """Say who can open backups from now on, by their public keys; list them."""
    with at_desk(settings) as desk:
        keys = service.plan_of(desk.organisation).recipients
        if more or less:
            _check_listed(less, keys)
            keys = tuple(key for key in (*keys, *more) if key not in less)
            service.set_recipients(desk.actor, desk.organisation, keys)
        for key in keys or ["Nobody could open a backup yet: add a public key with --add age1…"]:
            click.echo(key)


@backup.command()
@click.option("--add", "more", multiple=True, metavar="PLACE", help="A folder, or s3://bucket/…")
@click.option("--remove", "less", multiple=True, metavar="PLACE", help="One that is to go.")
@click.pass_obj
def places(settings: Settings, more: tuple[str, ...], less: tuple[str, ...]) -> None:
    """Say where backups go from now on; list the places."""
    with at_desk(settings) as desk:
        known = service.plan_of(desk.organisation).places
        if more or less:
            _check_listed(less, known)
            full = (str(Path(each).resolve()) if "://" not in each else each for each in more)
            known = tuple(each for each in (*known, *full) if each not in less)
            service.set_places(desk.actor, desk.organisation, known, desk.machine)
        for each in known or ["Backups go nowhere yet: add a place with --add /mnt/disk/backups"]:
            click.echo(each)


@backup.command()
@click.option("--daily", type=click.IntRange(1, 366), default=7, show_default=True)
@click.option("--weekly", type=click.IntRange(0, 260), default=5, show_default=True)
@click.option("--monthly", type=click.IntRange(0, 240), default=12, show_default=True)
@click.pass_obj
def keep(settings: Settings, daily: int, weekly: int, monthly: int) -> None:
    """Say of how many days, weeks and months a backup is kept."""
    with at_desk(settings) as desk:
        service.set_keep(desk.actor, desk.organisation, Keep(daily, weekly, monthly))
    click.echo(f"Kept are {daily} daily, {weekly} weekly and {monthly} monthly backups.")


@backup.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Make a backup now, and put it into each place; exit code 1 where one has none."""
    with at_desk(context.obj) as desk:
        put = service.run(desk.actor, desk.organisation, desk.machine)
    for each in put:
        click.echo(_say_put(each))
    if any(each.fault for each in put):
        context.exit(1)


@backup.command(name="list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """List the backups that lie in each place, the newest first."""
    with at_desk(settings) as desk:
        for address in service.plan_of(desk.organisation).places:
            click.echo(address)
            for each in kept_at(address, desk.machine):
                click.echo(f"  {_say(each)}")


@backup.command()
@click.option("--file", "sealed", type=FILE, help="Open this backup, and look at all of it.")
@click.option("--identity", type=FILE, help="The private key that opens it; it is not kept.")
@click.pass_context
def verify(context: click.Context, sealed: Path | None, identity: Path | None) -> None:
    """Compare each backup with its signed receipt, or one with all it holds; else exit code 1."""
    if (sealed is None) != (identity is None):
        raise Stop("--file and --identity belong together.")
    with at_desk(context.obj) as desk:
        if sealed and identity:
            _verify_deep(desk.machine, sealed, identity)
            return
        kept = service.verify(desk.actor, desk.organisation, desk.machine)
    for each in kept:
        click.echo(f"{each.place}: {_say(each)}")
    if not kept:
        raise Stop("There is no backup.")
    if any(each.fault for each in kept):
        context.exit(1)


@backup.command()
@click.pass_obj
def prune(settings: Settings) -> None:
    """Remove the backups that outlived the plan; the newest always stays."""
    with at_desk(settings) as desk:
        removed = service.prune(desk.actor, desk.organisation, desk.machine)
    for each in removed:
        click.echo(f"removed {each.place}: {each.name}")
    click.echo(f"{len(removed)} removed.")


@contextmanager
def at_desk(settings: Settings) -> Iterator[Desk]:
    """Open an instance for a command about its backups."""
    with instance.at_work(settings) as (actor, organisation):
        vault: Vault = session().info["vault"]
        yield Desk(actor, organisation, machine_of(settings, vault))


def _verify_deep(machine: Machine, sealed: Path, identity: Path) -> None:
    keys = archive.identities(identity)
    with work_folder(machine.instance) as folder:
        manifest = restoring.unpack(sealed, keys, folder)
        restoring.check_signature(folder, machine.vault)
        restoring.check_copy(folder, manifest, machine.vault)
    rows = sum(manifest.figures.rows.values())
    click.echo(
        f"{manifest.name} is whole: {rows} rows in {len(manifest.figures.rows)} tables, "
        f"up to entry {manifest.figures.seq} of the trail."
    )


def _check_listed(less: tuple[str, ...], known: tuple[str, ...]) -> None:
    for each in less:
        if each not in known:
            raise Stop(f"{each} is not among them: {', '.join(known) or 'there is none'}.")


def _say_put(put: Put) -> str:
    """Return what became of a backup at a place."""
    if put.receipt is None:
        why = put.reason or BackupFailed(put.fault or BackupFault.NOT_REACHED)
        return f"{put.place}: no backup. {why.reason}"
    about = f"{put.receipt.size_bytes} bytes, up to entry {put.receipt.seq} of the trail"
    return f"{put.place}: {put.name}, {about}"


def _say(kept: Kept) -> str:
    if kept.fault:
        return f"{kept.name}: {BackupFailed(kept.fault, SENTENCES[kept.fault]).reason}"
    return f"{kept.name}, {kept.size_bytes} bytes"
