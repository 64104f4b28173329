"""The rules of law from the console: brought in line with their files."""

from pathlib import Path

import click

from config import Settings
from hrdtracker.access.model import Organisation
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core import clock
from hrdtracker.proceedings.clocks.comparing import MovedLimit, compare_rules, whom_of
from hrdtracker.proceedings.legal_rules.book import COUNTRY, book_of
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import FOLDER, BrokenRules, read_files


@click.group()
def rules() -> None:
    """Look after the rules of law by which limits are counted."""


@rules.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER
)
@click.pass_obj
def load(settings: Settings, folder: Path) -> None:
    """Bring rules and holidays in line with files; what two people changed here stays.

    FOLDER holds one folder for each country, such as kh; without it, the files of this program.
    """
    with instance.at_work(settings) as (actor, organisation):
        try:
            done = load_rules(actor, organisation, folder)
        except BrokenRules as broken:
            raise Stop(f"{broken}\nNothing was loaded.") from None
        click.echo(f"{done.added} rules added, {done.changed} changed, {done.holidays} holidays.")
        if done.kept:
            click.echo(f"{done.kept} differ from the files and stay as two people said here.")


NOW = "now"


@rules.command()
@click.argument("old")
@click.argument("new")
@click.pass_obj
def compare(settings: Settings, old: str, new: str) -> None:
    """Say whose limits would move, by how much and why, if the rules of NEW counted, not of OLD.

    Each is a folder such as `rules load` takes, or `now` for the rules that count. Nothing changes.
    People stand by their case’s code and the letter they have there; no name is read.
    """
    with instance.at_work(settings) as (_, organisation):
        before, after = (_book(words, organisation) for words in (old, new))
        moved = compare_rules(before, after, clock.now(), organisation)
    for one in moved:
        click.echo(_line(one))
    click.echo(f"{len(moved):,} limits of {whom_of(moved):,} people and groups would move.")


def _book(words: str, organisation: Organisation) -> RuleBook:
    """Return the rules that count now, or those of a folder; raises Stop where they do not hold."""
    if words == NOW:
        return book_of(organisation)
    try:
        return read_files(COUNTRY, Path(words)).book
    except BrokenRules as broken:
        raise Stop(f"{broken}") from None


def _line(moved: MovedLimit) -> str:
    who = f"{moved.code} {moved.letter or '-'} ({moved.people})"
    because = ", ".join(moved.because) or "public holidays"
    return f"{who:24}{moved.clock:28}{_end(moved.before)} -> {_end(moved.after)}  [{because}]"


def _end(counted: Limit | None) -> str:
    """Return how a limit stands and when it ends, both ends where they differ."""
    if counted is None:
        return "does not run"
    ends = [
        end.isoformat(timespec="minutes")
        for end in (counted.window and (counted.window.earliest, counted.window.latest)) or ()
        if end
    ]
    sure = "reviewed" if counted.is_reviewed else str(counted.confidence)
    return f"{counted.state} {' to '.join(dict.fromkeys(ends)) or '-'} ({sure})"
