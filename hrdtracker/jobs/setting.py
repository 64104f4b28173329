"""What a worker has at hand for a job."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hrdtracker.access.actor import Actor, worker
from hrdtracker.access.model import Organisation
from hrdtracker.gateways.mail import MailServer


@dataclass(frozen=True)
class Outside:
    """What of the outside an instance may reach: a server for mail, and its own address."""

    mail: MailServer | None = None
    address: str = ""
    """Where people sign in, as the operator wrote it; never what a request says of itself."""


@dataclass(frozen=True)
class Setting:
    """For whom a worker works, and what it may reach."""

    organisation: Organisation
    outside: Outside

    @property
    def actor(self) -> Actor:
        """The program itself."""
        return worker(self.organisation.id)

    @property
    def zone(self) -> ZoneInfo:
        """Where the organisation’s days begin."""
        return ZoneInfo(self.organisation.zone)
