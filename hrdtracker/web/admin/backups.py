"""How backups stand, for administrators and directors: what is there, what failed, rehearsals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import Blueprint, Response
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.accounts.queries import own_organisation
from hrdtracker.backups import queries
from hrdtracker.backups.faults import SENTENCES
from hrdtracker.backups.model import BackupFault, BackupPlan, BackupRun, Rehearsal
from hrdtracker.backups.queries import BackupsState
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin

bp = Blueprint("backups", __name__, url_prefix="/admin/backups")
MEGABYTE = Decimal(1_000_000)
STICK = "/media/stick/backup-key.txt"


@dataclass(frozen=True)
class BackupLine:
    """A backup as it was put into a place, or why it was not: a word for it, and a sentence."""

    at: str
    kind: str
    word: str
    meta: str


NO_HEADS = N_(
    "Nobody would notice if an older copy took the place of the database. Let whoever looks after "
    "the machine name a folder on another disk, in %(setting)s: the end of the trail is kept there."
)


@dataclass(frozen=True)
class BackupsPage:
    """How backups stand: sentences with their kind, the plan, the backups, the certificates.

    `commands` are what the operator types to make one, and to rehearse the newest.
    """

    sentences: Sequence[tuple[str, str]]
    plan: Sequence[tuple[str, str]]
    backups: Sequence[BackupLine]
    rehearsals: Sequence[BackupLine]
    commands: Sequence[str]


@bp.get("")
@needs(Action.BACKUP_READ)
def index() -> Response:
    """Show how backups stand."""
    actor = identity.actor()
    own_organisation(actor, Action.BACKUP_READ)
    state = queries.state(actor)
    page = BackupsPage(
        _sentences(state),
        _plan(state.plan) if state.plan else (),
        [_backup(run) for run in state.runs],
        [_rehearsal(row) for row in state.rehearsals],
        _commands(state.runs),
    )
    return show("admin/backups.html", page)


def say_fault(fault: str) -> str:
    """Return in a sentence why there is no good backup."""
    return str(gettext(SENTENCES[BackupFault(fault)]))


def _sentences(state: BackupsState) -> list[tuple[str, str]]:
    alarm, rehearsals = state.alarm, state.rehearsals
    said = []
    if alarm.unplanned:
        said.append(
            ("danger", gettext("Nobody has said yet to whom backups are sealed and where they go."))
        )
    elif alarm.last_good is None:
        said.append(("danger", gettext("There is no good backup yet.")))
    elif alarm.late:
        said.append(
            (
                "danger",
                gettext("The last good backup is too old: %(at)s.", at=_at(alarm.last_good)),
            )
        )
    else:
        said.append(("ok", gettext("The last good backup: %(at)s.", at=_at(alarm.last_good))))
    if alarm.failed:
        why = say_fault(alarm.failed.fault or "")
        said.append(("danger", gettext("%(place)s: %(why)s", place=alarm.failed.place, why=why)))
    if alarm.rehearsal_due:
        said.append(
            ("danger", gettext("A rehearsal is due since %(at)s.", at=_at(alarm.rehearsal_due)))
        )
    elif rehearsals:
        said.append(
            ("ok", gettext("Last rehearsal of a restore: %(at)s.", at=_at(rehearsals[0].at)))
        )
    if not state.heads_are_kept:
        said.append(("warn", gettext(NO_HEADS, setting="HRDTRACKER_HEADS_FOLDER")))
    return said


def _plan(plan: BackupPlan) -> list[tuple[str, str]]:
    keys = len(plan.recipients.split())
    return [
        (
            gettext("Who can open them"),
            ngettext(
                "The holder of %(count)s private key",
                "The holders of %(count)s private keys",
                keys,
                count=number(keys),
            ),
        ),
        (gettext("Where they go"), ", ".join(plan.places.splitlines())),
        (
            gettext("Kept"),
            gettext(
                "%(daily)s daily, %(weekly)s weekly, %(monthly)s monthly",
                daily=number(plan.keep_daily),
                weekly=number(plan.keep_weekly),
                monthly=number(plan.keep_monthly),
            ),
        ),
    ]


def _backup(run: BackupRun) -> BackupLine:
    if run.fault:
        return BackupLine(
            begin(_at(run.at)),
            "overdue",
            gettext("Failed"),
            f"{run.place} · {say_fault(run.fault)}",
        )
    size = round(Decimal(run.size_bytes or 0) / MEGABYTE, 1)
    meta = gettext(
        "%(place)s · %(size)s MB · up to entry %(seq)s of the trail",
        place=run.place,
        size=number(size),
        seq=number(run.seq),
    )
    return BackupLine(begin(_at(run.at)), "done", gettext("Whole"), meta)


def _rehearsal(row: Rehearsal) -> BackupLine:
    meta = gettext(
        "Backup of %(made)s, by version %(program)s: %(rows)s rows in %(tables)s tables, the trail "
        "up to entry %(seq)s, %(transactions)s entries of the books, %(opened)s sealed values "
        "opened. All equal.",
        made=_at(row.backup_made_at),
        program=row.program,
        rows=number(row.row_count),
        tables=number(row.table_count),
        seq=number(row.seq),
        transactions=number(row.transaction_count),
        opened=number(row.sealed_count),
    )
    return BackupLine(begin(_at(row.at)), "done", gettext("Equal"), meta)


def _commands(runs: Sequence[BackupRun]) -> list[str]:
    newest = next((run for run in runs if not run.fault and run.place.startswith("/")), None)
    sealed = f"{newest.place}/{newest.name}.age" if newest else "…/backup-….age"
    return [
        "hrdtracker backup run",
        f"hrdtracker restore --rehearse {sealed} --identity {STICK}",
    ]


def _at(moment: datetime) -> str:
    return say_instant(moment, zone(), locale(), today())
