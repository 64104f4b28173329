"""What nobody of an office can go on with in the fund is passed on as the rules say."""

from hrdtracker.fund.requests import passing_on
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def look(setting: Setting, _lease: Lease) -> None:
    """Pass on what is stuck. Each request is a transaction of its own."""
    passing_on.look_after(setting.actor)
