"""What stops a command: one sentence that says what to do, and exit code 2."""

import errno
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from config import SettingsUnusable
from hrdtracker.core.errors import DomainError, Overtaken, Refused


class Stop(click.ClickException):
    """A command that cannot go on; the message is the sentence."""

    exit_code = 2


class Commands(click.Group):
    """A group of commands that answer with a sentence, never with a traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what it refuses or cannot reach becomes a sentence."""
        try:
            return super().invoke(context)
        except DomainError as refused:
            raise Stop(sentence(refused)) from None
        except Overtaken:
            raise Stop("Somebody else changed the same at the same moment: do it again.") from None
        except SettingsUnusable as faults:
            raise Stop(f"{faults}.") from None
        except DBAPIError as error:
            raise Stop(about_database(error)) from None
        except OSError as error:
            raise Stop(_about_system(error)) from None
        except click.Abort:
            raise Stop("Nothing was given, so nothing was done.") from None


def sentence(refused: DomainError) -> str:
    """Return what was refused, in words."""
    if isinstance(refused, Refused):
        return " ".join(str(reason) for reason in refused.reasons.values())
    return str(refused.reason)


DATABASE = (
    ("not a database", "The key file does not belong to this database: put the right one back."),
    ("is full", "The disk is full: make room, then start again. Nothing is lost."),
    ("is locked", "Another program holds the database: stop it, then try again."),
    ("unable to open", "The database file cannot be opened: look at who owns it and its folder."),
    ("readonly", "The database file cannot be written: look at who owns it and its folder."),
)


def about_database(error: DBAPIError) -> str:
    """Return what is wrong with the database; its own words may hold values, so they are not."""
    text = str(error.orig)
    sentences = (answer for part, answer in DATABASE if part in text)
    kind = type(error.orig).__name__
    return next(
        sentences, f"The database cannot be used ({kind}): is it running, is its address right?"
    )


def _about_system(error: OSError) -> str:
    where = error.filename or "the instance’s folder"
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room, then start again. Nothing is lost."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"There is no right to use {where}: look at who owns it."
    return f"{where}: {error.strerror or type(error).__name__}."
