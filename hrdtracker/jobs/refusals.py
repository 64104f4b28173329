"""What was refused again and again is counted, and the count stands on the trail."""

from hrdtracker.authorised import gather_refusals
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def gather(_setting: Setting, _lease: Lease) -> None:
    """Close what is over, in a transaction of its own: each window goes once."""
    gather_refusals()
