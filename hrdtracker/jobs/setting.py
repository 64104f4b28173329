"""What a worker has at hand for a job."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config import Settings
from hrdtracker.access.actor import Actor, worker
from hrdtracker.access.model import Organisation
from hrdtracker.gateways.mail import Encryption, MailServer


@dataclass(frozen=True)
class Outside:
    """What of the outside an instance may reach: a server for mail, and its own address."""

    mail: MailServer | None = None
    address: str = ""
    """Where people sign in, as the operator wrote it; never what a request says of itself."""
    settings: Settings | None = None
    """What the instance was told, for its backup; none where none is to be made."""

    @classmethod
    def of(cls, settings: Settings) -> "Outside":
        """Return what the settings of an instance name."""
        mail = settings.mail
        if mail is None:
            return cls(address=settings.url, settings=settings)
        server = MailServer(
            mail.host,
            mail.port,
            Encryption(mail.encryption),
            mail.sender,
            mail.user,
            mail.password_file,
        )
        return cls(server, settings.url, settings)


@dataclass(frozen=True)
class Setting:
    """For whom a worker works, and what it may reach: values, which outlive every transaction."""

    organisation_id: int
    zone: ZoneInfo
    language: str
    product: str
    outside: Outside

    @classmethod
    def of(cls, organisation: Organisation, outside: Outside) -> "Setting":
        """Return what a worker for an organisation has at hand."""
        zone = ZoneInfo(organisation.zone)
        return cls(organisation.id, zone, organisation.language, organisation.product, outside)

    @property
    def actor(self) -> Actor:
        """The program itself."""
        return worker(self.organisation_id)
