"""Which backups lie somewhere, whether they are whole, and which of them are kept."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from obstore.exceptions import BaseError

from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.manifest import BESIDE, SUFFIX, BackupReceipt, Content, moment_of
from hrdtracker.backups.model import BackupFault
from hrdtracker.backups.places import PART, Place, place
from hrdtracker.core import clock

ABANDONED = timedelta(days=2)
"""How long a backup without a receipt is left alone, since it may still be on its way."""


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months have a backup that is kept: the newest of each."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


@dataclass(frozen=True)
class Kept:
    """A backup as it lies in a place; a `fault` says that it is none."""

    place: str
    name: str
    made_at: datetime
    size_bytes: int = 0
    fault: BackupFault | None = None


def kept_at(
    address: str, machine: Machine, *, newest: bool = False, reads: bool = False
) -> list[Kept]:
    """Return the backups in a place, the newest first; where it `reads`, each is read whole.

    Only what has a receipt counts, signed with this root key.
    """
    there = place(address, machine.instance)
    try:
        names = set(there.names())
        stems = (name for each in names if (name := each.removesuffix(BESIDE)) != each)
        made = sorted(((at, name) for name in stems if (at := moment_of(name))), reverse=True)
        found = [
            _kept(there, machine, Kept(address, name, at), reads=reads)
            if f"{name}{SUFFIX}" in names
            else Kept(address, name, at, fault=BackupFault.MISSING)
            for at, name in (made[:1] if newest else made)
        ]
    except (OSError, BaseError):
        raise BackupFailed(BackupFault.NOT_REACHED) from None
    return found


def abandoned_at(address: str, machine: Machine) -> list[str]:
    """Return the files in a place that never became a backup: of a run that was ended."""
    names = set(place(address, machine.instance).names())
    before = clock.now() - ABANDONED
    stems = {
        each: each.removesuffix(PART).removesuffix(BESIDE).removesuffix(SUFFIX) for each in names
    }
    return sorted(
        each
        for each, name in stems.items()
        if f"{name}{BESIDE}" not in names and (moment := moment_of(name)) and moment < before
    )


def outlived(kept: Sequence[Kept], keep: Keep) -> list[Kept]:
    """Return which of the backups of a place are not kept any more; what is damaged is left alone.

    Counted are days, weeks and months that have a backup: where none is made, none goes.
    """
    whole = sorted(
        (each for each in kept if each.fault is None), key=lambda each: each.made_at, reverse=True
    )
    stays: set[str] = {each.name for each in whole[:1]}
    periods: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (keep.daily, datetime.date),
        (keep.weekly, lambda moment: moment.isocalendar()[:2]),
        (keep.monthly, lambda moment: (moment.year, moment.month)),
    )
    for number, period in periods:
        stays |= set(_newest_of_each(whole, period)[:number])
    return [each for each in whole if each.name not in stays]


def _newest_of_each(kept: Iterable[Kept], period: Callable[[datetime], Hashable]) -> list[str]:
    """Return the newest of each period, the latest period first."""
    newest: dict[Hashable, str] = {}
    for each in kept:
        newest.setdefault(period(each.made_at), each.name)
    return list(newest.values())


def _kept(there: Place, machine: Machine, kept: Kept, *, reads: bool) -> Kept:
    """Look at one backup: at its receipt and, where it `reads`, at every byte."""
    sealed = f"{kept.name}{SUFFIX}"
    try:
        receipt = BackupReceipt.read(b"".join(there.read(f"{kept.name}{BESIDE}")))
        receipt.check(machine.vault)
    except BackupFailed as failed:
        return replace(kept, fault=failed.fault)
    whole = Content(receipt.size_bytes, receipt.sha256)
    if receipt.name != kept.name or (reads and _content(there.read(sealed)) != whole):
        return replace(kept, fault=BackupFault.DAMAGED)
    return replace(kept, size_bytes=receipt.size_bytes)


def _content(pieces: Iterator[bytes]) -> Content:
    digest, size = sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return Content(size, digest.hexdigest())
