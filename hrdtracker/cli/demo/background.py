"""What the invented organisation’s machine could not do: mail that fails, and who is told of it."""

from datetime import timedelta

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.accounts.service import set_mail_address
from hrdtracker.cli.demo.timeline import Timeline
from hrdtracker.jobs.setting import Outside, Setting
from hrdtracker.jobs.worker import note_failure
from hrdtracker.outbox import leases
from hrdtracker.outbox.kinds import LONGEST_PAUSE, RULES, JobKind

BEGAN_DAYS_AGO = 9
DAY, APART = timedelta(days=1), LONGEST_PAUSE + timedelta(hours=1)
WHAT_WENT_WRONG = "ConnectionRefusedError"
FAILS = (JobKind.HOUSEKEEPING, JobKind.MAIL)


def schedule(timeline: Timeline, organisation: Organisation, reader: Actor) -> None:
    """Schedule attempts in vain: at what is due each night, then at the mail that tells of it."""
    setting, began = Setting.of(organisation, Outside()), timeline.ago(BEGAN_DAYS_AGO)
    timeline.schedule(began, lambda: set_mail_address(reader, "second@example.org"))
    timeline.schedule(began, lambda: leases.plan(setting.zone))
    for number in range(sum(RULES[kind].tries for kind in FAILS)):
        timeline.schedule(began + DAY + APART * number, lambda: _work(setting))


def _work(setting: Setting) -> None:
    """Let what is due end well, but for what fails."""
    while (lease := leases.take()) is not None:
        if lease.kind in FAILS:
            note_failure(setting, lease, WHAT_WENT_WRONG)
        else:
            leases.end(lease, setting.zone)
