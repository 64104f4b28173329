"""Who has read unusually much is looked for every ten minutes, and told."""

from collections.abc import Callable

from hrdtracker.insight import unusual
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def look(setting: Setting, _lease: Lease) -> Callable[[], None] | None:
    """Look who reached a limit; write and tell it, where somebody new did."""
    noticed = unusual.unusual(setting.organisation_id, setting.zone)
    return (lambda: unusual.keep(noticed)) if noticed else None
