"""A rehearsal: a backup is opened beside the running system, compared, and certified."""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hrdtracker import VERSION
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.audit.checkpoint import Head
from hrdtracker.authorised import authorised
from hrdtracker.backups import archive
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.figures import Depth, engine_of, look_inside, reading
from hrdtracker.backups.heads import ChainHeads, holds
from hrdtracker.backups.manifest import Manifest
from hrdtracker.backups.model import BackupFault, Rehearsal
from hrdtracker.backups.restoring import (
    Keys,
    check_copy,
    check_signature,
    fill,
    scratch_database,
    unpack,
)
from hrdtracker.backups.work_folder import work_folder
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session
from hrdtracker.core.seal import Vault

LOCKED_OTHERWISE = (
    "The key file in this backup does not open with the present passphrase. "
    "Keep the old one with it, or make a new backup and rehearse that."
)
OTHER_TRAIL = (
    "The running system does not hold the last entry of the trail in this backup, "
    "or the end of its access log."
)
NOTHING_READ = f"0:{'0' * 64}"

Upgrade = Callable[[Machine], None]


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal compared: all of it was equal."""

    manifest: Manifest
    depth: Depth


def rehearse(
    machine: Machine, sealed: Path, keys: Keys, passphrase: str, upgrade: Upgrade
) -> Rehearsed:
    """Restore a backup beside the running system, compare all of it, and remove it again.

    `upgrade` brings the copy up to date, which an older program may have made, once it is compared
    and before it is looked into. Raises BackupFailed or RestoreRefused where anything is not as it
    was written down.
    """
    session().rollback()
    with work_folder(machine.instance) as folder:
        manifest = unpack(sealed, keys, folder)
        check_signature(folder, machine.vault)
        try:
            keyfile.unlock(folder / archive.KEY_FILE, passphrase)
        except keyfile.KeyFileUnusable:
            raise BackupFailed(BackupFault.DAMAGED, LOCKED_OTHERWISE) from None
        with _restored(machine, manifest, folder) as url:
            upgrade(replace(machine, instance=folder, database=url))
            depth = _look(url, machine.vault)
    _check_is_ours(manifest)
    return Rehearsed(manifest, depth)


def certify(actor: Actor, organisation: Organisation, rehearsed: Rehearsed) -> Rehearsal:
    """Keep the signed certificate of a rehearsal in the running system."""
    manifest, head = rehearsed.manifest, Head.read(rehearsed.manifest.figures.head)
    certificate = Rehearsal(
        organisation_id=organisation.id,
        at=clock.now(),
        backup_name=manifest.name,
        backup_made_at=manifest.instant,
        program=VERSION,
        revision=manifest.revision,
        table_count=len(manifest.figures.rows),
        row_count=sum(manifest.figures.rows.values()),
        seq=head.seq,
        mac=head.mac,
        transaction_count=rehearsed.depth.transactions,
        sealed_count=rehearsed.depth.opened,
    )
    certificate.signature = signature_of(certificate)
    with authorised(actor, Action.BACKUP_REHEARSE, within=organisation) as signature:
        session().add(certificate)
        session().flush()
        signature.about(certificate)
    return certificate


def is_genuine(certificate: Rehearsal) -> bool:
    """Tell whether a certificate was signed with the root key, and not altered since."""
    return hmac.compare_digest(certificate.signature, signature_of(certificate))


def signature_of(certificate: Rehearsal) -> bytes:
    """Return the signature over what a certificate says."""
    said = "\n".join(
        str(each)
        for each in (
            certificate.uid.hex,
            certificate.organisation_id,
            certificate.at.isoformat(),
            certificate.backup_name,
            certificate.backup_made_at.isoformat(),
            certificate.program,
            certificate.revision,
            certificate.table_count,
            certificate.row_count,
            certificate.seq,
            certificate.mac.hex(),
            certificate.transaction_count,
            certificate.sealed_count,
        )
    )
    vault: Vault = session().info["vault"]
    return bytes.fromhex(vault.fingerprint("certificate of a rehearsal", said))


@contextmanager
def _restored(machine: Machine, manifest: Manifest, folder: Path) -> Iterator[str]:
    """Restore the database beside the running one for a moment, check it, and say its address."""
    if manifest.engine == "sqlite":
        check_copy(folder, manifest, machine.vault)
        yield f"sqlite:///{folder / archive.SQLITE_COPY}"
    else:
        with scratch_database(machine.database) as url:
            fill(url, folder, manifest.figures, machine.vault)
            yield url


def _look(url: str, vault: Vault) -> Depth:
    with (
        engine_of(url, vault) as engine,
        engine.connect() as connection,
        reading(connection, vault),
    ):
        return look_inside()


def _check_is_ours(manifest: Manifest) -> None:
    """Raise BackupFailed where the running system does not hold the heads of the backup."""
    trail = Head.read(manifest.figures.head)
    readings = Head.read(manifest.figures.readings or NOTHING_READ)
    if not holds(ChainHeads(manifest.instant, trail, readings)):
        raise BackupFailed(BackupFault.NOT_EQUAL, OTHER_TRAIL)
