"""Every limit of the law is counted anew each night, so that a rule that changed counts for all."""

from hrdtracker.core import clock
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease
from hrdtracker.proceedings.clocks.recount import count_all


def count(_setting: Setting, _lease: Lease) -> None:
    """Count every clock anew; done twice it comes to the same."""
    count_all(clock.now())
