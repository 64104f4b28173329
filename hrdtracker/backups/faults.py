"""Why a backup was not made, or is none: a sentence for whoever asked, and a code that is kept."""

from hrdtracker.backups.model import BackupFault
from hrdtracker.core.errors import N_, DomainError, Message

SENTENCES = {
    BackupFault.DISK_FULL: N_("The disk is full: make room, then begin again."),
    BackupFault.NOT_REACHED: N_("The place cannot be reached, or nothing can be written there."),
    BackupFault.NOT_EQUAL: N_("The copy is not equal to the database: there is no backup of it."),
    BackupFault.BROKEN_TRAIL: N_(
        "The trail, or the log of readings, is not as it was written: nothing was backed up. "
        "Keep the last good backup, and check the trail."
    ),
    BackupFault.NO_PROGRAM: N_("The database’s own programs for backups are missing, or failed."),
    BackupFault.DAMAGED: N_("The backup is truncated, altered, or not from this organisation."),
    BackupFault.MISSING: N_("The backup is not there any more."),
}


class BackupFailed(DomainError):
    """There is no good backup; `fault` says why in one word."""

    def __init__(self, fault: BackupFault, reason: Message | str | None = None) -> None:
        super().__init__(reason or SENTENCES[fault])
        self.fault = fault


class RestoreRefused(DomainError):
    """Nothing is restored, and nothing was touched; the reason says why."""
