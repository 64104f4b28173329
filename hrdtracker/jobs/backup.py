"""The backup of each night, where somebody said to whom it is sealed and where it goes."""

from config import Settings
from hrdtracker.accounts.queries import the_organisation
from hrdtracker.backups import service
from hrdtracker.backups.copying import Machine
from hrdtracker.core.db import session
from hrdtracker.core.seal import Vault
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def back_up(setting: Setting, _lease: Lease) -> None:
    """Make a backup, look at the newest in each place, remove what outlived the plan.

    Done twice, there are two. Raises BackupFailed where a place has none: it is tried again.
    """
    organisation, settings = the_organisation(), setting.outside.settings
    if organisation is not None and settings is not None:
        machine = machine_of(settings, session().info["vault"])
        service.nightly(setting.actor, organisation, machine)


def machine_of(settings: Settings, vault: Vault) -> Machine:
    """Return what a backup of an instance is made of."""
    return Machine(
        instance=settings.instance.resolve(),
        database=settings.database,
        key_file=settings.key_file,
        vault=vault,
        settings={
            "tls": settings.tls,
            "trusted_proxies": settings.trusted_proxies,
            "host": settings.host,
            "port": settings.port,
            "url": settings.url,
            "worker": settings.worker,
        },
    )
