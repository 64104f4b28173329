"""A database that is older than what is known of it: it stands still until two have said why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import exists, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.accounts.assignments import candidates
from hrdtracker.accounts.queries import the_organisation
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.backups.heads import ChainHeads, holds, keep_heads, kept_heads, present_heads
from hrdtracker.backups.model import OlderReason, OlderWord, ServerEpoch
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.standstill import standstill
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

NEEDED = 2
"""How many people say why."""
ALONE_AFTER = timedelta(hours=72)
"""How long it takes where only the operator can say it, and at most one other."""
SAID_ALREADY = N_("You have said it already: it takes somebody else.")


class LastEntry(NamedTuple):
    """The last entry of the trail here that is not younger than the heads kept elsewhere."""

    seq: int
    at: datetime | None


@dataclass(frozen=True)
class Older:
    """What is known elsewhere, where this database ended then, and who has said why.

    `restored_at` is when it was restored from a backup since: that is the operator’s word.
    `opens_at` is when it goes on by itself, where only the operator can say why.
    """

    known: ChainHeads
    ends: LastEntry
    words: Sequence[OlderWord]
    restored_at: datetime | None
    opens_at: datetime | None

    @property
    def said_by(self) -> set[int | None]:
        """Who has said why; None is the operator."""
        restored: set[int | None] = {None} if self.restored_at else set()
        return {word.said_by_id for word in self.words} | restored

    @property
    def is_explained(self) -> bool:
        """Whether everything may go on."""
        is_over = self.opens_at is not None and self.opens_at <= clock.now()
        return len(self.said_by) >= NEEDED or is_over


def stand_still_where_older(folder: Path | None) -> bool:
    """Let everything stand still where a folder keeps heads that this database does not hold.

    Tells whether it does. A folder that is away, or keeps none, shows nothing.
    """
    try:
        known = kept_heads(folder) if folder else None
    except OSError:
        return False
    if known is not None and not holds(known):
        standstill().begin(known, partial(_lasts, known))
    return standstill().is_on()


def present_standstill() -> Older | None:
    """Return why everything stands still; None where nothing does."""
    known = standstill().known()
    return _older(known) if isinstance(known, ChainHeads) else None


def explain(actor: Actor, organisation: Organisation, reason: OlderReason) -> None:
    """Say why the database is older; raises WrongStatus where it is not, or they said it."""
    with authorised(actor, Action.OLDER_EXPLAIN, within=organisation):
        older = present_standstill()
        if older is None:
            raise WrongStatus
        by = actor.id or None
        if by in older.said_by:
            raise WrongStatus(SAID_ALREADY)
        session().add(
            OlderWord(
                organisation_id=organisation.id,
                mac=older.known.trail.mac,
                said_by_id=by,
                reason=reason,
                at=clock.now(),
            )
        )


def export_heads(actor: Actor, organisation: Organisation, folder: Path) -> None:
    """Keep the present heads in a folder; an older database stands still instead.

    Administrators are told where those that were kept are gone. Raises OSError where the folder is
    away.
    """
    kept, present = kept_heads(folder), present_heads()
    if stand_still_where_older(folder):
        return
    if kept is None:
        _begin(actor, organisation)
    if kept is None or (kept.trail, kept.readings) != (present.trail, present.readings):
        keep_heads(folder, present)


def were_heads_kept() -> bool:
    """Tell whether a folder has ever kept the heads of this database."""
    query = select(exists().where(AuditEntry.action == Action.HEADS_EXPORT))
    return bool(session().scalar(query))


def _begin(actor: Actor, organisation: Organisation) -> None:
    """Let the trail say that heads are kept from now on, and tell of those that were before."""
    before = were_heads_kept()
    able = candidates(organisation.id, Action.JOB_RETRY)
    with authorised(actor, Action.HEADS_EXPORT, within=organisation):
        if before:
            tell([each.id for each in able], NoticeKind.HEADS_GONE)


def _lasts(known: ChainHeads) -> bool:
    return not _older(known).is_explained


def _older(known: ChainHeads) -> Older:
    words = select(OlderWord).where(OlderWord.mac == known.trail.mac).order_by(OlderWord.id)
    said = list(session().scalars(words))
    restored_at = _restored_since(known)
    return Older(known, _end(known), said, restored_at, _opens_at(said, restored_at))


def _end(known: ChainHeads) -> LastEntry:
    """Return where this database ended; whoever signed in since has left younger entries."""
    last = (
        select(AuditEntry.seq, AuditEntry.at)
        .where(AuditEntry.at <= known.at)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    row = session().execute(last).one_or_none()
    return LastEntry(*row) if row else LastEntry(0, None)


def _restored_since(known: ChainHeads) -> datetime | None:
    """Return when this server began from a backup, where that was after what is known."""
    query = (
        select(ServerEpoch.began_at)
        .where(ServerEpoch.backup_made_at.is_not(None), ServerEpoch.began_at >= known.at)
        .order_by(ServerEpoch.number.desc())
        .limit(1)
    )
    return session().scalar(query)


def _opens_at(words: Sequence[OlderWord], restored_at: datetime | None) -> datetime | None:
    """Return when the operator’s word is enough, where at most one other person can say why."""
    said = [word.at for word in words if word.said_by_id is None]
    said += [restored_at] if restored_at else []
    organisation = the_organisation()
    if not said or organisation is None:
        return None
    able = candidates(organisation.id, Action.OLDER_EXPLAIN)
    return min(said) + ALONE_AFTER if len(able) < NEEDED else None
