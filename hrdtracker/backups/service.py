"""What the operator does with backups: says where they go, makes them, and removes the old ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from obstore.exceptions import BaseError
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.backups import archive, making
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.keeping import Keep, Kept, abandoned_at, kept_at, outlived
from hrdtracker.backups.making import Put
from hrdtracker.backups.manifest import BESIDE, SUFFIX
from hrdtracker.backups.model import BackupFault, BackupPlan, BackupRun
from hrdtracker.backups.places import PlaceUnusable, place
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused

NO_RECIPIENT = "Nobody could open a backup: `hrdtracker backup recipients --add age1…` first."
NO_PLACE = "Nobody said where backups go: `hrdtracker backup places --add /mnt/disk` first."
PRIVATE = "This is a private key, or none: it stays off this machine. Give its public key, age1…"


@dataclass(frozen=True)
class Plan:
    """To whom backups are sealed, where they go, how many are kept."""

    recipients: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    keep: Keep = field(default_factory=Keep)

    @property
    def is_complete(self) -> bool:
        """Whether backups can be made by it."""
        return bool(self.recipients and self.places)


def plan_of(organisation: Organisation) -> Plan:
    """Return how backups of an organisation are made; nothing where nobody said so."""
    row = _plan(organisation)
    if row is None:
        return Plan()
    keep = Keep(row.keep_daily, row.keep_weekly, row.keep_monthly)
    return Plan(tuple(row.recipients.split()), tuple(row.places.splitlines()), keep)


def set_recipients(actor: Actor, organisation: Organisation, keys: Sequence[str]) -> None:
    """Say who can open backups from now on, by their public keys; raises Refused."""
    for key in keys:
        try:
            archive.recipient(key)
        except ValueError:
            raise Refused({"recipients": PRIVATE}) from None
    with authorised(actor, Action.BACKUP_PLAN, within=organisation):
        _begun(organisation).recipients = "\n".join(dict.fromkeys(keys))


def set_places(
    actor: Actor, organisation: Organisation, places: Sequence[str], machine: Machine
) -> None:
    """Say where backups go from now on; raises PlaceUnusable, BackupFailed where one is away."""
    for address in places:
        place(address, machine.instance)
    with authorised(actor, Action.BACKUP_PLAN, within=organisation):
        _begun(organisation).places = "\n".join(dict.fromkeys(places))


def set_keep(actor: Actor, organisation: Organisation, keep: Keep) -> None:
    """Say how many backups are kept."""
    with authorised(actor, Action.BACKUP_PLAN, within=organisation):
        plan = _begun(organisation)
        plan.keep_daily, plan.keep_weekly = keep.daily, keep.weekly
        plan.keep_monthly = keep.monthly


def run(actor: Actor, organisation: Organisation, machine: Machine) -> list[Put]:
    """Make a backup by the plan and note what became of it; raises Refused without a plan.

    Nothing is locked while it is made: a unit of work that reads is ended first.
    """
    plan = plan_of(organisation)
    if not plan.is_complete:
        raise Refused({"": NO_PLACE if plan.recipients else NO_RECIPIENT})
    session().rollback()
    put = making.make_backup(machine, plan.recipients, plan.places)
    _note(actor, organisation, put)
    return put


def verify(actor: Actor, organisation: Organisation, machine: Machine) -> list[Kept]:
    """Compare each backup that lies somewhere with its signed receipt, and note what is damaged.

    That needs no private key. What should be there and is not is said as well.
    """
    places = plan_of(organisation).places
    expected = {(row.place, row.name) for row in _noted(organisation)}
    session().rollback()
    kept = [each for address in places for each in _look_at(address, machine)]
    reached = set(places) - {each.place for each in kept if not each.name}
    expected -= {(each.place, each.name) for each in kept}
    kept += [
        Kept(row.place, row.name, row.at, fault=BackupFault.MISSING)
        for row in _noted(organisation)  # asked again: what was removed meanwhile is not missed
        if row.place in reached and (row.place, row.name) in expected
    ]
    _note_damaged(actor, organisation, kept)
    return kept


def prune(actor: Actor, organisation: Organisation, machine: Machine) -> list[Kept]:
    """Remove the backups that outlived the plan, and return them; the newest always stays.

    What is left of a run that was ended goes, too. A place that is away is passed over.
    """
    plan = plan_of(organisation)
    session().rollback()
    removed = [each for address in plan.places for each in _prune_at(address, machine, plan.keep)]
    gone = {(each.place, each.name) for each in removed}
    if gone:
        with authorised(actor, Action.BACKUP_RUN, within=organisation):
            for row in _noted(organisation):
                if (row.place, row.name) in gone:
                    row.removed_at = clock.now()
    return removed


def nightly(actor: Actor, organisation: Organisation, machine: Machine) -> None:
    """Remove what outlived the plan, make a backup, and look at it where it lies.

    Does nothing where nobody said to whom and where; raises BackupFailed where a place has none.
    """
    if not plan_of(organisation).is_complete:
        return
    prune(actor, organisation, machine)
    put = run(actor, organisation, machine)
    whole = [each.place for each in put if not each.fault]
    kept = [each for address in whole for each in _look_at(address, machine, newest=True)]
    _note_damaged(actor, organisation, kept)
    for fault in filter(None, [*(each.fault for each in put), *(each.fault for each in kept)]):
        raise BackupFailed(fault)


def _look_at(address: str, machine: Machine, *, newest: bool = False) -> list[Kept]:
    """Return the backups in a place, each read whole; one without a name says that it is away."""
    try:
        return kept_at(address, machine, newest=newest, reads=True)
    except (BackupFailed, PlaceUnusable):
        return [Kept(address, "", clock.now(), fault=BackupFault.NOT_REACHED)]


def _prune_at(address: str, machine: Machine, keep: Keep) -> list[Kept]:
    try:
        there, kept = place(address, machine.instance), kept_at(address, machine)
        for name in abandoned_at(address, machine):
            there.remove(name)
        gone = outlived(kept, keep)
        for each in gone:
            there.remove(f"{each.name}{BESIDE}")
            there.remove(f"{each.name}{SUFFIX}")
    except (BackupFailed, PlaceUnusable, OSError, BaseError):
        return []
    return gone


def _plan(organisation: Organisation) -> BackupPlan | None:
    query = select(BackupPlan).where(BackupPlan.organisation_id == organisation.id)
    return session().scalar(query)


def _noted(organisation: Organisation) -> list[BackupRun]:
    """Return the backups that were made and not removed."""
    query = select(BackupRun).where(
        BackupRun.organisation_id == organisation.id,
        BackupRun.fault.is_(None),
        BackupRun.removed_at.is_(None),
    )
    return list(session().scalars(query))


def _begun(organisation: Organisation) -> BackupPlan:
    """Return the row of the plan, which is made the first time; inside an open door."""
    plan = _plan(organisation)
    if plan is None:
        plan = BackupPlan(organisation_id=organisation.id, recipients="", places="")
        session().add(plan)
        session().flush()
    return plan


def _note(actor: Actor, organisation: Organisation, put: Sequence[Put]) -> None:
    """Keep what became of a backup at each place."""
    now = clock.now()
    with authorised(actor, Action.BACKUP_RUN, within=organisation):
        for each in put:
            row = BackupRun(
                organisation_id=organisation.id,
                at=now,
                place=each.place,
                name=each.name,
                fault=each.fault,
            )
            if each.receipt:
                row.size_bytes, row.sha256 = each.receipt.size_bytes, each.receipt.sha256
                row.seq = each.receipt.seq
            session().add(row)


def _note_damaged(actor: Actor, organisation: Organisation, kept: Sequence[Kept]) -> None:
    """Keep which backups are none, where there are any."""
    damaged = [Put(each.place, each.name, None, each.fault) for each in kept if each.fault]
    if damaged:
        _note(actor, organisation, damaged)
