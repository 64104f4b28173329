"""Real use: the passphrase, the key file, the database, the pages, and who begins."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from config import Settings, is_loopback
from hrdtracker.accounts import queries
from hrdtracker.cli import closed, instance, listening, memory, watch
from hrdtracker.cli.stop import Stop
from hrdtracker.core import keyfile
from hrdtracker.core.keyfile import RootKey
from hrdtracker.web import setup

OPEN = (
    "{} can be reached from outside, where everything would travel in the clear. Put a server with "
    "TLS in front, then say --behind-tls --trusted-proxies 1."
)
BOTH = "--behind-tls and --trusted-proxies belong together: say how many servers stand in front."
DEMO = "{} guards demo data only. Real data needs an instance of its own: --instance DIR."
KEEP = (
    "This made {}. Copy it to a safe place, apart from the passphrase: "
    "without both of them nobody can ever open the data again."
)
BEGIN = """
Nobody is set up yet. On this machine, open

    http://{}/setup

and type this code within 30 minutes:

    {}
"""


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Where to listen; 127.0.0.1:8000 unless said.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen on this machine.")
@click.option("--behind-tls", is_flag=True, help="A server with TLS stands in front.")
@click.option("--url", metavar="URL", help="Where browsers find it: https://daybook.example.org.")
@click.option("--trusted-proxies", type=click.IntRange(0, 9), help="How many stand in front.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="A file with mode 0600 whose first line is the passphrase; else it is asked for.",
)
@click.pass_obj
def serve(settings: Settings, /, bind: str | None, port: int | None, **options: Any) -> None:
    """Start hrdtracker for real use."""
    memory.forbid_dumps()
    host, number = listening.address(bind or settings.host, port or settings.port)
    chosen = replace(settings, host=host, port=number, **_given(options))
    _check(chosen)
    instance.check_mail(chosen)
    with listening.claim(host, number) as listener:
        made = None if chosen.key_file.exists() else _new_key(chosen)
        passphrase = closed.wait_on_port(listener, chosen)
        try:
            with watch.watched(chosen, watch.begin_again) as looking:
                root = made or instance.unlock(chosen, passphrase)
                _serve(chosen, listener, looking, root)
        except watch.Locked:
            watch.begin_again()


def _new_key(settings: Settings) -> RootKey:
    root = instance.create_key(settings)
    click.echo(KEEP.format(settings.key_file), err=True)
    return root


def _serve(
    settings: Settings, listener: socket.socket, looking: watch.Watch, root: RootKey
) -> None:
    """Answer with the pages, until told to stop or until everything is locked."""
    app = instance.application(settings, root)
    instance.follow(looking, app, settings)
    with instance.unit(app):
        code = setup.offer(app) if queries.the_organisation() is None else None
    instance.seal(app)
    try:
        listening.listen(app, listener, settings, lambda: _say(settings, code))
    finally:
        instance.seal(app)


def _say(settings: Settings, code: str | None) -> None:
    if code:
        click.echo(BEGIN.format(f"127.0.0.1:{settings.port}", code))
    click.echo(f"hrdtracker listens on http://{settings.host}:{settings.port} (Ctrl-C ends it)")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that options named; those they did not stay as they are."""
    given = {name: value for name, value in options.items() if value not in {None, False}}
    if "behind_tls" in given:
        given["tls"] = given.pop("behind_tls")
    if "url" in given:
        given["url"] = given["url"].rstrip("/")
    return given


def _check(settings: Settings) -> None:
    if settings.tls != bool(settings.trusted_proxies):
        raise Stop(BOTH)
    if not settings.tls and not is_loopback(settings.host):
        raise Stop(OPEN.format(settings.host))
    settings.check_url()
    if keyfile.is_demo(settings.key_file):
        raise Stop(DEMO.format(settings.key_file))
    instance.check_place(settings)
