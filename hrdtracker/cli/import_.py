"""Taking sheets in from the console: what they say becomes incidents, in somebody’s name."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from config import Settings
from hrdtracker.cli import instance
from hrdtracker.cli.stop import Stop
from hrdtracker.core import clock
from hrdtracker.core.errors import Message
from hrdtracker.intake import service
from hrdtracker.intake.cells import Note
from hrdtracker.intake.joined_sheets import layout_of
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.report import CourtCounts, ImportReport
from hrdtracker.intake.sheet import Sheet, read_sheet

MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "imports"
SHOWN = 10
STOPPED = 130
INCIDENTS = "incidents"


@dataclass(frozen=True)
class ImportOptions:
    """The options of the command, besides its files."""

    login: str
    office: str | None
    source: str
    check: bool
    update: bool
    other_rows: bool
    as_json: bool
    report: Path | None
    words: Path | None


PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="[incidents] FILE...")
@click.option("--mapping", required=True, metavar="NAME|FILE", help="Which column is what.")
@click.option("--as", "login", required=True, metavar="USER", help="Who imports, and owns it.")
@click.option("--office", metavar="CODE", help="The cases’ office, where the user has several.")
@click.option("--source", default="", metavar="NAME", help="Another name for where it comes from.")
@click.option("--as-of", type=DAY, metavar="DAY", help="When the list was written: 2024-11-30.")
@click.option("--encoding", default="", metavar="NAME", help="Of its letters, such as cp1252.")
@click.option("--check", "--dry-run", is_flag=True, help="Read everything and write nothing.")
@click.option("--no-update", is_flag=True, help="Leave what is here as it is; say what differs.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--report", type=PATH, metavar="FILE", help="Where to list what is doubtful.")
@click.option("--words", type=PATH, metavar="FILE", help="Where to list words nobody knows.")
@click.option("--other-rows", is_flag=True, help="Equal ids of another source are other rows.")
@click.pass_obj
def import_(  # noqa: PLR0913 - one for each option
    settings: Settings,
    files: tuple[str, ...],
    mapping: str,
    login: str,
    office: str | None,
    source: str,
    as_of: datetime | None,
    encoding: str,
    check: bool,  # noqa: FBT001
    no_update: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    report: Path | None,
    words: Path | None,
    other_rows: bool,  # noqa: FBT001
) -> None:
    """Take the rows of CSV files and workbooks in as incidents; docs/import.md tells how.

    The same file twice makes nothing twice; whatever stops it, the same command goes on.
    """
    options = ImportOptions(
        login, office, source, check, not no_update, other_rows, as_json, report, words
    )
    read = read_mapping(_mapping_path(mapping), source)
    read = replace(
        read,
        as_of=as_of.date() if as_of else read.as_of,
        encoding=encoding or read.encoding,
    )
    sheets = [read_sheet(path, layout_of(read)) for path in _paths(files)]
    _remark(remark for sheet in sheets for remark in sheet.remarks)
    others = {Path(sheet.name).stem: sheet for sheet in sheets}
    joined = {join.file for join in read.join}
    mains = [sheet for sheet in sheets if Path(sheet.name).stem not in joined]
    if not mains:
        raise Stop("All of these files are joined ones: name the sheet itself too.")
    with instance.at_work(settings) as (_, organisation):
        actor = service.importer(organisation, login)
        rules = service.Options(
            service.office_named(actor, office), check, options.update, options.other_rows
        )
        for sheet in mains:
            reports = service.take_in(actor, read, sheet, others, rules)
            _tell(_run(reports, sheet), settings, options)


def _mapping_path(named: str) -> Path:
    """Return the file of a mapping: one of ours by its name, or a file."""
    ours = MAPPINGS / f"{named}.toml"
    return ours if named.replace("-", "").isalnum() and ours.is_file() else Path(named)


def _paths(files: tuple[str, ...]) -> list[Path]:
    """Return the files; the word before them says what they hold, and may be left out."""
    if len(files) > 1 and files[0] == INCIDENTS and not Path(INCIDENTS).exists():
        files = files[1:]
    return [Path(name) for name in files]


def _run(reports: Iterator[ImportReport], sheet: Sheet) -> ImportReport:
    """Let the import run, showing how far it is; stopped, it says so and keeps what is done."""
    report = next(reports)
    _remark(remark for remark in report.remarks if remark not in sheet.remarks)
    try:
        with _progress(sheet.size) as show:
            show(report.counts.rows)
            for report in reports:
                show(report.counts.rows)
    except KeyboardInterrupt:
        click.echo("Stopped. What was imported stays; the same command goes on.", err=True)
    return report


def _remark(remarks: Iterable[Message]) -> None:
    """Say what somebody should know, before anything is written or refused."""
    for remark in remarks:
        click.echo(str(remark), err=True)


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=size, label="Rows", file=sys.stderr) as bar:
        yield lambda rows: bar.update(rows - bar.pos)


def _tell(report: ImportReport, settings: Settings, options: ImportOptions) -> None:
    path = _written(report, settings, options)
    if options.words:
        with _private(options.words) as file:
            report.write_words(file)
    if options.as_json:
        figures = {**report.as_object(), "report": str(path) if path else None}
        click.echo(json.dumps(figures, ensure_ascii=False))
    else:
        _say(report, path, options.login)
    if not report.finished:
        raise SystemExit(STOPPED)


def _say(report: ImportReport, path: Path | None, login: str) -> None:
    counts = report.counts
    click.echo(f"{report.file}: {counts.rows} rows read.")
    if report.checked_only:
        click.echo("Only checked: nothing was written. It would be:")
    click.echo(
        f"  {counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged, "
        f"{counts.kept} kept though they differ, {counts.rejected} rejected"
    )
    click.echo(
        f"  dates: {counts.dates_understood} understood, {counts.dates_in_words} kept as words, "
        f"{counts.dates_missing} not said"
    )
    _say_courts(report.courts)
    if report.columns_missing:
        click.echo(
            f"  columns of the mapping that are not there: {', '.join(report.columns_missing)}"
        )
    _list("rejected", report.refused, counts.rejected)
    _list("doubtful", report.doubtful, counts.doubtful)
    if report.alike:
        click.echo(
            f"  {len(report.alike)} names are on record or in another row: possible duplicates"
        )
    if report.words:
        click.echo(
            f"  {len(report.words)} words that the mapping does not know: --words lists them"
        )
    if report.batch:
        click.echo(f"To undo it all: hrdtracker imports undo {report.batch} --as {login}")
    if path:
        click.echo(f"All of this is listed in {path}")


def _say_courts(courts: CourtCounts) -> None:
    """Say what the new rows tell of the courts, where they tell anything."""
    if courts.proceedings or courts.titles:
        click.echo(
            f"  courts: {courts.proceedings} proceedings, {courts.charges} charges "
            f"({courts.by_article} by article, {courts.outcomes} with an outcome), "
            f"{courts.titles} grounds of custody, {courts.hearings} hearings"
        )


def _list(word: str, notes: list[Note], rows: int) -> None:
    if not notes:
        return
    click.echo(f"  {rows} rows {word}:")
    for note in islice(notes, SHOWN):
        column = f", column “{note.column}”" if note.column else ""
        click.echo(f"    row {note.row}{column}: {note.reason}")
    if len(notes) > SHOWN:
        click.echo(f"    … and {len(notes) - SHOWN} more")


def _written(report: ImportReport, settings: Settings, options: ImportOptions) -> Path | None:
    """Write what somebody should look at into a file that only its owner reads."""
    path = options.report
    if path is None:
        if options.check or not (report.refused or report.doubtful or report.alike):
            return None
        stamp = clock.now().strftime("%Y-%m-%d-%H%M%S")
        path = settings.instance / "imports" / f"{report.source}-{stamp}.csv"
        path.parent.mkdir(mode=0o700, exist_ok=True)
    with _private(path) as file:
        report.write(file)
    return path


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    """Open a file for writing that only its owner reads, whoever could read it before."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield file
