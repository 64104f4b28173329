"""A demonstration with invented data, on this machine only."""

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from config import Settings
from hrdtracker.cli import instance, listening, memory
from hrdtracker.cli.demo import organisation
from hrdtracker.cli.stop import Stop
from hrdtracker.core import clock, keyfile
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey

HOST = "127.0.0.1"
ACCOUNTS = "accounts.json"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen on this machine.")
@click.pass_obj
def demo(settings: Settings, port: int | None) -> None:
    """Start the demonstration: invented offices, people, cases and incidents."""
    memory.forbid_dumps()
    shown = Settings(instance=settings.instance / "demo", port=port or settings.port)
    with listening.claim(HOST, shown.port) as listener:
        app, accounts = prepare(shown)
        listening.listen(app, listener, shown, lambda: say(accounts, shown))


def prepare(settings: Settings) -> tuple[Flask, list[dict[str, str]]]:
    """Return the demonstration's application and accounts; made anew unless it is complete."""
    path = settings.instance / ACCOUNTS
    if not path.exists():
        _remove_unfinished(settings)
    with nullcontext() if path.exists() else clock.as_of(clock.now() - organisation.BEGAN):
        app = instance.application(settings, _root(settings))
    if not path.exists():
        began = time.monotonic()
        click.echo("Making the demonstration’s data …", err=True)
        with instance.unit(app):
            accounts = [asdict(account) for account in organisation.fill()]
        _write(path, accounts)
        click.echo(f"Made in {time.monotonic() - began:.0f} s.", err=True)
    return app, json.loads(path.read_text("utf-8"))


def say(accounts: Iterable[Mapping[str, str]], settings: Settings) -> None:
    """Print the accounts, where they are kept, and that nobody here is real."""
    click.echo("This is demo data: nobody in it is real. Enter nothing real here.\n")
    for account in accounts:
        place = account["office"] or "all offices"
        click.echo(
            f"  {account['user_name']:12} {account['password']:32} {account['role']}, {place}"
        )
    click.echo(
        f"\nAlso in {settings.instance / ACCOUNTS}. Sign in at http://{HOST}:{settings.port}"
    )


def _root(settings: Settings) -> RootKey:
    path = settings.key_file
    instance.private_folder(settings.instance)
    if not path.exists():
        return keyfile.create(path, DEMO_PASSPHRASE, demo=True)
    if not keyfile.is_demo(path):
        raise Stop(f"{path} is no demo’s key file: nothing was touched.")
    return keyfile.unlock(path, DEMO_PASSPHRASE)


def _remove_unfinished(settings: Settings) -> None:
    """Remove what a first run left that was interrupted; only ever a demo’s."""
    if settings.key_file.exists() and not keyfile.is_demo(settings.key_file):
        raise Stop(f"{settings.key_file} is no demo’s key file: nothing was touched.")
    for name in ("hrdtracker.db", "hrdtracker.db-wal", "hrdtracker.db-shm"):
        (settings.instance / name).unlink(missing_ok=True)


def _write(path: Path, accounts: list[dict[str, str]]) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(accounts, indent=1, ensure_ascii=False) + "\n", "utf-8")
