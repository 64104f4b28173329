"""Opening an instance: its key file, its database, and a unit of work in it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from config import Settings
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import Organisation
from hrdtracker.accounts import queries, terms
from hrdtracker.app import create_app
from hrdtracker.audit import state
from hrdtracker.authorised import flush_deferred, seal_readings
from hrdtracker.backups import epoch, older, upgrading
from hrdtracker.cli import memory, passphrase_file, schema
from hrdtracker.cli.stop import Stop, about_database
from hrdtracker.cli.watch import Watch, watched
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.core.lock_file import LockFile
from hrdtracker.core.seal import ring
from hrdtracker.incidents import older_custody
from hrdtracker.lockdown import queries as lockdown
from hrdtracker.lockdown.service import note_lock
from hrdtracker.proceedings.checklists.load import load_first_checklist
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.rules.files import BrokenRules

NO_INSTANCE = (
    "There is no instance in {}: start one with `hrdtracker serve`, or name it with --instance."
)
OPEN_FOLDER = "Others can look into {0}, where the data and their key are: chmod 700 {0}"
TOGETHER = (
    "The passphrase file {} lies in the instance’s folder: a copy of the data would open itself. "
    "Keep it elsewhere, best on another disk."
)
UNNAMED = "HRDTRACKER_PASSPHRASE_FILE must name a file (mode 0600) with the passphrase."
DEMO_ONLY = "{} guards demo data only: start it with `hrdtracker demo`."
DIFFERED = (
    "Before the upgrade the tables differed from the trail in {} places. They still do: "
    "`hrdtracker audit verify --state` names each."
)
OLDER = (
    "This database is OLDER than the heads that are kept elsewhere. Nothing is done until two "
    "people have said why: on its one page, or `hrdtracker audit explain` on this machine."
)
MOVING = (
    "What {} cases say of custody is being moved. It may be stopped, and goes on at the next start."
)
UNMOVED = (
    "What some cases say of custody is not moved yet: `hrdtracker migrate data`, "
    "or any other command, moves it."
)
RULES_STAY = (
    "The rules of law stay as they were: those of the newer program do not hold beside what two "
    "people changed here. Change these, then `hrdtracker rules load`.\n{}"
)
NO_KEY = "The database is here, but its key file {} is not: put it back from your safe copy."


def passphrase(settings: Settings, *, new: bool = False, asked: str = "Passphrase") -> str:
    """Return the passphrase from its file, or as it is typed; a new one is typed twice."""
    if settings.passphrase_file is not None:
        return read_secret(settings.passphrase_file)
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=new, err=True)
    return typed


def read_secret(path: Path) -> str:
    """Return the first line of a file that only its owner can read."""
    if not path.is_file():
        raise Stop(f"There is no file {path}.")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Stop(f"Others can read {path}: chmod 600 {path}")
    lines = path.read_text("utf-8").splitlines()
    if not lines or not lines[0]:
        raise Stop(f"{path} is empty: its first line must be the secret.")
    return lines[0]


def check_mail(settings: Settings) -> None:
    """Raise Stop where the password of the mail server cannot be used, before it is needed."""
    if settings.mail and settings.mail.password_file:
        read_secret(settings.mail.password_file)


def check_place(settings: Settings) -> None:
    """Raise Stop where a copy of the instance’s folder would open itself."""
    secret = settings.passphrase_file
    if secret is not None and secret.resolve().is_relative_to(settings.instance.resolve()):
        raise Stop(TOGETHER.format(secret))


def private_folder(folder: Path) -> None:
    """Make the folder of an instance, its owner’s alone; raises Stop where it is open to others."""
    for place in reversed([folder, *folder.parents]):
        if not place.exists():
            place.mkdir(mode=0o700)
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise Stop(OPEN_FOLDER.format(folder))


def unlock(settings: Settings, words: str | None = None) -> RootKey:
    """Return the root key of an instance that exists, with the passphrase where it is given.

    Else that is read from its file or asked for; a demo’s is no secret.
    """
    path = settings.key_file
    if not path.exists():
        raise Stop(_missing(settings))
    if keyfile.is_demo(path):
        return keyfile.unlock(path, DEMO_PASSPHRASE)
    private_folder(settings.instance)
    return keyfile.unlock(path, words or passphrase(settings))


def create_key(settings: Settings) -> RootKey:
    """Make the key file of a new instance; raises Stop where there is a database without one."""
    if _database_is_here(settings):
        raise Stop(_missing(settings))
    private_folder(settings.instance)
    words = passphrase(settings, new=True, asked="New passphrase, 14 characters or more")
    return keyfile.create(settings.key_file, words)


def _missing(settings: Settings) -> str:
    if _database_is_here(settings):
        return NO_KEY.format(settings.key_file)
    return NO_INSTANCE.format(settings.instance)


def _database_is_here(settings: Settings) -> bool:
    if settings.database_url:
        return schema.has_tables(settings.database_url)
    return (settings.instance / "hrdtracker.db").exists()


def application(settings: Settings, root: RootKey) -> Flask:
    """Return the application of an instance, its database and its lists brought up to date."""
    app = create_app(settings, root)
    with _let_go_where_refused(app):
        schema.check_isolation(app)
        is_bound = _check_key(app)
        if _upgrade(app):
            _follow_lists(app)
            seal(app)
        if not is_bound:
            _bind(app)
        move_data(app)
        _look_whether_older(app, settings)
    return app


def move_data(app: Flask) -> int:
    """Move what older versions kept elsewhere; return in how many cases something was moved."""
    with unit(app):
        who = operating()
        if who is None:
            return 0
        number = older_custody.waits()
        if number:
            click.echo(MOVING.format(number), err=True)
        return older_custody.move_all(*who, lambda done: click.echo(f"{done} …", err=True))


def _upgrade(app: Flask) -> bool:
    """Run the migrations that the database lacks, and let the trail say what they changed."""
    is_current = schema.is_current(app)
    with unit(app):
        if is_current and state.is_complete():
            return False
        differing = upgrading.differing()
    if not is_current:
        schema.bring_up_to_date(app)
    with unit(app):
        organisation = queries.the_organisation()
        upgrading.enter(operator(organisation.id if organisation else 0), differing)
    if differing:
        click.echo(DIFFERED.format(len(differing)), err=True)
    return True


def served(settings: Settings) -> Flask:
    """Return the application for a web server outside: nobody is asked, and no table changes.

    Raises Stop where the database is not up to date, or belongs to another key.
    """
    memory.forbid_dumps()
    settings.check_url()
    if settings.passphrase_file is None:
        raise Stop(UNNAMED)
    check_place(settings)
    if keyfile.is_demo(settings.key_file):
        raise Stop(DEMO_ONLY.format(settings.key_file))
    check_mail(settings)
    app = create_app(settings, unlock(settings))
    with _let_go_where_refused(app):
        schema.check_isolation(app)
        is_bound = _check_key(app)
        schema.check_is_current(app)
        _check_moved(app)
        if not is_bound:
            _bind(app)
        _look_whether_older(app, settings)
    return app


@contextmanager
def _let_go_where_refused(app: Flask) -> Iterator[None]:
    """Hold no connection of an application that is not to be used, and say why in a sentence."""
    try:
        yield
    except DBAPIError as error:
        _dispose(app)
        raise Stop(about_database(error)) from None
    except BaseException:
        _dispose(app)
        raise


def _dispose(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def _check_key(app: Flask) -> bool:
    """Tell whether the database says which key it belongs to; raises WrongKey for another."""
    with unit(app):
        return epoch.check_key()


def _check_moved(app: Flask) -> None:
    """Raise Stop where an older version’s data wait to be moved."""
    with unit(app):
        if older_custody.waits():
            raise Stop(UNMOVED)


def _look_whether_older(app: Flask, settings: Settings) -> None:
    """Let a database stand still that is older than the heads that are kept elsewhere."""
    with unit(app):
        if older.stand_still_where_older(settings.heads_folder):
            click.echo(OLDER, err=True)


def _bind(app: Flask) -> None:
    """Write down which key the database belongs to, at its first start with that key."""
    with unit(app):
        organisation = queries.the_organisation()
        epoch.bind(operator(organisation.id if organisation else 0))


def _follow_lists(app: Flask) -> None:
    """Load what lists and rules of law a newer program brings, and a first checklist."""
    with unit(app):
        who = operating()
        if who is not None:
            terms.load(*who)
            try:
                load_rules(*who)
            except BrokenRules as broken:
                click.echo(RULES_STAY.format(broken), err=True)
            load_first_checklist(*who)


def seal(app: Flask) -> None:
    """Tie together what was read so far, where anything can have been."""
    with unit(app):
        who = operating()
        if who is not None:
            seal_readings(*who)


def operating() -> tuple[Actor, Organisation] | None:
    """Return who acts on the machine, and for whom; None where nobody has set up yet."""
    organisation = queries.the_organisation()
    if organisation is None:
        return None
    ring().load([organisation.data_key_id])
    return operator(organisation.id), organisation


@contextmanager
def unit(app: Flask) -> Iterator[None]:
    """Open a unit of work for a command, and let go of the database after it."""
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        try:
            with unit_of_work(database.session()):
                yield
                flush_deferred()
        finally:
            database.session.remove()
            database.engine.dispose()


@contextmanager
def at_work(settings: Settings) -> Iterator[tuple[Actor, Organisation]]:
    """Open an instance for one command of its operator; raises Stop where nothing is set up.

    The command ends in its middle where everything is locked meanwhile.
    """
    with watched(settings) as watch:
        app = application(settings, unlock(settings))
        follow(watch, app, settings)
        with at_desk(app) as who:
            yield who


@contextmanager
def at_desk(app: Flask) -> Iterator[tuple[Actor, Organisation]]:
    """Open a unit of work for whoever holds the machine; raises Stop where nothing is set up."""
    with unit(app):
        who = operating()
        if who is None:
            raise Stop("The organisation is not set up yet: start `hrdtracker serve` first.")
        yield who


def follow(watch: Watch, app: Flask, settings: Settings) -> None:
    """Let whoever looks for the lock look into the database too; raises Locked."""
    watch.look_into(app, lambda: _say_last_words(app, settings))


def _say_last_words(app: Flask, settings: Settings) -> None:
    """Write down what a process knows before it ends: who locked everything, and what was read.

    The passphrase goes too, where it lies in memory and two people have proved that they know it.
    """
    with unit(app):
        who = operating()
        if who is None:
            return
        locks = keyfile.lock_names(settings.key_file)
        is_known = lockdown.proved(lockdown.key_holders(who[1], locks)) >= lockdown.PROVERS
        if settings.passphrase_file and is_known:
            passphrase_file.forget(settings.passphrase_file)
        note_lock(*who, LockFile(settings.lock_file).since or clock.now())
        seal_readings(*who)
