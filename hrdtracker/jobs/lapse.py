"""What nobody confirmed in time lapses: what waited is gone, what was narrowed comes back."""

from hrdtracker.accounts import proposals
from hrdtracker.cases import appeals
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease


def let_lapse(setting: Setting, _lease: Lease) -> None:
    """Let lapse what is due. Each act is a transaction of its own, and lapses once."""
    proposals.settle(setting.actor)
    proposals.let_count(setting.actor)
    appeals.tell_at_last(setting.actor)
