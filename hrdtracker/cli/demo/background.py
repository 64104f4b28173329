"""What the invented organisation’s machine could not do: mail that fails, and who is told of it."""

from datetime import timedelta

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.accounts.service import set_mail_address
from hrdtracker.cli.demo.timeline import Timeline
from hrdtracker.jobs.setting import Outside, Setting
from hrdtracker.jobs.worker import note_failure
from hrdtracker.outbox import leases
from hrdtracker.outbox.kinds import LONGEST_PAUSE, RULES

BEGAN_DAYS_AGO = 9
DAY, APART = timedelta(days=1), LONGEST_PAUSE + timedelta(hours=1)
WHAT_WENT_WRONG = "ConnectionRefusedError"


def schedule(timeline: Timeline, organisation: Organisation, reader: Actor) -> None:
    """Schedule attempts in vain: at what is due each night, then at the mail that tells of it."""
    setting, began = Setting.of(organisation, Outside()), timeline.ago(BEGAN_DAYS_AGO)
    timeline.schedule(began, lambda: set_mail_address(reader, "second@example.org"))
    timeline.schedule(began, lambda: leases.plan(setting.zone))
    for number in range(sum(rule.tries for rule in RULES.values())):
        timeline.schedule(began + DAY + APART * number, lambda: _fail(setting))


def _fail(setting: Setting) -> None:
    lease = leases.take()
    if lease is not None:
        note_failure(setting, lease, WHAT_WENT_WRONG)
