"""What is done for each kind of job."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hrdtracker.jobs import (
    backup,
    clocks,
    due,
    fund_stuck,
    heads,
    housekeeping,
    lapse,
    lost_cases,
    mail,
    reading,
    refusals,
)
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.leases import Lease

Write = Callable[[], None]
"""Writes down what a job did, in one transaction with its end: so its effect is kept once."""
Handler = Callable[[Setting, Lease], Write | None]
"""Does what takes time or reaches outside, and may do so twice; returns what is to be written.

That is done again where it lost a race, so it fetches by itself what it changes."""

Handlers = Mapping[JobKind, Handler]
HANDLERS: Handlers = MappingProxyType(
    {
        JobKind.MAIL: mail.send,
        JobKind.HOUSEKEEPING: housekeeping.remove_expired,
        JobKind.LAPSE: lapse.let_lapse,
        JobKind.REFUSALS: refusals.gather,
        JobKind.UNUSUAL_READING: reading.look,
        JobKind.BACKUP: backup.back_up,
        JobKind.LOST_CASES: lost_cases.look,
        JobKind.HEADS: heads.export,
        JobKind.HEADS_MAIL: heads.send,
        JobKind.FUND_STUCK: fund_stuck.look,
        JobKind.CLOCKS: clocks.count,
        JobKind.DUE: due.look,
        JobKind.DUE_MAIL: due.send,
    }
)
