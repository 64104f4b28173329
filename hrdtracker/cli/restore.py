"""Restoring: a backup becomes a server again, or is rehearsed beside the running one."""

from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from config import Settings
from hrdtracker.access.actor import operator
from hrdtracker.accounts import queries
from hrdtracker.backups import archive, epoch, rehearsing, restoring
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.manifest import Manifest
from hrdtracker.backups.rehearsing import Rehearsed
from hrdtracker.backups.work_folder import keep_on_disk, work_folder
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.cli.watch import Watch, watched
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.seal import Vault
from hrdtracker.jobs.backup import machine_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HOLDS = "{} holds something already: nothing was restored. Name an empty folder, or a new one."
OTHER_ENGINE = "This backup is of {}: say --to {}."
LOST = """
Restored from {name}, made {made:%Y-%m-%d %H:%M} UTC.
The last entry of the trail in it is number {seq}. What was done after that is lost: enter it anew.
Everybody signs in again. Who was locked, lost a role or changed a password since is as before:
look through the users before you let anybody in.
"""
CERTIFIED = """
{name} was restored beside the running system, compared, and removed again: it is equal.
{rows} rows in {tables} tables; the trail up to entry {seq}; {transactions} entries of the books;
{opened} sealed values opened. The certificate stands on the page of the directors.
"""


@click.command()
@click.argument("sealed", metavar="FILE", type=FILE)
@click.option("--identity", type=FILE, required=True, help="The private key of age; not kept.")
@click.option("--to", metavar="DIR|DATABASE_URL", help="Where: an empty folder or database.")
@click.option("--rehearse", is_flag=True, help="Compare it with the running system instead.")
@click.pass_obj
def restore(
    settings: Settings,
    sealed: Path,
    identity: Path,
    to: str | None,
    rehearse: bool,  # noqa: FBT001 - click calls it
) -> None:
    """Make a server again of the backup FILE, or rehearse that beside the running one."""
    keys = archive.identities(identity)
    if rehearse == bool(to):
        raise Stop("Say --to, where it is restored, or --rehearse.")
    if rehearse:
        click.echo(_say_certified(_rehearse(settings, sealed, keys)))
    elif to and to.startswith("postgresql"):
        manifest = _restore_to_database(replace(settings, database_url=_driven(to)), sealed, keys)
        click.echo(_say_lost(manifest))
    elif to:
        manifest = _restore_to_folder(settings, Path(to).resolve(), sealed, keys)
        click.echo(_say_lost(manifest))


def _restore_to_folder(
    settings: Settings, to: Path, sealed: Path, keys: restoring.Keys
) -> Manifest:
    """Make a folder an instance, in one step: until then there is nothing there."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Stop(HOLDS.format(to))
    with work_folder(to.parent) as folder:
        manifest, root = _open(settings, sealed, keys, folder)
        if manifest.engine != "sqlite":
            raise Stop(OTHER_ENGINE.format("PostgreSQL", "postgresql+psycopg://…"))
        restoring.check_copy(folder, manifest, Vault(root))
        _begin_anew(replace(settings, instance=folder, database_url=""), root, manifest)
        for name in (archive.MANIFEST, archive.SIGNATURE):
            (folder / name).unlink()
        for each in (*folder.iterdir(), folder):
            keep_on_disk(each)
        folder.rename(to)
        keep_on_disk(to.parent)
    return manifest


def _restore_to_database(settings: Settings, sealed: Path, keys: restoring.Keys) -> Manifest:
    """Fill an empty database; its key file, without which nothing starts, comes last."""
    if settings.key_file.exists():
        raise Stop(HOLDS.format(settings.instance))
    with work_folder(settings.instance) as folder:
        manifest, root = _open(settings, sealed, keys, folder)
        vault, url = Vault(root), settings.database
        if manifest.engine != "postgresql":
            raise Stop(OTHER_ENGINE.format("SQLite", "DIR"))
        with restoring.empty_database(url):
            restoring.fill(url, folder, manifest.figures, vault)
            _begin_anew(replace(settings, instance=folder), root, manifest)
        # Only now: what a key file belongs to must never be taken for a restore's leavings.
        keep_on_disk(folder / archive.KEY_FILE)
        (folder / archive.KEY_FILE).rename(settings.key_file)
        keep_on_disk(settings.instance)
    return manifest


def _open(
    settings: Settings, sealed: Path, keys: restoring.Keys, folder: Path
) -> tuple[Manifest, RootKey]:
    """Unpack a backup and open its key file, which stays locked by its passphrase."""
    manifest = restoring.unpack(sealed, keys, folder)
    locked = folder / archive.KEY_FILE
    if keyfile.is_demo(locked):
        words = keyfile.DEMO_PASSPHRASE
    else:
        words = instance.passphrase(settings, asked="Passphrase of the day of the backup")
    root = keyfile.unlock(locked, words)
    restoring.check_signature(folder, Vault(root))
    return manifest, root


def _begin_anew(settings: Settings, root: RootKey, manifest: Manifest) -> None:
    """Bring the restored database up to date, and end whatever was open in it."""
    app = instance.application(settings, root)
    with instance.unit(app):
        organisation = queries.the_organisation()
        actor = operator(organisation.id if organisation else 0)
        epoch.begin_anew(actor, manifest.instant, manifest.figures.seq)


def _rehearse(settings: Settings, sealed: Path, keys: restoring.Keys) -> Rehearsed:
    if not settings.key_file.exists():
        raise Stop("There is no running system here to compare with: name it with --instance.")
    with watched(settings) as watch:
        return _compare(settings, sealed, keys, watch)


def _compare(settings: Settings, sealed: Path, keys: restoring.Keys, watch: Watch) -> Rehearsed:
    is_demo = keyfile.is_demo(settings.key_file)
    words = keyfile.DEMO_PASSPHRASE if is_demo else instance.passphrase(settings)
    root = keyfile.unlock(settings.key_file, words)

    def upgrade(copy: Machine) -> None:
        url = copy.database if settings.database_url else ""
        copied = instance.application(
            replace(settings, instance=copy.instance, database_url=url, heads_folder=None), root
        )
        with instance.unit(copied):
            pass  # what it held open is let go of

    app = instance.application(settings, root)
    instance.follow(watch, app, settings)
    with instance.unit(app):
        organisation = queries.the_organisation()
        if organisation is None:
            raise Stop("The organisation is not set up yet.")
        machine = machine_of(settings, Vault(root))
        rehearsed = rehearsing.rehearse(machine, sealed, keys, words, upgrade)
        rehearsing.certify(operator(organisation.id), organisation, rehearsed)
    return rehearsed


def _driven(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _say_lost(manifest: Manifest) -> str:
    return LOST.format(name=manifest.name, made=manifest.instant, seq=manifest.figures.seq)


def _say_certified(rehearsed: Rehearsed) -> str:
    figures = rehearsed.manifest.figures
    return CERTIFIED.format(
        name=rehearsed.manifest.name,
        rows=sum(figures.rows.values()),
        tables=len(figures.rows),
        seq=figures.seq,
        transactions=rehearsed.depth.transactions,
        opened=rehearsed.depth.opened,
    )
